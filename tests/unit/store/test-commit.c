/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "tests/unit/store/store-test.h"

/* Everything a machine says comes back, what it says about the running interval included. */
static void test_round_trip(void) {
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);
        Task task = { .title = (char *) "write", .project = (char *) "book" };
        Machine m, loaded;
        Change change;

        g_assert_cmpint(WRITE(store, 1, write_task_new(&write, &task)), ==, 0);
        memset(&m, 0, sizeof(m));
        m.running = (Running){
                .id = 7,
                .kind = INTERVAL_FREEFORM,
                /* Dated back to before this boot: below 0. */
                .started_boot_usec = (uint64_t) -5000000,
                .started_real_usec = T0,
                .offset_sec = -3600,
                .paused_total_usec = 1000,
                .pauses = 2,
                .resumed_boot_usec = (uint64_t) -5000000 + 3000,
                .paused_since_boot_usec = (uint64_t) -5000000 + 9000,
                .internal = 1,
                .external = 2,
                .slept_usec = 5,
                .checkpoint_boot_usec = 70,
                .locked_since_boot_usec = 80,
                .idle_since_boot_usec = 90,
                .absences = 1,
                .task = task.id,
                .overtime = true,
        };
        strcpy(m.running.rule, "summer");
        m.cycle = 3;
        m.break_due = INTERVAL_LONG_BREAK;
        m.carry_task = task.id;
        m.rung_real_usec = T0 - 1;
        m.rung_boot_usec = 50;
        m.next_id = 8;
        m.epoch = 4;
        strcpy(m.boot_id, BOOT_ID);
        m.seen_boot_usec = 100;
        m.seen_mono_usec = 90;
        m.seen_real_usec = T0 + 100;

        change = (Change){ .changed = true, .machine = m };
        change.rows[0] = (Row){ .type = ROW_BEGIN, .id = 7, .running = m.running, .epoch = 4 };
        change.rows[1] = (Row){ .type = ROW_PAUSE, .id = 7, .offset_usec = 2000 };
        change.rows[2] = (Row){ .type = ROW_RESUME, .id = 7, .offset_usec = 2000, .length_usec = 1000 };
        change.rows[3] = (Row){ .type = ROW_INTERRUPT, .id = 7, .offset_usec = 1, .external = true };
        change.rows[4] = (Row){
                .type = ROW_INTERRUPT, .id = 7, .offset_usec = 1, .note = "phone", .external = true
        };
        change.rows[5] = (Row){ .type = ROW_INTERRUPT, .id = 7, .offset_usec = 1 };
        change.rows[6] = (Row){ .type = ROW_ABSENCE, .id = 7, .length_usec = 6, .absence = ABSENCE_IDLE };
        change.rows[7] = (Row){ .type = ROW_PAUSE, .id = 7, .offset_usec = 9000 };
        change.n_rows = 8;
        g_assert_cmpint(commit_change(store, &change, 42), ==, 0);
        store = store_close(store);

        store = store_must_open(folder);
        memset(&loaded, 0, sizeof(loaded));
        g_assert_cmpint(store_machine_load(store, &loaded), ==, 0);
        g_assert_cmpmem(&loaded, sizeof(loaded), &m, sizeof(m));
        g_assert_cmpuint(seq_of(store), ==, 42);
}

static void test_interval(void) {
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);
        cleanup_(interval_done) Interval i = {};
        int64_t id;

        g_assert_cmpint(commit_begin(store, INTERVAL_POMODORO, T0, 0, &id), ==, 0);
        g_assert_cmpint(commit_row(store, &(Row){ .type = ROW_PAUSE, .offset_usec = 100 }), ==, 0);
        g_assert_cmpint(commit_row(store,
                                        &(Row){ .type = ROW_RESUME, .offset_usec = 100, .length_usec = 50 }),
                        ==, 0);
        g_assert_cmpint(commit_row(store, &(Row){ .type = ROW_INTERRUPT, .offset_usec = 200 }), ==, 0);
        g_assert_cmpint(commit_row(store,
                                        &(Row){ .type = ROW_ABSENCE, .offset_usec = 210, .length_usec = 7 }),
                        ==, 0);
        /* It is paused when it ends, and nobody said that the pause did. */
        g_assert_cmpint(commit_row(store, &(Row){ .type = ROW_PAUSE, .offset_usec = 300 }), ==, 0);
        g_assert_cmpint(commit_row(store, &(Row){ .type = ROW_END,
                                                          .outcome = OUTCOME_VOID,
                                                          .length_usec = 320,
                                                          .reason = "stopped",
                                                          .note = "phone" }),
                        ==, 0);

        g_assert_cmpint(store_interval_get(store, id, &i), ==, 0);
        g_assert_cmpint(i.kind, ==, INTERVAL_POMODORO);
        g_assert_cmpint(i.outcome, ==, OUTCOME_VOID);
        g_assert_cmpstr(i.reason, ==, "stopped");
        g_assert_cmpstr(i.note, ==, "phone");
        g_assert_cmpuint(i.started_real_usec, ==, T0);
        g_assert_cmpuint(i.length_usec, ==, 320);
        g_assert_cmpuint(i.paused_usec, ==, 70);
        g_assert_true(i.paused);
        g_assert_cmpuint(i.internal, ==, 1);
        g_assert_cmpuint(i.external, ==, 0);
        g_assert_cmpuint(i.locked_usec, ==, 7);
        g_assert_cmpuint(i.idle_usec, ==, 0);
        g_assert_cmpint(strlen(i.uuid), ==, 36);
        g_assert_cmpint(i.uuid[14], ==, '4');
        g_assert_cmpint(store_interval_get(store, id + 1, &i), ==, -ENOENT);
}

