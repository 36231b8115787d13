/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Asking polkit, without waiting for it. Root is not asked. Where there is no polkit on the bus, root alone
 * may do it. A caller who leaves the bus ends the question: polkit is told, and nobody hears of an answer.
 */

#include "daemon/bus/method.h"

#define POLKIT_OVERRIDE_LOCK      "org.pomod.override-lock"
#define POLKIT_BLOCK_FOR_EVERYONE "org.pomod.block-for-everyone"

/* Calls that wait for polkit's word, of one bus; when it is freed, nobody is answered any more. */
Questions *polkit_questions_new(Bus *bus);
Questions *polkit_questions_free(Questions *questions); /* before the bus's names; NULL is fine */

/*
 * What came of it, for a copy of the call: r 0, or below zero with error filled in, where polkit said no or
 * nothing. Returns below zero with error filled in, or from 0 up.
 */
typedef int (*PolkitFunc)(Call *call, int r, sd_bus_error *error);

/* What is asked: the administrator's rules, and the message that a person reads, see the details. */
typedef struct PolkitAsk {
        const char *action;
        const char *const *details; /* key, value, …; NULL at the end */
        const char *profile;        /* whose lock the word lets go of, with those before; NULL: none's */
} PolkitAsk;

/*
 * Whether the sender of a call may do this. 0 with call->admin.all: yes, it is root. 0 with call->later:
 * polkit has been asked, and func is called with what it says; it has what the call owns. A RefusalCode or a
 * negative errno: no. The call must not be root's before.
 */
int polkit_ask(Call *call, const PolkitAsk *ask, PolkitFunc func);
