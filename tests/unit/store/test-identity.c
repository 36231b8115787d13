/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/store/identity.h"

#include <errno.h>
#include <glib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "tests/unit/folder.h"

static void test_identity(void) {
        folder_ folder = folder_new();
        cleanup_free_ char *deep = folder_file(folder, "var/lib/pomod"),
                           *file = folder_file(deep, "store-id"), *below = folder_file(file, "x");
        char first[IDENTITY_MAX] = "", again[IDENTITY_MAX] = "";
        const char *const nonsense[] = { "", "nonsense\n" };

        /* Made with the folder, and kept. */
        g_assert_cmpint(identity_load(deep, first), ==, 0);
        g_assert_cmpuint(strlen(first), ==, IDENTITY_MAX - 1);
        g_assert_cmpint(identity_load(deep, again), ==, 0);
        g_assert_cmpstr(again, ==, first);
        for (size_t i = 0; i < G_N_ELEMENTS(nonsense); i++) {
                g_assert_true(g_file_set_contents(file, nonsense[i], -1, NULL));
                g_assert_cmpint(identity_load(deep, again), ==, 0);
                g_assert_cmpstr(again, !=, first);
        }
        /* No link is followed. */
        g_assert_cmpint(unlink(file), ==, 0);
        g_assert_cmpint(symlink("/etc/hostname", file), ==, 0);
        g_assert_cmpint(identity_load(deep, first), ==, 0);
        g_assert_cmpint(identity_load(deep, again), ==, 0);
        g_assert_cmpstr(again, ==, first);
        /* What can be neither read nor made is no other store. */
        g_assert_cmpint(identity_load(below, again), ==, -ENOTDIR);
        g_assert_cmpint(unlink(file), ==, 0);
        g_assert_cmpint(mkdir(file, 0700), ==, 0);
        g_assert_cmpint(identity_load(deep, again), <, 0);
        g_assert_cmpstr(again, ==, first);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/store/identity", test_identity);
        return g_test_run();
}
