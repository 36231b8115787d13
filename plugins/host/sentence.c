/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/sentence.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "clients/lib/memory.h"
#include "common/cleanup.h"

int sentence_set(char **ret_sentence, int r, const char *format, ...) {
        va_list ap;

        if (!ret_sentence)
                return r;
        va_start(ap, format);
        *ret_sentence = memory_format_va(format, ap);
        va_end(ap);
        return r;
}

int sentence_fail(const char *sentence) {
        cleanup_free_ char *safe = memory_safe_text(sentence);

        fprintf(stderr, "pomod-plugin-host: %s\n", safe);
        return EXIT_FAILURE;
}
