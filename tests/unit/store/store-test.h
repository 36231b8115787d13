/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What the tests of the store share: changes as the machine makes them, damage. */

#include <glib.h>
#include <sqlite3.h>
#include <stdint.h>

#include "common/cleanup.h"
#include "common/duration.h"
#include "daemon/store/store.h"
#include "daemon/store/write.h"
#include "tests/unit/folder.h"

#define T0      1767225600000000ULL /* 2026-01-01T00:00:00Z */
#define BOOT_ID "0123456789abcdef0123456789abcdef"

static inline void test_store_close(Store **store) {
        *store = store_close(*store);
}
#define store_ cleanup_(test_store_close) Store *

/* Opens one which must be sound, made where missing. */
Store *store_must_open(const char *folder);
/* Opens one of which something must be told. */
Store *store_must_report(const char *folder, uint64_t now, StoreReport *ret_report);

/* One write with a single call of a write_ function on &write, or one that is a step of undo, too. 0 or why
 * not. */
#define WRITE(store_, seq_, call) WRITE_WITH(store_, seq_, NULL, call)
#define EDIT(store_, seq_, call)  WRITE_WITH(store_, seq_, "an edit", call)
#define WRITE_WITH(store_, seq_, sentence_, call)                             \
        ({                                                                    \
                const char *write_sentence = (sentence_);                     \
                uint64_t write_seq = (seq_);                                  \
                StoreWrite write;                                             \
                int write_r = store_write_begin((store_), &write);            \
                if (write_r == 0 && write_sentence)                           \
                        store_write_step(&write, write_sentence, T0);         \
                if (write_r == 0)                                             \
                        write_r = store_write_end(&write, (call), write_seq); \
                write_r;                                                      \
        })

/* The rows and the machine of a change. */
int commit_change(Store *store, const Change *change, uint64_t seq);
/* Commits that what is given began, or ended: as the machine would. 0 or why not. */
int commit_begin(Store *store, IntervalKind kind, uint64_t started, int64_t task, int64_t *ret_id);
int commit_end(Store *store, IntervalOutcome outcome, uint64_t length);
int commit_row(Store *store, const Row *row); /* about what runs; its id is filled in */
/* A whole one that ended; must work. Returns its id. */
int64_t log_one(Store *store, IntervalKind kind, uint64_t started, uint64_t length, int64_t task);

/* The next id and seq of a store. */
int64_t next_id(Store *store);
uint64_t seq_of(Store *store);
unsigned count_intervals(Store *store);
/* Hands each interval to func, which stops the reading by what is not 0; that is returned. */
int read_intervals(Store *store, const LogQuery *query, IntervalFunc func, void *userdata);

/* An edit by hand: an interval that was added. 0 or why not. */
int add_by_hand(Store *store, uint64_t started, uint64_t length, int64_t *ret_id);

/* Writes length bytes of zeros at an offset of a file, length 0: cuts it there. */
void file_zero(const char *path, off_t offset, size_t length);
off_t file_size(const char *path);
/* Runs SQL on a store's file that nobody has open. */
void file_sql(const char *folder, const char *sql);
int64_t file_sql_int(const char *folder, const char *sql);
/* How many names in a folder begin so. */
unsigned count_names(const char *folder, const char *prefix);
