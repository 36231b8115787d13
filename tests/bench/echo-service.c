/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/*
 * The floor for the daemon: the least that an honest sd-bus service can do to look the same. A vtable with
 * the members of Timer whose values lie ready in a struct, subscribers in an array, and a ring from one exact
 * timer. It has no state machine, no store, no users and no access check. With SIZE it stands in for the
 * daemon in a flood: it has the Timer of everybody but root, answers Introspect with so many bytes, Export
 * with a descriptor, and whatever else is asked with nothing.
 */

#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <systemd/sd-event.h>

#include "tests/bench/common.h"

#define SUBSCRIBERS_MAX 4096

typedef struct Echo {
        sd_bus *bus;
        sd_event *event;
        sd_event_source *ring;
        char *text;
        char *subscribers[SUBSCRIBERS_MAX];
        size_t n_subscribers;

        const char *state, *next, *task, *mode, *rule, *schedule_state, *time_zone, *not_enforced, *boot_id;
        int paused, can_pause;
        uint64_t interval_id, started_real, started_boot, deadline_real, deadline_boot, running_since, worked,
                        remaining, task_id, seq;
        uint32_t cycle, completed_today, target_today;
} Echo;

static int tell_all(Echo *echo, const char *kind) {
        int r = 0;
        echo->seq++;
        for (size_t i = 0; r >= 0 && i < echo->n_subscribers; i++) {
                cleanup_(sd_bus_message_unrefp) sd_bus_message *changed = NULL, *event = NULL;
                if ((r = sd_bus_message_new_signal(echo->bus, &changed, user_path(),
                                     "org.freedesktop.DBus.Properties", "PropertiesChanged")) < 0 ||
                                (r = sd_bus_message_set_destination(changed, echo->subscribers[i])) < 0 ||
                                (r = sd_bus_message_append(changed, "sa{sv}as", POMOD_INTERFACE_TIMER, 3,
                                                 "State", "s", echo->state, "DeadlineBoottimeUSec", "t",
                                                 echo->deadline_boot, "Seq", "t", echo->seq, 0)) < 0 ||
                                (r = sd_bus_send(echo->bus, changed, NULL)) < 0)
                        break;
                if ((r = sd_bus_message_new_signal(
                                     echo->bus, &event, user_path(), POMOD_INTERFACE_TIMER, "Event")) < 0 ||
                                (r = sd_bus_message_set_destination(event, echo->subscribers[i])) < 0 ||
                                (r = sd_bus_message_append(event, "tsa{sv}", echo->seq, kind, 1, "Interval",
                                                 "t", echo->interval_id)) < 0)
                        break;
                r = sd_bus_send(echo->bus, event, NULL);
        }
        return r;
}

static int on_ring(sd_event_source *source, uint64_t usec, void *userdata) {
        Echo *echo = userdata;
        echo->state = "idle";
        echo->ring = sd_event_source_unref(source);
        return tell_all(echo, "completed");
}

static int on_subscribe(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        Echo *echo = userdata;
        if (echo->n_subscribers == SUBSCRIBERS_MAX)
                return -ENOSPC;
        char *sender = strdup(sd_bus_message_get_sender(call));
        if (!sender)
                return -ENOMEM;
        echo->subscribers[echo->n_subscribers++] = sender;
        return sd_bus_reply_method_return(call, "t", echo->seq);
}

static int on_start(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        Echo *echo = userdata;
        uint64_t length = 1000000;
        echo->started_boot = clock_usec(CLOCK_BOOTTIME);
        echo->started_real = clock_usec(CLOCK_REALTIME);
        echo->deadline_boot = echo->started_boot + length;
        echo->deadline_real = echo->started_real + length;
        echo->state = "pomodoro";
        int r = sd_event_add_time(
                        echo->event, &echo->ring, CLOCK_BOOTTIME, echo->deadline_boot, 1, on_ring, echo);
        if (r < 0)
                return r;
        return sd_bus_reply_method_return(call, "t", ++echo->interval_id);
}

static int on_interrupt(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        int r = tell_all(userdata, "interrupted");
        return r < 0 ? r : sd_bus_reply_method_return(call, NULL);
}

