/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/wrap.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "common/cleanup.h"
#include "common/text.h"

/* Less than this breaks every word: then the terminal may do so. */
#define ROOM_MIN 8u

/* Whether a line may end before text[i]. */
static bool may_break(const char *text, size_t i) {
        return text[i] == ' ' || (i > 0 && (text[i - 1] == ';' || text[i - 1] == ','));
}

static size_t first_character(const char *text) {
        size_t n = text_fitting_bytes(text, 2);

        return n > 0 ? n : strlen(text);
}

size_t wrap_line(const char *text, size_t columns, const char **ret_next) {
        size_t n = text_fitting_bytes(text, columns), end = n;

        if (text[n] != '\0') {
                while (end > 0 && !may_break(text, end))
                        end--;
                if (strspn(text, " ") >= end) /* a word wider than the line */
                        end = n > 0 ? n : first_character(text);
        }

        *ret_next = text + end + strspn(text + end, " ");
        while (end > 0 && **ret_next && text[end - 1] == ' ')
                end--;
        return end;
}

size_t wrap_widest(const char *text) {
        size_t widest = 0;

        while (*text) {
                char word[256];
                size_t n = 1, width;

                while (text[n] && n + 1 < sizeof(word) && !may_break(text, n))
                        n++;
                memcpy(word, text, n);
                word[n] = '\0';
                width = text_width(word);
                if (width > widest)
                        widest = width;
                text += n;
                text += strspn(text, " ");
        }
        return widest;
}

void wrap_print(FILE *file, const char *text, size_t at, size_t indent, size_t columns) {
        while (columns >= indent + ROOM_MIN && *text) {
                const char *next;
                size_t n, room = columns > at ? columns - at : 0;

                /* A word that the rest of this line has no room for goes below, not in two. */
                if (at > indent && text_fitting_bytes(text, room) < strcspn(text, " ,;"))
                        next = text;
                else {
                        n = wrap_line(text, room, &next);
                        fwrite(text, 1, n, file);
                }
                if (*next)
                        fprintf(file, "\n%*s", (int) indent, "");
                text = next;
                at = indent;
        }
        fputs(text, file);
}

void wrap_printf(FILE *file, size_t at, size_t indent, size_t columns, const char *format, ...) {
        cleanup_free_ char *text = NULL;
        va_list ap;

        va_start(ap, format);
        text = memory_format_va(format, ap);
        va_end(ap);
        wrap_print(file, text, at, indent, columns);
}

void wrap_print_named(FILE *file, const char *name, size_t name_width, const char *text, size_t columns,
                const char *bold, const char *off) {
        if (!*text)
                return;
        fprintf(file, "%s%s%s%*s", bold, name, off, (int) (name_width - text_width(name) + 2), "");
        wrap_print(file, text, name_width + 2, name_width + 2, columns);
        fputc('\n', file);
}
