/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/sites/policy.h"

#include <string.h>

#include "plugins/sites/policy-json.h"
#include "plugins/sites/policy-match.h"

#define BLOCKLIST "URLBlocklist"
#define ALLOWLIST "URLAllowlist"

static void list_clear(PolicyList *list) {
        g_clear_pointer(&list->entries, g_ptr_array_unref);
        g_clear_pointer(&list->file, g_free);
}

static void list_copy(PolicyList *to, const PolicyList *from) {
        list_clear(to);
        to->entries = from->entries ? g_ptr_array_ref(from->entries) : NULL;
        to->file = g_strdup(from->file);
}

Policy *policy_new(void) {
        Policy *policy = g_new0(Policy, 1);

        policy->problems = g_ptr_array_new_with_free_func(g_free);
        return policy;
}

void policy_free(Policy *policy) {
        if (!policy)
                return;
        list_clear(&policy->block);
        list_clear(&policy->block_before);
        list_clear(&policy->allow);
        g_ptr_array_unref(policy->problems);
        g_free(policy);
}

/* ---- merging ---- */

void policy_ignore(Policy *policy, const char *name, const char *why) {
        g_ptr_array_add(policy->problems, g_strdup_printf("%s %s", name, why));
}

/* Where a file sets a list to something else, the policy is empty and what other files say of it is lost. */
static void take_list(
                Policy *policy, PolicyList *list, struct json_object *o, const char *key, const char *file) {
        struct json_object *value;

        if (!json_object_object_get_ex(o, key, &value))
                return;
        list_clear(list);
        list->file = g_strdup(file);
        list->entries = g_ptr_array_new_with_free_func(g_free);
        if (!json_object_is_type(value, json_type_array)) {
                g_ptr_array_add(policy->problems,
                                g_strdup_printf("%s sets %s to what is no list", file, key));
                return;
        }
        for (size_t i = 0; i < json_object_array_length(value); i++) {
                struct json_object *entry = json_object_array_get_idx(value, i);

                if (json_object_is_type(entry, json_type_string))
                        g_ptr_array_add(list->entries, g_strdup(json_object_get_string(entry)));
        }
}

void policy_add(Policy *policy, const char *name, const char *text, gsize size) {
        struct json_object *o = policy_json_parse(text, size);

        if (!o) {
                policy_ignore(policy, name, "is no valid JSON");
                return;
        }
        take_list(policy, &policy->block, o, BLOCKLIST, name);
        take_list(policy, &policy->allow, o, ALLOWLIST, name);
        json_object_put(o);
        if (strcmp(name, POLICY_OWN) < 0)
                list_copy(&policy->block_before, &policy->block);
}

/* ---- what becomes of a name ---- */

static PolicyMatch best_match(const PolicyList *list, const char *name) {
        PolicyMatch best = {};

        for (guint i = 0; list->entries && i < list->entries->len; i++) {
                PolicyMatch match = policy_match(g_ptr_array_index(list->entries, i), name);

                if (policy_match_is_before(match, best))
                        best = match;
        }
        return best;
}

bool policy_blocks(const Policy *policy, const char *name, const char **ret_file) {
        PolicyMatch block = best_match(&policy->block, name), allow = best_match(&policy->allow, name);
        bool blocks = policy_match_is_before(block, allow);

        *ret_file = blocks ? policy->block.file : allow.fits ? policy->allow.file : NULL;
        return blocks;
}

GPtrArray *policy_let_through(const Policy *policy, const GPtrArray *patterns, guint n) {
        GPtrArray *open = g_ptr_array_new();

        for (guint i = 0; policy->allow.entries && i < n; i++) {
                const char *pattern = g_ptr_array_index(patterns, i), *host = pattern + (*pattern == '.');

                if (!policy_match_is_before(policy_match(pattern, host), best_match(&policy->allow, host)))
                        g_ptr_array_add(open, (gpointer) host);
        }
        return open;
}

/* ---- our own ---- */

/* GLib ends a program where memory runs out, and so does this. */
static struct json_object *checked(struct json_object *object) {
        if (!object)
                g_error("out of memory");
        return object;
}

static void put_text(struct json_object *list, const char *text) {
        if (json_object_array_add(list, checked(json_object_new_string(text))) < 0)
                g_error("out of memory");
}

char *policy_compose(const Policy *policy, const GPtrArray *patterns, guint *ret_n_patterns) {
        const GPtrArray *first = policy->block_before.entries;
        guint n_first = first ? first->len : 0, n = 0;
        struct json_object *o, *list;
        char *text;

        *ret_n_patterns = 0;
        if (patterns->len == 0 || n_first >= POLICY_ENTRIES_MAX)
                return NULL;
        o = checked(json_object_new_object());
        list = checked(json_object_new_array());
        json_object_object_add(o, BLOCKLIST, list);
        for (guint i = 0; i < n_first; i++)
                put_text(list, g_ptr_array_index(first, i));
        for (; n < patterns->len && n_first + n < POLICY_ENTRIES_MAX; n++)
                put_text(list, g_ptr_array_index(patterns, n));
        text = g_strdup_printf(
                        "%s\n", json_object_to_json_string_ext(
                                                o, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE));
        json_object_put(o);
        *ret_n_patterns = n;
        return text;
}
