/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/event.h"

#include <ctype.h>
#include <errno.h>
#include <json-c/json.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "clients/lib/timer.h"
#include "common/cleanup.h"

#define NAME_BYTES 96u
#define DEPTH_MAX  8u

static int read_value(sd_bus_message *message, unsigned depth, struct json_object **ret_value);

static void value_put(struct json_object **value) {
        json_object_put(*value);
}

/* "AtRealtimeUSec" is "at_realtime_usec". */
static void small_letters(const char *name, char buf[NAME_BYTES]) {
        size_t n = 0;

        for (const char *at = name; *at && n + 2 < NAME_BYTES; at++) {
                if (at > name && isupper((unsigned char) *at) && !isupper((unsigned char) at[-1]))
                        buf[n++] = '_';
                buf[n++] = (char) tolower((unsigned char) *at);
        }
        buf[n] = '\0';
}

static int read_basic(sd_bus_message *message, char type, struct json_object **ret_value) {
        union {
                uint8_t y;
                int16_t n;
                uint16_t q;
                int32_t i;
                uint32_t u;
                int64_t x;
                uint64_t t;
                double d;
                int b;
                const char *s;
        } value;
        int r = sd_bus_message_read_basic(message, type, &value);

        if (r <= 0)
                return r < 0 ? r : -EBADMSG;
        switch (type) {
        case 'b':
                *ret_value = json_object_new_boolean(value.b);
                return 0;
        case 'd':
                *ret_value = json_object_new_double(value.d);
                return 0;
        case 's':
        case 'o':
        case 'g':
                *ret_value = json_object_new_string(value.s);
                return 0;
        case 'n':
        case 'i':
        case 'x':
                *ret_value = json_object_new_int64(type == 'n' ? value.n : type == 'i' ? value.i : value.x);
                return 0;
        default:
                *ret_value = json_object_new_uint64(type == 'y'   ? value.y
                                                    : type == 'q' ? value.q
                                                    : type == 'u' ? value.u
                                                                  : value.t);
                return 0;
        }
}

static int read_entries(sd_bus_message *message, unsigned depth, struct json_object *into) {
        char type;
        const char *contents, *key;
        int r;

        while ((r = sd_bus_message_peek_type(message, &type, &contents)) > 0) {
                struct json_object *value;
                char name[NAME_BYTES];

                if ((r = sd_bus_message_enter_container(message, 'e', contents)) < 0 ||
                                (r = sd_bus_message_read_basic(message, 's', &key)) < 0 ||
                                (r = read_value(message, depth + 1, &value)) < 0)
                        return r;
                small_letters(key, name);
                json_object_object_add(into, name, value);
                r = sd_bus_message_exit_container(message);
                if (r < 0)
                        return r;
        }
        return r;
}

static int read_items(sd_bus_message *message, unsigned depth, struct json_object *into) {
        int r;

        while ((r = sd_bus_message_at_end(message, false)) == 0) {
                struct json_object *value;

                r = read_value(message, depth + 1, &value);
                if (r < 0)
                        return r;
                json_object_array_add(into, value);
        }
        return r < 0 ? r : 0;
}

static int read_array(sd_bus_message *message, unsigned depth, const char *contents,
                struct json_object **ret_value) {
        cleanup_(value_put) struct json_object *value = NULL;
        bool entries = contents[0] == '{' && contents[1] == 's';
        int r = sd_bus_message_enter_container(message, 'a', contents);

        if (r < 0)
                return r;
        value = memory_check(entries ? json_object_new_object() : json_object_new_array());
        r = entries ? read_entries(message, depth, value) : read_items(message, depth, value);
        if (r >= 0)
                r = sd_bus_message_exit_container(message);
        if (r < 0)
                return r;
        *ret_value = steal(value);
        return 0;
}

