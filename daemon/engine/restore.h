/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * A backup is put in the place of a user's store because somebody asked for it. A process of its own makes
 * what will be the store; then it is put in place in one short step. Meanwhile nothing that is asked for is
 * written. Where time wrote something, it is made anew: nothing that was stored is lost.
 */

#include "daemon/engine/request.h"
#include "daemon/engine/user.h"

/* REQUEST_RESTORE, with the store open. Where 0 is returned, user_restore_answer() is to be called once. */
int user_restore_begin(User *user, const Request *request, EngineBackupFunc done, void *userdata,
                Refusal *ret_refusal);
/* The process ended: puts in place what it made. Where user_restore_goes_on() after it, it is made anew.
 * ret_kept: the backup of what was there before; empty: it is only set aside. */
int user_restore_end(User *user, int result, char ret_kept[BACKUP_NAME_MAX], Refusal *ret_refusal);
bool user_restore_goes_on(const User *user);
/* REFUSAL_BUSY while one goes on. */
int user_restore_check(const User *user, Refusal *ret_refusal);
/* To whoever asked. It does not go on after it. */
void user_restore_answer(User *user, int result, const Refusal *refusal, const char *kept);
/* Whoever asked is answered with -ECANCELED. */
void user_restore_cancel(User *user);
