/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include <errno.h>
#include <string.h>

#include "tests/unit/store/store-test.h"

static void get(Store *store, int64_t id, Interval *interval) {
        interval_done(interval);
        g_assert_cmpint(store_interval_get(store, id, interval), ==, 0);
}

static void assert_same(const Interval *a, const Interval *b) {
        g_assert_cmpint(a->id, ==, b->id);
        g_assert_cmpstr(a->uuid, ==, b->uuid);
        g_assert_cmpint(a->kind, ==, b->kind);
        g_assert_cmpint(a->outcome, ==, b->outcome);
        g_assert_cmpstr(a->reason, ==, b->reason);
        g_assert_cmpstr(a->note, ==, b->note);
        g_assert_cmpstr(a->rule, ==, b->rule);
        g_assert_cmpuint(a->started_real_usec, ==, b->started_real_usec);
        g_assert_cmpint(a->offset_sec, ==, b->offset_sec);
        g_assert_cmpuint(a->length_usec, ==, b->length_usec);
        g_assert_cmpuint(a->planned_usec, ==, b->planned_usec);
        g_assert_cmpuint(a->extended_usec, ==, b->extended_usec);
        g_assert_cmpuint(a->paused_usec, ==, b->paused_usec);
        g_assert_cmpint(a->paused, ==, b->paused);
        g_assert_cmpuint(a->internal, ==, b->internal);
        g_assert_cmpuint(a->external, ==, b->external);
        g_assert_cmpuint(a->locked_usec, ==, b->locked_usec);
        g_assert_cmpuint(a->idle_usec, ==, b->idle_usec);
        g_assert_cmpuint(a->epoch, ==, b->epoch);
        g_assert_cmpint(a->overtime, ==, b->overtime);
        g_assert_cmpint(a->edited, ==, b->edited);
        g_assert_cmpint(a->task, ==, b->task);
        g_assert_cmpstr(a->task_title, ==, b->task_title);
}

/* 100 µs long, paused in [20, 40) and [60, 70), interrupted at 50, locked in [80, 90). */
static int64_t log_rich(Store *store, uint64_t started) {
        Task task = { .title = (char *) "write" };
        int64_t id = 0;

        g_assert_cmpint(WRITE(store, seq_of(store) + 1, write_task_new(&write, &task)), ==, 0);
        g_assert_cmpint(commit_begin(store, INTERVAL_POMODORO, started, task.id, &id), ==, 0);
        g_assert_cmpint(commit_row(store, &(Row){ .type = ROW_PAUSE, .offset_usec = 20 }), ==, 0);
        g_assert_cmpint(commit_row(store, &(Row){ .type = ROW_RESUME, .length_usec = 20 }), ==, 0);
        g_assert_cmpint(commit_row(store, &(Row){ .type = ROW_INTERRUPT,
                                                          .offset_usec = 50,
                                                          .external = true,
                                                          .note = "phone \"rang\"" }),
                        ==, 0);
        g_assert_cmpint(commit_row(store, &(Row){ .type = ROW_PAUSE, .offset_usec = 60 }), ==, 0);
        g_assert_cmpint(commit_row(store, &(Row){ .type = ROW_RESUME, .length_usec = 10 }), ==, 0);
        g_assert_cmpint(commit_row(store,
                                        &(Row){ .type = ROW_ABSENCE, .offset_usec = 80, .length_usec = 10 }),
                        ==, 0);
        g_assert_cmpint(commit_row(store, &(Row){ .type = ROW_END,
                                                          .outcome = OUTCOME_VOID,
                                                          .length_usec = 100,
                                                          .reason = "stopped" }),
                        ==, 0);
        return id;
}

static void undo(Store *store, int64_t expected) {
        Interval in_the_way;
        int64_t id = 0;

        g_assert_cmpint(WRITE(store, seq_of(store) + 1, write_undo(&write, &id, &in_the_way)), ==, 0);
        g_assert_cmpint(id, ==, expected);
}

static void redo(Store *store, int64_t expected) {
        Interval in_the_way;
        int64_t id = 0;

        g_assert_cmpint(WRITE(store, seq_of(store) + 1, write_redo(&write, &id, &in_the_way)), ==, 0);
        g_assert_cmpint(id, ==, expected);
}

