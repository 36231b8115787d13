/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include <errno.h>

#include "daemon/store/record.h"
#include "daemon/store/write.h"

/* Members that no column has. */
#define SQL_used \
        "(SELECT count(*) FROM intervals WHERE task = t.id AND kind = 'pomodoro' AND outcome = 'completed')"
#define SQL_worked_usec                                                                                         \
        "max(0, (SELECT coalesce(sum(length_usec), 0) FROM intervals WHERE task = t.id)"                        \
        "  - (SELECT coalesce(sum(p.length_usec), 0) FROM intervals AS i JOIN pauses AS p ON p.interval = i.id" \
        "     WHERE i.task = t.id))"
#define STORED(member, type_, column, ...) RECORD_COMMA(type_) "t." column
#define DERIVED(member, ...)               ", " SQL_##member
#define SELECT                             "SELECT " RECORD_READ(TASK_FIELDS, STORED, DERIVED) " FROM tasks AS t "

int write_task_new(StoreWrite *write, Task *task) {
        static const char take_id[] = "UPDATE state SET next_task = next_task + 1 RETURNING next_task - 1";
        static const char insert[] = "INSERT INTO tasks (" RECORD_COLUMNS(
                        TASK_FIELDS) ") VALUES (" RECORD_PARAMETERS(TASK_FIELDS) ")";
        int r;

        r = store_state_error(store_get(write->store, take_id, ">i", &task->id));
        if (r < 0)
                return r;
        record_make_uuid(task->uuid);
        return record_run(write->store, insert, RECORD_PART_STORED, &task_record, task);
}

static int must_be_there(Store *store, int r) {
        return r == 0 && store_changes(store) == 0 ? -ENOENT : r;
}

int write_task(StoreWrite *write, const Task *task) {
        static const char sql[] = "UPDATE tasks SET uuid = uuid" RECORD_EDITS(
                        TASK_FIELDS) " WHERE removed = 0 AND id = ?";

        static const char mend_sql[] =
                        "UPDATE tasks SET uuid = uuid" RECORD_CHANGES(TASK_FIELDS) " WHERE id = ?";
        static const char uuid_sql[] = "UPDATE tasks SET uuid = ?2 WHERE id = ?1";
        Task mended = *task;
        int r;

        r = record_mend(write->store, mend_sql, uuid_sql, &task_record, &mended, mended.uuid);
        if (r < 0)
                return r;
        return must_be_there(
                        write->store, record_run(write->store, sql, RECORD_PART_EDITS, &task_record, task));
}

/* An interval that undo or redo could bring back needs its task as much as one that is there. */
static int is_needed(Store *store, int64_t id, bool *ret_needed) {
        static const char sql[] = "SELECT EXISTS (SELECT 1 FROM intervals WHERE task = ?1)"
                                  " OR EXISTS (SELECT 1 FROM step_rows WHERE tbl = 'intervals'"
                                  "  AND (CASE WHEN json_valid(before) THEN before ->> 'task' END = ?1"
                                  "   OR CASE WHEN json_valid(after) THEN after ->> 'task' END = ?1))";

        return store_get(store, sql, "i>b", id, ret_needed);
}

int write_task_removed(StoreWrite *write, int64_t id, bool *ret_hidden) {
        static const char hide[] = "UPDATE tasks SET removed = 1 WHERE id = ?1 AND removed = 0";
        static const char delete[] = "DELETE FROM tasks WHERE id = ?1 AND removed = 0";
        bool needed;
        int r;

        r = is_needed(write->store, id, &needed);
        if (r == 0)
                r = must_be_there(write->store, store_run(write->store, needed ? hide : delete, "i", id));
        if (r == 0)
                *ret_hidden = needed;
        return r;
}

int store_task_get(Store *store, int64_t id, Task *ret_task) {
        static const char sql[] = SELECT "WHERE t.id = ?1";

        int r = record_get(store, sql, id, &task_record, ret_task);

        return r < 0 ? r : 0;
}

int store_task_find(
                Store *store, const char *title, const char *project, int64_t *ret_id, unsigned *ret_count) {
        static const char sql[] =
                        "SELECT coalesce(min(id), 0), count(*) FROM (SELECT id FROM tasks WHERE title = ?1"
                        " AND done = 0 AND removed = 0 AND (?3 OR project IS ?2) ORDER BY id LIMIT 2)";

        assert(title);
        return store_get(store, sql, "ttb>ic", title, project, project == NULL, ret_id, ret_count);
}

int store_task_count(Store *store, unsigned *ret_tasks, unsigned *ret_projects) {
        static const char sql[] = "SELECT count(*), count(DISTINCT project) FROM tasks WHERE removed = 0";

        return store_get(store, sql, ">cc", ret_tasks, ret_projects);
}

int store_tasks_read(Store *store, const TaskQuery *query, StoreCursor **ret_cursor) {
        static const char sql[] = SELECT "WHERE t.id > ?1 AND t.removed = 0 AND (?2 OR t.done = 0)"
                                         " AND (?4 IS NULL OR has_word(t.tags, ?4)) ORDER BY t.id LIMIT ?3";
        const uint32_t limit = query->limit > 0 ? query->limit : CAP_RECORDS_PER_REPLY;
        statement_ Statement st = {};
        int r;

        r = statement_open(store, sql, &st, "ibct", query->after, query->include_done, limit + CAP_UNSOUND,
                        query->tag);
        if (r < 0)
                return r;
        *ret_cursor = cursor_new(&st);
        (*ret_cursor)->left = limit;
        return 0;
}

int store_tasks_next(StoreCursor *cursor, Task *ret_task) {
        return record_next(cursor, &task_record, ret_task);
}
