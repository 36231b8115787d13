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

/* ---- a write of which nothing is known ---- */

/* Of a request: nobody was told of it, as it was refused. */
static int follow(User *user) {
        const uint64_t told = user->seq;
        const News all = { .changed = CHANGED_TIMER | CHANGED_TASKS | CHANGED_HISTORY | CHANGED_SETTINGS |
                                      CHANGED_SCHEDULES | CHANGED_FOCUS };
        int r = user_load(user);

        if (r < 0)
                return r;
        if (user->seq > told)
                user_publish_anew(user, told, NULL);
        else
                user_publish(user, &all);
        return 0;
}

int user_recover_doubted(User *user) {
        bool stored;
        int r = store_look_again(user->store, &stored);

        if (r < 0)
                return r;
        journal_info("%s: what could not be told of user %u is known again: the last change is %s",
                        user->call ?: "pomod", user->uid, stored ? "stored" : "not stored");
        user->failure = 0;
        if (!stored)
                return 0;
        /* What time did is told before, and waits until it is stored, which it is. */
        if (user_outbox_count_changes(user) > 0) {
                user_outbox_drop_first(user);
                return 0;
        }
        return follow(user);
}
