/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/log.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "common/timestamp.h"
#include "daemon/engine/calendar.h"
#include "daemon/engine/publish.h"
#include "daemon/engine/running.h"
#include "daemon/engine/tasks.h"

#define SENTENCE_MAX 160

#define local_time(user, real_usec, format, buf) \
        timestamp_format_local(real_usec, zone_offset_at(user_calendar_zone(user), real_usec), format, buf)

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

/* ---- what is in the way ---- */

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
        return r < 0 ? r : refuse_overlap(user, other, ret_refusal);
}

int user_log_check_free(User *user, int64_t except, uint64_t started, uint64_t ended, Refusal *ret_refusal) {
        cleanup_(interval_done) Interval other = {};
        int r;

        assert(user->store);
        if (ended <= started)
                return 0;
        r = check_running_in_the_way(user, except, started, ended, ret_refusal);
        if (r != 0)
                return r;
        r = store_interval_find_overlap_any(user->store, started, ended, except, &other);
        return refuse_found(user, r, &other, ret_refusal);
}

/*
 * An edit is made on one clock, whatever the clocks of the log were: what it takes of the time must be free
 * in every epoch. What the record had before it may keep, also where a set clock laid another record over it.
 */
static int check_overlap(User *user, const Interval *was, const Interval *becomes, Refusal *ret_refusal) {
        const uint64_t started = becomes->started_real_usec, ended = interval_ended_real_usec(becomes);
        cleanup_(interval_done) Interval other = {};
        int r;

        if (!was)
                return user_log_check_free(user, becomes->id, started, ended, ret_refusal);
        if (becomes->outcome == OUTCOME_RUNNING)
                return 0;
        r = user_log_check_free(user, becomes->id, started, MIN(ended, was->started_real_usec), ret_refusal);
        if (r == 0)
                r = user_log_check_free(user, becomes->id, MAX(started, interval_ended_real_usec(was)), ended,
                                ret_refusal);
        if (r != 0)
                return r;
        r = store_interval_find_overlap(user->store, becomes->epoch, started, ended, becomes->id, &other);
        return refuse_found(user, r, &other, ret_refusal);
}

/* ---- what an edit makes of a record ---- */

/* The task of an edit: a known one, or TASK_TO_MAKE. */
static int take_task(User *user, const Request *request, LogEdit *edit, Refusal *ret_refusal) {
        int r;

        if (!request->task_title) {
                if (edit->has_task && edit->task != 0)
                        return user_tasks_check(user, edit->task, ret_refusal);
                return 0;
        }
        edit->has_task = true;
        r = user_tasks_resolve(user, request->task_title, request->task_project, &edit->task, ret_refusal);
        if (r == 0 && edit->task == TASK_TO_MAKE)
                r = user_tasks_check_room(user, request->task_project, ret_refusal);
        return r;
}

/* What begins at that time is of the window that holds then, by the rules of now. */
static int place(User *user, Interval *interval) {
        Calendar *calendar = user_calendar(user);
        char date[DATE_TEXT_MAX];
        Schedule schedule;
        char *rule = NULL;
        int r = calendar_at(calendar, interval->started_real_usec, &schedule);
        if (r < 0)
                return r;
        interval->window_date[0] = '\0';
        if (schedule.state == SCHEDULE_WINDOW) {
                rule = g_strdup(schedule.window.rule->name);
                g_strlcpy(interval->window_date, date_format(schedule.window.date, date),
                                sizeof(interval->window_date));
        }
        free(interval->rule);
        interval->rule = rule;
        interval->overtime = !interval_kind_is_break(interval->kind) &&
                             (schedule.state == SCHEDULE_OFF_HOURS || schedule.state == SCHEDULE_AWAY);
        return 0;
}

static int make_record(User *user, const Request *request, Interval *ret_interval, Refusal *ret_refusal) {
        cleanup_(interval_done) Interval interval = {};
        LogEdit edit = request->log;
        int r;

        r = take_task(user, request, &edit, ret_refusal);
        if (r == 0)
                r = log_edit_make(
                                &edit, user_calendar_zone(user), &user->engine->now, &interval, ret_refusal);
        if (r == 0)
                r = place(user, &interval);
        if (r == 0)
                r = store_interval_epoch_at(user->store, interval.started_real_usec, &interval.epoch);
        if (r != 0)
                return r;
        interval.id = user->machine.next_id;
        r = check_overlap(user, NULL, &interval, ret_refusal);
        if (r != 0)
                return r;
        *ret_interval = interval;
        interval = (Interval){};
        return 0;
}

