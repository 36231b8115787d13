/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* The keys of a rule and of a profile: one table says how each is read and written, and in which order. */

#include <stdlib.h>
#include <string.h>

#include "common/duration.h"
#include "common/text.h"
#include "daemon/core/rules-private.h"

static int refuse_value(Refusal *ret_refusal, const char *value, const char *what) {
        char excerpt[TEXT_EXCERPT_MAX];

        return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT, "\"%s\" %s", text_excerpt(value, excerpt), what);
}

static int number_read(
                const char *value, int64_t least, int64_t most, int64_t *ret_number, Refusal *ret_refusal) {
        char range[96];
        gint64 number;

        if (!g_ascii_string_to_signed(value, 10, least, most, &number, NULL)) {
                g_snprintf(range, sizeof(range),
                                "is no whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, least,
                                most);
                return refuse_value(ret_refusal, value, range);
        }
        *ret_number = number;
        return 0;
}

static int flag_read(const char *value, bool *ret_flag, Refusal *ret_refusal) {
        if (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
                return refuse_value(ret_refusal, value, "is neither yes nor no");
        *ret_flag = strcmp(value, "yes") == 0;
        return 0;
}

static int name_check(const char *name, const char *what, Refusal *ret_refusal) {
        size_t n = strlen(name);

        if (n == 0)
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT, "%s needs a name", what);
        if (n > CAP_RULE_BYTES)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "the name of %s has %zu bytes, and at most %u are possible", what, n,
                                CAP_RULE_BYTES);
        if (text_check(name, CAP_RULE_BYTES) < 0 || strpbrk(name, "[]") || g_ascii_isspace(name[0]) ||
                        g_ascii_isspace(name[n - 1]))
                return refuse_value(ret_refusal, name,
                                "is no name: brackets, line breaks and blanks at the ends cannot be in it");
        return 0;
}

/* ---- readers and writers of single keys ---- */

static int read_kind(const char *value, Rule *rule, Refusal *ret_refusal) {
        int kind = rule_kind_from_string(value);

        if (kind < 0)
                return refuse_value(ret_refusal, value, "is no kind; there are work, office-day and away");
        rule->kind = (RuleKind) kind;
        return 0;
}

static void write_kind(const Rule *rule, GString *text) {
        if (rule->kind != RULE_WORK)
                g_string_append(text, rule_kind_to_string(rule->kind));
}

static void write_dates(const Rule *rule, GString *text) {
        if (rule->range != RANGE_ALWAYS)
                dates_write(rule, text);
}

static void write_days(const Rule *rule, GString *text) {
        if (!rule->every_day)
                days_write(rule, text);
}

static int read_mode(const char *value, Rule *rule, Refusal *ret_refusal) {
        int mode = interval_kind_from_string(value);

        if (mode != INTERVAL_POMODORO && mode != INTERVAL_FREEFORM)
                return refuse_value(ret_refusal, value, "is no mode; there are pomodoro and freeform");
        rule->mode = (IntervalKind) mode;
        return 0;
}

static void write_mode(const Rule *rule, GString *text) {
        if (rule->kind != RULE_AWAY && rule->mode != INTERVAL_POMODORO)
                g_string_append(text, interval_kind_to_string(rule->mode));
}

static int read_priority(const char *value, Rule *rule, Refusal *ret_refusal) {
        int64_t number = 0;
        int r = number_read(value, -1000000, 1000000, &number, ret_refusal);

        rule->priority = (int32_t) number;
        return r;
}

static void write_priority(const Rule *rule, GString *text) {
        if (rule->priority != 0)
                g_string_append_printf(text, "%d", rule->priority);
}

static int read_target(const char *value, Rule *rule, Refusal *ret_refusal) {
        int64_t number = 0;
        int r = number_read(value, 0, 999, &number, ret_refusal);

        rule->target = (uint32_t) number;
        return r;
}

static void write_target(const Rule *rule, GString *text) {
        if (rule->target != 0)
                g_string_append_printf(text, "%u", rule->target);
}

static int read_also(const char *value, Rule *rule, Refusal *ret_refusal) {
        return date_list_read(value, &rule->also, &rule->n_also, ret_refusal);
}

static void write_also(const Rule *rule, GString *text) {
        date_list_write(rule->also, rule->n_also, text);
}

static int read_except(const char *value, Rule *rule, Refusal *ret_refusal) {
        return date_list_read(value, &rule->except, &rule->n_except, ret_refusal);
}

static void write_except(const Rule *rule, GString *text) {
        date_list_write(rule->except, rule->n_except, text);
}

