/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* A disk that fails at any moment of a request: the answer says what the store holds, as a kill right after
 * it shows. */

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/engine/fixture.h"

#define STATE_MAX 256

/* What one life says before it is killed. */
typedef struct Said {
        int answer;
        bool failed; /* the fault came */
        char message[REFUSAL_MESSAGE_MAX];
        char state[STATE_MAX]; /* as it is told once the disk works again */
} Said;
static Said *said;

static const Request actions[] = {
        { .type = REQUEST_TIMER, .event = { .type = EVENT_STOP } },
        { .type = REQUEST_TIMER, .event = { .type = EVENT_INTERRUPT } },
        { .type = REQUEST_TIMER,
                        .event = { .type = EVENT_START, .kind = INTERVAL_POMODORO, .switch_running = true },
                        .task_title = "another" },
        { .type = REQUEST_LOG_EDIT, .id = 1, .log = { .has_note = true, .note = "a note" } },
        { .type = REQUEST_LOG_DELETE, .id = 1 },
        { .type = REQUEST_SETTING_SET, .name = "target", .text = "5" },
        { .type = REQUEST_LOG_UNDO },
};
static const Request *action;
static DiskFault fault;
static bool read_meanwhile; /* somebody reads the store in another process, as a backup is made */
static unsigned n_unknown;

static void observe(Fixture *f, char state[STATE_MAX]) {
        const TimerSnapshot timer = fixture_timer(f);
        cleanup_(interval_done) Interval running = {}, first = {};
        const unsigned records = fixture_count(f);

        if (timer.view.state != INTERVAL_NONE)
                running = fixture_interval(f, timer.view.interval);
        if (records > 1)
                first = fixture_interval(f, 1);
        g_snprintf(state, STATE_MAX,
                        "%s #%" PRIi64
                        " on \"%s\" with %u interruptions, target %u; %u records, %u tasks, note \"%s\"",
                        interval_kind_to_string(timer.view.state), timer.view.interval,
                        running.task_title ?: "", running.internal, timer.target_today, records,
                        fixture_count_tasks(f), first.note ?: "");
}

static pid_t begin_reading(const Fixture *f) {
        cleanup_free_ char *path = g_build_filename(f->dir, "pomod.db", NULL);
        sqlite3 *db;
        int fds[2];
        pid_t pid;
        char byte;

        g_assert_cmpint(pipe(fds), ==, 0);
        pid = fork();
        g_assert_cmpint(pid, >=, 0);
        if (pid == 0) {
                g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
                g_assert_cmpint(sqlite3_exec(db, "BEGIN; SELECT * FROM state", NULL, NULL, NULL), ==,
                                SQLITE_OK);
                g_assert_cmpint(write(fds[1], "x", 1), ==, 1);
                for (;;)
                        pause();
        }
        g_assert_cmpint(read(fds[0], &byte, 1), ==, 1);
        close(fds[0]);
        close(fds[1]);
        return pid;
}

static void live(Fixture *f) {
        pid_t reader = read_meanwhile ? begin_reading(f) : 0;
        char state[STATE_MAX];

        observe(f, state);
        disk_fail(&fault);
        said->answer = fixture_request(f, action, NULL);
        g_strlcpy(said->message, f->refusal.message, sizeof(said->message));
        said->failed = disk_has_failed();
        disk_free();
        observe(f, said->state);
        if (reader > 0) {
                kill(reader, SIGKILL);
                waitpid(reader, NULL, 0);
        }
}

static void live_before(Fixture *f) {
        fixture_add(f, -60, -30, "Letter");
        fixture_start_interval(f, INTERVAL_FREEFORM, 0, "Letter");
}

static void state_after_start(Fixture *f, char state[STATE_MAX]) {
        g_assert_cmpint(fixture_start(f), ==, 0);
        observe(f, state);
        fixture_stop(f);
}

/* One life with the fault, from the same day each time. Whether the fault came. */
static bool check(const Request *request, const DiskFault *with) {
        cleanup_(fixture_done) Fixture f;
        char before[STATE_MAX], after[STATE_MAX];
        bool unknown;

        fixture_init(&f);
        fixture_crash(&f, live_before);
        state_after_start(&f, before);
        action = request;
        fault = *with;
        fixture_crash(&f, live);
        state_after_start(&f, after);
        g_test_message("%u at %u: %d %s", (unsigned) request->type, with->at, said->answer, said->message);
        g_assert_cmpstr(after, ==, said->state);
        if (said->answer == 0)
                g_assert_cmpstr(after, !=, before);
        else {
                g_assert_cmpint(said->answer, ==, REFUSAL_STORE_FAILED);
                unknown = strstr(said->message, "is not known") != NULL;
                n_unknown += unknown;
                if (!unknown) {
                        g_assert_nonnull(strstr(said->message, "nothing was changed"));
                        g_assert_cmpstr(after, ==, before);
                }
        }
        return said->failed;
}

static void check_some(size_t n, unsigned calls, bool on, int error) {
        for (size_t i = 0; i < n; i++) {
                DiskFault with = { .calls = calls, .at = 1, .on = on, .error = error };

                while (check(&actions[i], &with))
                        with.at++;
                g_assert_cmpint(said->answer, ==, 0);
                g_assert_cmpuint(with.at, >, 1);
        }
}

static void test_sync_once(void) {
        check_some(G_N_ELEMENTS(actions), DISK_SYNC, false, EIO);
}
static void test_sync_from_then_on(void) {
        check_some(2, DISK_SYNC, true, EIO);
}
static void test_write_once(void) {
        check_some(3, DISK_WRITE, false, EIO);
}
static void test_write_from_then_on(void) {
        check_some(3, DISK_WRITE, true, ENOSPC);
}
static void test_sync_and_write(void) {
        check_some(2, DISK_SYNC | DISK_WRITE, true, EIO);
}
/* … and the store cannot be looked at, either. */
static void test_everything(void) {
        n_unknown = 0;
        check_some(2, DISK_SYNC | DISK_OPEN, true, EIO);
        g_assert_cmpuint(n_unknown, >, 0);
}
/* SQLite does not look at the -wal again while somebody else has the store open. */
static void test_while_it_is_read(void) {
        read_meanwhile = true;
        check_some(2, DISK_SYNC, false, EIO);
        check_some(2, DISK_SYNC, true, EIO);
        check_some(2, DISK_SYNC | DISK_WRITE, true, EIO);
        read_meanwhile = false;
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        said = mmap(NULL, sizeof(*said), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        g_assert_true(said != MAP_FAILED);
        g_test_add_func("/engine/faults/sync/once", test_sync_once);
        g_test_add_func("/engine/faults/sync/from-then-on", test_sync_from_then_on);
        g_test_add_func("/engine/faults/write/once", test_write_once);
        g_test_add_func("/engine/faults/write/from-then-on", test_write_from_then_on);
        g_test_add_func("/engine/faults/sync-and-write", test_sync_and_write);
        g_test_add_func("/engine/faults/everything", test_everything);
        g_test_add_func("/engine/faults/while-it-is-read", test_while_it_is_read);
        return g_test_run();
}
