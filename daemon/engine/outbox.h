/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * What is true and told, and not yet stored: changes that time made to the timer, and claims. Everything
 * waits in one queue, and is tried again with one back-off, before the next request is answered at the
 * latest. It stores what it was given, and tells nobody.
 *
 * A claim waits as it is by now: an older copy gives way to a newer one.
 */

#include "daemon/engine/user.h"

#define OUTBOX_FIRST_USEC USEC_PER_SEC       /* until it is tried again; doubles … */
#define OUTBOX_LAST_USEC  (5 * USEC_PER_MIN) /* … up to this */

/* completed_real_usec: when the pomodoro that rings in the change had begun, 0 where none does; window_date:
 * of the window that it began in, empty none. */
void user_outbox_add_change(
                User *user, const Change *change, uint64_t completed_real_usec, const char *window_date);
/* due_usec: on BOOTTIME, before which it need not be stored by anybody's request; 0 at once. */
void user_outbox_add_claim(User *user, const Claim *claim, uint64_t due_usec);

typedef enum OutboxFlush {
        OUTBOX_TIME,    /* what is due, and not before it is to be tried again */
        OUTBOX_REQUEST, /* what is due, now */
        OUTBOX_END,     /* everything, now */
} OutboxFlush;

/* Stores in order, each for itself, as far as it goes. -EAGAIN: it is not to be tried yet; else a negative
 * errno of the store, which is in the journal. */
int user_outbox_flush(User *user, OutboxFlush flush);
/* When it is to be flushed, on BOOTTIME; MACHINE_NEVER. */
uint64_t user_outbox_next(const User *user);

bool user_outbox_is_empty(const User *user);
/* Something waits that is due: what is written next has to wait behind it. */
bool user_outbox_is_due(const User *user);

/* Changes are of a log that was replaced when they are dropped; claims stand. */
unsigned user_outbox_count_changes(const User *user);
void user_outbox_drop_changes(User *user);
/* The oldest change is stored, as it turned out. */
void user_outbox_drop_first(User *user);
/* These claims (an array of Claim) were stored by somebody else, as they are by now. */
void user_outbox_drop_claims(User *user, const GArray *claims);
void user_outbox_done(User *user);

/* NULL: none waits. Valid until the queue changes. */
const Row *user_outbox_find_end(const User *user, int64_t interval);
const Claim *user_outbox_find_claim(const User *user, int64_t id);
void user_outbox_each_claim(
                const User *user, void (*func)(const Claim *claim, void *userdata), void *userdata);
/* Whether a claim of a rule for a window waits, which counts as engaged. */
bool user_outbox_has_engaged(const User *user, const char *rule, Date date, uint32_t window_start_sec);
/* Pomodoros that rang and for which has() is true. */
uint32_t user_outbox_count_completed(const User *user,
                bool (*has)(const User *, uint64_t started_real_usec, const char *window_date));
