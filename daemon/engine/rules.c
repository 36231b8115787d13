/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include "daemon/engine/rules.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "daemon/engine/calendar.h"
#include "daemon/engine/publish.h"

static int check_references(const RuleSet *set, Refusal *ret_refusal) {
        GHashTable *profiles = g_hash_table_new(g_str_hash, g_str_equal);
        const Rule *wanting = NULL;

        for (guint i = 0; i < set->profiles->len; i++)
                g_hash_table_add(profiles, g_array_index(set->profiles, Profile, i).name);
        for (guint i = 0; i < set->rules->len && !wanting; i++) {
                const Rule *rule = &g_array_index(set->rules, Rule, i);

                if (rule->focus[0] != '\0' && !g_hash_table_contains(profiles, rule->focus))
                        wanting = rule;
        }
        g_hash_table_unref(profiles);
        if (!wanting)
                return 0;
        return refuse(ret_refusal, REFUSAL_NO_SUCH_PROFILE,
                        "the rule %s has Focus=%s, and there is no profile of that name; add the profile first, or import both in one text",
                        wanting->name, wanting->focus);
}

static int check_caps(const RuleSet *set, Refusal *ret_refusal) {
        if (set->rules->len > CAP_RULES)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "there would be %u rules; %u is the most there can be", set->rules->len,
                                CAP_RULES);
        if (set->profiles->len > CAP_PROFILES)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "there would be %u profiles; %u is the most there can be", set->profiles->len,
                                CAP_PROFILES);
        return 0;
}

/* ---- warnings ---- */

/* What is said of a change: all of the rules that it is about, and of the others what was not so before. */
typedef struct Telling {
        const Request *request;
        GHashTable *about; /* names of rules; NULL none */
        GHashTable *known; /* set of "rule: sentence" of the rules as they are */
} Telling;

static char *warning_key(const char *rule, const char *sentence) {
        return g_strdup_printf("%s: %s", rule, sentence);
}

static void note_known(const char *rule, const char *sentence, void *userdata) {
        g_hash_table_add(userdata, warning_key(rule, sentence));
}

static void tell_if_news(const char *rule, const char *sentence, void *userdata) {
        const Telling *telling = userdata;
        char *key = warning_key(rule, sentence);

        if ((telling->about && g_hash_table_contains(telling->about, rule)) ||
                        !g_hash_table_contains(telling->known, key))
                telling->request->warning(rule, sentence, telling->request->warning_userdata);
        g_free(key);
}

static int judge(User *user, Calendar *calendar, WarningFunc func, void *userdata) {
        return calendar_warnings(calendar, calendar_date_of(calendar, user->engine->now.real_usec),
                        &user->engine->yield, func, userdata);
}

static int tell_warnings(User *user, const RuleSet *set, const Request *request, GHashTable *about) {
        Telling telling = { .request = request, .about = about };
        Calendar *now = user_calendar(user), *then = NULL;
        int r;

        if (!request->warning)
                return 0;
        r = now ? calendar_new(set, user_calendar_zone(user), &then) : -ENOMEM;
        if (r < 0)
                return r;
        telling.known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        r = judge(user, now, note_known, telling.known);
        if (r == 0)
                r = judge(user, then, tell_if_news, &telling);
        g_hash_table_unref(telling.known);
        calendar_free(then);
        return r;
}

/* ---- requests ---- */

/* Both begin with their name: see core. */
static GHashTable *index_names(const GArray *array, gsize size) {
        GHashTable *names = g_hash_table_new(g_str_hash, g_str_equal);

        for (guint i = 0; i < array->len; i++)
                g_hash_table_insert(names, array->data + i * size, GUINT_TO_POINTER(i + 1));
        return names;
}

/* A rule stands since its name was first there, whatever else became of it. */
static void date_rules(const User *user, RuleSet *set) {
        const GArray *before = user->rules.rules;
        GHashTable *names = index_names(before, sizeof(Rule));

        for (guint i = 0; i < set->rules->len; i++) {
                Rule *rule = &g_array_index(set->rules, Rule, i);
                guint at = GPOINTER_TO_UINT(g_hash_table_lookup(names, rule->name));

                rule->since_real_usec = at > 0 ? g_array_index(before, Rule, at - 1).since_real_usec
                                               : user->engine->now.real_usec;
        }
        g_hash_table_unref(names);
}

