/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* Office days as the engine tells of them: since when their rule stands, where they may be moved, what
 * plugins could not do. */

#include <sqlite3.h>
#include <string.h>

#include "tests/unit/engine/fixture.h"

/* The engine begins at 11:00 of a Monday in Berlin, 2026-03-02. */
#define DEEP "[Profile deep]\nPlugins=sites;mute\nsites.Block=reddit.com\n"
#define DESK     \
        "[Rule " \
        "desk]\nKind=office-day\nDays=Mon;Tue\nHours=08:00-10:00;12:00-14:00\nFocus=deep\nQuota=1/week\n"
#define DAY_USEC MIN_USEC(24 * 60)

static void import(Fixture *f, const char *text) {
        if (fixture_request(f, &(Request){ .type = REQUEST_RULES_IMPORT, .text = text, .replace = true },
                            NULL) != 0)
                g_error("refused: %s", f->refusal.message);
}

static void begin(Fixture *f, const char *rules) {
        static const char *const plugins[] = { "sites", "mute", NULL };

        fixture_begin(f);
        fixture_attend(f, plugins);
        fixture_set(f, "time-zone", "Europe/Berlin");
        import(f, rules);
}

static void restart(Fixture *f) {
        fixture_stop(f);
        g_assert_cmpint(fixture_start(f), ==, 0);
}

static int note_day(const OfficeDay *day, void *userdata) {
        char date[DATE_TEXT_MAX];

        if (!day)
                return 0;
        g_string_append_printf(userdata, "%s%s %s %s", ((GString *) userdata)->len > 0 ? ", " : "",
                        date_format(day->date, date) + 8, day->name, office_day_fate_to_string(day->fate));
        g_assert_cmpint(day->enforced, ==, day->failure == NULL);
        if (day->failure)
                g_string_append_printf(userdata, " (%s)", day->failure);
        return 0;
}

static void check_days(Fixture *f, int from, int to, const char *want) {
        g_autoptr(GString) text = g_string_new(NULL);

        OfficeDayPlace place = { .date = date_make(2026, 3, from) };

        g_assert_cmpint(fixture_in(f, user_office_days_each(
                                                      user, &place, date_make(2026, 3, to), note_day, text)),
                        ==, 0);
        g_assert_cmpstr(text->str, ==, want);
}

static void test_since(void) {
        cleanup_(fixture_done) Fixture f;

        begin(&f, DEEP DESK);
        check_days(&f, 1, 3, "02 desk planned, 03 desk planned");
        test_clocks_advance(f.clocks, MIN_USEC(4 * 60));
        check_days(&f, 1, 3, "02 desk kept, 03 desk planned");

        /* Nobody is there on the 3rd; a rule that comes on the 4th has missed nothing. */
        fixture_stop(&f);
        virtual_clock_sleep(&f.now, 2 * DAY_USEC);
        g_assert_cmpint(fixture_start(&f), ==, 0);
        import(&f, DEEP DESK "[Rule second]\nKind=office-day\nDays=Tue;Wed\nHours=08:00-10:00\nPriority=1\n");
        check_days(&f, 1, 4, "02 desk kept");
        import(&f, DEEP DESK "[Rule second]\nKind=office-day\nDays=Wed\nHours=08:00-09:00\n");
        check_days(&f, 1, 4, "02 desk kept, 03 desk missed");

        /* Edited, imported and loaded again it is the same rule. */
        import(&f, DEEP "[Rule desk]\nKind=office-day\nDays=Mon-Wed\nHours=08:00-10:00\n");
        restart(&f);
        check_days(&f, 1, 4, "02 desk kept, 03 desk missed, 04 desk missed");
        /* Removed, its record is all there is of it; the next rule of its name begins anew. */
        import(&f, DEEP);
        check_days(&f, 1, 4, "02 desk kept");
        import(&f, DEEP DESK);
        check_days(&f, 1, 4, "02 desk kept");
}

static int move(Fixture *f, int from, int to_month, int to) {
        Request request = {
                .type = REQUEST_OFFICE_DAY_MOVE,
                .name = "",
                .date = date_make(2026, 3, from),
                .to_date = date_make(2026, to_month, to),
        };

        return fixture_request(f, &request, NULL);
}

