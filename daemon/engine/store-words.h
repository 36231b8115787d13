/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * What a store could not do, in words: for the person who asked, and for the one who reads the journal. It
 * changes nothing.
 */

#include "daemon/engine/user.h"

/*
 * Turns an errno that a store documents (see store.h) into a RefusalCode with its sentence: what is wrong
 * with the folder, and what helps. Any other errno is returned as it is, and is not a store's.
 */
int store_words_refuse(const char *folder, int error, Refusal *ret_refusal);

/* The same for a store that could not be opened, where every errno is its own. */
int store_words_refuse_unopened(const char *folder, int error, Refusal *ret_refusal);

/* After a damaged store was replaced: what took its place. Returns REFUSAL_STORE_FAILED. */
int store_words_refuse_replaced(const StoreReport *report, Refusal *ret_refusal);
/* … or could not be, for that errno. Returns REFUSAL_STORE_FAILED. */
int store_words_refuse_damaged(const char *folder, int error, Refusal *ret_refusal);
int store_words_refuse_displaced(const char *folder, int error, Refusal *ret_refusal);

/* One line for a failure, with the call that failed; the same failure again and again is one line. done: what
 * could not be, like "written". */
void store_words_journal(User *user, int error, const char *done);
/* A user whose store could not even be opened. */
void store_words_journal_unopened(uid_t uid, const char *folder, const char *call, int error);
/* Rows that make no sense, each once. */
void store_words_journal_unsound(User *user);
/* What opening or recovering had to do. */
void store_words_journal_report(const User *user, const StoreReport *report);