static int read_focus(const char *value, Rule *rule, Refusal *ret_refusal) {
        int r = name_check(value, "a profile", ret_refusal);

        if (r == 0)
                g_strlcpy(rule->focus, value, sizeof(rule->focus));
        return r;
}

static void write_focus(const Rule *rule, GString *text) {
        g_string_append(text, rule->focus);
}

int lock_read(const char *value, LockKind *ret_lock, uint64_t *ret_delay_usec, Refusal *ret_refusal) {
        uint64_t delay = 0;

        if (strcmp(value, "none") == 0)
                *ret_lock = LOCK_NONE;
        else if (strcmp(value, "admin") == 0)
                *ret_lock = LOCK_ADMIN;
        else if (g_str_has_prefix(value, "delay ") && duration_parse(value + 6, &delay) == 0 &&
                        delay >= USEC_PER_SEC && delay <= USEC_PER_DAY)
                *ret_lock = LOCK_DELAY;
        else
                return refuse_value(ret_refusal, value,
                                "is no lock; there are none, admin, and delay 10m (from 1s to 24h)");
        *ret_delay_usec = delay;
        return 0;
}

void lock_write(LockKind lock, uint64_t delay_usec, GString *text) {
        char delay[DURATION_TEXT_MAX];

        g_string_append(text, lock_kind_to_string(lock));
        if (lock == LOCK_DELAY)
                g_string_append_printf(text, " %s", duration_format(delay_usec, delay));
}

static int read_lock(const char *value, Rule *rule, Refusal *ret_refusal) {
        return lock_read(value, &rule->lock, &rule->lock_delay_usec, ret_refusal);
}

static void write_lock(const Rule *rule, GString *text) {
        if (rule->lock != LOCK_NONE)
                lock_write(rule->lock, rule->lock_delay_usec, text);
}

static int read_quota(const char *value, Rule *rule, Refusal *ret_refusal) {
        char *copy = g_strdup(value), *slash = strchr(copy, '/');
        int64_t number = 0;
        int r = 0;

        if (slash)
                *slash = '\0';
        if (!slash || (strcmp(slash + 1, "week") != 0 && strcmp(slash + 1, "month") != 0))
                r = refuse_value(ret_refusal, value, "is no quota; write 1/week or 4/month");
        else
                r = number_read(copy, 1, strcmp(slash + 1, "week") == 0 ? 7 : 31, &number, ret_refusal);
        if (r == 0) {
                rule->quota = (uint32_t) number;
                rule->quota_month = strcmp(slash + 1, "month") == 0;
        }
        g_free(copy);
        return r;
}

static void write_quota(const Rule *rule, GString *text) {
        if (rule->quota != 0)
                g_string_append_printf(text, "%u/%s", rule->quota, rule->quota_month ? "month" : "week");
}

static int read_auto_start(const char *value, Rule *rule, Refusal *ret_refusal) {
        return flag_read(value, &rule->auto_start, ret_refusal);
}

static void write_auto_start(const Rule *rule, GString *text) {
        g_string_append(text, rule->auto_start ? "yes" : "");
}

static int read_auto_switch(const char *value, Rule *rule, Refusal *ret_refusal) {
        return flag_read(value, &rule->auto_switch, ret_refusal);
}

static void write_auto_switch(const Rule *rule, GString *text) {
        g_string_append(text, rule->auto_switch ? "yes" : "");
}

/* ---- rules ---- */

typedef struct RuleKey {
        const char *name;
        int (*read)(const char *value, Rule *rule, Refusal *ret_refusal);
        void (*write)(const Rule *rule, GString *text); /* nothing: at its default */
        bool not_away; /* says something of work, which an away rule is not */
} RuleKey;

static const RuleKey rule_keys[] = {
        { "Kind", read_kind, write_kind, false },
        { "Dates", dates_read, write_dates, false },
        { "Days", days_read, write_days, false },
        { "Hours", hours_read, hours_write, false },
        { "Mode", read_mode, write_mode, true },
        { "Priority", read_priority, write_priority, false },
        { "Target", read_target, write_target, true },
        { "Also", read_also, write_also, false },
        { "Except", read_except, write_except, false },
        { "Focus", read_focus, write_focus, false },
        { "Lock", read_lock, write_lock, false },
        { "Quota", read_quota, write_quota, true },
        { "AutoStart", read_auto_start, write_auto_start, true },
        { "AutoSwitch", read_auto_switch, write_auto_switch, true },
};

