/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "tests/unit/engine/fixture.h"

static int start(Fixture *f, IntervalKind kind, const char *title, const char *project, Answer *ret_answer) {
        return fixture_request(f,
                        &(Request){
                                        .type = REQUEST_TIMER,
                                        .event = { .type = EVENT_START, .kind = kind },
                                        .task_title = title,
                                        .task_project = project,
                        },
                        ret_answer);
}

/* The bit of a field that an edit gives. */
static uint64_t given(const char *key) {
        return UINT64_C(1) << (record_find_field(&task_record, key) - task_record.fields);
}

static int add_task(Fixture *f, const char *title, const char *project) {
        return fixture_request(f,
                        &(Request){ .type = REQUEST_TASK_ADD,
                                        .task.given = given("Title") | given("Project"),
                                        .task.task = { .title = (char *) title,
                                                        .project = (char *) project } },
                        NULL);
}

static void test_a_read_makes_no_store(void) {
        cleanup_(fixture_done) Fixture f;

        fixture_begin(&f);
        g_assert_cmpint(fixture_timer(&f).view.state, ==, INTERVAL_NONE);
        g_assert_cmpuint(fixture_count(&f), ==, 0);
        g_assert_cmpuint(fixture_count_tasks(&f), ==, 0);
        g_assert_cmpuint(test_clocks_armed(f.clocks), ==, UINT64_MAX);
        g_assert_true(g_rmdir(f.dir) == 0 || !"the folder is empty");
        g_assert_cmpint(g_mkdir(f.dir, 0700), ==, 0);
}

static void test_start_with_title(void) {
        cleanup_(fixture_done) Fixture f;
        Answer answer = {};

        fixture_begin(&f);
        g_assert_cmpint(start(&f, INTERVAL_FREEFORM, "Letter", "Post", &answer), ==, 0);
        g_assert_cmpint(answer.created_task, ==, 1);
        g_assert_cmpint(answer.id, ==, 1);
        g_assert_cmpstr(fixture_timer(&f).task_title, ==, "Letter");
        g_assert_cmpint(fixture_timer(&f).view.task, ==, 1);
        g_assert_cmpuint(fixture_timer(&f).seq, ==, 2);
        g_assert_cmpuint(fixture_told(&f, HAPPENED_TASKS_CHANGED), ==, 1);
        g_assert_cmpint(fixture_last(&f)->task, ==, 1);
        g_assert_true(f.changed & CHANGED_TASKS);

        fixture_event(&f, EVENT_STOP);
        test_clocks_advance(f.clocks, USEC_PER_SEC);
        g_assert_cmpint(start(&f, INTERVAL_FREEFORM, "Letter", NULL, &answer), ==, 0);
        g_assert_cmpint(answer.created_task, ==, 0);
        g_assert_cmpint(fixture_timer(&f).view.task, ==, 1);

        /* A refused start creates no task. */
        g_assert_cmpint(start(&f, INTERVAL_POMODORO, "Another", NULL, NULL), ==, REFUSAL_BUSY);
        g_assert_cmpint(start(&f, INTERVAL_SHORT_BREAK, "Another", NULL, NULL), ==, REFUSAL_INVALID_ARGUMENT);
        g_assert_cmpuint(fixture_count_tasks(&f), ==, 1);
}

static void test_ambiguous_title(void) {
        cleanup_(fixture_done) Fixture f;

        fixture_begin(&f);
        g_assert_cmpint(add_task(&f, "Letter", "Post"), ==, 0);
        g_assert_cmpint(add_task(&f, "Letter", "Office"), ==, 0);
        g_assert_cmpint(start(&f, INTERVAL_POMODORO, "Letter", NULL, NULL), ==, REFUSAL_AMBIGUOUS_TASK);
        assert_refused(&f, REFUSAL_AMBIGUOUS_TASK, "\"Letter\"");
        g_assert_cmpint(start(&f, INTERVAL_POMODORO, "Letter", "Office", NULL), ==, 0);
        g_assert_cmpint(fixture_timer(&f).view.task, ==, 2);
}

