/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What the parts of pomoctl-ics share: limits of a calendar file, local times as numbers, sentences. */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "common/date.h"

#define ICS_FILE_MAX      (8u << 20) /* bytes of a calendar file */
#define ICS_DEPTH_MAX     8u         /* of components within components */
#define ICS_INSTANCES_MAX 10000u     /* of a whole file, within the span that is looked at */
#define ICS_AHEAD_DAYS    730        /* how far recurrences are followed */
#define ICS_SENTENCE_MAX  512u
#define ICS_DAY           ((int64_t) 86400)

/*
 * A local wall clock time as seconds since 1970-01-01 00:00 of that clock: no zone, no gaps. A day of it is
 * its floor by ICS_DAY, and a date as a whole begins on a multiple of that.
 */
typedef int64_t Civil;

#define CIVIL_MAX (((Civil) DATE_MAX + 1) * ICS_DAY) /* no rule names a later date */

/* In the zone of the process (TZ). */
Civil civil_from_time(time_t t);
/* The first such instant; one that the clock skips takes the offset before the gap. */
time_t civil_to_time(Civil civil);
static inline Date civil_day(Civil civil) {
        return date_at(civil, 0);
}

/* Writes a sentence and returns -EINVAL: what was read makes no sense. */
int ics_refuse(char sentence[ICS_SENTENCE_MAX], const char *format, ...)
                __attribute__((format(printf, 2, 3)));

static inline void gstring_freep(GString **text) {
        if (*text)
                g_string_free(*text, TRUE);
}

static inline void ptr_array_unrefp(GPtrArray **array) {
        if (*array)
                g_ptr_array_unref(*array);
}