static const sd_bus_vtable manager_vtable[] = {
        SD_BUS_VTABLE_START(0),
        SD_BUS_METHOD("Subscribe", "a{sv}", "t", on_subscribe, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_VTABLE_END,
};

#define PROPERTY(name, type, field) SD_BUS_PROPERTY(name, type, NULL, offsetof(Echo, field), 0)

static const sd_bus_vtable timer_vtable[] = {
        SD_BUS_VTABLE_START(0),
        PROPERTY("State", "s", state),
        PROPERTY("Paused", "b", paused),
        PROPERTY("CanPause", "b", can_pause),
        PROPERTY("Next", "s", next),
        PROPERTY("IntervalId", "t", interval_id),
        PROPERTY("StartedRealtimeUSec", "t", started_real),
        PROPERTY("StartedBoottimeUSec", "t", started_boot),
        PROPERTY("DeadlineRealtimeUSec", "t", deadline_real),
        PROPERTY("DeadlineBoottimeUSec", "t", deadline_boot),
        PROPERTY("RunningSinceBoottimeUSec", "t", running_since),
        PROPERTY("WorkedUSec", "t", worked),
        PROPERTY("PausedRemainingUSec", "t", remaining),
        PROPERTY("Cycle", "u", cycle),
        PROPERTY("Task", "s", task),
        PROPERTY("TaskId", "t", task_id),
        PROPERTY("CompletedToday", "u", completed_today),
        PROPERTY("TargetToday", "u", target_today),
        PROPERTY("Mode", "s", mode),
        PROPERTY("Rule", "s", rule),
        PROPERTY("ScheduleState", "s", schedule_state),
        PROPERTY("TimeZone", "s", time_zone),
        PROPERTY("NotEnforced", "s", not_enforced),
        PROPERTY("BootId", "s", boot_id),
        PROPERTY("Seq", "t", seq),
        SD_BUS_METHOD("Start", "sa{sv}", "t", on_start, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD("Interrupt", "a{sv}", NULL, on_interrupt, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_VTABLE_END,
};

/* ---- in a flood ---- */

static int find_anybody(sd_bus *bus, const char *path, const char *interface, void *userdata,
                void **ret_found, sd_bus_error *error) {
        if (strncmp(path, POMOD_USER_PATH "/_", strlen(POMOD_USER_PATH "/_")) != 0 ||
                        strcmp(path, POMOD_USER_PATH "/_0") == 0)
                return 0;
        *ret_found = userdata;
        return 1;
}

static int on_call(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        Echo *echo = userdata;
        const char *interface = sd_bus_message_get_interface(call);
        uint8_t type;

        if (sd_bus_message_get_type(call, &type) < 0 || type != SD_BUS_MESSAGE_METHOD_CALL || !interface ||
                        strcmp(sd_bus_message_get_path(call), POMOD_OBJECT_PATH) == 0 ||
                        strcmp(interface, "org.freedesktop.DBus.Properties") == 0)
                return 0;
        if (strcmp(interface, "org.freedesktop.DBus.Introspectable") == 0)
                return sd_bus_reply_method_return(call, "s", echo->text);
        /* The bell is of whoever does not flood: the flood starts freeform. */
        if (sd_bus_message_is_method_call(call, POMOD_INTERFACE_TIMER, "Start") > 0) {
                const char *kind;
                int r = sd_bus_message_read(call, "s", &kind);
                if (r < 0 || (r = sd_bus_message_rewind(call, 1)) < 0 || strcmp(kind, "freeform") != 0)
                        return r < 0 ? r : 0;
        }
        if (sd_bus_message_is_method_call(call, POMOD_INTERFACE_HISTORY, "Export") > 0) {
                cleanup_close_ int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
                return sd_bus_reply_method_return(call, "h", fd);
        }
        return sd_bus_reply_method_return(call, NULL);
}

static int prepare_flood(Echo *echo, size_t size) {
        int r;
        echo->text = malloc(size + 1);
        if (!echo->text)
                return -ENOMEM;
        memset(echo->text, ' ', size);
        echo->text[size] = '\0';
        r = sd_bus_add_filter(echo->bus, NULL, on_call, echo);
        return r < 0 ? r
                     : sd_bus_add_fallback_vtable(echo->bus, NULL, POMOD_USER_PATH, POMOD_INTERFACE_TIMER,
                                       timer_vtable, find_anybody, echo);
}

int main(int argc, char *argv[]) {
        if (argc != 3 && argc != 4) {
                fprintf(stderr, "usage: %s ADDRESS NAME [SIZE]\n", argv[0]);
                return 2;
        }
        static Echo echo = {
                .state = "pomodoro",
                .next = "short-break",
                .interval_id = 1,
                .cycle = 1,
                .task = "the bench",
                .task_id = 1,
                .completed_today = 1,
                .target_today = 10,
                .mode = "",
                .rule = "",
                .schedule_state = "free",
                .time_zone = "",
                .not_enforced = "",
                .boot_id = "0123456789abcdef0123456789abcdef",
                .seq = 1,
        };
        echo.started_boot = echo.running_since = clock_usec(CLOCK_BOOTTIME);
        echo.started_real = clock_usec(CLOCK_REALTIME);
        echo.deadline_boot = echo.started_boot + 1500ULL * 1000000;
        echo.deadline_real = echo.started_real + 1500ULL * 1000000;

        /* The signal that ends it comes through the loop, so that callgrind writes what it counted. */
        sigset_t mask;
        sigemptyset(&mask);
        sigaddset(&mask, SIGTERM);
        sigprocmask(SIG_BLOCK, &mask, NULL);

        int r;
        echo.bus = bus_connect(argv[1]);
        if ((r = sd_event_default(&echo.event)) < 0 ||
                        (r = sd_event_add_signal(echo.event, NULL, SIGTERM, NULL, NULL)) < 0 ||
                        (r = sd_bus_add_object_vtable(echo.bus, NULL, POMOD_OBJECT_PATH,
                                         POMOD_INTERFACE_MANAGER, manager_vtable, &echo)) < 0 ||
                        (r = argc == 4 ? prepare_flood(&echo, strtoul(argv[3], NULL, 10))
                                       : sd_bus_add_object_vtable(echo.bus, NULL, user_path(),
                                                         POMOD_INTERFACE_TIMER, timer_vtable, &echo)) < 0 ||
                        (r = sd_bus_attach_event(echo.bus, echo.event, 0)) < 0 ||
                        (r = sd_bus_request_name(echo.bus, argv[2], 0)) < 0 ||
                        (r = sd_event_loop(echo.event)) < 0)
                die(r, "the echo service failed");
        return 0;
}
