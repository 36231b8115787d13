/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <string.h>

#include "tests/unit/engine/fixture.h"

#define FOCUSED                                                   \
        "[Profile work]\nPlugins=sites\nsites.Block=reddit.com\n" \
        "[Rule morning]\nHours=09:00-12:00\nFocus=work\n"

static int import(Fixture *f, const char *text, bool replace, bool dry_run, Answer *ret_answer) {
        Request request = {
                .type = REQUEST_RULES_IMPORT,
                .text = text,
                .replace = replace,
                .dry_run = dry_run,
        };

        return fixture_request(f, &request, ret_answer);
}

static void begin(Fixture *f, const char *rules) {
        fixture_begin(f);
        fixture_set(f, "time-zone", "Europe/Berlin");
        if (import(f, rules, true, false, NULL) != 0)
                g_error("refused: %s", f->refusal.message);
        f->n_told = 0;
}

static void assert_text(Fixture *f, const char *expected) {
        char *text = NULL;

        g_assert_cmpint(fixture_in(f, (text = rule_set_print(user_read_rules(user)), 0)), ==, 0);
        g_assert_cmpstr(text, ==, expected);
        g_free(text);
}

static int set_rule(Fixture *f, const char *text) {
        Request request = { .type = REQUEST_RULE_SET };
        RuleSet set;
        int r;

        g_assert_cmpint(rule_set_parse(text, &set, NULL), ==, 0);
        g_assert_cmpuint(set.rules->len, ==, 1);
        request.rule = &g_array_index(set.rules, Rule, 0);
        r = fixture_request(f, &request, NULL);
        rule_set_done(&set);
        return r;
}

static int by_name(Fixture *f, RequestType type, const char *name) {
        return fixture_request(f, &(Request){ .type = type, .name = name }, NULL);
}

static void test_set_and_remove(void) {
        cleanup_(fixture_done) Fixture f;
        uint64_t seq;

        begin(&f, "[Rule a]\nHours=09:00-10:00\n[Rule b]\nHours=10:00-11:00\n");
        seq = fixture_timer(&f).seq;
        g_assert_cmpint(set_rule(&f, "[Rule a]\nHours=09:00-12:00\n"), ==, 0);
        g_assert_cmpuint(fixture_timer(&f).seq, ==, seq + 1);
        g_assert_cmpint(fixture_last(&f)->type, ==, HAPPENED_SCHEDULE_CHANGED);
        g_assert_cmpstr(fixture_timer(&f).rule, ==, "a");
        assert_text(&f, "[Rule a]\nHours=09:00-12:00\n\n[Rule b]\nHours=10:00-11:00\n");

        g_assert_cmpint(by_name(&f, REQUEST_RULE_REMOVE, "a"), ==, 0);
        g_assert_cmpstr(fixture_timer(&f).rule, ==, "");
        g_assert_cmpstr(fixture_timer(&f).schedule_state, ==, "off-hours");
        g_assert_cmpint(by_name(&f, REQUEST_RULE_REMOVE, "a"), ==, REFUSAL_NO_SUCH_RULE);
        assert_refused(&f, REFUSAL_NO_SUCH_RULE, "no rule a;");
        fixture_stop(&f);
        g_assert_cmpint(fixture_start(&f), ==, 0);
        assert_text(&f, "[Rule b]\nHours=10:00-11:00\n");
}

