/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/core/words.h"

#include <glib.h>
#include <string.h>

#include "common/cleanup.h"

/* Of what is no UTF-8, the bytes. */
static char *fold(const char *word, gssize n) {
        cleanup_free_ char *normal = g_utf8_normalize(word, n, G_NORMALIZE_ALL);

        if (!normal)
                return n < 0 ? g_strdup(word) : g_strndup(word, (gsize) n);
        return g_utf8_casefold(normal, -1);
}

bool words_have(const char *words, const char *word) {
        cleanup_free_ char *wanted = NULL;
        bool found = false;

        if (!words)
                return false;
        wanted = fold(word, -1);
        while (*words && !found) {
                const size_t n = strcspn(words, " ");
                cleanup_free_ char *one = fold(words, (gssize) n);

                found = n > 0 && strcmp(one, wanted) == 0;
                words += n + (words[n] == ' ' ? 1 : 0);
        }
        return found;
}

char *words_unique(const char *words) {
        GString *unique = g_string_new(NULL);

        while (*words) {
                const size_t n = strcspn(words, " ");
                cleanup_free_ char *one = g_strndup(words, n);

                if (n > 0 && !words_have(unique->str, one))
                        g_string_append_printf(unique, "%s%s", unique->len > 0 ? " " : "", one);
                words += n + (words[n] == ' ' ? 1 : 0);
        }
        return g_string_free(unique, FALSE);
}
