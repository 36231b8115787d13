/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* The text form of rules and profiles: what it takes, what it gives back, and what it refuses in which words.
 */

#include "daemon/core/rules.h"

#include "tests/unit/check.h"

static RuleSet parse(const char *text) {
        Refusal why = {};
        RuleSet set;

        if (rule_set_parse(text, &set, &why) != 0)
                g_error("%s\n%s", why.message, text);
        return set;
}

/* What the text becomes; the caller's. */
static char *canonical(const char *text) {
        RuleSet set = parse(text);
        char *printed = rule_set_print(&set);

        rule_set_done(&set);
        return printed;
}

/* ---- round trip ---- */

#define EVERY_KEY                                                                                            \
        "[Profile deep "                                                                                     \
        "work]\nPlugins=sites;mute\nBreaks=yes\nsites.Block=reddit.com;@social\nmute.What=\n\n"              \
        "[Rule office]\nKind=office-day\nDates=12-25..02-10\nDays=Mon-Wed;Fri;1Mon;3Tue;-1Fri;-5Sun\n"       \
        "Hours=09:00-12:00;13:00:30-24:00;22:00-02:30\nMode=freeform\nPriority=-5\nTarget=10\n"              \
        "Also=2026-07-02;2026-10-08\nExcept=2026-10-07\nFocus=deep work\nLock=delay 10m\nQuota=1/week\n"     \
        "AutoStart=yes\nAutoSwitch=yes\n\n"                                                                  \
        "[Rule \xc3\xa9t\xc3\xa9]\nKind=away\nDates=2026-06-15..2026-08-31\nFocus=deep work\nLock=admin\n\n" \
        "[Rule all]\n"

static void test_every_key(void) {
        char *printed = canonical(EVERY_KEY);

        g_assert_cmpstr(printed, ==, EVERY_KEY);
        g_free(printed);
}

static void test_values(void) {
        RuleSet set = parse(EVERY_KEY);
        const Rule *rule = rule_set_find(&set, "office");
        const Profile *profile = rule_set_find_profile(&set, "deep work");

        g_assert_nonnull(rule);
        g_assert_cmpint(rule->kind, ==, RULE_OFFICE_DAY);
        g_assert_cmpint(rule->range, ==, RANGE_YEARLY);
        g_assert_cmpint(rule->from_month * 100 + rule->from_day, ==, 1225);
        g_assert_cmpint(rule->to_month * 100 + rule->to_day, ==, 210);
        g_assert_false(rule->every_day);
        g_assert_cmpuint(rule->weekdays, ==, 0x17);
        g_assert_cmpuint(rule->nth[0], ==, 1u << WEEKDAY_MON);
        g_assert_cmpuint(rule->nth[2], ==, 1u << WEEKDAY_TUE);
        g_assert_cmpuint(rule->nth_last[0], ==, 1u << WEEKDAY_FRI);
        g_assert_cmpuint(rule->nth_last[4], ==, 1u << WEEKDAY_SUN);
        g_assert_cmpuint(rule->n_hours, ==, 3);
        g_assert_cmpuint(rule->hours[1].start_sec, ==, 13 * 3600 + 30);
        g_assert_cmpuint(rule->hours[1].end_sec, ==, 86400);
        g_assert_cmpint(rule->mode, ==, INTERVAL_FREEFORM);
        g_assert_cmpint(rule->priority, ==, -5);
        g_assert_cmpuint(rule->target, ==, 10);
        g_assert_cmpuint(rule->n_also, ==, 2);
        g_assert_cmpuint(rule->n_except, ==, 1);
        g_assert_cmpint(rule->except[0], ==, date_make(2026, 10, 7));
        g_assert_cmpstr(rule->focus, ==, "deep work");
        g_assert_cmpint(rule->lock, ==, LOCK_DELAY);
        g_assert_cmpuint(rule->lock_delay_usec, ==, 600 * (uint64_t) G_USEC_PER_SEC);
        g_assert_cmpuint(rule->quota, ==, 1);
        g_assert_false(rule->quota_month);
        g_assert_true(rule->auto_start && rule->auto_switch);

        rule = rule_set_find(&set, "all");
        g_assert_nonnull(rule);
        g_assert_true(rule->every_day && rule->range == RANGE_ALWAYS && rule->n_hours == 0);
        g_assert_cmpint(rule->mode, ==, INTERVAL_POMODORO);

        g_assert_nonnull(profile);
        g_assert_cmpstr(profile->plugins[1], ==, "mute");
        g_assert_null(profile->plugins[2]);
        g_assert_cmpuint(profile->n_settings, ==, 2);
        g_assert_cmpstr(profile->settings[0].plugin, ==, "sites");
        g_assert_cmpstr(profile->settings[0].key, ==, "Block");
        g_assert_cmpstr(profile->settings[0].value, ==, "reddit.com;@social");
        g_assert_true(profile->breaks);
        rule_set_done(&set);
}

