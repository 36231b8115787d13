/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include <errno.h>
#include <string.h>

#include "daemon/store/sql.h"

#define COLUMNS                                                                                             \
        "t.id, t.uuid, t.title, t.project, t.estimate, t.done, t.removed, t.plan_date,"                     \
        " (SELECT count(*) FROM intervals WHERE task = t.id AND kind = 'pomodoro' AND outcome = "           \
        "'completed'),"                                                                                     \
        " (SELECT coalesce(sum(length_usec), 0) FROM intervals WHERE task = t.id)"                          \
        "  - (SELECT coalesce(sum(p.length_usec), 0) FROM intervals AS i JOIN pauses AS p ON p.interval = " \
        "i.id"                                                                                              \
        "     WHERE i.task = t.id) FROM tasks AS t "

static int read_task(Statement *st, Task *ret_task) {
        Task t = { 0 };
        int64_t worked;
        int r;

        t.id = sqlite3_column_int64(st->stmt, 0);
        column_chars(st, 1, t.uuid, sizeof t.uuid);
        t.estimate = (uint32_t) sqlite3_column_int64(st->stmt, 4);
        t.done = sqlite3_column_int(st->stmt, 5) != 0;
        t.removed = sqlite3_column_int(st->stmt, 6) != 0;
        column_chars(st, 7, t.plan_date, sizeof t.plan_date);
        t.used = (uint32_t) sqlite3_column_int64(st->stmt, 8);
        worked = sqlite3_column_int64(st->stmt, 9);
        t.worked_usec = worked > 0 ? (uint64_t) worked : 0;

        r = column_copy(st, 2, &t.title);
        if (r == 0)
                r = column_copy(st, 3, &t.project);
        if (r < 0) {
                task_done(&t);
                return r;
        }
        *ret_task = t;
        return 0;
}

int task_insert(Store *store, Task *task) {
        static const char next[] = "UPDATE state SET next_task = next_task + 1 RETURNING next_task - 1";
        static const char insert[] = "INSERT INTO tasks (id, uuid, title, project, estimate, done, plan_date)"
                                     " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        statement_ Statement id = { 0 }, st = { 0 };
        int r;

        r = statement_find_state(store, next, &id);
        if (r < 0)
                return r;
        task->id = sqlite3_column_int64(id.stmt, 0);
        statement_release(&id);

        r = uuid_make(task->uuid);
        if (r < 0)
                return r;
        r = statement_get(store, insert, &st);
        if (r < 0)
                return r;
        bind_int(&st, 1, task->id);
        bind_text(&st, 2, task->uuid);
        bind_text(&st, 3, task->title);
        bind_text(&st, 4, task->project);
        bind_int(&st, 5, task->estimate);
        bind_int(&st, 6, task->done);
        bind_text(&st, 7, task->plan_date);
        return statement_run(&st);
}

int store_add_task(Store *store, Task *task, uint64_t seq) {
        Task added = *task;
        int r;

        r = store_begin(store);
        if (r < 0)
                return r;
        r = store_end(store, task_insert(store, &added), seq);
        if (r < 0)
                return r;
        task->id = added.id;
        memcpy(task->uuid, added.uuid, sizeof task->uuid);
        return 0;
}

static int update_task(Store *store, const Task *task) {
        static const char sql[] =
                        "UPDATE tasks SET title = ?2, project = ?3, estimate = ?4, done = ?5, plan_date = ?6"
                        " WHERE id = ?1 AND removed = 0";
        statement_ Statement st = { 0 };
        int r;

        r = statement_get(store, sql, &st);
        if (r < 0)
                return r;
        bind_int(&st, 1, task->id);
        bind_text(&st, 2, task->title);
        bind_text(&st, 3, task->project);
        bind_int(&st, 4, task->estimate);
        bind_int(&st, 5, task->done);
        bind_text(&st, 6, task->plan_date);
        r = statement_run(&st);
        return r == 0 && sqlite3_changes(store->db) == 0 ? -ENOENT : r;
}

int store_put_task(Store *store, const Task *task, uint64_t seq) {
        int r = store_begin(store);

        if (r < 0)
                return r;
        return store_end(store, update_task(store, task), seq);
}

