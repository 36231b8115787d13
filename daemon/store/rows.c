/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* The rows of a change, each into its table. All of them run within the caller's transaction. */

#include <errno.h>
#include <string.h>

#include "daemon/store/sql.h"
#include "daemon/store/write.h"

/* An interval that is not there is the caller's mistake: nothing is damaged. */
static int run_on_one(Statement *st) {
        int r = statement_run(st);

        return r == 0 && sqlite3_changes(st->store->db) != 1 ? -EINVAL : r;
}

static int write_begin(Store *store, const Row *row) {
        static const char sql[] =
                        "INSERT INTO intervals (id, uuid, kind, outcome, rule, started_usec, "
                        "offset_sec, length_usec,"
                        " planned_usec, extended_usec, epoch, overtime, task, window_date)"
                        " VALUES (?1, ?2, ?3, 'running', ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
        const Running *running = &row->running;
        statement_ Statement st = { 0 };
        char uuid[37];
        int r;

        r = uuid_make(uuid);
        if (r < 0)
                return r;
        r = statement_get(store, sql, &st);
        if (r < 0)
                return r;
        bind_int(&st, 1, row->id);
        bind_text(&st, 2, uuid);
        bind_text(&st, 3, interval_kind_to_string(running->kind));
        bind_text(&st, 4, running->rule);
        bind_usec(&st, 5, running->started_real_usec);
        bind_int(&st, 6, running->offset_sec);
        bind_usec(&st, 7, row->length_usec);
        bind_usec(&st, 8, running->planned_usec);
        bind_usec(&st, 9, running->extended_usec);
        bind_int(&st, 10, row->epoch);
        bind_int(&st, 11, running->overtime);
        bind_id(&st, 12, running->task);
        bind_text(&st, 13, running->window_date);
        return statement_run(&st);
}

static int write_update(Store *store, const Row *row) {
        static const char sql[] = "UPDATE intervals SET started_usec = ?2, planned_usec = ?3, extended_usec "
                                  "= ?4, epoch = ?5,"
                                  " task = ?6, length_usec = ?7 WHERE id = ?1";
        const Running *running = &row->running;
        statement_ Statement st = { 0 };
        int r;

        r = statement_get(store, sql, &st);
        if (r < 0)
                return r;
        bind_int(&st, 1, row->id);
        bind_usec(&st, 2, running->started_real_usec);
        bind_usec(&st, 3, running->planned_usec);
        bind_usec(&st, 4, running->extended_usec);
        bind_int(&st, 5, row->epoch);
        bind_id(&st, 6, running->task);
        bind_usec(&st, 7, row->length_usec);
        return run_on_one(&st);
}

static int write_end(Store *store, const Row *row) {
        static const char end[] = "UPDATE intervals SET outcome = ?2, reason = ?3, note = coalesce(?4, "
                                  "note), length_usec = ?5"
                                  " WHERE id = ?1";
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
        statement_ Statement st = { 0 };
        int r;

        r = statement_get(store, end, &st);
        if (r < 0)
                return r;
        bind_int(&st, 1, row->id);
        bind_text(&st, 2, interval_outcome_to_string(row->outcome));
        bind_text(&st, 3, row->reason);
        bind_text(&st, 4, row->note);
        bind_usec(&st, 5, row->length_usec);
        r = run_on_one(&st);

        for (size_t i = 0; r >= 0 && i < n_cuts; i++) {
                statement_ Statement cut = { 0 };

                r = statement_get(store, cuts[i], &cut);
                if (r < 0)
                        return r;
                bind_int(&cut, 1, row->id);
                bind_usec(&cut, 2, row->length_usec);
                r = statement_run(&cut);
        }
        return r;
}

static int write_part(Store *store, const Row *row) {
        static const char pause[] =
                        "INSERT INTO pauses (interval, ordinal, offset_usec) VALUES (?1,"
                        " (SELECT coalesce(max(ordinal), 0) + 1 FROM pauses WHERE interval = ?1), ?2)";
        static const char resume[] =
                        "UPDATE pauses SET length_usec = ?2 WHERE interval = ?1 AND length_usec IS NULL";
        static const char interruption[] = "INSERT INTO interruptions (interval, ordinal, offset_usec, "
                                           "external, note) VALUES (?1,"
                                           " (SELECT coalesce(max(ordinal), 0) + 1 FROM interruptions WHERE "
                                           "interval = ?1), ?2, ?3, ?4)";
        static const char absence[] = "INSERT INTO absences (interval, kind, ordinal, offset_usec, "
                                      "length_usec) VALUES (?1, ?4,"
                                      " (SELECT coalesce(max(ordinal), 0) + 1 FROM absences WHERE interval = "
                                      "?1 AND kind = ?4),"
                                      " ?2, ?3)";
        const char *sql = row->type == ROW_PAUSE       ? pause
                          : row->type == ROW_RESUME    ? resume
                          : row->type == ROW_INTERRUPT ? interruption
                                                       : absence;
        statement_ Statement st = { 0 };
        int r;

        r = statement_get(store, sql, &st);
        if (r < 0)
                return r;
        bind_int(&st, 1, row->id);
        bind_usec(&st, 2, row->type == ROW_RESUME ? row->length_usec : row->offset_usec);
        if (row->type == ROW_INTERRUPT) {
                bind_int(&st, 3, row->external);
                bind_text(&st, 4, row->note);
        } else if (row->type == ROW_ABSENCE) {
                bind_usec(&st, 3, row->length_usec);
                bind_text(&st, 4, absence_kind_to_string(row->absence));
        }
        return statement_run(&st);
}

static int write_take(Store *store, const Row *row) {
        static const char sql[] = "UPDATE interruptions SET interval = ?1, offset_usec = offset_usec - ?3"
                                  " WHERE interval = ?2 AND offset_usec > ?3";
        statement_ Statement st = { 0 };
        int r;

        r = statement_get(store, sql, &st);
        if (r < 0)
                return r;
        bind_int(&st, 1, row->id);
        bind_int(&st, 2, row->from);
        bind_usec(&st, 3, row->offset_usec);
        return statement_run(&st);
}

static int write_row(Store *store, const Row *row) {
        switch (row->type) {
        case ROW_BEGIN:
                return write_begin(store, row);
        case ROW_UPDATE:
                return write_update(store, row);
        case ROW_END:
                return write_end(store, row);
        case ROW_TAKE:
                return write_take(store, row);
        default:
                return write_part(store, row);
        }
}

int write_rows(StoreWrite *write, const Row *rows, unsigned n) {
        int r = 0;

        for (unsigned i = 0; r == 0 && i < n; i++)
                r = write_row(write->store, &rows[i]);
        return r;
}
