/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include <errno.h>
#include <string.h>

#include "tests/unit/store/store-test.h"

typedef struct ReadSoFar {
        int64_t ids[64];
        unsigned n;
        unsigned stop_at; /* 0: never */
        Store *store;
} ReadSoFar;

static int see(const Interval *interval, void *userdata) {
        ReadSoFar *seen = userdata;

        seen->ids[seen->n++] = interval->id;
        return seen->n == seen->stop_at ? 77 : 0;
}

static void test_order(void) {
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);
        LogQuery query = { .span = { 0, UINT64_MAX } };
        ReadSoFar seen = {};
        int64_t late, early, point;

        late = log_one(store, INTERVAL_POMODORO, T0 + USEC_PER_DAY, USEC_PER_HOUR, 0);
        g_assert_cmpint(add_by_hand(store, T0, USEC_PER_HOUR, &early), ==, 0);
        /* One that was over at once starts with the next. */
        g_assert_cmpint(add_by_hand(store, T0 + USEC_PER_DAY, 0, &point), ==, 0);

        g_assert_cmpint(read_intervals(store, &query, see, &seen), ==, 0);
        g_assert_cmpuint(seen.n, ==, 3);
        g_assert_cmpint(seen.ids[0], ==, early);
        g_assert_cmpint(seen.ids[1], ==, late);
        g_assert_cmpint(seen.ids[2], ==, point);

        /* From the same start on, by id. */
        query.after = (LogCursor){ T0 + USEC_PER_DAY, late };
        seen = (ReadSoFar){};
        g_assert_cmpint(read_intervals(store, &query, see, &seen), ==, 0);
        g_assert_cmpuint(seen.n, ==, 1);
        g_assert_cmpint(seen.ids[0], ==, point);

        query.after = (LogCursor){};
        query.limit = 2;
        seen = (ReadSoFar){};
        g_assert_cmpint(read_intervals(store, &query, see, &seen), ==, 0);
        g_assert_cmpuint(seen.n, ==, 2);

        query.limit = 0;
        seen = (ReadSoFar){ .stop_at = 1 };
        g_assert_cmpint(read_intervals(store, &query, see, &seen), ==, 77);
        g_assert_cmpuint(seen.n, ==, 1);

        /* From is in, to is not. */
        query.span = (Span){ T0, T0 + USEC_PER_DAY };
        seen = (ReadSoFar){};
        g_assert_cmpint(read_intervals(store, &query, see, &seen), ==, 0);
        g_assert_cmpuint(seen.n, ==, 1);
}

static int see_within(const Interval *interval, void *userdata) {
        ReadSoFar *seen = userdata;
        LogQuery query = { .span = { 0, UINT64_MAX } };
        ReadSoFar inner = {};

        g_assert_cmpint(read_intervals(seen->store, &query, see, &inner), ==, 0);
        g_assert_cmpuint(inner.n, ==, 3);
        seen->n++;
        return 0;
}

static void test_nested(void) {
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);
        LogQuery query = { .span = { 0, UINT64_MAX } };
        ReadSoFar seen = { .store = store };

        for (unsigned i = 0; i < 3; i++)
                log_one(store, INTERVAL_POMODORO, T0 + i * USEC_PER_HOUR, USEC_PER_MIN, 0);
        g_assert_cmpint(read_intervals(store, &query, see_within, &seen), ==, 0);
        g_assert_cmpuint(seen.n, ==, 3);
}

static void test_task(void) {
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);
        Task task = { .title = (char *) "write" };
        LogQuery query = { .span = { 0, UINT64_MAX } };
        ReadSoFar seen = {};

        g_assert_cmpint(WRITE(store, 1, write_task_new(&write, &task)), ==, 0);
        for (unsigned i = 0; i < 6; i++)
                log_one(store, INTERVAL_POMODORO, T0 + i * USEC_PER_HOUR, USEC_PER_MIN, i % 2 ? task.id : 0);
        query.task = task.id;
        g_assert_cmpint(read_intervals(store, &query, see, &seen), ==, 0);
        g_assert_cmpuint(seen.n, ==, 3);
        g_assert_cmpint(seen.ids[2], ==, 6);
}