static int change_record(User *user, const Request *request, Interval *ret_interval, Refusal *ret_refusal) {
        cleanup_(interval_done) Interval was = {}, becomes = {};
        LogEdit edit = request->log;
        int r;

        r = store_interval_get(user->store, request->id, &was);
        if (r == -ENOENT)
                return refuse_no_interval(request->id, ret_refusal);
        if (r < 0)
                return r;
        user_running_patch(user, &was);
        r = take_task(user, request, &edit, ret_refusal);
        if (r == 0)
                r = log_edit_apply(&was, &edit, user_calendar_zone(user), &user->engine->now, &becomes,
                                ret_refusal);
        if (r == 0 && becomes.started_real_usec != was.started_real_usec)
                r = place(user, &becomes);
        if (r == 0)
                r = check_overlap(user, &was, &becomes, ret_refusal);
        if (r != 0)
                return r;
        *ret_interval = becomes;
        becomes = (Interval){};
        return 0;
}

/* ---- one write, and one step of undo ---- */

/* "changed #12: freeform, 2026-03-02 10:00–11:00" */
static void describe(User *user, const char *did, const Interval *interval, char sentence[SENTENCE_MAX]) {
        char from[TIMESTAMP_TEXT_MAX], to[TIMESTAMP_TEXT_MAX];

        g_snprintf(sentence, SENTENCE_MAX, "%s #%" PRIi64 ": %s, %s\xe2\x80\x93%s", did, interval->id,
                        interval_kind_to_string(interval->kind),
                        local_time(user, interval->started_real_usec, "%Y-%m-%d %H:%M", from),
                        interval->outcome == OUTCOME_RUNNING
                                        ? "now"
                                        : local_time(user, interval_ended_real_usec(interval), "%H:%M", to));
}

/* The log has changed: what is derived from it is read within the write, so that all of it is stored and
 * known, or nothing. The caller adopts what is its own, and publishes. */
static int end_write(User *user, StoreWrite *write, int r, int64_t id, News *news) {
        uint64_t newest_end = 0;

        if (r == 0)
                r = store_interval_newest_end(user->store, user->machine.epoch, &newest_end);
        if (r == 0)
                publish_add_now(user, news, CHANGED_HISTORY | CHANGED_TASKS, HAPPENED_HISTORY_CHANGED, id);
        r = user_publish_stored(user, write, r, news);
        if (r < 0)
                return r;
        user->machine.newest_end_real_usec = newest_end;
        user->today_known = false;
        return 0;
}

/* The task that an edit names and that is not there yet: it stays when the edit is taken back. */
static int make_task(User *user, StoreWrite *write, const Request *request, int64_t *ret_id, News *news) {
        Task task = {
                .title = (char *) request->task_title,
                .project = (char *) request->task_project,
        };
        int r = write_task_new(write, &task);

        if (r < 0)
                return r;
        *ret_id = task.id;
        publish_add_now(user, news, CHANGED_TASKS, HAPPENED_TASKS_CHANGED, task.id);
        return 0;
}

static int store_record(User *user, const Request *request, Interval *interval, Answer *answer,
                Refusal *ret_refusal) {
        const bool is_new = request->type == REQUEST_LOG_ADD;
        char sentence[SENTENCE_MAX];
        int64_t made = 0;
        StoreWrite write;
        News news = {};
        int r;

        describe(user, is_new ? "added" : "changed", interval, sentence);
        r = store_write_begin(user->store, &write);
        if (r < 0)
                return r;
        if (interval->task == TASK_TO_MAKE) {
                r = make_task(user, &write, request, &made, &news);
                interval->task = made;
        }
        store_write_step(&write, sentence, user->engine->now.real_usec);
        if (r == 0)
                r = is_new ? write_interval_new(&write, interval, interval->id + 1)
                           : write_interval(&write, interval);
        r = end_write(user, &write, r, interval->id, &news);
        if (r == -EEXIST)
                return refuse(ret_refusal, REFUSAL_OVERLAP, "another interval is in the way at that time");
        if (r < 0)
                return r;
        if (is_new)
                user->machine.next_id = interval->id + 1;
        if (interval->id == user->machine.running.id)
                user_running_set_task(user, interval->task);
        answer->id = interval->id;
        answer->created_task = made;
        user_publish(user, &news);
        return 0;
}

static int add_or_edit(User *user, const Request *request, Answer *answer, Refusal *ret_refusal) {
        cleanup_(interval_done) Interval interval = {};
        int r;

        r = request->type == REQUEST_LOG_ADD ? make_record(user, request, &interval, ret_refusal)
                                             : change_record(user, request, &interval, ret_refusal);
        return r != 0 ? r : store_record(user, request, &interval, answer, ret_refusal);
}

