/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Another file put in place of a store's: store_recover() and store_backup_restore(), and what opening needs.
 */

#include "daemon/store/folder.h"
#include "daemon/store/statement.h"
#include "daemon/store/store.h"

/* What lies in the folder while another file is put in place: it is whole, and not in its place yet. */
#define RECOVER_MADE STORE_FILE ".restored"

/* Before the store is opened, with its lock: what a crash has left is put in place, or away. */
int recover_interrupted(Store *store, uint64_t now_real_usec);

/* What a process that was killed left of this. */
void recover_remove_stale(Store *store);
/* store_recover(), which adds to what a report says already. */
int recover_into(Store *store, uint64_t now_real_usec, StoreReport *report);
/* The old one, of the account stored, is set aside with its backups; a new one is open. */
int recover_account(Store *store, const char *stored, uint64_t now_real_usec, StoreReport *report);