static void test_canonical(void) {
        static const struct {
                int line;
                const char *text, *want;
        } table[] = {
                { __LINE__, "", "" },
                { __LINE__, "# nothing\n\n", "" },
                { __LINE__, "\xef\xbb\xbf[Rule a]\r\n  Days = Mon , Tue \r\n", "[Rule a]\nDays=Mon-Tue\n" },
                { __LINE__, "[Rule a]\nDays=Mon-Sun", "[Rule a]\nDays=Mon-Sun\n" },
                { __LINE__, "[Rule a]\nDays=Sat-Mon", "[Rule a]\nDays=Mon;Sat-Sun\n" },
                { __LINE__, "[Rule a]\nDays=-1Fri,1mon;Mon;", "[Rule a]\nDays=Mon;1Mon;-1Fri\n" },
                { __LINE__, "[Rule a]\nDates=06-15", "[Rule a]\nDates=06-15..06-15\n" },
                { __LINE__, "[Rule a]\nDates=02-29..02-29", "[Rule a]\nDates=02-29..02-29\n" },
                { __LINE__, "[Rule a]\nDates=2026-06-15", "[Rule a]\nDates=2026-06-15..2026-06-15\n" },
                { __LINE__, "[Rule a]\nHours=9:00-12:00:00", "[Rule a]\nHours=09:00-12:00\n" },
                { __LINE__, "[Rule a]\nHours=13:00-17:00, 09:00 - 12:00",
                                "[Rule a]\nHours=13:00-17:00;09:00-12:00\n" },
                { __LINE__, "[Rule a]\nHours=00:00-24:00", "[Rule a]\nHours=00:00-24:00\n" },
                { __LINE__, "[Rule a]\nHours=22:00-00:00", "[Rule a]\nHours=22:00-00:00\n" },
                { __LINE__, "[Rule a]\nAlso=2026-10-08,2026-07-02;2026-10-08",
                                "[Rule a]\nAlso=2026-07-02;2026-10-08\n" },
                /* What is the default is left out. */
                { __LINE__, "[Rule a]\nKind=work\nMode=pomodoro\nPriority=0\nTarget=0\nLock=none\nAutoStart=no\nAutoSwitch=no",
                                "[Rule a]\n" },
                { __LINE__, "[Profile p]\nsites.Block=a=b # c\nPlugins=sites,mute\nBreaks=no",
                                "[Profile p]\nPlugins=sites;mute\nsites.Block=a=b # c\n" },
                { __LINE__, "[Rule p]\n[Profile p]\nPlugins=a", "[Profile p]\nPlugins=a\n\n[Rule p]\n" },
                { __LINE__, "[Profile p]\nPlugins=a\n[Rule r]\nFocus=p\nLock=delay 90s",
                                "[Profile p]\nPlugins=a\n\n[Rule r]\nFocus=p\nLock=delay 1m30s\n" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
                char *printed = canonical(table[i].text), *again = canonical(printed);

                CHECK_STR(table[i].line, printed, table[i].want);
                CHECK_STR(table[i].line, again, printed);
                g_free(printed);
                g_free(again);
        }
}

/* ---- refusals ---- */

#define KEY(pair) "[Rule a]\n" pair "\n"

typedef struct Refused {
        int line;
        const char *text;
        const char *part; /* of the sentence */
} Refused;

static const Refused refused[] = {
        { __LINE__, "Days=Mon", "line 1: \"Days=Mon\" belongs to no group" },
        { __LINE__, "[Rule a]\nMon", "line 2: \"Mon\" is neither KEY=VALUE" },
        { __LINE__, "[Rule a]\n=Mon", "line 2: \"=Mon\" is neither KEY=VALUE" },
        { __LINE__, "[Rule a", "line 1: \"[Rule a\" has no closing bracket" },
        { __LINE__, "[Rules a]", "a group is [Rule NAME] or [Profile NAME]" },
        { __LINE__, "[Rule]", "a group is [Rule NAME] or [Profile NAME]" },
        { __LINE__, "[Rule ]", "a rule needs a name" },
        { __LINE__, "[Rule  a]", "\" a\" is no name" },
        { __LINE__, "[Rule a[b]", "\"a[b\" is no name" },
        { __LINE__, "[Rule \xff]", "is no name" },
        { __LINE__, "[Rule \x07]", "is no name" },
        { __LINE__, "[Rule a]\n\n[Rule b]\n[Rule a]",
                        "line 4, [Rule a]: there is a group of this name already" },
        { __LINE__, "[Profile p]\nPlugins=a\n[Profile p]\nPlugins=a",
                        "there is a group of this name already" },
        { __LINE__, KEY("Day=Mon"), "line 1, [Rule a]: a rule has no key \"Day\"; did you mean Days?" },
        { __LINE__, KEY("hours=09:00-10:00"), "did you mean Hours?" },
        { __LINE__, KEY("Colour=red"), "a rule has no key \"Colour\"" },
        { __LINE__, KEY("Days=Mon\nDays=Tue"), "Days: is given twice" },
        { __LINE__, KEY("Hours="), "Hours: has no value; leave the key out" },
        { __LINE__, KEY("Kind=holiday"),
                        "Kind: \"holiday\" is no kind; there are work, office-day and away" },
        { __LINE__, KEY("Mode=short-break"), "Mode: \"short-break\" is no mode" },
        { __LINE__, KEY("Dates=.."), "Dates: \"..\" are no dates" },
        { __LINE__, KEY("Dates=06-15.."), "are no dates; write 06-15..08-31" },
        { __LINE__, KEY("Dates=06-15..2026-08-31"), "are no dates" },
        { __LINE__, KEY("Dates=2026-06-15..08-31"), "are no dates" },
        { __LINE__, KEY("Dates=02-30..03-01"), "are no dates" },
        { __LINE__, KEY("Dates=13-01..13-02"), "are no dates" },
        { __LINE__, KEY("Dates=6-15..8-31"), "are no dates" },
        { __LINE__, KEY("Dates=2026-02-29..2026-03-01"), "are no dates" },
        { __LINE__, KEY("Dates=1969-12-31..2026-03-01"), "are no dates" },
        { __LINE__, KEY("Dates=2026-08-31..2026-06-15"), "\"2026-08-31..2026-06-15\" ends before it begins" },
        { __LINE__, KEY("Days=Monday"), "Days: \"Monday\" is no day" },
        { __LINE__, KEY("Days=Mon;;Tue"), "Days: \"\" is no day" },
        { __LINE__, KEY("Days=;"), "Days: \"\" is no day" },
        { __LINE__, KEY("Days=0Mon"), "\"0Mon\" cannot be: a month has a first to a fifth" },
        { __LINE__, KEY("Days=6Mon"), "\"6Mon\" cannot be" },
        { __LINE__, KEY("Days=-0Fri"), "\"-0Fri\" cannot be" },
        { __LINE__, KEY("Days=-6Fri"), "\"-6Fri\" cannot be" },
        { __LINE__, KEY("Days=1Mon-3Mon"), "is no day" },
        { __LINE__, KEY("Days=Mon-"), "is no day" },
        { __LINE__, KEY("Days=-Mon"), "is no day" },
        { __LINE__, KEY("Hours=25:00-26:00"), "Hours: \"25:00-26:00\" are no hours" },
        { __LINE__, KEY("Hours=09:00-25:00"), "are no hours" },
        { __LINE__, KEY("Hours=09:00-24:00:01"), "are no hours" },
        { __LINE__, KEY("Hours=9-12-15"), "\"9-12-15\" are no hours; write 09:00-12:00" },
        { __LINE__, KEY("Hours=09:00"), "are no hours" },
        { __LINE__, KEY("Hours=09:60-10:00"), "are no hours" },
        { __LINE__, KEY("Hours=09:00:-10:00"), "are no hours" },
        { __LINE__, KEY("Hours=09:00:00:-10:00"), "are no hours" },
        { __LINE__, KEY("Hours=09:00-10:00:00:00"), "are no hours" },
        { __LINE__, KEY("Hours=009:00-10:00"), "are no hours" },
        { __LINE__, KEY("Hours=09:00-09:00"), "\"09:00-09:00\" begin and end at one time" },
        { __LINE__, KEY("Hours=24:00-02:00"), "begin at 24:00, which only ends a day" },
        { __LINE__, KEY("Priority=high"), "Priority: \"high\" is no whole number" },
        { __LINE__, KEY("Priority=1.5"), "is no whole number" },
        { __LINE__, KEY("Priority=99999999999999999999"), "is no whole number" },
        { __LINE__, KEY("Target=-1"), "Target: \"-1\" is no whole number from 0" },
        { __LINE__, KEY("Also=2026-10-8"), "Also: \"2026-10-8\" is no date; write it like 2026-10-08" },
        { __LINE__, KEY("Except=10-08"), "Except: \"10-08\" is no date" },
        { __LINE__, KEY("Lock=admin"), "Lock: there is nothing to lock without Focus" },
        { __LINE__, KEY("Focus=p\nLock=delay"), "Lock: \"delay\" is no lock" },
        { __LINE__, KEY("Focus=p\nLock=delay 10"), "is no lock" },
        { __LINE__, KEY("Focus=p\nLock=delay 25h"), "is no lock" },
        { __LINE__, KEY("Focus=a[b"), "Focus: \"a[b\" is no name" },
        { __LINE__, KEY("Kind=office-day\nQuota=1"), "Quota: \"1\" is no quota; write 1/week or 4/month" },
        { __LINE__, KEY("Kind=office-day\nQuota=0/week"), "Quota: \"0\" is no whole number from 1 to 7" },
        { __LINE__, KEY("Kind=office-day\nQuota=1/year"), "is no quota" },
        { __LINE__, KEY("Quota=1/week"), "Quota: is for office days; this rule is work" },
        { __LINE__, KEY("AutoStart=true"), "AutoStart: \"true\" is neither yes nor no" },
        { __LINE__, KEY("Kind=away\nMode=freeform"), "Mode: says something of work, and this rule is away" },
        { __LINE__, KEY("Target=3\nKind=away"), "Target: says something of work" },
        { __LINE__, "[Profile p]", "Plugins: a profile needs at least one plugin" },
        { __LINE__, "[Profile p]\nPlugins=Sites", "Plugins: \"Sites\" is no plugin's name" },
        { __LINE__, "[Profile p]\nPlugins=../x", "is no plugin's name" },
        { __LINE__, "[Profile p]\nPlugins=-x", "is no plugin's name" },
        { __LINE__, "[Profile p]\nPlugins=a;a", "\"a\" is named twice" },
        { __LINE__, "[Profile p]\nPlugins=a\nPlugins=b", "Plugins: is given twice" },
        { __LINE__, "[Profile p]\nPlugins=a\nBreaks=no\nBreaks=yes", "Breaks: is given twice" },
        { __LINE__, "[Profile p]\nPlugins=a\nBreaks=maybe", "Breaks: \"maybe\" is neither yes nor no" },
        { __LINE__, "[Profile p]\nPlugins=a\nb.Key=1", "b.Key: b is not among its Plugins" },
        { __LINE__, "[Profile p]\nPlugins=a\na.Key=1\na.Key=2", "\"a.Key\" is given twice" },
        { __LINE__, "[Profile p]\nPlugins=a\nKey=1", "\"Key\" is no key of a profile" },
        { __LINE__, "[Profile p]\nPlugins=a\na.=1", "\"a.\" is no key of a profile" },
        { __LINE__, "[Profile p]\nPlugins=a\na.K y=1", "\"a.K y\" is no key of a plugin" },
        { __LINE__, "[Profile p]\nPlugins=a\na.Key=\x07",
                        "a.Key has a line break or something else that is no text" },
};

static void test_refuses(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(refused); i++) {
                RuleSet untouched = { NULL, NULL };
                Refusal why = {};

                CHECK_INT(refused[i].line, rule_set_parse(refused[i].text, &untouched, &why),
                                REFUSAL_INVALID_ARGUMENT);
                CHECK_INT(refused[i].line, why.code, REFUSAL_INVALID_ARGUMENT);
                CHECK(refused[i].line, untouched.rules == NULL && untouched.profiles == NULL);
                if (!strstr(why.message, refused[i].part))
                        check_failed("line %d: \"%s\" does not say \"%s\"", refused[i].line, why.message,
                                        refused[i].part);
        }
}

