/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/sentence.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "clients/lib/memory.h"
#include "common/cleanup.h"
#include "common/write.h"

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

void sentence_write(const char *sentence) {
        (void) write_all(STDERR_FILENO, "pomod-plugin-host: ");
        (void) write_all(STDERR_FILENO, sentence);
        (void) write_all(STDERR_FILENO, "\n");
}
