/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* Every request that answers at once is one write: it is whole in the store, or it never was. */

#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>

#include "tests/unit/engine/fixture.h"

#define PROFILE "[Profile deep]\nPlugins=sites\nsites.Block=reddit.com\n"

static void begin(Fixture *f) {
        fixture_begin(f);
        g_assert_cmpint(fixture_request(f, &(Request){ .type = REQUEST_RULES_IMPORT, .text = PROFILE }, NULL),
                        ==, 0);
}

/* From another connection, as nobody does but a test. */
static void run_sql(Fixture *f, const char *sql) {
        cleanup_free_ char *path = g_build_filename(f->dir, "pomod.db", NULL);
        sqlite3 *db;

        g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
        g_assert_cmpint(sqlite3_busy_timeout(db, 5000), ==, SQLITE_OK);
        if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
                g_error("%s: %s", sql, sqlite3_errmsg(db));
        sqlite3_close(db);
}

static void refuse_rows(Fixture *f, const char *when, const char *table) {
        cleanup_free_ char *sql = g_strdup_printf(
                        "CREATE TRIGGER refused BEFORE %s ON %s BEGIN SELECT RAISE(ABORT, 'refused'); END",
                        when, table);

        run_sql(f, sql);
}

static void take_rows(Fixture *f) {
        run_sql(f, "DROP TRIGGER refused");
}

static uint32_t big_endian(const uint8_t *bytes) {
        return (uint32_t) bytes[0] << 24 | (uint32_t) bytes[1] << 16 | (uint32_t) bytes[2] << 8 | bytes[3];
}

/* Transactions in the log that SQLite writes ahead: a frame that ends one says how large the file is then. */
static unsigned commits(const Fixture *f) {
        cleanup_free_ char *path = g_build_filename(f->dir, "pomod.db-wal", NULL);
        cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
        uint8_t header[32], frame[24];
        unsigned n = 0;
        off_t at = sizeof(header);

        g_assert_cmpint(fd, >=, 0);
        g_assert_cmpint(pread(fd, header, sizeof(header), 0), ==, sizeof(header));
        while (pread(fd, frame, sizeof(frame), at) == sizeof(frame) &&
                        memcmp(frame + 8, header + 16, 8) == 0) {
                n += big_endian(frame + 4) != 0;
                at += (off_t) (sizeof(frame) + big_endian(header + 8));
        }
        return n;
}

static unsigned count_claim(const User *user) {
        unsigned place = 0, n = 0;

        while (user_read_claim(user, &place))
                n++;
        return n;
}

static unsigned claims(Fixture *f) {
        unsigned n = 0;

        g_assert_cmpint(fixture_in(f, (n = count_claim(user), 0)), ==, 0);
        return n;
}

typedef struct State {
        uint64_t seq;
        unsigned calls, told, tasks, claims, intervals, commits;
} State;

static State state(Fixture *f) {
        return (State){
                .seq = fixture_timer(f).seq,
                .calls = f->calls,
                .told = f->n_told,
                .tasks = fixture_count_tasks(f),
                .claims = claims(f),
                .intervals = fixture_count(f),
                .commits = commits(f),
        };
}

static void assert_untouched(Fixture *f, const State *before) {
        const State now = state(f);

        g_assert_cmpuint(now.seq, ==, before->seq);
        g_assert_cmpuint(now.calls, ==, before->calls);
        g_assert_cmpuint(now.told, ==, before->told);
        g_assert_cmpuint(now.tasks, ==, before->tasks);
        g_assert_cmpuint(now.claims, ==, before->claims);
        g_assert_cmpuint(now.intervals, ==, before->intervals);
        g_assert_cmpint(fixture_timer(f).view.state, ==, INTERVAL_NONE);
}

static int64_t task_of(Fixture *f, int64_t id) {
        cleanup_(interval_done) Interval interval = fixture_interval(f, id);

        return interval.task;
}

