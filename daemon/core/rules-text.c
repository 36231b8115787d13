/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* The text form: lines, groups, keys. What a value means is rules-keys.c's to say. */

#include <string.h>

#include "common/text.h"
#include "daemon/core/rules-private.h"
#include "daemon/core/rules.h"

#define GROUP_KEYS_MAX (CAP_PROFILE_SETTINGS + 16u)

/* The group that is being read: its keys and values point into the text, which is cut up in place. */
typedef struct Group {
        const char *header; /* "Rule summer"; NULL before the first */
        unsigned line;
        unsigned n;
        const char *keys[GROUP_KEYS_MAX];
        const char *values[GROUP_KEYS_MAX];
} Group;

/* names: the headers so far; one of ten thousand rules is looked up like one of ten. */
static int finish_group(const Group *group, RuleSet *set, GHashTable *names, Refusal *ret_refusal) {
        Refusal why;
        char excerpt[TEXT_EXCERPT_MAX];
        int r;

        if (!group->header)
                return 0;
        if (!g_hash_table_add(names, (gpointer) group->header))
                r = refuse(&why, REFUSAL_INVALID_ARGUMENT, "there is a group of this name already");
        else if (g_str_has_prefix(group->header, "Rule ")) {
                Rule rule;
                r = rule_from_keys(group->header + 5, group->keys, group->values, group->n, &rule, &why);
                if (r == 0 && set->rules->len >= CAP_RULES) {
                        rule_done(&rule);
                        return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED, "more than %u rules are too many",
                                        CAP_RULES);
                }
                if (r == 0)
                        g_array_append_val(set->rules, rule);
        } else if (g_str_has_prefix(group->header, "Profile ")) {
                Profile profile;
                r = profile_from_keys(
                                group->header + 8, group->keys, group->values, group->n, &profile, &why);
                if (r == 0 && set->profiles->len >= CAP_PROFILES) {
                        profile_done(&profile);
                        return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                        "more than %u profiles are too many", CAP_PROFILES);
                }
                if (r == 0)
                        g_array_append_val(set->profiles, profile);
        } else
                r = refuse(&why, REFUSAL_INVALID_ARGUMENT, "a group is [Rule NAME] or [Profile NAME]");
        if (r != 0)
                return refuse(ret_refusal, (RefusalCode) r, "line %u, [%s]: %s", group->line,
                                text_excerpt(group->header, excerpt), why.message);
        return 0;
}

static int read_line(char *line, unsigned number, Group *group, RuleSet *set, GHashTable *names,
                Refusal *ret_refusal) {
        char excerpt[TEXT_EXCERPT_MAX];
        char *equals;
        size_t n;
        int r;

        line = g_strstrip(line);
        n = strlen(line);
        if (n == 0 || *line == '#')
                return 0;
        if (*line == '[') {
                if (line[n - 1] != ']')
                        return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                        "line %u: \"%s\" has no closing bracket", number,
                                        text_excerpt(line, excerpt));
                r = finish_group(group, set, names, ret_refusal);
                if (r != 0)
                        return r;
                line[n - 1] = '\0';
                *group = (Group){ .header = line + 1, .line = number };
                return 0;
        }
        equals = strchr(line, '=');
        if (!equals || equals == line)
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "line %u: \"%s\" is neither KEY=VALUE nor a group like [Rule NAME]", number,
                                text_excerpt(line, excerpt));
        if (!group->header)
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "line %u: \"%s\" belongs to no group; begin with [Rule NAME]", number,
                                text_excerpt(line, excerpt));
        if (group->n >= GROUP_KEYS_MAX)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "line %u: more than %u keys in one group are too many", number,
                                GROUP_KEYS_MAX);
        *equals = '\0';
        group->keys[group->n] = g_strchomp(line);
        group->values[group->n++] = g_strchug(equals + 1);
        return 0;
}

int rule_set_parse_yielding(const char *text, const Yield *yield, RuleSet *ret_set, Refusal *ret_refusal) {
        RuleSet set;
        Group group = {};
        unsigned number = 0;
        GHashTable *names;
        char *copy, *rest, *beyond;
        int r = 0;

        if (strnlen(text, CAP_RULES_TEXT_BYTES + 1) > CAP_RULES_TEXT_BYTES)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "the text is larger than %u MiB, which is the most",
                                CAP_RULES_TEXT_BYTES >> 20);
        rule_set_init(&set);
        names = g_hash_table_new(g_str_hash, g_str_equal);
        copy = rest = g_strdup(text);
        beyond = copy + strlen(copy);
        /* Some editors put a mark of the byte order before what has none. */
        if (g_str_has_prefix(rest, "\xef\xbb\xbf"))
                rest += 3;
        while (r == 0 && rest) {
                char *line = rest, *end = memchr(rest, '\n', (size_t) (beyond - rest));
                rest = end ? end + 1 : NULL;
                if (end)
                        *end = '\0';
                if (*line == '[')
                        give_way(yield);
                r = read_line(line, ++number, &group, &set, names, ret_refusal);
        }
        if (r == 0)
                r = finish_group(&group, &set, names, ret_refusal);
        g_hash_table_unref(names);
        g_free(copy);
        if (r != 0)
                rule_set_done(&set);
        else
                *ret_set = set;
        return r;
}

int rule_set_parse(const char *text, RuleSet *ret_set, Refusal *ret_refusal) {
        return rule_set_parse_yielding(text, NULL, ret_set, ret_refusal);
}

static void print_key(const char *key, const char *value, void *userdata) {
        g_string_append_printf(userdata, "%s=%s\n", key, value);
}

char *rule_print(const Rule *rule) {
        GString *text = g_string_new(NULL);

        g_string_append_printf(text, "[Rule %s]\n", rule->name);
        rule_each_key(rule, print_key, text);
        return g_string_free(text, FALSE);
}

char *profile_print(const Profile *profile) {
        GString *text = g_string_new(NULL);

        g_string_append_printf(text, "[Profile %s]\n", profile->name);
        profile_each_key(profile, print_key, text);
        return g_string_free(text, FALSE);
}

static void add_size(const char *key, const char *value, void *userdata) {
        *(size_t *) userdata += strlen(key) + strlen("=") + strlen(value) + strlen("\n");
}

size_t profile_size(const Profile *profile) {
        size_t size = strlen("[Profile ]\n") + strlen(profile->name);

        profile_each_key(profile, add_size, &size);
        return size;
}

char *rule_set_print(const RuleSet *set) {
        GString *text = g_string_new(NULL);

        for (guint i = 0; i < set->profiles->len; i++) {
                char *group = profile_print(&g_array_index(set->profiles, Profile, i));
                g_string_append_printf(text, "%s%s", text->len > 0 ? "\n" : "", group);
                g_free(group);
        }
        for (guint i = 0; i < set->rules->len; i++) {
                char *group = rule_print(&g_array_index(set->rules, Rule, i));
                g_string_append_printf(text, "%s%s", text->len > 0 ? "\n" : "", group);
                g_free(group);
        }
        return g_string_free(text, FALSE);
}
