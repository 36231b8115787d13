/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/sites/names.h"

#include <stdlib.h>
#include <string.h>

#define SAID_BY_NAME 10u

/*
 * The names, sorted from their last byte on with dots before all else, so that what is below a name follows
 * it at once. In widest are those alone that are not below one of the others: one that covers a name is then
 * the last before it.
 */
struct Names {
        const char **all, **widest;
        size_t n_all, n_widest;
};

static int weight(char c) {
        return c == '.' ? 0 : (unsigned char) c + 1;
}

/* As with strcmp(), from the end on. */
static int compare(const char *a, const char *b) {
        const char *p = a + strlen(a), *q = b + strlen(b);

        while (p > a && q > b)
                if (*--p != *--q)
                        return weight(*p) - weight(*q);
        return (p > a) - (q > b);
}

static int compare_entries(const void *a, const void *b) {
        return compare(*(const char *const *) a, *(const char *const *) b);
}

static bool is_below(const char *name, const char *above) {
        size_t n = strlen(name), n_above = strlen(above);

        return n > n_above && name[n - n_above - 1] == '.' && strcmp(name + n - n_above, above) == 0;
}

Names *names_new(const char *const *list) {
        Names *names = g_new0(Names, 1);

        names->n_all = list ? g_strv_length((char **) list) : 0;
        names->all = g_new(const char *, names->n_all + 1);
        names->widest = g_new(const char *, names->n_all + 1);
        for (size_t i = 0; i < names->n_all; i++)
                names->all[i] = list[i];
        qsort(names->all, names->n_all, sizeof(const char *), compare_entries);
        for (size_t i = 0; i < names->n_all; i++)
                if (names->n_widest == 0 || !is_below(names->all[i], names->widest[names->n_widest - 1]))
                        names->widest[names->n_widest++] = names->all[i];
        return names;
}

Names *names_free(Names *names) {
        if (!names)
                return NULL;
        g_free(names->all);
        g_free(names->widest);
        g_free(names);
        return NULL;
}

/* How many of a sorted list are not behind a name. */
static size_t count_up_to(const char *const *list, size_t n, const char *name) {
        size_t begin = 0;

        while (begin < n) {
                size_t middle = begin + (n - begin) / 2;

                if (compare(list[middle], name) <= 0)
                        begin = middle + 1;
                else
                        n = middle;
        }
        return begin;
}

const char *names_cover(const Names *names, const char *name) {
        size_t n = count_up_to(names->widest, names->n_widest, name);
        const char *last = n > 0 ? names->widest[n - 1] : NULL;

        return last && (strcmp(last, name) == 0 || is_below(name, last)) ? last : NULL;
}

bool names_below(const Names *names, const char *name) {
        size_t n = count_up_to(names->all, names->n_all, name);

        return n < names->n_all && is_below(names->all[n], name);
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
