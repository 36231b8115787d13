/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
/* The state that streams say they show, for clicks that cannot carry it. */
#include "clients/pomobar/shown.h"

#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "tests/unit/folder.h"

#define BUS "unix:path=/run/user/1000/bus"

static void check(const char *bus, bool away, uint64_t seq) {
        bool is_away = !away;
        uint64_t is_seq = seq + 1;

        g_assert_cmpint(shown_get(bus, &is_away, &is_seq), ==, 0);
        g_assert_cmpint(is_away, ==, away);
        g_assert_cmpuint(is_seq, ==, seq);
}

static void check_nothing(const char *bus) {
        bool away;
        uint64_t seq;

        g_assert_cmpint(shown_get(bus, &away, &seq), ==, -ENOENT);
}

static void test_round_trip(void) {
        Shown shown;

        check_nothing(BUS);
        shown_open(&shown, BUS);
        check_nothing(BUS); /* nothing is shown yet */
        shown_set(&shown, false, 0);
        check(BUS, false, 0);
        shown_set(&shown, false, UINT64_MAX);
        check(BUS, false, UINT64_MAX);
        shown_set(&shown, true, 0);
        check(BUS, true, 0);
        shown_set(&shown, false, 3);
        check(BUS, false, 3);
        check_nothing("system");
        shown_close(&shown);
        check_nothing(BUS); /* what the stream left says nothing */
}

static void test_two_streams(void) {
        Shown one, two;

        shown_open(&one, "session");
        shown_open(&two, "session");
        shown_set(&one, false, 5);
        shown_set(&two, false, 5);
        shown_close(&one);
        check("session", false, 5);
        shown_set(&two, false, 6);
        check("session", false, 6);
        shown_close(&two);
        check_nothing("session");
}

static void test_no_runtime_folder(void) {
        char *runtime = g_strdup(g_getenv("XDG_RUNTIME_DIR"));
        Shown shown;

        g_unsetenv("XDG_RUNTIME_DIR");
        shown_open(&shown, BUS);
        shown_set(&shown, false, 1);
        check_nothing(BUS);
        shown_close(&shown);
        g_setenv("XDG_RUNTIME_DIR", runtime, true);
        g_free(runtime);
}

static void test_refusals(void) {
        char sentence[SHOWN_REFUSAL_BYTES] = "-", long_one[1000];
        cleanup_free_ char *path = NULL, *again = NULL;

        /* No stream ever ran: nobody is told, and nothing is made for it. */
        shown_refuse(BUS "-other", "nothing is running");
        g_assert_cmpint(shown_refusals_path(BUS, &path), ==, 0);
        g_assert_cmpint(shown_refusal_read(path, sentence), ==, -ENODATA);
        g_assert_cmpstr(sentence, ==, "-");

        shown_refuse(BUS, "a longer sentence comes first");
        shown_refuse(BUS, "nothing is running");
        g_assert_cmpint(shown_refusals_path(BUS, &again), ==, 0);
        g_assert_cmpstr(again, ==, path);
        g_assert_cmpint(shown_refusal_read(path, sentence), ==, 0);
        g_assert_cmpstr(sentence, ==, "nothing is running");

        memset(long_one, 'x', sizeof(long_one) - 1);
        long_one[sizeof(long_one) - 1] = '\0';
        shown_refuse(BUS, long_one);
        g_assert_cmpint(shown_refusal_read(path, sentence), ==, 0);
        g_assert_cmpuint(strlen(sentence), ==, SHOWN_REFUSAL_BYTES - 1);
        check_nothing(BUS);
}

int main(int argc, char **argv) {
        folder_ folder = folder_new();

        g_setenv("XDG_RUNTIME_DIR", folder, true);
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/pomobar/shown/round-trip", test_round_trip);
        g_test_add_func("/pomobar/shown/two-streams", test_two_streams);
        g_test_add_func("/pomobar/shown/no-runtime-folder", test_no_runtime_folder);
        g_test_add_func("/pomobar/shown/refusals", test_refusals);
        return g_test_run();
}
