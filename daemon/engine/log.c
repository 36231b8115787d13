/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/engine-private.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "common/timestamp.h"

/* Edits of the log by hand: what they make of a record is core's, what is in the way is the store's to find.
 */

#define local_time(user, real_usec, format, buf) \
        timestamp_format_local(real_usec, zone_offset_at(user_zone(user), real_usec), format, buf)

static int refuse_overlap(User *user, const Interval *other, Refusal *ret_refusal) {
        char from[TIMESTAMP_TEXT_MAX], to[TIMESTAMP_TEXT_MAX];
        const bool runs = other->outcome == OUTCOME_RUNNING;

        return refuse(ret_refusal, REFUSAL_OVERLAP,
                        "#%" PRIi64
                        " is in the way: %s %s\xe2\x80\x93%s%s%s; change its times first, or choose others",
                        other->id, interval_kind_to_string(other->kind),
                        local_time(user, other->started_real_usec, "%Y-%m-%d %H:%M", from),
                        runs ? "now" : local_time(user, interval_ended_real_usec(other), "%H:%M", to),
                        other->task_title ? ", " : "", other->task_title ? other->task_title : "");
}

static int refuse_no_interval(int64_t id, Refusal *ret_refusal) {
        return refuse(ret_refusal, REFUSAL_NO_SUCH_INTERVAL,
                        "there is no interval #%" PRIu64 "; the log shows their numbers", (uint64_t) id);
}

/* The running one goes up to now, whatever was last noted of it. */
static int check_running_in_the_way(
                User *user, int64_t except, uint64_t started, uint64_t ended, Refusal *ret_refusal) {
        const Machine *m = &user->machine;
        Interval running = {
                .id = m->running.id,
                .kind = m->running.kind,
                .outcome = OUTCOME_RUNNING,
                .started_real_usec = m->running.started_real_usec,
                .task_title = user->task_title,
        };

        if (m->running.kind == INTERVAL_NONE || except == m->running.id ||
                        ended <= m->running.started_real_usec || started >= user->engine->now.real_usec)
                return 0;
        return refuse_overlap(user, &running, ret_refusal);
}

static int refuse_found(User *user, int r, const Interval *other, Refusal *ret_refusal) {
        if (r == -ENOENT)
                return 0;
        return r < 0 ? user_refuse_store(user, r, ret_refusal) : refuse_overlap(user, other, ret_refusal);
}

int user_check_free(User *user, int64_t except, uint64_t started, uint64_t ended, Refusal *ret_refusal) {
        cleanup_(interval_done) Interval other = {};
        int r;

        if (ended <= started)
                return 0;
        r = check_running_in_the_way(user, except, started, ended, ret_refusal);
        if (r != 0)
                return r;
        r = store_find_overlap_any(user->store, started, ended, except, &other);
        return refuse_found(user, r, &other, ret_refusal);
}

/*
 * An edit is made on one clock, whatever the clocks of the log were: what it takes of the time must be free
 * in every epoch. What the record had before it may keep, also where a set clock laid another one over it.
 */
static int check_overlap(User *user, const Interval *was, const Interval *becomes, Refusal *ret_refusal) {
        const uint64_t started = becomes->started_real_usec, ended = interval_ended_real_usec(becomes);
        cleanup_(interval_done) Interval other = {};
        int r;

        if (!was)
                return user_check_free(user, becomes->id, started, ended, ret_refusal);
        if (becomes->outcome == OUTCOME_RUNNING)
                return 0;
        r = user_check_free(user, becomes->id, started, MIN(ended, was->started_real_usec), ret_refusal);
        if (r == 0)
                r = user_check_free(user, becomes->id, MAX(started, interval_ended_real_usec(was)), ended,
                                ret_refusal);
        if (r != 0)
                return r;
        r = store_find_overlap(user->store, becomes->epoch, started, ended, becomes->id, &other);
        return refuse_found(user, r, &other, ret_refusal);
}