static void test_references(void) {
        cleanup_(fixture_done) Fixture f;

        begin(&f, FOCUSED);
        g_assert_cmpint(set_rule(&f, "[Rule other]\nFocus=play\n"), ==, REFUSAL_NO_SUCH_PROFILE);
        assert_refused(&f, REFUSAL_NO_SUCH_PROFILE, "rule other has Focus=play");
        g_assert_cmpint(by_name(&f, REQUEST_PROFILE_REMOVE, "work"), ==, REFUSAL_NOT_POSSIBLE);
        assert_refused(&f, REFUSAL_NOT_POSSIBLE, "rule morning has Focus=work");
        g_assert_cmpint(by_name(&f, REQUEST_PROFILE_REMOVE, "play"), ==, REFUSAL_NO_SUCH_PROFILE);
        g_assert_cmpint(import(&f, "[Rule other]\nFocus=play\n", false, false, NULL), ==,
                        REFUSAL_NO_SUCH_PROFILE);
        /* Whole or nothing: without its profile, none of it. */
        assert_text(&f, "[Profile work]\nPlugins=sites\nsites.Block=reddit.com\n\n"
                        "[Rule morning]\nHours=09:00-12:00\nFocus=work\n");
        g_assert_cmpint(by_name(&f, REQUEST_RULE_REMOVE, "morning"), ==, 0);
        g_assert_cmpint(by_name(&f, REQUEST_PROFILE_REMOVE, "work"), ==, 0);
        assert_text(&f, "");
}

static void test_import(void) {
        cleanup_(fixture_done) Fixture f;
        Answer answer;
        uint64_t seq;

        begin(&f, FOCUSED);
        seq = fixture_timer(&f).seq;
        /* Dry: what would change, and nothing does. */
        g_assert_cmpint(import(&f, "[Rule morning]\nHours=09:00-12:00\nFocus=work\n[Rule late]\nHours=20:00-21:00\n",
                                        false, true, &answer),
                        ==, 0);
        g_assert_cmpuint(answer.rules, ==, 1);
        g_assert_cmpuint(answer.profiles, ==, 0);
        g_assert_cmpuint(answer.removed, ==, 0);
        g_assert_cmpuint(fixture_timer(&f).seq, ==, seq);
        g_assert_cmpint(import(&f, "[Rule late]\nHours=20:00-21:00\n", true, true, &answer), ==, 0);
        g_assert_cmpuint(answer.rules, ==, 1);
        g_assert_cmpuint(answer.removed, ==, 2);

        g_assert_cmpint(import(&f, "[Rule late]\nHours=20:00-21:00\n[Rule morning]\nHours=08:00-12:00\n",
                                        false, false, &answer),
                        ==, 0);
        g_assert_cmpuint(answer.rules, ==, 2);
        assert_text(&f, "[Profile work]\nPlugins=sites\nsites.Block=reddit.com\n\n"
                        "[Rule morning]\nHours=08:00-12:00\n\n[Rule late]\nHours=20:00-21:00\n");
        g_assert_cmpint(import(&f, "[Rule x]\nHours=25:00-26:00\n", true, false, NULL), ==,
                        REFUSAL_INVALID_ARGUMENT);
        assert_refused(&f, REFUSAL_INVALID_ARGUMENT, "25:00");
        g_assert_cmpint(import(&f, "[Rule late]\nHours=20:00-21:00\n", true, false, &answer), ==, 0);
        assert_text(&f, "[Rule late]\nHours=20:00-21:00\n");
}

/* A dry run is a question, and a question makes no store. */
static void test_dry_run_makes_no_store(void) {
        cleanup_(fixture_done) Fixture f;
        cleanup_free_ char *path = NULL;

        fixture_begin(&f);
        g_assert_cmpint(import(&f, "[Rule a]\n", false, true, NULL), ==, 0);
        path = g_build_filename(f.dir, "pomod.db", NULL);
        g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
}

static void note_warning(const char *rule, const char *sentence, void *userdata) {
        g_string_append_printf(userdata, "%s: %s\n", rule, sentence);
}

