/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/shapes.h"

#include <string.h>
#include <time.h>

#include "common/duration.h"
#include "common/timestamp.h"

uint64_t record_u64(struct json_object *record, const char *key) {
        struct json_object *value;

        return json_object_object_get_ex(record, key, &value) ? json_object_get_uint64(value) : 0;
}

int64_t record_i64(struct json_object *record, const char *key) {
        struct json_object *value;

        return json_object_object_get_ex(record, key, &value) ? json_object_get_int64(value) : 0;
}

const char *record_text(struct json_object *record, const char *key) {
        struct json_object *value;
        const char *text = NULL;

        if (json_object_object_get_ex(record, key, &value) && value)
                text = json_object_get_string(value);
        return text ?: "";
}

int record_bool(struct json_object *record, const char *key) {
        struct json_object *value;

        return json_object_object_get_ex(record, key, &value) && json_object_get_boolean(value);
}

static void add_time(struct json_object *to, const char *key, uint64_t realtime_usec) {
        char buf[TIMESTAMP_TEXT_MAX];

        json_object_object_add(to, key,
                        realtime_usec > 0 ? json_object_new_string(timestamp_format_utc(realtime_usec, buf))
                                          : NULL);
}

static void add_number(struct json_object *to, const char *key, uint64_t value) {
        json_object_object_add(to, key, json_object_new_uint64(value));
}

/* null where there is none. */
static void add_id(struct json_object *to, const char *key, uint64_t id) {
        json_object_object_add(to, key, id > 0 ? json_object_new_uint64(id) : NULL);
}

static void add_text(struct json_object *to, const char *key, const char *value) {
        json_object_object_add(to, key, json_object_new_string(value));
}

static void add_bool(struct json_object *to, const char *key, int value) {
        json_object_object_add(to, key, json_object_new_boolean(value));
}

struct json_object *shape_status(const TimerState *timer, uint64_t now_boot_usec) {
        struct json_object *o = json_object_new_object();
        uint64_t remaining = timer_state_remaining_usec(timer, now_boot_usec);

        if (!o)
                return NULL;

        add_text(o, "state", client_state_to_string(timer->state));
        add_bool(o, "paused", timer->paused);
        add_text(o, "next", client_state_to_string(timer->next));
        add_id(o, "id", timer->interval_id);
        add_text(o, "task", timer->task);
        add_id(o, "task_id", timer->task_id);
        add_time(o, "started", timer->started_real_usec);
        add_time(o, "deadline", timer->paused ? 0 : timer->deadline_real_usec);
        json_object_object_add(o, "remaining_usec",
                        remaining != UINT64_MAX ? json_object_new_uint64(remaining) : NULL);
        add_number(o, "elapsed_usec", timer_state_elapsed_usec(timer, now_boot_usec));
        add_number(o, "cycle", timer->cycle);
        add_number(o, "completed_today", timer->completed_today);
        json_object_object_add(o, "target_today",
                        timer->target_today > 0 ? json_object_new_uint64(timer->target_today) : NULL);
        add_text(o, "mode", timer->mode);
        add_text(o, "rule", timer->rule);
        add_text(o, "schedule_state", timer->schedule_state);
        add_number(o, "seq", timer->seq);
        return o;
}

/* A list, without any the empty one. */
static struct json_object *interruptions_shape(struct json_object *record) {
        struct json_object *array = json_object_new_array(), *all = NULL;

        if (!array || !json_object_object_get_ex(record, "Interruptions", &all))
                return array;
        for (size_t i = 0; i < json_object_array_length(all); i++) {
                struct json_object *one = json_object_array_get_idx(all, i), *o = json_object_new_object();

                add_time(o, "at", record_u64(one, "AtRealtimeUSec"));
                add_bool(o, "external", record_bool(one, "External"));
                add_text(o, "note", record_text(one, "Note"));
                json_object_array_add(array, o);
        }
        return array;
}

struct json_object *shape_interval(struct json_object *record) {
        struct json_object *o = json_object_new_object();
        const char *outcome = record_text(record, "Outcome");

        if (!o)
                return NULL;

