/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* The rows of a change of the machine, each into its table. */

#include <errno.h>

#include "daemon/store/intervals.h"
#include "daemon/store/record.h"
#include "daemon/store/write.h"

static int write_begin(Store *store, const Row *row) {
        const Running *running = &row->running;
        Interval interval = {
                .id = row->id,
                .kind = running->kind,
                .outcome = OUTCOME_RUNNING,
                .rule = (char *) running->rule,
                .started_real_usec = running->started_real_usec,
                .offset_sec = running->offset_sec,
                .length_usec = row->length_usec,
                .planned_usec = running->planned_usec,
                .extended_usec = running->extended_usec,
                .epoch = row->epoch,
                .overtime = running->overtime,
                .task = running->task,
        };

        g_strlcpy(interval.window_date, running->window_date, sizeof(interval.window_date));
        return interval_insert(store, &interval);
}

/* An interval that is not there is the caller's mistake: nothing is damaged. */
static int must_be_one(Store *store, int r) {
        return r == 0 && store_changes(store) != 1 ? -EINVAL : r;
}

static int write_update(Store *store, const Row *row) {
        static const char sql[] =
                        "UPDATE intervals SET started_usec = ?2, planned_usec = ?3, extended_usec = ?4,"
                        " epoch = ?5, task = ?6, length_usec = ?7 WHERE id = ?1";
        const Running *running = &row->running;

        return must_be_one(store, store_run(store, sql, "iuuucdu", row->id, running->started_real_usec,
                                                  running->planned_usec, running->extended_usec, row->epoch,
                                                  running->task, row->length_usec));
}

static int write_end(Store *store, const Row *row) {
        static const char end[] = "UPDATE intervals SET outcome = ?2, reason = ?3, note = coalesce(?4, note),"
                                  " length_usec = ?5 WHERE id = ?1";
        /* An end ends the pause, too; and where it was said later that it had ended earlier, what was noted
         * after that is not of this interval. */
        static const char *const cuts[] = {
                "UPDATE pauses SET length_usec = max(0, ?2 - offset_usec)"
                " WHERE interval = ?1 AND length_usec IS NULL",
                "DELETE FROM absences WHERE interval = ?1 AND offset_usec >= ?2",
                "UPDATE absences SET length_usec = ?2 - offset_usec"
                " WHERE interval = ?1 AND offset_usec + length_usec > ?2",
                "DELETE FROM interruptions WHERE interval = ?1 AND offset_usec > ?2",
        };
        const size_t n_cuts = sizeof(cuts) / sizeof(cuts[0]) - (row->keep_later ? 1 : 0);
        int r;

        r = must_be_one(store,
                        store_run(store, end, "itttu", row->id, interval_outcome_to_string(row->outcome),
                                        row->reason, row->note, row->length_usec));
        for (size_t i = 0; r == 0 && i < n_cuts; i++)
                r = store_run(store, cuts[i], "iu", row->id, row->length_usec);
        return r;
}

static int write_interruption(Store *store, const Row *row) {
        static const char sql[] = "INSERT INTO interruptions (interval, ordinal" RECORD_COLUMNS(
                        INTERRUPTION_FIELDS) ") VALUES (?1,"
                                             " (SELECT coalesce(max(ordinal), 0) + 1 FROM interruptions WHERE interval = ?1)" RECORD_PARAMETERS(
                                                             INTERRUPTION_FIELDS) ")";
        const Interruption interruption = {
                .offset_usec = row->offset_usec,
                .external = row->external,
                .note = (char *) row->note,
        };
        statement_ Statement st = {};
        int r;

        r = statement_open(store, sql, &st, "i", row->id);
        if (r < 0)
                return r;
        record_bind(&st, 2, RECORD_PART_STORED, &interruption_record, &interruption);
        r = statement_step(&st);
        return r < 0 ? r : 0;
}

static int write_pause(Store *store, const Row *row) {
        static const char sql[] =
                        "INSERT INTO pauses (interval, ordinal, offset_usec) VALUES (?1,"
                        " (SELECT coalesce(max(ordinal), 0) + 1 FROM pauses WHERE interval = ?1), ?2)";

        return store_run(store, sql, "iu", row->id, row->offset_usec);
}

static int write_resume(Store *store, const Row *row) {
        static const char sql[] =
                        "UPDATE pauses SET length_usec = ?2 WHERE interval = ?1 AND length_usec IS NULL";

        return store_run(store, sql, "iu", row->id, row->length_usec);
}

static int write_absence(Store *store, const Row *row) {
        static const char sql[] =
                        "INSERT INTO absences (interval, kind, ordinal, offset_usec, length_usec) VALUES (?1, ?4,"
                        " (SELECT coalesce(max(ordinal), 0) + 1 FROM absences WHERE interval = ?1 AND kind = ?4),"
                        " ?2, ?3)";

        return store_run(store, sql, "iuut", row->id, row->offset_usec, row->length_usec,
                        absence_kind_to_string(row->absence));
}

static int write_take(Store *store, const Row *row) {
        static const char sql[] = "UPDATE interruptions SET interval = ?1, offset_usec = offset_usec - ?3"
                                  " WHERE interval = ?2 AND offset_usec > ?3";

        return store_run(store, sql, "iiu", row->id, row->from, row->offset_usec);
}

int write_rows(StoreWrite *write, const Row *rows, unsigned n) {
        static int (*const writers[])(Store * store, const Row *row) = {
                [ROW_BEGIN] = write_begin,
                [ROW_UPDATE] = write_update,
                [ROW_END] = write_end,
                [ROW_PAUSE] = write_pause,
                [ROW_RESUME] = write_resume,
                [ROW_INTERRUPT] = write_interruption,
                [ROW_ABSENCE] = write_absence,
                [ROW_TAKE] = write_take,
        };
        int r = 0;

        for (unsigned i = 0; r == 0 && i < n; i++) {
                assert(rows[i].type < sizeof(writers) / sizeof(writers[0]));
                r = writers[rows[i].type](write->store, &rows[i]);
        }
        return r;
}
