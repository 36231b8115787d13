/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* The log, read. Every question here is answered from an index; a test asks SQLite for its plans. */

#include <errno.h>
#include <string.h>

#include "daemon/store/questions.h"
#include "daemon/store/sql.h"

/* A sum is NULL where there is no row: one look tells how long it was paused and whether. */
#define COLUMNS                                                                                              \
        "i.id, i.uuid, i.kind, i.outcome, i.reason, i.note, i.rule, i.started_usec, i.offset_sec, "          \
        "i.length_usec,"                                                                                     \
        " i.planned_usec, i.extended_usec, i.epoch, i.overtime, i.edited, i.task, t.title, t.project,"       \
        " (SELECT coalesce(sum(length_usec), 0) FROM pauses WHERE interval = i.id HAVING count(*) > 0),"     \
        " (SELECT count(*) - sum(external <> 0) FROM interruptions WHERE interval = i.id HAVING count(*) > " \
        "0),"                                                                                                \
        " (SELECT sum(external <> 0) FROM interruptions WHERE interval = i.id),"                             \
        " (SELECT sum(length_usec) FROM absences WHERE interval = i.id AND kind = 'locked'),"                \
        " (SELECT sum(length_usec) FROM absences WHERE interval = i.id AND kind = 'idle'), i.window_date"    \
        " FROM intervals AS i LEFT JOIN tasks AS t ON t.id = i.task "

static int read_interval(Statement *st, Interval *ret_interval) {
        Interval i = { 0 };
        int kind, outcome, r;

        kind = interval_kind_from_string((const char *) sqlite3_column_text(st->stmt, 2));
        outcome = interval_outcome_from_string((const char *) sqlite3_column_text(st->stmt, 3));
        if (kind < 0 || outcome < 0)
                return -EUCLEAN;

        i.id = sqlite3_column_int64(st->stmt, 0);
        column_chars(st, 1, i.uuid, sizeof i.uuid);
        i.kind = (IntervalKind) kind;
        i.outcome = (IntervalOutcome) outcome;
        i.started_real_usec = column_usec(st, 7);
        i.offset_sec = sqlite3_column_int(st->stmt, 8);
        i.length_usec = column_usec(st, 9);
        i.planned_usec = column_usec(st, 10);
        i.extended_usec = column_usec(st, 11);
        i.epoch = (uint32_t) sqlite3_column_int64(st->stmt, 12);
        i.overtime = sqlite3_column_int(st->stmt, 13) != 0;
        i.edited = sqlite3_column_int(st->stmt, 14) != 0;
        i.task = sqlite3_column_int64(st->stmt, 15);
        i.paused = sqlite3_column_type(st->stmt, 18) != SQLITE_NULL;
        i.paused_usec = column_usec(st, 18);
        i.internal = (uint32_t) sqlite3_column_int64(st->stmt, 19);
        i.external = (uint32_t) sqlite3_column_int64(st->stmt, 20);
        i.locked_usec = column_usec(st, 21);
        i.idle_usec = column_usec(st, 22);
        column_chars(st, 23, i.window_date, sizeof i.window_date);

        r = column_copy(st, 4, &i.reason);
        if (r == 0)
                r = column_copy(st, 5, &i.note);
        if (r == 0)
                r = column_copy(st, 6, &i.rule);
        if (r == 0)
                r = column_copy(st, 16, &i.task_title);
        if (r == 0)
                r = column_copy(st, 17, &i.project);
        if (r < 0) {
                interval_done(&i);
                return r;
        }
        *ret_interval = i;
        return 0;
}

int store_interval_get(Store *store, int64_t id, Interval *ret_interval) {
        static const char sql[] = "SELECT " COLUMNS "WHERE i.id = ?1";
        statement_ Statement st = { 0 };
        int r;

        r = statement_find(store, sql, id, &st);
        return r < 0 ? r : read_interval(&st, ret_interval);
}

int store_interval_read_interruptions(Store *store, Interval *interval) {
        static const char sql[] = "SELECT offset_usec, external, note FROM interruptions"
                                  " WHERE interval = ?1 ORDER BY ordinal";
        statement_ Statement st = { 0 };
        int r;

        r = statement_get(store, sql, &st);
        if (r < 0)
                return r;
        bind_int(&st, 1, interval->id);
        while ((r = statement_step(&st)) > 0) {
                const Interruption interruption = {
                        .offset_usec = column_usec(&st, 0),
                        .external = sqlite3_column_int(st.stmt, 1) != 0,
                        .note = (char *) sqlite3_column_text(st.stmt, 2),
                };

                r = interval_add_interruption(interval, &interruption);
                if (r < 0)
                        break;
        }
        return r;
}

/* By days: the range of starts is wider then, and each is looked at for the day that it belongs to. */
#define OF_DAYS                                               \
        " AND (?7 IS NULL OR CASE WHEN i.window_date IS NULL" \
        " THEN i.started_usec >= ?9 AND i.started_usec < ?10" \
        " ELSE i.window_date >= ?7 AND i.window_date < ?8 END)"

