/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include <errno.h>
#include <string.h>

#include "tests/unit/store/store-test.h"

static int64_t add(Store *store, const char *title, const char *project) {
        Task task = { .title = (char *) title, .project = (char *) project, .estimate = 3 };

        g_assert_cmpint(WRITE(store, seq_of(store) + 1, write_task_new(&write, &task)), ==, 0);
        g_assert_cmpint(strlen(task.uuid), ==, 36);
        return task.id;
}

static unsigned list(Store *store, int64_t after, bool done, unsigned limit) {
        TaskQuery query = { .after = after, .include_done = done, .limit = limit };
        cleanup_(store_cursor_freep) StoreCursor *cursor = NULL;
        unsigned n = 0;
        Task task;
        int r;

        g_assert_cmpint(store_tasks_read(store, &query, &cursor), ==, 0);
        while ((r = store_tasks_next(cursor, &task)) > 0) {
                task_done(&task);
                n++;
        }
        g_assert_cmpint(r, ==, 0);
        g_assert_cmpint(store_tasks_next(cursor, &task), ==, 0);
        return n;
}

static void test_put(void) {
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);
        cleanup_(task_done) Task task = {};
        int64_t id = add(store, "write", "book");

        g_assert_cmpint(store_task_get(store, id, &task), ==, 0);
        g_assert_cmpstr(task.title, ==, "write");
        g_assert_cmpstr(task.project, ==, "book");
        g_assert_cmpuint(task.estimate, ==, 3);
        g_assert_cmpstr(task.plan_date, ==, "");
        free(task.project);
        task.project = NULL;
        task.done = true;
        task.estimate = 0;
        strcpy(task.plan_date, "2026-07-01");
        g_assert_cmpint(WRITE(store, 7, write_task(&write, &task)), ==, 0);
        g_assert_cmpuint(seq_of(store), ==, 7);
        task_done(&task);

        g_assert_cmpint(store_task_get(store, id, &task), ==, 0);
        g_assert_null(task.project);
        g_assert_true(task.done);
        g_assert_cmpstr(task.plan_date, ==, "2026-07-01");
        task.id = 99;
        g_assert_cmpint(WRITE(store, 8, write_task(&write, &task)), ==, -ENOENT);
        g_assert_cmpuint(seq_of(store), ==, 7);
        g_assert_cmpint(store_task_get(store, 99, &task), ==, -ENOENT);
}

static void test_find(void) {
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);
        cleanup_(task_done) Task task = {};
        int64_t book, paper, found = -1;
        unsigned n;

        book = add(store, "write", "book");
        paper = add(store, "write", "paper");
        g_assert_cmpint(store_task_find(store, "write", NULL, &found, &n), ==, 0);
        g_assert_cmpuint(n, ==, 2);
        g_assert_cmpint(found, ==, book);
        g_assert_cmpint(store_task_find(store, "write", "paper", &found, &n), ==, 0);
        g_assert_cmpuint(n, ==, 1);
        g_assert_cmpint(found, ==, paper);
        g_assert_cmpint(store_task_find(store, "write", "", &found, &n), ==, 0);
        g_assert_cmpuint(n, ==, 0);
        g_assert_cmpint(store_task_find(store, "Write", NULL, &found, &n), ==, 0);
        g_assert_cmpuint(n, ==, 0);

        g_assert_cmpint(store_task_get(store, book, &task), ==, 0);
        task.done = true;
        g_assert_cmpint(WRITE(store, 9, write_task(&write, &task)), ==, 0);
        g_assert_cmpint(store_task_find(store, "write", NULL, &found, &n), ==, 0);
        g_assert_cmpuint(n, ==, 1);
        g_assert_cmpint(found, ==, paper);

        add(store, "read", "paper");
        unsigned tasks, projects;
        g_assert_cmpint(store_task_count(store, &tasks, &projects), ==, 0);
        g_assert_cmpuint(tasks, ==, 3);
        g_assert_cmpuint(projects, ==, 2);
        g_assert_cmpuint(list(store, 0, false, 0), ==, 2);
        g_assert_cmpuint(list(store, 0, true, 0), ==, 3);
        g_assert_cmpuint(list(store, book, true, 0), ==, 2);
        g_assert_cmpuint(list(store, 0, true, 1), ==, 1);
}

