/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include "daemon/store/intervals.h"

#include <errno.h>

#include "daemon/store/record.h"
#include "daemon/store/schema-sql.h"
#include "daemon/store/sound.h"
#include "daemon/store/steps.h"
#include "daemon/store/store.h"
#include "daemon/store/write.h"

/* Members that no column has. A sum is NULL where there is no row. */
#define SQL_paused_usec                    "(SELECT sum(length_usec) FROM pauses WHERE interval = i.id)"
#define SQL_paused                         "EXISTS (SELECT 1 FROM pauses WHERE interval = i.id)"
#define SQL_internal                       "(SELECT sum(external = 0) FROM interruptions WHERE interval = i.id)"
#define SQL_external                       "(SELECT sum(external <> 0) FROM interruptions WHERE interval = i.id)"
#define SQL_locked_usec                    "(SELECT sum(length_usec) FROM absences WHERE interval = i.id AND kind = 'locked')"
#define SQL_idle_usec                      "(SELECT sum(length_usec) FROM absences WHERE interval = i.id AND kind = 'idle')"
#define SQL_task_title                     "t.title"
#define SQL_project                        "t.project"
#define STORED(member, type_, column, ...) RECORD_COMMA(type_) "i." column
#define DERIVED(member, ...)               ", " SQL_##member
#define SELECT                                         \
        "SELECT " RECORD_READ(INTERVAL_FIELDS, STORED, \
                        DERIVED) " FROM intervals AS i LEFT JOIN tasks AS t ON t.id = i.task "

/* Of an unsound one: what cannot be none. */
static int mend_words(Store *store, Interval *interval) {
        int64_t running;
        int r;

        if (interval->kind == INTERVAL_NONE)
                interval->kind = interval->planned_usec > 0 ? INTERVAL_POMODORO : INTERVAL_FREEFORM;
        r = store_state_error(store_get(store, "SELECT running FROM state", ">i", &running));
        if (r < 0) {
                interval_done(interval);
                return r;
        }
        if (interval->outcome == OUTCOME_RUNNING && interval->id != running)
                interval->outcome = OUTCOME_VOID;
        return 0;
}

int store_interval_get(Store *store, int64_t id, Interval *ret_interval) {
        static const char sql[] = SELECT "WHERE i.id = ?1";

        int r = record_get(store, sql, id, &interval_record, ret_interval);

        if (r > 0)
                r = mend_words(store, ret_interval);
        return r;
}

int store_interval_read_interruptions(Store *store, Interval *interval, uint32_t after, uint32_t most) {
        static const char sql[] = "SELECT ordinal" RECORD_COLUMNS(
                        INTERRUPTION_FIELDS) " FROM interruptions"
                                             " WHERE interval = ?1 ORDER BY ordinal LIMIT ?2 OFFSET ?3";
        statement_ Statement st = {};
        int r;

        r = statement_open(store, sql, &st, "icc", interval->id, most, after);
        while (r >= 0 && (r = statement_step(&st)) > 0) {
                Interruption interruption = {};

                if (record_fill(&st, 1, &interruption_record, &interruption))
                        interval_add_interruption(interval, &interruption);
                else
                        sound_note(store, "interruption of interval", interval->id);
                record_free_texts(&interruption_record, &interruption);
        }
        return r;
}

/* In the order of the log, behind what was read so far. */
#define BEHIND   "i.started_usec >= ?1 AND i.started_usec < ?2 AND (i.started_usec > ?3 OR i.id > ?4)"
#define IN_ORDER " ORDER BY i.started_usec, i.id LIMIT ?5"

/* By days: the range of starts is wider then, and each is looked at for the day that it belongs to. */
#define OF_DAYS                                               \
        "(?7 IS NULL OR CASE WHEN i.window_date IS NULL"      \
        " THEN i.started_usec >= ?9 AND i.started_usec < ?10" \
        " ELSE i.window_date >= ?7 AND i.window_date < ?8 END)"
#define OF_TAG "(?11 IS NULL OR has_word(t.tags, ?11))"

/* What is looked at for its day or its tag is read in two steps: most of it may be hidden. */
#define LOOK                                                                                       \
        "SELECT i.id, i.started_usec, coalesce(" OF_DAYS " AND " OF_TAG ", 0) FROM intervals AS i" \
        " LEFT JOIN tasks AS t ON t.id = i.task WHERE "