/* What has no form here (a descriptor, a struct) is null. */
static int read_value(sd_bus_message *message, unsigned depth, struct json_object **ret_value) {
        const char *contents;
        char type;
        int r = sd_bus_message_peek_type(message, &type, &contents);

        if (r <= 0 || depth > DEPTH_MAX)
                return r < 0 ? r : -EBADMSG;
        if (type == 'a')
                return read_array(message, depth, contents, ret_value);
        if (type == 'v') {
                r = sd_bus_message_enter_container(message, 'v', contents);
                if (r >= 0)
                        r = read_value(message, depth + 1, ret_value);
                return r < 0 ? r : sd_bus_message_exit_container(message);
        }
        if (strchr("ybnqiuxtdsog", type))
                return read_basic(message, type, ret_value);
        *ret_value = NULL;
        return sd_bus_message_skip(message, NULL);
}

static uint64_t number_of(struct json_object *object, const char *key) {
        struct json_object *value;

        return json_object_object_get_ex(object, key, &value) ? json_object_get_uint64(value) : 0;
}

static void give(const char *kind, uint64_t seq, uint64_t interval, struct json_object *object,
                EventFunc func, void *userdata) {
        const PomoEvent event = {
                .size = sizeof(PomoEvent),
                .kind = kind,
                .json = json_object_to_json_string_ext(
                                object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE),
                .seq = seq,
                .interval = interval,
        };

        func(userdata, &event);
}

int event_of_signal(uint64_t seq, const char *kind, sd_bus_message *details, EventFunc func, void *userdata) {
        cleanup_(value_put) struct json_object *object = NULL;
        int r = read_value(details, 0, &object);

        if (r < 0)
                return r;
        if (!json_object_is_type(object, json_type_object))
                return -EBADMSG;
        give(kind, seq, number_of(object, "id"), object, func, userdata);
        return 0;
}

/* ---- what is true now ---- */

/* 0 is none, and null. */
static void add_id(struct json_object *to, const char *key, uint64_t id) {
        json_object_object_add(to, key, id > 0 ? json_object_new_uint64(id) : NULL);
}

static void add_number(struct json_object *to, const char *key, uint64_t number) {
        json_object_object_add(to, key, json_object_new_uint64(number));
}

static void add_text(struct json_object *to, const char *key, const char *text) {
        json_object_object_add(to, key, json_object_new_string(text));
}

static struct json_object *object_of_timer(const TimerState *timer) {
        struct json_object *o = memory_check(json_object_new_object());
        uint64_t now_usec = boottime_now_usec(), remaining = timer_state_remaining_usec(timer, now_usec);

        add_text(o, "state", client_state_to_string(timer->state));
        json_object_object_add(o, "paused", json_object_new_boolean(timer->paused));
        add_text(o, "next", client_state_to_string(timer->next));
        add_id(o, "id", timer->interval_id);
        add_text(o, "task", timer->task);
        add_id(o, "task_id", timer->task_id);
        add_id(o, "started_realtime_usec", timer->started_real_usec);
        add_id(o, "deadline_realtime_usec", timer->paused ? 0 : timer->deadline_real_usec);
        add_id(o, "deadline_boottime_usec", timer->paused ? 0 : timer->deadline_boot_usec);
        json_object_object_add(o, "remaining_usec",
                        remaining != UINT64_MAX ? json_object_new_uint64(remaining) : NULL);
        add_number(o, "elapsed_usec", timer_state_elapsed_usec(timer, now_usec));
        add_number(o, "cycle", timer->cycle);
        add_number(o, "completed_today", timer->completed_today);
        add_id(o, "target_today", timer->target_today);
        add_text(o, "mode", timer->mode);
        add_text(o, "rule", timer->rule);
        add_text(o, "schedule_state", timer->schedule_state);
        add_number(o, "seq", timer->seq);
        return o;
}

int event_of_timer(sd_bus_message *properties, EventFunc func, void *userdata) {
        cleanup_(timer_state_done) TimerState timer = {};
        cleanup_(value_put) struct json_object *object = NULL;
        int r = timer_state_read(properties, &timer);

        if (r < 0)
                return r;
        object = object_of_timer(&timer);
        give("state", timer.seq, timer.interval_id, object, func, userdata);
        return 0;
}
