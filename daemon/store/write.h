/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * All that is ever written to an open store. A StoreWrite is one transaction: what is written between its
 * beginning and its end happened whole, durably (synchronous=FULL), or not at all. A write_ function stores
 * one record of core; a negative errno that it returns (see store.h) is handed to store_write_end(), which
 * then takes everything back. Which records belong into one write is the engine's decision.
 *
 *   int r = store_write_begin(store, &write);
 *   if (r < 0)
 *           return r;
 *   r = write_task_new(&write, &task);
 *   if (r == 0)
 *           r = write_rows(&write, rows, n);
 *   return store_write_end(&write, r, seq);
 */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/yield.h"
#include "daemon/core/focus.h"
#include "daemon/core/lists.h"
#include "daemon/core/machine.h"
#include "daemon/core/rules.h"
#include "daemon/core/types.h"
#include "daemon/store/store.h"

typedef struct StoreWrite {
        Store *store;
        const char *sentence; /* of the step of undo; NULL: no step */
        uint64_t at_real_usec;
        GArray *noted; /* rows of the step, with what they were before; NULL: none so far */
        bool large;    /* of statements that are rare and large: none of them is kept */
} StoreWrite;

/* Not while another write of this store goes on. */
int store_write_begin(Store *store, StoreWrite *ret_write);
/* What is written from here on is one step of undo with this sentence, which lives until the end: of each row
 * of the log that is written the images before and after are noted. Not called, or nothing noted: no step.
 * At most once in a write, and before anything is written. */
void store_write_step(StoreWrite *write, const char *sentence, uint64_t at_real_usec);
/*
 * result 0: stores the step and seq (0: no other than before), and commits; else takes everything back.
 * Returns result, or why it could not be committed, and then nothing happened, but for -ESTALE, where it
 * cannot be told. A commit that failed and happened all the same is 0. write is over in any case.
 */
int store_write_end(StoreWrite *write, int result, uint64_t seq);

/* ---- machine and settings ---- */

/* Rows of a Change, in their order. -EINVAL: of an interval that is not there; -EEXIST: it would overlap. */
int write_rows(StoreWrite *write, const Row *rows, unsigned n);
int write_machine(StoreWrite *write, const Machine *machine);
int write_setting(StoreWrite *write, const char *name, const char *text); /* NULL: back to its default */

/* ---- tasks ---- */

int write_task_new(StoreWrite *write, Task *task); /* fills in id and uuid */
/* What callers edit of it. -ENOENT. */
int write_task(StoreWrite *write, const Task *task);
/* Removes it, or hides it where the log needs it. -ENOENT. */
int write_task_removed(StoreWrite *write, int64_t id, bool *ret_hidden);

/* ---- the log, by hand: a step of undo. -EEXIST: it would overlap ---- */

/* id is the caller's, and must be above 0 and below next_id, which the next interval has at least; uuid is
 * filled in where it is empty. */
int write_interval_new(StoreWrite *write, Interval *interval, int64_t next_id);
/* All but id, uuid, pauses, interruptions and absences, which are moved and clipped to fit. -ENOENT. */
int write_interval(StoreWrite *write, const Interval *interval);
int write_interval_removed(StoreWrite *write, int64_t id); /* -ENOENT; -EBUSY while it runs */
/* Takes back the newest step that is not taken back, or makes the one again that was taken back last.
 * -ENOENT: there is none; -EBADMSG: what was kept of it makes no sense; -EEXIST, with the interval in the
 * way. */
int write_undo(StoreWrite *write, int64_t *ret_interval, Interval *ret_in_the_way);
int write_redo(StoreWrite *write, int64_t *ret_interval, Interval *ret_in_the_way);

/* ---- plugins ---- */

int write_plugin_enabled(StoreWrite *write, const char *plugin, bool enabled);
int write_plugin_value(
                StoreWrite *write, const char *plugin, const char *key, const char *value); /* NULL: none
                                                                                             */

/* Adds a list, or puts another text in the place of its own; and its end, -ENOENT. Texts that nobody names
 * any more go. */
int write_list(StoreWrite *write, const NameList *list, const char *text);
int write_list_removed(StoreWrite *write, const char *name);

/* ---- what profiles may block for everyone ---- */

int write_grant(StoreWrite *write, const char *profile, const char *item);
int write_grant_removed(StoreWrite *write, const char *profile, const char *item); /* NULL: all of them */
/* Those of profiles that are gone go; after write_rules(). */
int write_grants_known(StoreWrite *write);

/* ---- rules and claims ---- */

/* All rules and profiles, instead of those there are. Gives way between rows (yield may be NULL). */
int write_rules(StoreWrite *write, const RuleSet *set, const Yield *yield);
/* Each is inserted, or updated where its id is known, which must be above 0; the next claim has at least
 * next_id. */
int write_claims(StoreWrite *write, const Claim *claims, unsigned n, int64_t next_id);
/* Latched: the kernel's clock was synchronised in this boot. */
int write_synchronised_boot(StoreWrite *write, const char *boot_id);
