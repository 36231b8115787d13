/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/recover.h"

#include <assert.h>
#include <errno.h>

#include "daemon/engine/load.h"
#include "daemon/engine/outbox.h"
#include "daemon/engine/publish.h"
#include "daemon/engine/store-words.h"

static int replace(User *user, StoreReport *ret_report) {
        const unsigned lost = user_outbox_count_changes(user);
        int r;

        assert(user->store);
        if (lost > 0)
                journal_error("%s: the last %u changes of user %u could not be stored before the store was damaged",
                                user->call ?: "pomod", lost, user->uid);
        r = store_recover(user->store, user->engine->now.real_usec, ret_report);
        if (r < 0) {
                store_words_journal(user, r, "restored");
                return r;
        }
        store_words_journal_report(user, ret_report);
        r = user_load(user);
        if (r < 0) {
                store_words_journal(user, r, "read");
                /* Of a user who was never loaded nothing is known: that is to be tried again. */
                if (!user->focus.claims)
                        user->store = store_close(user->store);
        }
        return r;
}

int user_recover(User *user, Refusal *ret_refusal) {
        const uint64_t told = user->seq;
        StoreReport report = {};
        int r = replace(user, &report);

        if (r < 0)
                r = user->store && store_is_displaced(user->store)
                                    ? store_words_refuse_displaced(user->folder, r, ret_refusal)
                                    : store_words_refuse_damaged(user->folder, r, ret_refusal);
        else {
                user_publish_anew(user, told, NULL);
                r = store_words_refuse_replaced(&report, ret_refusal);
        }
        store_report_done(&report);
        return r;
}

int user_recover_unseen(User *user) {
        StoreReport report = {};
        int r = replace(user, &report);

        store_report_done(&report);
        return r;
}