/* A window begins on its date and ends on the next at the latest, in whatever zone that was. */
#define WINDOW_REACH_USEC (3ULL * 24 * 3600 * 1000000)

int store_intervals_read(Store *store, const LogQuery *query, StoreCursor **ret_cursor) {
        static const char all[] = SELECT "WHERE " BEHIND IN_ORDER;
        static const char of_task[] = SELECT "WHERE i.task = ?6 AND " BEHIND IN_ORDER;
        static const char look[] = LOOK BEHIND IN_ORDER;
        static const char look_at_task[] = LOOK "i.task = ?6 AND " BEHIND IN_ORDER;
        const bool by_day = query->from_date[0] != '\0' && query->to_date[0] != '\0';
        const bool looking = by_day || query->tag[0] != '\0', task = query->task != 0;
        const uint64_t reach = by_day ? WINDOW_REACH_USEC : 0;
        uint64_t from = query->span.from_real_usec > reach ? query->span.from_real_usec - reach : 0;
        const int64_t limit = query->limit > 0 ? (int64_t) query->limit : INT64_C(-1);
        statement_ Statement st = {};
        int r;

        if (from < query->after.started_real_usec)
                from = query->after.started_real_usec;
        if (!looking)
                r = statement_open(store, task ? of_task : all, &st, "uuuiid", from, query->span.to_real_usec,
                                query->after.started_real_usec, query->after.id,
                                limit > 0 ? limit + CAP_UNSOUND : limit, query->task);
        else
                r = statement_open(store, task ? look_at_task : look, &st, "uuuiidttuut", from,
                                query->span.to_real_usec + reach, query->after.started_real_usec,
                                query->after.id, INT64_C(-1), query->task, by_day ? query->from_date : NULL,
                                by_day ? query->to_date : NULL, query->span.from_real_usec,
                                query->span.to_real_usec, query->tag);
        if (r < 0)
                return r;
        *ret_cursor = cursor_new(&st);
        (*ret_cursor)->interruptions = query->interruptions;
        (*ret_cursor)->looking = looking;
        (*ret_cursor)->left = limit;
        return 0;
}

/* The next that a look passes: whole, where it is not hidden. */
static int look_next(StoreCursor *cursor, Interval *ret_interval) {
        Interval hidden = {};
        bool shown;
        int r = cursor->left == 0 ? 0 : cursor_step(cursor);

        if (r <= 0)
                return r;
        statement_read(&cursor->st, 0, "iub", &hidden.id, &hidden.started_real_usec, &shown);
        if (shown) {
                r = store_interval_get(cursor->st.store, hidden.id, ret_interval);
                if (r < 0)
                        return r;
                if (!sound_is_noted(cursor->st.store, interval_record.name, hidden.id)) {
                        cursor->left -= cursor->left > 0;
                        return 1;
                }
                interval_done(ret_interval);
        }
        *ret_interval = hidden;
        return STORE_HIDDEN;
}

int store_intervals_next(StoreCursor *cursor, Interval *ret_interval) {
        Interval interval;
        int r = cursor->looking ? look_next(cursor, &interval)
                                : record_next(cursor, &interval_record, &interval);

        if (r <= 0)
                return r;
        if (r == 1 && cursor->interruptions > 0 && interval.internal + interval.external > 0) {
                int q = store_interval_read_interruptions(
                                cursor->st.store, &interval, 0, cursor->interruptions);

                if (q < 0) {
                        interval_done(&interval);
                        return q;
                }
        }
        *ret_interval = interval;
        return r;
}

int store_interval_count_interruptions(Store *store, int64_t id, uint64_t after_usec, uint32_t *ret_internal,
                uint32_t *ret_external) {
        static const char sql[] = "SELECT coalesce(sum(external = 0), 0), coalesce(sum(external <> 0), 0)"
                                  " FROM interruptions WHERE interval = ?1 AND offset_usec > ?2";

        return store_get(store, sql, "iu>cc", id, after_usec, ret_internal, ret_external);
}

int store_interval_count_completed(Store *store, const Span *span, const char *date, uint32_t *ret_count) {
        static const char sql[] =
                        "SELECT (SELECT count(*) FROM intervals WHERE started_usec >= ?1 AND started_usec < ?2"
                        "   AND kind = 'pomodoro' AND outcome = 'completed' AND window_date IS NULL)"
                        " + (SELECT count(*) FROM intervals WHERE window_date = ?3"
                        "   AND kind = 'pomodoro' AND outcome = 'completed')";

        assert(span && date);
        return store_get(store, sql, "uut>c", span->from_real_usec, span->to_real_usec, date, ret_count);
}

