/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <glib.h>
#include <string.h>

#include "common/caps.h"
#include "common/cleanup.h"
#include "daemon/engine/replay.h"

static void count(const EngineEvent *event, void *userdata) {
        unsigned *n = userdata;

        (*n)++;
}

static void add(Replay *replay, uint64_t seq, const char *note) {
        replay_add(replay, &(EngineEvent){ .seq = seq, .happening = { .note = note } });
}

static void test_notes(void) {
        cleanup_(replay_done) Replay replay = {};
        char note[] = "the telephone";

        add(&replay, 1, note);
        memset(note, 'x', sizeof(note) - 1);
        add(&replay, 2, NULL);
        g_assert_cmpstr(replay.events[0].happening.note, ==, "the telephone");
        g_assert_null(replay.events[1].happening.note);
}

/* At the cap everything is there; one past it the oldest is not, and that is said. */
static void test_cap(void) {
        cleanup_(replay_done) Replay replay = {};
        unsigned n = 0;

        g_assert_true(replay_each(&replay, 0, count, &n));
        g_assert_cmpuint(n, ==, 0);
        for (uint64_t seq = 1; seq <= CAP_EVENTS; seq++)
                add(&replay, seq, "noted");
        g_assert_true(replay_each(&replay, 0, count, &n));
        g_assert_cmpuint(n, ==, CAP_EVENTS);
        add(&replay, CAP_EVENTS + 1, "one more");
        n = 0;
        g_assert_false(replay_each(&replay, 0, count, &n));
        g_assert_cmpuint(n, ==, CAP_EVENTS);
        n = 0;
        g_assert_true(replay_each(&replay, 1, count, &n));
        g_assert_cmpuint(n, ==, CAP_EVENTS);
        n = 0;
        g_assert_true(replay_each(&replay, CAP_EVENTS, count, &n));
        g_assert_cmpuint(n, ==, 1);
}

static void test_forget(void) {
        cleanup_(replay_done) Replay replay = {};
        unsigned n = 0;

        add(&replay, 1, "before");
        replay_forget(&replay, 7);
        g_assert_false(replay_each(&replay, 6, count, &n));
        g_assert_cmpuint(n, ==, 0);
        g_assert_true(replay_each(&replay, 7, count, &n));
        add(&replay, 8, "after");
        g_assert_true(replay_each(&replay, 7, count, &n));
        g_assert_cmpuint(n, ==, 1);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/engine/replay/notes", test_notes);
        g_test_add_func("/engine/replay/cap", test_cap);
        g_test_add_func("/engine/replay/forget", test_forget);
        return g_test_run();
}
