/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/json.h"

#include <assert.h>
#include <ctype.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>

#include "clients/lib/memory.h"
#include "common/duration.h"
#include "common/timestamp.h"

struct json_object *json_new(void) {
        return memory_check(json_object_new_object());
}

static struct json_object *json_new_list(void) {
        return memory_check(json_object_new_array());
}

uint64_t record_u64(struct json_object *record, const char *key) {
        struct json_object *value;

        return json_object_object_get_ex(record, key, &value) ? json_object_get_uint64(value) : 0;
}

int64_t record_i64(struct json_object *record, const char *key) {
        struct json_object *value;

        return json_object_object_get_ex(record, key, &value) ? json_object_get_int64(value) : 0;
}

time_t record_time(struct json_object *record, const char *key) {
        return (time_t) (record_u64(record, key) / USEC_PER_SEC);
}

const char *record_text(struct json_object *record, const char *key) {
        struct json_object *value;
        const char *text = NULL;

        if (json_object_object_get_ex(record, key, &value) && value)
                text = json_object_get_string(value);
        return text ?: "";
}

char *record_join(struct json_object *record, const char *key) {
        struct json_object *list = NULL;
        char *text = NULL;

        json_object_object_get_ex(record, key, &list);
        for (size_t i = 0; list && i < json_object_array_length(list); i++)
                memory_append(&text, "%s%s", i > 0 ? " " : "",
                                json_object_get_string(json_object_array_get_idx(list, i)));
        return text;
}

bool record_bool(struct json_object *record, const char *key) {
        struct json_object *value;

        return json_object_object_get_ex(record, key, &value) && json_object_get_boolean(value);
}

void json_add_text(struct json_object *to, const char *key, const char *value) {
        json_object_object_add(to, key, json_object_new_string(value));
}

void json_add_number(struct json_object *to, const char *key, uint64_t value) {
        json_object_object_add(to, key, json_object_new_uint64(value));
}

void json_add_flag(struct json_object *to, const char *key, bool value) {
        json_object_object_add(to, key, json_object_new_boolean(value));
}

void json_add_id(struct json_object *to, const char *key, uint64_t id) {
        json_object_object_add(to, key, id > 0 ? json_object_new_uint64(id) : NULL);
}

void json_add_instant(
                struct json_object *to, const char *key, uint64_t realtime_usec, JsonInstants instants) {
        time_t t = (time_t) (realtime_usec / USEC_PER_SEC);
        char buf[TIMESTAMP_TEXT_MAX];
        struct tm tm;

        if (realtime_usec == 0)
                json_object_object_add(to, key, NULL);
        else if (instants == JSON_MICROSECONDS)
                json_add_text(to, key, timestamp_format_utc(realtime_usec, buf));
        else if (gmtime_r(&t, &tm) && strftime(buf, sizeof(buf), "%Y-%m-%dT%H:%M:%SZ", &tm) > 0)
                json_add_text(to, key, buf);
        else
                json_object_object_add(to, key, NULL);
}

struct json_object *json_of_status(const TimerState *timer, uint64_t now_boot_usec) {
        struct json_object *o = json_new();
        uint64_t remaining = timer_state_remaining_usec(timer, now_boot_usec);

        json_add_text(o, "state", client_state_to_string(timer->state));
        json_add_flag(o, "paused", timer->paused);
        json_add_text(o, "next", client_state_to_string(timer->next));
        json_add_id(o, "id", timer->interval_id);
        json_add_text(o, "task", timer->task);
        json_add_id(o, "task_id", timer->task_id);
        json_add_instant(o, "started", timer->started_real_usec, JSON_MICROSECONDS);
        json_add_instant(o, "deadline", timer->paused ? 0 : timer->deadline_real_usec, JSON_MICROSECONDS);
        json_object_object_add(o, "remaining_usec",
                        remaining != UINT64_MAX ? json_object_new_uint64(remaining) : NULL);
        json_add_number(o, "elapsed_usec", timer_state_elapsed_usec(timer, now_boot_usec));
        json_add_number(o, "cycle", timer->cycle);
        json_add_number(o, "completed_today", timer->completed_today);
        json_object_object_add(o, "target_today",
                        timer->target_today > 0 ? json_object_new_uint64(timer->target_today) : NULL);
        json_add_text(o, "mode", timer->mode);
        json_add_text(o, "rule", timer->rule);
        json_add_text(o, "schedule_state", timer->schedule_state);
        json_add_text(o, "not_enforced", timer->not_enforced ?: "");
        json_add_number(o, "seq", timer->seq);
        return o;
}

