/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What an import makes of the rules that are there: pure, of texts alone. */

#include "clients/ics/rules.h"
#include "common/enums.h"

typedef enum ChangeKind {
        CHANGE_NEW,
        CHANGE_CHANGED,
        CHANGE_SAME,
        CHANGE_REMOVED,
        CHANGE_GONE, /* its event is not in the file any more, and nobody asked to remove it */
        _CHANGE_KIND_MAX,
} ChangeKind;
DECLARE_ENUM_WORDS(ChangeKind, change_kind);

typedef struct IcsChange {
        ChangeKind kind;
        char *name;
        char *shown; /* its dates; "" where it is removed or gone */
} IcsChange;

typedef struct Changes {
        GPtrArray *list; /* of IcsChange */
        unsigned n[_CHANGE_KIND_MAX];
        char *text;   /* to import; "" where there is nothing to do */
        bool replace; /* it is the whole of the rules and profiles, since some have to go */
} Changes;

void changes_done(Changes *changes);

/* Mark -> name of the first rule of an event, of the rules in a text form that begin with prefix. */
GHashTable *changes_old_names(const char *text, const char *prefix);

/* text: the rules that are there, as Schedules.Export gives them. What the user has set beside dates and
 * hours stays with a rule. */
Changes changes_make(const char *text, const GPtrArray *rules, const char *prefix, bool prune);