        add_number(o, "id", record_u64(record, "Id"));
        add_text(o, "uuid", record_text(record, "Uuid"));
        add_text(o, "kind", record_text(record, "Kind"));
        add_text(o, "outcome", outcome);
        add_text(o, "reason", record_text(record, "Reason"));
        add_text(o, "date", record_text(record, "Date"));
        add_time(o, "started", record_u64(record, "StartedRealtimeUSec"));
        /* What runs has not ended, whatever is on disk of it. */
        add_time(o, "ended", strcmp(outcome, "running") == 0 ? 0 : record_u64(record, "EndedRealtimeUSec"));
        json_object_object_add(o, "offset_sec", json_object_new_int64(record_i64(record, "OffsetSec")));
        add_number(o, "planned_usec", record_u64(record, "PlannedUSec"));
        add_number(o, "worked_usec", record_u64(record, "WorkedUSec"));
        add_text(o, "task", record_text(record, "Task"));
        add_id(o, "task_id", record_u64(record, "TaskId"));
        add_text(o, "project", record_text(record, "Project"));
        add_number(o, "internal", record_u64(record, "Internal"));
        add_number(o, "external", record_u64(record, "External"));
        json_object_object_add(o, "interruptions", interruptions_shape(record));
        add_bool(o, "paused", record_bool(record, "Paused"));
        add_number(o, "paused_usec", record_u64(record, "PausedUSec"));
        add_number(o, "locked_usec", record_u64(record, "LockedUSec"));
        add_number(o, "idle_usec", record_u64(record, "IdleUSec"));
        add_text(o, "note", record_text(record, "Note"));
        add_bool(o, "overtime", record_bool(record, "Overtime"));
        add_number(o, "overtime_usec", record_u64(record, "OvertimeUSec"));
        add_text(o, "rule", record_text(record, "Rule"));
        add_bool(o, "edited", record_bool(record, "Edited"));
        add_number(o, "epoch", record_u64(record, "Epoch"));
        return o;
}

struct json_object *shape_task(struct json_object *record) {
        struct json_object *o = json_object_new_object();

        if (!o)
                return NULL;

        add_number(o, "id", record_u64(record, "Id"));
        add_text(o, "uuid", record_text(record, "Uuid"));
        add_text(o, "title", record_text(record, "Title"));
        add_text(o, "project", record_text(record, "Project"));
        add_number(o, "estimate", record_u64(record, "Estimate"));
        add_bool(o, "done", record_bool(record, "Done"));
        add_text(o, "plan_date", record_text(record, "PlanDate"));
        add_number(o, "used", record_u64(record, "Used"));
        add_number(o, "worked_usec", record_u64(record, "WorkedUSec"));
        return o;
}

void shape_text(struct json_object *to, const char *key, const char *value) {
        add_text(to, key, value);
}

void shape_time(struct json_object *to, const char *key, uint64_t realtime_usec) {
        add_time(to, key, realtime_usec);
}

void shape_second(struct json_object *to, const char *key, uint64_t realtime_usec) {
        time_t t = (time_t) (realtime_usec / USEC_PER_SEC);
        char buf[TIMESTAMP_TEXT_MAX];
        struct tm tm;

        if (realtime_usec == 0 || !gmtime_r(&t, &tm) ||
                        strftime(buf, sizeof(buf), "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
                json_object_object_add(to, key, NULL);
        else
                add_text(to, key, buf);
}

struct json_object *shape_explained(struct json_object *answer) {
        struct json_object *o = json_object_new_object();

        if (!o)
                return NULL;

        shape_second(o, "at", record_u64(answer, "AtRealtimeUSec"));
        add_text(o, "state", record_text(answer, "State"));
        add_text(o, "rule", record_text(answer, "Rule"));
        add_text(o, "mode", record_text(answer, "Mode"));
        shape_second(o, "until", record_u64(answer, "UntilRealtimeUSec"));
        add_text(o, "why", record_text(answer, "Why"));
        add_text(o, "kind", record_text(answer, "Kind"));
        add_text(o, "date", record_text(answer, "Date"));
        shape_second(o, "from", record_u64(answer, "FromRealtimeUSec"));
        shape_second(o, "to", record_u64(answer, "ToRealtimeUSec"));
        return o;
}

void shape_print(FILE *file, struct json_object *object) {
        fprintf(file, "%s\n",
                        json_object_to_json_string_ext(
                                        object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
}
