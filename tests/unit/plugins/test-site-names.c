/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <string.h>

#include "plugins/sites/names.h"
#include "tests/unit/check.h"

#define MOST_NAMES 8u

static void test_one(void) {
        static const struct {
                int line;
                const char *names[MOST_NAMES], *name, *cover;
                bool below;
        } rows[] = {
                { __LINE__, {}, "a.example", NULL, false },
                { __LINE__, { "a.example" }, "a.example", "a.example", false },
                { __LINE__, { "a.example" }, "x.a.example", "a.example", false },
                { __LINE__, { "a.example" }, "xa.example", NULL, false },
                { __LINE__, { "a.example" }, "x-a.example", NULL, false },
                { __LINE__, { "a.example" }, "example", NULL, true },
                { __LINE__, { "a.example" }, "xample", NULL, false },
                { __LINE__, { "x.a.example", "a.example" }, "y.x.a.example", "a.example", false },
                { __LINE__, { "x.a.example", "a.example" }, "a.example", "a.example", true },
                /* what sorts between a name and those below it */
                { __LINE__, { "a.example", "-a.example", "0a.example", "b.a.example" }, "z.a.example",
                                "a.example", false },
                { __LINE__, { "0a.example", "-a.example", "z.a.example" }, "a.example", NULL, true },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                Names *names = names_new(rows[i].names);

                CHECK_STR(rows[i].line, names_cover(names, rows[i].name) ?: "", rows[i].cover ?: "");
                CHECK_INT(rows[i].line, names_below(names, rows[i].name), rows[i].below);
                names_free(names);
        }
}

/* ---- against what it means ---- */

static bool is_below(const char *name, const char *above) {
        return g_str_has_suffix(name, above) && strlen(name) > strlen(above) &&
               name[strlen(name) - strlen(above) - 1] == '.';
}

/* Few letters, so that many of them begin and end alike. */
static char *make_name(guint seed) {
        GString *name = g_string_new(NULL);

        for (; seed > 0; seed /= 4)
                g_string_append(name, (const char *[]){ "a", "b", ".a", ".-" }[seed % 4]);
        return g_string_free(name, FALSE);
}

static void check(const Names *names, char *const *list, const char *name) {
        bool covers = false, below = false;
        const char *cover;

        for (; *list; list++) {
                covers |= strcmp(*list, name) == 0 || is_below(name, *list);
                below |= is_below(*list, name);
        }
        cover = names_cover(names, name);
        g_assert_cmpint(cover != NULL, ==, covers);
        g_assert_true(!cover || strcmp(cover, name) == 0 || is_below(name, cover));
        g_assert_cmpint(names_below(names, name), ==, below);
}

static void test_many(void) {
        for (guint step = 3; step < 60; step += 7) {
                char **list = g_new0(char *, 101);
                Names *names;

                for (guint i = 0; i < 100; i++)
                        list[i] = make_name(1 + i * step);
                names = names_new((const char *const *) list);
                for (guint i = 1; i < 1024; i++) {
                        cleanup_free_ char *name = make_name(i);

                        check(names, list, name);
                }
                names_free(names);
                g_strfreev(list);
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/site-names/one", test_one);
        g_test_add_func("/site-names/many", test_many);
        return g_test_run();
}
