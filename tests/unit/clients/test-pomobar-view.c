/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
/* What a bar shows of a timer at a moment, and when it will read differently. */
#include "clients/pomobar/view.h"

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "common/cleanup.h"

#define SEC 1000000ULL
#define NOW (5000 * SEC)

static const ViewOptions seconds = {};
static const ViewOptions minutes = { .minutes = true };

static TimerState running(ClientState state, uint64_t left_usec) {
        return (TimerState){
                .state = state,
                .deadline_boot_usec = left_usec > 0 ? NOW + left_usec : 0,
                .running_since_boot_usec = NOW - 60 * SEC,
                .seq = 7,
                .task = (char *) "Write",
        };
}

static void check(const TimerState *timer, const ViewOptions *options, uint64_t now, const char *text,
                uint64_t next) {
        View view;

        view_make(timer, NULL, options, now, &view);
        g_assert_cmpstr(view.text, ==, text);
        g_assert_cmpuint(view.next_boot_usec, ==, next);
        view_done(&view);
}

static void test_countdown(void) {
        TimerState timer = running(CLIENT_POMODORO, 1500 * SEC);

        check(&timer, &seconds, NOW, "25:00 Write", NOW + SEC);
        check(&timer, &seconds, NOW + 1, "25:00 Write", NOW + SEC);
        check(&timer, &seconds, NOW + SEC - 1, "25:00 Write", NOW + SEC);
        check(&timer, &seconds, NOW + SEC, "24:59 Write", NOW + 2 * SEC);
        check(&timer, &seconds, NOW + SEC + 250, "24:59 Write", NOW + 2 * SEC);
        check(&timer, &seconds, NOW + 1500 * SEC - 1, "0:01 Write", NOW + 1500 * SEC);
        /* The bell is the daemon's to tell: nothing is left to wait for. */
        check(&timer, &seconds, NOW + 1500 * SEC, "0:00 Write", UINT64_MAX);
        check(&timer, &seconds, NOW + 1600 * SEC, "0:00 Write", UINT64_MAX);
}

static void test_minutes(void) {
        TimerState timer = running(CLIENT_POMODORO, 1500 * SEC), open = running(CLIENT_FREEFORM, 0);

        check(&timer, &minutes, NOW, "25m Write", NOW + 60 * SEC);
        check(&timer, &minutes, NOW + 1, "25m Write", NOW + 60 * SEC);
        check(&timer, &minutes, NOW + 60 * SEC, "24m Write", NOW + 120 * SEC);
        check(&timer, &minutes, NOW + 1499 * SEC, "1m Write", NOW + 1500 * SEC);
        check(&timer, &minutes, NOW + 1500 * SEC, "0m Write", UINT64_MAX);
        check(&open, &minutes, NOW, "+1m Write", NOW + 60 * SEC);
        check(&open, &minutes, NOW - 30 * SEC, "+0m Write", NOW);
        check(&open, &minutes, NOW + 3600 * SEC, "+1h1m Write", NOW + 3660 * SEC);
}

static void test_every_second_is_shown_once(void) {
        TimerState timer = running(CLIENT_SHORT_BREAK, 3 * SEC + 300);
        static const char *const texts[] = { "break 0:04 Write", "break 0:03 Write", "break 0:02 Write",
                "break 0:01 Write", "break 0:00 Write" };
        uint64_t now = NOW;

        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
                View view;

                view_make(&timer, NULL, &seconds, now, &view);
                g_assert_cmpstr(view.text, ==, texts[i]);
                now = view.next_boot_usec;
                view_done(&view);
        }
        g_assert_cmpuint(now, ==, UINT64_MAX);
}

static void test_states(void) {
        TimerState timer = running(CLIENT_LONG_BREAK, 90 * SEC), open = running(CLIENT_FREEFORM, 0);
        TimerState paused = { .state = CLIENT_POMODORO,
                .paused = true,
                .paused_remaining_usec = 754 * SEC,
                .worked_usec = 746 * SEC,
                .task = (char *) "" };
        TimerState paused_open = { .state = CLIENT_FREEFORM, .paused = true, .worked_usec = 3723 * SEC };
        TimerState idle = { .state = CLIENT_IDLE };

        check(&timer, &seconds, NOW, "long break 1:30 Write", NOW + SEC);
        check(&open, &seconds, NOW, "+1:00 Write", NOW + SEC);
        check(&open, &seconds, NOW + SEC / 2, "+1:00 Write", NOW + SEC);
        check(&paused, &seconds, NOW, "paused 12:34", UINT64_MAX);
        check(&paused, &seconds, NOW + 99 * SEC, "paused 12:34", UINT64_MAX);
        check(&paused_open, &seconds, NOW, "paused +1:02:03", UINT64_MAX);
        check(&idle, &seconds, NOW, "idle", UINT64_MAX);
        check(&idle, &(ViewOptions){ .idle_text = "-" }, NOW, "-", UINT64_MAX);
        check(NULL, &seconds, NOW, "pomod is away", UINT64_MAX);
}