/* ---- caps ---- */

/* Before, then something often, with its number where the form has one, then after. */
static char *many(const char *before, const char *form, unsigned n, const char *after) {
        GString *text = g_string_new(before);

        for (unsigned i = 0; i < n; i++) {
                char *number = g_strdup_printf("%u", i), **parts = g_strsplit(form, "%", -1);
                char *one = g_strjoinv(number, parts);

                g_string_append(text, one);
                g_free(one);
                g_strfreev(parts);
                g_free(number);
        }
        g_string_append(text, after);
        return g_string_free(text, FALSE);
}

static void check_cap(int line, char *text, int want) {
        Refusal why = {};
        RuleSet set;
        int r = rule_set_parse(text, &set, &why);

        CHECK_INT(line, r, want);
        if (r == 0)
                rule_set_done(&set);
        else
                CHECK(line, strlen(why.message) < 300);
        g_free(text);
}

static char *name_of(char letter, unsigned n) {
        char *name = g_strnfill(n, letter), *text = g_strdup_printf("[Rule %s]\n", name);

        g_free(name);
        return text;
}

static char *dates_many(unsigned n) {
        GString *text = g_string_new("[Rule a]\nAlso=");
        char buf[DATE_TEXT_MAX];

        for (unsigned i = 0; i < n; i++)
                g_string_append_printf(text, "%s%s", i == 0 ? "" : ";", date_format(20000 + (Date) i, buf));
        return g_string_free(text, FALSE);
}

