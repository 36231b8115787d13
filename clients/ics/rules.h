/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Events as rules in their text form: one for each stretch of dates, or one for up to 400 dates of the same
 * hours. Their names end in a mark that is made of the event's UID, by which they are found again.
 */

#include "clients/ics/events.h"

typedef struct IcsRule {
        char *name;
        char *mark; /* "3fa2c14d07" */
        char *keys; /* "Kind=away\nDates=…\n", and of a second kind, which stand after what the user may have
                       set: */
        char *dates; /* "Also=…\n", or "" */
        char *shown; /* "2026-08-03..2026-08-14", "12 dates from 2026-08-03 on, 09:00-12:00" */
} IcsRule;

void ics_rule_free(IcsRule *rule);

typedef enum IcsKind {
        ICS_AWAY,
        ICS_OFFICE_DAY,
} IcsKind;

/* What begins every name that is made: letters, digits and dashes of a text, at most 24 bytes. "" for none.
 */
char *ics_prefix(const char *text);

/* The mark that a rule's name ends in, NULL if it is none of this prefix. Owned by the caller. */
char *ics_mark_of(const char *name, const char *prefix);

/*
 * Each event has at least one span. old_names: mark -> the name of the first rule that the event has already,
 * without its number; may be NULL. hours: of whole days, NULL for all day. -EINVAL with a sentence.
 * *ret_rules are the caller's.
 */
int ics_rules_make(const IcsEvents *events, IcsKind kind, const char *prefix, const char *hours,
                GHashTable *old_names, GPtrArray **ret_rules, char sentence[ICS_SENTENCE_MAX]);
