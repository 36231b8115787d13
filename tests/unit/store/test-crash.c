/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* kill -9 at random moments of a busy store: what was acknowledged is there, and nothing is half there. */

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "tests/unit/store/store-test.h"

#define ROUNDS 40

static void say(int fd, int64_t id) {
        g_assert_cmpint(write(fd, &id, sizeof(id)), ==, sizeof(id));
}

/* Commits without end, and says each once it is stored: the id of an interval, or below 0 that of an edit. */
static void be_busy(const char *folder, int fd) {
        Store *store = store_must_open(folder);
        uint64_t at = T0;
        Machine m;

        g_assert_cmpint(store_machine_load(store, &m), ==, 0);
        if (m.running.kind != INTERVAL_NONE)
                g_assert_cmpint(commit_end(store, OUTCOME_VOID, 1), ==, 0);
        g_assert_cmpint(store_interval_newest_end(store, 1, &at), ==, 0);
        for (at = at < T0 ? T0 : at;; at += 10) {
                Interval edited;
                int64_t id;

                say(fd, log_one(store, INTERVAL_POMODORO, at, 5, 0));
                g_assert_cmpint(add_by_hand(store, at + 5, 5, &id), ==, 0);
                say(fd, id);
                g_assert_cmpint(store_interval_get(store, id, &edited), ==, 0);
                edited.note = strdup("edited");
                g_assert_cmpint(EDIT(store, seq_of(store) + 1, write_interval(&write, &edited)), ==, 0);
                interval_done(&edited);
                say(fd, -id);
        }
}

static void kill_in_the_middle(const char *folder, GArray *said) {
        int fds[2], status;
        int64_t id;
        pid_t pid;

        g_assert_cmpint(pipe(fds), ==, 0);
        pid = fork();
        g_assert_cmpint(pid, >=, 0);
        if (pid == 0) {
                close(fds[0]);
                be_busy(folder, fds[1]);
        }
        close(fds[1]);

        /* After some answers, and then at any moment. */
        for (int n = g_test_rand_int_range(1, 12); n > 0; n--) {
                g_assert_cmpint(read(fds[0], &id, sizeof(id)), ==, sizeof(id));
                g_array_append_val(said, id);
        }
        nanosleep(&(struct timespec){ .tv_nsec = g_test_rand_int_range(0, 3000000) }, NULL);
        g_assert_cmpint(kill(pid, SIGKILL), ==, 0);
        g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
        g_assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        while (read(fds[0], &id, sizeof(id)) == sizeof(id))
                g_array_append_val(said, id);
        close(fds[0]);
}

static int check_order(const Interval *interval, void *userdata) {
        uint64_t *end = userdata;

        g_assert_cmpuint(interval->started_real_usec, >=, *end);
        *end = interval_ended_real_usec(interval);
        return 0;
}

static void check_said(Store *store, const GArray *said) {
        for (guint n = 0; n < said->len; n++) {
                int64_t id = g_array_index(said, int64_t, n);
                cleanup_(interval_done) Interval interval = {};

                g_assert_cmpint(store_interval_get(store, id < 0 ? -id : id, &interval), ==, 0);
                g_assert_cmpint(interval.outcome, ==, OUTCOME_COMPLETED);
                if (id < 0)
                        g_assert_cmpstr(interval.note, ==, "edited");
        }
}

static void test_kill(void) {
        folder_ folder = folder_new();
        LogQuery query = { .span = { 0, UINT64_MAX } };
        GArray *said = g_array_new(FALSE, FALSE, sizeof(int64_t));
        unsigned rounds = g_test_quick() ? ROUNDS : 200;

        for (unsigned n = 0; n < rounds; n++) {
                store_ store = NULL;
                uint64_t end = 0;

                kill_in_the_middle(folder, said);
                store = store_must_open(folder);
                check_said(store, said);
                g_assert_cmpint(read_intervals(store, &query, check_order, &end), ==, 0);
        }
        g_array_unref(said);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/store/crash/kill", test_kill);
        return g_test_run();
}
