/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Backups are made, and made into a store again, in a process of their own: they read every page, and the
 * loop must not wait for that. Each is "pomod --make-backup FOLDER", which prints the name of what it made
 * and exits with an errno where it failed.
 *
 * A few run at once, one of each user. The others wait for their turn: those that time asks for before those
 * that people do, and these in the order in which they were asked for. As each user has at most one of a kind
 * here, that is by turns.
 */

#include "daemon/engine/engine.h"

typedef struct sd_event sd_event;
typedef struct BackupChildren BackupChildren;

/* As engine_backup_done() takes them. */
typedef void (*BackupChildDone)(void *userdata, uid_t uid, BackupKind kind, int result, const char *name);

/* done is never NULL. */
BackupChildren *backup_children_new(sd_event *event, BackupChildDone done, void *userdata);
/* Ends those that run, and forgets those that wait; NULL is fine. */
BackupChildren *backup_children_free(BackupChildren *children);
/* Where 0 is returned, done will be called, later. */
int backup_children_add(BackupChildren *children, const BackupJob *job);

/* What the child does; returns what it exits with. */
int backup_child_main(const BackupJob *job);
