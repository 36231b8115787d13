/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* Edits of rule sets and of office days: text in, text or a refusal out. */

#include "daemon/core/rules-edit.h"

#include "daemon/core/office-days.h"
#include "tests/unit/check.h"

#define DEEP   "[Profile deep]\nPlugins=mute\n"
#define WORK   "[Rule work]\nHours=09:00-12:00\n"
#define DESK   "[Rule desk]\nKind=office-day\nDays=Wed\n"
#define SECOND "[Rule second]\nKind=office-day\nDays=Fri\n"
#define AWAY   "[Rule gone]\nKind=away\nDates=2026-07-01..2026-07-31\n"

static RuleSet parse(const char *text) {
        Refusal refusal;
        RuleSet set;

        if (rule_set_parse(text, &set, &refusal) != 0)
                g_error("%s\n%s", refusal.message, text);
        return set;
}

static void check_set(int line, const RuleSet *set, const char *want) {
        RuleSet wanted = parse(want);
        g_autofree char *text = rule_set_print(set), *canonical = rule_set_print(&wanted);

        CHECK_STR(line, text, canonical);
        rule_set_done(&wanted);
}

static void test_remove(void) {
        RuleSet set = parse(WORK DESK "Focus=deep\n" DEEP);
        Refusal refusal;

        g_assert_cmpint(rules_edit_remove(&set, "wrok", &refusal), ==, REFUSAL_NO_SUCH_RULE);
        g_assert_cmpstr(refusal.message, ==, "there is no rule wrok; the list of rules shows their names");
        g_assert_cmpint(rules_edit_remove_profile(&set, "deep", &refusal), ==, REFUSAL_NOT_POSSIBLE);
        g_assert_cmpstr(refusal.message, ==, "the rule desk has Focus=deep; change or remove the rule first");
        check_set(__LINE__, &set, WORK DESK "Focus=deep\n" DEEP);
        g_assert_cmpint(rules_edit_remove(&set, "desk", &refusal), ==, 0);
        g_assert_cmpint(rules_edit_remove_profile(&set, "deep", &refusal), ==, 0);
        g_assert_cmpint(rules_edit_remove_profile(&set, "deep", &refusal), ==, REFUSAL_NO_SUCH_PROFILE);
        check_set(__LINE__, &set, WORK);
        rule_set_done(&set);
}

static void test_import(void) {
        static const struct {
                int line;
                const char *before, *import, *after;
                bool replace;
                unsigned rules, profiles, removed;
        } table[] = {
                { __LINE__, "", WORK DEEP, WORK DEEP, false, 1, 1, 0 },
                { __LINE__, WORK, WORK, WORK, false, 0, 0, 0 },
                /* In its place, not at the end. */
                { __LINE__, WORK DESK, "[Rule work]\nHours=10:00-12:00\n",
                                "[Rule work]\nHours=10:00-12:00\n" DESK, false, 1, 0, 0 },
                { __LINE__, WORK, DESK, WORK DESK, false, 1, 0, 0 },
                { __LINE__, WORK DESK DEEP, DESK WORK, DESK WORK, true, 0, 0, 1 },
                { __LINE__, WORK DEEP, "", "", true, 0, 0, 2 },
                { __LINE__, DEEP, "[Profile deep]\nPlugins=sites\n", "[Profile deep]\nPlugins=sites\n", false,
                                0, 1, 0 },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
                RuleSet set = parse(table[i].before), import = parse(table[i].import);
                RulesImported imported = rules_edit_import(&set, &import, table[i].replace, NULL);

                CHECK_INT(table[i].line, imported.rules, table[i].rules);
                CHECK_INT(table[i].line, imported.profiles, table[i].profiles);
                CHECK_INT(table[i].line, imported.removed, table[i].removed);
                check_set(table[i].line, &set, table[i].after);
                rule_set_done(&set);
                rule_set_done(&import);
        }
}

static void test_check(void) {
        RuleSet set = parse(DESK "Focus=deep\n" DEEP);
        Refusal refusal;

        g_assert_cmpint(rules_edit_check(&set, &set, &refusal), ==, 0);
        g_assert_true(rule_set_remove_profile(&set, "deep"));
        g_assert_cmpint(rules_edit_check(&set, &set, &refusal), ==, REFUSAL_NO_SUCH_PROFILE);
        g_assert_cmpstr(refusal.message, ==,
                        "the rule desk has Focus=deep, and there is no profile of that name; add the profile first, or import both in one text");
        rule_set_done(&set);
}

