/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * What comes in through a descriptor: the text of a list. It is read in short slices, and nothing
 * is waited for: a descriptor is somebody else's, and what a read of it would wait for is theirs to decide.
 * Therefore it is a memfd, which has all of it. A file may lie on a file system of the caller's own, and a
 * pipe is locked by whoever is at it. The memfd needs no seals: what is there when it is read counts.
 */

#include "daemon/bus/method.h"

typedef struct Uploads Uploads;

Uploads *uploads_new(Bus *bus);
Uploads *uploads_free(Uploads *uploads); /* ends those that are under way; NULL is fine; returns NULL */
/* … of one user, whose uid is another account's. */
void uploads_end_of_user(Uploads *uploads, uid_t uid);

/* Takes a call, which is answered when all of the text came. fd: the message's. 0, or why it cannot. */
int uploads_begin_list(Uploads *uploads, Call *call, const char *name, int fd, const Request *request);