static void test_figures(void) {
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);
        cleanup_(task_done) Task task = {};
        int64_t id = add(store, "write", NULL);

        log_one(store, INTERVAL_POMODORO, T0, 100, id);
        g_assert_cmpint(commit_begin(store, INTERVAL_POMODORO, T0 + 100, id, NULL), ==, 0);
        g_assert_cmpint(commit_row(store, &(Row){ .type = ROW_PAUSE, .offset_usec = 5 }), ==, 0);
        g_assert_cmpint(commit_row(store, &(Row){ .type = ROW_RESUME, .length_usec = 10 }), ==, 0);
        g_assert_cmpint(commit_end(store, OUTCOME_VOID, 30), ==, 0);
        log_one(store, INTERVAL_FREEFORM, T0 + 200, 1000, id);
        log_one(store, INTERVAL_FREEFORM, T0 + 2000, 1000, 0);
        g_assert_cmpint(store_task_get(store, id, &task), ==, 0);
        g_assert_cmpuint(task.used, ==, 1);
        g_assert_cmpuint(task.worked_usec, ==, 100 + 20 + 1000);
}

static void test_remove(void) {
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);
        cleanup_(task_done) Task task = {};
        int64_t idle = add(store, "idle", NULL), used = add(store, "used", NULL), undoable, interval, id;
        Interval way;
        bool hidden = false;
        unsigned n;

        g_assert_cmpint(WRITE(store, 5, write_task_removed(&write, idle, &hidden)), ==, 0);
        g_assert_false(hidden);
        g_assert_cmpint(WRITE(store, 6, write_task_removed(&write, idle, &hidden)), ==, -ENOENT);
        g_assert_cmpuint(seq_of(store), ==, 5);
        g_assert_cmpint(store_task_get(store, idle, &task), ==, -ENOENT);

        log_one(store, INTERVAL_POMODORO, T0, 5, used);
        g_assert_cmpint(WRITE(store, 10, write_task_removed(&write, used, &hidden)), ==, 0);
        g_assert_true(hidden);
        g_assert_cmpint(WRITE(store, 11, write_task_removed(&write, used, &hidden)), ==, -ENOENT);
        g_assert_cmpint(store_task_get(store, used, &task), ==, 0);
        g_assert_true(task.removed);
        g_assert_cmpint(WRITE(store, 12, write_task(&write, &task)), ==, -ENOENT);
        g_assert_cmpint(store_task_find(store, "used", NULL, &id, &n), ==, 0);
        g_assert_cmpuint(n, ==, 0);
        g_assert_cmpuint(list(store, 0, true, 0), ==, 0);

        /* Only what undo can bring back needs it. */
        undoable = add(store, "undoable", NULL);
        g_assert_cmpint(undoable, ==, 3);
        interval = log_one(store, INTERVAL_POMODORO, T0 + 10, 5, undoable);
        g_assert_cmpint(EDIT(store, 20, write_interval_removed(&write, interval)), ==, 0);
        g_assert_cmpint(WRITE(store, 21, write_task_removed(&write, undoable, &hidden)), ==, 0);
        g_assert_true(hidden);
        g_assert_cmpint(WRITE(store, 22, write_undo(&write, &id, &way)), ==, 0);

        /* The number of one that is gone is not given again. */
        store = store_close(store);
        store = store_must_open(folder);
        g_assert_cmpint(add(store, "next", NULL), ==, 4);
        g_assert_cmpint(WRITE(store, 23, write_task_removed(&write, 4, &hidden)), ==, 0);
        g_assert_cmpint(add(store, "next", NULL), ==, 5);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/store/tasks/put", test_put);
        g_test_add_func("/store/tasks/find", test_find);
        g_test_add_func("/store/tasks/figures", test_figures);
        g_test_add_func("/store/tasks/remove", test_remove);
        return g_test_run();
}
