/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "tests/unit/engine/ruled.h"

void ruled_import(Fixture *f, const char *text) {
        Request request = { .type = REQUEST_RULES_IMPORT, .text = text, .replace = true };

        if (fixture_request(f, &request, NULL) != 0)
                g_error("refused: %s", f->refusal.message);
}

void ruled_begin(Fixture *f, const char *rules) {
        fixture_begin(f);
        fixture_set(f, "time-zone", BERLIN);
        ruled_import(f, rules);
        f->n_told = 0;
}

uint64_t boot_now(Fixture *f) {
        return test_clocks_get(f->clocks)->boot_usec;
}

void assert_armed_in(Fixture *f, uint64_t usec) {
        g_assert_cmpuint(test_clocks_armed(f->clocks), ==, boot_now(f) + usec);
}

void assert_shown(Fixture *f, const char *state, const char *rule, IntervalKind mode) {
        TimerSnapshot timer = fixture_timer(f);

        g_assert_cmpstr(timer.schedule_state, ==, state);
        g_assert_cmpstr(timer.rule, ==, rule);
        g_assert_cmpint(timer.mode, ==, mode);
}
