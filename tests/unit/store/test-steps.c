/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* A step of undo is all that one write changed, and only so many of them are kept. */

#include <errno.h>
#include <string.h>

#include "tests/unit/store/store-test.h"

static int64_t count_steps(const char *folder) {
        return file_sql_int(folder, "SELECT count(*) FROM steps");
}

static int undo(Store *store) {
        Interval way;
        int64_t id = 0;

        return WRITE(store, seq_of(store) + 1, write_undo(&write, &id, &way));
}

static int redo(Store *store) {
        Interval way;
        int64_t id = 0;

        return WRITE(store, seq_of(store) + 1, write_redo(&write, &id, &way));
}

static char *note_of(Store *store, int64_t id) {
        Interval interval;
        char *note;

        g_assert_cmpint(store_interval_get(store, id, &interval), ==, 0);
        note = g_strdup(interval.note ? interval.note : "");
        interval_done(&interval);
        return note;
}

static void assert_note(Store *store, int64_t id, const char *expected) {
        cleanup_free_ char *note = note_of(store, id);

        g_assert_cmpstr(note, ==, expected);
}

static int set_note(StoreWrite *write, int64_t id, const char *note) {
        Interval interval;
        int r;

        r = store_interval_get(write->store, id, &interval);
        if (r < 0)
                return r;
        g_free(interval.note);
        interval.note = g_strdup(note);
        r = write_interval(write, &interval);
        interval_done(&interval);
        return r;
}

/* Two rows, one of them written twice, and one that is gone. */
static int change_three(StoreWrite *write, int64_t first) {
        int r;

        r = set_note(write, first, "once");
        if (r == 0)
                r = set_note(write, first, "twice");
        if (r == 0)
                r = set_note(write, first + 1, "second");
        return r < 0 ? r : write_interval_removed(write, first + 2);
}

static void test_rows(void) {
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);
        int64_t first = log_one(store, INTERVAL_POMODORO, T0, 10, 0);

        log_one(store, INTERVAL_POMODORO, T0 + 10, 10, 0);
        log_one(store, INTERVAL_POMODORO, T0 + 20, 10, 0);
        g_assert_cmpint(EDIT(store, seq_of(store) + 1, change_three(&write, first)), ==, 0);
        g_assert_cmpint(count_steps(folder), ==, 1);
        g_assert_cmpint(file_sql_int(folder, "SELECT count(*) FROM step_rows"), ==, 3);
        g_assert_cmpint(file_sql_int(folder,
                                        "SELECT bytes = (SELECT sum(length(before) + ifnull(length(after), 0)) FROM step_rows) AND at_usec > 0 AND sentence = 'an edit' FROM steps"),
                        ==, 1);

        g_assert_cmpint(undo(store), ==, 0);
        assert_note(store, first, "");
        assert_note(store, first + 1, "");
        g_assert_cmpuint(count_intervals(store), ==, 3);
        g_assert_cmpint(redo(store), ==, 0);
        assert_note(store, first, "twice");
        assert_note(store, first + 1, "second");
        g_assert_cmpuint(count_intervals(store), ==, 2);

        /* One row is in the way of another: none is put back. */
        g_assert_cmpint(WRITE(store, seq_of(store) + 1,
                                        write_interval_new(&write,
                                                        &(Interval){ .id = 9,
                                                                        .kind = INTERVAL_FREEFORM,
                                                                        .outcome = OUTCOME_COMPLETED,
                                                                        .epoch = 1,
                                                                        .started_real_usec = T0 + 25,
                                                                        .length_usec = 1 },
                                                        10)),
                        ==, 0);
        g_assert_cmpint(undo(store), ==, -EEXIST);
        assert_note(store, first, "twice");
        assert_note(store, first + 1, "second");
}

/* Without store_write_step() there is none, and what could be redone still can. */
static void test_no_step(void) {
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);
        int64_t id = log_one(store, INTERVAL_POMODORO, T0, 10, 0);

        g_assert_cmpint(WRITE(store, 0, set_note(&write, id, "no step")), ==, 0);
        g_assert_cmpint(undo(store), ==, -ENOENT);
        g_assert_cmpint(EDIT(store, 0, set_note(&write, id, "a step")), ==, 0);
        g_assert_cmpint(undo(store), ==, 0);
        /* A step that nothing was noted of, and one that failed. */
        g_assert_cmpint(EDIT(store, 0, write_setting(&write, "target", "8")), ==, 0);
        g_assert_cmpint(EDIT(store, 0, set_note(&write, id + 1, "nobody's")), ==, -ENOENT);
        g_assert_cmpint(count_steps(folder), ==, 1);
        g_assert_cmpint(redo(store), ==, 0);
        assert_note(store, id, "a step");
}

