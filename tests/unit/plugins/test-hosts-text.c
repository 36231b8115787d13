/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/sites/hosts-text.h"

#include "plugins/sites/names.h"
#include "plugins/sites/wanted.h"
#include "tests/unit/check.h"

#define BEGIN \
        "# BEGIN pomod: names that lead nowhere until a focus ends, see pomoctl focus; they go by themselves\n"
#define JOINED \
        "\n# BEGIN pomod, after a line without an end: names that lead nowhere until a focus ends, see pomoctl focus; they go by themselves\n"
#define A   "255.255.255.255 a.example # pomod\nff00:: a.example # pomod\n"
#define END "# END pomod\n"

static void free_name(gpointer p) {
        WantedName *name = p;

        g_free((char *) name->name);
        g_free(name);
}

static GPtrArray *names_of(const char *text) {
        GPtrArray *names = g_ptr_array_new_with_free_func(free_name);
        char **words = g_strsplit(text, " ", -1);

        for (char **word = words; *word; word++) {
                WantedName *name = g_new0(WantedName, 1);

                name->name = g_strdup(*word);
                g_ptr_array_add(names, name);
        }
        g_strfreev(words);
        return names;
}

static char *with_names(const char *text, const char *words) {
        cleanup_(hosts_text_clear) HostsText parts = {};
        cleanup_(g_ptr_array_unrefp) GPtrArray *names = names_of(words);

        hosts_text_read(&parts, text, strlen(text));
        return g_string_free(hosts_text_make(&parts, names), FALSE);
}

static void test_with_a_name(void) {
        static const struct {
                int line;
                const char *text, *with, *without; /* NULL: as text */
        } rows[] = {
                { __LINE__, "", BEGIN A END, NULL },
                { __LINE__, "\n", "\n" BEGIN A END, NULL },
                { __LINE__, "x\n", "x\n" BEGIN A END, NULL },
                { __LINE__, "x", "x" JOINED A END, NULL },
                { __LINE__, "x\r", "x\r" JOINED A END, NULL },
                /* ours is in it */
                { __LINE__, "x\n" BEGIN A END, "x\n" BEGIN A END, "x\n" },
                { __LINE__, "x" JOINED A END, "x" JOINED A END, "x" },
                { __LINE__, "x\n" BEGIN A END "y\n", "x\n" BEGIN A END "y\n", "x\ny\n" },
                { __LINE__, "x\n" BEGIN A END "y", "x\n" BEGIN A END "y", "x\ny" },
                { __LINE__, "x" JOINED A END "y", "x\n" BEGIN A END "y", "x\ny" },
                { __LINE__, BEGIN A END "y\n", BEGIN A END "y\n", "y\n" },
                /* marks that are not as they were */
                { __LINE__, "x\n" BEGIN A "y\n", "x\n" BEGIN A END "y\n", "x\ny\n" },
                { __LINE__, "x\n" A END "y\n", "x\n" BEGIN A END "y\n", "x\ny\n" },
                { __LINE__, "x\n" A, "x\n" BEGIN A END, "x\n" },
                { __LINE__, BEGIN BEGIN A END END, BEGIN A END, "" },
                { __LINE__, BEGIN "x\n" A END, BEGIN A END "x\n", "x\n" },
                { __LINE__, BEGIN A END "x\n" BEGIN A END, BEGIN A END "x\n", "x\n" },
                { __LINE__, "# BEGIN pomod: 2.0\n255.255.255.255 b c # pomod\n# END pomod \t\r\n",
                                BEGIN A END, "" },
                /* what only looks like ours */
                { __LINE__, "255.255.255.255 broadcasthost\n", "255.255.255.255 broadcasthost\n" BEGIN A END,
                                NULL },
                { __LINE__, "10.0.0.1 a # pomod\n", "10.0.0.1 a # pomod\n" BEGIN A END, NULL },
                { __LINE__, "255.255.255.2550 a # pomod\n", "255.255.255.2550 a # pomod\n" BEGIN A END,
                                NULL },
                { __LINE__, "255.255.255.255 a #pomod\n", "255.255.255.255 a #pomod\n" BEGIN A END, NULL },
                { __LINE__, "# END pomodoro\n# BEGIN pomodoro: x\n",
                                "# END pomodoro\n# BEGIN pomodoro: x\n" BEGIN A END, NULL },
                { __LINE__, " # END pomod\n", " # END pomod\n" BEGIN A END, NULL },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                cleanup_free_ char *with = with_names(rows[i].text, "a.example");
                cleanup_free_ char *again = with_names(with, "a.example"), *without = with_names(with, "");
                cleanup_free_ char *at_once = with_names(rows[i].text, "");

                CHECK_STR(rows[i].line, with, rows[i].with);
                CHECK_STR(rows[i].line, again, rows[i].with);
                CHECK_STR(rows[i].line, without, rows[i].without ?: rows[i].text);
                CHECK_STR(rows[i].line, at_once, rows[i].without ?: rows[i].text);
        }
}

/* Eight names, and so many bytes, as readers have been seen that know no longer line. */
static void test_lines(void) {
        cleanup_free_ char *eight = with_names("", "1 2 3 4 5 6 7 8"),
                           *nine = with_names("", "1 2 3 4 5 6 7 8 9");
        cleanup_free_ char *longest = g_strnfill(253, 'a');
        cleanup_free_ char *words = g_strdup_printf("%s b%s c%s", longest, longest + 1, longest + 1);
        cleanup_free_ char *three = with_names("", words);
        char **lines = g_strsplit(three, "\n", -1);

        g_assert_cmpstr(eight, ==,
                        BEGIN
                        "255.255.255.255 1 2 3 4 5 6 7 8 # pomod\nff00:: 1 2 3 4 5 6 7 8 # pomod\n" END);
        g_assert_cmpstr(nine, ==,
                        BEGIN
                        "255.255.255.255 1 2 3 4 5 6 7 8 # pomod\nff00:: 1 2 3 4 5 6 7 8 # pomod\n255.255.255.255 9 # pomod\nff00:: 9 # pomod\n" END);
        g_assert_cmpuint(g_strv_length(lines), ==,
                        9); /* the marks, two of each, and what is behind the last */
        for (char **line = lines; *line; line++)
                g_assert_cmpuint(strlen(*line), <=, 500);
        g_strfreev(lines);
}

static void test_bytes_that_are_no_text(void) {
        static const char data[] = "x\0y\n\xff\0\n\0";
        cleanup_(hosts_text_clear) HostsText text = {}, back = {};
        cleanup_(g_ptr_array_unrefp) GPtrArray *names = names_of("a.example");
        GString *whole;

        hosts_text_read(&text, data, sizeof(data));
        g_assert_cmpmem(text.foreign->str, text.foreign->len, data, sizeof(data));
        whole = hosts_text_make(&text, names);
        hosts_text_read(&back, whole->str, whole->len);
        g_assert_cmpmem(back.foreign->str, back.foreign->len, data, sizeof(data));
        g_string_free(whole, TRUE);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/hosts-text/with a name", test_with_a_name);
        g_test_add_func("/hosts-text/lines", test_lines);
        g_test_add_func("/hosts-text/bytes that are no text", test_bytes_that_are_no_text);
        return g_test_run();
}
