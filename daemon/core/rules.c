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

bool profile_names_plugin(const Profile *profile, const char *plugin) {
        return profile->plugins && g_strv_contains((const char *const *) profile->plugins, plugin);
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
G_STATIC_ASSERT(G_STRUCT_OFFSET(Rule, name) == 0 && G_STRUCT_OFFSET(Profile, name) == 0);

static char *find_record(const GArray *array, const char *name, guint *ret_place) {
        const guint size = g_array_get_element_size((GArray *) array);

        for (guint i = 0; i < array->len; i++)
                if (strcmp(array->data + i * size, name) == 0) {
                        *ret_place = i;
                        return array->data + i * size;
                }
        return NULL;
}

const Rule *rule_set_find(const RuleSet *set, const char *name) {
        guint place;

        return (const Rule *) (gconstpointer) find_record(set->rules, name, &place);
}

const Profile *rule_set_find_profile(const RuleSet *set, const char *name) {
        guint place;

        return (const Profile *) (gconstpointer) find_record(set->profiles, name, &place);
}

void rule_set_put(RuleSet *set, Rule *rule) {
        guint place = set->rules->len;

        if (find_record(set->rules, rule->name, &place))
                g_array_remove_index(set->rules, place);
        g_array_insert_val(set->rules, place, *rule);
        *rule = (Rule){};
}

void rule_set_put_profile(RuleSet *set, Profile *profile) {
        guint place = set->profiles->len;

        if (find_record(set->profiles, profile->name, &place))
                g_array_remove_index(set->profiles, place);
        g_array_insert_val(set->profiles, place, *profile);
        *profile = (Profile){};
}

static bool remove_record(GArray *array, const char *name) {
        guint place;

        if (!find_record(array, name, &place))
                return false;
        g_array_remove_index(array, place);
        return true;
}

bool rule_set_remove(RuleSet *set, const char *name) {
        return remove_record(set->rules, name);
}

bool rule_set_remove_profile(RuleSet *set, const char *name) {
        return remove_record(set->profiles, name);
}
