/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* Each row of these tables is what Chromium 156 was seen to do; tests/real asks the one that is installed. */
#include "plugins/sites/policy.h"

#include "plugins/sites/chromium-patterns.h"
#include "plugins/sites/policy-json.h"
#include "tests/unit/check.h"

#define BLOCK(list)        "{\"URLBlocklist\":" list "}"
#define BOTH(block, allow) "{\"URLBlocklist\":" block ",\"URLAllowlist\":" allow "}"
#define NAME               "b.example"
#define B                  "[\"b.example\"]"
#define C                  "[\"c.example\"]"

/* ---- which text is a policy ---- */

static void test_json(void) {
        static const struct {
                int line;
                const char *text;
                bool valid;
        } rows[] = {
                { __LINE__, "{}", true },
                { __LINE__, BLOCK(B), true },
                { __LINE__, "\xef\xbb\xbf" BLOCK(B), true },
                { __LINE__, "{\"a\":[1,],}", true },
                { __LINE__, "// why\n{\"a\":1}", true },
                { __LINE__, "{\"a\":/* , } \" */1, // the last\n}\n", true },
                { __LINE__, "{\"a\":\"// no comment \\\" ,]\"}", true },
                { __LINE__, "{\"a\":1}\n// the end", true },
                /* not: */
                { __LINE__, "", false },
                { __LINE__, "[]", false },
                { __LINE__, "1", false },
                { __LINE__, "{\"a\":1", false },
                { __LINE__, "{\"a\":1}}", false },
                { __LINE__, "{\"a\":1} x", false },
                { __LINE__, "{'a':1}", false },
                { __LINE__, "{a:1}", false },
                { __LINE__, "{\"a\":[1,,]}", false },
                { __LINE__, "{,}", false },
                { __LINE__, "{\"a\":1} /* not closed", false },
                { __LINE__, "{\"a\":1} / * x */", false },
                { __LINE__, "{\"a\":\"\xff\"}", false },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                struct json_object *object = policy_json_parse(rows[i].text, strlen(rows[i].text));

                CHECK_INT(rows[i].line, object != NULL, rows[i].valid);
                json_object_put(object);
        }
        g_assert_null(policy_json_parse("{}\0{}", 5));
        g_assert_null(policy_json_parse(NULL, 0));
}

/* ---- what becomes of a name ---- */

static void test_match(void) {
        static const struct {
                int line;
                const char *text;
                bool blocks;
        } rows[] = {
                { __LINE__, BLOCK(B), true },
                { __LINE__, BLOCK("[\"B.Example\"]"), true },
                { __LINE__, BLOCK("[\".b.example\"]"), true },
                { __LINE__, BLOCK("[\"example\"]"), true },
                { __LINE__, BLOCK("[\"*\"]"), true },
                { __LINE__, BLOCK("[7,\"b.example\"]"), true },
                { __LINE__, BLOCK("[\"https://b.example\"]"), true },
                { __LINE__, BLOCK("[\"b.example:443\"]"), true },
                { __LINE__, BLOCK("[\"b.example/\"]"), true },
                { __LINE__, BOTH(B, "[\"*\"]"), true },
                { __LINE__, BOTH(B, "[\"example\"]"), true },
                { __LINE__, BOTH("[\".b.example\"]", B), true },
                /* not: */
                { __LINE__, "{}", false },
                { __LINE__, BLOCK("[]"), false },
                { __LINE__, BLOCK("\"b.example\""), false },
                { __LINE__, BLOCK(C), false },
                { __LINE__, BLOCK("[\".example\"]"), false },
                { __LINE__, BLOCK("[\"a.b.example\",\"xb.example\",\".\",\"\"]"), false },
                { __LINE__, BLOCK("[\"http://b.example\",\"ftp://b.example\"]"), false },
                { __LINE__, BLOCK("[\"b.example:80\"]"), false },
                { __LINE__, BLOCK("[\"b.example/path\",\"b.example?v=1\",\"b.example/*\"]"), false },
                { __LINE__, BLOCK("[\"*.example\",\"*://b.example\"]"), false },
                { __LINE__, BOTH("[\"https://example\"]", "[\"example\"]"), false },
                { __LINE__, BOTH(B, "[\"b.example:443\"]"), false },
                { __LINE__, "{\"URLBlocklist\":" B ",\"URLBlocklist\":" C "}", false },
                { __LINE__, BOTH(B, B), false },
                { __LINE__, BOTH(B, "[\".b.example\"]"), false },
                { __LINE__, BOTH("[\"example\"]", B), false },
                { __LINE__, BOTH("[\"*\"]", "[\"example\"]"), false },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autoptr(Policy) policy = policy_new();
                const char *file;

                policy_add(policy, "a.json", rows[i].text, strlen(rows[i].text));
                CHECK_INT(rows[i].line, policy_blocks(policy, NAME, &file), rows[i].blocks);
        }
}

