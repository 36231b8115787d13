/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "common/help.h"

static const HelpPage page = {
        .name = "demo",
        .section = 1,
        .summary = "show how help is printed",
        .synopsis = (const char *const[]){ "demo [OPTION…]", "demo --version", NULL },
        .description =
                        (const char *const[]){
                                        "A first paragraph that is long enough to be wrapped at the edge of a terminal of eighty columns.",
                                        "'quoted' and with a back\\slash.", NULL },
        .sections =
                        (const HelpSection[]){
                                        { .title = "Options",
                                                        .items =
                                                                        (const HelpItem[]){
                                                                                        { "--short", "what it does" },
                                                                                        { "--an-option-with-a-very-long=ARGUMENT",
                                                                                                        "what that does" },
                                                                                        {},
                                                                        } },
                                        { .title = "Details",
                                                        .where = HELP_MAN_ONLY,
                                                        .paragraphs =
                                                                        (const char *const[]){
                                                                                        ".only in the man page",
                                                                                        NULL } },
                                        { .title = "Summary",
                                                        .where = HELP_HELP_ONLY,
                                                        .paragraphs =
                                                                        (const char *const[]){
                                                                                        "only on the screen",
                                                                                        NULL } },
                                        {},
                        },
        .see_also = "pomod(8)",
};

static char *printed(int (*print)(const HelpPage *, FILE *)) {
        char *text = NULL;
        size_t n;
        FILE *file = open_memstream(&text, &n);

        g_assert_nonnull(file);
        g_assert_cmpint(print(&page, file), ==, 0);
        fclose(file);
        return text;
}

static void test_help(void) {
        char *text = printed(help_print);
        char **lines = g_strsplit(text, "\n", -1);

        g_assert_true(g_str_has_prefix(text, "Usage: demo [OPTION…]\n       demo --version\n"));
        g_assert_nonnull(strstr(text, "\n  --short  what it does\n"));
        g_assert_nonnull(strstr(text, "\n  --an-option-with-a-very-long=ARGUMENT\n"));
        g_assert_null(strstr(text, "only in the man page"));
        g_assert_nonnull(strstr(text, "only on the screen"));
        for (char **l = lines; *l; l++)
                g_assert_cmpuint(g_utf8_strlen(*l, -1), <=, 79);

        g_strfreev(lines);
        free(text);
}

static void test_man(void) {
        char *text = printed(help_print_man);

        g_assert_nonnull(strstr(text, ".TH \"DEMO\" \"1\""));
        g_assert_nonnull(strstr(text, "demo \\- show how help is printed\n"));
        g_assert_nonnull(strstr(text, "\n\\&'quoted' and with a back\\eslash.\n"));
        g_assert_nonnull(strstr(text, ".TP\n.B \"\\-\\-short\"\nwhat it does\n"));
        g_assert_nonnull(strstr(text, "\n\\&.only in the man page\n"));
        g_assert_null(strstr(text, "only on the screen"));
        g_assert_nonnull(strstr(text, ".SH SEE ALSO\n"));
        free(text);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/help/screen", test_help);
        g_test_add_func("/help/man", test_man);
        return g_test_run();
}
