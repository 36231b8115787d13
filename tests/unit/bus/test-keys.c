/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <glib.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "common/cleanup.h"
#include "daemon/bus/keys.h"

/* Messages are made on a connection to ourselves, which nobody reads. */
typedef struct Fixture {
        sd_bus *bus;
        int other_end;
        sd_bus_message *message;
} Fixture;

static void set_up(Fixture *f, gconstpointer data) {
        int fds[2];

        g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds), ==, 0);
        f->other_end = fds[1];
        g_assert_cmpint(sd_bus_new(&f->bus), >=, 0);
        g_assert_cmpint(sd_bus_set_fd(f->bus, fds[0], fds[0]), >=, 0);
        g_assert_cmpint(sd_bus_start(f->bus), >=, 0);
        g_assert_cmpint(sd_bus_message_new_method_call(f->bus, &f->message, "org.x", "/x", "org.x", "X"), >=,
                        0);
}

static void tear_down(Fixture *f, gconstpointer data) {
        sd_bus_message_unref(f->message);
        sd_bus_close(f->bus);
        sd_bus_unref(f->bus);
        close_fd(f->other_end);
}

static int read_back(const Fixture *f, KeyList *ret_list, Refusal *ret_refusal) {
        g_assert_cmpint(sd_bus_message_seal(f->message, 1, 0), >=, 0);
        g_assert_cmpint(sd_bus_message_rewind(f->message, 1), >=, 0);
        return key_list_read(f->message, ret_list, ret_refusal);
}

static void test_values(Fixture *f, gconstpointer data) {
        static const char *const wanted[][2] = {
                { "Days", "Mon-Fri" },
                { "Priority", "-5" },
                { "Target", "10" },
                { "AutoStart", "yes" },
                { "AutoSwitch", "no" },
        };
        KeyList list = {};

        g_assert_cmpint(sd_bus_message_append(f->message, "a{sv}", 6, "Days", "s", "Mon-Fri", "Priority", "x",
                                        (int64_t) -5, "Target", "u", 10, "AutoStart", "b", 1, "AutoSwitch",
                                        "b", 0, "Focus", "s", ""),
                        >=, 0);
        g_assert_cmpint(read_back(f, &list, NULL), ==, 0);
        g_assert_cmpuint(list.n, ==, G_N_ELEMENTS(wanted));
        for (unsigned i = 0; i < list.n; i++) {
                g_assert_cmpstr(list.keys[i], ==, wanted[i][0]);
                g_assert_cmpstr(list.values[i], ==, wanted[i][1]);
        }
}

static void test_types(Fixture *f, gconstpointer data) {
        KeyList list = {};
        Refusal refusal = {};

        g_assert_cmpint(sd_bus_message_append(f->message, "a{sv}", 2, "Target", "u", 10, "Hours", "as", 1,
                                        "09:00-12:00"),
                        >=, 0);
        g_assert_cmpint(read_back(f, &list, &refusal), ==, REFUSAL_INVALID_ARGUMENT);
        g_assert_nonnull(strstr(refusal.message, "Hours"));
        g_assert_cmpuint(list.n, ==, 0);
}

static void test_line_break(Fixture *f, gconstpointer data) {
        KeyList list = {};
        Refusal refusal = {};

        g_assert_cmpint(sd_bus_message_append(f->message, "a{sv}", 1, "Days", "s", "Mon\n[Rule x]"), >=, 0);
        g_assert_cmpint(read_back(f, &list, &refusal), ==, REFUSAL_INVALID_ARGUMENT);
        g_assert_nonnull(strstr(refusal.message, "Days"));
}

static void test_too_many(Fixture *f, gconstpointer data) {
        KeyList list = {};
        Refusal refusal = {};
        char key[16];

        g_assert_cmpint(sd_bus_message_open_container(f->message, 'a', "{sv}"), >=, 0);
        for (unsigned i = 0; i <= KEY_LIST_MAX; i++) {
                snprintf(key, sizeof(key), "x.K%u", i);
                g_assert_cmpint(sd_bus_message_append(f->message, "{sv}", key, "t", (uint64_t) i), >=, 0);
        }
        g_assert_cmpint(sd_bus_message_close_container(f->message), >=, 0);
        g_assert_cmpint(read_back(f, &list, &refusal), ==, REFUSAL_LIMITS_EXCEEDED);
        g_assert_cmpuint(list.n, ==, 0);
}

/* What is given as a record is taken back as keys. */
static void test_round_trip(Fixture *f, gconstpointer data) {
        static const char *const keys[] = { "Kind", "Days", "Hours", "Quota" };
        static const char *const values[] = { "office-day", "Wed", "09:00-12:00;13:00-17:00", "1/week" };
        KeyList list = {};
        cleanup_(rule_done) Rule rule = {};

        g_assert_cmpint(rule_from_keys("office", keys, values, G_N_ELEMENTS(keys), &rule, NULL), ==, 0);
        g_assert_cmpint(sd_bus_message_open_container(f->message, 'a', "{sv}"), >=, 0);
        g_assert_cmpint(rule_append(f->message, &rule), ==, 0);
        g_assert_cmpint(sd_bus_message_close_container(f->message), >=, 0);
        g_assert_cmpint(read_back(f, &list, NULL), !=, 0); /* its Text has several lines, which no key has */
        g_assert_cmpint(sd_bus_message_rewind(f->message, 1), >=, 0);
        g_assert_cmpint(sd_bus_message_enter_container(f->message, 'a', "{sv}"), >, 0);
        for (unsigned i = 0; i < 2 + G_N_ELEMENTS(keys); i++) {
                const char *key, *value;

                g_assert_cmpint(sd_bus_message_read(f->message, "{sv}", &key, "s", &value), >, 0);
                g_assert_cmpstr(key, ==, i == 0 ? "Name" : i == 1 ? "Text" : keys[i - 2]);
                if (i >= 2)
                        g_assert_cmpstr(value, ==, values[i - 2]);
        }
}

int main(int argc, char *argv[]) {
        g_test_init(&argc, &argv, NULL);
        g_test_add("/bus/keys/values", Fixture, NULL, set_up, test_values, tear_down);
        g_test_add("/bus/keys/types", Fixture, NULL, set_up, test_types, tear_down);
        g_test_add("/bus/keys/line-break", Fixture, NULL, set_up, test_line_break, tear_down);
        g_test_add("/bus/keys/too-many", Fixture, NULL, set_up, test_too_many, tear_down);
        g_test_add("/bus/keys/round-trip", Fixture, NULL, set_up, test_round_trip, tear_down);
        return g_test_run();
}
