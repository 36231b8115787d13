/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/core/consent.h"

#include <assert.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/host-name.h"
#include "common/text.h"
#include "daemon/core/lists.h"

#define NAMED_MAX     3u /* in a sentence; more are counted */
#define NAMES_COLUMNS 200u

/* ---- grants ---- */

struct Grants {
        GHashTable *profiles; /* name → set of items, all owned */
};

static void set_free(void *set) {
        g_hash_table_unref(set);
}

static GHashTable *set_new(void) {
        return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

Grants *grants_new(void) {
        Grants *grants = g_new0(Grants, 1);

        grants->profiles = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, set_free);
        return grants;
}

Grants *grants_free(Grants *grants) {
        if (!grants)
                return NULL;
        g_hash_table_unref(grants->profiles);
        g_free(grants);
        return NULL;
}

void grants_add(Grants *grants, const char *profile, const char *item) {
        GHashTable *set = g_hash_table_lookup(grants->profiles, profile);

        if (!set) {
                set = set_new();
                g_hash_table_insert(grants->profiles, g_strdup(profile), set);
        }
        g_hash_table_add(set, g_strdup(item));
}

bool grants_have(const Grants *grants, const char *profile, const char *item) {
        GHashTable *set = grants ? g_hash_table_lookup(grants->profiles, profile) : NULL;

        return set && g_hash_table_contains(set, item);
}

void grants_drop(Grants *grants, const char *profile) {
        g_hash_table_remove(grants->profiles, profile);
}

void grants_drop_item(Grants *grants, const char *profile, const char *item) {
        GHashTable *set = g_hash_table_lookup(grants->profiles, profile);

        if (set)
                g_hash_table_remove(set, item);
}

static gboolean is_unknown(void *profile, void *items, void *set) {
        return !rule_set_find_profile(set, profile);
}

void grants_drop_unknown(Grants *grants, const RuleSet *set) {
        g_hash_table_foreach_remove(grants->profiles, is_unknown, (void *) set);
}

GPtrArray *grants_list(const Grants *grants, const char *profile) {
        GHashTable *set = g_hash_table_lookup(grants->profiles, profile);
        GPtrArray *items = g_ptr_array_new();
        GHashTableIter iter;
        void *item;

        if (!set)
                return items;
        g_hash_table_iter_init(&iter, set);
        while (g_hash_table_iter_next(&iter, &item, NULL))
                g_ptr_array_add(items, item);
        return items;
}

/* ---- items ---- */

/* The digest that a list was pinned with; false: it is none of those that were. */
static bool find_pinned(const char *lists, const char *name, NameList *ret_list) {
        NameList list;

        while (lists_pinned_next(&lists, &list))
                if (strcmp(list.name, name) == 0) {
                        *ret_list = list;
                        return true;
                }
        return false;
}

static char *list_item(const char *name, const char *digest) {
        return g_strdup_printf("@%s %s", name, digest);
}

/* NULL: nothing that could be granted. */
static char *item_of(const char *word, const char *lists) {
        NameList list;

        if (word[0] != '@')
                return host_name_may_be(word) ? g_ascii_strdown(word, -1) : NULL;
        if (list_check_name(word + 1, NULL) != 0)
                return NULL;
        return find_pinned(lists, word + 1, &list) ? list_item(list.name, list.digest) : g_strdup(word);
}

/* Whoever gives it words: a list takes a semicolon or a comma, as in the text form of rules. */
static char **words_of(const char *value) {
        char **words = g_strsplit_set(value, ";,", -1);

        for (char **word = words; *word; word++)
                g_strstrip(*word);
        return words;
}

typedef struct Sorting {
        const Consent *consent;
        const Profile *profile;
        const char *lists;
        GHashTable *copied; /* NULL: what counts is the grants */
        bool all;
        GHashTable *seen; /* the items' */
        ConsentItems items;
} Sorting;

static bool is_granted(const Sorting *sorting, const char *item) {
        if (sorting->copied)
                return g_hash_table_contains(sorting->copied, item);
        return sorting->all || grants_have(sorting->consent->grants, sorting->profile->name, item);
}

/* Takes over the item. */
static void sort_item(Sorting *sorting, const char *plugin, char *item) {
        ConsentItems *items = &sorting->items;

        if (!item || !g_hash_table_add(sorting->seen, item)) {
                g_free(item);
                return;
        }
        if (is_granted(sorting, item)) {
                g_ptr_array_add(items->granted, item);
                return;
        }
        g_ptr_array_add(items->left, item);
        if (!items->plugin)
                items->plugin = plugin;
}

/* "@mine" before there is such a list: it blocks nothing, and will be another item then. */
static bool is_of_nobody(const Consent *consent, const char *item) {
        return item && item[0] == '@' && !strchr(item, ' ') &&
               !consent->is_category(consent->userdata, item + 1);
}

static void sort_setting(Sorting *sorting, const ProfileSetting *setting) {
        char **words;

        if (!sorting->consent->is_felt(sorting->consent->userdata, setting->plugin, setting->key))
                return;
        words = words_of(setting->value);
        for (char **word = words; *word; word++) {
                char *item = item_of(*word, sorting->lists);

                if (is_of_nobody(sorting->consent, item))
                        g_free(item);
                else
                        sort_item(sorting, setting->plugin, item);
        }
        g_strfreev(words);
}