/* Refused by the store itself, at the last moment: the task that was made for it is not there either. */
static void test_add(void) {
        cleanup_(fixture_done) Fixture f;
        State before;

        begin(&f);
        g_assert_cmpint(fixture_add(&f, -90, -60, "Letter"), ==, 1);
        before = state(&f);
        refuse_rows(&f, "INSERT", "intervals");
        g_assert_cmpint(fixture_add(&f, -50, -40, "Essay"), ==, 0);
        assert_refused(&f, REFUSAL_OVERLAP, "in the way");
        take_rows(&f);
        assert_untouched(&f, &before);

        /* No number was lost: neither the interval's, nor the task's, nor seq. */
        before = state(&f);
        g_assert_cmpint(fixture_add(&f, -50, -40, "Essay"), ==, 2);
        g_assert_cmpint(task_of(&f, 2), ==, 2);
        g_assert_cmpuint(fixture_timer(&f).seq, ==, before.seq + 2);
        g_assert_cmpuint(commits(&f), ==, before.commits + 1);
        /* Told at once, the task before the interval that is on it. */
        g_assert_cmpuint(f.calls, ==, before.calls + 1);
        g_assert_cmpint(f.told[before.told].happening.type, ==, HAPPENED_TASKS_CHANGED);
        g_assert_cmpint(f.told[before.told].happening.task, ==, 2);
        g_assert_cmpint(f.told[before.told + 1].happening.type, ==, HAPPENED_HISTORY_CHANGED);
}

static void test_edit(void) {
        cleanup_(fixture_done) Fixture f;
        Request edit = { .type = REQUEST_LOG_EDIT, .id = 1, .task_title = "Essay" };
        Answer answer = {};
        State before;

        begin(&f);
        g_assert_cmpint(fixture_add(&f, -90, -60, "Letter"), ==, 1);
        before = state(&f);
        refuse_rows(&f, "UPDATE", "intervals");
        g_assert_cmpint(fixture_request(&f, &edit, &answer), ==, REFUSAL_OVERLAP);
        take_rows(&f);
        assert_untouched(&f, &before);
        g_assert_cmpint(task_of(&f, 1), ==, 1);
        g_assert_cmpint(answer.created_task, ==, 0);

        before = state(&f);
        g_assert_cmpint(fixture_request(&f, &edit, &answer), ==, 0);
        g_assert_cmpint(answer.created_task, ==, 2);
        g_assert_cmpuint(commits(&f), ==, before.commits + 1);
        g_assert_cmpuint(fixture_timer(&f).seq, ==, before.seq + 2);
}

/* Interval, new task and claim: none of them without the others. */
static void test_start_with_focus(void) {
        cleanup_(fixture_done) Fixture f;
        Request start = {
                .type = REQUEST_TIMER,
                .event = { .type = EVENT_START, .kind = INTERVAL_POMODORO },
                .task_title = "Essay",
                .focus = "deep",
        };
        Answer answer = {};
        State before;

        begin(&f);
        before = state(&f);
        refuse_rows(&f, "INSERT", "claims");
        g_assert_cmpint(fixture_request(&f, &start, &answer), !=, 0);
        take_rows(&f);
        assert_untouched(&f, &before);

        /* The numbers are those that it would have had at first. */
        before = state(&f);
        g_assert_cmpint(fixture_request(&f, &start, &answer), ==, 0);
        g_assert_cmpint(answer.id, ==, 1);
        g_assert_cmpint(answer.created_task, ==, 1);
        g_assert_cmpuint(commits(&f), ==, before.commits + 1);
        g_assert_cmpuint(claims(&f), ==, 1);
        g_assert_cmpuint(f.calls, ==, before.calls + 1);
        g_assert_cmpuint(f.n_told, ==, before.told + 4);
        g_assert_cmpint(f.told[before.told].happening.type, ==, HAPPENED_TASKS_CHANGED);
        g_assert_cmpint(f.told[before.told + 1].happening.type, ==, HAPPENED_STARTED);
        g_assert_cmpint(f.told[before.told + 1].happening.task, ==, 1);
        g_assert_cmpint(f.told[before.told + 2].happening.type, ==, HAPPENED_FOCUS_CHANGED);
        g_assert_cmpint(f.told[before.told + 2].happening.id, ==, 1);
        g_assert_cmpint(f.told[before.told + 3].happening.type, ==, HAPPENED_FOCUS_ENGAGED);
        g_assert_cmpint(f.told[before.told + 3].happening.claim, ==, 1);
        g_assert_cmpuint(fixture_timer(&f).seq, ==, before.seq + 4);

        /* What ends the interval ends the claim with it. */
        before = state(&f);
        fixture_event(&f, EVENT_STOP);
        g_assert_cmpuint(commits(&f), ==, before.commits + 1);
        g_assert_cmpuint(f.calls, ==, before.calls + 1);
        g_assert_cmpuint(claims(&f), ==, 0);
}