static void test_words(void) {
        TimerState timer = running(CLIENT_POMODORO, 180 * SEC);
        TimerState idle = { .next = CLIENT_LONG_BREAK, .completed_today = 3, .target_today = 8 };
        View view;

        timer.completed_today = 2;
        view_make(&timer, NULL, &seconds, NOW, &view);
        g_assert_cmpstr(view.word, ==, "pomodoro");
        g_assert_cmpstr(view.brief, ==, "3:00");
        g_assert_cmpstr(view.tooltip, ==, "Pomodoro: Write\n2 completed today");
        g_assert_cmpuint(view.percentage, ==, 25);
        g_assert_cmpuint(view.seq, ==, 7);
        view_done(&view);

        view_make(&idle, NULL, &seconds, NOW, &view);
        g_assert_cmpstr(view.tooltip, ==, "Next: long break\n3 of 8 completed today");
        view_done(&view);

        view_make(NULL, "the bus closed", &seconds, NOW, &view);
        g_assert_true(view.away);
        g_assert_cmpstr(view.word, ==, "away");
        g_assert_cmpstr(view.tooltip, ==, "the bus closed");
        view_done(&view);
}

static void check_schedule(const char *state, const char *rule, uint64_t until, const char *text) {
        TimerState idle = { .rule = (char *) rule, .schedule_state = (char *) state };
        TimerState work = running(CLIENT_FREEFORM, 0);
        ViewOptions options = { .schedule_until_usec = until * SEC, .now = 1782900000 };
        cleanup_free_ char *whole = NULL, *line = NULL;
        View view;

        g_assert_cmpint(asprintf(&whole, "idle%s%s", *text ? " · " : "", text), >, 0);
        check(&idle, &options, NOW, whole, UINT64_MAX);

        work.rule = idle.rule;
        work.schedule_state = idle.schedule_state;
        view_make(&work, NULL, &options, NOW, &view);
        g_assert_cmpint(asprintf(&line, "Freeform: Write\n0 completed today%s%s", *text ? "\n" : "", text), >,
                        0);
        g_assert_cmpstr(view.tooltip, ==, line);
        g_assert_cmpstr(view.text, ==, "+1:00 Write");
        view_done(&view);

        options.idle_text = "-";
        check(&idle, &options, NOW, "-", UINT64_MAX);
}

/* 1782900000 is 2026-07-01 10:00 in UTC. */
static void test_schedule(void) {
        g_setenv("TZ", "Europe/Zurich", TRUE);
        tzset();
        check_schedule("free", "", 0, "");
        check_schedule("free", "", 1782943200, "");
        check_schedule("window", "afternoons", 1782918000, "afternoons until 17:00");
        check_schedule("window", "always", 0, "always");
        check_schedule("off-hours", "", 1782975600, "off hours until Thu 02 Jul 09:00");
        check_schedule("away", "closed", 1782943200, "away: closed until Thu 02 Jul 00:00");
        check_schedule("window", "a\nb", 1782918000,
                        "a\xEF\xBF\xBD"
                        "b until 17:00");
}