static void test_add(void) {
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);
        cleanup_(interval_done) Interval before = {}, after = {};
        Interval way;
        int64_t id = 0;

        g_assert_cmpint(WRITE(store, 1, write_undo(&write, &id, &way)), ==, -ENOENT);
        g_assert_cmpint(WRITE(store, 1, write_redo(&write, &id, &way)), ==, -ENOENT);
        g_assert_cmpint(add_by_hand(store, T0, 100, &id), ==, 0);
        g_assert_cmpint(id, ==, 1);
        g_assert_cmpint(next_id(store), ==, 2);
        get(store, id, &before);
        undo(store, id);
        g_assert_cmpuint(count_intervals(store), ==, 0);
        /* The number is not given to anything else. */
        g_assert_cmpint(next_id(store), ==, 2);
        redo(store, id);
        get(store, id, &after);
        assert_same(&after, &before);
        g_assert_cmpint(WRITE(store, 1, write_redo(&write, &id, &way)), ==, -ENOENT);
}

static void test_delete(void) {
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);
        cleanup_(interval_done) Interval before = {}, after = {};
        int64_t id = log_rich(store, T0);

        get(store, id, &before);
        g_assert_cmpuint(before.paused_usec, ==, 30);
        g_assert_cmpint(EDIT(store, seq_of(store) + 1, write_interval_removed(&write, id)), ==, 0);
        g_assert_cmpint(EDIT(store, seq_of(store) + 1, write_interval_removed(&write, id)), ==, -ENOENT);
        g_assert_cmpuint(count_intervals(store), ==, 0);

        /* What can be taken back outlives the daemon. */
        store = store_close(store);
        g_assert_cmpint(file_sql_int(folder, "SELECT count(*) FROM pauses"), ==, 0);
        store = store_must_open(folder);
        undo(store, id);
        get(store, id, &after);
        assert_same(&after, &before);
        redo(store, id);
        g_assert_cmpuint(count_intervals(store), ==, 0);
        undo(store, id);
        store = store_close(store);
        g_assert_cmpint(file_sql_int(folder,
                                        "SELECT count(*) FROM interruptions WHERE note = 'phone \"rang\"'"),
                        ==, 1);
}

static void test_put(void) {
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);
        cleanup_(interval_done) Interval before = {}, edited = {}, after = {};
        int64_t id = log_rich(store, T0);

        get(store, id, &before);
        get(store, id, &edited);
        edited.note = strdup("a note");
        edited.edited = true;
        edited.task = 0;
        edited.overtime = true;
        edited.kind = INTERVAL_FREEFORM;
        /* [30, 65): cut at both ends. */
        edited.started_real_usec += 30;
        edited.length_usec = 35;
        g_assert_cmpint(EDIT(store, seq_of(store) + 1, write_interval(&write, &edited)), ==, 0);

        get(store, id, &after);
        g_assert_cmpstr(after.note, ==, "a note");
        g_assert_true(after.edited);
        g_assert_cmpint(after.task, ==, 0);
        g_assert_null(after.task_title);
        g_assert_cmpint(after.kind, ==, INTERVAL_FREEFORM);
        g_assert_cmpuint(after.paused_usec, ==, 10 + 5);
        g_assert_cmpuint(after.external, ==, 1);
        g_assert_cmpuint(after.locked_usec, ==, 0);
        interval_done(&edited);
        interval_copy(&after, &edited);

        undo(store, id);
        get(store, id, &after);
        assert_same(&after, &before);
        redo(store, id);
        get(store, id, &after);
        assert_same(&after, &edited);

        edited.id = 99;
        g_assert_cmpint(EDIT(store, seq_of(store) + 1, write_interval(&write, &edited)), ==, -ENOENT);
}

static void test_move(void) {
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);
        cleanup_(interval_done) Interval edited = {};
        int64_t id = log_rich(store, T0);

        get(store, id, &edited);
        edited.started_real_usec += USEC_PER_HOUR;
        g_assert_cmpint(EDIT(store, seq_of(store) + 1, write_interval(&write, &edited)), ==, 0);
        get(store, id, &edited);
        g_assert_cmpuint(edited.paused_usec, ==, 30);
        g_assert_cmpuint(edited.locked_usec, ==, 10);
}