static int delete_record(User *user, const Request *request, Answer *answer, Refusal *ret_refusal) {
        cleanup_(interval_done) Interval interval = {};
        char sentence[SENTENCE_MAX];
        StoreWrite write;
        News news = {};
        int r;

        if (request->id == user->machine.running.id && request->id != 0)
                return refuse(ret_refusal, REFUSAL_NOT_POSSIBLE,
                                "#%" PRIi64 " is running and cannot be deleted; stop it first", request->id);
        r = store_interval_get(user->store, request->id, &interval);
        if (r == -ENOENT)
                return refuse_no_interval(request->id, ret_refusal);
        if (r == 0)
                r = store_write_begin(user->store, &write);
        if (r < 0)
                return r;
        describe(user, "deleted", &interval, sentence);
        store_write_step(&write, sentence, user->engine->now.real_usec);
        r = write_interval_removed(&write, request->id);
        r = end_write(user, &write, r, request->id, &news);
        if (r < 0)
                return r;
        answer->id = request->id;
        user_publish(user, &news);
        return 0;
}

/* ---- undo and redo ---- */

static int read_task(User *user, int64_t id, int64_t *ret_task) {
        cleanup_(interval_done) Interval interval = {};
        int r = store_interval_get(user->store, id, &interval);

        if (r == 0)
                *ret_task = interval.task;
        return r;
}

/* What is taken back or made again; the running interval may be on another task then. */
typedef struct Taken {
        int64_t id;
        int64_t task; /* of the running interval, where it is that one */
        Interval in_the_way;
} Taken;

static void taken_done(Taken *taken) {
        interval_done(&taken->in_the_way);
}

/* What runs is in the way up to now, so that is what the store has to know of it. */
static int write_taken(User *user, StoreWrite *write, bool undo, const Change *note, Taken *taken) {
        int r = 0;

        if (note) {
                r = write_rows(write, note->rows, note->n_rows);
                if (r == 0)
                        r = write_machine(write, &note->machine);
        }
        if (r == 0)
                r = undo ? write_undo(write, &taken->id, &taken->in_the_way)
                         : write_redo(write, &taken->id, &taken->in_the_way);
        if (r == 0 && taken->id != 0 && taken->id == user->machine.running.id)
                r = read_task(user, taken->id, &taken->task);
        return r;
}

static int undo_or_redo(User *user, bool undo, Answer *answer, Refusal *ret_refusal) {
        cleanup_(taken_done) Taken taken = {};
        StoreWrite write;
        News news = {};
        Change note;
        bool noted;
        int r;

        r = store_write_begin(user->store, &write);
        if (r < 0)
                return r;
        noted = user_running_note(user, &note);
        r = write_taken(user, &write, undo, noted ? &note : NULL, &taken);
        r = end_write(user, &write, r, taken.id, &news);
        if (r == -ENOENT)
                return refuse(ret_refusal, undo ? REFUSAL_NOTHING_TO_UNDO : REFUSAL_NOTHING_TO_REDO,
                                undo ? "there is no edit of the log to undo"
                                     : "there is no undone edit of the log to redo");
        if (r == -EBADMSG)
                return refuse(ret_refusal, undo ? REFUSAL_NOTHING_TO_UNDO : REFUSAL_NOTHING_TO_REDO,
                                "what was kept of that edit is damaged on the disk, so it stays as it is; edit the log by hand");
        if (r == -EEXIST)
                return refuse_overlap(user, &taken.in_the_way, ret_refusal);
        if (r < 0)
                return r;
        if (noted) {
                note.machine.newest_end_real_usec = user->machine.newest_end_real_usec;
                user->machine = note.machine;
        }
        if (taken.id != 0 && taken.id == user->machine.running.id)
                user_running_set_task(user, taken.task);
        answer->id = taken.id;
        user_publish(user, &news);
        return 0;
}

int user_log_request(User *user, const Request *request, Answer *answer, Refusal *ret_refusal) {
        switch (request->type) {
        case REQUEST_LOG_ADD:
        case REQUEST_LOG_EDIT:
                return add_or_edit(user, request, answer, ret_refusal);
        case REQUEST_LOG_DELETE:
                return delete_record(user, request, answer, ret_refusal);
        default:
                return undo_or_redo(user, request->type == REQUEST_LOG_UNDO, answer, ret_refusal);
        }
}
