/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/request.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "daemon/engine/backup.h"
#include "daemon/engine/calendar.h"
#include "daemon/engine/focus-request.h"
#include "daemon/engine/focus.h"
#include "daemon/engine/grants-request.h"
#include "daemon/engine/lists.h"
#include "daemon/engine/load.h"
#include "daemon/engine/log.h"
#include "daemon/engine/agenda.h"
#include "daemon/engine/outbox.h"
#include "daemon/engine/plugins.h"
#include "daemon/engine/publish.h"
#include "daemon/engine/rate.h"
#include "daemon/engine/restore.h"
#include "daemon/engine/room.h"
#include "daemon/engine/rules.h"
#include "daemon/engine/settle.h"
#include "daemon/engine/tasks.h"
#include "daemon/engine/user.h"

/* ---- settings ---- */

/* What a setting may be is core's to say. */
static int set_setting(User *user, const Request *request, Refusal *ret_refusal) {
        const SettingInfo *info = setting_find(request->name);
        const bool reset = request->type == REQUEST_SETTING_RESET;
        Settings settings = user->settings;
        char text[SETTING_TEXT_MAX];
        StoreWrite write;
        News news = {};
        int r;

        /* An unknown name has no default; settings_set() finds the words for it. */
        r = settings_set(&settings, request->name, reset && info ? info->default_text : request->text,
                        ret_refusal);
        if (r != 0)
                return r;
        r = settings_get(&settings, request->name, text);
        if (r < 0)
                return r;
        r = store_write_begin(user->store, &write);
        if (r < 0)
                return r;
        publish_add_now(user, &news, CHANGED_SETTINGS, HAPPENED_SETTINGS_CHANGED, 0);
        r = write_setting(&write, request->name, reset ? NULL : text);
        r = user_publish_stored(user, &write, r, &news);
        if (r < 0)
                return r;
        user->settings = settings;
        user_calendar_forget_zone(user);
        user_publish(user, &news);
        return 0;
}

/* ---- the timer ---- */

static bool wants_new_task(const Change *change) {
        for (unsigned i = 0; i < change->n_rows; i++)
                if ((change->rows[i].type == ROW_BEGIN || change->rows[i].type == ROW_UPDATE) &&
                                change->rows[i].running.task == TASK_TO_MAKE)
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
        return store_interval_count_interruptions(user->store, running->id, boot - running->started_boot_usec,
                        &event->later_internal, &event->later_external);
}

static int decide_machine(
                User *user, const Request *request, int64_t task, Change *ret_change, Refusal *ret_refusal) {
        Event event = request->event;
        MachineEnv env;
        int r;

        event.task = task;
        r = count_later(user, &event);
        if (r < 0)
                return r;
        user_calendar_env(user, &env);
        return machine_dispatch(&user->machine, &event, &env, ret_change, ret_refusal);
}

/* The task that a request names: a known one, 0 none, or TASK_TO_MAKE. */
static int find_task(User *user, const Request *request, int64_t *ret_task, Refusal *ret_refusal) {
        int r = 0;

        if (request->task_title)
                return user_tasks_resolve(
                                user, request->task_title, request->task_project, ret_task, ret_refusal);
        if (request->event.task != 0)
                r = user_tasks_check(user, request->event.task, ret_refusal);
        if (r == 0)
                *ret_task = request->event.task;
        return r;
}

/* A start that is dated back is held against what was timed on other clocks, too, as an edit is. */
static int check_dated_back(User *user, const Request *request, const Machine *begun, Refusal *ret_refusal) {
        if (request->event.type != EVENT_START || request->event.ago_usec == 0 ||
                        user->machine.running.id != 0)
                return 0;
        return user_log_check_free(user, begun->running.id, begun->running.started_real_usec,
                        user->engine->now.real_usec, ret_refusal);
}

/* All that follows from it: the machine, a task that is made for it, and the claims. */
static int decide(User *user, const Request *request, Decision *decision, Refusal *ret_refusal) {
        int64_t task = 0;
        int r;

        r = find_task(user, request, &task, ret_refusal);
        if (r == 0)
                r = user_focus_check(user, request->focus, ret_refusal);
        if (r == 0)
                r = decide_machine(user, request, task, &decision->change, ret_refusal);
        if (r != 0 || !decision->change.changed)
                return r;
        r = check_dated_back(user, request, &decision->change.machine, ret_refusal);
        if (r == 0 && decision->new_task && !wants_new_task(&decision->change))
                decision->new_task = NULL;
        if (r == 0 && decision->new_task)
                r = user_tasks_check_room(user, request->task_project, ret_refusal);
        if (r == 0)
                r = user_focus_decide(user, &decision->change.machine, request->focus, &decision->focus);
        return r;
}

static int request_timer(User *user, const Request *request, Answer *answer, Refusal *ret_refusal) {
        const int64_t ran = user->machine.running.id;
        /* Borrowed: the store copies what it keeps. */
        const Task new_task = {
                .title = (char *) request->task_title,
                .project = (char *) request->task_project,
        };
        Decision decision = { .new_task = &new_task };
        int r;

        r = decide(user, request, &decision, ret_refusal);
        if (r == 0 && decision.change.changed)
                r = user_publish_decision(user, &decision);
        focus_change_done(&decision.focus);
        if (r != 0)
                return r;
        answer->did = decision.change.did;
        answer->id = decision.change.machine.running.id ?: ran;
        answer->created_task = decision.made_task;
        return 0;
}

