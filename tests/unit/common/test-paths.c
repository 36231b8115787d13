/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "common/paths.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#include "common/cleanup.h"
#include "tests/unit/check.h"
#include "tests/unit/folder.h"

static void test_state_home(void) {
        static const struct {
                int line;
                const char *xdg, *home;
                int r;
                const char *path;
        } table[] = {
                { __LINE__, "/x/state", "/home/ada", 0, "/x/state/pomod" },
                { __LINE__, "/x/state", NULL, 0, "/x/state/pomod" },
                { __LINE__, NULL, "/home/ada", 0, "/home/ada/.local/state/pomod" },
                { __LINE__, "", "/home/ada", 0, "/home/ada/.local/state/pomod" },
                { __LINE__, "relative", "/home/ada", 0, "/home/ada/.local/state/pomod" },
                { __LINE__, NULL, NULL, -ENOENT, NULL },
                { __LINE__, NULL, "", -ENOENT, NULL },
                { __LINE__, "relative", NULL, -ENOENT, NULL },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
                cleanup_free_ char *path = NULL;

                g_unsetenv("XDG_STATE_HOME");
                g_unsetenv("HOME");
                if (table[i].xdg)
                        g_setenv("XDG_STATE_HOME", table[i].xdg, TRUE);
                if (table[i].home)
                        g_setenv("HOME", table[i].home, TRUE);
                CHECK_INT(table[i].line, path_state_home(&path), table[i].r);
                CHECK_STR(table[i].line, path, table[i].path);
        }
}

static void test_data_home(void) {
        cleanup_free_ char *path = NULL, *at_home = NULL;

        g_setenv("XDG_DATA_HOME", "/x/data", TRUE);
        g_assert_cmpint(path_data_home(&path), ==, 0);
        g_assert_cmpstr(path, ==, "/x/data/pomod");
        g_unsetenv("XDG_DATA_HOME");
        g_setenv("HOME", "/home/ada", TRUE);
        g_assert_cmpint(path_data_home(&at_home), ==, 0);
        g_assert_cmpstr(at_home, ==, "/home/ada/.local/share/pomod");
}

static void test_from_program(void) {
        cleanup_free_ char *path = NULL, *self = g_file_read_link("/proc/self/exe", NULL),
                           *folder = g_path_get_dirname(self), *wanted = NULL;

        wanted = g_strdup_printf("%s/../lib/x", folder);
        g_assert_cmpint(path_from_program("../lib/x", &path), ==, 0);
        g_assert_cmpstr(path, ==, wanted);
}

static void test_make_folder(void) {
        folder_ top = folder_new();
        cleanup_free_ char *a = folder_file(top, "a"), *deep = folder_file(top, "a/b//c/");
        cleanup_free_ char *b = folder_file(top, "a/b"), *c = folder_file(top, "a/b/c"),
                           *file = folder_file(top, "file");
        cleanup_free_ char *through = folder_file(top, "file/d");
        struct stat st;

        g_assert_cmpint(path_make_folder(deep), ==, 0);
        g_assert_cmpint(stat(c, &st), ==, 0);
        g_assert_cmpuint(st.st_mode & 0777, ==, 0700);
        g_assert_cmpint(stat(a, &st), ==, 0);
        g_assert_cmpuint(st.st_mode & 0777, ==, 0700);
        g_assert_cmpint(path_make_folder(deep), ==, 0);
        g_assert_cmpint(path_make_folder("/"), ==, 0);

        g_assert_true(g_file_set_contents(file, "", 0, NULL));
        g_assert_cmpint(path_make_folder(file), ==, -ENOTDIR);
        g_assert_cmpint(path_make_folder(through), ==, -ENOTDIR);
        g_assert_cmpint(path_make_folder("/proc/pomod/state"), ==, -ENOENT);
        g_assert_cmpint(path_make_folder(""), ==, -ENOENT);
        g_assert_cmpint(path_make_folder(NULL), ==, -ENOENT);

        /* Nothing else was made. */
        g_assert_cmpint(g_remove(file), ==, 0);
        g_assert_cmpint(g_rmdir(c), ==, 0);
        g_assert_cmpint(g_rmdir(b), ==, 0);
        g_assert_cmpint(g_rmdir(a), ==, 0);
        g_assert_cmpint(g_rmdir(top), ==, 0);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/paths/state-home", test_state_home);
        g_test_add_func("/paths/data-home", test_data_home);
        g_test_add_func("/paths/from-program", test_from_program);
        g_test_add_func("/paths/make-folder", test_make_folder);
        return g_test_run();
}