/* An interval that undo or redo could bring back needs its task as much as one that is there. */
static int task_is_needed(Store *store, int64_t id) {
        static const char sql[] = "SELECT EXISTS (SELECT 1 FROM intervals WHERE task = ?1)"
                                  " OR EXISTS (SELECT 1 FROM edits WHERE before ->> 'task' = ?1 OR after ->> "
                                  "'task' = ?1)";
        statement_ Statement st = { 0 };
        int r;

        r = statement_find(store, sql, id, &st);
        return r < 0 ? r : sqlite3_column_int(st.stmt, 0);
}

static int remove_task(Store *store, int64_t id, bool hide) {
        static const char hidden[] = "UPDATE tasks SET removed = 1 WHERE id = ?1 AND removed = 0";
        static const char deleted[] = "DELETE FROM tasks WHERE id = ?1 AND removed = 0";
        int r = statement_run_with(store, hide ? hidden : deleted, id);

        return r == 0 && sqlite3_changes(store->db) == 0 ? -ENOENT : r;
}

int store_remove_task(Store *store, int64_t id, uint64_t seq, bool *ret_hidden) {
        int r, needed;

        r = store_begin(store);
        if (r < 0)
                return r;
        needed = task_is_needed(store, id);
        r = needed < 0 ? needed : remove_task(store, id, needed > 0);
        r = store_end(store, r, seq);
        if (r == 0)
                *ret_hidden = needed > 0;
        return r;
}

int store_get_task(Store *store, int64_t id, Task *ret_task) {
        static const char sql[] = "SELECT " COLUMNS "WHERE t.id = ?1";
        statement_ Statement st = { 0 };
        int r;

        r = statement_find(store, sql, id, &st);
        return r < 0 ? r : read_task(&st, ret_task);
}

int store_find_task(
                Store *store, const char *title, const char *project, int64_t *ret_id, unsigned *ret_count) {
        static const char sql[] = "SELECT id FROM tasks WHERE title = ?1 AND done = 0 AND removed = 0"
                                  " AND (?3 OR project IS ?2) ORDER BY id LIMIT 2";
        statement_ Statement st = { 0 };
        int64_t id = 0;
        unsigned count = 0;
        int r;

        r = statement_get(store, sql, &st);
        if (r < 0)
                return r;
        bind_text(&st, 1, title);
        bind_text(&st, 2, project);
        bind_int(&st, 3, project == NULL);
        while ((r = statement_step(&st)) > 0)
                if (count++ == 0)
                        id = sqlite3_column_int64(st.stmt, 0);
        if (r < 0)
                return r;
        *ret_id = id;
        *ret_count = count;
        return 0;
}

int store_count_tasks(Store *store, unsigned *ret_tasks, unsigned *ret_projects) {
        statement_ Statement st = { 0 };
        int r;

        r = statement_get(
                        store, "SELECT count(*), count(DISTINCT project) FROM tasks WHERE removed = 0", &st);
        if (r < 0)
                return r;
        r = statement_step(&st);
        if (r < 0)
                return r;
        *ret_tasks = (unsigned) sqlite3_column_int64(st.stmt, 0);
        *ret_projects = (unsigned) sqlite3_column_int64(st.stmt, 1);
        return 0;
}

int store_each_task(Store *store, const TaskQuery *query, TaskFunc func, void *userdata) {
        static const char sql[] = "SELECT " COLUMNS "WHERE t.id > ?1 AND t.removed = 0 AND (?2 OR t.done = 0)"
                                  " ORDER BY t.id LIMIT ?3";
        statement_ Statement st = { 0 };
        int r;

        r = statement_get(store, sql, &st);
        if (r < 0)
                return r;
        bind_int(&st, 1, query->after);
        bind_int(&st, 2, query->include_done);
        bind_int(&st, 3, query->limit > 0 ? query->limit : CAP_RECORDS_PER_REPLY);

        while ((r = statement_step(&st)) > 0) {
                Task task;

                r = read_task(&st, &task);
                if (r == 0) {
                        r = func(&task, userdata);
                        task_done(&task);
                }
                if (r != 0)
                        break;
        }
        return r;
}
