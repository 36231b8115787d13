/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Whether a uid is still whose it was. Somebody else finds that out (EngineConfig), and nothing here waits
 * for it. A user whose uid was given to another account is stored under the old name and loaded anew, which
 * sets that store aside. With it end the claims of the old owner: nobody but root gives a uid away, and the
 * new owner asked for none of them.
 *
 * A store found at the start whose account nobody knows yet is loaded all the same, so that what it holds
 * goes on to hold; its user is served once the name is known.
 */

#include "daemon/engine/user.h"

/* What is known of the owner becomes true of the user, if one is loaded. 1; 0 while a backup of the old
 * owner is being made, in which owners_settle() is to be called again after it has ended. */
int owners_settle(Engine *engine, uid_t uid);

/* The account of a store that was loaded is to be asked for, again and again until there is an answer. */
void owners_add_waiting(Engine *engine, uid_t uid);
void owners_ask_waiting(Engine *engine); /* where it is time to */
/* To be called after owners_settle() of whatever was answered. */
void owners_answered(Engine *engine, uid_t uid);
/* When to ask next, on BOOTTIME; UINT64_MAX never. */
uint64_t owners_next(const Engine *engine);