static void test_warnings(void) {
        GString *told = g_string_new(NULL);
        cleanup_(fixture_done) Fixture f;
        Request request = {
                .type = REQUEST_RULES_IMPORT,
                .text = "[Rule past]\nDates=2020-01-01..2020-12-31\n",
                .dry_run = true,
                .warning = note_warning,
                .warning_userdata = told,
        };

        begin(&f, "");
        g_assert_cmpint(fixture_request(&f, &request, NULL), ==, 0);
        g_assert_nonnull(strstr(told->str, "past: "));
        g_string_truncate(told, 0);
        g_assert_cmpint(fixture_in(&f, user_agenda_each_warning(user, note_warning, told)), ==, 0);
        g_assert_cmpstr(told->str, ==, "");
        request.dry_run = false;
        g_assert_cmpint(fixture_request(&f, &request, NULL), ==, 0);
        g_assert_cmpint(fixture_in(&f, user_agenda_each_warning(user, note_warning, told)), ==, 0);
        g_assert_nonnull(strstr(told->str, "past: "));

        /* Of others only what is news, of itself all. */
        g_string_truncate(told, 0);
        request.text = "[Rule a]\nHours=09:00-10:00\n[Rule b]\nHours=11:00-12:00\n";
        g_assert_cmpint(fixture_request(&f, &request, NULL), ==, 0);
        g_assert_cmpstr(told->str, ==, "");
        request.text = "[Rule above]\nPriority=1\nHours=09:00-10:00\n";
        g_assert_cmpint(fixture_request(&f, &request, NULL), ==, 0);
        g_assert_cmpstr(told->str, ==,
                        "a: never holds in the next two years: above hides it\n"
                        "b: never holds in the next two years: above hides it\n");
        g_string_truncate(told, 0);
        request.text = "[Rule b]\nHours=11:00-13:00\n";
        g_assert_cmpint(fixture_request(&f, &request, NULL), ==, 0);
        g_assert_cmpstr(told->str, ==, "b: never holds in the next two years: above hides it\n");
        g_string_free(told, TRUE);
}

static char *many_rules(unsigned n, unsigned first) {
        GString *text = g_string_new(NULL);

        for (unsigned i = 0; i < n; i++)
                g_string_append_printf(text,
                                "[Rule r%u]\nDates=%02u-%02u..12-31\nDays=Mon-Fri\nHours=09:00-12:00\n",
                                first + i, 1 + i % 12, 1 + i % 28);
        return g_string_free(text, FALSE);
}

static unsigned long elapsed_msec(gint64 since) {
        return (unsigned long) ((g_get_monotonic_time() - since) / 1000);
}

static void count_warning(const char *rule, const char *sentence, void *userdata) {
        unsigned *n = userdata;

        (*n)++;
}

static void test_caps(void) {
        cleanup_free_ char *all = many_rules(CAP_RULES, 0), *one_more = many_rules(1, CAP_RULES);
        cleanup_free_ char *one_of_them = many_rules(1, 0);
        cleanup_(fixture_done) Fixture f;
        unsigned warnings = 0;
        gint64 began;

        begin(&f, "");
        began = g_get_monotonic_time();
        g_assert_cmpint(import(&f, all, true, false, NULL), ==, 0);
        g_test_message("%u rules imported in %lu ms", CAP_RULES, elapsed_msec(began));
        g_assert_cmpint(import(&f, one_more, false, false, NULL), ==, REFUSAL_LIMITS_EXCEEDED);
        assert_refused(&f, REFUSAL_LIMITS_EXCEEDED, "10001 rules");
        g_assert_cmpint(set_rule(&f, one_more), ==, REFUSAL_LIMITS_EXCEEDED);
        began = g_get_monotonic_time();
        g_assert_cmpint(set_rule(&f, one_of_them), ==, 0);
        g_test_message("one of them set in %lu ms", elapsed_msec(began));
        began = g_get_monotonic_time();
        g_assert_cmpint(fixture_in(&f, user_agenda_each_warning(user, count_warning, &warnings)), ==, 0);
        g_test_message("%u warnings of them in %lu ms", warnings, elapsed_msec(began));
        fixture_stop(&f);
        began = g_get_monotonic_time();
        g_assert_cmpint(fixture_start(&f), ==, 0);
        g_test_message("started with them in %lu ms", elapsed_msec(began));
        began = g_get_monotonic_time();
        test_clocks_advance(f.clocks, MIN_USEC(24 * 60));
        g_test_message("a day lived in %lu ms", elapsed_msec(began));
}

