/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "common/help.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#define WIDTH        79u
#define INDENT       2u
#define MAN_COLUMNS  56u /* a line of the source is broken at the first space after these */
#define TERM_COLUMNS 30u /* a longer term has a line of its own */

/* Columns of n bytes of UTF-8; what help texts hold is never wide. */
static unsigned columns(const char *text, size_t n) {
        unsigned c = 0;

        for (size_t i = 0; i < n; i++)
                c += ((unsigned char) text[i] & 0xC0) != 0x80;
        return c;
}

/* Words from column `column` on, wrapped and indented. */
static void print_wrapped(FILE *file, unsigned indent, unsigned column, const char *text) {
        bool first = true;

        for (;;) {
                size_t n;

                text += strspn(text, " ");
                n = strcspn(text, " ");
                if (n == 0)
                        break;

                if (!first && column + 1 + columns(text, n) > WIDTH) {
                        fprintf(file, "\n%*s", (int) indent, "");
                        column = indent;
                } else if (!first) {
                        fputc(' ', file);
                        column++;
                }

                fwrite(text, 1, n, file);
                column += columns(text, n);
                text += n;
                first = false;
        }

        fputc('\n', file);
}

static void print_text(FILE *file, unsigned indent, const char *text) {
        fprintf(file, "%*s", (int) indent, "");
        print_wrapped(file, indent, indent, text);
}

static void print_items(FILE *file, const HelpItem *items) {
        unsigned longest = 0, text_at;

        for (const HelpItem *i = items; i && i->term; i++) {
                unsigned c = columns(i->term, strlen(i->term));

                if (c > longest && c <= TERM_COLUMNS)
                        longest = c;
        }
        text_at = INDENT + (longest > 0 ? longest : TERM_COLUMNS) + 2;

        for (const HelpItem *i = items; i && i->term; i++) {
                unsigned c = INDENT + columns(i->term, strlen(i->term));

                fprintf(file, "%*s%s", (int) INDENT, "", i->term);
                if (c + 2 > text_at)
                        fprintf(file, "\n%*s", (int) text_at, "");
                else
                        fprintf(file, "%*s", (int) (text_at - c), "");
                print_wrapped(file, text_at, text_at, i->text);
        }
}

int help_print(const HelpPage *page, FILE *file) {
        for (const char *const *s = page->synopsis; s && *s; s++)
                fprintf(file, "%s%s\n", s == page->synopsis ? "Usage: " : "       ", *s);
        fputc('\n', file);

        for (const char *const *p = page->description; p && *p; p++)
                print_text(file, 0, *p);

        for (const HelpSection *s = page->sections; s && s->title; s++) {
                if (s->where == HELP_MAN_ONLY)
                        continue;

                fprintf(file, "\n%s:\n", s->title);
                for (const char *const *p = s->paragraphs; p && *p; p++)
                        print_text(file, INDENT, *p);
                print_items(file, s->items);
        }

        return fflush(file) == 0 ? 0 : -errno;
}

/* ---- man(7) ---- */

/* One character or escape; returns how many bytes of text it was. */
static size_t man_character(FILE *file, const char *c, bool upper) {
        if (strncmp(c, "…", strlen("…")) == 0) {
                fputs("\\&...", file);
                return strlen("…");
        }

        if (*c == '\\')
                fputs("\\e", file);
        else if (*c == '-')
                fputs("\\-", file);
        else if (*c == '"')
                fputs("\\(dq", file); /* also within the quotes of a macro's argument */
        else
                fputc(upper ? toupper((unsigned char) *c) : *c, file);
        return 1;
}

static void man_print(FILE *file, const char *text, bool upper) {
        if (*text == '.' || *text == '\'')
                fputs("\\&", file);
        while (*text)
                text += man_character(file, text, upper);
}

/* Running text, in lines that a person can read in the source. */
static void man_line(FILE *file, const char *text) {
        size_t column = 0;

        if (*text == '.' || *text == '\'')
                fputs("\\&", file);
        while (*text) {
                if (*text == ' ' && column > MAN_COLUMNS && text[1] != '.' && text[1] != '\'') {
                        fputc('\n', file);
                        text++;
                        column = 0;
                        continue;
                }
                text += man_character(file, text, false);
                column++;
        }
        fputc('\n', file);
}

static void man_macro(FILE *file, const char *macro, const char *text, bool upper) {
        fprintf(file, ".%s \"", macro);
        man_print(file, text, upper);
        fputs("\"\n", file);
}

static void man_paragraphs(FILE *file, const char *const *paragraphs) {
        for (const char *const *p = paragraphs; p && *p; p++) {
                if (p != paragraphs)
                        fputs(".PP\n", file);
                man_line(file, *p);
        }
}

int help_print_man(const HelpPage *page, FILE *file) {
        fputs(".TH \"", file);
        man_print(file, page->name, true);
        fprintf(file, "\" \"%u\" \"" POMOD_RELEASE_DATE "\" \"pomod " POMOD_VERSION "\"\n", page->section);

        fputs(".SH NAME\n", file);
        man_print(file, page->name, false);
        fputs(" \\- ", file);
        man_line(file, page->summary);

        fputs(".SH SYNOPSIS\n", file);
        for (const char *const *s = page->synopsis; s && *s; s++) {
                if (s != page->synopsis)
                        fputs(".br\n", file);
                man_macro(file, "B", *s, false);
        }

        fputs(".SH DESCRIPTION\n", file);
        man_paragraphs(file, page->description);

        for (const HelpSection *s = page->sections; s && s->title; s++) {
                if (s->where == HELP_HELP_ONLY)
                        continue;

                man_macro(file, s->level > 0 ? "SS" : "SH", s->title, s->level == 0);
                man_paragraphs(file, s->paragraphs);
                for (const HelpItem *i = s->items; i && i->term; i++) {
                        fputs(".TP\n", file);
                        man_macro(file, "B", i->term, false);
                        man_line(file, i->text);
                }
        }

        if (page->see_also) {
                fputs(".SH SEE ALSO\n", file);
                man_line(file, page->see_also);
        }

        return fflush(file) == 0 ? 0 : -errno;
}