int user_rules_commit(User *user, RuleSet *set) {
        StoreWrite write;
        News news = {};
        int r;

        assert(user->store);
        date_rules(user, set);
        r = store_write_begin(user->store, &write);
        if (r < 0)
                return r;
        publish_add_now(user, &news, CHANGED_SCHEDULES, HAPPENED_SCHEDULE_CHANGED, 0);
        /* It gives way, and rings that are told meanwhile have their numbers before this. */
        r = write_rules(&write, set, &user->engine->yield);
        r = user_publish_stored(user, &write, r, &news);
        if (r < 0)
                return r;
        user_calendar_adopt_rules(user, set);
        user_publish(user, &news);
        return 0;
}

/* Takes the set whatever comes of it. about: the names of the rules that the request has; NULL none. */
static int check_and_commit(
                User *user, RuleSet *set, const Request *request, GHashTable *about, Refusal *ret_refusal) {
        int r;

        r = check_caps(set, ret_refusal);
        if (r == 0)
                r = check_references(set, ret_refusal);
        if (r == 0)
                r = tell_warnings(user, set, request, about);
        for (guint i = 0; r == 0 && request->profile_func && i < set->profiles->len; i++)
                r = request->profile_func(
                                &g_array_index(set->profiles, Profile, i), request->profile_userdata);
        if (r == 0 && !request->dry_run)
                r = user_rules_commit(user, set);
        rule_set_done(set);
        return r;
}

static int set_rule(User *user, const Request *request, Refusal *ret_refusal) {
        GHashTable *about = g_hash_table_new(g_str_hash, g_str_equal);
        RuleSet set = rule_set_copy(&user->rules);
        Rule rule = rule_copy(request->rule);
        int r;

        rule_set_put(&set, &rule);
        g_hash_table_add(about, (gpointer) request->rule->name);
        r = check_and_commit(user, &set, request, about, ret_refusal);
        g_hash_table_unref(about);
        return r;
}

static int remove_rule(User *user, const Request *request, Refusal *ret_refusal) {
        RuleSet set = rule_set_copy(&user->rules);

        if (!rule_set_remove(&set, request->name)) {
                rule_set_done(&set);
                return refuse(ret_refusal, REFUSAL_NO_SUCH_RULE,
                                "there is no rule %.64s; the list of rules shows their names", request->name);
        }
        return check_and_commit(user, &set, request, NULL, ret_refusal);
}

static int set_profile(User *user, const Request *request, Refusal *ret_refusal) {
        RuleSet set = rule_set_copy(&user->rules);
        Profile profile = profile_copy(request->profile);

        rule_set_put_profile(&set, &profile);
        return check_and_commit(user, &set, request, NULL, ret_refusal);
}

static int remove_profile(User *user, const Request *request, Refusal *ret_refusal) {
        RuleSet set;

        for (guint i = 0; i < user->rules.rules->len; i++) {
                const Rule *rule = &g_array_index(user->rules.rules, Rule, i);

                if (strcmp(rule->focus, request->name) == 0 && rule->focus[0] != '\0')
                        return refuse(ret_refusal, REFUSAL_NOT_POSSIBLE,
                                        "the rule %s has Focus=%s; change or remove the rule first",
                                        rule->name, rule->focus);
        }
        set = rule_set_copy(&user->rules);
        if (!rule_set_remove_profile(&set, request->name)) {
                rule_set_done(&set);
                return refuse(ret_refusal, REFUSAL_NO_SUCH_PROFILE,
                                "there is no profile %.64s; the list of profiles shows their names",
                                request->name);
        }
        return check_and_commit(user, &set, request, NULL, ret_refusal);
}

/* ---- import ---- */

typedef char *(*Print)(gconstpointer record);

static char *print_rule(gconstpointer record) {
        return rule_print(record);
}

static char *print_profile(gconstpointer record) {
        return profile_print(record);
}

/* How many of some are not the same among others. */
static unsigned count_others(
                const GArray *array, const GArray *before, gsize size, Print print, const Yield *yield) {
        GHashTable *names = index_names(before, size);
        unsigned n = 0;

        for (guint i = 0; i < array->len; i++) {
                const char *record = array->data + i * size;
                guint at = GPOINTER_TO_UINT(g_hash_table_lookup(names, record));
                char *text, *old;

                give_way(yield);
                if (at == 0) {
                        n++;
                        continue;
                }
                text = print(record);
                old = print(before->data + (at - 1) * size);
                n += strcmp(text, old) != 0;
                g_free(text);
                g_free(old);
        }
        g_hash_table_unref(names);
        return n;
}

