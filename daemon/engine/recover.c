/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/recover.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>

#include "daemon/engine/backup.h"
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

/* ---- a restore that was asked for ---- */

static int restore(User *user, const Request *request, Answer *answer, Refusal *ret_refusal) {
        StoreReport report = {};
        int r = store_backup_restore(user->store, request->name, user->engine->now.real_usec, &report);

        if (r == -ENOENT || r == -EINVAL)
                return refuse(ret_refusal, REFUSAL_NO_SUCH_BACKUP,
                                "there is no backup %s; the list of backups shows their names",
                                request->name);
        if (r == -EUCLEAN)
                return refuse(ret_refusal, REFUSAL_STORE_FAILED,
                                "the backup %s is damaged itself: nothing was changed; choose another",
                                request->name);
        if (r < 0)
                return r;
        journal_info("%s: the backup %s was restored in %s; what it replaced is kept as %s",
                        user->call ?: "pomod", request->name, user->folder, report.set_aside ?: "-");
        if (report.kept)
                g_strlcpy(answer->kept, report.kept, sizeof(answer->kept));
        store_report_done(&report);
        return user_load(user);
}

int user_recover_request(User *user, const Request *request, Answer *answer, Refusal *ret_refusal) {
        const uint64_t told = user->seq;
        int r;

        if (user->machine.running.kind != INTERVAL_NONE)
                return refuse(ret_refusal, REFUSAL_BUSY,
                                "#%" PRIi64
                                " is running, and would be lost with what is replaced; stop it first",
                                user->machine.running.id);
        r = restore(user, request, answer, ret_refusal);
        if (r != 0)
                return r;
        user_publish_anew(user, told,
                        &(Happening){ .type = HAPPENED_HISTORY_CHANGED,
                                        .at_real_usec = user->engine->now.real_usec });
        /* A damaged store is replaced by the newest backup, which is to be what was chosen, not what was
         * left. */
        if (!user->backup_running)
                (void) user_backup_start(user);
        return 0;
}
