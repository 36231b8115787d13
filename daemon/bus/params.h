/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * What a method takes: its arguments, and the a{sv} of options that ends every method. A handler declares a
 * struct and a table of rows that say where in it each of them goes. Any other option is refused by name, so
 * that a misspelled one is not silently nothing. 0 and the empty string mean none.
 *
 *   typedef struct Capacity {
 *           Date date;
 *           uint64_t from_real_usec;
 *   } Capacity;
 *
 *   static const Param capacity_params[] = {
 *           { "date", ARG_DATE, offsetof(Capacity, date) },
 *           { "from-realtime-usec", OPTION_NUMBER, offsetof(Capacity, from_real_usec) },
 *   };
 */

#include <stdint.h>
#include <systemd/sd-bus.h>

#include "daemon/core/fields.h"
#include "daemon/core/refusal.h"

typedef enum ParamType {
        /* Arguments, in the order of the rows, before all options: */
        ARG_ID,     /* t → int64_t: one above INT64_MAX becomes negative, and matches no record */
        ARG_NUMBER, /* t → uint64_t */
        ARG_TIME,   /* t → uint64_t: one above INT64_MAX becomes that, which is in the future, too */
        ARG_TEXT,   /* s → const char *, of limit bytes without control characters; limit 0: any text */
        ARG_PLUGIN, /* s → const char *, a plugin's name */
        ARG_DATE,   /* s → Date; empty: DATE_NONE */
        ARG_DAY,    /* s → Date, which is needed */
        ARG_KEYS,   /* a{sv} → KeyList */
        ARG_VALUE,  /* v → Value */
        ARG_FD,     /* h → int, the message's */
        ARG_UID,    /* u → uint64_t */
        /* Options: */
        OPTION_NUMBER, /* any integer from 0 to limit (0: INT64_MAX) → uint64_t or int64_t */
        OPTION_TIME,   /* any integer from 0 → uint64_t, as ARG_TIME */
        OPTION_COUNT,  /* a number → uint32_t; the limit must fit */
        OPTION_PAGE,   /* any integer → unsigned: records of one answer; 0, absent: CAP_RECORDS_PER_REPLY */
        OPTION_FLAG,   /* b → bool */
        OPTION_TEXT,   /* s → const char *, of limit bytes without control characters; empty: NULL */
        OPTION_PLUGIN, /* s → const char *, a plugin's name; empty: NULL */
        OPTION_WORDS,  /* as → char *, owned: words without blanks, with one between two */
        OPTION_FAILURES, /* aa{sv} → GArray * of ClaimFailure, owned by the struct; see failures.h */
} ParamType;

/* Texts point into the message. */
typedef struct Param {
        const char *name;
        ParamType type;
        size_t offset; /* in the struct */
        uint64_t limit;
        size_t given;     /* of a bool that says whether the option was given; 0: none */
        const char *what; /* of an argument in a sentence; NULL: its name */
} Param;

typedef struct Params {
        const Param *rows;
        size_t n;
        size_t size; /* of the struct */
        /* Editable fields of a record are options, too, named for their keys ("plan-date" for PlanDate): */
        const RecordInfo *record; /* NULL: none */
        size_t record_offset,
                        given_offset; /* of the record, and of a uint64_t: bit i where field i was given */
} Params;

/* How D-Bus writes the type of an argument; NULL for an option. */
const char *param_bus_type(const Param *param);

/*
 * Reads everything that the method takes, where the message stands, into the struct, which must be zeroed
 * before and is ended by params_done() in any case. 0, a negative errno, or a RefusalCode.
 */
int params_read(sd_bus_message *message, const Params *params, void *given, Refusal *ret_refusal);
/* Frees what the struct owns: the texts of a record, words, failures. */
void params_done(const Params *params, void *given);
