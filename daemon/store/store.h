/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * The store of one user: a folder with an SQLite file, its lock and its backups. Core's types go in and come
 * out. It knows no bus, no loop and no clock; what goes wrong in the environment is a negative errno:
 *
 *   -ENOSPC  the disk is full            -EROFS, -EACCES  it cannot be written here
 *   -EIO     the disk failed             -EUCLEAN         it is damaged (store_recover() is what helps)
 *   -EBUSY   another pomod has it open   -EOVERFLOW       a newer pomod wrote it
 *   -EPERM   the folder belongs to someone else
 *   -ESTALE  a commit failed, and it cannot be told whether it happened (store_look_again())
 *
 * Here is what opens, recovers and reads a store; what is written goes through write.h. A store that
 * recovering could not help answers -EUCLEAN to every call, until it is tried again. Arguments are never NULL
 * where nothing else is said.
 */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/cleanup.h"
#include "daemon/core/focus.h"
#include "daemon/core/days.h"
#include "daemon/core/machine.h"
#include "daemon/core/query.h"
#include "daemon/core/refusal.h"
#include "daemon/core/settings.h"
#include "daemon/core/types.h"

typedef struct Store Store;

/* What store_open() had to do, to be told in the journal: each NULL or a name inside the folder. */
typedef struct StoreReport {
        bool created;
        int migrated_from;      /* schema version before migration, 0: none was needed */
        char *set_aside;        /* the old file, kept under this name */
        bool set_aside_account; /* … because it belongs to another account name, else because it is damaged */
        bool behind;            /* … because commits were missing that it had once */
        bool displaced;         /* it was not damaged: another file lay in its place, or none */
        char *restored;         /* the backup that was put in place of a damaged one */
        char *kept;             /* what was replaced by it, as a backup of its own */
} StoreReport;
void store_report_done(StoreReport *report);

/*
 * Opens the store in a folder; creates folder (0700) and store if asked to, else -ENOENT without one. A
 * damaged store is set aside and the newest good backup put in its place, else an empty one. account is the
 * name that owns the uid now (a store of another name is set aside); uid is who must own the folder unless we
 * are root. now_real_usec names what is set aside. The folder is locked (flock on "lock") while open.
 */
int store_open(const char *folder, uid_t uid, const char *account, bool create, uint64_t now_real_usec,
                Store **ret_store, StoreReport *ret_report);
Store *store_close(Store *store); /* NULL is fine; returns NULL */

/* Whether -EUCLEAN was the answer because another file lies in the store's place, or none. */
bool store_is_displaced(const Store *store);
/* Whether -ESTALE is the answer to every call. */
bool store_is_doubted(const Store *store);
/* Then: opens the store and looks whether what could not be committed is there. -ESTALE: it still cannot be
 * told. */
int store_look_again(Store *store, bool *ret_stored);
/* The errno of a commit that failed and is there all the same, once; 0. */
int store_take_survived(Store *store);
/* A row that makes no sense is mended as far as it goes where it is asked for by its id, and else left out,
 * until it is written anew. Whether there is one that was not told of, which table it is of, and its id; each
 * once. */
bool store_take_unsound(Store *store, const char **ret_table, int64_t *ret_id);
/* After any call answered -EUCLEAN: sets the damaged file aside, restores, and is open again. Not while
 * something is read or written. */
int store_recover(Store *store, uint64_t now_real_usec, StoreReport *ret_report);

/*
 * A cursor is a reading that goes on row by row: _read() begins it, _next() fills in the next record, which
 * the caller frees, and returns 1, at the end 0, or a negative errno. All cursors must be freed before the
 * store is closed or recovered.
 */
typedef struct StoreCursor StoreCursor;
StoreCursor *store_cursor_free(StoreCursor *cursor); /* NULL is fine; returns NULL */
DEFINE_CLEANUP(StoreCursor *, store_cursor_free);

/* ---- machine and settings ---- */

/*
 * The machine as last committed, its running interval included, newest_end derived from the log (of what has
 * ended). Where nothing was ever committed boot_id is empty, and next_id and epoch are those to begin with.
 */
int store_machine_load(Store *store, Machine *ret_machine);
/* The user's settings; a stored value that no longer makes sense is left at its default and counted. */
int store_settings_load(Store *store, Settings *ret_settings, unsigned *ret_ignored);
/* Of the file, but for what is free in it. */
int store_count_bytes(Store *store, uint64_t *ret_bytes);
/* Grows with every row that is written, as long as the store is open. */
uint64_t store_count_written(const Store *store);
/* Sequence number of the last committed change; only grows, over restored backups too. */
int store_seq_load(Store *store, uint64_t *ret_seq);

/* ---- tasks ---- */

int store_task_get(Store *store, int64_t id, Task *ret_task); /* -ENOENT; with used and worked */
/* Open tasks of a title: how many (2 stands for more), and the first. project NULL: any. */
int store_task_find(
                Store *store, const char *title, const char *project, int64_t *ret_id, unsigned *ret_count);
int store_task_count(Store *store, unsigned *ret_tasks, unsigned *ret_projects);
/* Ordered by id. */
int store_tasks_read(Store *store, const TaskQuery *query, StoreCursor **ret_cursor);
int store_tasks_next(StoreCursor *cursor, Task *ret_task);

/* ---- the log ---- */

