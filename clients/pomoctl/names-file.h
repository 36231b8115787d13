/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Files with names of hosts, as people and blocklists write them: a name a line, or lines of /etc/hosts, an
 * address with names behind it; # begins a comment, and so does ! or ; at the begin of a line. Names are
 * taken in letters of any language as well as in A-labels, and kept as A-labels, sorted, each once.
 */

#include <stddef.h>

#include "common/cleanup.h"

#define NAMES_FILE_SENTENCE_MAX 512
#define NAMES_FILE_WRONG_MAX    5u /* lines that are named */

typedef struct NamesFile {
        char *names; /* one a line; owned */
        size_t n_names;
        size_t n_lines; /* of the file */
        size_t n_wrong; /* of these, with what is no name; they are left out */
        struct {
                size_t line;           /* from 1 */
                char *sentence;        /* owned */
        } wrong[NAMES_FILE_WRONG_MAX]; /* the first ones */
} NamesFile;

/* The bytes of a file, "-" for standard input, the caller's to free(). 0; -EINVAL with a sentence, or another
 * negative errno. */
int names_file_read(
                const char *path, char **ret_text, size_t *ret_size, char sentence[NAMES_FILE_SENTENCE_MAX]);

/*
 * Takes the bytes of a file apart, in place; a byte must follow them that it may write to. What stands in a
 * line of /etc/hosts for this computer itself, like localhost, is passed over. names_file_done().
 */
void names_file_parse(char *text, size_t size, NamesFile *ret_file);
void names_file_done(NamesFile *file);
