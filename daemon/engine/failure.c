/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/engine-private.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* The environment's errors as a sentence: what is wrong with the folder, and what helps. */
static int refuse_folder(const char *folder, int error, Refusal *ret_refusal) {
        switch (-error) {
        case ENOMEM:
                return error;
        case EOVERFLOW:
                return refuse(ret_refusal, REFUSAL_STORE_NEWER,
                                "the store in %s was written by a newer pomod; install that version again, "
                                "or move the folder away",
                                folder);
        case ENOSPC:
        case EDQUOT:
        case EFBIG:
                return refuse(ret_refusal, REFUSAL_STORE_FAILED,
                                "the disk is full: nothing was changed; free some space in %s and try again",
                                folder);
        case EROFS:
        case EACCES:
                return refuse(ret_refusal, REFUSAL_STORE_FAILED,
                                "%s cannot be written: nothing was changed; make it writable for pomod and "
                                "try again",
                                folder);
        case EPERM:
                return refuse(ret_refusal, REFUSAL_STORE_FAILED,
                                "%s belongs to someone else: nothing was changed; give it to the account "
                                "that runs pomod",
                                folder);
        case EBUSY:
                return refuse(ret_refusal, REFUSAL_STORE_FAILED,
                                "another pomod has %s open: nothing was changed; stop one of the two",
                                folder);
        case EIO:
                return refuse(ret_refusal, REFUSAL_STORE_FAILED,
                                "the disk failed in %s: nothing was changed; look at the kernel's log, and "
                                "make a copy soon",
                                folder);
        default:
                return refuse(ret_refusal, REFUSAL_STORE_FAILED,
                                "the store in %s did not work (%s): nothing was changed", folder,
                                strerror(-error));
        }
}

int engine_refuse_open(Engine *engine, uid_t uid, int error, Refusal *ret_refusal) {
        char folder[4096];

        if (engine->config.many_users)
                snprintf(folder, sizeof(folder), "%s/%u", engine->state_dir, uid);
        else
                snprintf(folder, sizeof(folder), "%s", engine->state_dir);
        return refuse_folder(folder, error, ret_refusal);
}

/* The same failure again and again is one line. */
void user_log_store(User *user, int error, const char *what) {
        if (user->failure == error)
                return;
        user->failure = error;
        journal_error("The store of user %u in %s cannot be %s: %s", user->uid, user->folder, what,
                        strerror(-error));
}

void user_log_report(User *user, const StoreReport *report) {
        if (report->migrated_from > 0)
                journal_info("The store of user %u was brought up from version %d", user->uid,
                                report->migrated_from);
        if (report->set_aside && report->set_aside_account)
                journal_warning("The store in %s is not of the account %s, which has the uid %u now: set "
                                "aside "
                                "as %s",
                                user->folder, user->account, user->uid, report->set_aside);
        else if (report->set_aside)
                journal_error("The store in %s is damaged: set aside as %s", user->folder, report->set_aside);
        if (report->restored)
                journal_warning("The backup %s was put in its place in %s", report->restored, user->folder);
        else if (report->set_aside && !report->set_aside_account)
                journal_error("There was no good backup in %s: the log begins anew", user->folder);
}

/* After -EUCLEAN: the newest good backup is put in place, and all who watch are told that everything may be
 * new. */
static int recover(User *user, StoreReport *ret_report) {
        const uint64_t seq = user->seq;
        int r;

        if (user->pending.length > 0)
                journal_error("The last %u changes of user %u could not be stored before the store was "
                              "damaged",
                                user->pending.length, user->uid);
        r = store_recover(user->store, user->engine->now.real_usec, ret_report);
        if (r < 0) {
                user_log_store(user, r, "restored");
                return r;
        }
        user_log_report(user, ret_report);
        r = user_reload(user);
        if (r < 0) {
                user_log_store(user, r, "read");
                return r;
        }
        user->seq = MAX(user->seq, seq + 1);
        if (!g_hash_table_contains(user->engine->users, GUINT_TO_POINTER(user->uid)))
                return 0; /* it is just being loaded: nobody knows another state of it */
        user_announce(user,
                        CHANGED_TIMER | CHANGED_TASKS | CHANGED_HISTORY | CHANGED_SETTINGS |
                                        CHANGED_SCHEDULES | CHANGED_FOCUS,
                        NULL, 0, user->seq);
        return 0;
}

int user_recover(User *user) {
        StoreReport report = {};
        int r;

        r = recover(user, &report);
        store_report_done(&report);
        return r;
}

int user_refuse_store(User *user, int error, Refusal *ret_refusal) {
        StoreReport report = {};
        int r;

        if (error != -EUCLEAN) {
                user_log_store(user, error, "used");
                return refuse_folder(user->folder, error, ret_refusal);
        }
        r = recover(user, &report);
        if (r < 0)
                r = refuse(ret_refusal, REFUSAL_STORE_FAILED,
                                "the store in %s is damaged and could not be restored (%s); look at the "
                                "journal",
                                user->folder, strerror(-r));
        else if (report.restored)
                r = refuse(ret_refusal, REFUSAL_STORE_FAILED,
                                "the store was damaged: it was set aside as %s and the backup %s restored; "
                                "look at the log and try again",
                                report.set_aside ? report.set_aside : "a copy", report.restored);
        else
                r = refuse(ret_refusal, REFUSAL_STORE_FAILED,
                                "the store was damaged: it was set aside as %s and, without a good backup, "
                                "begun anew; try again",
                                report.set_aside ? report.set_aside : "a copy");
        store_report_done(&report);
        return r;
}
