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

/* A name is left out for one above it that comes before it, as a browser does not take all. */
GPtrArray *chromium_patterns(const Wanted *wanted) {
        GPtrArray *patterns = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(GHashTable) wide = g_hash_table_new(g_str_hash, g_str_equal);

        for (guint i = 0; i < wanted->names->len; i++) {
                const WantedName *name = g_ptr_array_index(wanted->names, i);

                if (is_covered(wide, name->name))
                        continue;
                g_ptr_array_add(patterns, g_strconcat(name->below ? "" : ".", name->name, NULL));
                if (name->below)
                        g_hash_table_add(wide, (gpointer) name->name);
        }
        return patterns;
}
