/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/core/words.h"

#include <glib.h>

#include "tests/unit/check.h"

static void test_have(void) {
        static const struct {
                int line;
                const char *words, *word;
                bool have;
        } rows[] = {
                { __LINE__, "urgent home", "home", true },
                { __LINE__, "urgent home", "urgent", true },
                { __LINE__, "urgent home", "HOME", true },
                { __LINE__,
                                "Gr\xc3\xb6\xc3\x9f"
                                "e",
                                "GRO\xcc\x88SSE", true }, /* composed or not, with one s or two */
                { __LINE__, "urgent home", "hom", false },
                { __LINE__, "urgent home", "homer", false },
                { __LINE__, "urgent home", "urgent home", false },
                { __LINE__, "urgent  home ", "home", true },
                { __LINE__, "urgent", "", false },
                { __LINE__, "", "urgent", false },
                { __LINE__, NULL, "urgent", false },
                { __LINE__, "\xff x", "x", true },
                { __LINE__, "\xff x", "\xff", true },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
                CHECK(rows[i].line, words_have(rows[i].words, rows[i].word) == rows[i].have);
}

static void test_unique(void) {
        static const struct {
                int line;
                const char *words, *unique;
        } rows[] = {
                { __LINE__, "", "" },
                { __LINE__, "a", "a" },
                { __LINE__, "a b", "a b" },
                { __LINE__, "a b a A", "a b" },
                { __LINE__, "  B  a b ", "B a" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autofree char *unique = words_unique(rows[i].words);

                CHECK_STR(rows[i].line, unique, rows[i].unique);
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/words/have", test_have);
        g_test_add_func("/words/unique", test_unique);
        return g_test_run();
}