static void test_overlap(void) {
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);
        cleanup_(interval_done) Interval edited = {}, way = {};
        int64_t first, second, id = 0;

        first = log_one(store, INTERVAL_POMODORO, T0, 100, 0);
        second = log_one(store, INTERVAL_POMODORO, T0 + 200, 100, 0);
        get(store, second, &edited);
        edited.started_real_usec = T0 + 99;
        edited.length_usec = 150;
        g_assert_cmpint(EDIT(store, 50, write_interval(&write, &edited)), ==, -EEXIST);
        edited.started_real_usec = T0 + 100;
        g_assert_cmpint(EDIT(store, seq_of(store) + 1, write_interval(&write, &edited)), ==, 0);

        /* Another takes the room that the deleted one had. */
        g_assert_cmpint(EDIT(store, seq_of(store) + 1, write_interval_removed(&write, first)), ==, 0);
        log_one(store, INTERVAL_FREEFORM, T0 + 300, 10, 0);
        g_assert_cmpint(WRITE(store, seq_of(store) + 1, write_undo(&write, &id, &way)), ==, 0);
        g_assert_cmpint(id, ==, first);
        redo(store, first);
        file_sql(folder, "UPDATE intervals SET started_usec = started_usec - 50 WHERE id = 2");
        g_assert_cmpint(WRITE(store, seq_of(store) + 1, write_undo(&write, &id, &way)), ==, -EEXIST);
        g_assert_cmpint(way.id, ==, second);
        g_assert_cmpuint(count_intervals(store), ==, 2);
        /* It can still be taken back once there is room. */
        file_sql(folder, "UPDATE intervals SET started_usec = started_usec + 50 WHERE id = 2");
        undo(store, first);
        g_assert_cmpuint(count_intervals(store), ==, 3);
}

static void test_running(void) {
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);
        cleanup_(interval_done) Interval edited = {}, after = {};
        int64_t id = 0;

        g_assert_cmpint(commit_begin(store, INTERVAL_POMODORO, T0, 0, &id), ==, 0);
        g_assert_cmpint(EDIT(store, 9, write_interval_removed(&write, id)), ==, -EBUSY);
        get(store, id, &edited);
        edited.note = strdup("deep");
        edited.edited = true;
        /* As far as a reader saw it: not what is stored. */
        edited.length_usec = 4711;
        g_assert_cmpint(EDIT(store, seq_of(store) + 1, write_interval(&write, &edited)), ==, 0);
        get(store, id, &after);
        g_assert_cmpstr(after.note, ==, "deep");
        g_assert_cmpuint(after.length_usec, ==, 0);

        g_assert_cmpint(commit_end(store, OUTCOME_COMPLETED, 1500), ==, 0);
        undo(store, id);
        get(store, id, &after);
        g_assert_null(after.note);
        g_assert_cmpint(after.outcome, ==, OUTCOME_COMPLETED);
        g_assert_cmpuint(after.length_usec, ==, 1500);
}

static void test_stack(void) {
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);
        cleanup_(interval_done) Interval interval = {};
        Interval way;
        int64_t id = 0;
        unsigned n;

        for (n = 0; n < CAP_UNDO + 5; n++)
                g_assert_cmpint(add_by_hand(store, T0 + n * 10, 5, NULL), ==, 0);
        for (n = 0; WRITE(store, seq_of(store) + 1, write_undo(&write, &id, &way)) == 0; n++)
                g_assert_cmpint(id, ==, CAP_UNDO + 5 - n);
        g_assert_cmpuint(n, ==, CAP_UNDO);
        g_assert_cmpuint(count_intervals(store), ==, 5);
        redo(store, 6);
        redo(store, 7);

        /* A new edit: what was undone is gone for good. */
        get(store, 7, &interval);
        interval.length_usec = 3;
        g_assert_cmpint(EDIT(store, seq_of(store) + 1, write_interval(&write, &interval)), ==, 0);
        g_assert_cmpint(WRITE(store, seq_of(store) + 1, write_redo(&write, &id, &way)), ==, -ENOENT);
        undo(store, 7);
        undo(store, 7);
        undo(store, 6);
        g_assert_cmpint(WRITE(store, seq_of(store) + 1, write_undo(&write, &id, &way)), ==, -ENOENT);
        g_assert_cmpint(next_id(store), ==, CAP_UNDO + 6);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/store/edits/add", test_add);
        g_test_add_func("/store/edits/delete", test_delete);
        g_test_add_func("/store/edits/put", test_put);
        g_test_add_func("/store/edits/move", test_move);
        g_test_add_func("/store/edits/overlap", test_overlap);
        g_test_add_func("/store/edits/running", test_running);
        g_test_add_func("/store/edits/stack", test_stack);
        return g_test_run();
}
