/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* Rules and profiles as values: ownership, sets, looking up. */

#include "daemon/core/rules.h"

#include <string.h>

static const char *const rule_kind_words[_RULE_KIND_MAX] = {
        [RULE_WORK] = "work",
        [RULE_OFFICE_DAY] = "office-day",
        [RULE_AWAY] = "away",
};
DEFINE_ENUM_WORDS(RuleKind, rule_kind, rule_kind_words);

static const char *const lock_kind_words[_LOCK_KIND_MAX] = {
        [LOCK_NONE] = "none",
        [LOCK_DELAY] = "delay",
        [LOCK_ADMIN] = "admin",
};
DEFINE_ENUM_WORDS(LockKind, lock_kind, lock_kind_words);

void rule_done(Rule *rule) {
        g_free(rule->hours);
        g_free(rule->also);
        g_free(rule->except);
        *rule = (Rule){};
}

Rule rule_copy(const Rule *rule) {
        Rule copy = *rule;

        copy.hours = g_memdup2(rule->hours, rule->n_hours * sizeof(*rule->hours));
        copy.also = g_memdup2(rule->also, rule->n_also * sizeof(*rule->also));
        copy.except = g_memdup2(rule->except, rule->n_except * sizeof(*rule->except));
        return copy;
}

void profile_done(Profile *profile) {
        g_strfreev(profile->plugins);
        for (unsigned i = 0; i < profile->n_settings; i++) {
                g_free(profile->settings[i].plugin);
                g_free(profile->settings[i].key);
                g_free(profile->settings[i].value);
        }
        g_free(profile->settings);
        *profile = (Profile){};
}

Profile profile_copy(const Profile *profile) {
        Profile copy = *profile;

        copy.plugins = g_strdupv(profile->plugins);
        copy.settings = g_new0(ProfileSetting, profile->n_settings);
        for (unsigned i = 0; i < profile->n_settings; i++)
                copy.settings[i] = (ProfileSetting){
                        .plugin = g_strdup(profile->settings[i].plugin),
                        .key = g_strdup(profile->settings[i].key),
                        .value = g_strdup(profile->settings[i].value),
                };
        return copy;
}

static void clear_rule(gpointer rule) {
        rule_done(rule);
}

static void clear_profile(gpointer profile) {
        profile_done(profile);
}

void rule_set_init(RuleSet *ret_set) {
        ret_set->rules = g_array_new(FALSE, FALSE, sizeof(Rule));
        ret_set->profiles = g_array_new(FALSE, FALSE, sizeof(Profile));
        g_array_set_clear_func(ret_set->rules, clear_rule);
        g_array_set_clear_func(ret_set->profiles, clear_profile);
}

void rule_set_done(RuleSet *set) {
        if (set->rules)
                g_array_unref(set->rules);
        set->rules = NULL;
        if (set->profiles)
                g_array_unref(set->profiles);
        set->profiles = NULL;
}

RuleSet rule_set_copy(const RuleSet *set) {
        RuleSet copy;

        rule_set_init(&copy);
        for (guint i = 0; i < set->rules->len; i++) {
                Rule rule = rule_copy(&g_array_index(set->rules, Rule, i));
                g_array_append_val(copy.rules, rule);
        }
        for (guint i = 0; i < set->profiles->len; i++) {
                Profile profile = profile_copy(&g_array_index(set->profiles, Profile, i));
                g_array_append_val(copy.profiles, profile);
        }
        return copy;
}

/* Both records begin with their name. */
static gint find_name(const GArray *array, gsize size, const char *name) {
        for (guint i = 0; i < array->len; i++)
                if (strcmp(array->data + i * size, name) == 0)
                        return (gint) i;
        return -1;
}
G_STATIC_ASSERT(G_STRUCT_OFFSET(Rule, name) == 0 && G_STRUCT_OFFSET(Profile, name) == 0);

const Rule *rule_set_find(const RuleSet *set, const char *name) {
        gint i = find_name(set->rules, sizeof(Rule), name);

        return i < 0 ? NULL : &g_array_index(set->rules, Rule, i);
}

const Profile *rule_set_find_profile(const RuleSet *set, const char *name) {
        gint i = find_name(set->profiles, sizeof(Profile), name);

        return i < 0 ? NULL : &g_array_index(set->profiles, Profile, i);
}

void rule_set_put(RuleSet *set, Rule *rule) {
        gint i = find_name(set->rules, sizeof(Rule), rule->name);

        if (i < 0)
                g_array_append_val(set->rules, *rule);
        else {
                rule_done(&g_array_index(set->rules, Rule, i));
                g_array_index(set->rules, Rule, i) = *rule;
        }
        *rule = (Rule){};
}

void rule_set_put_profile(RuleSet *set, Profile *profile) {
        gint i = find_name(set->profiles, sizeof(Profile), profile->name);

        if (i < 0)
                g_array_append_val(set->profiles, *profile);
        else {
                profile_done(&g_array_index(set->profiles, Profile, i));
                g_array_index(set->profiles, Profile, i) = *profile;
        }
        *profile = (Profile){};
}

bool rule_set_remove(RuleSet *set, const char *name) {
        gint i = find_name(set->rules, sizeof(Rule), name);

        if (i >= 0)
                g_array_remove_index(set->rules, (guint) i);
        return i >= 0;
}

bool rule_set_remove_profile(RuleSet *set, const char *name) {
        gint i = find_name(set->profiles, sizeof(Profile), name);

        if (i >= 0)
                g_array_remove_index(set->profiles, (guint) i);
        return i >= 0;
}
