/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * What an edit makes of a rule set, whether the set can be lived by, and what is new in what it warns of.
 * Pure: who asks works on a copy, and stores it or throws it away.
 */

#include "daemon/core/calendar.h"
#include "daemon/core/rules.h"

/* REFUSAL_NO_SUCH_RULE. */
int rules_edit_remove(RuleSet *set, const char *name, Refusal *ret_refusal);
/* REFUSAL_NOT_POSSIBLE while a rule has it as its Focus, REFUSAL_NO_SUCH_PROFILE. */
int rules_edit_remove_profile(RuleSet *set, const char *name, Refusal *ret_refusal);

typedef struct RulesImported {
        unsigned rules, profiles; /* new ones, and others than before */
        unsigned removed;
} RulesImported;

/* Puts what is imported in the place of what has the same name, else at the end; with replace nothing else
 * stays. Ten thousand are as quick as ten. */
RulesImported rules_edit_import(RuleSet *set, const RuleSet *import, bool replace, const Yield *yield);

/* Refuses a set past its caps, and a Focus without a profile. What was larger before may stay so, and become
 * smaller. */
int rules_edit_check(const RuleSet *set, const RuleSet *before, Refusal *ret_refusal);

/* A rule stands since its name was first there, whatever else became of it. */
void rules_edit_date(RuleSet *set, const RuleSet *before, uint64_t now_real_usec);

/* Warnings of a change: all about the rules of a set, which may be NULL, and about the others those that were
 * not there before. */
typedef struct RulesWarned {
        Calendar *before, *after; /* never NULL */
        Date from;
        const RuleSet *about;
        const Yield *yield;
} RulesWarned;
int rules_edit_warn(const RulesWarned *warned, WarningFunc func, void *userdata);