/* ---- records ---- */

#define NAME_MAX_BYTES 64
#define INSTANT        "RealtimeUSec"

static bool ends_with(const char *text, const char *end) {
        size_t n = strlen(text), n_end = strlen(end);

        return n > n_end && strcmp(text + n - n_end, end) == 0;
}

/* "WorkedUSec" as "worked_usec", without the end of the name that is n_end bytes long. */
static const char *name_of_key(const char *key, size_t n_end, char buf[NAME_MAX_BYTES]) {
        size_t n = strlen(key) - n_end, at = 0;

        for (size_t i = 0; i < n && at + 3 < NAME_MAX_BYTES; i++) {
                if (i > 0 && isupper((unsigned char) key[i]) && !isupper((unsigned char) key[i - 1]))
                        buf[at++] = '_';
                buf[at++] = (char) tolower((unsigned char) key[i]);
        }
        buf[at] = '\0';
        return buf;
}

static struct json_object *value_of(struct json_object *value, JsonInstants instants) {
        struct json_object *list;

        if (json_object_is_type(value, json_type_object))
                return json_of_record(value, instants);
        if (!json_object_is_type(value, json_type_array))
                return json_object_get(value);
        list = json_new_list();
        for (size_t i = 0; i < json_object_array_length(value); i++)
                json_object_array_add(list, value_of(json_object_array_get_idx(value, i), instants));
        return list;
}

struct json_object *json_of_record(struct json_object *record, JsonInstants instants) {
        struct json_object *o = json_new();
        char name[NAME_MAX_BYTES];

        json_object_object_foreach(record, key, value) {
                if (ends_with(key, INSTANT))
                        json_add_instant(o, name_of_key(key, strlen(INSTANT), name), record_u64(record, key),
                                        instants);
                else if (ends_with(key, "Id") && json_object_is_type(value, json_type_int))
                        json_add_id(o, name_of_key(key, 0, name), record_u64(record, key));
                else
                        json_object_object_add(o, name_of_key(key, 0, name), value_of(value, instants));
        }
        return o;
}

struct json_object *json_of_interval(struct json_object *record) {
        struct json_object *o = json_of_record(record, JSON_MICROSECONDS);

        /* What runs has not ended, whatever is on disk of it. */
        if (strcmp(record_text(record, "Outcome"), "running") == 0)
                json_object_object_add(o, "ended", NULL);
        /* A list, without any the empty one. */
        if (!json_object_object_get_ex(o, "interruptions", NULL))
                json_object_object_add(o, "interruptions", json_new_list());
        return o;
}

void json_print(FILE *file, struct json_object *object) {
        fprintf(file, "%s\n",
                        json_object_to_json_string_ext(
                                        object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
}

void json_print_and_put(FILE *file, struct json_object *object) {
        json_print(file, object);
        json_object_put(object);
}

void json_say(const char *types, ...) {
        struct json_object *o = json_new();
        va_list ap;

        va_start(ap, types);
        for (; *types; types++) {
                const char *key = va_arg(ap, const char *);

                if (*types == 's')
                        json_add_text(o, key, va_arg(ap, const char *));
                else if (*types == 't')
                        json_add_number(o, key, va_arg(ap, uint64_t));
                else {
                        assert(*types == 'b');
                        json_add_flag(o, key, va_arg(ap, int));
                }
        }
        va_end(ap);
        json_print_and_put(stdout, o);
}