static void test_busy_says_what_runs(void) {
        cleanup_(fixture_done) Fixture f;

        fixture_begin(&f);
        fixture_set(&f, "time-zone", "UTC");
        fixture_start_interval(&f, INTERVAL_POMODORO, 0, "Letter");
        g_assert_cmpint(start(&f, INTERVAL_FREEFORM, NULL, NULL, NULL), ==, REFUSAL_BUSY);
        assert_refused(&f, REFUSAL_BUSY, "until 10:25 (#1, Letter); stop it first");
}

static void test_if_seq(void) {
        cleanup_(fixture_done) Fixture f;
        Request stop = { .type = REQUEST_TIMER, .event.type = EVENT_STOP, .has_if_seq = true };

        fixture_begin(&f);
        fixture_start_interval(&f, INTERVAL_POMODORO, 0, NULL);
        stop.if_seq = fixture_timer(&f).seq;

        /* The click was meant for the pomodoro, and it rings before it arrives. */
        test_clocks_advance(f.clocks, MIN_USEC(25));
        g_assert_cmpint(fixture_request(&f, &stop, NULL), ==, REFUSAL_STATE_CHANGED);
        g_assert_cmpint(fixture_timer(&f).view.state, ==, INTERVAL_SHORT_BREAK);
        stop.if_seq = fixture_timer(&f).seq;
        g_assert_cmpint(fixture_request(&f, &stop, NULL), ==, 0);
}

static void test_toggle(void) {
        cleanup_(fixture_done) Fixture f;
        Request toggle = { .type = REQUEST_TIMER, .event.type = EVENT_TOGGLE, .task_title = "Letter" };
        Answer answer;

        fixture_begin(&f);
        g_assert_cmpint(fixture_request(&f, &toggle, &answer), ==, 0);
        g_assert_cmpint(answer.did, ==, EVENT_START);
        g_assert_cmpint(answer.created_task, ==, 1);
        toggle.task_title = "Not needed";
        g_assert_cmpint(fixture_request(&f, &toggle, &answer), ==, 0);
        g_assert_cmpint(answer.did, ==, EVENT_INTERRUPT);
        g_assert_cmpint(answer.created_task, ==, 0);
        g_assert_cmpuint(fixture_count_tasks(&f), ==, 1);
}

static void test_titles(void) {
        cleanup_(fixture_done) Fixture f;
        char title[CAP_TITLE_BYTES + 1];

        fixture_begin(&f);
        memset(title, 'x', CAP_TITLE_BYTES);
        title[CAP_TITLE_BYTES] = '\0';
        g_assert_cmpint(add_task(&f, title, NULL), ==, 0);
        g_assert_cmpint(add_task(&f, "", NULL), ==, REFUSAL_INVALID_ARGUMENT);
        g_assert_cmpint(add_task(&f, "  ", NULL), ==, REFUSAL_INVALID_ARGUMENT);
        g_assert_cmpint(add_task(&f, "#12", NULL), ==, REFUSAL_INVALID_ARGUMENT);
        assert_refused(&f, REFUSAL_INVALID_ARGUMENT, "\"#12\"");
        g_assert_cmpint(add_task(&f, "#12 of the list", NULL), ==, 0);
        g_assert_cmpint(add_task(&f, "Letter", " "), ==, REFUSAL_INVALID_ARGUMENT);
        assert_refused(&f, REFUSAL_INVALID_ARGUMENT, "a project needs a name");
        g_assert_cmpuint(fixture_count_tasks(&f), ==, 2);
}

