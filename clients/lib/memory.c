/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/lib/memory.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/text.h"

void *memory_check(void *memory) {
        if (memory)
                return memory;
        fprintf(stderr, "%s: out of memory\n", program_invocation_short_name);
        exit(EXIT_FAILURE);
}

char *memory_copy(const char *text) {
        assert(text);
        return memory_check(strdup(text));
}

char *memory_copy_n(const char *text, size_t n_bytes) {
        size_t n;
        char *copy;

        assert(text);
        n = strnlen(text, n_bytes);
        copy = memory_check(malloc(n + 1));
        memcpy(copy, text, n);
        copy[n] = '\0';
        return copy;
}

char *memory_format_va(const char *format, va_list ap) {
        char *text;

        return memory_check(vasprintf(&text, format, ap) < 0 ? NULL : text);
}

char *memory_format(const char *format, ...) {
        char *text;
        va_list ap;

        va_start(ap, format);
        text = memory_format_va(format, ap);
        va_end(ap);
        return text;
}

void memory_append(char **text, const char *format, ...) {
        cleanup_free_ char *more = NULL;
        size_t n = *text ? strlen(*text) : 0;
        va_list ap;

        va_start(ap, format);
        more = memory_format_va(format, ap);
        va_end(ap);
        *text = memory_check(realloc(*text, n + strlen(more) + 1));
        strcpy(*text + n, more);
}

char *memory_safe_text(const char *text) {
        return memory_check(text_for_terminal(text ?: ""));
}

void *memory_reserve(void *array, size_t n, size_t *n_allocated, size_t size) {
        if (n <= *n_allocated)
                return array;
        *n_allocated = n > 8 ? 2 * n : 16;
        return memory_check(reallocarray(array, *n_allocated, size));
}
