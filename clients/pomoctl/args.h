/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * The command line, taken apart by tables: which options there are comes from the verb, so that an option
 * that one verb has and another has not is refused by name. Pure: it prints nothing and calls nobody.
 */

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Option {
        const char *name;     /* without the dashes: "for"; NULL ends a table */
        const char *argument; /* what it takes: "DURATION"; NULL: nothing */
        const char *text;     /* a sentence for the help */
} Option;

#define ARGS_GIVEN_MAX    32u
#define ARGS_SENTENCE_MAX 512u

/* What was typed. All strings are argv's. */
typedef struct Args {
        const char **words; /* what is no option, in order; owned */
        unsigned n_words;
        struct {
                const Option *option;
                const char *value;
        } given[ARGS_GIVEN_MAX];
        unsigned n_given;
} Args;

void args_done(Args *args);

/*
 * Reads argv[0 … argc) by two tables, of which the second may be NULL. "--name=value" and "--name value" are
 * the same, "--" ends the options, "-h" is --help, and a dash before a digit begins a word. 0, or -EINVAL
 * with a sentence.
 */
int args_parse(int argc, char **argv, const Option *global, const Option *own, Args *ret_args,
                char sentence[ARGS_SENTENCE_MAX]);

/* The value of an option that was given last, "" for one without a value, NULL if it was not given. */
const char *args_value(const Args *args, const char *name);
bool args_has(const Args *args, const char *name);

/* n words from `first` on, or as many as there are, with one space between them; the caller's. NULL for none.
 */
char *args_join(const Args *args, unsigned first, unsigned n);
#define ARGS_ALL UINT_MAX

/* An id as people type it: 12 or #12. 0 or -EINVAL. */
int id_parse(const char *text, uint64_t *ret_id);