/* A new task, and a change whose first row and machine are on it, in one write. */
static int commit_with_task(Store *store, Change *change, uint64_t seq, Task *task) {
        StoreWrite write;
        int r = store_write_begin(store, &write);

        g_assert_cmpint(r, ==, 0);
        r = write_task_new(&write, task);
        change->rows[0].running.task = change->machine.running.task = task->id;
        if (r == 0)
                r = write_rows(&write, change->rows, change->n_rows);
        if (r == 0)
                r = write_machine(&write, &change->machine);
        return store_write_end(&write, r, seq);
}

static void test_new_task(void) {
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);
        cleanup_(interval_done) Interval i = {};
        Change change = { .changed = true };
        Task task = { .title = (char *) "write" };
        Machine m;

        g_assert_cmpint(store_machine_load(store, &m), ==, 0);
        m.running = (Running){ .id = 1, .kind = INTERVAL_POMODORO, .started_real_usec = T0 };
        m.next_id = 2;
        change.machine = m;
        change.n_rows = 1;
        change.rows[0] = (Row){ .type = ROW_BEGIN, .id = 1, .running = m.running, .epoch = m.epoch };
        g_assert_cmpint(commit_with_task(store, &change, 1, &task), ==, 0);
        g_assert_cmpint(task.id, ==, 1);
        g_assert_cmpint(store_interval_get(store, 1, &i), ==, 0);
        g_assert_cmpint(i.task, ==, 1);
        g_assert_cmpstr(i.task_title, ==, "write");
        g_assert_cmpint(store_machine_load(store, &m), ==, 0);
        g_assert_cmpint(m.running.task, ==, 1);
}

/* A change of which one row cannot be stored leaves nothing behind, and can be committed again. */
static void test_whole_or_not(void) {
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);
        Change change = { .changed = true };
        Task task = { .title = (char *) "write" };
        Machine m, before, after;

        log_one(store, INTERVAL_POMODORO, T0, 25 * USEC_PER_MIN, 0);
        g_assert_cmpint(store_machine_load(store, &before), ==, 0);
        m = before;
        m.running = (Running){ .id = 2, .kind = INTERVAL_FREEFORM, .started_real_usec = T0 + 5 };
        m.next_id = 3;
        m.cycle = 9;
        change.machine = m;
        change.n_rows = 1;
        change.rows[0] = (Row){ .type = ROW_BEGIN, .id = 2, .running = m.running, .epoch = m.epoch };
        g_assert_cmpint(commit_with_task(store, &change, 99, &task), ==, -EEXIST);
        g_assert_cmpint(store_task_get(store, 1, &task), ==, -ENOENT);
        g_assert_cmpuint(seq_of(store), ==, 2);
        g_assert_cmpuint(count_intervals(store), ==, 1);
        g_assert_cmpint(store_machine_load(store, &after), ==, 0);
        g_assert_cmpmem(&after, sizeof(after), &before, sizeof(before));

        change.rows[0].running.started_real_usec = T0 + 25 * USEC_PER_MIN;
        g_assert_cmpint(commit_with_task(store, &change, 99, &task), ==, 0);
        g_assert_cmpint(task.id, ==, 1);
        g_assert_cmpuint(count_intervals(store), ==, 2);
}

static void test_unknown(void) {
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);
        Change change = { .changed = true, .n_rows = 1 };

        /* No such task. */
        g_assert_cmpint(commit_begin(store, INTERVAL_FREEFORM, T0, 12, NULL), ==, -EINVAL);
        /* An id that was given out. */
        log_one(store, INTERVAL_POMODORO, T0, 5, 0);
        g_assert_cmpint(store_machine_load(store, &change.machine), ==, 0);
        change.rows[0] = (Row){ .type = ROW_BEGIN,
                .id = 1,
                .epoch = 1,
                .running = { .id = 1, .kind = INTERVAL_FREEFORM, .started_real_usec = T0 + 10 } };
        g_assert_cmpint(commit_change(store, &change, 7), ==, -EINVAL);
        /* Nothing to write to. */
        change.rows[0] = (Row){ .type = ROW_END, .id = 55 };
        g_assert_cmpint(commit_change(store, &change, 7), ==, -EINVAL);
        g_assert_cmpuint(seq_of(store), ==, 2);
}