/* ---- office days ---- */

#define OFFICE "[Rule office]\nKind=office-day\nDays=Wed\nHours=09:00-17:00\nQuota=1/week\n"

static Date date(const char *text) {
        Date d;

        g_assert_cmpint(date_parse(text, &d), ==, 0);
        return d;
}

static int office_day(Fixture *f, RequestType type, const char *rule, const char *at, const char *to) {
        Request request = {
                .type = type, .name = rule, .date = date(at), .to_date = to ? date(to) : DATE_NONE
        };

        return fixture_request(f, &request, NULL);
}

static void assert_rule_has(Fixture *f, const char *words) {
        char *text = NULL;

        g_assert_cmpint(fixture_in(f, (text = rule_set_print(user_read_rules(user)), 0)), ==, 0);
        if (!strstr(text, words))
                g_error("no %s in: %s", words, text);
        g_free(text);
}

static void test_office_days(void) {
        cleanup_(fixture_done) Fixture f;

        begin(&f, OFFICE);
        g_assert_cmpint(office_day(&f, REQUEST_OFFICE_DAY_ADD, "", "2026-03-06", NULL), ==, 0);
        assert_rule_has(&f, "Also=2026-03-06\n");
        g_assert_cmpint(office_day(&f, REQUEST_OFFICE_DAY_ADD, "office", "2026-03-06", NULL), ==,
                        REFUSAL_INVALID_ARGUMENT);
        assert_refused(&f, REFUSAL_INVALID_ARGUMENT, "2026-03-06 is an office day of office already");

        g_assert_cmpint(office_day(&f, REQUEST_OFFICE_DAY_MOVE, "", "2026-03-11", "2026-03-12"), ==, 0);
        assert_rule_has(&f, "Except=2026-03-11\n");
        assert_rule_has(&f, "2026-03-12");
        /* Moved back, nothing of it is left. */
        g_assert_cmpint(office_day(&f, REQUEST_OFFICE_DAY_MOVE, "", "2026-03-12", "2026-03-11"), ==, 0);
        assert_rule_has(&f, "Also=2026-03-06\n");
        g_assert_cmpint(office_day(&f, REQUEST_OFFICE_DAY_DROP, "", "2026-03-06", NULL), ==, 0);
        assert_text(&f, OFFICE);
        g_assert_cmpint(office_day(&f, REQUEST_OFFICE_DAY_DROP, "", "2026-03-18", NULL), ==, 0);
        assert_rule_has(&f, "Except=2026-03-18\n");
        g_assert_cmpint(office_day(&f, REQUEST_OFFICE_DAY_DROP, "", "2026-03-18", NULL), ==,
                        REFUSAL_INVALID_ARGUMENT);
        assert_refused(&f, REFUSAL_INVALID_ARGUMENT, "2026-03-18 is no office day of office");
}

static void test_office_days_refused(void) {
        cleanup_(fixture_done) Fixture f;

        begin(&f, OFFICE "[Rule plain]\n");
        g_assert_cmpint(office_day(&f, REQUEST_OFFICE_DAY_DROP, "", "2026-02-25", NULL), ==,
                        REFUSAL_INVALID_TIME);
        assert_refused(&f, REFUSAL_INVALID_TIME, "2026-02-25 is over");
        g_assert_cmpint(office_day(&f, REQUEST_OFFICE_DAY_MOVE, "", "2026-03-04", "2026-03-01"), ==,
                        REFUSAL_INVALID_TIME);
        g_assert_cmpint(office_day(&f, REQUEST_OFFICE_DAY_ADD, "plain", "2026-03-06", NULL), ==,
                        REFUSAL_INVALID_ARGUMENT);
        g_assert_cmpint(office_day(&f, REQUEST_OFFICE_DAY_ADD, "nobody", "2026-03-06", NULL), ==,
                        REFUSAL_NO_SUCH_RULE);
        g_assert_cmpint(set_rule(&f, "[Rule second]\nKind=office-day\nDays=Thu\n"), ==, 0);
        g_assert_cmpint(office_day(&f, REQUEST_OFFICE_DAY_ADD, "", "2026-03-06", NULL), ==,
                        REFUSAL_INVALID_ARGUMENT);
        assert_refused(&f, REFUSAL_INVALID_ARGUMENT, "both office and second");
}