static void test_caps(void) {
        const int limit = REFUSAL_LIMITS_EXCEEDED;

        check_cap(__LINE__, many("", "[Rule r%]\n", CAP_RULES, ""), 0);
        check_cap(__LINE__, many("", "[Rule r%]\n", CAP_RULES + 1, ""), limit);
        check_cap(__LINE__, many("", "[Profile p%]\nPlugins=a\n", CAP_PROFILES, ""), 0);
        check_cap(__LINE__, many("", "[Profile p%]\nPlugins=a\n", CAP_PROFILES + 1, ""), limit);
        check_cap(__LINE__, many("", "#", CAP_RULES_TEXT_BYTES, ""), 0);
        check_cap(__LINE__, many("", "#", CAP_RULES_TEXT_BYTES + 1, ""), limit);
        check_cap(__LINE__, name_of('a', CAP_RULE_BYTES), 0);
        check_cap(__LINE__, name_of('a', CAP_RULE_BYTES + 1), limit);
        check_cap(__LINE__, many("[Rule a]\nHours=", "09:00-10:00;", RULE_HOURS_MAX, ""), 0);
        check_cap(__LINE__, many("[Rule a]\nHours=", "09:00-10:00;", RULE_HOURS_MAX + 1, ""), limit);
        check_cap(__LINE__, dates_many(RULE_DATES_MAX), 0);
        check_cap(__LINE__, dates_many(RULE_DATES_MAX + 1), limit);
        check_cap(__LINE__, many("[Profile p]\nPlugins=", "a%;", CAP_PROFILE_PLUGINS, ""), 0);
        check_cap(__LINE__, many("[Profile p]\nPlugins=", "a%;", CAP_PROFILE_PLUGINS + 1, ""), limit);
        check_cap(__LINE__, many("[Profile p]\nPlugins=a\n", "a.K%=1\n", CAP_PROFILE_SETTINGS, ""), 0);
        check_cap(__LINE__, many("[Profile p]\nPlugins=a\n", "a.K%=1\n", CAP_PROFILE_SETTINGS + 1, ""),
                        limit);
        check_cap(__LINE__, many("[Profile p]\nPlugins=a\na.K=", "x", CAP_PROFILE_VALUE_BYTES, ""), 0);
        check_cap(__LINE__, many("[Profile p]\nPlugins=a\na.K=", "x", CAP_PROFILE_VALUE_BYTES + 1, ""),
                        limit);
        check_cap(__LINE__, many("[Rule a]\n", "K%=1\n", 1000, ""), limit);
}

