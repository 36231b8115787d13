/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Readers of what callers send: the a{sv} options that end every method, and texts. A handler lists the
 * options that it knows; any other key is refused by name, so that a misspelled one is not silently nothing.
 * 0 and the empty string mean none.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-bus.h>

#include "common/caps.h"
#include "daemon/core/fields.h"
#include "daemon/core/refusal.h"

typedef enum OptionType {
        OPTION_NUMBER, /* any integer type of D-Bus, never negative */
        OPTION_FLAG,   /* b */
        OPTION_TEXT,   /* s, without control characters */
        OPTION_WORDS,  /* as, words without blanks in them; read as one text with a blank between two */
} OptionType;

typedef struct Option {
        const char *name;
        OptionType type;
        uint64_t limit; /* the greatest number (0: INT64_MAX), or the most bytes of a text */
        /* Filled in: */
        bool given;
        uint64_t number;
        bool flag;
        const char *text; /* points into the message; NULL where not given */
        char *made;       /* of OPTION_WORDS, the caller's to free */
} Option;

/* Reads the options where the message stands. 0, a negative errno, or a RefusalCode. */
int options_read(sd_bus_message *message, Option *options, size_t n_options, Refusal *ret_refusal);

/*
 * Reads the options that set the editable fields of a record, which are named for their keys ("plan-date" for
 * PlanDate), and those of more (NULL: none), filled in as by options_read(). ret_given: bit i where field i
 * was given; its value is in data, whose texts are the caller's to free.
 */
int options_read_fields(sd_bus_message *message, const RecordInfo *record, Option *more, size_t n_more,
                void *data, uint64_t *ret_given, Refusal *ret_refusal);

/* For methods that know none: any key is refused. */
static inline int options_read_none(sd_bus_message *message, Refusal *ret_refusal) {
        return options_read(message, NULL, 0, ret_refusal);
}

/* Reads one integer of any type where the message stands; what is the name for the sentence. */
int number_read(sd_bus_message *message, char type, const char *what, uint64_t limit, uint64_t *ret_number,
                Refusal *ret_refusal);

/* Whether a text that a caller sent is one that can be kept; what is the name for the sentence. */
int text_validate(const char *text, size_t max_bytes, const char *what, Refusal *ret_refusal);

#define SNIPPET_BYTES 64
/* The beginning of what a caller sent, fit for a sentence: cut between characters, no control characters. */
const char *text_snippet(const char *text, char buf[SNIPPET_BYTES + 4]);
