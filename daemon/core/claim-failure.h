/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * The member failure of a claim: one text, which is stored, with the name of the plugin that it is about, and
 * a phrase where it is more or less than a failure.
 */

#include "daemon/core/focus.h"

typedef enum ClaimFailureKind {
        CLAIM_FAILED,
        CLAIM_HOLDS_IN_PART, /* it is no failure, but is worth a sentence */
        CLAIM_LIFTED_BY_HAND,
} ClaimFailureKind;

/* message may be NULL or empty. The caller's. */
char *claim_failure_make(ClaimFailureKind kind, const char *plugin, const char *message);
/* Of a claim without a failure it is CLAIM_FAILED. */
ClaimFailureKind claim_failure_kind(const Claim *claim);
/* Whether it has a failure, and one that is no smaller thing: what it asked for was not enforced for a while.
 */
bool claim_failure_counts(const Claim *claim);
/* The plugin of it, the caller's; NULL: there is none. */
char *claim_failure_plugin(const Claim *claim);
/* What holds in part, without the phrase: "mute: why"; NULL: its failure is none of that kind. The caller's.
 */
char *claim_failure_in_part(const Claim *claim);
