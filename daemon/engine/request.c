/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/engine-private.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* "a pomodoro is running until 15:20 (#12)" knows no titles: core has none. */
static void name_what_runs(const User *user, Refusal *refusal) {
        char *end = strstr(refusal->message, ");");
        cleanup_free_ char *rest = NULL;
        size_t left;

        if (!user->task_title || !end)
                return;
        rest = strdup(end);
        left = sizeof(refusal->message) - (size_t) (end - refusal->message);
        /* A title is far shorter than what is left of a message. */
        if (rest && strlen(rest) + strlen(user->task_title) + 2 < left)
                snprintf(end, left, ", %s%s", user->task_title, rest);
}

static bool wants_new_task(const Change *change) {
        for (unsigned i = 0; i < change->n_rows; i++)
                if ((change->rows[i].type == ROW_BEGIN || change->rows[i].type == ROW_UPDATE) &&
                                change->rows[i].running.task == STORE_NEW_TASK)
                        return true;
        return false;
}

/* Core counts interruptions and knows not when they were: the store does. */
static int count_later(User *user, Event *event) {
        const Running *running = &user->machine.running;
        const uint64_t boot = user->engine->now.boot_usec - event->ago_usec;

        if (event->type != EVENT_START || event->ago_usec == 0 || running->kind == INTERVAL_NONE ||
                        event->ago_usec > user->engine->now.boot_usec - running->started_boot_usec)
                return 0;
        return store_count_interruptions(user->store, running->id, boot - running->started_boot_usec,
                        &event->later_internal, &event->later_external);
}

static int decide(
                User *user, const Request *request, int64_t task, Change *ret_change, Refusal *ret_refusal) {
        Event event = request->event;
        Refusal refusal = {};
        MachineEnv env;
        int r;

        event.task = task;
        r = count_later(user, &event);
        if (r < 0)
                return user_refuse_store(user, r, ret_refusal);
        user_env(user, &env);
        r = machine_dispatch(&user->machine, &event, &env, ret_change, &refusal);
        if (r == REFUSAL_BUSY)
                name_what_runs(user, &refusal);
        if (r == REFUSAL_OFF_HOURS)
                user_explain_off_hours(user, &refusal);
        if (r > 0 && ret_refusal)
                *ret_refusal = refusal;
        return r;
}

static int request_timer(User *user, const Request *request, Answer *answer, Refusal *ret_refusal) {
        const int64_t ran = user->machine.running.id;
        int64_t task = request->event.task;
        Task new_task = {};
        Change change;
        bool create;
        int r;

        r = refuse_text(ret_refusal, "the note", request->event.note, CAP_NOTE_BYTES);
        if (r == 0 && request->task_title)
                r = user_resolve_task(user, request->task_title, request->task_project, &task, ret_refusal);
        else if (r == 0 && task != 0)
                r = user_check_task(user, task, ret_refusal);
        if (r == 0 && request->focus)
                r = user_check_focus(user, request->focus, ret_refusal);
        if (r == 0)
                r = decide(user, request, task, &change, ret_refusal);
        if (r != 0)
                return r;

        answer->did = change.did;
        answer->id = change.machine.running.id ? change.machine.running.id : ran;
        if (!change.changed)
                return 0;
        /* A start that is dated back is held against what was timed on other clocks, too, as an edit is. */
        if (request->event.type == EVENT_START && request->event.ago_usec > 0 && ran == 0) {
                r = user_check_free(user, answer->id, change.machine.running.started_real_usec,
                                user->engine->now.real_usec, ret_refusal);
                if (r != 0)
                        return r;
        }
        create = wants_new_task(&change);
        if (create) {
                r = user_check_room_for_task(user, request->task_project, ret_refusal);
                if (r != 0)
                        return r;
                /* Borrowed: the store copies what it keeps. */
                new_task.title = (char *) request->task_title;
                new_task.project = (char *) request->task_project;
        }
        r = user_commit(user, &change, create ? &new_task : NULL, ret_refusal);
        if (r == 0 && create)
                answer->created_task = new_task.id;
        if (r == 0 && request->focus)
                (void) user_start_focus(user, request->focus);
        return r;
}

static int hand_on(User *user, const Request *request, Answer *answer, Refusal *ret_refusal) {
        switch (request->type) {
        case REQUEST_TIMER:
                return request_timer(user, request, answer, ret_refusal);
        case REQUEST_FOCUS_ENGAGE:
        case REQUEST_FOCUS_RELEASE:
        case REQUEST_FOCUS_WITHDRAW:
                return user_request_focus(user, request, answer, ret_refusal);
        case REQUEST_TASK_ADD:
        case REQUEST_TASK_UPDATE:
        case REQUEST_TASK_REMOVE:
                return user_request_task(user, request, answer, ret_refusal);
        case REQUEST_LOG_ADD:
        case REQUEST_LOG_EDIT:
        case REQUEST_LOG_DELETE:
        case REQUEST_LOG_UNDO:
        case REQUEST_LOG_REDO:
                return user_request_log(user, request, answer, ret_refusal);
        case REQUEST_SETTING_SET:
        case REQUEST_SETTING_RESET:
                return user_request_setting(user, request, ret_refusal);
        case REQUEST_RESTORE:
                return user_request_restore(user, request, answer, ret_refusal);
        case REQUEST_RULE_SET:
        case REQUEST_RULE_REMOVE:
        case REQUEST_PROFILE_SET:
        case REQUEST_PROFILE_REMOVE:
        case REQUEST_RULES_IMPORT:
                return user_request_rules(user, request, answer, ret_refusal);
        case REQUEST_OFFICE_DAY_ADD:
        case REQUEST_OFFICE_DAY_MOVE:
        case REQUEST_OFFICE_DAY_DROP:
                return user_request_office_day(user, request, ret_refusal);
        default:
                return -EINVAL;
        }
}

static int serve(User *user, const Request *request, Answer *answer, Refusal *ret_refusal) {
        int r;

        /* First of all: a stale click changes nothing and learns nothing else. */
        if (request->has_if_seq && request->if_seq != user->seq)
                return refuse(ret_refusal, REFUSAL_STATE_CHANGED,
                                "the state moved on from %" PRIu64 " to %" PRIu64
                                " since you looked; look again",
                                request->if_seq, user->seq);
        r = user_open_store(user, !request->dry_run);
        /* What only asks makes no store. */
        if (r == -ENOENT && request->dry_run)
                return hand_on(user, request, answer, ret_refusal);
        if (r >= 0)
                r = user_flush_pending(user, true);
        if (r < 0)
                return user_refuse_store(user, r, ret_refusal);
        return hand_on(user, request, answer, ret_refusal);
}

int engine_request(
                Engine *engine, uid_t uid, const Request *request, Answer *ret_answer, Refusal *ret_refusal) {
        Answer answer = {};
        User *user;
        int r;

        r = engine_enter(engine, uid, &user, ret_refusal);
        if (r != 0)
                return r;
        r = serve(user, request, &answer, ret_refusal);
        /* What was derived is looked at anew, and the day counted where an edit changed it. */
        user->next_usec = 0;
        (void) user_settle(user, NULL);
        engine_arm(engine);
        if (r == 0 && ret_answer)
                *ret_answer = answer;
        return r;
}