static void test_moved_within_its_period(void) {
        cleanup_(fixture_done) Fixture f;

        begin(&f, "[Rule desk]\nKind=office-day\nDays=Wed\nQuota=1/week\n");
        g_assert_cmpint(move(&f, 25, 3, 25), ==, REFUSAL_INVALID_ARGUMENT);
        assert_refused(&f, REFUSAL_INVALID_ARGUMENT,
                        "2026-03-25 cannot be moved to itself; name another date of its week");
        g_assert_cmpint(move(&f, 11, 4, 20), ==, REFUSAL_INVALID_ARGUMENT);
        assert_refused(&f, REFUSAL_INVALID_ARGUMENT, "2026-04-20 is not in the week of 2026-03-11");
        assert_refused(&f, REFUSAL_INVALID_ARGUMENT, "office-day drop 2026-03-11, office-day add 2026-04-20");
        check_days(&f, 9, 15, "11 desk planned");

        /* Sunday the 8th is in the week of the 11th where weeks begin on Sundays. */
        g_assert_cmpint(move(&f, 11, 3, 8), ==, REFUSAL_INVALID_ARGUMENT);
        fixture_set(&f, "week-start", "sunday");
        g_assert_cmpint(move(&f, 11, 3, 15), ==, REFUSAL_INVALID_ARGUMENT);
        g_assert_cmpint(move(&f, 11, 3, 8), ==, 0);
        check_days(&f, 8, 15, "08 desk planned, 11 desk moved");

        import(&f, "[Rule desk]\nKind=office-day\nDays=Wed\nQuota=4/month\n");
        g_assert_cmpint(move(&f, 11, 3, 30), ==, 0);
        g_assert_cmpint(move(&f, 25, 4, 2), ==, REFUSAL_INVALID_ARGUMENT);
        assert_refused(&f, REFUSAL_INVALID_ARGUMENT, "2026-04-02 is not in the month of 2026-03-25");
}

/* ---- what plugins could not do ---- */

static void report(Fixture *f, const char *plugin, const char *state, const char *message) {
        PluginReport report = { .state = state, .message = (char *) message };

        g_strlcpy(report.plugin, plugin, sizeof(report.plugin));
        g_assert_cmpint(fixture_in(f, (report.generation = user_read_generation(user),
                                                      user_reports_put(user, &report, &f->refusal))),
                        ==, 0);
}

static void test_failures(void) {
        cleanup_(fixture_done) Fixture f;

        begin(&f, DEEP DESK);
        /* Nothing was in force yet. */
        report(&f, "sites", "failed", "too early");
        test_clocks_advance(f.clocks, MIN_USEC(90));
        check_days(&f, 2, 2, "02 desk running");
        report(&f, "tint", "failed", "not wanted");
        report(&f, "sites", "engaged", "all is well");
        check_days(&f, 2, 2, "02 desk running");
        report(&f, "sites", "failed", "no rights");
        check_days(&f, 2, 2, "02 desk running (sites: no rights)");
        /* The last one counts; that it works again does not unmake it. */
        report(&f, "mute", "failed", "");
        report(&f, "mute", "engaged", "");
        check_days(&f, 2, 2, "02 desk running (mute)");
        restart(&f);
        check_days(&f, 2, 2, "02 desk running (mute)");
        test_clocks_advance(f.clocks, MIN_USEC(120));
        check_days(&f, 2, 2, "02 desk kept (mute)");
        report(&f, "mute", "failed", "too late");
        check_days(&f, 2, 2, "02 desk kept (mute)");
}

/* As it is on the disk, which the engine does not say. */
static void check_stored(Fixture *f, const char *want) {
        cleanup_free_ char *file = g_build_filename(f->dir, "pomod.db", NULL);
        sqlite3_stmt *stmt;
        sqlite3 *db;

        g_assert_cmpint(sqlite3_open_v2(file, &db, SQLITE_OPEN_READWRITE, NULL), ==, SQLITE_OK);
        g_assert_cmpint(sqlite3_prepare_v2(db, "SELECT coalesce(group_concat(failure), '-') FROM claims", -1,
                                        &stmt, NULL),
                        ==, SQLITE_OK);
        g_assert_cmpint(sqlite3_step(stmt), ==, SQLITE_ROW);
        g_assert_cmpstr((const char *) sqlite3_column_text(stmt, 0), ==, want);
        sqlite3_finalize(stmt);
        sqlite3_close(db);
}

/* Known at once and stored soon, once; a plugin that says something else all the time is stored when there is
 * time. */
static void test_failures_are_stored_later(void) {
        cleanup_(fixture_done) Fixture f;

        begin(&f, DEEP DESK);
        test_clocks_advance(f.clocks, MIN_USEC(90));
        check_stored(&f, "-");
        report(&f, "sites", "failed", "first");
        check_stored(&f, "-");
        test_clocks_advance(f.clocks, USEC_PER_SEC);
        check_stored(&f, "sites: first");
        for (unsigned i = 0; i < 20; i++) {
                report(&f, "sites", "failed", i % 2 ? "odd" : "even");
                test_clocks_advance(f.clocks, USEC_PER_SEC);
        }
        check_stored(&f, "sites: first");
        check_days(&f, 2, 2, "02 desk running (sites: odd)");
        test_clocks_advance(f.clocks, MIN_USEC(5));
        check_stored(&f, "sites: odd");
        /* Nothing is left behind by one that stops in good order. */
        report(&f, "sites", "failed", "last");
        fixture_stop(&f);
        check_stored(&f, "sites: last");
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/engine/office-days/since", test_since);
        g_test_add_func("/engine/office-days/moved", test_moved_within_its_period);
        g_test_add_func("/engine/office-days/failures", test_failures);
        g_test_add_func("/engine/office-days/failures/stored", test_failures_are_stored_later);
        return g_test_run();
}