static void test_count(void) {
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);
        Span span = { T0, T0 + USEC_PER_DAY };
        uint32_t count;

        g_assert_cmpint(store_interval_count_completed(store, &span, "", &count), ==, 0);
        g_assert_cmpuint(count, ==, 0);
        log_one(store, INTERVAL_POMODORO, T0 - 1, 1, 0);
        log_one(store, INTERVAL_POMODORO, T0, USEC_PER_MIN, 0);
        log_one(store, INTERVAL_FREEFORM, T0 + USEC_PER_HOUR, USEC_PER_MIN, 0);
        g_assert_cmpint(commit_begin(store, INTERVAL_POMODORO, T0 + 2 * USEC_PER_HOUR, 0, NULL), ==, 0);
        g_assert_cmpint(commit_end(store, OUTCOME_VOID, 5), ==, 0);
        log_one(store, INTERVAL_POMODORO, T0 + USEC_PER_DAY - 1, 1, 0);
        log_one(store, INTERVAL_POMODORO, T0 + USEC_PER_DAY, 1, 0);
        g_assert_cmpint(store_interval_count_completed(store, &span, "", &count), ==, 0);
        g_assert_cmpuint(count, ==, 2);
}

static void test_newest_end(void) {
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);
        uint64_t end;

        g_assert_cmpint(store_interval_newest_end(store, 1, &end), ==, 0);
        g_assert_cmpuint(end, ==, 0);
        log_one(store, INTERVAL_POMODORO, T0, 100, 0);
        g_assert_cmpint(commit_begin(store, INTERVAL_FREEFORM, T0 + 200, 0, NULL), ==, 0);
        /* What runs may be re-based: it has no say. */
        g_assert_cmpint(store_interval_newest_end(store, 1, &end), ==, 0);
        g_assert_cmpuint(end, ==, T0 + 100);
        g_assert_cmpint(commit_end(store, OUTCOME_COMPLETED, 7), ==, 0);
        g_assert_cmpint(store_interval_newest_end(store, 1, &end), ==, 0);
        g_assert_cmpuint(end, ==, T0 + 207);
        g_assert_cmpint(store_interval_newest_end(store, 2, &end), ==, 0);
        g_assert_cmpuint(end, ==, 0);
}

/* A record by hand is of the epoch of what started last before it: when an epoch began is not known. */
static void test_epochs(void) {
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);
        cleanup_(interval_done) Interval found = {};
        Change change = { .changed = true };
        uint32_t epoch;

        /* Before anything: the one that there will be. */
        g_assert_cmpint(store_interval_epoch_at(store, T0, &epoch), ==, 0);
        g_assert_cmpuint(epoch, ==, 1);

        log_one(store, INTERVAL_POMODORO, T0, USEC_PER_HOUR, 0);
        g_assert_cmpint(store_machine_load(store, &change.machine), ==, 0);
        /* The clock was wrong by years, and put right when the computer had seen to it. */
        change.machine.epoch = 2;
        change.machine.seen_real_usec = 1;
        g_assert_cmpint(commit_change(store, &change, 9), ==, 0);
        g_assert_cmpint(store_interval_epoch_at(store, T0 + 2 * USEC_PER_HOUR, &epoch), ==, 0);
        g_assert_cmpuint(epoch, ==, 1);

        /* In another epoch the same time is free. */
        log_one(store, INTERVAL_POMODORO, T0 + USEC_PER_HOUR / 2, USEC_PER_HOUR, 0);
        g_assert_cmpuint(count_intervals(store), ==, 2);
        g_assert_cmpint(store_interval_epoch_at(store, T0 + USEC_PER_HOUR / 2, &epoch), ==, 0);
        g_assert_cmpuint(epoch, ==, 2);
        g_assert_cmpint(store_interval_epoch_at(store, T0 + USEC_PER_HOUR / 2 - 1, &epoch), ==, 0);
        g_assert_cmpuint(epoch, ==, 1);
        g_assert_cmpint(store_interval_epoch_at(store, 1, &epoch), ==, 0);
        g_assert_cmpuint(epoch, ==, 1);

        /* Whoever writes by hand is told of all of them. */
        g_assert_cmpint(store_interval_find_overlap_any(store, T0 + 1, T0 + 2, 0, &found), ==, 0);
        g_assert_cmpint(found.id, ==, 1);
        interval_done(&found);
        g_assert_cmpint(store_interval_find_overlap_any(
                                        store, T0 + USEC_PER_HOUR, T0 + 3 * USEC_PER_HOUR, 0, &found),
                        ==, 0);
        g_assert_cmpint(found.id, ==, 2);
        g_assert_cmpint(store_interval_find_overlap_any(
                                        store, T0 + USEC_PER_HOUR, T0 + 3 * USEC_PER_HOUR, 2, &found),
                        ==, -ENOENT);
}

