/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* Claims that no plugin's host acts on: what goes on record, when, and how often. */

#include <string.h>

#include "tests/unit/engine/fixture.h"

/* The engine begins at 11:00 of a Monday in Berlin, 2026-03-02. */
static void begin(Fixture *f) {
        static const char *const plugins[] = { "mute", NULL };

        fixture_begin(f);
        fixture_attend(f, plugins);
        fixture_set(f, "time-zone", "Europe/Berlin");
}

static int note_failures(User *user, GString *text) {
        const Claim *claim;
        unsigned place = 0;

        while ((claim = user_read_claim(user, &place)))
                g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "", claim->failure ?: "-");
        return 0;
}

static void check(Fixture *f, const char *want) {
        g_autoptr(GString) text = g_string_new(NULL);

        g_assert_cmpint(fixture_in(f, note_failures(user, text)), ==, 0);
        g_assert_cmpstr(text->str, ==, want);
}

static void report(Fixture *f, const char *plugin, const char *message) {
        PluginReport report = { .state = "failed", .message = (char *) message, .uid = REPORT_OF_NOBODY };

        g_strlcpy(report.plugin, plugin, sizeof(report.plugin));
        g_assert_cmpint(engine_reports_put(f->engine, &report, &f->refusal), ==, 0);
}

static void test_after_a_minute(void) {
        cleanup_(fixture_done) Fixture f;

        begin(&f);
        test_clocks_advance(f.clocks, MIN_USEC(30));
        fixture_engage(&f);
        g_assert_cmpuint(test_clocks_armed(f.clocks), ==, test_clocks_get(f.clocks)->boot_usec + MIN_USEC(1));
        test_clocks_advance(f.clocks, MIN_USEC(1) - USEC_PER_MSEC);
        check(&f, "-");
        /* Each has a minute of its own. */
        fixture_engage(&f);
        test_clocks_advance(f.clocks, USEC_PER_MSEC);
        check(&f, "sites: not running since 2026-03-02 11:30, -");
        test_clocks_advance(f.clocks, MIN_USEC(1) - USEC_PER_MSEC);
        check(&f, "sites: not running since 2026-03-02 11:30, sites: not running since 2026-03-02 11:30");
        /* It was said, and wakes nobody again: what is next is the end. */
        test_clocks_advance(f.clocks, MIN_USEC(10));
        g_assert_cmpuint(test_clocks_armed(f.clocks), ==, START_BOOT_USEC + MIN_USEC(630));
        report(&f, "mute", "no sound");
        test_clocks_advance(f.clocks, MIN_USEC(10));
        check(&f, "mute: no sound, mute: no sound");
}

static void test_it_comes_and_goes(void) {
        cleanup_(fixture_done) Fixture f;

        begin(&f);
        fixture_engage(&f);
        test_clocks_advance(f.clocks, MIN_USEC(1) - USEC_PER_SEC);
        fixture_host(&f, "sites", ":1.2");
        test_clocks_advance(f.clocks, MIN_USEC(60));
        check(&f, "-");
        engine_hosts_remove(f.engine, ":1.2");
        test_clocks_advance(f.clocks, MIN_USEC(1) - USEC_PER_SEC);
        fixture_host(&f, "sites", ":1.3");
        test_clocks_advance(f.clocks, MIN_USEC(1));
        check(&f, "-");
        engine_hosts_remove(f.engine, ":1.3");
        test_clocks_advance(f.clocks, MIN_USEC(1));
        check(&f, "-");
        test_clocks_advance(f.clocks, USEC_PER_SEC);
        check(&f, "sites: not running since 2026-03-02 12:02");
        /* A host of the user's own will do. */
        g_assert_cmpint(fixture_in(&f, user_hosts_add(user,
                                                       &(PluginHost){ .plugin = "sites",
                                                                       .connection = ":1.4",
                                                                       .version = "1" },
                                                       &f.refusal)),
                        ==, 0);
        fixture_engage(&f);
        test_clocks_advance(f.clocks, MIN_USEC(5));
        check(&f, "sites: not running since 2026-03-02 12:02, -");
}

/* A pomod that has just begun has seen nobody yet; in another boot the clock of before says nothing. */
static void test_restarts(void) {
        cleanup_(fixture_done) Fixture f;

        begin(&f);
        fixture_host(&f, "sites", ":1.2");
        fixture_engage(&f);
        test_clocks_advance(f.clocks, MIN_USEC(10));
        fixture_stop(&f);
        g_assert_cmpint(fixture_start(&f), ==, 0);
        test_clocks_advance(f.clocks, MIN_USEC(1) - USEC_PER_SEC);
        check(&f, "-");
        test_clocks_advance(f.clocks, 2 * USEC_PER_SEC);
        check(&f, "sites: not running since 2026-03-02 11:10");
}

static void test_of_a_disabled_one_nothing_is_said(void) {
        cleanup_(fixture_done) Fixture f;

        begin(&f);
        g_assert_cmpint(fixture_request(&f, &(Request){ .type = REQUEST_PLUGIN_DISABLE, .name = "sites" },
                                        NULL),
                        ==, 0);
        fixture_engage(&f);
        test_clocks_advance(f.clocks, MIN_USEC(5));
        check(&f, "-");
        g_assert_cmpint(fixture_request(&f, &(Request){ .type = REQUEST_PLUGIN_ENABLE, .name = "sites" },
                                        NULL),
                        ==, 0);
        test_clocks_advance(f.clocks, MIN_USEC(1) + USEC_PER_SEC);
        check(&f, "sites: not running since 2026-03-02 11:05");
}

static void test_a_hand_that_lifts_it(void) {
        cleanup_(fixture_done) Fixture f;

        begin(&f);
        fixture_host(&f, "sites", ":1.2");
        fixture_engage(&f);
        report(&f, "sites", "no nft");
        check(&f, "sites: no nft");
        g_assert_cmpint(engine_reports_note_released(f.engine, "tint", "other"), ==, 0);
        check(&f, "sites: no nft");
        g_assert_cmpint(engine_reports_note_released(f.engine, "sites", "the boss called"), ==, 0);
        check(&f, "sites: released by hand: the boss called");
        report(&f, "sites", "still no nft");
        check(&f, "sites: released by hand: the boss called");
        g_assert_cmpint(fixture_in(&f, (user_reports_note_released(user, "mute", ""), 0)), ==, 0);
        check(&f, "mute: released by hand");
        fixture_stop(&f);
        g_assert_cmpint(fixture_start(&f), ==, 0);
        check(&f, "mute: released by hand");
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/engine/attendance/minute", test_after_a_minute);
        g_test_add_func("/engine/attendance/comes-and-goes", test_it_comes_and_goes);
        g_test_add_func("/engine/attendance/restarts", test_restarts);
        g_test_add_func("/engine/attendance/disabled", test_of_a_disabled_one_nothing_is_said);
        g_test_add_func("/engine/attendance/by-hand", test_a_hand_that_lifts_it);
        return g_test_run();
}
