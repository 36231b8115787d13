/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/store-words.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

static const char *call_of(const User *user) {
        return user->call ?: "pomod";
}

int store_words_refuse(const char *folder, int error, Refusal *ret_refusal) {
        assert(error < 0);
        switch (-error) {
        case EOVERFLOW:
                return refuse(ret_refusal, REFUSAL_STORE_NEWER,
                                "the store in %s was written by a newer pomod; install that version again, or move the folder away",
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
                                "%s cannot be written: nothing was changed; make it writable for pomod and try again",
                                folder);
        case EPERM:
                return refuse(ret_refusal, REFUSAL_STORE_FAILED,
                                "%s belongs to someone else: nothing was changed; give it to the account that runs pomod",
                                folder);
        case EBUSY:
                return refuse(ret_refusal, REFUSAL_STORE_FAILED,
                                "another pomod has %s open: nothing was changed; stop one of the two",
                                folder);
        case EIO:
                return refuse(ret_refusal, REFUSAL_STORE_FAILED,
                                "the disk failed in %s: nothing was changed; look at the kernel's log, and make a copy soon",
                                folder);
        case ESTALE:
                return refuse(ret_refusal, REFUSAL_STORE_FAILED,
                                "the disk failed in %s, and it is not known whether the last change is stored; the next request looks again, and everything shows what it found",
                                folder);
        default:
                return error;
        }
}

int store_words_refuse_unopened(const char *folder, int error, Refusal *ret_refusal) {
        int r = store_words_refuse(folder, error, ret_refusal);

        return r > 0 ? r
                     : refuse(ret_refusal, REFUSAL_STORE_FAILED,
                                       "the store in %s did not work (%s): nothing was changed", folder,
                                       strerror(-error));
}

int store_words_refuse_replaced(const StoreReport *report, Refusal *ret_refusal) {
        const char *aside = report->set_aside ?: "a copy";

        if (report->displaced)
                return refuse(ret_refusal, REFUSAL_STORE_FAILED,
                                "the file of the store was moved or replaced while pomod ran: nothing was changed, and what it held is in its place again; try again");
        if (report->restored)
                return refuse(ret_refusal, REFUSAL_STORE_FAILED,
                                "the store was damaged: it was set aside as %s and the backup %s restored; look at the log and try again",
                                aside, report->restored);
        return refuse(ret_refusal, REFUSAL_STORE_FAILED,
                        "the store was damaged: it was set aside as %s and, without a good backup, begun anew; try again",
                        aside);
}

int store_words_refuse_displaced(const char *folder, int error, Refusal *ret_refusal) {
        return refuse(ret_refusal, REFUSAL_STORE_FAILED,
                        "the file of the store in %s was moved or replaced while pomod ran, and cannot be put back (%s): nothing was changed; move what lies there out of the way and try again",
                        folder, strerror(-error));
}

int store_words_refuse_damaged(const char *folder, int error, Refusal *ret_refusal) {
        return refuse(ret_refusal, REFUSAL_STORE_FAILED,
                        "the store in %s is damaged and could not be restored (%s); look at the journal",
                        folder, strerror(-error));
}

void store_words_journal(User *user, int error, const char *done) {
        assert(error < 0);
        if (user->failure == error)
                return;
        user->failure = error;
        journal_error("%s: the store of user %u in %s cannot be %s: %s", call_of(user), user->uid,
                        user->folder, done, strerror(-error));
}

void store_words_journal_unopened(uid_t uid, const char *folder, const char *call, int error) {
        assert(error < 0);
        journal_error("%s: the store of user %u in %s cannot be opened: %s", call, uid, folder,
                        strerror(-error));
}

void store_words_journal_unsound(User *user) {
        const char *table;
        int64_t id;

        while (user->store && store_take_unsound(user->store, &table, &id))
                journal_error("%s: %s #%" PRIi64
                              " of user %u says what makes no sense, and is left out of lists until it is edited, removed or restored from a backup in %s",
                                call_of(user), table, id, user->uid, user->folder);
}

void store_words_journal_report(const User *user, const StoreReport *report) {
        const char *call = call_of(user);

        if (report->migrated_from > 0)
                journal_info("%s: the store of user %u was brought up from version %d", call, user->uid,
                                report->migrated_from);
        if (report->displaced) {
                journal_error("%s: the file of the store in %s was moved or replaced while pomod ran: what it held is kept as the backup %s, and in its place again; what lay there is kept as %s",
                                call, user->folder, report->restored, report->set_aside ?: "-");
                return;
        }
        if (report->set_aside && report->set_aside_account)
                journal_warning("%s: the store in %s is not of the account %s, which has the uid %u now: set aside as %s",
                                call, user->folder, user->account, user->uid, report->set_aside);
        else if (report->set_aside && report->behind)
                journal_error("%s: the store in %s is damaged, its newest changes are missing: set aside as %s",
                                call, user->folder, report->set_aside);
        else if (report->set_aside)
                journal_error("%s: the store in %s is damaged: set aside as %s", call, user->folder,
                                report->set_aside);
        if (report->restored)
                journal_warning("%s: the backup %s was put in its place in %s", call, report->restored,
                                user->folder);
        else if (report->set_aside && !report->set_aside_account)
                journal_error("%s: there was no good backup in %s: the log begins anew", call, user->folder);
}
