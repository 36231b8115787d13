/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <glib.h>

#include "daemon/bus/access.h"

static void test_round_trips(void) {
        static const uid_t uids[] = { 0, 1, 999, 1000, 65534, UINT32_MAX - 1 };
        char path[USER_PATH_MAX];

        for (size_t i = 0; i < G_N_ELEMENTS(uids); i++) {
                uid_t uid = 4711;

                g_assert_true(user_path_parse(user_path(uids[i], path), &uid));
                g_assert_cmpuint(uid, ==, uids[i]);
        }
        g_assert_cmpstr(user_path(1000, path), ==, "/org/pomod/Pomod1/user/_1000");
}

static void test_nothing_else_is_a_user(void) {
        static const char *const paths[] = {
                "/org/pomod/Pomod1/user",
                "/org/pomod/Pomod1/user/",
                "/org/pomod/Pomod1/user/_",
                "/org/pomod/Pomod1/user/1000",
                "/org/pomod/Pomod1/user/_01000",
                "/org/pomod/Pomod1/user/_00",
                "/org/pomod/Pomod1/user/_+1",
                "/org/pomod/Pomod1/user/_1000/x",
                "/org/pomod/Pomod1/user/_1000x",
                "/org/pomod/Pomod1/user/_4294967295",
                "/org/pomod/Pomod1/user/_4294967296",
                "/org/pomod/Pomod1/user/_18446744073709551616",
                "/org/pomod/Pomod1/user/_99999999999999999999999999",
                "/org/pomod/Pomod2/user/_1000",
                "/",
        };

        for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
                uid_t uid = 4711;

                g_test_message("%s", paths[i]);
                g_assert_false(user_path_parse(paths[i], &uid));
                g_assert_cmpuint(uid, ==, 4711);
        }
}

int main(int argc, char *argv[]) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/bus/paths/round-trip", test_round_trips);
        g_test_add_func("/bus/paths/others", test_nothing_else_is_a_user);
        return g_test_run();
}