static ConsentItems sort(Sorting *sorting) {
        const Profile *profile = sorting->profile;

        sorting->seen = g_hash_table_new(g_str_hash, g_str_equal);
        sorting->items.granted = g_ptr_array_new_with_free_func(g_free);
        sorting->items.left = g_ptr_array_new_with_free_func(g_free);
        for (unsigned i = 0; i < profile->n_settings; i++)
                sort_setting(sorting, &profile->settings[i]);
        g_hash_table_unref(sorting->seen);
        return sorting->items;
}

ConsentItems consent_items(const Consent *consent, const Profile *profile, const char *lists) {
        return sort(&(Sorting){
                        .consent = consent,
                        .profile = profile,
                        .lists = lists,
                        .all = consent->is_granted_all(consent->userdata),
        });
}

ConsentItems consent_items_copied(
                const Consent *consent, const Profile *profile, const char *lists, const char *granted) {
        GHashTable *copied = consent_set_new(granted);
        const ConsentItems items = sort(&(Sorting){
                        .consent = consent, .profile = profile, .lists = lists, .copied = copied });

        g_hash_table_unref(copied);
        return items;
}

void consent_items_done(ConsentItems *items) {
        g_clear_pointer(&items->granted, g_ptr_array_unref);
        g_clear_pointer(&items->left, g_ptr_array_unref);
}

static void clear_asked(gpointer data) {
        ConsentAsked *asked = data;

        g_ptr_array_unref(asked->items);
}

GArray *consent_asked_new(void) {
        GArray *asked = g_array_new(FALSE, FALSE, sizeof(ConsentAsked));

        g_array_set_clear_func(asked, clear_asked);
        return asked;
}

/* ---- in words ---- */

#define NOT_GRANTED  "not granted for everyone on this computer: "
#define CAN_GRANT_IT "; an administrator can grant it: "

char *consent_text(const GPtrArray *items) {
        GString *text = g_string_new(NULL);

        for (guint i = 0; i < items->len; i++)
                g_string_append_printf(text, "%s%s", i > 0 ? "\n" : "", (const char *) items->pdata[i]);
        return g_string_free(text, items->len == 0);
}

/* A list without its digest. */
static void append_item(GString *text, const char *item) {
        g_string_append_len(text, item, (gssize) strcspn(item, " "));
}

char *consent_names(const GPtrArray *items, guint most) {
        GString *text = g_string_new(NULL);

        for (guint i = 0; i < items->len && i < most; i++) {
                g_string_append(text, i > 0 ? ", " : "");
                append_item(text, items->pdata[i]);
        }
        if (items->len > most)
                g_string_append_printf(text, " and %u more", items->len - most);
        return g_string_free(text, FALSE);
}

char *consent_failure(const char *plugin, const char *profile, const GPtrArray *left) {
        cleanup_free_ char *names = consent_names(left, NAMED_MAX);

        assert(left->len > 0);
        return g_strdup_printf("%s: " NOT_GRANTED "%s" CAN_GRANT_IT "pomoctl focus profile grant %s", plugin,
                        names, profile);
}

bool consent_failure_lacks(const char *failure) {
        return failure && strstr(failure, ": " NOT_GRANTED);
}

char *consent_failure_brief(const char *failure) {
        const char *at = failure ? strstr(failure, ": " NOT_GRANTED) : NULL, *names, *rest;
        cleanup_free_ char *named = NULL;

        if (!at)
                return NULL;
        names = at + strlen(": " NOT_GRANTED);
        rest = strstr(names, CAN_GRANT_IT);
        if (!rest)
                return NULL;
        named = g_strndup(names, (gsize) (rest - names));
        return g_strdup_printf("%.*s: not granted: %.*s; %s", (int) (at - failure), failure,
                        (int) text_fitting_bytes(named, NAMES_COLUMNS), named, rest + strlen(CAN_GRANT_IT));
}

char *consent_failure_mended(const char *failure) {
        const char *at = failure ? strstr(failure, ": " NOT_GRANTED) : NULL;

        return at ? g_strdup_printf("%.*s: not granted when it began", (int) (at - failure), failure) : NULL;
}

/* ---- what a claim was granted ---- */

GHashTable *consent_set_new(const char *text) {
        GHashTable *set = set_new();
        char **items = g_strsplit(text ?: "", "\n", -1);

        for (char **item = items; *item; item++)
                g_hash_table_add(set, *item); /* which is the set's from here on */
        g_free(items);
        return set;
}

bool consent_set_has_list(GHashTable *set, const char *name, const char *digest) {
        cleanup_free_ char *item = list_item(name, digest);

        return g_hash_table_contains(set, item);
}

char *consent_filter(const char *value, const char *lists, GHashTable *set) {
        char **words = words_of(value);
        GString *kept = g_string_new(NULL);

        for (char **word = words; *word; word++) {
                char *item = item_of(*word, lists);

                if (item && g_hash_table_contains(set, item))
                        g_string_append_printf(kept, "%s%s", kept->len > 0 ? ";" : "", *word);
                g_free(item);
        }
        g_strfreev(words);
        return g_string_free(kept, FALSE);
}