static void test_update_and_remove(void) {
        cleanup_(fixture_done) Fixture f;
        cleanup_(task_done) Task task = {};
        Answer answer;

        fixture_begin(&f);
        fixture_start_interval(&f, INTERVAL_POMODORO, 0, "Letter");
        g_assert_cmpint(fixture_request(&f,
                                &(Request){
                                        .type = REQUEST_TASK_UPDATE,
                                        .id = 1,
                                        .task.given = given("Title") | given("Estimate") | given("PlanDate"),
                                        .task.task = {
                                                .title = (char *) "A long letter",
                                                .estimate = 3,
                                                .plan_date = "2026-07-01",
                                        },
                                },
                                NULL),
                ==, 0);
        g_assert_cmpstr(fixture_timer(&f).task_title, ==, "A long letter");
        g_assert_cmpint(fixture_in(&f, user_read_task(user, 1, &task, NULL)), ==, 0);
        g_assert_cmpuint(task.estimate, ==, 3);
        g_assert_cmpstr(task.plan_date, ==, "2026-07-01");

        g_assert_cmpint(fixture_request(&f, &(Request){ .type = REQUEST_TASK_UPDATE, .id = 7 }, NULL), ==,
                        REFUSAL_NO_SUCH_TASK);
        assert_refused(&f, REFUSAL_NO_SUCH_TASK, "#7");

        g_assert_cmpint(fixture_request(&f, &(Request){ .type = REQUEST_TASK_REMOVE, .id = 1 }, &answer), ==,
                        0);
        g_assert_true(answer.hidden);
        g_assert_cmpint(fixture_request(&f, &(Request){ .type = REQUEST_TASK_REMOVE, .id = 1 }, NULL), ==,
                        REFUSAL_NO_SUCH_TASK);
        g_assert_cmpuint(fixture_count_tasks(&f), ==, 0);
}

/* Through the engine one task at a time would take half a minute. */
static void fill_tasks(Fixture *f, unsigned n) {
        cleanup_free_ char *path = g_build_filename(f->dir, "pomod.db", NULL);
        cleanup_free_ char *sql = g_strdup_printf(
                        "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < %u) INSERT INTO tasks (id, uuid, title, project) SELECT i, 'uuid-' || i, 'task ' || i, 'project ' || min(i, %u) FROM n;UPDATE state SET next_task = %u",
                        n, CAP_PROJECTS, n + 1);
        char *error = NULL;
        sqlite3 *db;

        fixture_stop(f);
        g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
        if (sqlite3_exec(db, sql, NULL, NULL, &error) != SQLITE_OK)
                g_error("%s", error);
        sqlite3_close(db);
        g_assert_cmpint(fixture_start(f), ==, 0);
}

static void test_task_cap(void) {
        cleanup_(fixture_done) Fixture f;

        fixture_begin(&f);
        g_assert_cmpint(add_task(&f, "the first", NULL), ==, 0);
        fill_tasks(&f, CAP_TASKS - 1);
        g_assert_cmpint(add_task(&f, "one more", NULL), ==, 0);
        g_assert_cmpint(add_task(&f, "one too many", NULL), ==, REFUSAL_LIMITS_EXCEEDED);
        assert_refused(&f, REFUSAL_LIMITS_EXCEEDED, "10000 tasks");
        g_assert_cmpint(start(&f, INTERVAL_POMODORO, "one too many", NULL, NULL), ==,
                        REFUSAL_LIMITS_EXCEEDED);
        g_assert_cmpint(fixture_timer(&f).view.state, ==, INTERVAL_NONE);
        g_assert_cmpint(start(&f, INTERVAL_POMODORO, "task 17", NULL, NULL), ==, 0);
}

static void test_project_cap(void) {
        cleanup_(fixture_done) Fixture f;

        fixture_begin(&f);
        g_assert_cmpint(add_task(&f, "the first", NULL), ==, 0);
        fill_tasks(&f, CAP_PROJECTS); /* 2 to 1000 */
        g_assert_cmpint(add_task(&f, "in the last project", "another"), ==, 0);
        g_assert_cmpint(add_task(&f, "in one too many", "yet another"), ==, REFUSAL_LIMITS_EXCEEDED);
        assert_refused(&f, REFUSAL_LIMITS_EXCEEDED, "1000 projects");
        g_assert_cmpint(add_task(&f, "in an old one", "project 1000"), ==, 0);
}

