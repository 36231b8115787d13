/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <glib.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "daemon/bus/keys.h"
#include "tests/unit/bus/loopback.h"

static int read_back(const Loopback *f, KeyList *ret_list, Refusal *ret_refusal) {
        loopback_rewind(f->message);
        return key_list_read(f->message, ret_list, ret_refusal);
}

static void test_values(Loopback *f, gconstpointer data) {
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

static void test_types(Loopback *f, gconstpointer data) {
        KeyList list = {};
        Refusal refusal = {};

        g_assert_cmpint(sd_bus_message_append(f->message, "a{sv}", 2, "Target", "u", 10, "Hours", "as", 1,
                                        "09:00-12:00"),
                        >=, 0);
        g_assert_cmpint(read_back(f, &list, &refusal), ==, REFUSAL_INVALID_ARGUMENT);
        g_assert_nonnull(strstr(refusal.message, "Hours"));
        g_assert_cmpuint(list.n, ==, 0);
}

static void test_line_break(Loopback *f, gconstpointer data) {
        KeyList list = {};
        Refusal refusal = {};

        g_assert_cmpint(sd_bus_message_append(f->message, "a{sv}", 1, "Days", "s", "Mon\n[Rule x]"), >=, 0);
        g_assert_cmpint(read_back(f, &list, &refusal), ==, REFUSAL_INVALID_ARGUMENT);
        g_assert_nonnull(strstr(refusal.message, "Days"));
}

static void test_too_many(Loopback *f, gconstpointer data) {
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
static void test_round_trip(Loopback *f, gconstpointer data) {
        static const char *const keys[] = { "Kind", "Days", "Hours", "Quota" };
        static const char *const values[] = { "office-day", "Wed", "09:00-12:00;13:00-17:00", "1/week" };
        KeyList list = {};
        cleanup_(rule_done) Rule rule = {};

        g_assert_cmpint(rule_from_keys("office", keys, values, G_N_ELEMENTS(keys), &rule, NULL), ==, 0);
        g_assert_cmpint(rule_open(&(Reply){ .message = f->message }, &rule), ==, 0);
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
        g_test_add("/bus/keys/values", Loopback, NULL, loopback_set_up, test_values, loopback_tear_down);
        g_test_add("/bus/keys/types", Loopback, NULL, loopback_set_up, test_types, loopback_tear_down);
        g_test_add("/bus/keys/line-break", Loopback, NULL, loopback_set_up, test_line_break,
                        loopback_tear_down);
        g_test_add("/bus/keys/too-many", Loopback, NULL, loopback_set_up, test_too_many, loopback_tear_down);
        g_test_add("/bus/keys/round-trip", Loopback, NULL, loopback_set_up, test_round_trip,
                        loopback_tear_down);
        return g_test_run();
}