/* ---- several files ---- */

typedef struct File {
        const char *name, *text;
} File;

static Policy *merged(const File *files) {
        Policy *policy = policy_new();

        for (; files->name; files++)
                policy_add(policy, files->name, files->text, strlen(files->text));
        return policy;
}

static void test_merge(void) {
        static const struct {
                int line;
                File files[4];
                bool blocks;
                const char *file, *problem;
        } rows[] = {
                { __LINE__, { { "a", BLOCK(C) }, { "b", BLOCK(B) } }, true, "b", NULL },
                { __LINE__, { { "a", BLOCK(B) }, { "b", BLOCK(C) } }, false, NULL, NULL },
                { __LINE__, { { "a", BLOCK(B) }, { "b", "{\"Other\":1}" } }, true, "a", NULL },
                { __LINE__, { { "a", BLOCK(B) }, { "b", "{" } }, true, "a", "b is no valid JSON" },
                { __LINE__, { { "a", BLOCK(B) }, { "b", BLOCK("7") } }, false, NULL,
                                "b sets URLBlocklist to what is no list" },
                { __LINE__, { { "a", BLOCK(B) }, { "b", "{\"URLAllowlist\":" B "}" } }, false, "b", NULL },
                { __LINE__, { { "Z", BLOCK(C) }, { POLICY_OWN, BLOCK(B) } }, true, POLICY_OWN, NULL },
                { __LINE__, { { POLICY_OWN, BLOCK(B) }, { "\xc3\xa9", BLOCK(C) } }, false, NULL, NULL },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autoptr(Policy) policy = merged(rows[i].files);
                const char *file;

                CHECK_INT(rows[i].line, policy_blocks(policy, NAME, &file), rows[i].blocks);
                CHECK_STR(rows[i].line, file, rows[i].file);
                CHECK_INT(rows[i].line, policy->problems->len, rows[i].problem ? 1 : 0);
                if (rows[i].problem && policy->problems->len > 0)
                        CHECK_STR(rows[i].line, g_ptr_array_index(policy->problems, 0), rows[i].problem);
        }
}

/* ---- our own ---- */

static GPtrArray *numbered(const char *format, guint n) {
        GPtrArray *texts = g_ptr_array_new_with_free_func(g_free);

        for (guint i = 0; i < n; i++)
                g_ptr_array_add(texts, g_strdup_printf("%s%u.example", format, i));
        return texts;
}

static char *list_text(const GPtrArray *texts) {
        GString *text = g_string_new("{\"URLBlocklist\":[");

        for (guint i = 0; i < texts->len; i++)
                g_string_append_printf(text, "%s\"%s\"", i > 0 ? "," : "",
                                (const char *) g_ptr_array_index(texts, i));
        g_string_append(text, "]}");
        return g_string_free(text, FALSE);
}

static void test_compose(void) {
        static const struct {
                int line;
                guint n_theirs, n_ours, n_taken;
        } rows[] = {
                { __LINE__, 0, 0, 0 },
                { __LINE__, 0, 1, 1 },
                { __LINE__, 3, 0, 0 },
                { __LINE__, 3, 2, 2 },
                { __LINE__, 0, POLICY_ENTRIES_MAX, POLICY_ENTRIES_MAX },
                { __LINE__, 0, POLICY_ENTRIES_MAX + 1, POLICY_ENTRIES_MAX },
                { __LINE__, POLICY_ENTRIES_MAX - 1, 2, 1 },
                { __LINE__, POLICY_ENTRIES_MAX, 2, 0 },
                { __LINE__, POLICY_ENTRIES_MAX + 1, 2, 0 },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autoptr(GPtrArray) theirs = numbered("their", rows[i].n_theirs);
                g_autoptr(GPtrArray) ours = numbered("our", rows[i].n_ours);
                g_autofree char *text = list_text(theirs), *own = NULL;
                g_autoptr(Policy) policy = merged((const File[]){ { "a", text }, {} }), after = NULL;
                guint n = 7;
                const char *file;

                own = policy_compose(policy, ours, &n);
                CHECK_INT(rows[i].line, n, rows[i].n_taken);
                CHECK_INT(rows[i].line, own != NULL, rows[i].n_taken > 0);
                after = merged((const File[]){ { "a", text }, { POLICY_OWN, own ?: "{}" }, {} });
                CHECK_INT(rows[i].line, after->block.entries->len, rows[i].n_theirs + rows[i].n_taken);
                if (rows[i].n_theirs > 0)
                        CHECK(rows[i].line, policy_blocks(after, "their0.example", &file));
                CHECK_INT(rows[i].line, policy_blocks(after, "our0.example", &file), rows[i].n_taken > 0);
        }
}

