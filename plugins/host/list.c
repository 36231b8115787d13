/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/list.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "common/timestamp.h"
#include "plugins/host/folders.h"
#include "plugins/host/sentence.h"
#include "plugins/host/state.h"

static void print_ends(const Held *held) {
        char until[TIMESTAMP_TEXT_MAX];

        timestamp_format_utc(held_last_realtime_usec(held), until);
        if (held->unread.length_usec != 0)
                printf("holds what cannot be read, until %s", until);
        else if (held->claims.n > 0)
                printf("holds %zu claim%s, until %s", held->claims.n, held->claims.n == 1 ? "" : "s", until);
        else
                fputs("holds nothing", stdout);
}

static void print_held(const Places *places, const char *name) {
        cleanup_free_ char *sentence = NULL, *safe = NULL;
        char boot_id[HELD_BOOT_ID_MAX];
        HeldNow now;
        Held held;
        int r;

        r = state_now_at(places, boot_id, &now);
        if (r == 0)
                r = state_peek(places, name, &held, &sentence);
        if (r == 0) {
                /* In another boot it is what is left. */
                (void) held_follow(&held, &now);
                print_ends(&held);
                held_clear(&held);
        } else if (r == -ENOENT)
                fputs("holds nothing", stdout);
        else {
                safe = memory_safe_text(sentence ? sentence : strerror(-r));
                printf("cannot be read: %s", safe);
        }
}

static int print_one(const Places *places, bool system, const char *name, void *data) {
        const pid_t pid = state_locked_by(places, name);

        printf("%s\t%s\t", name, system ? "system" : "session");
        if (pid > 0 && pid < INT32_MAX)
                printf("process %d\t", (int) pid);
        else
                fputs(pid > 0 ? "another process\t" : "no process\t", stdout);
        print_held(places, name);
        putchar('\n');
        return 0;
}

int list_print(PlacesFunc places) {
        cleanup_(folders_clear) Folders folders = {};
        int r = folders_find(places, &folders);

        if (r == 0)
                r = folders_each(&folders, print_one, NULL);
        if (r == 0 && fflush(stdout) != 0)
                r = -errno;
        return r < 0 ? sentence_fail(strerror(-r)) : EXIT_SUCCESS;
}