int store_interval_newest_end(Store *store, uint32_t epoch, uint64_t *ret_real_usec) {
        /* The running one has no end yet, and its start may be re-based: it is not counted. */
        static const char sql[] =
                        "SELECT started_usec + length_usec FROM intervals WHERE epoch = ?1 AND outcome <> 'running'"
                        " ORDER BY started_usec DESC, length_usec DESC LIMIT 1";
        int r = store_get(store, sql, "c>u", epoch, ret_real_usec);

        if (r != -ENOENT)
                return r;
        *ret_real_usec = 0;
        return 0;
}

int store_interval_epoch_at(Store *store, uint64_t started_real_usec, uint32_t *ret_epoch) {
        /* When an epoch began was noted on the clock that proved wrong: its neighbour is what a record is of.
         */
        static const char sql[] =
                        "SELECT coalesce((SELECT epoch FROM intervals WHERE started_usec <= ?1 ORDER BY started_usec DESC, id DESC LIMIT 1),"
                        " (SELECT min(epoch) FROM intervals), (SELECT epoch FROM state))";

        return store_get(store, sql, "u>c", started_real_usec, ret_epoch);
}

int store_interval_find_overlap(Store *store, uint32_t epoch, uint64_t started_real_usec,
                uint64_t ended_real_usec, int64_t except, Interval *ret_interval) {
        /* The rule of the triggers, asked about a row that is not stored. NULL, which is read as 0: none. */
        static const char sql[] =
                        "WITH NEW (id, epoch, started_usec, length_usec, outcome) AS (SELECT ?4, ?1, ?2, ?3 - ?2, '')"
                        " SELECT " SQL_OVERLAP " FROM NEW";
        int64_t id;
        int r;

        r = store_get(store, sql, "cuui>i", epoch, started_real_usec, ended_real_usec, except, &id);
        return r < 0 ? r : store_interval_get(store, id, ret_interval);
}

int store_interval_find_overlap_any(Store *store, uint64_t started_real_usec, uint64_t ended_real_usec,
                int64_t except, Interval *ret_interval) {
        /* The same over all epochs, of which there are few. */
        static const char sql[] =
                        "WITH RECURSIVE each (epoch) AS (SELECT min(epoch) FROM intervals UNION ALL"
                        "  SELECT (SELECT min(epoch) FROM intervals WHERE epoch > each.epoch) FROM each WHERE each.epoch IS NOT NULL),"
                        " NEW (id, epoch, started_usec, length_usec, outcome) AS (SELECT ?3, epoch, ?1, ?2 - ?1, '' FROM each)"
                        " SELECT min(" SQL_OVERLAP ") FROM NEW";
        int64_t id;
        int r;

        r = store_get(store, sql, "uui>i", started_real_usec, ended_real_usec, except, &id);
        return r < 0 ? r : store_interval_get(store, id, ret_interval);
}

/* ---- edits by hand ---- */

int interval_insert(Store *store, Interval *interval) {
        static const char sql[] = "INSERT INTO intervals (" RECORD_COLUMNS(
                        INTERVAL_FIELDS) ") VALUES (" RECORD_PARAMETERS(INTERVAL_FIELDS) ")";

        assert(interval->id > 0);
        if (interval->uuid[0] == '\0')
                record_make_uuid(interval->uuid);
        return record_run(store, sql, RECORD_PART_STORED, &interval_record, interval);
}

/* Edits are rare and their statements large: none of them is kept. */
static int begin_edit(StoreWrite *write, int64_t id) {
        write->large = true;
        return step_note(write, IMAGE_INTERVALS, id);
}

int write_interval_new(StoreWrite *write, Interval *interval, int64_t next_id) {
        static const char sql[] = "UPDATE state SET next_interval = max(next_interval, ?1)";
        int r;

        assert(interval->id > 0 && interval->id < next_id);
        r = begin_edit(write, interval->id);
        if (r == 0)
                r = interval_insert(write->store, interval);
        return r < 0 ? r : store_run(write->store, sql, "i", next_id);
}

/*
 * The parts of an interval whose length changes keep their place on the clock, not their distance from the
 * start, and are cut at its ends. Without a new length it was moved as a whole, and they with it.
 */
