/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/table.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/text.h"

struct Table {
        const char *headings[TABLE_COLUMNS_MAX];
        bool right[TABLE_COLUMNS_MAX];
        size_t widths[TABLE_COLUMNS_MAX];
        unsigned n_columns;
        char **cells; /* row after row */
        size_t n_rows, n_allocated;
};

Table *table_new(const char *const *headings) {
        Table *t = calloc(1, sizeof(*t));

        for (; t && headings[t->n_columns] && t->n_columns < TABLE_COLUMNS_MAX; t->n_columns++) {
                const char *heading = headings[t->n_columns];

                t->right[t->n_columns] = *heading == '>';
                t->headings[t->n_columns] = heading + t->right[t->n_columns];
                t->widths[t->n_columns] = text_width(t->headings[t->n_columns]);
        }

        return t;
}

Table *table_free(Table *table) {
        if (!table)
                return NULL;

        for (size_t i = 0; i < table->n_rows * table->n_columns; i++)
                free(table->cells[i]);
        free(table->cells);
        free(table);
        return NULL;
}

int table_add(Table *t, const char *const *cells) {
        char **row;

        if (t->n_rows == t->n_allocated) {
                size_t n = t->n_allocated ? 2 * t->n_allocated : 16;
                char **more = reallocarray(t->cells, n * t->n_columns, sizeof(*more));

                if (!more)
                        return -ENOMEM;
                t->cells = more;
                t->n_allocated = n;
        }

        row = t->cells + t->n_rows * t->n_columns;
        for (unsigned c = 0; c < t->n_columns; c++) {
                size_t width;

                row[c] = text_for_terminal(cells[c] ?: "");
                if (!row[c]) {
                        while (c > 0)
                                free(row[--c]);
                        return -ENOMEM;
                }
                width = text_width(row[c]);
                if (width > t->widths[c])
                        t->widths[c] = width;
        }

        t->n_rows++;
        return 0;
}

bool table_is_empty(const Table *table) {
        return table->n_rows == 0;
}

/* Less than this says nothing of a cell: then the terminal may wrap it. */
#define CUT_MIN 8u

/* The text, or its beginning with an ellipsis where there is room for so many columns only. */
static void print_cell(FILE *file, const char *text, size_t width, size_t room) {
        size_t n = strlen(text);

        if (width <= room || room < CUT_MIN) {
                fputs(text, file);
                return;
        }
        n = text_fitting_bytes(text, room - 1);
        fprintf(file, "%.*s…", (int) n, text);
}

static void print_row(const Table *t, FILE *file, size_t columns, const char *const *cells) {
        size_t pad = 0, at = 0;

        for (unsigned c = 0; c < t->n_columns; c++) {
                size_t width = text_width(cells[c]), spare = t->widths[c] > width ? t->widths[c] - width : 0;
                bool last = c + 1 == t->n_columns;

                if (t->right[c])
                        pad += spare;
                /* Padding is owed until something follows, so that no line ends in spaces. */
                if (*cells[c]) {
                        fprintf(file, "%*s", (int) pad, "");
                        print_cell(file, cells[c], width,
                                        !last || columns == 0 ? SIZE_MAX
                                        : columns > at + pad  ? columns - at - pad
                                                              : 0);
                        at += pad + width;
                        pad = 0;
                } else
                        pad += width;
                if (!t->right[c])
                        pad += spare;
                pad += 2;
        }
        fputc('\n', file);
}

void table_print(const Table *t, FILE *file, unsigned columns, const char *bold, const char *off) {
        fputs(bold, file);
        print_row(t, file, columns, t->headings);
        fputs(off, file);
        for (size_t i = 0; i < t->n_rows; i++)
                print_row(t, file, columns, (const char *const *) t->cells + i * t->n_columns);
}
