/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* Undo and redo: a step turned back, or made again. */

#include <errno.h>

#include "daemon/store/sound.h"
#include "daemon/store/steps.h"
#include "daemon/store/store.h"
#include "daemon/store/write.h"

/* What shares time with an interval as the image has it. */
static int find_in_the_way(Store *store, const StepRow *row, const char *image, Interval *ret_interval) {
        static const char sql[] = "SELECT ?1 ->> 'epoch', ?1 ->> 'started_usec', ?1 ->> 'length_usec'";
        uint64_t started, length;
        uint32_t epoch;
        int r;

        r = store_get(store, sql, "s>cuu", image, &epoch, &started, &length);
        if (r == 0)
                r = store_interval_find_overlap(
                                store, epoch, started, started + length, row->id, ret_interval);
        return r == -ENOENT ? -EUCLEAN : r;
}

static int turn(Store *store, const StepRow *row, bool undo, Interval *ret_in_the_way) {
        const char *have = undo ? row->after : row->before, *want = undo ? row->before : row->after;
        int r;

        r = image_turn(store, row->table, row->id, have, want);
        if (r == -EEXIST) {
                int found = find_in_the_way(store, row, want, ret_in_the_way);

                r = found < 0 ? found : r;
        }
        return r;
}

static int turn_step(StoreWrite *write, bool undo, int64_t *ret_interval, Interval *ret_in_the_way) {
        cleanup_(step_done) Step step = {};
        int r;

        write->large = true;
        r = step_load(write->store, !undo, &step);
        if (r < 0)
                return r;
        for (guint i = 0; r == 0 && i < step.rows->len; i++) {
                guint n = undo ? step.rows->len - 1 - i : i;

                r = turn(write->store, &g_array_index(step.rows, StepRow, n), undo, ret_in_the_way);
        }
        if (r == -EINVAL) {
                /* An image without what a row must have. */
                sound_note(write->store, "step of undo", step.number);
                r = -EBADMSG;
        }
        if (r == 0)
                r = step_mark(write->store, step.number, undo);
        if (r == 0)
                *ret_interval = step.rows->len > 0 ? g_array_index(step.rows, StepRow, 0).id : 0;
        return r;
}

int write_undo(StoreWrite *write, int64_t *ret_interval, Interval *ret_in_the_way) {
        return turn_step(write, true, ret_interval, ret_in_the_way);
}

int write_redo(StoreWrite *write, int64_t *ret_interval, Interval *ret_in_the_way) {
        return turn_step(write, false, ret_interval, ret_in_the_way);
}