static int fit_parts(Store *store, int64_t id, int64_t later_usec, uint64_t length_usec) {
#define FIT(part)                                                                                          \
        "UPDATE " part " SET offset_usec = max(0, min(offset_usec - ?2, ?3)), length_usec ="               \
        " max(0, min(offset_usec + length_usec - ?2, ?3) - max(0, offset_usec - ?2)) WHERE interval = ?1", \
                        "DELETE FROM " part " WHERE interval = ?1 AND length_usec = 0"
        static const char *const cuts[] = {
                FIT("pauses"),
                FIT("absences"),
                /* An interruption is no stretch of time: it is counted wherever it is put. */
                "UPDATE interruptions SET offset_usec = max(0, min(offset_usec - ?2, ?3)) WHERE interval = ?1",
        };
        int r = 0;

        for (size_t i = 0; r == 0 && i < sizeof(cuts) / sizeof(cuts[0]); i++)
                r = store_run(store, cuts[i], "iiu", id, later_usec, length_usec);
        return r;
}

static int update_ended(Store *store, const Interval *interval, const Interval *old) {
        static const char sql[] =
                        "UPDATE intervals SET uuid = uuid" RECORD_CHANGES(INTERVAL_FIELDS) " WHERE id = ?";
        int r = 0;

        if (interval->length_usec != old->length_usec)
                r = fit_parts(store, interval->id,
                                (int64_t) (interval->started_real_usec - old->started_real_usec),
                                interval->length_usec);
        return r < 0 ? r : record_run(store, sql, RECORD_PART_CHANGES, &interval_record, interval);
}

/* The machine owns all else of what runs. */
static int update_running(Store *store, const Interval *interval) {
        return store_run(store, "UPDATE intervals SET note = ?2, edited = ?3, task = ?4 WHERE id = ?1",
                        "itbd", interval->id, interval->note, interval->edited, interval->task);
}

/* An edit writes anew what of it made no sense. */
static int mend(Store *store, Interval *old) {
        static const char sql[] =
                        "UPDATE intervals SET uuid = uuid" RECORD_CHANGES(INTERVAL_FIELDS) " WHERE id = ?";
        static const char uuid_sql[] = "UPDATE intervals SET uuid = ?2 WHERE id = ?1";
        static const char select[] = "SELECT ordinal" RECORD_COLUMNS(
                        INTERRUPTION_FIELDS) " FROM interruptions WHERE interval = ?1 ORDER BY ordinal";
        static const char update[] =
                        "UPDATE interruptions SET offset_usec = ?3, external = ?4, note = ?5 WHERE interval = ?1 AND ordinal = ?2";
        statement_ Statement st = {};
        int r;

        if (!store->unsound)
                return 0;
        r = record_mend(store, sql, uuid_sql, &interval_record, old, old->uuid);
        if (r == 0)
                r = statement_open(store, select, &st, "i", old->id);
        while (r >= 0 && (r = statement_step(&st)) > 0) {
                Interruption interruption = {};
                int64_t ordinal;

                statement_read(&st, 0, "i", &ordinal);
                if (!record_fill(&st, 1, &interruption_record, &interruption))
                        r = store_run(store, update, "iiubt", old->id, ordinal, interruption.offset_usec,
                                        interruption.external, interruption.note);
                record_free_texts(&interruption_record, &interruption);
        }
        if (r == 0)
                sound_forget(store, "interruption of interval", old->id);
        return r;
}

int write_interval(StoreWrite *write, const Interval *interval) {
        cleanup_(interval_done) Interval old = {};
        int r;

        r = store_interval_get(write->store, interval->id, &old);
        if (r == 0)
                r = mend(write->store, &old);
        if (r == 0)
                r = begin_edit(write, interval->id);
        if (r < 0)
                return r;
        return old.outcome == OUTCOME_RUNNING ? update_running(write->store, interval)
                                              : update_ended(write->store, interval, &old);
}

int write_interval_removed(StoreWrite *write, int64_t id) {
        cleanup_(interval_done) Interval old = {};
        int r;

        r = store_interval_get(write->store, id, &old);
        if (r == 0)
                r = old.outcome == OUTCOME_RUNNING ? -EBUSY : begin_edit(write, id);
        if (r == 0)
                r = store_run(write->store, "DELETE FROM intervals WHERE id = ?1", "i", id);
        if (r == 0)
                sound_forget(write->store, interval_record.name, id);
        return r;
}
