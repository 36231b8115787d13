/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * What --try gives a plugin, as somebody who writes one says it:
 *
 *     { "standing": { "file": "/tmp/names" },
 *       "lists": { "mine": [ "example.net" ] },
 *       "claims": [ { "settings": { "names": "example.org;@mine" } } ] }
 *
 * A claim may have uid, id, profile, lock, source and until-boottime-usec; what it lacks is the caller's, its
 * place in the list, "try", "none", "user" and an hour from now.
 */

#include "plugins/host/held.h"
#include "plugins/host/state.h"

/* Adds to both; lists are put into the state folder. 0, or a negative errno with a sentence that names the
 * file. */
int try_desired_read(
                const char *path, State *state, HeldClaims *claims, HeldPairs *standing, char **ret_sentence);
