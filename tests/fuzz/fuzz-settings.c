/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <glib.h>
#include <string.h>

#include "daemon/core/settings.h"
#include "tests/fuzz/fuzz.h"

/* NAME=TEXT */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        char *name = g_strndup((const char *) data, size), *text = strchr(name, '=');
        char once[SETTING_TEXT_MAX], twice[SETTING_TEXT_MAX];
        Settings settings, before;
        Refusal refusal;
        int r;

        if (text)
                *text++ = '\0';
        memset(&settings, 0, sizeof(settings));
        settings_init(&settings);
        memcpy(&before, &settings, sizeof(before));

        r = settings_set(&settings, name, text, &refusal);
        if (r == 0) {
                g_assert_cmpint(settings_get(&settings, name, once), ==, 0);
                g_assert_cmpint(settings_set(&settings, name, once, NULL), ==, 0);
                g_assert_cmpint(settings_get(&settings, name, twice), ==, 0);
                g_assert_cmpstr(once, ==, twice);
        } else {
                g_assert_true(r == REFUSAL_INVALID_ARGUMENT || r == REFUSAL_NO_SUCH_SETTING);
                g_assert_true(g_utf8_validate(refusal.message, -1, NULL));
                g_assert_cmpint(memcmp(&settings, &before, sizeof(before)), ==, 0);
        }
        g_free(name);
        return 0;
}
