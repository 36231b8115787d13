/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/account-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "common/caps.h"
#include "common/cleanup.h"
#include "tests/unit/check.h"
#include "tests/unit/folder.h"

typedef struct Fixture {
        char *dir, *path;
        AccountFile *file;
} Fixture;

static void fixture_init(Fixture *f) {
        f->dir = folder_new();
        f->path = g_strdup_printf("%s/passwd", f->dir);
        f->file = account_file_new(f->path);
}

static void fixture_done(Fixture *f) {
        account_file_free(f->file);
        g_free(f->path);
        folder_free(f->dir);
}

/* By rename, as usermod does, and with a time long past, so that it is taken for one that rests. */
static void put(const Fixture *f, const char *text) {
        const struct timespec past[2] = { { .tv_sec = 1000 }, { .tv_sec = 1000 } };

        g_assert_true(g_file_set_contents(f->path, text, -1, NULL));
        g_assert_cmpint(utimensat(AT_FDCWD, f->path, past, 0), ==, 0);
}

static void test_lines(void) {
        cleanup_free_ char *long_name = g_strnfill(ACCOUNT_NAME_BYTES, 'a');
        cleanup_free_ char *too_long = g_strnfill(ACCOUNT_NAME_BYTES + 1, 'b');
        cleanup_free_ char *text = g_strdup_printf(
                        "root:x:0:0:root:/root:/bin/sh\n#alice:x:1:1\n+nis:x:2:2::\n-out:x:3:3::\n"
                        "toor:x:0:0::\nalice:x:1000:1000:Alice,,,:/home/alice:/bin/sh\nno line at all\n"
                        ":x:1001:1::\nbob:x: 1002:1::\ncarl:x:1003x:1::\ndora:x:-1:1::\nemil:x:4294967295:1::\n"
                        "fred:x:4294967296:1::\ngina:x::1::\nhugo:x:1004\nida:x:4294967294:1::\n%s:x:1005:1::\n"
                        "%s:x:1006:1::\nlast:x:1007:1::",
                        long_name, too_long);
        static const struct {
                int line;
                uid_t uid;
                const char *name;
        } rows[] = {
                { __LINE__, 0, "root" }, /* the first one */
                { __LINE__, 1000, "alice" },
                { __LINE__, 1, NULL },
                { __LINE__, 2, NULL },
                { __LINE__, 3, NULL },
                { __LINE__, 1001, NULL },
                { __LINE__, 1002, NULL },
                { __LINE__, 1003, NULL },
                { __LINE__, 1004, NULL },
                { __LINE__, 4294967294u, "ida" },
                { __LINE__, 4294967295u, NULL },
                { __LINE__, 1006, NULL },
                { __LINE__, 1007, "last" },
        };
        cleanup_(fixture_done) Fixture f;

        fixture_init(&f);
        put(&f, text);
        g_assert_cmpint(account_file_refresh(f.file), ==, 1);
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
                CHECK_STR(rows[i].line, account_file_find(f.file, rows[i].uid), rows[i].name);
        g_assert_cmpstr(account_file_find(f.file, 1005), ==, long_name);
}

static void test_changes(void) {
        cleanup_(fixture_done) Fixture f;

        fixture_init(&f);
        g_assert_cmpint(account_file_refresh(f.file), ==, -ENOENT);
        put(&f, "alice:x:1000:1000::\n");
        g_assert_cmpint(account_file_refresh(f.file), ==, 1);
        g_assert_cmpint(account_file_refresh(f.file), ==, 0);
        /* Of the same size and with the same time. */
        put(&f, "carol:x:1000:1000::\n");
        g_assert_cmpint(account_file_refresh(f.file), ==, 1);
        g_assert_cmpstr(account_file_find(f.file, 1000), ==, "carol");
        g_assert_cmpint(g_unlink(f.path), ==, 0);
        g_assert_cmpint(account_file_refresh(f.file), ==, -ENOENT);
        g_assert_null(account_file_find(f.file, 1000));
}

/* Written in place within one tick of the clock of the file system, which then tells no two states apart. */
static void test_written_in_place(void) {
        cleanup_(fixture_done) Fixture f;

        fixture_init(&f);
        for (unsigned i = 0; i < 200; i++) {
                const char *name = i % 2 == 0 ? "alice" : "carol";
                cleanup_free_ char *text = g_strdup_printf("%s:x:1000:1000::\n", name);
                FILE *file = fopen(f.path, "we");

                g_assert_nonnull(file);
                g_assert_cmpint(fputs(text, file), >=, 0);
                g_assert_cmpint(fclose(file), ==, 0);
                g_assert_cmpint(account_file_refresh(f.file), >=, 0);
                g_assert_cmpstr(account_file_find(f.file, 1000), ==, name);
        }
}

static void test_what_is_no_such_file(void) {
        cleanup_(fixture_done) Fixture f;
        cleanup_close_ int fd = -1;

        fixture_init(&f);
        g_assert_cmpint(mkfifo(f.path, 0600), ==, 0);
        g_assert_cmpint(account_file_refresh(f.file), ==, -EINVAL);
        g_assert_cmpint(g_unlink(f.path), ==, 0);
        fd = open(f.path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        g_assert_cmpint(ftruncate(fd, ACCOUNT_FILE_BYTES), ==, 0);
        g_assert_cmpint(account_file_refresh(f.file), ==, 1);
        g_assert_cmpint(ftruncate(fd, ACCOUNT_FILE_BYTES + 1), ==, 0);
        g_assert_cmpint(account_file_refresh(f.file), ==, -EFBIG);
}

int main(int argc, char *argv[]) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/account-file/lines", test_lines);
        g_test_add_func("/account-file/changes", test_changes);
        g_test_add_func("/account-file/in-place", test_written_in_place);
        g_test_add_func("/account-file/no-file", test_what_is_no_such_file);
        return g_test_run();
}