/* ---- sets, and rules from keys ---- */

static void put(RuleSet *set, const char *name, const char *key, const char *value) {
        Refusal why = {};
        Rule rule;

        if (rule_from_keys(name, &key, &value, 1, &rule, &why) != 0)
                g_error("%s", why.message);
        rule_set_put(set, &rule);
        g_assert_cmpstr(rule.name, ==, "");
}

static void test_places(void) {
        RuleSet set = parse("[Rule a]\n[Rule b]\n[Rule c]\n[Profile p]\nPlugins=a\n[Profile q]\nPlugins=b\n"),
                copy;
        const char *keys[] = { "Plugins" }, *values[] = { " c ; d " };
        Refusal why = {};
        Profile profile;
        char *text;

        put(&set, "b", "Days", " Mon ");
        put(&set, "d", "Priority", "1");
        g_assert_cmpint(profile_from_keys("p", keys, values, 1, &profile, &why), ==, 0);
        rule_set_put_profile(&set, &profile);
        g_assert_true(rule_set_remove(&set, "a"));
        g_assert_false(rule_set_remove(&set, "a"));
        g_assert_null(rule_set_find(&set, "a"));

        copy = rule_set_copy(&set);
        g_assert_true(rule_set_remove_profile(&set, "q"));
        g_assert_false(rule_set_remove_profile(&set, "q"));
        text = rule_set_print(&set);
        g_assert_cmpstr(text, ==,
                        "[Profile p]\nPlugins=c;d\n\n[Rule b]\nDays=Mon\n\n[Rule c]\n\n[Rule d]\nPriority=1\n");
        g_free(text);
        rule_set_done(&set);

        text = rule_set_print(&copy);
        g_assert_cmpstr(text, ==,
                        "[Profile p]\nPlugins=c;d\n\n[Profile q]\nPlugins=b\n\n[Rule b]\nDays=Mon\n\n[Rule c]\n\n"
                        "[Rule d]\nPriority=1\n");
        g_free(text);
        rule_set_done(&copy);
}

