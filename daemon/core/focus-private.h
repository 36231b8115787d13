/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What the files of focus share. */

#include "daemon/core/focus.h"

/* The clock can be believed: it was synchronised in this boot, or nobody did so for long enough. */
bool focus_clock_trusted(const FocusEnv *env);
/* Another boot, a clock that was set, a clock that is trusted from now on. */
void claim_follow_clocks(Claim *claim, const FocusEnv *env);
/* Its wall end says the same as the one that counts. */
void claim_rebase(Claim *claim, const Now *now);
/* It is over, since that moment on BOOTTIME. */
void claim_end(Claim *claim, const Now *now, ClaimState state, uint64_t boot_usec);

/* Of a claim that engages by itself, plugins for which there is no room are left out, and its failure says
 * so. */
void focus_share_fit(const GArray *claims, const Now *now, Claim *claim);

/* Takes a claim into the change, which gets a number here where it has none. */
void focus_change_take(FocusChange *change, Claim *claim);
/* One that engages now. */
Claim claim_new(const FocusEnv *env, ClaimSource source, const Profile *profile, uint64_t length_usec);