/* The number of a step is not given again, though it is gone, or known only to a store that was replaced. */
static void test_numbers(void) {
        StoreReport report = {};
        char backup[BACKUP_NAME_MAX];
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);
        int64_t id = log_one(store, INTERVAL_POMODORO, T0, 10, 0);

        g_assert_cmpint(EDIT(store, 0, set_note(&write, id, "1")), ==, 0);
        g_assert_cmpint(undo(store), ==, 0);
        g_assert_cmpint(EDIT(store, 0, set_note(&write, id, "2")), ==, 0);
        g_assert_cmpint(count_steps(folder), ==, 1);
        g_assert_cmpint(file_sql_int(folder, "SELECT number FROM steps"), ==, 2);

        g_assert_cmpint(store_backup_make(folder, T0, backup), ==, 0);
        g_assert_cmpint(EDIT(store, 0, set_note(&write, id, "3")), ==, 0);
        g_assert_cmpint(store_backup_restore(store, backup, T0, &report), ==, 0);
        store_report_done(&report);
        g_assert_cmpint(EDIT(store, 0, set_note(&write, id, "4")), ==, 0);
        g_assert_cmpint(file_sql_int(folder, "SELECT max(number) FROM steps"), ==, 4);
}

static void test_cap(void) {
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);
        int64_t id = log_one(store, INTERVAL_POMODORO, T0, 10, 0);

        for (unsigned n = 0; n < CAP_UNDO; n++) {
                cleanup_free_ char *note = g_strdup_printf("%u", n);

                g_assert_cmpint(EDIT(store, 0, set_note(&write, id, note)), ==, 0);
        }
        g_assert_cmpint(count_steps(folder), ==, CAP_UNDO);
        g_assert_cmpint(file_sql_int(folder, "SELECT min(number) FROM steps"), ==, 1);
        g_assert_cmpint(EDIT(store, 0, set_note(&write, id, "one more")), ==, 0);
        g_assert_cmpint(count_steps(folder), ==, CAP_UNDO);
        g_assert_cmpint(file_sql_int(folder, "SELECT min(number) FROM steps"), ==, 2);
        g_assert_cmpint(file_sql_int(folder, "SELECT min(step) FROM step_rows"), ==, 2);
}

/* Two steps, and then one of which all three have more than so many bytes. */
static void fill(const char *folder, Store *store, int64_t id, uint64_t more) {
        cleanup_free_ char *sql = NULL;
        int64_t size;

        g_assert_cmpint(EDIT(store, 0, set_note(&write, id, "a")), ==, 0);
        g_assert_cmpint(EDIT(store, 0, set_note(&write, id, "b")), ==, 0);
        size = file_sql_int(folder, "SELECT bytes FROM steps ORDER BY number DESC LIMIT 1");
        sql = g_strdup_printf("UPDATE steps SET bytes = %" G_GINT64_FORMAT " WHERE number = 1",
                        (int64_t) (CAP_UNDO_BYTES + more) - 2 * size);
        file_sql(folder, sql);
        g_assert_cmpint(EDIT(store, 0, set_note(&write, id, "c")), ==, 0);
}

static void test_cap_bytes(void) {
        for (unsigned more = 0; more <= 1; more++) {
                folder_ folder = folder_new();
                store_ store = store_must_open(folder);
                int64_t id = log_one(store, INTERVAL_POMODORO, T0, 10, 0);

                fill(folder, store, id, more);
                g_assert_cmpint(count_steps(folder), ==, 3 - more);
                for (unsigned n = 0; n < 3 - more; n++)
                        g_assert_cmpint(undo(store), ==, 0);
                g_assert_cmpint(undo(store), ==, -ENOENT);
        }
}

/* The newest is kept, however large. */
static void test_large(void) {
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);
        cleanup_free_ char *large = g_strnfill(CAP_UNDO_BYTES, 'x');
        int64_t id = log_one(store, INTERVAL_POMODORO, T0, 10, 0);

        g_assert_cmpint(EDIT(store, 0, set_note(&write, id, "small")), ==, 0);
        g_assert_cmpint(EDIT(store, 0, set_note(&write, id, large)), ==, 0);
        g_assert_cmpint(count_steps(folder), ==, 1);
        g_assert_cmpint(undo(store), ==, 0);
        assert_note(store, id, "small");
        g_assert_cmpint(undo(store), ==, -ENOENT);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/store/steps/rows", test_rows);
        g_test_add_func("/store/steps/none", test_no_step);
        g_test_add_func("/store/steps/numbers", test_numbers);
        g_test_add_func("/store/steps/cap", test_cap);
        g_test_add_func("/store/steps/cap/bytes", test_cap_bytes);
        g_test_add_func("/store/steps/large", test_large);
        return g_test_run();
}
