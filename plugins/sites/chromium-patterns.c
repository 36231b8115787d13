/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/sites/chromium-patterns.h"

#include <string.h>

static bool is_covered(GHashTable *wide, const char *name) {
        while ((name = strchr(name, '.')))
                if (g_hash_table_contains(wide, ++name))
                        return true;
        return false;
}

/* Of the names that patterns stand for, one after the other: false where one above it, which comes before it,
 * covers it. A browser does not take all. */
static bool needs_pattern(GHashTable *wide, const WantedName *name) {
        if (is_covered(wide, name->name))
                return false;
        if (name->below)
                g_hash_table_add(wide, (gpointer) name->name);
        return true;
}

GPtrArray *chromium_patterns(const Wanted *wanted) {
        GPtrArray *patterns = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(GHashTable) wide = g_hash_table_new(g_str_hash, g_str_equal);

        for (guint i = 0; i < wanted->names->len; i++) {
                const WantedName *name = g_ptr_array_index(wanted->names, i);

                if (needs_pattern(wide, name))
                        g_ptr_array_add(patterns, g_strconcat(name->below ? "" : ".", name->name, NULL));
        }
        return patterns;
}

GHashTable *chromium_patterns_cover(const Wanted *wanted, guint n) {
        g_autoptr(GHashTable) wide = g_hash_table_new(g_str_hash, g_str_equal);
        GHashTable *names = g_hash_table_new(g_str_hash, g_str_equal);

        for (guint i = 0; i < wanted->names->len; i++) {
                const WantedName *name = g_ptr_array_index(wanted->names, i);

                if (is_covered(wide, name->name))
                        g_hash_table_add(names, (gpointer) name->name);
                else if (n > 0 && needs_pattern(wide, name)) {
                        g_hash_table_add(names, (gpointer) name->name);
                        n--;
                }
        }
        return names;
}
