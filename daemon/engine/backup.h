/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Backups ride on what is written anyway: after a write, at most once an hour, it is looked whether the
 * newest is a day old. So a store that nobody writes to wakes nobody. They are made in a process of their
 * own, which is somebody else's to start.
 */

#include "daemon/engine/user.h"

/* Asks for the process, whose turn comes. -EOPNOTSUPP: this engine makes no backups. */
int user_backup_start(User *user, BackupKind kind);
/* One that somebody asks for, and waits for: at most one a minute. Where 0 was returned, done is called once.
 */
int user_backup_by_hand(User *user, EngineBackupFunc done, void *userdata, Refusal *ret_refusal);
/* Starts one if it is due. */
void user_backup_look(User *user);
/* The process ended: answers whoever waits. */
void user_backup_ended(User *user, int result, const char *name);
/* Whoever waits is answered with -ECANCELED. */
void user_backup_cancel(User *user);