static void limit_files(rlim_t bytes) {
        struct rlimit limit;

        g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &limit), ==, 0);
        limit.rlim_cur = bytes;
        g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
}

/* A limit on the size of files is a disk that fills up at a place of our choosing. */
static void test_full(void) {
        folder_ folder = folder_new();
        cleanup_free_ char *wal = folder_file(folder, "pomod.db-wal");
        store_ store = store_must_open(folder);
        Machine before, after;
        unsigned failed = 0;
        int64_t id;

        signal(SIGXFSZ, SIG_IGN);
        for (unsigned n = 0; n < 40; n++) {
                uint64_t at = T0 + n * USEC_PER_HOUR;
                uint64_t seq;

                g_assert_cmpint(store_machine_load(store, &before), ==, 0);
                seq = seq_of(store);
                /* At each of many places within what a commit writes. */
                limit_files((rlim_t) file_size(wal) + n * 700);
                int r = commit_begin(store, INTERVAL_POMODORO, at, 0, &id);
                limit_files(RLIM_INFINITY);

                if (r != 0) {
                        g_assert_cmpint(r, ==, -ENOSPC);
                        g_assert_cmpint(store_machine_load(store, &after), ==, 0);
                        g_assert_cmpmem(&after, sizeof(after), &before, sizeof(before));
                        g_assert_cmpuint(seq_of(store), ==, seq);
                        g_assert_cmpuint(count_intervals(store), ==, n);
                        g_assert_cmpint(commit_begin(store, INTERVAL_POMODORO, at, 0, &id), ==, 0);
                        failed++;
                }
                g_assert_cmpint(commit_end(store, OUTCOME_COMPLETED, USEC_PER_MIN), ==, 0);
        }
        g_assert_cmpuint(failed, >=, 5);
        g_assert_cmpuint(failed, <, 40);
        store = store_close(store);
        store = store_must_open(folder);
        g_assert_cmpuint(count_intervals(store), ==, 40);
        g_assert_cmpuint(count_names(folder, "pomod.db."), ==, 0);
}

static void test_settings(void) {
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);
        Settings settings;
        unsigned ignored;

        g_assert_cmpint(WRITE(store, 3, write_setting(&write, "pomodoro", "50m")), ==, 0);
        g_assert_cmpint(WRITE(store, 4, write_setting(&write, "target", "8")), ==, 0);
        g_assert_cmpint(WRITE(store, 5, write_setting(&write, "target", "9")), ==, 0);
        g_assert_cmpint(WRITE(store, 6, write_setting(&write, "time-zone", "")), ==, 0);
        g_assert_cmpuint(seq_of(store), ==, 6);
        /* From another time, or another hand. */
        g_assert_cmpint(WRITE(store, 7, write_setting(&write, "short-break", "rather long")), ==, 0);
        g_assert_cmpint(WRITE(store, 8, write_setting(&write, "colour", "red")), ==, 0);
        store = store_close(store);

        store = store_must_open(folder);
        g_assert_cmpint(store_settings_load(store, &settings, &ignored), ==, 0);
        g_assert_cmpuint(settings.pomodoro_usec, ==, 50 * USEC_PER_MIN);
        g_assert_cmpuint(settings.target, ==, 9);
        g_assert_cmpuint(settings.short_break_usec, ==, 5 * USEC_PER_MIN);
        g_assert_cmpuint(ignored, ==, 2);

        g_assert_cmpint(WRITE(store, 9, write_setting(&write, "pomodoro", NULL)), ==, 0);
        g_assert_cmpint(store_settings_load(store, &settings, &ignored), ==, 0);
        g_assert_cmpuint(settings.pomodoro_usec, ==, 25 * USEC_PER_MIN);
}

static void test_one_write_at_a_time(void) {
        folder_ folder = NULL;
        store_ store = NULL;
        StoreWrite first, second;

        if (!g_test_subprocess()) {
                g_test_trap_subprocess(NULL, 0, 0);
                g_test_trap_assert_failed();
                g_test_trap_assert_stderr("*store_write_begin*sqlite3_get_autocommit*");
                return;
        }
        folder = folder_new();
        store = store_must_open(folder);
        g_assert_cmpint(store_write_begin(store, &first), ==, 0);
        folder_free(steal(folder));
        (void) store_write_begin(store, &second);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/store/commit/round-trip", test_round_trip);
        g_test_add_func("/store/commit/interval", test_interval);
        g_test_add_func("/store/commit/new-task", test_new_task);
        g_test_add_func("/store/commit/whole-or-not", test_whole_or_not);
        g_test_add_func("/store/commit/unknown", test_unknown);
        g_test_add_func("/store/commit/full", test_full);
        g_test_add_func("/store/commit/settings", test_settings);
        g_test_add_func("/store/commit/one-write-at-a-time", test_one_write_at_a_time);
        return g_test_run();
}