/* What runs has no end, so nothing can be put after its start. */
static void test_overlap_running(void) {
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);
        cleanup_(interval_done) Interval found = {};
        int64_t id;

        g_assert_cmpint(commit_begin(store, INTERVAL_FREEFORM, T0, 0, &id), ==, 0);
        g_assert_cmpint(add_by_hand(store, T0 + USEC_PER_HOUR, 5, NULL), ==, -EEXIST);
        g_assert_cmpint(store_interval_find_overlap(
                                        store, 1, T0 + USEC_PER_HOUR, T0 + 2 * USEC_PER_HOUR, 0, &found),
                        ==, 0);
        g_assert_cmpint(found.id, ==, id);
        g_assert_cmpint(store_interval_find_overlap(store, 1, T0 - 5, T0 + 1, 0, &found), ==, 0);
        g_assert_cmpint(store_interval_find_overlap(store, 1, T0 - 5, T0, 0, &found), ==, -ENOENT);
        g_assert_cmpint(store_interval_find_overlap(store, 1, T0, T0 + 5, id, &found), ==, -ENOENT);
        g_assert_cmpint(add_by_hand(store, T0 - 5, 5, NULL), ==, 0);

        /* A second one that runs is one too many, and so is one that begins before what there is. */
        g_assert_cmpint(commit_begin(store, INTERVAL_FREEFORM, T0 + 5, 0, NULL), ==, -EEXIST);
        g_assert_cmpint(commit_end(store, OUTCOME_COMPLETED, 10), ==, 0);
        g_assert_cmpint(commit_begin(store, INTERVAL_FREEFORM, T0 - 9, 0, NULL), ==, -EEXIST);
}

/* Random intervals against the plainest possible judge. */
static void test_overlap_random(void) {
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);
        struct {
                uint64_t from, to;
        } kept[400];
        unsigned n = 0, refused = 0;

        for (unsigned i = 0; i < 400; i++) {
                uint64_t from = T0 + (uint64_t) g_test_rand_int_range(0, 900);
                uint64_t length = g_test_rand_bit() ? (uint64_t) g_test_rand_int_range(0, 12) : 0;
                cleanup_(interval_done) Interval found = {};
                bool overlaps = false;
                int r;

                for (unsigned k = 0; k < n; k++)
                        overlaps |= from < kept[k].to && kept[k].from < from + length;
                for (unsigned any = 0; any < 2; any++) {
                        interval_done(&found);
                        r = any ? store_interval_find_overlap_any(store, from, from + length, 0, &found)
                                : store_interval_find_overlap(store, 1, from, from + length, 0, &found);
                        g_assert_cmpint(r, ==, overlaps ? 0 : -ENOENT);
                        if (overlaps) {
                                g_assert_cmpuint(found.started_real_usec, <, from + length);
                                g_assert_cmpuint(interval_ended_real_usec(&found), >, from);
                        }
                }
                g_assert_cmpint(add_by_hand(store, from, length, NULL), ==, overlaps ? -EEXIST : 0);
                if (!overlaps) {
                        kept[n].from = from;
                        kept[n++].to = from + length;
                } else
                        refused++;
        }
        g_assert_cmpuint(count_intervals(store), ==, n);
        g_assert_cmpuint(refused, >, 50);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/store/log/order", test_order);
        g_test_add_func("/store/log/nested", test_nested);
        g_test_add_func("/store/log/task", test_task);
        g_test_add_func("/store/log/count-completed", test_count);
        g_test_add_func("/store/log/newest-end", test_newest_end);
        g_test_add_func("/store/log/epochs", test_epochs);
        g_test_add_func("/store/log/overlap-running", test_overlap_running);
        g_test_add_func("/store/log/overlap-random", test_overlap_random);
        return g_test_run();
}
