/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/last-run.h"

#include <assert.h>
#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <inttypes.h>
#include <stdio.h>

#include "common/cleanup.h"

#define WAIT_FIRST_USEC UINT64_C(100000)

static char *note_path(const char *runtime_dir) {
        return g_strdup_printf("%s/last-run", runtime_dir);
}

uint64_t last_run_wait_usec(const LastRun *last, const Now *now, LastRun *ret_run) {
        LastRun run = { .began_boot_usec = now->boot_usec };
        uint64_t wait_usec = 0;

        if (last) {
                bool was_short = now->boot_usec < last->began_boot_usec + LAST_RUN_SHORT_USEC;

                run.n_bad = was_short ? last->n_bad + 1 : 1;
                wait_usec = run.n_bad > 7 ? LAST_RUN_WAIT_MAX_USEC : WAIT_FIRST_USEC << (run.n_bad - 1);
        }
        run.began_boot_usec += wait_usec;
        *ret_run = run;
        return wait_usec;
}

static bool note_read(const char *path, LastRun *ret_last) {
        cleanup_free_ char *text = NULL;
        LastRun last = {};

        if (!g_file_get_contents(path, &text, NULL, NULL) ||
                        sscanf(text, "%u %" SCNu64, &last.n_bad, &last.began_boot_usec) != 2 ||
                        last.n_bad >= UINT32_MAX)
                return false;
        *ret_last = last;
        return true;
}

int last_run_begin(const char *runtime_dir, const Now *now, uint64_t *ret_wait_usec) {
        cleanup_free_ char *path = NULL, *text = NULL;
        LastRun last, run;
        uint64_t wait_usec;

        assert(runtime_dir);
        path = note_path(runtime_dir);
        wait_usec = last_run_wait_usec(note_read(path, &last) ? &last : NULL, now, &run);
        text = g_strdup_printf("%u %" PRIu64 "\n", run.n_bad, run.began_boot_usec);
        if (!g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL))
                return -EIO;
        *ret_wait_usec = wait_usec;
        return 0;
}

void last_run_end(const char *runtime_dir) {
        cleanup_free_ char *path = note_path(runtime_dir);

        (void) g_unlink(path);
}