static int find_key(const char *name, Refusal *ret_refusal) {
        const char *names[G_N_ELEMENTS(rule_keys) + 1] = {};
        char excerpt[TEXT_EXCERPT_MAX];
        const char *near;

        for (size_t i = 0; i < G_N_ELEMENTS(rule_keys); i++) {
                if (strcmp(name, rule_keys[i].name) == 0)
                        return (int) i;
                names[i] = rule_keys[i].name;
        }
        near = text_nearest(name, names);
        refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                        near ? "a rule has no key \"%s\"; did you mean %s?" : "a rule has no key \"%s\"%s",
                        text_excerpt(name, excerpt), near ?: "");
        return -1;
}

static int read_key(const char *name, const char *given_value, Rule *rule, unsigned *given,
                Refusal *ret_refusal) {
        char *value = g_strstrip(g_strdup(given_value));
        int key = find_key(name, ret_refusal), r;
        Refusal why;

        if (key < 0)
                r = REFUSAL_INVALID_ARGUMENT;
        else if (*given & 1u << key)
                r = refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT, "%s: is given twice", name);
        else if (value[0] == '\0')
                r = refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "%s: has no value; leave the key out for its default", name);
        else if ((r = rule_keys[key].read(value, rule, &why)) != 0)
                r = refuse(ret_refusal, (RefusalCode) r, "%s: %s", name, why.message);
        else
                *given |= 1u << key;
        g_free(value);
        return r;
}

/* What every key alone allows and all of them together do not. */
static int check_rule(const Rule *rule, unsigned given, Refusal *ret_refusal) {
        for (size_t i = 0; rule->kind == RULE_AWAY && i < G_N_ELEMENTS(rule_keys); i++)
                if (rule_keys[i].not_away && given & 1u << i)
                        return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                        "%s: says something of work, and this rule is away",
                                        rule_keys[i].name);
        if (rule->quota != 0 && rule->kind != RULE_OFFICE_DAY)
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "Quota: is for office days; this rule is %s",
                                rule_kind_to_string(rule->kind));
        if (rule->lock != LOCK_NONE && rule->focus[0] == '\0')
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "Lock: there is nothing to lock without Focus");
        return 0;
}

int rule_from_keys(const char *name, const char *const *keys, const char *const *values, unsigned n,
                Rule *ret_rule, Refusal *ret_refusal) {
        Rule rule = { .every_day = true, .mode = INTERVAL_POMODORO };
        unsigned given = 0;
        int r;

        r = name_check(name, "a rule", ret_refusal);
        if (r != 0)
                return r;
        g_strlcpy(rule.name, name, sizeof(rule.name));
        for (unsigned i = 0; r == 0 && i < n; i++)
                r = read_key(keys[i], values[i], &rule, &given, ret_refusal);
        if (r == 0)
                r = check_rule(&rule, given, ret_refusal);
        if (r != 0)
                rule_done(&rule);
        else
                *ret_rule = rule;
        return r;
}

void rule_each_key(const Rule *rule, RuleKeyFunc func, void *userdata) {
        GString *value = g_string_new(NULL);

        for (size_t i = 0; i < G_N_ELEMENTS(rule_keys); i++) {
                g_string_truncate(value, 0);
                rule_keys[i].write(rule, value);
                if (value->len > 0)
                        func(rule_keys[i].name, value->str, userdata);
        }
        g_string_free(value, TRUE);
}

/* ---- profiles ---- */

static bool is_plugin_name(const char *name, size_t n) {
        for (size_t i = 0; i < n; i++)
                if (!g_ascii_islower(name[i]) && (i == 0 || (!g_ascii_isdigit(name[i]) && name[i] != '-')))
                        return false;
        return n > 0 && n <= CAP_RULE_BYTES;
}

static int read_plugins(const char *value, Profile *profile, Refusal *ret_refusal) {
        GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
        char *copy = g_strdup(value), *rest = copy, *item;
        int r = 0;

        while (r == 0 && (item = list_next(&rest))) {
                if (!is_plugin_name(item, strlen(item)))
                        r = refuse_value(ret_refusal, item,
                                        "is no plugin's name: small letters, digits and dashes, a letter first");
                else if (names->len >= CAP_PROFILE_PLUGINS)
                        r = refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                        "more than %u plugins in one profile are too many",
                                        CAP_PROFILE_PLUGINS);
                else if (g_ptr_array_find_with_equal_func(names, item, g_str_equal, NULL))
                        r = refuse_value(ret_refusal, item, "is named twice");
                else
                        g_ptr_array_add(names, g_strdup(item));
        }
        g_free(copy);
        if (r == 0) {
                g_ptr_array_add(names, NULL);
                profile->plugins = (char **) g_ptr_array_steal(names, NULL);
        }
        g_ptr_array_unref(names);
        return r;
}

