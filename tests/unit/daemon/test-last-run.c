/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/last-run.h"

#include <glib/gstdio.h>

#include "common/cleanup.h"
#include "tests/unit/check.h"

#define SEC UINT64_C(1000000)

static Now at(uint64_t boot_usec) {
        return (Now){ .boot_usec = boot_usec };
}

static void test_waits(void) {
        static const struct {
                int line;
                uint64_t began_usec;
                unsigned n_bad;
                uint64_t wait_usec;
                unsigned n_bad_now;
        } rows[] = {
                { __LINE__, 999 * SEC, 0, 100000, 1 },
                { __LINE__, 999 * SEC, 1, 200000, 2 },
                { __LINE__, 999 * SEC, 6, 6400000, 7 },
                { __LINE__, 999 * SEC, 7, 10 * SEC, 8 },
                { __LINE__, 999 * SEC, 4000000, 10 * SEC, 4000001 },
                { __LINE__, 940 * SEC + 1, 5, 3200000, 6 },
                /* It ran for a minute: the first of a new row. */
                { __LINE__, 940 * SEC, 5, 100000, 1 },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                const Now now = at(1000 * SEC);
                LastRun last = { .began_boot_usec = rows[i].began_usec, .n_bad = rows[i].n_bad }, run;
                CHECK_INT(rows[i].line, last_run_wait_usec(&last, &now, &run), rows[i].wait_usec);
                CHECK_INT(rows[i].line, run.n_bad, rows[i].n_bad_now);
                CHECK_INT(rows[i].line, run.began_boot_usec, now.boot_usec + rows[i].wait_usec);
        }
}

static void test_notes(void) {
        cleanup_free_ char *folder = g_dir_make_tmp("pomod-last-run-XXXXXX", NULL);
        cleanup_free_ char *path = g_strdup_printf("%s/last-run", folder);
        const Now now = at(1000 * SEC), later = at(1001 * SEC);
        uint64_t wait_usec = 1;

        g_assert_cmpint(last_run_begin(folder, &now, &wait_usec), ==, 0);
        g_assert_cmpuint(wait_usec, ==, 0);
        g_assert_cmpint(last_run_begin(folder, &later, &wait_usec), ==, 0);
        g_assert_cmpuint(wait_usec, ==, 100000);
        last_run_end(folder);
        g_assert_cmpint(last_run_begin(folder, &later, &wait_usec), ==, 0);
        g_assert_cmpuint(wait_usec, ==, 0);

        /* What was damaged, or written by hand, is no note. */
        g_assert_true(g_file_set_contents(path, "-1 nonsense", -1, NULL));
        g_assert_cmpint(last_run_begin(folder, &later, &wait_usec), ==, 0);
        g_assert_cmpuint(wait_usec, ==, 0);
        last_run_end(folder);
        g_assert_cmpint(g_rmdir(folder), ==, 0);

        wait_usec = 7;
        g_assert_cmpint(last_run_begin(folder, &now, &wait_usec), <, 0);
        g_assert_cmpuint(wait_usec, ==, 7);
}

int main(int argc, char *argv[]) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/last-run/waits", test_waits);
        g_test_add_func("/last-run/notes", test_notes);
        return g_test_run();
}