int store_interval_get(Store *store, int64_t id, Interval *ret_interval); /* -ENOENT */
/* Adds so many of them to an interval that was read, behind the first few. */
int store_interval_read_interruptions(Store *store, Interval *interval, uint32_t after, uint32_t most);
/* Ordered by start, then id. Where records lie behind others that the query hides, _next() returns
 * STORE_HIDDEN for each of these, with its key alone, so that a long look for the next one can be ended. */
#define STORE_HIDDEN 2
int store_intervals_read(Store *store, const LogQuery *query, StoreCursor **ret_cursor);
int store_intervals_next(StoreCursor *cursor, Interval *ret_interval);

/* How many interruptions were noted of an interval later than an offset from its start. */
int store_interval_count_interruptions(Store *store, int64_t id, uint64_t after_usec, uint32_t *ret_internal,
                uint32_t *ret_external);

/* Pomodoros completed on a day: begun in a window of its date, or in none and within its span. */
int store_interval_count_completed(Store *store, const Span *span, const char *date, uint32_t *ret_count);
int store_interval_newest_end(Store *store, uint32_t epoch, uint64_t *ret_real_usec); /* 0 for none */
/* The epoch that a record added by hand for this start belongs to: that of what started last before it, else
 * the first. */
int store_interval_epoch_at(Store *store, uint64_t started_real_usec, uint32_t *ret_epoch);
/* An interval of the epoch that shares time with [started, ended), other than except. What runs has no end.
 * 0 found, -ENOENT none. */
int store_interval_find_overlap(Store *store, uint32_t epoch, uint64_t started_real_usec,
                uint64_t ended_real_usec, int64_t except, Interval *ret_interval);
/* The same in whatever epoch. */
int store_interval_find_overlap_any(Store *store, uint64_t started_real_usec, uint64_t ended_real_usec,
                int64_t except, Interval *ret_interval);

/* ---- rules, profiles and claims ---- */

/* Rules and profiles as their text form, in their order, rules with since when they stand. Claims are on
 * record for good. */
int store_rules_load(Store *store, RuleSet *ret_set);
int store_claims_load(Store *store, GArray *claims, int64_t *ret_next_id); /* those in force, appended */
/* All that engaged in a span, in force or over, ordered by when they did. */
int store_claims_read(Store *store, const ClaimQuery *query, StoreCursor **ret_cursor);
/* When a claim engaged. -ENOENT. */
int store_claim_get_engaged(Store *store, int64_t id, uint64_t *ret_real_usec);
int store_claims_next(StoreCursor *cursor, Claim *ret_claim);
/* Whether a rule has engaged for a window of a date before. 1 yes, 0 no. */
int store_claim_engaged_before(Store *store, const char *rule, Date date, uint32_t window_start_sec);
/* Latched: the kernel's clock was synchronised in this boot. */
int store_synchronised_boot_load(Store *store, char ret_boot_id[33]);

/* ---- plugins ---- */

/* Those that get none of the user's claims, as names, and the standing settings that are set, as PluginValue:
 * appended. A row that makes no sense is left out. */
int store_plugins_load(Store *store, GPtrArray *disabled, GArray *values);

/* What was granted for everyone, added. A row that makes no sense grants nothing. */
int store_grants_load(Store *store, Grants *grants);

/* Lists, as NameList, by name; and the text of a digest, for g_free(), -ENOENT where none has it. */
int store_lists_load(Store *store, GArray *lists);
int store_list_get_text(Store *store, const char *digest, char **ret_text);

/* ---- backups: files in folder/backups, named by the UTC second they were made ---- */

#define BACKUP_KEEP_DAYS 14

/*
 * Makes one from the store in a folder that may be open elsewhere, checks it whole (integrity_check), makes
 * it durable under its name, and removes those older than a fortnight (never the newest three). Meant for a
 * process of its own: it reads every page. -EUCLEAN: the store is damaged, nothing was kept.
 */
int store_backup_make(const char *folder, uint64_t now_real_usec, char ret_name[BACKUP_NAME_MAX]);
/* The same of one that somebody asked for, which its name says: of these the newest CAP_BACKUPS_BY_HAND stay.
 * All together are at most CAP_BACKUPS_BYTES, but for the newest. */
int store_backup_make_by_hand(const char *folder, uint64_t now_real_usec, char ret_name[BACKUP_NAME_MAX]);
bool store_backup_is_there(const char *folder, const char *name);
/* Of Backup, newest first. */
int store_backups_list(const char *folder, GArray **ret_backups);

/*
 * Puts a backup in place of an open store, which is set aside and becomes the newest backup, so that this can
 * be taken back; ids and seq go on above both. In two halves: the first reads and writes all that is large,
 * beside the store, which may be open elsewhere, and is meant for a process of its own; the second is short.
 * What is written to the store in between is not in what takes its place: see store_count_written(). -ENOENT,
 * -EUCLEAN of the first: of that backup.
 */
int store_restore_prepare(const char *folder, const char *name, uint64_t now_real_usec);
/* Not while something is read or written. */
int store_restore_end(Store *store, const char *name, uint64_t now_real_usec, StoreReport *ret_report);
void store_restore_drop(Store *store); /* instead */
/* Both. */
int store_backup_restore(Store *store, const char *name, uint64_t now_real_usec, StoreReport *ret_report);
