/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* The functions that the engine calls until it has moved to StoreWrite and cursors. */

#include <errno.h>

#include "common/cleanup.h"
#include "daemon/store/write.h"

int store_commit(Store *store, const Change *change, uint64_t seq, Task *new_task) {
        StoreWrite write;
        Change with_task = *change;
        Task task = {};
        int r = store_write_begin(store, &write);

        if (r < 0)
                return r;
        if (new_task) {
                task = *new_task;
                r = write_task_new(&write, &task);
        }
        for (unsigned i = 0; r == 0 && i < with_task.n_rows; i++)
                if (with_task.rows[i].running.task == STORE_NEW_TASK)
                        with_task.rows[i].running.task = task.id;
        if (r == 0)
                r = write_rows(&write, with_task.rows, with_task.n_rows);
        if (r == 0)
                r = write_machine(&write, &with_task.machine);
        r = store_write_end(&write, r, seq);
        if (r == 0 && new_task)
                *new_task = task;
        return r;
}

#define ONE_WRITE(call)                           \
        StoreWrite write;                         \
        int r = store_write_begin(store, &write); \
                                                  \
        if (r < 0)                                \
                return r;                         \
        r = call;                                 \
        return store_write_end(&write, r, seq)

#define EDIT(call)                                         \
        StoreWrite write;                                  \
        int r = store_write_begin(store, &write);          \
                                                           \
        if (r < 0)                                         \
                return r;                                  \
        store_write_step(&write, "an edit of the log", 0); \
        r = call;                                          \
        return store_write_end(&write, r, seq)

int store_put_setting(Store *store, const char *name, const char *text, uint64_t seq) {
        ONE_WRITE(write_setting(&write, name, text));
}
int store_add_task(Store *store, Task *task, uint64_t seq) {
        ONE_WRITE(write_task_new(&write, task));
}
int store_put_task(Store *store, const Task *task, uint64_t seq) {
        ONE_WRITE(write_task(&write, task));
}
int store_remove_task(Store *store, int64_t id, uint64_t seq, bool *ret_hidden) {
        ONE_WRITE(write_task_removed(&write, id, ret_hidden));
}
int store_add_interval(Store *store, Interval *interval, int64_t next_id, uint64_t seq) {
        EDIT(write_interval_new(&write, interval, next_id));
}
int store_put_interval(Store *store, const Interval *interval, uint64_t seq) {
        EDIT(write_interval(&write, interval));
}
int store_delete_interval(Store *store, int64_t id, uint64_t seq) {
        EDIT(write_interval_removed(&write, id));
}
int store_undo(Store *store, uint64_t seq, int64_t *ret_id, Interval *ret_in_the_way) {
        ONE_WRITE(write_undo(&write, ret_id, ret_in_the_way));
}
int store_redo(Store *store, uint64_t seq, int64_t *ret_id, Interval *ret_in_the_way) {
        ONE_WRITE(write_redo(&write, ret_id, ret_in_the_way));
}
int store_put_claims(Store *store, const Claim *claims, unsigned n, int64_t next_id, uint64_t seq) {
        ONE_WRITE(write_claims(&write, claims, n, next_id));
}
int store_put_synchronised_boot(Store *store, const char *boot_id) {
        uint64_t seq = 0;
        ONE_WRITE(write_synchronised_boot(&write, boot_id));
}

int store_put_rules(Store *store, const RuleSet *set, const Yield *yield, const uint64_t *seq) {
        StoreWrite write;
        int r = store_write_begin(store, &write);

        if (r < 0)
                return r;
        r = write_rules(&write, set, yield);
        return store_write_end(&write, r, *seq + 1);
}

int store_each_task(Store *store, const TaskQuery *query, TaskFunc func, void *userdata) {
        cleanup_(store_cursor_freep) StoreCursor *cursor = NULL;
        Task task;
        int r = store_tasks_read(store, query, &cursor);

        while (r >= 0 && (r = store_tasks_next(cursor, &task)) > 0) {
                r = func(&task, userdata);
                task_done(&task);
                if (r != 0)
                        break;
        }
        return r;
}

int store_each_interval(Store *store, const LogQuery *query, IntervalFunc func, void *userdata) {
        cleanup_(store_cursor_freep) StoreCursor *cursor = NULL;
        Interval interval;
        int r = store_intervals_read(store, query, &cursor);

        while (r >= 0 && (r = store_intervals_next(cursor, &interval)) > 0) {
                r = func(&interval, userdata);
                interval_done(&interval);
                if (r != 0)
                        break;
        }
        return r;
}

int store_each_claim(Store *store, uint64_t from_real_usec, uint64_t to_real_usec, ClaimFunc func,
                void *userdata) {
        cleanup_(store_cursor_freep) StoreCursor *cursor = NULL;
        Claim claim;
        int r = store_claims_read(store, from_real_usec, to_real_usec, &cursor);

        while (r >= 0 && (r = store_claims_next(cursor, &claim)) > 0) {
                r = func(&claim, userdata);
                claim_done(&claim);
                if (r != 0)
                        break;
        }
        return r;
}

int store_backup_each(const char *folder, BackupFunc func, void *userdata) {
        GArray *backups;
        int r = store_backups_list(folder, &backups);

        for (guint i = 0; r == 0 && i < backups->len; i++)
                r = func(&g_array_index(backups, Backup, i), userdata);
        if (r >= 0)
                g_array_unref(backups);
        return r;
}