/* ---- questions ---- */

static int count_stretch(const Stretch *stretch, void *userdata) {
        unsigned *n = userdata;

        *n += stretch->window.rule != NULL;
        return 0;
}

static int agenda(Fixture *f, uint64_t from, uint64_t to, unsigned *n, Refusal *ret_refusal) {
        const Span span = { from, to };
        uint64_t at = 0;

        return fixture_in(f, user_agenda_each(user, &span, &at, count_stretch, n, ret_refusal));
}

static void test_questions(void) {
        cleanup_(fixture_done) Fixture f;
        Schedule schedule;
        unsigned n = 0;
        uint32_t pomodoros = 0;
        char *why = NULL;

        begin(&f, "[Rule morning]\nDays=Mon-Fri\nHours=09:00-12:00\n");
        g_assert_cmpint(fixture_in(&f, user_agenda_explain(user, 0, &schedule, &why, NULL)), ==, 0);
        g_assert_cmpint(schedule.state, ==, SCHEDULE_WINDOW);
        g_assert_cmpuint(schedule.until_real_usec, ==, START_REAL_USEC + MIN_USEC(60));
        g_assert_nonnull(strstr(why, "morning"));
        g_free(why);
        g_assert_cmpint(fixture_in(&f, user_agenda_explain(user, UINT64_MAX, &schedule, NULL, &f.refusal)),
                        ==, REFUSAL_INVALID_TIME);
        g_assert_cmpint(agenda(&f, START_REAL_USEC, START_REAL_USEC + MIN_USEC(7 * 24 * 60), &n, NULL), ==,
                        0);
        g_assert_cmpuint(n, ==, 6);
        g_assert_cmpint(agenda(&f, 5, 5, &n, &f.refusal), ==, REFUSAL_INVALID_TIME);
        g_assert_cmpint(agenda(&f, 0, START_REAL_USEC, &n, &f.refusal), ==, REFUSAL_LIMITS_EXCEEDED);
        g_assert_cmpint(fixture_in(&f, user_agenda_capacity(user, date("2026-03-02"), 0, &pomodoros, NULL)),
                        ==, 0);
        g_assert_cmpuint(pomodoros, ==, 5);
        g_assert_cmpint(fixture_in(&f, user_agenda_capacity(user, date("2026-03-02"), START_REAL_USEC,
                                                       &pomodoros, NULL)),
                        ==, 0);
        g_assert_cmpuint(pomodoros, ==, 2); /* from 11 of 9 to 12 on */
        g_assert_cmpint(fixture_in(&f, user_agenda_capacity(user, DATE_NONE, 0, &pomodoros, &f.refusal)), ==,
                        REFUSAL_INVALID_ARGUMENT);
        g_assert_cmpint(fixture_in(&f, user_agenda_capacity(user, date("2026-03-02"), UINT64_MAX, &pomodoros,
                                                       &f.refusal)),
                        ==, REFUSAL_INVALID_TIME);
}

/* Many of them, one of which never holds. */
static char *rules_to_judge(unsigned n) {
        GString *text = g_string_new("[Rule hidden]\nDates=2020-01-01..2020-01-02\n");

        for (unsigned i = 0; i < n; i++)
                g_string_append_printf(text, "[Rule r%u]\nHours=09:00-%02u:%02u\n", i, 10 + i / 60, i % 60);
        return g_string_free(text, FALSE);
}

