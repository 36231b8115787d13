/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include <errno.h>
#include <string.h>

#include "daemon/store/sql.h"
#include "daemon/store/write.h"

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

int write_task_new(StoreWrite *write, Task *task) {
        static const char next[] = "UPDATE state SET next_task = next_task + 1 RETURNING next_task - 1";
        static const char insert[] = "INSERT INTO tasks (id, uuid, title, project, estimate, done, plan_date)"
                                     " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        statement_ Statement id = { 0 }, st = { 0 };
        int r;

        r = statement_find_state(write->store, next, &id);
        if (r < 0)
                return r;
        task->id = sqlite3_column_int64(id.stmt, 0);
        statement_release(&id);

        r = uuid_make(task->uuid);
        if (r < 0)
                return r;
        r = statement_get(write->store, insert, &st);
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

int write_task(StoreWrite *write, const Task *task) {
        static const char sql[] =
                        "UPDATE tasks SET title = ?2, project = ?3, estimate = ?4, done = ?5, plan_date = ?6"
                        " WHERE id = ?1 AND removed = 0";
        statement_ Statement st = { 0 };
        int r;

        r = statement_get(write->store, sql, &st);
        if (r < 0)
                return r;
        bind_int(&st, 1, task->id);
        bind_text(&st, 2, task->title);
        bind_text(&st, 3, task->project);
        bind_int(&st, 4, task->estimate);
        bind_int(&st, 5, task->done);
        bind_text(&st, 6, task->plan_date);
        r = statement_run(&st);
        return r == 0 && sqlite3_changes(write->store->db) == 0 ? -ENOENT : r;
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

int write_task_removed(StoreWrite *write, int64_t id, bool *ret_hidden) {
        int r, needed;

        needed = task_is_needed(write->store, id);
        if (needed < 0)
                return needed;
        r = remove_task(write->store, id, needed > 0);
        if (r == 0)
                *ret_hidden = needed > 0;
        return r;
}

int store_task_get(Store *store, int64_t id, Task *ret_task) {
        static const char sql[] = "SELECT " COLUMNS "WHERE t.id = ?1";
        statement_ Statement st = { 0 };
        int r;

        r = statement_find(store, sql, id, &st);
        return r < 0 ? r : read_task(&st, ret_task);
}

int store_task_find(
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

int store_task_count(Store *store, unsigned *ret_tasks, unsigned *ret_projects) {
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

int store_tasks_read(Store *store, const TaskQuery *query, StoreCursor **ret_cursor) {
        static const char sql[] = "SELECT " COLUMNS "WHERE t.id > ?1 AND t.removed = 0 AND (?2 OR t.done = 0)"
                                  " ORDER BY t.id LIMIT ?3";
        cleanup_(store_cursor_freep) StoreCursor *cursor = NULL;
        int r;

        r = cursor_new(store, sql, &cursor);
        if (r < 0)
                return r;
        bind_int(&cursor->st, 1, query->after);
        bind_int(&cursor->st, 2, query->include_done);
        bind_int(&cursor->st, 3, query->limit > 0 ? query->limit : CAP_RECORDS_PER_REPLY);
        *ret_cursor = steal(cursor);
        return 0;
}

int store_tasks_next(StoreCursor *cursor, Task *ret_task) {
        int r = cursor_step(cursor);

        if (r <= 0)
                return r;
        r = read_task(&cursor->st, ret_task);
        return r < 0 ? r : 1;
}
