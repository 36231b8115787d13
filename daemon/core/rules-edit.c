/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/core/rules-edit.h"

#include <assert.h>
#include <string.h>

#include "common/cleanup.h"

int rules_edit_remove(RuleSet *set, const char *name, Refusal *ret_refusal) {
        if (rule_set_remove(set, name))
                return 0;
        return refuse(ret_refusal, REFUSAL_NO_SUCH_RULE,
                        "there is no rule %.64s; the list of rules shows their names", name);
}

int rules_edit_remove_profile(RuleSet *set, const char *name, Refusal *ret_refusal) {
        for (guint i = 0; i < set->rules->len; i++) {
                const Rule *rule = &g_array_index(set->rules, Rule, i);

                if (rule->focus[0] != '\0' && strcmp(rule->focus, name) == 0)
                        return refuse(ret_refusal, REFUSAL_NOT_POSSIBLE,
                                        "the rule %s has Focus=%s; change or remove the rule first",
                                        rule->name, rule->focus);
        }
        if (rule_set_remove_profile(set, name))
                return 0;
        return refuse(ret_refusal, REFUSAL_NO_SUCH_PROFILE,
                        "there is no profile %.64s; the list of profiles shows their names", name);
}

/* ---- import ---- */

/* The places of names plus one. Both records begin with their name. */
static GHashTable *index_names(const GArray *array) {
        const guint size = g_array_get_element_size((GArray *) array);
        GHashTable *names = g_hash_table_new(g_str_hash, g_str_equal);

        for (guint i = 0; i < array->len; i++)
                g_hash_table_insert(names, array->data + i * size, GUINT_TO_POINTER(i + 1));
        return names;
}

static guint place_of(GHashTable *names, const char *name) {
        return GPOINTER_TO_UINT(g_hash_table_lookup(names, name));
}

/* A rule or a profile. */
typedef struct Kind {
        char *(*print)(gconstpointer record);
        void (*put)(GArray *array, guint place, gconstpointer record);
} Kind;

static char *print_rule(gconstpointer record) {
        return rule_print(record);
}

static void put_rule(GArray *array, guint place, gconstpointer record) {
        Rule rule = rule_copy(record);

        if (place == 0)
                g_array_append_val(array, rule);
        else {
                rule_done(&g_array_index(array, Rule, place - 1));
                g_array_index(array, Rule, place - 1) = rule;
        }
}

static char *print_profile(gconstpointer record) {
        return profile_print(record);
}

static void put_profile(GArray *array, guint place, gconstpointer record) {
        Profile profile = profile_copy(record);

        if (place == 0)
                g_array_append_val(array, profile);
        else {
                profile_done(&g_array_index(array, Profile, place - 1));
                g_array_index(array, Profile, place - 1) = profile;
        }
}

static bool is_other(const Kind *kind, gconstpointer record, gconstpointer before) {
        cleanup_free_ char *text = kind->print(record), *old = kind->print(before);

        return strcmp(text, old) != 0;
}

/* How many are new or others than before. The names belong to the array, which moves as it grows: all are
 * looked up before the first is put. */
static unsigned merge(GArray *array, const GArray *import, const Kind *kind, bool put, const Yield *yield) {
        const guint size = g_array_get_element_size(array);
        GHashTable *names = index_names(array);
        guint *places = g_new(guint, import->len);
        unsigned n = 0;

        for (guint i = 0; i < import->len; i++) {
                const char *record = import->data + i * size;

                give_way(yield);
                places[i] = place_of(names, record);
                n += places[i] == 0 || is_other(kind, record, array->data + (places[i] - 1) * size);
        }
        g_hash_table_unref(names);
        for (guint i = 0; put && i < import->len; i++)
                kind->put(array, places[i], import->data + i * size);
        g_free(places);
        return n;
}

static unsigned count_gone(const GArray *before, const GArray *array) {
        const guint size = g_array_get_element_size((GArray *) before);
        GHashTable *names = index_names(array);
        unsigned n = 0;

        for (guint i = 0; i < before->len; i++)
                n += place_of(names, before->data + i * size) == 0;
        g_hash_table_unref(names);
        return n;
}

RulesImported rules_edit_import(RuleSet *set, const RuleSet *import, bool replace, const Yield *yield) {
        static const Kind rule = { print_rule, put_rule }, profile = { print_profile, put_profile };
        RulesImported imported = {};

        if (replace)
                imported.removed = count_gone(set->rules, import->rules) +
                                   count_gone(set->profiles, import->profiles);
        imported.rules = merge(set->rules, import->rules, &rule, !replace, yield);
        imported.profiles = merge(set->profiles, import->profiles, &profile, !replace, yield);
        if (replace) {
                rule_set_done(set);
                *set = rule_set_copy(import);
        }
        return imported;
}

