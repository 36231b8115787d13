/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* Edits of the log by hand. What each replaced is kept (images.c), so that it can be taken back. */

#include <errno.h>
#include <string.h>

#include "daemon/store/images.h"
#include "daemon/store/sql.h"
#include "daemon/store/write.h"

static int insert_interval(Store *store, const Interval *i) {
        static const char sql[] =
                        "INSERT INTO intervals (id, uuid, kind, outcome, reason, note, rule, started_usec, "
                        "offset_sec,"
                        " length_usec, planned_usec, extended_usec, epoch, overtime, edited, task, "
                        "window_date)"
                        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, "
                        "?17)";
        statement_ Statement st = { 0 };
        int r;

        r = statement_get(store, sql, &st);
        if (r < 0)
                return r;
        bind_int(&st, 1, i->id);
        bind_text(&st, 2, i->uuid);
        bind_text(&st, 3, interval_kind_to_string(i->kind));
        bind_text(&st, 4, interval_outcome_to_string(i->outcome));
        bind_text(&st, 5, i->reason);
        bind_text(&st, 6, i->note);
        bind_text(&st, 7, i->rule);
        bind_usec(&st, 8, i->started_real_usec);
        bind_int(&st, 9, i->offset_sec);
        bind_usec(&st, 10, i->length_usec);
        bind_usec(&st, 11, i->planned_usec);
        bind_usec(&st, 12, i->extended_usec);
        bind_int(&st, 13, i->epoch);
        bind_int(&st, 14, i->overtime);
        bind_int(&st, 15, i->edited);
        bind_id(&st, 16, i->task);
        bind_text(&st, 17, i->window_date);
        return statement_run(&st);
}

int write_interval_new(StoreWrite *write, Interval *interval, int64_t next_id) {
        static const char sql[] = "UPDATE state SET next_interval = max(next_interval, ?1)";
        cleanup_free_ char *after = NULL;
        int r = 0;

        write->large = true;
        if (interval->uuid[0] == '\0')
                r = uuid_make(interval->uuid);
        if (r == 0)
                r = insert_interval(write->store, interval);
        if (r == 0)
                r = statement_run_with(write->store, sql, next_id);
        if (r == 0)
                r = image_take(write->store, interval->id, &after);
        return r < 0 ? r : edit_note(write->store, interval->id, NULL, after);
}

/*
 * The parts of an interval whose length changes keep their place on the clock, not their distance from the
 * start, and are cut at its ends. Without a new length it was moved as a whole, and they with it.
 */
static int fit_parts(Store *store, int64_t id, int64_t later_usec, uint64_t length_usec) {
        static const char *const steps[] = {
                "UPDATE pauses SET offset_usec = max(0, min(offset_usec - ?2, ?3)), length_usec ="
                " max(0, min(offset_usec + length_usec - ?2, ?3) - max(0, offset_usec - ?2)) WHERE interval "
                "= ?1",
                "DELETE FROM pauses WHERE interval = ?1 AND length_usec = 0",
                "UPDATE absences SET offset_usec = max(0, min(offset_usec - ?2, ?3)), length_usec ="
                " max(0, min(offset_usec + length_usec - ?2, ?3) - max(0, offset_usec - ?2)) WHERE interval "
                "= ?1",
                "DELETE FROM absences WHERE interval = ?1 AND length_usec = 0",
                /* An interruption is no stretch of time: it is counted wherever it is put. */
                ("UPDATE interruptions SET offset_usec = max(0, min(offset_usec - ?2, ?3))"
                 " WHERE interval = ?1"),
        };

        for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
                statement_ Statement st = { 0 };
                int r;

                r = statement_get(store, steps[i], &st);
                if (r < 0)
                        return r;
                bind_int(&st, 1, id);
                bind_int(&st, 2, later_usec);
                bind_usec(&st, 3, length_usec);
                r = statement_run(&st);
                if (r < 0)
                        return r;
        }
        return 0;
}

