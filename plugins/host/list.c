/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/list.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "common/text.h"
#include "common/timestamp.h"
#include "plugins/host/folders.h"
#include "plugins/host/sentence.h"
#include "plugins/host/state.h"

#define COLUMNS 4u

/* Rows of cells, made safe for a terminal; the first are the headings. */
typedef struct List {
        char **cells; /* row after row */
        size_t n_cells, n_allocated;
} List;

static void list_clear(List *list) {
        for (size_t i = 0; i < list->n_cells; i++)
                free(list->cells[i]);
        free(list->cells);
}

static void add_row(List *list, const char *const cells[static COLUMNS]) {
        list->cells = memory_reserve(
                        list->cells, list->n_cells + COLUMNS, &list->n_allocated, sizeof(*list->cells));
        for (unsigned column = 0; column < COLUMNS; column++)
                list->cells[list->n_cells++] = memory_safe_text(cells[column]);
}

/* The last column is as wide as it comes. */
static void print_rows(const List *list) {
        size_t widths[COLUMNS] = {};

        for (size_t i = 0; i < list->n_cells; i++) {
                const size_t width = text_width(list->cells[i]);

                if (width > widths[i % COLUMNS])
                        widths[i % COLUMNS] = width;
        }
        for (size_t i = 0; i < list->n_cells; i++) {
                const bool last = i % COLUMNS == COLUMNS - 1;

                printf("%s%*s", list->cells[i],
                                last ? 0 : (int) (widths[i % COLUMNS] - text_width(list->cells[i]) + 2), "");
                if (last)
                        putchar('\n');
        }
}

/* ---- what is in it ---- */

/* The caller's, as the next. */
static char *ends_label(const Held *held) {
        char until[TIMESTAMP_TEXT_MAX];

        timestamp_format_utc(held_last_realtime_usec(held), until);
        if (held->unread.length_usec != 0)
                return memory_format("what cannot be read, until %s", until);
        if (held->claims.n > 0)
                return memory_format("%zu claim%s, until %s", held->claims.n, held->claims.n == 1 ? "" : "s",
                                until);
        return memory_copy("nothing");
}

static char *held_label(const Places *places, const char *name) {
        cleanup_free_ char *sentence = NULL;
        char boot_id[HELD_BOOT_ID_MAX];
        char *label;
        HeldNow now;
        Held held;
        int r;

        r = state_now_at(places, boot_id, &now);
        if (r == 0)
                r = state_peek(places, name, &held, &sentence);
        if (r == -ENOENT)
                return memory_copy("nothing");
        if (r != 0)
                return memory_format("cannot be read: %s", sentence ? sentence : strerror(-r));
        /* In another boot it is what is left. */
        (void) held_follow(&held, &now);
        label = ends_label(&held);
        held_clear(&held);
        return label;
}

static int add_one(const Places *places, bool system, const char *name, void *data) {
        const pid_t pid = state_locked_by(places, name);
        cleanup_free_ char *held = held_label(places, name),
                           *process = pid > 0 && pid < INT32_MAX ? memory_format("%d", (int) pid)
                                                                 : memory_copy(pid > 0 ? "another" : "none");

        add_row(data, (const char *const[]){ name, system ? "system" : "session", process, held });
        return 0;
}

int list_print(PlacesFunc places) {
        cleanup_(folders_clear) Folders folders = {};
        cleanup_(list_clear) List list = {};
        int r = folders_find(places, &folders);

        add_row(&list, (const char *const[]){ "PLUGIN", "SCOPE", "PROCESS", "WHAT IT HOLDS" });
        if (r == 0)
                r = folders_each(&folders, add_one, &list);
        if (r < 0)
                return sentence_fail(strerror(-r));
        if (list.n_cells > COLUMNS)
                print_rows(&list);
        else
                printf("no plugin has held anything here yet\n");
        return fflush(stdout) == 0 ? EXIT_SUCCESS : sentence_fail(strerror(errno));
}
