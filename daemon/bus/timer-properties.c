/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/timer.h"

#include <glib.h>
#include <stddef.h>
#include <string.h>

#include "daemon/bus/records.h"
#include "daemon/engine/read.h"

static const struct {
        const char *name;
        char type[2];
        size_t offset;
} properties[] = {
#define PROPERTY_ENTRY(name, type, field) { name, type, offsetof(TimerProperties, field) },
        TIMER_PROPERTIES(PROPERTY_ENTRY)
#undef PROPERTY_ENTRY
};

void timer_properties_get(User *user, TimerProperties *ret_properties) {
        TimerSnapshot snapshot;

        user_read_timer(user, &snapshot);
        *ret_properties = (TimerProperties){
                .state = interval_kind_to_string(snapshot.view.state),
                .paused = snapshot.view.paused,
                .can_pause = snapshot.view.can_pause,
                .next = interval_kind_to_string(snapshot.view.next),
                .interval_id = (uint64_t) snapshot.view.interval,
                .started_real_usec = snapshot.view.started_real_usec,
                .started_boot_usec = snapshot.view.started_boot_usec,
                .deadline_real_usec = snapshot.view.deadline_real_usec,
                .deadline_boot_usec = snapshot.view.deadline_boot_usec,
                .running_since_boot_usec = snapshot.view.running_since_boot_usec,
                .worked_usec = snapshot.view.worked_usec,
                .paused_remaining_usec = snapshot.view.paused_remaining_usec,
                .cycle = snapshot.view.cycle,
                .task = snapshot.task_title,
                .task_id = (uint64_t) snapshot.view.task,
                .completed_today = snapshot.completed_today,
                .target_today = snapshot.target_today,
                .mode = snapshot.mode == INTERVAL_NONE ? "" : interval_kind_to_string(snapshot.mode),
                .rule = snapshot.rule,
                .schedule_state = snapshot.schedule_state,
                .time_zone = snapshot.time_zone,
                .boot_id = snapshot.boot_id,
                .not_enforced = snapshot.not_enforced,
                .seq = snapshot.seq,
        };
}

static const void *property_at(const TimerProperties *values, size_t i) {
        return (const char *) values + properties[i].offset;
}

static const char *text_at(const TimerProperties *values, size_t i) {
        const char *text = *(const char *const *) property_at(values, i);
        return text ?: "";
}

void timer_properties_copy(const TimerProperties *values, TimerProperties *ret_copy) {
        TimerProperties copy = *values;

        for (size_t i = 0; i < ELEMENTSOF(properties); i++)
                if (properties[i].type[0] == SD_BUS_TYPE_STRING) {
                        char **text = (char **) ((char *) &copy + properties[i].offset);
                        *text = g_strdup(text_at(values, i));
                }
        *ret_copy = copy;
}

void timer_properties_done(TimerProperties *values) {
        for (size_t i = 0; i < ELEMENTSOF(properties); i++)
                if (properties[i].type[0] == SD_BUS_TYPE_STRING)
                        g_free(*(char **) ((char *) values + properties[i].offset));
        *values = (TimerProperties){};
}

static bool property_equal(const TimerProperties *a, const TimerProperties *b, size_t i) {
        switch (properties[i].type[0]) {
        case SD_BUS_TYPE_STRING:
                return strcmp(text_at(a, i), text_at(b, i)) == 0;
        case SD_BUS_TYPE_UINT64:
                return memcmp(property_at(a, i), property_at(b, i), sizeof(uint64_t)) == 0;
        default:
                return memcmp(property_at(a, i), property_at(b, i), sizeof(uint32_t)) == 0;
        }
}

static int property_append(Reply *reply, const TimerProperties *values, size_t i) {
        const char type = properties[i].type[0];
        int r = reply_open_entry(reply, properties[i].name, properties[i].type);

        if (r == 0)
                r = reply_append_basic(reply, type,
                                type == SD_BUS_TYPE_STRING ? text_at(values, i) : property_at(values, i));
        return r < 0 ? r : reply_close_entry(reply);
}

int timer_properties_append_changed(
                sd_bus_message *message, const TimerProperties *old, const TimerProperties *now) {
        Reply body = { .message = message };
        int n = 0, r = reply_open_record(&body);

        for (size_t i = 0; r == 0 && i < ELEMENTSOF(properties); i++)
                if (!property_equal(old, now, i)) {
                        r = property_append(&body, now, i);
                        n++;
                }
        if (r == 0)
                r = reply_close(&body);
        return r < 0 ? r : n;
}
