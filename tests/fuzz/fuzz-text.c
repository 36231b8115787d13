/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        static const char *const words[] = { "start", "stop", "interrupt", "long-break-every", NULL };
        char *text = g_strndup((const char *) data, size), excerpt[TEXT_EXCERPT_MAX];
        char *shown = text_for_terminal(text);
        int r = text_check(text, size);

        g_assert_nonnull(shown);
        g_assert_true(r == 0 || r == -EILSEQ || r == -EINVAL);
        if (r == 0)
                g_assert_true(g_utf8_validate(text, -1, NULL));
        if (r == -EILSEQ)
                g_assert_false(g_utf8_validate(text, -1, NULL));

        /* What was fine is shown as it is, and what is shown is fine. */
        g_assert_cmpint(r == 0, ==, strcmp(text, shown) == 0);
        g_assert_cmpint(text_check(shown, strlen(shown)), ==, 0);
        g_assert_cmpuint(text_width(shown), <=, 2 * strlen(shown));
        text_width(text);
        text_excerpt(text, excerpt);
        g_assert_cmpint(text_check(excerpt, TEXT_EXCERPT_MAX - 1), ==, 0);
        text_nearest(text, words);

        free(shown);
        g_free(text);
        return 0;
}
