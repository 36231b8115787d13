/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/sites/names.h"

#include <string.h>

#define SAID_BY_NAME 10u

static const char *above(const char *name) {
        const char *dot = strchr(name, '.');

        return dot ? dot + 1 : NULL;
}

GHashTable *names_set(const char *const *names) {
        GHashTable *set = g_hash_table_new(g_str_hash, g_str_equal);

        for (; names && *names; names++)
                g_hash_table_add(set, (gpointer) *names);
        return set;
}

GHashTable *names_above(const char *const *names) {
        GHashTable *set = g_hash_table_new(g_str_hash, g_str_equal);

        for (; names && *names; names++)
                for (const char *name = above(*names); name; name = above(name))
                        g_hash_table_add(set, (gpointer) name);
        return set;
}

const char *names_cover(GHashTable *set, const char *name) {
        if (g_hash_table_size(set) == 0)
                return NULL;
        for (; name; name = above(name)) {
                gpointer found;

                if (g_hash_table_lookup_extended(set, name, &found, NULL))
                        return found;
        }
        return NULL;
}

void names_say(NamesSaid *said, const char *name) {
        if (!said->text)
                said->text = g_string_new(NULL);
        if (said->n < SAID_BY_NAME)
                g_string_append_printf(said->text, "%s%s", said->n > 0 ? ", " : "", name);
        said->n++;
}

char *names_said(NamesSaid *said) {
        GString *text = steal(said->text);

        if (!text)
                text = g_string_new(NULL);
        if (said->n > SAID_BY_NAME)
                g_string_append_printf(text, " and %u more", said->n - SAID_BY_NAME);
        said->n = 0;
        return g_string_free(text, FALSE);
}