/* ---- the whole set ---- */

static int check_references(const RuleSet *set, Refusal *ret_refusal) {
        GHashTable *profiles = index_names(set->profiles);
        const Rule *wanting = NULL;

        for (guint i = 0; i < set->rules->len && !wanting; i++) {
                const Rule *rule = &g_array_index(set->rules, Rule, i);

                if (rule->focus[0] != '\0' && place_of(profiles, rule->focus) == 0)
                        wanting = rule;
        }
        g_hash_table_unref(profiles);
        if (!wanting)
                return 0;
        return refuse(ret_refusal, REFUSAL_NO_SUCH_PROFILE,
                        "the rule %s has Focus=%s, and there is no profile of that name; add the profile first, or import both in one text",
                        wanting->name, wanting->focus);
}

static int check_profile_size(const Profile *profile, const Profile *before, Refusal *ret_refusal) {
        const size_t size = profile_size(profile);

        if (size <= CAP_PROFILE_BYTES || (before && size <= profile_size(before)))
                return 0;
        return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                        "the profile %s would have %zu bytes of text; %u are the most of one: shorten its settings, or spread them over several",
                        profile->name, size, CAP_PROFILE_BYTES);
}

static size_t size_of_all(const GArray *profiles) {
        size_t size = 0;

        for (guint i = 0; i < profiles->len; i++)
                size += profile_size(&g_array_index(profiles, Profile, i));
        return size;
}

static int check_sizes(const RuleSet *set, const RuleSet *before, Refusal *ret_refusal) {
        GHashTable *names = index_names(before->profiles);
        const size_t size = size_of_all(set->profiles);
        int r = 0;

        for (guint i = 0; r == 0 && i < set->profiles->len; i++) {
                const Profile *profile = &g_array_index(set->profiles, Profile, i);
                const guint place = place_of(names, profile->name);

                r = check_profile_size(profile,
                                place > 0 ? &g_array_index(before->profiles, Profile, place - 1) : NULL,
                                ret_refusal);
        }
        g_hash_table_unref(names);
        if (r != 0 || size <= CAP_PROFILES_BYTES || size <= size_of_all(before->profiles))
                return r;
        return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                        "all profiles would have %zu bytes of text together; %u are the most there can be: remove or shorten one",
                        size, CAP_PROFILES_BYTES);
}

int rules_edit_check(const RuleSet *set, const RuleSet *before, Refusal *ret_refusal) {
        int r;

        if (set->rules->len > CAP_RULES)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "there would be %u rules; %u is the most there can be", set->rules->len,
                                CAP_RULES);
        if (set->profiles->len > CAP_PROFILES)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "there would be %u profiles; %u is the most there can be", set->profiles->len,
                                CAP_PROFILES);
        r = check_sizes(set, before, ret_refusal);
        return r != 0 ? r : check_references(set, ret_refusal);
}

void rules_edit_date(RuleSet *set, const RuleSet *before, uint64_t now_real_usec) {
        GHashTable *names = index_names(before->rules);

        for (guint i = 0; i < set->rules->len; i++) {
                Rule *rule = &g_array_index(set->rules, Rule, i);
                guint place = place_of(names, rule->name);

                rule->since_real_usec =
                                place > 0 ? g_array_index(before->rules, Rule, place - 1).since_real_usec
                                          : now_real_usec;
        }
        g_hash_table_unref(names);
}

/* ---- warnings ---- */

typedef struct Telling {
        GHashTable *about; /* names of rules; NULL none */
        GHashTable *known; /* set of "rule: sentence" of the rules as they were */
        WarningFunc func;
        void *userdata;
} Telling;

static void note_known(const char *rule, const char *sentence, void *userdata) {
        g_hash_table_add(userdata, g_strdup_printf("%s: %s", rule, sentence));
}

static void tell_if_news(const char *rule, const char *sentence, void *userdata) {
        const Telling *telling = userdata;
        cleanup_free_ char *key = g_strdup_printf("%s: %s", rule, sentence);

        if ((telling->about && place_of(telling->about, rule) > 0) ||
                        !g_hash_table_contains(telling->known, key))
                telling->func(rule, sentence, telling->userdata);
}

int rules_edit_warn(const RulesWarned *warned, WarningFunc func, void *userdata) {
        Telling telling = { .func = func, .userdata = userdata };
        int r;

        assert(warned->before && warned->after);
        telling.about = warned->about ? index_names(warned->about->rules) : NULL;
        telling.known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        r = calendar_warnings(warned->before, warned->from, warned->yield, note_known, telling.known);
        if (r == 0)
                r = calendar_warnings(warned->after, warned->from, warned->yield, tell_if_news, &telling);
        g_hash_table_unref(telling.known);
        if (telling.about)
                g_hash_table_unref(telling.about);
        return r;
}
