/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * The claims of a user that are in force, in memory, and those on record. What is to become of them is
 * core's to decide, and whoever asks core stores and tells it; here it is made true.
 */

#include "daemon/core/claim-failure.h"
#include "daemon/engine/user.h"

/* From the store, when a user is loaded, restored or recovered: what was in force in memory stays in force. A
 * negative errno of the store. */
int user_claims_load(User *user);
void user_claims_done(User *user);

/* Something is in force: such a user stays loaded. */
bool user_claims_any(const User *user);
/* What surrounds the claims, with the timer as it runs; the caller may put another machine in its place. */
void user_claims_env(User *user, FocusEnv *ret_env);
/* Whether a change is told: that a clock was set, or is trusted now, is nothing that people or hosts need. */
bool user_claims_are_told(const User *user, const FocusChange *change);
/* What a change says is true from here on, with another generation where something else should hold. */
void user_claims_adopt(User *user, const FocusChange *change);

/* On the claims in force that name the plugin, or on the one with a number: known at once, and stored a
 * little later. message may be NULL. No failure replaces that a hand lifted what they hold, and what holds in
 * part replaces no failure. */
void user_claims_note_failure(
                User *user, ClaimFailureKind kind, const char *plugin, const char *message, int64_t claim);

/* Those that are asked for, as they are by now. A negative errno of the store, or what func
 * returned.
 */
int user_claims_each_recorded(User *user, const ClaimQuery *query, ClaimFunc func, void *userdata);