/* n profiles, each of so many bytes as text. */
static RuleSet profiles_of(unsigned n, size_t bytes) {
        GString *text = g_string_new(NULL);
        RuleSet set;

        for (unsigned i = 0; i < n; i++) {
                const gsize begin = text->len;

                g_string_append_printf(text, "[Profile p%u]\nPlugins=sites\n", i);
                for (unsigned k = 0; text->len - begin < bytes; k++) {
                        const gsize key = strlen("sites.k00=") + 1;
                        gsize left = bytes - (text->len - begin);
                        const gsize size = left > 9000 + 2 * key ? 9000 : left;

                        g_string_append_printf(text, "sites.k%02u=", k);
                        for (gsize b = key; b < size; b++)
                                g_string_append_c(text, 'x');
                        g_string_append_c(text, '\n');
                }
                g_assert_cmpuint(text->len - begin, ==, bytes);
        }
        set = parse(text->str);
        g_string_free(text, TRUE);
        return set;
}

static int check_sizes(unsigned n, size_t bytes, unsigned n_before, size_t bytes_before, Refusal *refusal) {
        RuleSet set = profiles_of(n, bytes), before = profiles_of(n_before, bytes_before);
        int r = rules_edit_check(&set, &before, refusal);

        rule_set_done(&set);
        rule_set_done(&before);
        return r;
}

static void test_sizes(void) {
        Refusal refusal = {};

        g_assert_cmpint(check_sizes(1, CAP_PROFILE_BYTES, 0, 0, &refusal), ==, 0);
        g_assert_cmpint(check_sizes(1, CAP_PROFILE_BYTES + 1, 0, 0, &refusal), ==, REFUSAL_LIMITS_EXCEEDED);
        g_assert_nonnull(strstr(refusal.message, "the profile p0 would have 65537 bytes of text; 65536 are"));
        g_assert_cmpint(check_sizes(16, CAP_PROFILES_BYTES / 16, 0, 0, &refusal), ==, 0);
        g_assert_cmpint(check_sizes(17, CAP_PROFILES_BYTES / 16, 16, CAP_PROFILES_BYTES / 16, &refusal), ==,
                        REFUSAL_LIMITS_EXCEEDED);
        g_assert_nonnull(strstr(refusal.message, "would have 1114112 bytes of text together; 1048576 are"));
        /* What was stored before there were these caps. */
        g_assert_cmpint(check_sizes(2, 90000, 2, 90000, &refusal), ==, 0);
        g_assert_cmpint(check_sizes(2, 80000, 2, 90000, &refusal), ==, 0);
        g_assert_cmpint(check_sizes(2, 90001, 2, 90000, &refusal), ==, REFUSAL_LIMITS_EXCEEDED);
        g_assert_cmpint(check_sizes(20, 60000, 21, 60000, &refusal), ==, 0);
        g_assert_cmpint(check_sizes(21, 60000, 20, 60000, &refusal), ==, REFUSAL_LIMITS_EXCEEDED);
}

static void test_date(void) {
        RuleSet before = parse(WORK), set = parse(DESK WORK);

        g_array_index(before.rules, Rule, 0).since_real_usec = 7;
        rules_edit_date(&set, &before, 11);
        g_assert_cmpuint(rule_set_find(&set, "desk")->since_real_usec, ==, 11);
        g_assert_cmpuint(rule_set_find(&set, "work")->since_real_usec, ==, 7);
        rule_set_done(&before);
        rule_set_done(&set);
}

/* ---- office days ---- */

/* Today is Wednesday, 2026-07-01. */
static int edit_day(
                RuleSet *set, OfficeDayEditType type, const char *rule, const char *days, Refusal *refusal) {
        OfficeDayEdit edit = { .type = type, .rule = rule, .to_date = DATE_NONE, .week_start = 1 };
        char **dates = g_strsplit(days, " ", 2);
        int r;

        edit.zone = g_time_zone_new_utc();
        g_assert_cmpint(date_parse("2026-07-01", &edit.today), ==, 0);
        g_assert_cmpint(date_parse(dates[0], &edit.date), ==, 0);
        if (dates[1])
                g_assert_cmpint(date_parse(dates[1], &edit.to_date), ==, 0);
        r = office_days_edit(set, &edit, refusal);
        g_time_zone_unref(edit.zone);
        g_strfreev(dates);
        return r;
}

