/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Who has a uid. The file of accounts is looked at in the loop; whom it does not know is asked for in a
 * process of its own ("pomod --look-up-account UID"), since a name service may take for ever. No answer is an
 * error, and never the answer that there is no account.
 *
 * An answer holds for a minute, then it is asked for anew; where none is to be had then, the older name
 * stands for a day. Each uid is asked for once at a time, and some at once; whoever waits ten seconds waits
 * no longer.
 */

#include <sys/types.h>

typedef struct sd_event sd_event;
typedef struct Accounts Accounts;

/* What accounts_look() asked for is known, or cannot be found out. */
typedef void (*AccountsAnswered)(void *userdata, uid_t uid);

/* answered is never NULL. */
Accounts *accounts_new(sd_event *event, AccountsAnswered answered, void *userdata);
Accounts *accounts_free(Accounts *accounts); /* ends what runs; NULL is fine; returns NULL */

/* As EngineConfig has them. */
int accounts_name(const Accounts *accounts, uid_t uid, char **ret_name);
int accounts_look(Accounts *accounts, uid_t uid);