/* The task of an edit: found, or made now, in a commit of its own right before that of the edit. */
static int take_task(User *user, const Request *request, LogEdit *edit, int64_t *ret_created,
                Refusal *ret_refusal) {
        int r;

        if (!request->task_title) {
                if (edit->has_task && edit->task != 0)
                        return user_check_task(user, edit->task, ret_refusal);
                return 0;
        }
        r = user_resolve_task(user, request->task_title, request->task_project, &edit->task, ret_refusal);
        if (r == 0 && edit->task == STORE_NEW_TASK) {
                *ret_created = STORE_NEW_TASK;
                r = user_check_room_for_task(user, request->task_project, ret_refusal);
        }
        edit->has_task = true;
        return r;
}

static int create_task(User *user, const Request *request, Interval *interval, int64_t *ret_created,
                Refusal *ret_refusal) {
        Task task = {
                .title = (char *) request->task_title,
                .project = (char *) request->task_project,
        };
        int r;

        if (*ret_created != STORE_NEW_TASK)
                return 0;
        r = store_add_task(user->store, &task, user->seq + 1);
        if (r < 0)
                return user_refuse_store(user, r, ret_refusal);
        interval->task = *ret_created = task.id;
        user_announce_stored(user, CHANGED_TASKS, HAPPENED_TASKS_CHANGED, task.id, user->seq + 1);
        return 0;
}

/* What begins at that time is of the window that holds then, by the rules of now. */
static int place(User *user, Interval *interval) {
        Calendar *calendar = user_calendar(user);
        char date[DATE_TEXT_MAX];
        Schedule schedule;
        char *rule = NULL;
        int r;

        if (!calendar)
                return -ENOMEM;
        r = calendar_at(calendar, interval->started_real_usec, &schedule);
        if (r < 0)
                return r;
        interval->window_date[0] = '\0';
        if (schedule.state == SCHEDULE_WINDOW) {
                rule = strdup(schedule.window.rule->name);
                if (!rule)
                        return -ENOMEM;
                g_strlcpy(interval->window_date, date_format(schedule.window.date, date),
                                sizeof(interval->window_date));
        }
        free(interval->rule);
        interval->rule = rule;
        interval->overtime = !interval_kind_is_break(interval->kind) &&
                             (schedule.state == SCHEDULE_OFF_HOURS || schedule.state == SCHEDULE_AWAY);
        return 0;
}

/* The log is another one: what was derived from it is derived anew, and told. */
static void edited(User *user, int64_t id, uint64_t seq) {
        int r;

        /* The edit is stored, whatever comes now: a store that is found damaged here is so at the next call.
         */
        r = store_newest_end(user->store, user->machine.epoch, &user->machine.newest_end_real_usec);
        if (r < 0)
                user_log_store(user, r, "read");
        user->today_known = false;
        user_announce_stored(user, CHANGED_HISTORY | CHANGED_TASKS, HAPPENED_HISTORY_CHANGED, id, seq);
}

static int add(User *user, const Request *request, Answer *answer, Refusal *ret_refusal) {
        cleanup_(interval_done) Interval interval = {};
        LogEdit edit = request->log;
        int64_t created = 0;
        uint64_t seq;
        int r;

        r = take_task(user, request, &edit, &created, ret_refusal);
        if (r == 0)
                r = log_edit_make(&edit, user_zone(user), &user->engine->now, &interval, ret_refusal);
        if (r == 0)
                r = place(user, &interval);
        if (r != 0)
                return r;
        r = store_epoch_at(user->store, interval.started_real_usec, &interval.epoch);
        if (r < 0)
                return user_refuse_store(user, r, ret_refusal);
        interval.id = user->machine.next_id;
        r = check_overlap(user, NULL, &interval, ret_refusal);
        if (r == 0)
                r = create_task(user, request, &interval, &created, ret_refusal);
        if (r != 0)
                return r;

        seq = user->seq + 1;
        r = store_add_interval(user->store, &interval, interval.id + 1, seq);
        if (r == -EEXIST)
                return refuse(ret_refusal, REFUSAL_OVERLAP, "another interval is in the way at that time");
        if (r < 0)
                return user_refuse_store(user, r, ret_refusal);
        user->machine.next_id = interval.id + 1;
        answer->id = interval.id;
        answer->created_task = created;
        edited(user, interval.id, seq);
        return 0;
}