static void test_days(void) {
        static const struct {
                int line;
                OfficeDayEditType type;
                const char *rules, *days, *after;
        } table[] = {
                { __LINE__, OFFICE_DAY_ADD, DESK, "2026-07-02", DESK "Also=2026-07-02\n" },
                { __LINE__, OFFICE_DAY_ADD, DESK "Also=2026-07-02\n", "2026-07-01",
                                NULL }, /* a Wednesday is one already */
                { __LINE__, OFFICE_DAY_ADD, DESK "Also=2026-07-09\n", "2026-07-02",
                                DESK "Also=2026-07-02;2026-07-09\n" },
                /* What was excepted is one again, without Also. */
                { __LINE__, OFFICE_DAY_ADD, DESK "Except=2026-07-08\n", "2026-07-08", DESK },
                { __LINE__, OFFICE_DAY_DROP, DESK, "2026-07-08", DESK "Except=2026-07-08\n" },
                { __LINE__, OFFICE_DAY_DROP, DESK "Also=2026-07-02\n", "2026-07-02", DESK },
                /* Named and of its weekday: both are taken back. */
                { __LINE__, OFFICE_DAY_DROP, DESK "Also=2026-07-08\n", "2026-07-08",
                                DESK "Except=2026-07-08\n" },
                { __LINE__, OFFICE_DAY_MOVE, DESK, "2026-07-08 2026-07-10",
                                DESK "Also=2026-07-10\nExcept=2026-07-08\n" },
                { __LINE__, OFFICE_DAY_MOVE, DESK "Also=2026-07-10\nExcept=2026-07-08\n",
                                "2026-07-10 2026-07-08", DESK },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
                RuleSet set = parse(table[i].rules);
                Refusal refusal;

                CHECK_INT(table[i].line, edit_day(&set, table[i].type, "", table[i].days, &refusal),
                                table[i].after ? 0 : REFUSAL_INVALID_ARGUMENT);
                if (table[i].after)
                        check_set(table[i].line, &set, table[i].after);
                rule_set_done(&set);
        }
}

static void test_days_refused(void) {
        static const struct {
                int line;
                OfficeDayEditType type;
                const char *rules, *rule, *days, *sentence;
        } table[] = {
                { __LINE__, OFFICE_DAY_ADD, WORK, "", "2026-07-02",
                                "there is no rule with Kind=office-day; add one first" },
                { __LINE__, OFFICE_DAY_ADD, DESK, "dekS", "2026-07-02",
                                "there is no rule dekS; the list of rules shows their names" },
                { __LINE__, OFFICE_DAY_ADD, DESK SECOND, "", "2026-07-02",
                                "both desk and second are rules of office days; say which is meant" },
                { __LINE__, OFFICE_DAY_ADD, WORK DESK, "work", "2026-07-02",
                                "the rule work is of Kind=work; only an office-day rule has office days" },
                { __LINE__, OFFICE_DAY_ADD, DESK, "", "2026-06-30",
                                "2026-06-30 is over and stays on record; an office day can be changed from today, 2026-07-01, on" },
                { __LINE__, OFFICE_DAY_ADD, DESK, "", "2026-07-08",
                                "2026-07-08 is an office day of desk already" },
                { __LINE__, OFFICE_DAY_DROP, DESK, "", "2026-07-09", "2026-07-09 is no office day of desk" },
                { __LINE__, OFFICE_DAY_MOVE, DESK, "", "2026-07-08 2026-07-08",
                                "2026-07-08 cannot be moved to itself; name another date of its month" },
                { __LINE__, OFFICE_DAY_MOVE, DESK "Quota=1/week\n", "", "2026-07-08 2026-07-14",
                                "2026-07-14 is not in the week of 2026-07-08, within which an office day of desk is moved; drop the one and add the other (office-day drop 2026-07-08, office-day add 2026-07-14)" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
                RuleSet set = parse(table[i].rules);
                Refusal refusal = {};

                CHECK(table[i].line,
                                edit_day(&set, table[i].type, table[i].rule, table[i].days, &refusal) > 0);
                CHECK_STR(table[i].line, refusal.message, table[i].sentence);
                rule_set_done(&set);
        }
}

/* A date that an away rule hides is added all the same: one that is named outranks it. */
static void test_days_away(void) {
        RuleSet set = parse(DESK AWAY);
        Refusal refusal;

        g_assert_cmpint(edit_day(&set, OFFICE_DAY_ADD, "desk", "2026-07-09", &refusal), ==, 0);
        check_set(__LINE__, &set, DESK "Also=2026-07-09\n" AWAY);
        rule_set_done(&set);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/rules-edit/remove", test_remove);
        g_test_add_func("/rules-edit/import", test_import);
        g_test_add_func("/rules-edit/check", test_check);
        g_test_add_func("/rules-edit/sizes", test_sizes);
        g_test_add_func("/rules-edit/date", test_date);
        g_test_add_func("/rules-edit/days", test_days);
        g_test_add_func("/rules-edit/days-refused", test_days_refused);
        g_test_add_func("/rules-edit/days-away", test_days_away);
        return g_test_run();
}
