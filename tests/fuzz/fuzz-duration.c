/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <glib.h>

#include "common/duration.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        char *text = g_strndup((const char *) data, size), buf[DURATION_TEXT_MAX];
        uint64_t usec = 4711, again;
        int r = duration_parse(text, &usec);

        if (r == 0) {
                /* What was understood can be said, and is understood in the same way again. */
                g_assert_cmpint(duration_parse(duration_format(usec, buf), &again), ==, 0);
                g_assert_cmpuint(again, ==, usec);
                duration_format_clock(usec, buf);
        } else {
                g_assert_true(r == -EINVAL || r == -ERANGE);
                g_assert_cmpuint(usec, ==, 4711);
        }
        g_free(text);
        return 0;
}
