/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Backups are made in a process of their own: they read every page, and the loop must not wait for that. Each
 * is "pomod --make-backup FOLDER", which prints the name of what it made and exits with an errno where it
 * failed.
 */

#include <sys/types.h>

typedef struct sd_event sd_event;
typedef struct BackupChildren BackupChildren;

/* result and name as engine_backup_done() takes them. */
typedef void (*BackupChildDone)(void *userdata, uid_t uid, int result, const char *name);

/* done is never NULL. */
BackupChildren *backup_children_new(sd_event *event, BackupChildDone done, void *userdata);
BackupChildren *backup_children_free(BackupChildren *children); /* ends those that run; NULL is fine */
/* -EAGAIN while as many as should run at once do. */
int backup_children_spawn(BackupChildren *children, uid_t uid, const char *folder);

/* What the child does; returns what it exits with. */
int backup_child_main(const char *folder);