static int read_profile_setting(const char *key, const char *value, Profile *profile, Refusal *ret_refusal) {
        const char *dot = strchr(key, '.');
        ProfileSetting setting;

        if (!dot || !is_plugin_name(key, (size_t) (dot - key)) || !g_ascii_isalpha(dot[1]) ||
                        strlen(dot + 1) > CAP_RULE_BYTES)
                return refuse_value(ret_refusal, key,
                                "is no key of a profile; there are Plugins, Breaks, and settings like sites.Block");
        for (const char *p = dot + 1; *p; p++)
                if (!g_ascii_isalnum(*p) && *p != '-')
                        return refuse_value(ret_refusal, key,
                                        "is no key of a plugin: letters, digits and dashes");
        for (unsigned i = 0; i < profile->n_settings; i++)
                if (strncmp(profile->settings[i].plugin, key, (size_t) (dot - key)) == 0 &&
                                profile->settings[i].plugin[dot - key] == '\0' &&
                                strcmp(profile->settings[i].key, dot + 1) == 0)
                        return refuse_value(ret_refusal, key, "is given twice");
        if (profile->n_settings >= CAP_PROFILE_SETTINGS)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "more than %u settings in one profile are too many", CAP_PROFILE_SETTINGS);
        if (strlen(value) > CAP_PROFILE_VALUE_BYTES)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "%s has %zu bytes, and at most %u are possible", key, strlen(value),
                                CAP_PROFILE_VALUE_BYTES);
        if (text_check(value, CAP_PROFILE_VALUE_BYTES) < 0)
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "%s has a line break or something else that is no text", key);
        setting = (ProfileSetting){
                .plugin = g_strndup(key, (gsize) (dot - key)),
                .key = g_strdup(dot + 1),
                .value = g_strdup(value),
        };
        profile->settings = g_renew(ProfileSetting, profile->settings, profile->n_settings + 1);
        profile->settings[profile->n_settings++] = setting;
        return 0;
}

static int read_profile_key(const char *key, const char *value, Profile *profile, bool *breaks_given,
                Refusal *ret_refusal) {
        bool plugins = strcmp(key, "Plugins") == 0,
             twice = plugins ? profile->plugins != NULL : *breaks_given;
        Refusal why;
        int r;

        if (!plugins && strcmp(key, "Breaks") != 0)
                return read_profile_setting(key, value, profile, ret_refusal);
        if (twice)
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT, "%s: is given twice", key);
        r = plugins ? read_plugins(value, profile, &why) : flag_read(value, &profile->breaks, &why);
        if (r != 0)
                return refuse(ret_refusal, (RefusalCode) r, "%s: %s", key, why.message);
        *breaks_given |= !plugins;
        return 0;
}

static int check_profile(const Profile *profile, Refusal *ret_refusal) {
        if (!profile->plugins)
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "Plugins: a profile needs at least one plugin");
        for (unsigned i = 0; i < profile->n_settings; i++)
                if (!g_strv_contains((const char *const *) profile->plugins, profile->settings[i].plugin))
                        return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                        "%s.%s: %s is not among its Plugins", profile->settings[i].plugin,
                                        profile->settings[i].key, profile->settings[i].plugin);
        return 0;
}

int profile_from_keys(const char *name, const char *const *keys, const char *const *values, unsigned n,
                Profile *ret_profile, Refusal *ret_refusal) {
        Profile profile = {};
        bool breaks_given = false;
        int r;

        r = name_check(name, "a profile", ret_refusal);
        if (r != 0)
                return r;
        g_strlcpy(profile.name, name, sizeof(profile.name));
        for (unsigned i = 0; r == 0 && i < n; i++) {
                char *value = g_strstrip(g_strdup(values[i]));

                r = read_profile_key(keys[i], value, &profile, &breaks_given, ret_refusal);
                g_free(value);
        }
        if (r == 0)
                r = check_profile(&profile, ret_refusal);
        if (r != 0)
                profile_done(&profile);
        else
                *ret_profile = profile;
        return r;
}

void profile_each_key(const Profile *profile, RuleKeyFunc func, void *userdata) {
        char *plugins = g_strjoinv(";", profile->plugins);

        func("Plugins", plugins, userdata);
        g_free(plugins);
        if (profile->breaks)
                func("Breaks", "yes", userdata);
        for (unsigned i = 0; i < profile->n_settings; i++) {
                char *key = g_strconcat(profile->settings[i].plugin, ".", profile->settings[i].key, NULL);
                func(key, profile->settings[i].value, userdata);
                g_free(key);
        }
}