/* ---- all of them ---- */

static int hand_on(User *user, const Request *request, Answer *answer, Refusal *ret_refusal) {
        switch (request->type) {
        case REQUEST_TIMER:
                return request_timer(user, request, answer, ret_refusal);
        case REQUEST_FOCUS_ENGAGE:
        case REQUEST_FOCUS_RELEASE:
        case REQUEST_FOCUS_WITHDRAW:
                return user_focus_request(user, request, answer, ret_refusal);
        case REQUEST_TASK_ADD:
        case REQUEST_TASK_UPDATE:
        case REQUEST_TASK_REMOVE:
                return user_tasks_request(user, request, answer, ret_refusal);
        case REQUEST_LOG_ADD:
        case REQUEST_LOG_EDIT:
        case REQUEST_LOG_DELETE:
        case REQUEST_LOG_UNDO:
        case REQUEST_LOG_REDO:
                return user_log_request(user, request, answer, ret_refusal);
        case REQUEST_SETTING_SET:
        case REQUEST_SETTING_RESET:
                return set_setting(user, request, ret_refusal);
        case REQUEST_PLUGIN_ENABLE:
        case REQUEST_PLUGIN_DISABLE:
        case REQUEST_PLUGIN_SET:
        case REQUEST_PLUGIN_RESET:
                return user_plugins_request(user, request, ret_refusal);
        case REQUEST_LIST_SET:
        case REQUEST_LIST_REMOVE:
                return user_lists_request(user, request, ret_refusal);
        case REQUEST_GRANT:
        case REQUEST_GRANTS_REVOKE:
                return user_grants_request(user, request, ret_refusal);
        case REQUEST_RULE_SET:
        case REQUEST_RULE_REMOVE:
        case REQUEST_PROFILE_SET:
        case REQUEST_PROFILE_REMOVE:
        case REQUEST_RULES_IMPORT:
                return user_rules_request(user, request, answer, ret_refusal);
        case REQUEST_OFFICE_DAY_ADD:
        case REQUEST_OFFICE_DAY_MOVE:
        case REQUEST_OFFICE_DAY_DROP:
                return user_office_days_request(user, request, ret_refusal);
        default:
                return -EINVAL;
        }
}

/* All that comes before deciding. Where there is no store, and what only asks makes none, -ENOENT. */
static int make_ready(User *user, const Request *request, Refusal *ret_refusal) {
        int r = 0;

        /* First of all: a stale click changes nothing and learns nothing else. */
        if (request->has_if_seq && request->if_seq != user->seq)
                return refuse(ret_refusal, REFUSAL_STATE_CHANGED,
                                "the state moved on from %" PRIu64 " to %" PRIu64
                                " since you looked; look again",
                                request->if_seq, user->seq);
        if (request->has_if_interval)
                r = machine_check_interval(&user->machine, request->if_interval, ret_refusal);
        if (r != 0)
                return r;
        if (!request->dry_run)
                r = user_restore_check(user, ret_refusal);
        if (r == 0 && !request->dry_run)
                r = user_rate_check(user, ret_refusal);
        if (r == 0)
                r = user_load_store(user, !request->dry_run);
        if (r == 0)
                r = user_outbox_flush(user, OUTBOX_REQUEST);
        return r != 0 || request->dry_run ? r : user_room_check(user, request, ret_refusal);
}

int user_request(User *user, const Request *request, Answer *ret_answer, Refusal *ret_refusal) {
        Answer answer = {};
        uint64_t written;
        int r;

        assert(user->call);
        assert(!user->engine->telling);
        r = make_ready(user, request, ret_refusal);
        written = user->store ? store_count_written(user->store) : 0;
        if (r == 0 || (r == -ENOENT && request->dry_run))
                r = hand_on(user, request, &answer, ret_refusal);
        if (r == 0 && user->store && store_count_written(user->store) != written)
                user_rate_count(user);
        /* What was derived is looked at anew, and the day counted where an edit changed it. */
        user->next_usec = 0;
        user->touched = true;
        /* What follows from it is told before the answer; a store that fails here is met again on leaving. */
        if (r == 0)
                (void) user_settle(user);
        if (r == 0 && ret_answer)
                *ret_answer = answer;
        return r;
}

int user_request_restore(User *user, const Request *request, EngineBackupFunc done, void *userdata,
                Refusal *ret_refusal) {
        int r;

        assert(user->call && request->type == REQUEST_RESTORE);
        r = make_ready(user, request, ret_refusal);
        if (r == 0)
                r = user_restore_begin(user, request, done, userdata, ret_refusal);
        if (r == 0)
                user_rate_count(user);
        return r;
}

int user_request_backup(User *user, EngineBackupFunc done, void *userdata, Refusal *ret_refusal) {
        int r;

        assert(user->call);
        if (!user->engine->config.spawn_backup)
                return refuse(ret_refusal, REFUSAL_NOT_POSSIBLE, "this pomod makes no backups");
        r = user_load_store(user, true);
        if (r >= 0)
                r = user_outbox_flush(user, OUTBOX_REQUEST);
        return r < 0 ? r : user_backup_by_hand(user, done, userdata, ret_refusal);
}
