/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * The interval that runs, as it is at this moment: its task's title, what a stored record of it does not know
 * yet, and the note of it that loses nothing in a power cut.
 */

#include "daemon/engine/user.h"

/* The machine of a change is true from here on. */
void user_running_adopt(User *user, const Change *change);
/* The title of the task, which every reading of the timer shows. A negative errno of the store. */
int user_running_load_title(User *user);
/* The running interval is on another task, which is stored: 0 none. */
void user_running_set_task(User *user, int64_t task);

/* Fills a record that is stored as running with its current values. */
void user_running_patch(const User *user, Interval *interval);

/* What is to be stored of it now; false: nothing runs. */
bool user_running_note(const User *user, Change *ret_change);
/* … and stores it. A negative errno of the store, which is in the journal. */
int user_running_checkpoint(User *user);