const char log_sql[] =
                "SELECT " COLUMNS "WHERE i.started_usec >= ?1 AND i.started_usec < ?2 AND (i.started_usec > "
                "?3 OR i.id > ?4)" OF_DAYS " ORDER BY i.started_usec, i.id LIMIT ?5";
const char log_of_task_sql[] =
                "SELECT " COLUMNS "WHERE i.task = ?6 AND i.started_usec >= ?1 AND i.started_usec < ?2"
                " AND (i.started_usec > ?3 OR i.id > ?4)" OF_DAYS " ORDER BY i.started_usec, i.id LIMIT ?5";

/* A window begins on its date and ends on the next at the latest, in whatever zone that was. */
#define WINDOW_REACH_USEC (3ULL * 24 * 3600 * 1000000)

int store_intervals_read(Store *store, const LogQuery *query, StoreCursor **ret_cursor) {
        cleanup_(store_cursor_freep) StoreCursor *cursor = NULL;
        const bool by_day = query->from_date[0] != '\0' && query->to_date[0] != '\0';
        const uint64_t reach = by_day ? WINDOW_REACH_USEC : 0;
        uint64_t from = query->span.from_real_usec > reach ? query->span.from_real_usec - reach : 0;
        Statement *st;
        int r;

        r = cursor_new(store, query->task != 0 ? log_of_task_sql : log_sql, &cursor);
        if (r < 0)
                return r;
        cursor->interruptions = query->interruptions;
        st = &cursor->st;
        if (from < query->after.started_real_usec)
                from = query->after.started_real_usec;
        bind_usec(st, 1, from);
        bind_usec(st, 2, query->span.to_real_usec + reach);
        bind_usec(st, 3, query->after.started_real_usec);
        bind_int(st, 4, query->after.id);
        bind_int(st, 5, query->limit > 0 ? (int64_t) query->limit : -1);
        if (query->task != 0)
                bind_int(st, 6, query->task);
        if (by_day) {
                bind_text(st, 7, query->from_date);
                bind_text(st, 8, query->to_date);
                bind_usec(st, 9, query->span.from_real_usec);
                bind_usec(st, 10, query->span.to_real_usec);
        }
        *ret_cursor = steal(cursor);
        return 0;
}

int store_intervals_next(StoreCursor *cursor, Interval *ret_interval) {
        Interval interval;
        int r = cursor_step(cursor);

        if (r <= 0)
                return r;
        r = read_interval(&cursor->st, &interval);
        if (r < 0)
                return r;
        if (cursor->interruptions && interval.internal + interval.external > 0) {
                r = store_interval_read_interruptions(cursor->st.store, &interval);
                if (r < 0) {
                        interval_done(&interval);
                        return r;
                }
        }
        *ret_interval = interval;
        return 1;
}

int store_interval_count_interruptions(Store *store, int64_t id, uint64_t after_usec, uint32_t *ret_internal,
                uint32_t *ret_external) {
        static const char sql[] = "SELECT coalesce(sum(external = 0), 0), coalesce(sum(external <> 0), 0)"
                                  " FROM interruptions WHERE interval = ?1 AND offset_usec > ?2";
        statement_ Statement st = { 0 };
        int r;

        r = statement_get(store, sql, &st);
        if (r < 0)
                return r;
        bind_int(&st, 1, id);
        bind_usec(&st, 2, after_usec);
        r = statement_step(&st);
        if (r < 0)
                return r;
        *ret_internal = (uint32_t) sqlite3_column_int64(st.stmt, 0);
        *ret_external = (uint32_t) sqlite3_column_int64(st.stmt, 1);
        return 0;
}

const char count_completed_sql[] =
                "SELECT (SELECT count(*) FROM intervals WHERE started_usec >= ?1 AND started_usec < ?2"
                "   AND kind = 'pomodoro' AND outcome = 'completed' AND window_date IS NULL)"
                " + (SELECT count(*) FROM intervals WHERE window_date = ?3"
                "   AND kind = 'pomodoro' AND outcome = 'completed')";

int store_interval_count_completed(Store *store, const Span *span, const char *date, uint32_t *ret_count) {
        statement_ Statement st = { 0 };
        int r;

        r = statement_get(store, count_completed_sql, &st);
        if (r < 0)
                return r;
        bind_usec(&st, 1, span->from_real_usec);
        bind_usec(&st, 2, span->to_real_usec);
        bind_text(&st, 3, date);
        r = statement_step(&st);
        if (r < 0)
                return r;
        *ret_count = (uint32_t) sqlite3_column_int64(st.stmt, 0);
        return 0;
}

