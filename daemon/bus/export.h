/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * What is large goes through a pipe: the log of a user as lines of JSON, rules and profiles as text,
 * a list of names. It is
 * read in short slices and by key, so that an export of years neither delays a bell nor holds the store, and
 * written no faster than the other end reads.
 */

#include "daemon/bus/internal.h"
#include "daemon/core/query.h"
#include "daemon/core/refusal.h"

/* Ends those that are under way. */
void exports_end(Bus *bus);
/* … of one user, whose uid is another account's. */
void exports_end_of_user(Bus *bus, uid_t uid);
/* Each begins one; the caller closes the end to read from. 0, a negative errno, or a RefusalCode. */
int exports_begin_rules(Bus *bus, User *user, int *ret_fd, Refusal *ret_refusal);
/* for_host: root's host wants it, not the user. */
int exports_begin_list(
                Bus *bus, User *user, const char *digest, bool for_host, int *ret_fd, Refusal *ret_refusal);
int exports_begin_log(Bus *bus, User *user, const LogQuery *query, int *ret_fd, Refusal *ret_refusal);
