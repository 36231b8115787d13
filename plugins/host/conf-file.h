/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * One file of root's standing settings of a plugin: key=value below [Settings]. A mistake is one sentence
 * with the file and the line, and the other keys hold.
 */

#include <stddef.h>

#include "plugins/host/table.h"

/* What files said so far, the later over the earlier. */
typedef struct ConfTexts {
        char **pairs; /* a key, its text, …, NULL: as values_make() takes them; NULL where n is 0 */
        size_t n, n_allocated;                   /* strings */
        char **mistakes;                         /* NULL at the end; NULL where there is none */
        size_t n_mistakes, n_mistakes_allocated; /* CAP_PLUGIN_CONF_MISTAKES are kept */
} ConfTexts;

/*
 * Adds what the file at path says. 0, also where there is none; a negative errno where it is there and cannot
 * be read, which is a mistake as well.
 */
int conf_file_read(const char *path, const Plugin *plugin, ConfTexts *texts);

/* A sentence about a file as a whole. */
void conf_file_mistake(ConfTexts *texts, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* To nothing. */
void conf_file_clear(ConfTexts *texts);
