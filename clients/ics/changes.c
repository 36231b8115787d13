/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/ics/changes.h"

#include <string.h>

#include "common/cleanup.h"

static const char *const change_kind_words[_CHANGE_KIND_MAX] = {
        [CHANGE_NEW] = "new",
        [CHANGE_CHANGED] = "changed",
        [CHANGE_SAME] = "same",
        [CHANGE_REMOVED] = "removed",
        [CHANGE_GONE] = "gone",
};
DEFINE_ENUM_WORDS(ChangeKind, change_kind, change_kind_words);

static void change_free(void *p) {
        IcsChange *change = p;

        g_free(change->name);
        g_free(change->shown);
        g_free(change);
}

void changes_done(Changes *changes) {
        if (changes->list)
                g_ptr_array_unref(changes->list);
        g_free(changes->text);
        *changes = (Changes){};
}

/* ---- groups of the text form ---- */

typedef struct RuleGroup {
        char *name; /* of a rule; NULL: a profile */
        char *text; /* with its header, ended by one line break */
        bool removed;
} RuleGroup;

static void group_free(void *p) {
        RuleGroup *group = p;

        g_free(group->name);
        g_free(group->text);
        g_free(group);
}

/* The daemon prints a group's header on a line of its own and each key on one line. */
static GPtrArray *groups_read(const char *text) {
        GPtrArray *groups = g_ptr_array_new_with_free_func(group_free);
        g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
        GString *body = NULL;
        RuleGroup *group = NULL;

        for (char **line = lines; *line; line++) {
                size_t n = strlen(*line);

                if (**line == '[' && (*line)[n - 1] == ']') {
                        if (group)
                                group->text = g_string_free(body, FALSE);
                        group = g_new0(RuleGroup, 1);
                        body = g_string_new(NULL);
                        g_ptr_array_add(groups, group);
                        if (g_str_has_prefix(*line, "[Rule "))
                                group->name = g_strndup(*line + 6, n - 7);
                }
                if (group && n > 0)
                        g_string_append_printf(body, "%s\n", *line);
        }
        if (group)
                group->text = g_string_free(body, FALSE);
        return groups;
}

GHashTable *changes_old_names(const char *text, const char *prefix) {
        GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        g_autoptr(GPtrArray) groups = groups_read(text);

        for (guint i = 0; i < groups->len; i++) {
                const RuleGroup *group = g_ptr_array_index(groups, i);
                g_autofree char *mark = group->name ? ics_mark_of(group->name, prefix) : NULL;

                if (mark && !g_hash_table_contains(names, mark)) {
                        char *at = g_strrstr(group->name, mark);

                        g_hash_table_insert(names, g_strdup(mark),
                                        g_strndup(group->name, (size_t) (at - group->name) + strlen(mark)));
                }
        }
        return names;
}

/* ---- what changes ---- */

static void change_add(Changes *changes, ChangeKind kind, const char *name, const char *shown) {
        IcsChange *change = g_new0(IcsChange, 1);

        change->kind = kind;
        change->name = g_strdup(name);
        change->shown = g_strdup(shown);
        changes->n[kind]++;
        g_ptr_array_add(changes->list, change);
}

/* The keys of a group of one of two kinds: those that stand before Also and Except, and those behind. */
static void append_kept(GString *text, const char *group, const char *const *keys) {
        g_auto(GStrv) lines = g_strsplit(group, "\n", -1);

        for (char **line = lines; *line; line++)
                for (const char *const *key = keys; *key; key++)
                        if (g_str_has_prefix(*line, *key) && (*line)[strlen(*key)] == '=')
                                g_string_append_printf(text, "%s\n", *line);
}

static char *rule_text(const IcsRule *rule, const RuleGroup *old) {
        static const char *const before[] = { "Mode", "Priority", "Target", NULL };
        static const char *const behind[] = { "Focus", "Lock", "Quota", "AutoStart", "AutoSwitch", NULL };
        GString *text = g_string_new(NULL);

        g_string_append_printf(text, "[Rule %s]\n%s", rule->name, rule->keys);
        if (old)
                append_kept(text, old->text, before);
        g_string_append(text, rule->dates);
        if (old)
                append_kept(text, old->text, behind);
        return g_string_free(text, FALSE);
}

static void put_rules(Changes *changes, GPtrArray *groups, GHashTable *by_name, const GPtrArray *rules,
                GString *own) {
        for (guint i = 0; i < rules->len; i++) {
                const IcsRule *rule = g_ptr_array_index(rules, i);
                RuleGroup *old = g_hash_table_lookup(by_name, rule->name);
                char *text = rule_text(rule, old);
                bool same = old && strcmp(old->text, text) == 0;

                change_add(changes,
                                !old   ? CHANGE_NEW
                                : same ? CHANGE_SAME
                                       : CHANGE_CHANGED,
                                rule->name, rule->shown);
                if (!same)
                        g_string_append_printf(own, "%s\n", text);
                if (!old) {
                        old = g_new0(RuleGroup, 1);
                        g_ptr_array_add(groups, old);
                }
                g_free(old->text);
                old->text = text;
        }
}

static void drop_rules(Changes *changes, const GPtrArray *groups, const GPtrArray *rules, const char *prefix,
                bool prune) {
        g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
        g_autoptr(GHashTable) marks = g_hash_table_new(g_str_hash, g_str_equal);

        for (guint i = 0; i < rules->len; i++) {
                const IcsRule *rule = g_ptr_array_index(rules, i);

                g_hash_table_add(names, rule->name);
                g_hash_table_add(marks, rule->mark);
        }
        for (guint i = 0; i < groups->len; i++) {
                RuleGroup *group = g_ptr_array_index(groups, i);
                g_autofree char *mark = group->name ? ics_mark_of(group->name, prefix) : NULL;

                if (mark && !g_hash_table_contains(names, group->name)) {
                        /* An event that takes fewer rules now leaves none of its old ones behind. */
                        group->removed = prune || g_hash_table_contains(marks, mark);
                        change_add(changes, group->removed ? CHANGE_REMOVED : CHANGE_GONE, group->name, "");
                }
        }
}

Changes changes_make(const char *text, const GPtrArray *rules, const char *prefix, bool prune) {
        g_autoptr(GPtrArray) groups = groups_read(text);
        g_autoptr(GHashTable) by_name = g_hash_table_new(g_str_hash, g_str_equal);
        GString *own = g_string_new(NULL), *all = g_string_new(NULL);
        Changes changes = { .list = g_ptr_array_new_with_free_func(change_free) };

        for (guint i = 0; i < groups->len; i++) {
                RuleGroup *group = g_ptr_array_index(groups, i);

                if (group->name)
                        g_hash_table_insert(by_name, group->name, group);
        }
        put_rules(&changes, groups, by_name, rules, own);
        drop_rules(&changes, groups, rules, prefix, prune);
        changes.replace = changes.n[CHANGE_REMOVED] > 0;
        for (guint i = 0; changes.replace && i < groups->len; i++) {
                const RuleGroup *group = g_ptr_array_index(groups, i);

                if (!group->removed)
                        g_string_append_printf(all, "%s\n", group->text);
        }
        changes.text = g_string_free(changes.replace ? all : own, FALSE);
        g_string_free(changes.replace ? own : all, TRUE);
        return changes;
}
