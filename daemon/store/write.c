/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include "daemon/store/write.h"

#include <assert.h>

#include "daemon/store/file.h"
#include "daemon/store/last-commit.h"
#include "daemon/store/statement.h"
#include "daemon/store/steps.h"

int store_write_begin(Store *store, StoreWrite *ret_write) {
        static const char begin[] = "BEGIN IMMEDIATE";
        int r;

        assert(store && (!store->db || sqlite3_get_autocommit(store->db)));
        r = store_run(store, begin, "");
        if (r < 0)
                return r;
        *ret_write = (StoreWrite){ .store = store };
        return 0;
}

void store_write_step(StoreWrite *write, const char *sentence, uint64_t at_real_usec) {
        assert(write->store && sentence && !write->sentence && !write->noted);
        write->sentence = sentence;
        write->at_real_usec = at_real_usec;
}

/* What could not be synced may be in the -wal whole, and true after a kill. What could not be written is not:
 * the last frame, without which the others count for nothing, comes last. */
static int look_at_failed(Store *store, int error) {
        const int rc = sqlite3_extended_errcode(store->db);
        bool stored;
        int r;

        if (rc == SQLITE_FULL || rc == SQLITE_IOERR_WRITE)
                return error;
        if (!sqlite3_get_autocommit(store->db))
                sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
        store->doubted = store->commits + 1;
        r = file_look_again(store, &stored);
        if (r < 0)
                return r;
        if (!stored)
                return error;
        store->survived = error;
        return 0;
}

static int commit(StoreWrite *write, uint64_t seq) {
        /* What was told while something else was written may be stored after it, with an older number. */
        static const char count[] = "UPDATE state SET seq = max(seq, ?1), commits = ?2";
        static const char end[] = "COMMIT";
        int r;

        r = step_store(write);
        if (r == 0)
                r = store_run(write->store, count, "ui", seq, write->store->commits + 1);
        if (r == 0)
                r = file_check_place(write->store);
        if (r < 0)
                return r;
        r = store_run(write->store, end, "");
        if (r < 0)
                return look_at_failed(write->store, r);
        last_commit_write(write->store->number_fd, ++write->store->commits);
        return 0;
}

int store_write_end(StoreWrite *write, int result, uint64_t seq) {
        Store *store = write->store;

        assert(store);
        if (result == 0)
                result = commit(write, seq);
        /* Some failures have rolled back already. */
        if (result != 0 && store->db && !sqlite3_get_autocommit(store->db))
                sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
        if (write->large)
                store_drop_statements(store);
        if (write->noted)
                g_array_unref(write->noted);
        *write = (StoreWrite){};
        return result;
}