/* A pomodoro that ends so many readings of the clocks after an import has begun. */
static void ring_within(unsigned readings, const char *text) {
        cleanup_(fixture_done) Fixture f;
        unsigned warnings = 0;
        Request request = {
                .type = REQUEST_RULES_IMPORT,
                .text = text,
                .warning = count_warning,
                .warning_userdata = &warnings,
        };
        uint64_t seq, deadline;
        int64_t id;

        begin(&f, "");
        id = fixture_start_interval(&f, INTERVAL_POMODORO, MIN_USEC(25), NULL);
        test_clocks_advance(f.clocks, MIN_USEC(25) - readings * SLICE_USEC);
        deadline = test_clocks_armed(f.clocks);
        seq = fixture_timer(&f).seq;
        f.n_told = 0;
        test_clocks_flow(f.clocks, SLICE_USEC);
        g_assert_cmpint(fixture_request(&f, &request, NULL), ==, 0);
        test_clocks_flow(f.clocks, 0);
        g_assert_cmpuint(warnings, >, 0);
        g_assert_cmpuint(test_clocks_get(f.clocks)->boot_usec, >, deadline);

        g_assert_cmpint(f.told[0].happening.type, ==, HAPPENED_COMPLETED);
        g_assert_cmpint(fixture_last(&f)->type, ==, HAPPENED_SCHEDULE_CHANGED);
        for (unsigned i = 0; i < f.n_told; i++)
                g_assert_cmpuint(f.told[i].seq, ==, seq + 1 + i);
        seq = fixture_timer(&f).seq;
        fixture_stop(&f);
        g_assert_cmpint(fixture_start(&f), ==, 0);
        g_assert_cmpuint(fixture_timer(&f).seq, >=, seq);
        g_assert_cmpint(fixture_interval(&f, id).outcome, ==, OUTCOME_COMPLETED);
        assert_text(&f, text);
}

/* Long work holds up no bell, whichever part of it is being done: reading, judging, storing. */
static void test_ring_within_import(void) {
        static const unsigned readings[] = { 2, 150, 600, 1000, 1100 };
        cleanup_free_ char *text = rules_to_judge(100), *printed = NULL;
        RuleSet set;

        g_assert_cmpint(rule_set_parse(text, &set, NULL), ==, 0);
        printed = rule_set_print(&set);
        rule_set_done(&set);
        for (size_t i = 0; i < G_N_ELEMENTS(readings); i++)
                ring_within(readings[i], printed);
}

static void test_full_disk(void) {
        cleanup_(fixture_done) Fixture f;

        begin(&f, "[Rule a]\nHours=09:00-12:00\n");
        disk_full();
        g_assert_cmpint(set_rule(&f, "[Rule a]\nHours=09:00-11:30\n"), ==, REFUSAL_STORE_FAILED);
        disk_free();
        assert_text(&f, "[Rule a]\nHours=09:00-12:00\n");
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/engine/rules/set", test_set_and_remove);
        g_test_add_func("/engine/rules/references", test_references);
        g_test_add_func("/engine/rules/import", test_import);
        g_test_add_func("/engine/rules/dry-run", test_dry_run_makes_no_store);
        g_test_add_func("/engine/rules/warnings", test_warnings);
        g_test_add_func("/engine/rules/caps", test_caps);
        g_test_add_func("/engine/rules/ring-within", test_ring_within_import);
        g_test_add_func("/engine/rules/full-disk", test_full_disk);
        g_test_add_func("/engine/rules/office-days", test_office_days);
        g_test_add_func("/engine/rules/office-days/refused", test_office_days_refused);
        g_test_add_func("/engine/rules/questions", test_questions);
        return g_test_run();
}
