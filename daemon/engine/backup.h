/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Backups ride on what is written anyway: after a write, at most once an hour, it is looked whether the
 * newest is a day old. So a store that nobody writes to wakes nobody. They are made in a process of their
 * own, which is somebody else's to start.
 */

#include "daemon/engine/user.h"

/* Starts the process. -EOPNOTSUPP: this engine makes no backups; -EAGAIN: too many are being made. */
int user_backup_start(User *user);
/* Starts one if it is due. */
void user_backup_look(User *user);
/* The process ended: answers whoever waits. */
void user_backup_ended(User *user, int result, const char *name);
/* Whoever waits is answered with -ECANCELED. */
void user_backup_cancel(User *user);
