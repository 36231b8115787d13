/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/names.h"
#include "daemon/bus/errors.h"

DEFINE_CLEANUP(GHashTable *, g_hash_table_unref);

/* Every refusal has a name of its own: ours, or the standard's for access. */
static void test_table_is_dense(void) {
        cleanup_(g_hash_table_unrefp) GHashTable *seen = g_hash_table_new(g_str_hash, g_str_equal);

        g_assert_null(error_name(REFUSAL_NONE));
        g_assert_null(error_name(_REFUSAL_MAX));
        g_assert_null(error_name((RefusalCode) -1));
        for (int code = REFUSAL_NONE + 1; code < _REFUSAL_MAX; code++) {
                const char *name = error_name((RefusalCode) code);

                g_test_message("code %d is %s", code, name ? name : "missing");
                g_assert_nonnull(name);
                g_assert_true(sd_bus_interface_name_is_valid(name));
                g_assert_true(g_hash_table_add(seen, (char *) name));
                if (code == REFUSAL_ACCESS_DENIED)
                        g_assert_cmpstr(name, ==, "org.freedesktop.DBus.Error.AccessDenied");
                else
                        g_assert_true(g_str_has_prefix(name, POMOD_ERROR_PREFIX));
        }
}

static void test_refusals_carry_their_sentence(void) {
        sd_bus_error error = SD_BUS_ERROR_NULL;
        Refusal refusal = { .code = REFUSAL_BUSY, .message = "A pomodoro runs (“#12”)." };

        g_assert_cmpint(error_set(&error, REFUSAL_BUSY, &refusal), <, 0);
        g_assert_cmpstr(error.name, ==, POMOD_ERROR_PREFIX "Busy");
        g_assert_cmpstr(error.message, ==, refusal.message);
        sd_bus_error_free(&error);
}

static void test_an_errno_is_failed(void) {
        sd_bus_error error = SD_BUS_ERROR_NULL;

        g_assert_cmpint(error_set(&error, -ENOMEM, NULL), <, 0);
        g_assert_cmpstr(error.name, ==, SD_BUS_ERROR_FAILED);
        g_assert_nonnull(strstr(error.message, strerror(ENOMEM)));
        sd_bus_error_free(&error);

        g_assert_cmpint(error_set(&error, 9999, NULL), <, 0);
        g_assert_cmpstr(error.name, ==, SD_BUS_ERROR_FAILED);
        sd_bus_error_free(&error);
}

int main(int argc, char *argv[]) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/bus/errors/table", test_table_is_dense);
        g_test_add_func("/bus/errors/refusal", test_refusals_carry_their_sentence);
        g_test_add_func("/bus/errors/errno", test_an_errno_is_failed);
        return g_test_run();
}