/* What is there of ours already says nothing about what would win without it. */
static void test_compose_again(void) {
        g_autoptr(GPtrArray) ours = numbered("our", 1);
        g_autoptr(Policy) policy = merged(
                        (const File[]){ { "a", BLOCK(B) }, { POLICY_OWN, BLOCK("[\"old.example\"]") }, {} });
        g_autoptr(Policy) later = merged((const File[]){ { "a", BLOCK(B) }, { "~~", BLOCK(C) }, {} });
        guint n;
        g_autofree char *first = policy_compose(policy, ours, &n), *second = policy_compose(later, ours, &n);

        g_assert_nonnull(strstr(first, NAME));
        g_assert_null(strstr(first, "old.example"));
        g_assert_cmpstr(first, ==, second);
        g_assert_cmpstr(later->block.file, ==, "~~");
}

static void test_let_through(void) {
        g_autoptr(GPtrArray) patterns = g_ptr_array_new(), open = NULL, none = NULL;
        g_autoptr(Policy) policy = merged((const File[]){
                        { "a", "{\"URLAllowlist\":[\"a.example\",\"example\",\"b.example/path\"]}" }, {} });
        g_autoptr(Policy) empty = policy_new();

        g_ptr_array_add(patterns, (char *) "a.example");
        g_ptr_array_add(patterns, (char *) ".a.example");
        g_ptr_array_add(patterns, (char *) "b.example");
        g_ptr_array_add(patterns, (char *) "x.a.example");
        open = policy_let_through(policy, patterns, patterns->len);
        g_assert_cmpuint(open->len, ==, 1);
        g_assert_cmpstr(g_ptr_array_index(open, 0), ==, "a.example");
        none = policy_let_through(empty, patterns, patterns->len);
        g_assert_cmpuint(none->len, ==, 0);
}

/* ---- names as patterns ---- */

static void test_patterns(void) {
        static const WantedName names[] = {
                { .name = "a.example", .below = true },
                { .name = "www.a.example", .below = true, .added = true },
                { .name = "b.example", .below = false },
                { .name = "www.b.example", .below = true, .added = true },
                { .name = "x.www.b.example", .below = false },
                { .name = "aa.example", .below = true },
                /* One above it that comes later, and so perhaps beyond what a browser takes, covers nothing.
                 */
                { .name = "own.c.example", .below = true },
                { .name = "c.example", .below = true },
                { .name = "www.c.example", .below = true },
        };
        static const char *const wanted_patterns[] = { "a.example", ".b.example", "www.b.example",
                "aa.example", "own.c.example", "c.example" };
        g_autoptr(GPtrArray) list = g_ptr_array_new(), patterns = NULL;
        const Wanted wanted = { .names = list };

        for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
                g_ptr_array_add(list, (gpointer) &names[i]);
        patterns = chromium_patterns(&wanted);
        g_assert_cmpuint(patterns->len, ==, G_N_ELEMENTS(wanted_patterns));
        for (size_t i = 0; i < G_N_ELEMENTS(wanted_patterns); i++)
                g_assert_cmpstr(g_ptr_array_index(patterns, i), ==, wanted_patterns[i]);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/policy/json", test_json);
        g_test_add_func("/policy/match", test_match);
        g_test_add_func("/policy/merge", test_merge);
        g_test_add_func("/policy/compose", test_compose);
        g_test_add_func("/policy/compose-again", test_compose_again);
        g_test_add_func("/policy/let-through", test_let_through);
        g_test_add_func("/policy/patterns", test_patterns);
        return g_test_run();
}