static int edit_record(User *user, const Request *request, Answer *answer, Refusal *ret_refusal) {
        cleanup_(interval_done) Interval interval = {}, becomes = {};
        LogEdit edit = request->log;
        int64_t created = 0;
        uint64_t seq;
        int r;

        r = store_get_interval(user->store, request->id, &interval);
        if (r == -ENOENT)
                return refuse_no_interval(request->id, ret_refusal);
        if (r < 0)
                return user_refuse_store(user, r, ret_refusal);
        r = user_patch_interval(user, &interval);
        if (r == 0)
                r = take_task(user, request, &edit, &created, ret_refusal);
        if (r == 0)
                r = log_edit_apply(
                                &interval, &edit, user_zone(user), &user->engine->now, &becomes, ret_refusal);
        if (r == 0 && becomes.started_real_usec != interval.started_real_usec)
                r = place(user, &becomes);
        if (r == 0)
                r = check_overlap(user, &interval, &becomes, ret_refusal);
        if (r == 0)
                r = create_task(user, request, &becomes, &created, ret_refusal);
        if (r != 0)
                return r;

        seq = user->seq + 1;
        r = store_put_interval(user->store, &becomes, seq);
        if (r == -EEXIST)
                return refuse(ret_refusal, REFUSAL_OVERLAP, "another interval is in the way at that time");
        if (r < 0)
                return user_refuse_store(user, r, ret_refusal);
        if (becomes.id == user->machine.running.id) {
                user->machine.running.task = becomes.task;
                (void) user_refresh_title(user);
        }
        answer->id = becomes.id;
        answer->created_task = created;
        edited(user, becomes.id, seq);
        return 0;
}

static int delete_record(User *user, const Request *request, Answer *answer, Refusal *ret_refusal) {
        const uint64_t seq = user->seq + 1;
        int r;

        if (request->id == user->machine.running.id && request->id != 0)
                r = -EBUSY;
        else
                r = store_delete_interval(user->store, request->id, seq);
        if (r == -ENOENT)
                return refuse_no_interval(request->id, ret_refusal);
        if (r == -EBUSY)
                return refuse(ret_refusal, REFUSAL_NOT_POSSIBLE,
                                "#%" PRIi64 " is running and cannot be deleted; stop it first", request->id);
        if (r < 0)
                return user_refuse_store(user, r, ret_refusal);
        answer->id = request->id;
        edited(user, request->id, seq);
        return 0;
}

static int undo_or_redo(User *user, bool undo, Answer *answer, Refusal *ret_refusal) {
        cleanup_(interval_done) Interval other = {};
        const uint64_t seq = user->seq + 1;
        int64_t id = 0;
        int r;

        /* What runs is in the way up to now, so that is what the store has to know of it. */
        r = user_checkpoint(user);
        if (r >= 0)
                r = undo ? store_undo(user->store, seq, &id, &other)
                         : store_redo(user->store, seq, &id, &other);
        if (r == -ENOENT)
                return refuse(ret_refusal, undo ? REFUSAL_NOTHING_TO_UNDO : REFUSAL_NOTHING_TO_REDO,
                                undo ? "there is no edit of the log to undo"
                                     : "there is no undone edit of the log to redo");
        if (r == -EEXIST)
                return refuse_overlap(user, &other, ret_refusal);
        if (r < 0)
                return user_refuse_store(user, r, ret_refusal);
        answer->id = id;
        if (id != 0 && id == user->machine.running.id) {
                r = store_get_interval(user->store, id, &other);
                if (r < 0)
                        return user_refuse_store(user, r, ret_refusal);
                user->machine.running.task = other.task;
                (void) user_refresh_title(user);
        }
        edited(user, id, seq);
        return 0;
}

int user_request_log(User *user, const Request *request, Answer *answer, Refusal *ret_refusal) {
        int r;

        r = refuse_text(ret_refusal, "the note", request->log.has_note ? request->log.note : NULL,
                        CAP_NOTE_BYTES);
        if (r != 0)
                return r;
        switch (request->type) {
        case REQUEST_LOG_ADD:
                return add(user, request, answer, ret_refusal);
        case REQUEST_LOG_EDIT:
                return edit_record(user, request, answer, ret_refusal);
        case REQUEST_LOG_DELETE:
                return delete_record(user, request, answer, ret_refusal);
        default:
                return undo_or_redo(user, request->type == REQUEST_LOG_UNDO, answer, ret_refusal);
        }
}
