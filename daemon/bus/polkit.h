/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Asking polkit, without waiting for it: nothing has been changed by a call that needs an administrator; when
 * polkit has allowed it, the call is answered anew, with an administrator's word for the profile that was
 * asked about, and for no other. Root is not asked. Where there is no polkit on the bus, root alone may do
 * it.
 */

#include "daemon/bus/method.h"

#define POLKIT_OVERRIDE_LOCK "org.pomod.override-lock"

/* Calls that wait for polkit's word, of one bus; when it is unreffed, nobody is answered any more. */
GPtrArray *polkit_questions_new(void);

/* Answers a copy of the call, which has the word in call->admin, and returns below zero with error filled in,
 * or from 0 up.
 */
typedef int (*PolkitFunc)(Call *call, sd_bus_error *error);

/*
 * Whether the sender of a call may do this. 0 with call->admin.all: yes, it is root. 0 with call->later:
 * polkit has been asked, and func is called when it allows it; else the caller is told by then. A RefusalCode
 * or a negative errno: no. The call must not be root's before. profile is what rules of the
 * administrator see under that key.
 */
int polkit_ask(Call *call, const char *action, const char *profile, PolkitFunc func);