static void test_titles(void) {
        static const struct {
                const char *title, *text;
        } table[] = {
                { "", "0:09" },
                { "1234567890123456789012345678901234567890",
                                "0:09 1234567890123456789012345678901234567890" },
                { "12345678901234567890123456789012345678901",
                                "0:09 123456789012345678901234567890123456789…" },
                { "12345678901234567890123456789012345678 901",
                                "0:09 12345678901234567890123456789012345678…" },
                /* Wide characters take two columns: 19 and the ellipsis fit, 20 do not. */
                { "日日日日日日日日日日日日日日日日日日日日日",
                                "0:09 日日日日日日日日日日日日日日日日日日日…" },
                { "line\nline\033[31m", "0:09 line\xEF\xBF\xBDline\xEF\xBF\xBD[31m" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
                TimerState timer = running(CLIENT_POMODORO, 9 * SEC);

                timer.task = (char *) table[i].title;
                g_test_message("%zu: %s", i, table[i].title);
                check(&timer, &seconds, NOW, table[i].text, NOW + SEC);
        }
}

/* By whom and why is for the tooltip in full; a bar that has none shows what it has room for. */
static void test_not_enforced(void) {
        static char why[] = "sites failed: 123456789 123456789 123456789 123456789 123456789";
        TimerState work = running(CLIENT_FREEFORM, 0);
        ViewOptions options = {};
        View view;

        work.not_enforced = why;
        view_make(&work, NULL, &options, NOW, &view);
        g_assert_true(view.not_enforced);
        g_assert_cmpstr(view.text, ==,
                        "+1:00 Write · not enforced: sites failed: 123456789 123456789 123456789 123456789 12345…");
        g_assert_cmpstr(view.brief, ==, "+1:00 !");
        g_assert_cmpstr(view.tooltip, ==,
                        "Freeform: Write\n0 completed today\nNot enforced: sites failed: 123456789 123456789 123456789 123456789 123456789");
        view_done(&view);

        work.not_enforced[0] = '\0';
        view_make(&work, NULL, &options, NOW, &view);
        g_assert_false(view.not_enforced);
        g_assert_cmpstr(view.text, ==, "+1:00 Write");
        view_done(&view);
}

static void check_refusal(const char *sentence, const char *text) {
        TimerState timer = running(CLIENT_POMODORO, 1500 * SEC);
        ViewOptions options = { .refusal = sentence, .refusal_until_boot_usec = NOW + VIEW_REFUSAL_USEC };
        View view;

        view_make(&timer, NULL, &options, NOW, &view);
        g_assert_true(view.refused);
        g_assert_cmpstr(view.text, ==, text);
        g_assert_cmpstr(view.brief, ==, "refused");
        g_assert_cmpstr(view.tooltip, ==, sentence);
        g_assert_cmpstr(view.word, ==, "pomodoro");
        g_assert_cmpuint(view.seq, ==, 7);
        g_assert_cmpuint(view.next_boot_usec, ==, NOW + 5 * SEC);
        view_done(&view);

        check(&timer, &options, NOW + VIEW_REFUSAL_USEC, "24:55 Write", NOW + 6 * SEC);
        check(NULL, &options, NOW, "pomod is away", UINT64_MAX);
}

static void test_refusals(void) {
        TimerState idle = { .state = CLIENT_IDLE };
        ViewOptions options = { .refusal = "a\nb", .refusal_until_boot_usec = NOW + 1 };

        check_refusal("nothing is running", "nothing is running");
        check_refusal("this is outside the hours of the day's rules; start with anyway to work all the same",
                        "this is outside the hours of the day's rules");
        check_refusal("123456789 123456789 123456789 123456789 123456789 123456789 1",
                        "123456789 123456789 123456789 123456789 123456789 123456789…");
        check(&idle, &options, NOW,
                        "a\xEF\xBF\xBD"
                        "b",
                        NOW + 1);
        check(&idle, &options, NOW + 1, "idle", UINT64_MAX);
}

static bool rang(const TimerState *timer, const ViewOptions *options, uint64_t now, uint64_t next) {
        bool rang;
        View view;

        view_make(timer, NULL, options, now, &view);
        g_assert_cmpuint(view.next_boot_usec, ==, next);
        rang = view.rang;
        view_done(&view);
        return rang;
}

static void test_rings(void) {
        ViewOptions in_minutes = { .minutes = true, .rang_id = 12 }, in_seconds = { .rang_id = 12 },
                    none = {};
        TimerState timer = running(CLIENT_SHORT_BREAK, 300 * SEC);

        timer.started_boot_usec = NOW;
        timer.interval_id = 12;
        g_assert_true(rang(&timer, &in_seconds, NOW, NOW + SEC));
        g_assert_true(rang(&timer, &in_minutes, NOW, NOW + 10 * SEC));
        g_assert_true(rang(&timer, &in_minutes, NOW + 10 * SEC - 1, NOW + 10 * SEC));
        g_assert_false(rang(&timer, &in_minutes, NOW + 10 * SEC, NOW + 60 * SEC));
        g_assert_false(rang(&timer, &none, NOW, NOW + SEC));
        timer.interval_id = 13;
        g_assert_false(rang(&timer, &in_seconds, NOW, NOW + SEC));
        timer.interval_id = 12;
        timer.state = CLIENT_POMODORO;
        g_assert_false(rang(&timer, &in_seconds, NOW, NOW + SEC));
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/pomobar/view/countdown", test_countdown);
        g_test_add_func("/pomobar/view/minutes", test_minutes);
        g_test_add_func("/pomobar/view/every-second-once", test_every_second_is_shown_once);
        g_test_add_func("/pomobar/view/states", test_states);
        g_test_add_func("/pomobar/view/words", test_words);
        g_test_add_func("/pomobar/view/schedule", test_schedule);
        g_test_add_func("/pomobar/view/not-enforced", test_not_enforced);
        g_test_add_func("/pomobar/view/refusals", test_refusals);
        g_test_add_func("/pomobar/view/rings", test_rings);
        g_test_add_func("/pomobar/view/titles", test_titles);
        return g_test_run();
}
