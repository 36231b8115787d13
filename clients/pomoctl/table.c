/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/table.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "clients/pomoctl/wrap.h"
#include "common/cleanup.h"
#include "common/text.h"

struct Table {
        const char *headings[TABLE_COLUMNS_MAX];
        bool right[TABLE_COLUMNS_MAX];
        size_t widths[TABLE_COLUMNS_MAX];
        unsigned n_columns;
        char **cells; /* row after row */
        size_t n_cells, n_allocated;
};

Table *table_new(const char *const *headings) {
        Table *t = memory_new(Table, 1);

        for (; headings[t->n_columns]; t->n_columns++) {
                const char *heading = headings[t->n_columns];

                assert(t->n_columns < TABLE_COLUMNS_MAX);
                t->right[t->n_columns] = *heading == '>';
                t->headings[t->n_columns] = heading + t->right[t->n_columns];
                t->widths[t->n_columns] = text_width(t->headings[t->n_columns]);
        }

        return t;
}

Table *table_free(Table *table) {
        if (!table)
                return NULL;

        for (size_t i = 0; i < table->n_cells; i++)
                free(table->cells[i]);
        free(table->cells);
        free(table);
        return NULL;
}

void table_add(Table *t, const char *const *cells) {
        t->cells = memory_reserve(t->cells, t->n_cells + t->n_columns, &t->n_allocated, sizeof(*t->cells));
        for (unsigned c = 0; c < t->n_columns; c++) {
                char *cell = t->cells[t->n_cells++] = memory_safe_text(cells[c]);
                size_t width = text_width(cell);

                if (width > t->widths[c])
                        t->widths[c] = width;
        }
}

bool table_is_empty(const Table *table) {
        return table->n_cells == 0;
}

/* What can be long is worth a column of its own from this width on. */
#define LAST_MIN 12u
/* What is one word, but wider than this, may be broken. */
#define WORD_MAX 24u

static size_t least(size_t a, size_t b) {
        return a < b ? a : b;
}

/* The narrowest that a column may become: numbers stay whole, and words do. */
static size_t column_least(const Table *t, unsigned c) {
        size_t widest = wrap_widest(t->headings[c]);

        if (t->right[c])
                return t->widths[c];
        if (c + 1 == t->n_columns)
                return least(t->widths[c], LAST_MIN);
        for (size_t i = c; i < t->n_cells; i += t->n_columns) {
                size_t width = wrap_widest(t->cells[i]);

                if (width > widest)
                        widest = width;
        }
        return least(widest, WORD_MAX);
}

/* What the columns get of a line: the last gives way first, then the widest of the others. False: no line has
 * room for all of them. */
static bool widths_fit(const Table *t, size_t columns, size_t widths[TABLE_COLUMNS_MAX]) {
        size_t narrowest[TABLE_COLUMNS_MAX], total = 0, over, given;

        memcpy(widths, t->widths, sizeof(t->widths));
        for (unsigned c = 0; c < t->n_columns; c++)
                total += t->widths[c] + (c > 0 ? 2 : 0);
        if (columns == 0 || total <= columns)
                return true;

        over = total - columns;
        for (unsigned c = 0; c < t->n_columns; c++) {
                narrowest[c] = column_least(t, c);
                total -= t->widths[c] - narrowest[c];
        }
        if (total > columns)
                return false;

        given = least(over, widths[t->n_columns - 1] - narrowest[t->n_columns - 1]);
        widths[t->n_columns - 1] -= given;
        for (over -= given; over > 0; over--) {
                unsigned widest = 0;

                for (unsigned c = 1; c + 1 < t->n_columns; c++)
                        if (widths[widest] == narrowest[widest] ||
                                        (widths[c] > narrowest[c] && widths[c] > widths[widest]))
                                widest = c;
                widths[widest]--;
        }
        return true;
}

/* A cell that is wider than its column goes on below itself. */
static void print_row(const Table *t, FILE *file, const size_t *widths, const char *const *cells) {
        const char *rest[TABLE_COLUMNS_MAX];
        bool more = true;

        memcpy(rest, cells, t->n_columns * sizeof(*rest));
        while (more) {
                size_t pad = 0;

                more = false;
                for (unsigned c = 0; c < t->n_columns; c++) {
                        const char *text = rest[c];
                        size_t n = wrap_line(text, widths[c], &rest[c]), width, spare;
                        cleanup_free_ char *part = memory_copy_n(text, n);

                        width = text_width(part);
                        spare = widths[c] > width ? widths[c] - width : 0;
                        more = more || *rest[c];
                        /* Padding is owed until something follows, so that no line ends in spaces. */
                        if (n > 0) {
                                fprintf(file, "%*s%.*s", (int) (pad + (t->right[c] ? spare : 0)), "", (int) n,
                                                text);
                                pad = t->right[c] ? 0 : spare;
                        } else
                                pad += widths[c];
                        pad += 2;
                }
                fputc('\n', file);
        }
}

static void print_records(const Table *t, FILE *file, size_t columns, const char *bold, const char *off) {
        size_t name_width = 0;

        for (unsigned c = 0; c < t->n_columns; c++) {
                size_t width = text_width(t->headings[c]);

                if (width > name_width)
                        name_width = width;
        }
        for (size_t i = 0; i < t->n_cells; i++) {
                if (i > 0 && i % t->n_columns == 0)
                        fputc('\n', file);
                wrap_print_named(file, t->headings[i % t->n_columns], name_width, t->cells[i], columns, bold,
                                off);
        }
}

void table_print(const Table *t, FILE *file, unsigned columns, const char *bold, const char *off) {
        size_t widths[TABLE_COLUMNS_MAX];

        if (!widths_fit(t, columns, widths)) {
                print_records(t, file, columns, bold, off);
                return;
        }
        fputs(bold, file);
        print_row(t, file, widths, t->headings);
        fputs(off, file);
        for (size_t i = 0; i < t->n_cells; i += t->n_columns)
                print_row(t, file, widths, (const char *const *) t->cells + i);
}
