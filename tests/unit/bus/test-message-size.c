/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <glib.h>
#include <stdint.h>
#include <string.h>

#include "common/caps.h"
#include "daemon/bus/message-size.h"
#include "tests/unit/bus/loopback.h"

/* Nearly: what surrounds a value is guessed. */
static void assert_near(sd_bus_message *message, size_t bytes) {
        const size_t size = message_size(message);
        const char *first;

        g_assert_cmpuint(size, >=, bytes);
        g_assert_cmpuint(size, <=, bytes + 1024);
        /* It can be read as if nobody had looked at it. */
        g_assert_cmpint(sd_bus_message_peek_type(message, NULL, &first), >=, 0);
        g_assert_cmpuint(message_size(message), ==, size);
}

static void test_texts(Loopback *loopback, gconstpointer data) {
        char *text = g_strnfill(100000, 'x');

        g_assert_cmpint(sd_bus_message_append(loopback->message, "sa{sv}", text, 2, "one", "s", text, "two",
                                        "as", 2, text, "b"),
                        >=, 0);
        loopback_rewind(loopback->message);
        assert_near(loopback->message, 300000);
        g_free(text);
}

static void test_empty(Loopback *loopback, gconstpointer data) {
        loopback_rewind(loopback->message);
        assert_near(loopback->message, 16);
}

static void test_a_piece(Loopback *loopback, gconstpointer data) {
        const size_t bytes = 1u << 20;
        uint8_t *piece = g_malloc0(bytes);

        g_assert_cmpint(sd_bus_message_append_array(loopback->message, 'y', piece, bytes), >=, 0);
        loopback_rewind(loopback->message);
        assert_near(loopback->message, bytes);
        g_free(piece);
}

/* Structs, variants in variants, and everything that is not a text. */
static void test_all_types(Loopback *loopback, gconstpointer data) {
        g_assert_cmpint(sd_bus_message_append(loopback->message, "(ybnqiuxtdog)vab", 1, 1, 2, 3, 4, 5u,
                                        (int64_t) 6, (uint64_t) 7, 8.0, "/a", "s", "v", "(sv)", "k", "t",
                                        (uint64_t) 9, 2, 1, 0),
                        >=, 0);
        loopback_rewind(loopback->message);
        assert_near(loopback->message, 60);
}

static void test_many_values(Loopback *loopback, gconstpointer data) {
        g_assert_cmpint(sd_bus_message_open_container(loopback->message, 'a', "s"), >=, 0);
        for (unsigned i = 0; i < CAP_CALL_VALUES - 2; i++)
                g_assert_cmpint(sd_bus_message_append(loopback->message, "s", ""), >=, 0);
        if (data)
                g_assert_cmpint(sd_bus_message_append(loopback->message, "s", ""), >=, 0);
        g_assert_cmpint(sd_bus_message_close_container(loopback->message), >=, 0);
        loopback_rewind(loopback->message);
        if (data)
                g_assert_cmpuint(message_size(loopback->message), ==, SIZE_MAX);
        else
                g_assert_cmpuint(message_size(loopback->message), <, SIZE_MAX);
}

int main(int argc, char *argv[]) {
        g_test_init(&argc, &argv, NULL);
        g_test_add("/bus/message-size/texts", Loopback, NULL, loopback_set_up, test_texts,
                        loopback_tear_down);
        g_test_add("/bus/message-size/empty", Loopback, NULL, loopback_set_up, test_empty,
                        loopback_tear_down);
        g_test_add("/bus/message-size/piece", Loopback, NULL, loopback_set_up, test_a_piece,
                        loopback_tear_down);
        g_test_add("/bus/message-size/types", Loopback, NULL, loopback_set_up, test_all_types,
                        loopback_tear_down);
        g_test_add("/bus/message-size/at-the-cap", Loopback, NULL, loopback_set_up, test_many_values,
                        loopback_tear_down);
        g_test_add("/bus/message-size/past-the-cap", Loopback, "", loopback_set_up, test_many_values,
                        loopback_tear_down);
        return g_test_run();
}