static unsigned count_gone(const GArray *before, const GArray *array, gsize size) {
        GHashTable *names = index_names(array, size);
        unsigned n = 0;

        for (guint i = 0; i < before->len; i++)
                n += !g_hash_table_contains(names, before->data + i * size);
        g_hash_table_unref(names);
        return n;
}

/* Those of the import in the place of those of the same name, else at the end; ten thousand as quickly as
 * ten. */
static void merge(RuleSet *set, const RuleSet *import) {
        GHashTable *rules = index_names(set->rules, sizeof(Rule));
        GHashTable *profiles = index_names(set->profiles, sizeof(Profile));
        GArray *indices = g_array_sized_new(
                        FALSE, FALSE, sizeof(guint), import->rules->len + import->profiles->len);

        /* The names belong to the arrays, which move as they grow: all are looked up first. */
        for (guint i = 0; i < import->rules->len; i++) {
                guint at = GPOINTER_TO_UINT(
                                g_hash_table_lookup(rules, g_array_index(import->rules, Rule, i).name));
                g_array_append_val(indices, at);
        }
        for (guint i = 0; i < import->profiles->len; i++) {
                guint at = GPOINTER_TO_UINT(g_hash_table_lookup(
                                profiles, g_array_index(import->profiles, Profile, i).name));
                g_array_append_val(indices, at);
        }
        g_hash_table_unref(rules);
        g_hash_table_unref(profiles);
        for (guint i = 0; i < import->rules->len; i++) {
                Rule rule = rule_copy(&g_array_index(import->rules, Rule, i));
                guint at = g_array_index(indices, guint, i);

                if (at == 0)
                        g_array_append_val(set->rules, rule);
                else {
                        rule_done(&g_array_index(set->rules, Rule, at - 1));
                        g_array_index(set->rules, Rule, at - 1) = rule;
                }
        }
        for (guint i = 0; i < import->profiles->len; i++) {
                Profile profile = profile_copy(&g_array_index(import->profiles, Profile, i));
                guint at = g_array_index(indices, guint, import->rules->len + i);

                if (at == 0)
                        g_array_append_val(set->profiles, profile);
                else {
                        profile_done(&g_array_index(set->profiles, Profile, at - 1));
                        g_array_index(set->profiles, Profile, at - 1) = profile;
                }
        }
        g_array_unref(indices);
}

static int import_rules(User *user, const Request *request, Answer *answer, Refusal *ret_refusal) {
        const RuleSet *have = &user->rules;
        const Yield *yield = &user->engine->yield;
        GHashTable *about;
        RuleSet set, import;
        int r;

        r = rule_set_parse_yielding(request->text, yield, &import, ret_refusal);
        if (r != 0)
                return r;
        answer->rules = count_others(import.rules, have->rules, sizeof(Rule), print_rule, yield);
        answer->profiles =
                        count_others(import.profiles, have->profiles, sizeof(Profile), print_profile, yield);
        if (request->replace) {
                set = rule_set_copy(&import);
                answer->removed = count_gone(have->rules, set.rules, sizeof(Rule)) +
                                  count_gone(have->profiles, set.profiles, sizeof(Profile));
        } else {
                set = rule_set_copy(have);
                merge(&set, &import);
        }
        about = index_names(import.rules, sizeof(Rule));
        r = check_and_commit(user, &set, request, about, ret_refusal);
        g_hash_table_unref(about);
        rule_set_done(&import);
        return r;
}

int user_rules_request(User *user, const Request *request, Answer *answer, Refusal *ret_refusal) {
        switch (request->type) {
        case REQUEST_RULE_SET:
                return set_rule(user, request, ret_refusal);
        case REQUEST_RULE_REMOVE:
                return remove_rule(user, request, ret_refusal);
        case REQUEST_PROFILE_SET:
                return set_profile(user, request, ret_refusal);
        case REQUEST_PROFILE_REMOVE:
                return remove_profile(user, request, ret_refusal);
        default:
                return import_rules(user, request, answer, ret_refusal);
        }
}
