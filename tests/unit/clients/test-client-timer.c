/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <glib.h>

#include "clients/lib/client.h"
#include "clients/lib/timer.h"
#include "common/duration.h"
#include "common/names.h"

static void test_words(void) {
        for (int i = 0; i < _CLIENT_STATE_MAX; i++) {
                g_assert_cmpint(client_state_from_string(client_state_to_string((ClientState) i)), ==, i);
                g_assert_nonnull(client_state_label((ClientState) i));
        }
        g_assert_cmpint(client_state_from_string("lunch"), ==, -EINVAL);
        g_assert_null(client_state_to_string(_CLIENT_STATE_MAX));
}

static void test_running(void) {
        TimerState timer = {
                .state = CLIENT_POMODORO,
                .running_since_boot_usec = 1000 * USEC_PER_SEC,
                .deadline_boot_usec = 1300 * USEC_PER_SEC,
                .worked_usec = 20 * USEC_PER_SEC,
        };

        g_assert_cmpuint(timer_state_remaining_usec(&timer, 1100 * USEC_PER_SEC), ==, 200 * USEC_PER_SEC);
        g_assert_cmpuint(timer_state_elapsed_usec(&timer, 1100 * USEC_PER_SEC), ==, 120 * USEC_PER_SEC);
        g_assert_cmpuint(timer_state_remaining_usec(&timer, 1300 * USEC_PER_SEC), ==, 0);
        g_assert_cmpuint(timer_state_remaining_usec(&timer, 1400 * USEC_PER_SEC), ==, 0);
        /* A clock that was read before the daemon's is no reason for a negative time. */
        g_assert_cmpuint(timer_state_elapsed_usec(&timer, 999 * USEC_PER_SEC), ==, 20 * USEC_PER_SEC);
}

static void test_paused(void) {
        TimerState timer = {
                .state = CLIENT_POMODORO,
                .paused = true,
                .worked_usec = 20 * USEC_PER_SEC,
                .paused_remaining_usec = 280 * USEC_PER_SEC,
        };

        g_assert_cmpuint(timer_state_remaining_usec(&timer, 5), ==, 280 * USEC_PER_SEC);
        g_assert_cmpuint(timer_state_elapsed_usec(&timer, 5), ==, 20 * USEC_PER_SEC);
        timer.state = CLIENT_FREEFORM;
        timer.paused_remaining_usec = 0;
        g_assert_cmpuint(timer_state_remaining_usec(&timer, 5), ==, UINT64_MAX);
}

static void test_open_ended(void) {
        TimerState timer = { .state = CLIENT_FREEFORM, .running_since_boot_usec = 10 };

        g_assert_cmpuint(timer_state_remaining_usec(&timer, 30), ==, UINT64_MAX);
        g_assert_cmpuint(timer_state_elapsed_usec(&timer, 30), ==, 20);
        timer = (TimerState){};
        g_assert_cmpuint(timer_state_remaining_usec(&timer, 30), ==, UINT64_MAX);
        g_assert_cmpuint(timer_state_elapsed_usec(&timer, 30), ==, 0);
}

/* Messages need a bus to belong to, but none that is connected: a socket pair is enough. */
static sd_bus_message *message_new(void) {
        sd_bus_message *m;
        sd_bus *bus;

        g_assert_cmpint(sd_bus_new(&bus), >=, 0);
        g_assert_cmpint(sd_bus_set_address(bus, "unix:path=/dev/null/nothing"), >=, 0);
        (void) sd_bus_start(bus);
        g_assert_cmpint(sd_bus_message_new(bus, &m, SD_BUS_MESSAGE_METHOD_CALL), >=, 0);
        sd_bus_unref(bus);
        return m;
}

static void sealed(sd_bus_message *m) {
        g_assert_cmpint(sd_bus_message_seal(m, 1, 0), >=, 0);
        g_assert_cmpint(sd_bus_message_rewind(m, 1), >=, 0);
}

static void test_read(void) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *m = message_new(), *change = message_new(),
                                                       *wrong = message_new();
        cleanup_(timer_state_done) TimerState timer = {};

        g_assert_cmpint(sd_bus_message_append(m, "a{sv}", 7, "State", "s", "pomodoro", "Paused", "b", 1,
                                        "Cycle", "u", 3, "FromTheFuture", "a(si)", 1, "x", 1, "Task", "s",
                                        "Write report", "Seq", "t", (uint64_t) 42, "Next", "s", "nap"),
                        >=, 0);
        sealed(m);
        g_assert_cmpint(timer_state_read(m, &timer), ==, 0);
        g_assert_cmpint(timer.state, ==, CLIENT_POMODORO);
        g_assert_true(timer.paused);
        g_assert_cmpuint(timer.cycle, ==, 3);
        g_assert_cmpstr(timer.task, ==, "Write report");
        g_assert_cmpstr(timer.rule, ==, "");
        g_assert_cmpuint(timer.seq, ==, 42);
        g_assert_cmpint(timer.next, ==, CLIENT_IDLE);

        g_assert_cmpint(sd_bus_message_append(change, "sa{sv}as", POMOD_INTERFACE_TIMER, 2, "Task", "s", "",
                                        "Seq", "t", (uint64_t) 43, 0),
                        >=, 0);
        sealed(change);
        g_assert_cmpint(timer_state_update(&timer, change), ==, 1);
        g_assert_cmpstr(timer.task, ==, "");
        g_assert_cmpuint(timer.seq, ==, 43);
        g_assert_cmpuint(timer.cycle, ==, 3);

        g_assert_cmpint(sd_bus_message_append(
                                        wrong, "a{sv}", 2, "Seq", "t", (uint64_t) 44, "Cycle", "s", "three"),
                        >=, 0);
        sealed(wrong);
        g_assert_cmpint(timer_state_read(wrong, &timer), ==, -EBADMSG);
        g_assert_cmpuint(timer.seq, ==, 43);
}

static int failing_exit(const char *address) {
        cleanup_(client_unrefp) Client *client = client_new(address, 0);
        cleanup_(timer_state_done) TimerState timer = {};

        g_assert_cmpint(client_get_timer(client, &timer), <, 0);
        g_assert_nonnull(client_error_name(client));
        g_test_message("%s", client_error_message(client));
        return client_exit_status(client);
}

static void test_no_bus(void) {
        g_assert_cmpint(failing_exit("unix:path=/nonexistent/bus"), ==, CLIENT_EXIT_NO_DAEMON);
        g_assert_cmpint(failing_exit("nonsense"), ==, CLIENT_EXIT_USAGE);
        g_setenv(POMOD_BUS_ENV, "nonsense", TRUE);
        g_assert_cmpint(failing_exit(NULL), ==, CLIENT_EXIT_USAGE);
}

static void test_path(void) {
        cleanup_(client_unrefp) Client *client = client_new("system", 0);

        client_set_uid(client, 4294967294u);
        g_assert_cmpstr(client_user_path(client), ==, "/org/pomod/Pomod1/user/_4294967294");
        g_assert_null(client_bus(client));
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/client/timer/words", test_words);
        g_test_add_func("/client/timer/running", test_running);
        g_test_add_func("/client/timer/paused", test_paused);
        g_test_add_func("/client/timer/open-ended", test_open_ended);
        g_test_add_func("/client/timer/read", test_read);
        g_test_add_func("/client/no-bus", test_no_bus);
        g_test_add_func("/client/path", test_path);
        return g_test_run();
}
