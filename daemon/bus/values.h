/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Single values as callers send them, and the sentences for those that cannot be taken. What is the name of a
 * value in its sentence: "option note", "title".
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-bus.h>

#include "daemon/core/refusal.h"

/* A reading of the a{sv} where a message stands. */
typedef struct Dict {
        sd_bus_message *message;
        bool inside; /* an entry */
} Dict;

/* 0 or a negative errno. */
int dict_begin(Dict *dict, sd_bus_message *message);
/* 1 with the next key, whose v is to be read before the next call; 0 behind the end; or a negative errno. */
int dict_next(Dict *dict, const char **ret_key);

/* The contents of a v. Of arrays and other containers, the type alone. */
typedef struct Value {
        const char *contents; /* its type, as D-Bus writes it; points into the message */
        const char *text;     /* of an s; points into the message */
        bool flag;            /* of a b */
        uint64_t number;      /* of an integer; 0 where it is negative */
        int64_t negative;     /* of an integer below 0 */
} Value;

/* Reads the v where the message stands. 0 or a negative errno. */
int value_read(sd_bus_message *message, Value *ret_value);
/* One character for the type; 'v' for what is no single type, and no list of texts. */
char value_type(const Value *value);
bool value_is_integer(const Value *value);

#define VALUE_TEXT_MAX 24
/* An s, a b or an integer as it is written in the text form; NULL for any other type. */
const char *value_to_text(const Value *value, char buf[VALUE_TEXT_MAX]);

/* The integer, of any type, if it is from 0 to limit (0: INT64_MAX). 0 or a RefusalCode. */
int value_to_number(const Value *value, const char *what, uint64_t limit, uint64_t *ret_number,
                Refusal *ret_refusal);

/* Whether a text that a caller sent is one that can be kept. 0 or a RefusalCode. */
int text_validate(const char *text, size_t max_bytes, const char *what, Refusal *ret_refusal);

#define SNIPPET_BYTES 64
/* The beginning of what a caller sent, fit for a sentence: cut between characters, no control characters. */
const char *text_snippet(const char *text, char buf[SNIPPET_BYTES + 4]);