/* What the bus gives is held to the same as a text, so that it reads back the same. */
static void test_from_keys(void) {
        const char *keys[] = { "Plugins", "a.Key" }, *values[] = { "a", "  x  " };
        const char *twice[] = { "Days", "Days" }, *days[] = { "Mon", "Tue" };
        const char *line[] = { "Focus" }, *breaks[] = { "p\n[Rule evil]" };
        Refusal why = {};
        Profile profile;
        Rule rule;
        char *text;

        g_assert_cmpint(profile_from_keys("p", keys, values, 2, &profile, &why), ==, 0);
        g_assert_cmpstr(profile.settings[0].value, ==, "x");
        text = profile_print(&profile);
        g_assert_cmpstr(text, ==, "[Profile p]\nPlugins=a\na.Key=x\n");
        g_free(text);
        profile_done(&profile);

        g_assert_cmpint(rule_from_keys("r", twice, days, 2, &rule, &why), ==, REFUSAL_INVALID_ARGUMENT);
        g_assert_cmpstr(why.message, ==, "Days: is given twice");
        g_assert_cmpint(rule_from_keys("r", line, breaks, 1, &rule, &why), ==, REFUSAL_INVALID_ARGUMENT);
        g_assert_cmpint(rule_from_keys("r\nx", NULL, NULL, 0, &rule, &why), ==, REFUSAL_INVALID_ARGUMENT);
        g_assert_cmpint(rule_from_keys("", NULL, NULL, 0, &rule, &why), ==, REFUSAL_INVALID_ARGUMENT);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/rules/every-key", test_every_key);
        g_test_add_func("/rules/values", test_values);
        g_test_add_func("/rules/canonical", test_canonical);
        g_test_add_func("/rules/refuses", test_refuses);
        g_test_add_func("/rules/caps", test_caps);
        g_test_add_func("/rules/places", test_places);
        g_test_add_func("/rules/from-keys", test_from_keys);
        return g_test_run();
}