static void test_settings(void) {
        cleanup_(fixture_done) Fixture f;
        Settings settings;

        fixture_begin(&f);
        fixture_set(&f, "pomodoro", "50m");
        fixture_set(&f, "target", "8");
        g_assert_cmpuint(fixture_timer(&f).target_today, ==, 8);
        g_assert_cmpint(fixture_request(&f,
                                        &(Request){ .type = REQUEST_SETTING_SET,
                                                        .name = "pomodoro",
                                                        .text = "25x" },
                                        NULL),
                        ==, REFUSAL_INVALID_ARGUMENT);
        g_assert_cmpint(fixture_request(&f, &(Request){ .type = REQUEST_SETTING_RESET, .name = "pomodor" },
                                        NULL),
                        ==, REFUSAL_NO_SUCH_SETTING);
        fixture_start_interval(&f, INTERVAL_POMODORO, 0, NULL);
        g_assert_cmpuint(test_clocks_armed(f.clocks), ==, START_BOOT_USEC + MIN_USEC(50));

        g_assert_cmpint(fixture_request(&f, &(Request){ .type = REQUEST_SETTING_RESET, .name = "pomodoro" },
                                        NULL),
                        ==, 0);
        fixture_stop(&f);
        g_assert_cmpint(fixture_start(&f), ==, 0);
        g_assert_cmpint(fixture_in(&f, (user_read_settings(user, &settings), 0)), ==, 0);
        g_assert_cmpuint(settings.pomodoro_usec, ==, MIN_USEC(25));
        g_assert_cmpuint(settings.target, ==, 8);
        g_assert_cmpuint(test_clocks_armed(f.clocks), ==, START_BOOT_USEC + MIN_USEC(50));
}

static void count_event(const EngineEvent *event, void *userdata) {
        uint64_t *last = userdata;

        g_assert_cmpuint(event->seq, >=, *last);
        *last = event->seq;
}

static void test_events(void) {
        cleanup_(fixture_done) Fixture f;
        uint64_t last = 0, seq;
        bool complete = false;

        fixture_begin(&f);
        fixture_start_interval(&f, INTERVAL_FREEFORM, 0, NULL);
        g_assert_cmpint(fixture_in(&f, (user_read_events(user, 0, count_event, &last, &complete), 0)), ==, 0);
        g_assert_true(complete);
        g_assert_cmpuint(last, ==, 1);
        for (unsigned i = 0; i < CAP_EVENTS; i++) {
                test_clocks_advance(f.clocks, USEC_PER_SEC / 10);
                fixture_event(&f, EVENT_INTERRUPT);
        }
        seq = fixture_timer(&f).seq;
        g_assert_cmpint(fixture_in(&f, (user_read_events(user, 0, count_event, &last, &complete), 0)), ==, 0);
        g_assert_false(complete);
        last = 0;
        g_assert_cmpint(fixture_in(&f, (user_read_events(user, seq - CAP_EVENTS, count_event, &last,
                                                        &complete),
                                                       0)),
                        ==, 0);
        g_assert_true(complete);
        g_assert_cmpuint(last, ==, seq);

        /* Another process knows nothing of what was before it. */
        fixture_stop(&f);
        g_assert_cmpint(fixture_start(&f), ==, 0);
        g_assert_cmpuint(fixture_timer(&f).seq, ==, seq);
        g_assert_cmpint(fixture_in(&f, (user_read_events(user, seq - 1, count_event, &last, &complete), 0)),
                        ==, 0);
        g_assert_false(complete);
        g_assert_cmpint(fixture_in(&f, (user_read_events(user, seq, count_event, &last, &complete), 0)), ==,
                        0);
        g_assert_true(complete);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/engine/requests/a-read-makes-no-store", test_a_read_makes_no_store);
        g_test_add_func("/engine/requests/start-with-title", test_start_with_title);
        g_test_add_func("/engine/requests/ambiguous-title", test_ambiguous_title);
        g_test_add_func("/engine/requests/busy", test_busy_says_what_runs);
        g_test_add_func("/engine/requests/if-seq", test_if_seq);
        g_test_add_func("/engine/requests/toggle", test_toggle);
        g_test_add_func("/engine/requests/titles", test_titles);
        g_test_add_func("/engine/requests/update-and-remove", test_update_and_remove);
        g_test_add_func("/engine/requests/task-cap", test_task_cap);
        g_test_add_func("/engine/requests/project-cap", test_project_cap);
        g_test_add_func("/engine/requests/settings", test_settings);
        g_test_add_func("/engine/requests/events", test_events);
        return g_test_run();
}