static int update_ended(Store *store, const Interval *i, uint64_t old_started, uint64_t old_length) {
        static const char sql[] =
                        "UPDATE intervals SET kind = ?2, outcome = ?3, reason = ?4, note = ?5, rule = ?6,"
                        " started_usec = ?7, offset_sec = ?8, length_usec = ?9, planned_usec = ?10,"
                        " extended_usec = ?11, epoch = ?12, overtime = ?13, edited = ?14, task = ?15,"
                        " window_date = ?16 WHERE id = ?1";
        statement_ Statement st = { 0 };
        int r;

        if (i->length_usec != old_length) {
                r = fit_parts(store, i->id, (int64_t) (i->started_real_usec - old_started), i->length_usec);
                if (r < 0)
                        return r;
        }
        r = statement_get(store, sql, &st);
        if (r < 0)
                return r;
        bind_int(&st, 1, i->id);
        bind_text(&st, 2, interval_kind_to_string(i->kind));
        bind_text(&st, 3, interval_outcome_to_string(i->outcome));
        bind_text(&st, 4, i->reason);
        bind_text(&st, 5, i->note);
        bind_text(&st, 6, i->rule);
        bind_usec(&st, 7, i->started_real_usec);
        bind_int(&st, 8, i->offset_sec);
        bind_usec(&st, 9, i->length_usec);
        bind_usec(&st, 10, i->planned_usec);
        bind_usec(&st, 11, i->extended_usec);
        bind_int(&st, 12, i->epoch);
        bind_int(&st, 13, i->overtime);
        bind_int(&st, 14, i->edited);
        bind_id(&st, 15, i->task);
        bind_text(&st, 16, i->window_date);
        return statement_run(&st);
}

/* The machine owns all else of what runs. */
static int update_running(Store *store, const Interval *i) {
        statement_ Statement st = { 0 };
        int r;

        r = statement_get(store, "UPDATE intervals SET note = ?2, edited = ?3, task = ?4 WHERE id = ?1", &st);
        if (r < 0)
                return r;
        bind_int(&st, 1, i->id);
        bind_text(&st, 2, i->note);
        bind_int(&st, 3, i->edited);
        bind_id(&st, 4, i->task);
        return statement_run(&st);
}

int write_interval(StoreWrite *write, const Interval *interval) {
        cleanup_(interval_done) Interval old = { 0 };
        cleanup_free_ char *before = NULL, *after = NULL;
        int r;

        write->large = true;
        r = store_interval_get(write->store, interval->id, &old);
        if (r == 0)
                r = image_take(write->store, interval->id, &before);
        if (r == 0)
                r = old.outcome == OUTCOME_RUNNING ? update_running(write->store, interval)
                                                   : update_ended(write->store, interval,
                                                                     old.started_real_usec, old.length_usec);
        if (r == 0)
                r = image_take(write->store, interval->id, &after);
        return r < 0 ? r : edit_note(write->store, interval->id, before, after);
}

int write_interval_removed(StoreWrite *write, int64_t id) {
        cleanup_(interval_done) Interval old = { 0 };
        cleanup_free_ char *before = NULL;
        int r;

        r = store_interval_get(write->store, id, &old);
        if (r < 0)
                return r;
        if (old.outcome == OUTCOME_RUNNING)
                return -EBUSY;
        r = image_take(write->store, id, &before);
        if (r == 0)
                r = image_delete(write->store, id);
        return r < 0 ? r : edit_note(write->store, id, before, NULL);
}

/* From one image of an interval to another; NULL is none. */
static int turn_into(Store *store, int64_t id, const char *have, const char *want) {
        if (!want)
                return image_delete(store, id);
        return have ? image_change(store, id, have, want) : image_insert(store, id, want);
}

static int step(StoreWrite *write, bool undo, int64_t *ret_interval, Interval *ret_in_the_way) {
        cleanup_(edit_done) Edit edit = { 0 };
        const char *want;
        int r;

        write->large = true;
        r = edit_next(write->store, undo, &edit);
        if (r < 0)
                return r;
        want = undo ? edit.before : edit.after;
        r = turn_into(write->store, edit.interval, undo ? edit.after : edit.before, want);
        if (r == 0)
                r = edit_mark(write->store, edit.id, undo);
        if (r == -EEXIST) {
                int found = image_find_overlap(write->store, edit.interval, want, ret_in_the_way);

                if (found < 0)
                        r = found == -ENOENT ? -EUCLEAN : found;
        }
        if (r == 0)
                *ret_interval = edit.interval;
        return r;
}

int write_undo(StoreWrite *write, int64_t *ret_interval, Interval *ret_in_the_way) {
        return step(write, true, ret_interval, ret_in_the_way);
}

int write_redo(StoreWrite *write, int64_t *ret_interval, Interval *ret_in_the_way) {
        return step(write, false, ret_interval, ret_in_the_way);
}
