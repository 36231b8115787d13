/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "common/category.h"

#include <errno.h>
#include <glib.h>
#include <sys/stat.h>

#include "common/caps.h"
#include "common/cleanup.h"
#include "tests/unit/check.h"
#include "tests/unit/folder.h"

static void write_file(const char *folder, const char *name, const char *text, gssize size) {
        char *path = folder_file(folder, name);

        g_assert_true(g_file_set_contents(path, text, size, NULL));
        g_free(path);
}

static const struct {
        int line;
        const char *text, *names;
} texts[] = {
        { __LINE__, "", "" },
        { __LINE__, "# nothing\n", "" },
        { __LINE__, "\n\n", "" },
        { __LINE__, "a.org\twhy\t2026-11\nb.org\tit is b\t2026-11\n", "a.org\nb.org\n" },
        { __LINE__, "# head\na.org\twhy\t2026-11\n\n# b.org\tgone\t2026-11\nc.org\t\t\n", "a.org\nc.org\n" },
        { __LINE__, "a.org\twhy", "a.org\n" },
        { __LINE__, "a.org\nb.org", "a.org\nb.org" },
        { __LINE__, "a.org\r\nb.org\twhy\r\n", "a.org\nb.org\n" },
        { __LINE__, "\tno name\t2026-11\na.org\twhy\n", "a.org\n" },
        /* Whoever takes them judges them. */
        { __LINE__, "a b\twhy\n", "a b\n" },
};

static void test_names(void) {
        folder_ folder = folder_new();

        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
                cleanup_free_ char *names = NULL;

                write_file(folder, "c.tsv", texts[i].text, -1);
                CHECK_INT(texts[i].line, category_read(folder, "c", &names), 0);
                CHECK_STR(texts[i].line, names, texts[i].names);
        }
}

static void test_no_category(void) {
        static const char *const names[] = { "", "other", "C", "../c", "c.tsv", "a/b", ".", "c c",
                "no-more-than-64-letters-can-be-in-the-name-of-a-list-or-a-category" };
        folder_ folder = folder_new();
        char *path = folder_file(folder, "folder.tsv");
        char *text = (char *) 1;

        write_file(folder, "c.tsv", "a.org\n", -1);
        write_file(folder, "C.tsv", "a.org\n", -1);
        for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
                g_test_message("%s", names[i]);
                g_assert_false(category_exists(folder, names[i]));
                g_assert_cmpint(category_read(folder, names[i], &text), ==, -ENOENT);
        }
        g_assert_true(category_exists(folder, "c"));
        g_assert_cmpint(mkdir(path, 0700), ==, 0);
        g_assert_cmpint(category_read(folder, "folder", &text), ==, -EBADF);
        g_assert_true(text == (char *) 1);
        g_free(path);
}

static void test_cap(void) {
        cleanup_free_ char *most = g_strnfill(CAP_CATEGORY_BYTES, '#'), *names = NULL;
        cleanup_free_ char *more = g_strnfill(CAP_CATEGORY_BYTES + 1, '#');
        folder_ folder = folder_new();

        write_file(folder, "most.tsv", most, CAP_CATEGORY_BYTES);
        write_file(folder, "more.tsv", more, CAP_CATEGORY_BYTES + 1);
        g_assert_cmpint(category_read(folder, "most", &names), ==, 0);
        g_assert_cmpstr(names, ==, "");
        g_clear_pointer(&names, free);
        g_assert_cmpint(category_read(folder, "more", &names), ==, -EFBIG);
}

static void test_list(void) {
        folder_ folder = folder_new();
        char **names = NULL;

        g_assert_cmpint(category_list("/nowhere", &names), ==, 0);
        g_assert_null(names[0]);
        g_strfreev(names);
        write_file(folder, "social.tsv", "", 0);
        write_file(folder, "news.tsv", "", 0);
        write_file(folder, "News.tsv", "", 0);
        write_file(folder, ".tsv", "", 0);
        write_file(folder, "news.tsv.dpkg-new", "", 0);
        write_file(folder, "README", "", 0);
        g_assert_cmpint(category_list(folder, &names), ==, 0);
        g_assert_cmpstr(names[0], ==, "news");
        g_assert_cmpstr(names[1], ==, "social");
        g_assert_null(names[2]);
        g_strfreev(names);
        for (unsigned i = 0; i < CAP_CATEGORIES; i++) {
                char *name = g_strdup_printf("c%u.tsv", i);

                write_file(folder, name, "", 0);
                g_free(name);
        }
        g_assert_cmpint(category_list(folder, &names), ==, 0);
        g_assert_cmpuint(g_strv_length(names), ==, CAP_CATEGORIES);
        g_strfreev(names);
}

int main(int argc, char *argv[]) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/category/names", test_names);
        g_test_add_func("/category/none", test_no_category);
        g_test_add_func("/category/cap", test_cap);
        g_test_add_func("/category/list", test_list);
        return g_test_run();
}