/* Before the store is even asked. */
static void test_refused_early(void) {
        cleanup_(fixture_done) Fixture f;
        Request start = {
                .type = REQUEST_TIMER,
                .event = { .type = EVENT_START, .kind = INTERVAL_POMODORO },
                .task_title = "Essay",
                .focus = "shallow",
        };
        State before;

        begin(&f);
        g_assert_cmpint(fixture_add(&f, -90, -60, "Letter"), ==, 1);
        before = state(&f);
        g_assert_cmpint(fixture_request(&f, &start, NULL), ==, REFUSAL_NO_SUCH_PROFILE);
        assert_untouched(&f, &before);
        start.focus = NULL;
        start.event.ago_usec = MIN_USEC(70);
        g_assert_cmpint(fixture_request(&f, &start, NULL), ==, REFUSAL_INVALID_TIME);
        assert_untouched(&f, &before);
        g_assert_cmpint(fixture_add(&f, -70, -50, "Essay"), ==, 0);
        g_assert_cmpint(f.refusal.code, ==, REFUSAL_OVERLAP);
        assert_untouched(&f, &before);
        g_assert_cmpuint(commits(&f), ==, before.commits);
}

/* A note of what runs goes with it, so that nothing else is needed. */
static void test_undo(void) {
        cleanup_(fixture_done) Fixture f;
        unsigned before;

        begin(&f);
        g_assert_cmpint(fixture_add(&f, -90, -60, "Letter"), ==, 1);
        fixture_start_interval(&f, INTERVAL_FREEFORM, 0, NULL);
        test_clocks_advance(f.clocks, MIN_USEC(2));
        before = commits(&f);
        g_assert_cmpint(fixture_request(&f, &(Request){ .type = REQUEST_LOG_UNDO }, NULL), ==, 0);
        g_assert_cmpuint(commits(&f), ==, before + 1);
        before = commits(&f);
        g_assert_cmpint(fixture_request(&f, &(Request){ .type = REQUEST_LOG_UNDO }, NULL), ==,
                        REFUSAL_NOTHING_TO_UNDO);
        g_assert_cmpuint(commits(&f), ==, before);
        g_assert_cmpint(fixture_request(&f, &(Request){ .type = REQUEST_LOG_REDO }, NULL), ==, 0);
        g_assert_cmpuint(fixture_count(&f), ==, 2);
}

static void assert_step(Fixture *f, const char *expected) {
        cleanup_free_ char *path = g_build_filename(f->dir, "pomod.db", NULL);
        sqlite3_stmt *st;
        sqlite3 *db;

        g_assert_cmpint(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
        g_assert_cmpint(sqlite3_prepare_v2(db, "SELECT sentence FROM steps ORDER BY number DESC LIMIT 1", -1,
                                        &st, NULL),
                        ==, SQLITE_OK);
        g_assert_cmpint(sqlite3_step(st), ==, SQLITE_ROW);
        g_assert_cmpstr((const char *) sqlite3_column_text(st, 0), ==, expected);
        sqlite3_finalize(st);
        sqlite3_close(db);
}

/* Each edit is one step, and says what it was. */
static void test_steps(void) {
        cleanup_(fixture_done) Fixture f;
        Request edit = { .type = REQUEST_LOG_EDIT, .id = 1 };

        begin(&f);
        fixture_set(&f, "time-zone", "Europe/Berlin");
        g_assert_cmpint(fixture_add(&f, -90, -60, "Letter"), ==, 1);
        assert_step(&f, "added #1: freeform, 2026-03-02 09:30–10:00");
        edit.log.has_ended = true;
        edit.log.ended_real_usec = START_REAL_USEC - MIN_USEC(70);
        g_assert_cmpint(fixture_request(&f, &edit, NULL), ==, 0);
        assert_step(&f, "changed #1: freeform, 2026-03-02 09:30–09:50");
        g_assert_cmpint(fixture_request(&f, &(Request){ .type = REQUEST_LOG_DELETE, .id = 1 }, NULL), ==, 0);
        assert_step(&f, "deleted #1: freeform, 2026-03-02 09:30–09:50");
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/engine/writes/add", test_add);
        g_test_add_func("/engine/writes/edit", test_edit);
        g_test_add_func("/engine/writes/start-with-focus", test_start_with_focus);
        g_test_add_func("/engine/writes/refused-early", test_refused_early);
        g_test_add_func("/engine/writes/undo", test_undo);
        g_test_add_func("/engine/writes/steps", test_steps);
        return g_test_run();
}
