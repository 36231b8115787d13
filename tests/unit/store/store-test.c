/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include "tests/unit/store/store-test.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

Store *store_must_open(const char *folder) {
        StoreReport report = {};
        Store *store = NULL;

        g_assert_cmpint(store_open(folder, geteuid(), "alice", true, T0, &store, &report), ==, 0);
        g_assert_null(report.set_aside);
        g_assert_null(report.restored);
        store_report_done(&report);
        return store;
}

Store *store_must_report(const char *folder, uint64_t now, StoreReport *ret_report) {
        Store *store = NULL;

        g_assert_cmpint(store_open(folder, geteuid(), "alice", true, now, &store, ret_report), ==, 0);
        return store;
}

int commit_change(Store *store, const Change *change, uint64_t seq) {
        StoreWrite write;
        int r = store_write_begin(store, &write);

        if (r < 0)
                return r;
        r = write_rows(&write, change->rows, change->n_rows);
        if (r == 0)
                r = write_machine(&write, &change->machine);
        return store_write_end(&write, r, seq);
}

static int commit(Store *store, const Machine *machine, const Row *row) {
        Change change = { .changed = true, .machine = *machine, .n_rows = 1 };

        change.rows[0] = *row;
        return commit_change(store, &change, seq_of(store) + 1);
}

static void load(Store *store, Machine *machine) {
        g_assert_cmpint(store_machine_load(store, machine), ==, 0);
}

int commit_begin(Store *store, IntervalKind kind, uint64_t started, int64_t task, int64_t *ret_id) {
        Machine m;
        Row row;
        int r;

        load(store, &m);
        strcpy(m.boot_id, BOOT_ID);
        m.seen_real_usec = started;
        m.running = (Running){
                .id = m.next_id++,
                .kind = kind,
                .started_boot_usec = 1000,
                .started_real_usec = started,
                .planned_usec = kind == INTERVAL_FREEFORM ? 0 : 25 * USEC_PER_MIN,
                .task = task,
        };
        row = (Row){ .type = ROW_BEGIN, .id = m.running.id, .running = m.running, .epoch = m.epoch };
        r = commit(store, &m, &row);
        if (r == 0 && ret_id)
                *ret_id = m.running.id;
        return r;
}

int commit_row(Store *store, const Row *row) {
        Row copy = *row;
        Machine m;

        load(store, &m);
        copy.id = m.running.id;
        if (row->type == ROW_END)
                m.running = (Running){};
        return commit(store, &m, &copy);
}

int commit_end(Store *store, IntervalOutcome outcome, uint64_t length) {
        return commit_row(store, &(Row){ .type = ROW_END, .outcome = outcome, .length_usec = length });
}

int64_t log_one(Store *store, IntervalKind kind, uint64_t started, uint64_t length, int64_t task) {
        int64_t id;

        g_assert_cmpint(commit_begin(store, kind, started, task, &id), ==, 0);
        g_assert_cmpint(commit_end(store, OUTCOME_COMPLETED, length), ==, 0);
        return id;
}

int64_t next_id(Store *store) {
        Machine m;

        load(store, &m);
        return m.next_id;
}

uint64_t seq_of(Store *store) {
        uint64_t seq;

        g_assert_cmpint(store_seq_load(store, &seq), ==, 0);
        return seq;
}

int read_intervals(Store *store, const LogQuery *query, IntervalFunc func, void *userdata) {
        cleanup_(store_cursor_freep) StoreCursor *cursor = NULL;
        Interval interval;
        int r = store_intervals_read(store, query, &cursor);

        while (r >= 0 && (r = store_intervals_next(cursor, &interval)) > 0) {
                r = r == STORE_HIDDEN ? 0 : func(&interval, userdata);
                interval_done(&interval);
                if (r != 0)
                        break;
        }
        return r;
}

static int count_one(const Interval *interval, void *userdata) {
        ++*(unsigned *) userdata;
        return 0;
}

unsigned count_intervals(Store *store) {
        LogQuery query = { .span = { 0, UINT64_MAX } };
        unsigned n = 0;

        g_assert_cmpint(read_intervals(store, &query, count_one, &n), ==, 0);
        return n;
}

int add_by_hand(Store *store, uint64_t started, uint64_t length, int64_t *ret_id) {
        Interval interval = {
                .id = next_id(store),
                .kind = INTERVAL_FREEFORM,
                .outcome = OUTCOME_COMPLETED,
                .started_real_usec = started,
                .length_usec = length,
                .edited = true,
        };
        int r;

        g_assert_cmpint(store_interval_epoch_at(store, started, &interval.epoch), ==, 0);
        r = EDIT(store, seq_of(store) + 1, write_interval_new(&write, &interval, interval.id + 1));
        if (r == 0 && ret_id)
                *ret_id = interval.id;
        return r;
}

off_t file_size(const char *path) {
        struct stat st;

        return stat(path, &st) < 0 ? -1 : st.st_size;
}

void file_zero(const char *path, off_t offset, size_t length) {
        cleanup_close_ int fd = open(path, O_WRONLY | O_CLOEXEC);
        cleanup_free_ void *zeros = calloc(1, length + 1);

        g_assert_cmpint(fd, >=, 0);
        if (length == 0)
                g_assert_cmpint(ftruncate(fd, offset), ==, 0);
        else
                g_assert_cmpint(pwrite(fd, zeros, length, offset), ==, (ssize_t) length);
}

int64_t file_sql_int(const char *folder, const char *sql) {
        cleanup_free_ char *path = folder_file(folder, "pomod.db");
        sqlite3_stmt *stmt;
        sqlite3 *db;
        int64_t value = -1;

        g_assert_cmpint(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), ==, SQLITE_OK);
        g_assert_cmpint(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), ==, SQLITE_OK);
        if (sqlite3_step(stmt) == SQLITE_ROW)
                value = sqlite3_column_int64(stmt, 0);
        g_assert_cmpint(sqlite3_finalize(stmt), ==, SQLITE_OK);
        g_assert_cmpint(sqlite3_close(db), ==, SQLITE_OK);
        return value;
}

void file_sql(const char *folder, const char *sql) {
        cleanup_free_ char *path = folder_file(folder, "pomod.db");
        sqlite3 *db;

        g_assert_cmpint(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), ==, SQLITE_OK);
        g_assert_cmpint(sqlite3_exec(db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
        g_assert_cmpint(sqlite3_close(db), ==, SQLITE_OK);
}

unsigned count_names(const char *folder, const char *prefix) {
        GDir *dir = g_dir_open(folder, 0, NULL);
        const char *name;
        unsigned n = 0;

        if (!dir)
                return 0;
        while ((name = g_dir_read_name(dir)))
                n += g_str_has_prefix(name, prefix);
        g_dir_close(dir);
        return n;
}