/* The running one has no end yet, and its start may be re-based: it is not counted. */
const char newest_end_sql[] =
                "SELECT started_usec + length_usec FROM intervals WHERE epoch = ?1 AND outcome <> 'running'"
                " ORDER BY started_usec DESC, length_usec DESC LIMIT 1";

int store_interval_newest_end(Store *store, uint32_t epoch, uint64_t *ret_real_usec) {
        statement_ Statement st = { 0 };
        int r;

        r = statement_get(store, newest_end_sql, &st);
        if (r < 0)
                return r;
        bind_int(&st, 1, epoch);
        r = statement_step(&st);
        if (r < 0)
                return r;
        *ret_real_usec = r > 0 ? column_usec(&st, 0) : 0;
        return 0;
}

/* When an epoch began was noted on the clock that proved wrong: its neighbour is what a record is of. */
const char epoch_at_sql[] = "SELECT coalesce((SELECT epoch FROM intervals WHERE started_usec <= ?1"
                            "  ORDER BY started_usec DESC, id DESC LIMIT 1),"
                            " (SELECT min(epoch) FROM intervals), (SELECT epoch FROM state))";

int store_interval_epoch_at(Store *store, uint64_t started_real_usec, uint32_t *ret_epoch) {
        statement_ Statement st = { 0 };
        int r;

        r = statement_get(store, epoch_at_sql, &st);
        if (r < 0)
                return r;
        bind_usec(&st, 1, started_real_usec);
        r = statement_step(&st);
        if (r <= 0)
                return r < 0 ? r : -EUCLEAN;
        *ret_epoch = (uint32_t) sqlite3_column_int64(st.stmt, 0);
        return 0;
}

/* The neighbours of the triggers: as those that are there do not overlap, one on each side is enough. */
const char find_overlap_sql[] =
                "SELECT id FROM (SELECT id, started_usec, length_usec, outcome FROM intervals"
                "  WHERE epoch = ?1 AND started_usec <= ?2 AND id <> ?4"
                "  ORDER BY started_usec DESC, length_usec DESC, id DESC LIMIT 1)"
                " WHERE outcome = 'running' AND (?3 > ?2 OR started_usec < ?2)"
                "    OR started_usec + length_usec > ?2 AND (?3 > ?2 OR started_usec < ?2)"
                " UNION ALL "
                "SELECT id FROM (SELECT id, started_usec FROM intervals"
                "  WHERE epoch = ?1 AND started_usec > ?2 AND id <> ?4 ORDER BY started_usec LIMIT 1)"
                " WHERE started_usec < ?3";

/* The same over all epochs, of which there are few: the neighbours of each are found in the index. */
const char find_overlap_any_sql[] =
                "WITH RECURSIVE each (epoch) AS (SELECT min(epoch) FROM intervals UNION ALL"
                "  SELECT (SELECT min(epoch) FROM intervals WHERE epoch > each.epoch) FROM each"
                "  WHERE each.epoch IS NOT NULL)"
                " SELECT i.id FROM each JOIN intervals AS i ON i.id IN ("
                "  (SELECT id FROM intervals WHERE epoch = each.epoch AND started_usec <= ?1 AND id <> ?3"
                "   ORDER BY started_usec DESC, length_usec DESC, id DESC LIMIT 1),"
                "  (SELECT id FROM intervals WHERE epoch = each.epoch AND started_usec > ?1 AND id <> ?3"
                "   ORDER BY started_usec LIMIT 1))"
                " WHERE i.started_usec < ?2 AND (i.outcome = 'running' OR i.started_usec + i.length_usec > "
                "?1)"
                " LIMIT 1";

/* Of a statement that is bound: the interval that its one row names. */
static int read_overlap(Store *store, Statement *st, Interval *ret_interval) {
        int r = statement_step(st);

        if (r <= 0)
                return r < 0 ? r : -ENOENT;
        return store_interval_get(store, sqlite3_column_int64(st->stmt, 0), ret_interval);
}

int store_interval_find_overlap(Store *store, uint32_t epoch, uint64_t started_real_usec,
                uint64_t ended_real_usec, int64_t except, Interval *ret_interval) {
        statement_ Statement st = { 0 };
        int r;

        r = statement_get(store, find_overlap_sql, &st);
        if (r < 0)
                return r;
        bind_int(&st, 1, epoch);
        bind_usec(&st, 2, started_real_usec);
        bind_usec(&st, 3, ended_real_usec);
        bind_int(&st, 4, except);
        return read_overlap(store, &st, ret_interval);
}

int store_interval_find_overlap_any(Store *store, uint64_t started_real_usec, uint64_t ended_real_usec,
                int64_t except, Interval *ret_interval) {
        statement_ Statement st = { 0 };
        int r;

        r = statement_get(store, find_overlap_any_sql, &st);
        if (r < 0)
                return r;
        bind_usec(&st, 1, started_real_usec);
        bind_usec(&st, 2, ended_real_usec);
        bind_int(&st, 3, except);
        return read_overlap(store, &st, ret_interval);
}
