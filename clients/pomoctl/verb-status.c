/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/verb-status.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "clients/pomoctl/days.h"
#include "clients/pomoctl/format.h"
#include "clients/pomoctl/record.h"
#include "clients/pomoctl/json.h"
#include "clients/pomoctl/verb.h"
#include "common/duration.h"
#include "common/names.h"

static void print_until(const TimerState *timer) {
        time_t deadline = (time_t) (timer->deadline_real_usec / USEC_PER_SEC);
        struct tm tm;

        if (timer->deadline_real_usec > 0 && localtime_r(&deadline, &tm))
                printf(" · until %02d:%02d", tm.tm_hour, tm.tm_min);
}

void status_print_line(const Ctl *ctl, const TimerState *timer) {
        uint64_t now = boottime_now_usec(), remaining = timer_state_remaining_usec(timer, now);
        bool idle = timer->state == CLIENT_IDLE,
             rest = timer->state == CLIENT_SHORT_BREAK || timer->state == CLIENT_LONG_BREAK;
        char buf[DURATION_TEXT_MAX];

        printf("%s%s%s%s",
                        ctl_colour(ctl, idle   ? COLOUR_BOLD
                                        : rest ? COLOUR_REST
                                               : COLOUR_WORK),
                        client_state_label(timer->state), timer->paused ? ", paused" : "",
                        ctl_colour(ctl, COLOUR_OFF));
        if (idle)
                printf(" · next %s", client_state_label(timer->next));
        else if (remaining != UINT64_MAX) {
                printf(" · %s left", duration_format_clock(remaining, buf));
                if (!timer->paused)
                        print_until(timer);
        } else {
                uint64_t elapsed = timer_state_elapsed_usec(timer, now);

                printf(" · %s so far", duration_format_clock(elapsed - elapsed % USEC_PER_SEC, buf));
        }

        if (*timer->task) {
                cleanup_free_ char *task = ctl_text(timer->task);

                printf(" · %s %s#%" PRIu64 "%s", task, ctl_colour(ctl, COLOUR_DIM), timer->task_id,
                                ctl_colour(ctl, COLOUR_OFF));
        }
        putchar('\n');
}

static void print_day(const TimerState *timer) {
        printf("today %" PRIu32, timer->completed_today);
        if (timer->target_today > 0)
                printf(" of %" PRIu32, timer->target_today);
        printf(" · cycle %" PRIu32, timer->cycle);
        if (timer->state != CLIENT_IDLE)
                printf(" · next %s", client_state_label(timer->next));
        putchar('\n');
}

/* Until when what the schedule says holds: "17:00", "" where that is not known. Asked only where it is shown.
 */
static int schedule_until(Ctl *ctl, char until[DAY_TEXT_MAX]) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        struct json_object *answer = NULL;
        uint64_t usec;
        int r;

        until[0] = '\0';
        r = client_call(ctl->client, POMOD_INTERFACE_SCHEDULES, "Explain", &reply, "ta{sv}", 0ULL, 0);
        if (r < 0)
                return ctl_failed(ctl);
        r = record_of_reply(ctl, reply, &answer);
        if (r != 0)
                return r;
        usec = record_u64(answer, "UntilRealtimeUSec");
        if (usec > 0)
                moment_label((time_t) (usec / USEC_PER_SEC), time(NULL), until);
        json_object_put(answer);
        return 0;
}

/* key NULL: nothing more than the status. */
static int print_json(const Ctl *ctl, const TimerState *timer, const char *key, struct json_object *value) {
        struct json_object *object = json_of_status(timer, boottime_now_usec());

        if (!object) {
                json_object_put(value);
                return ctl_errno(ctl, -ENOMEM, "cannot show the status");
        }
        if (key)
                json_object_object_add(object, key, value);
        json_print_and_put(stdout, object);
        return 0;
}

int status_after_with(const Ctl *ctl, const char *key, struct json_object *value) {
        cleanup_(timer_state_done) TimerState timer = {};

        if (client_get_timer(ctl->client, &timer) < 0) {
                json_object_put(value);
                return ctl_failed(ctl);
        }
        if (ctl->json)
                return print_json(ctl, &timer, key, value);

        timer_state_use_zone(&timer);
        status_print_line(ctl, &timer);
        json_object_put(value);
        return 0;
}

int status_after(const Ctl *ctl) {
        return status_after_with(ctl, NULL, NULL);
}

static int verb_status(Ctl *ctl, const Args *args) {
        cleanup_(timer_state_done) TimerState timer = {};
        const char *format = args_value(args, "format");
        char unknown, until[DAY_TEXT_MAX] = "";
        int r;

        if (format && format_check(format, &unknown) < 0) {
                if (unknown == '\0')
                        return ctl_usage(ctl, "--format ends in a lone %%; for a percent sign write %%%%");
                return ctl_usage(ctl, "--format has no placeholder %%%c; pomoctl status --help lists them",
                                unknown);
        }

        if (client_get_timer(ctl->client, &timer) < 0)
                return ctl_failed(ctl);
        if (!ctl->json)
                timer_state_use_zone(&timer);

        if (format ? format_wants_schedule(format)
                   : !ctl->json && strcmp(timer.schedule_state, "free") != 0) {
                r = schedule_until(ctl, until);
                if (r != 0)
                        return r;
        }
        if (format) {
                r = format_print(stdout, format, &timer, boottime_now_usec(), until);
                putchar('\n');
                return r < 0 ? ctl_errno(ctl, r, "cannot show the status") : 0;
        }
        if (ctl->json)
                return print_json(ctl, &timer, NULL, NULL);

        status_print_line(ctl, &timer);
        print_day(&timer);
        if (strcmp(timer.schedule_state, "free") != 0) {
                format_schedule(stdout, &timer, until);
                putchar('\n');
        }
        return 0;
}

/* ---- the rows of the table of verbs ---- */

/* clang-format off */
const Verb verbs_of_status[] = {
        {
                .name = "status",
                .brief = "show what is running; also pomoctl alone",
                .usage = "[--format FORMAT]",
                .sentence = "show what is running; also pomoctl alone",
                .options = OPTIONS({ "format", "FORMAT",
                                                   "a line of your own, with the placeholders below" }, ),
                .terms = format_placeholders,
                .terms_title = "Placeholders",
                .examples = ITEMS({ "pomoctl status --format '%i %T %t'",
                                                  "for a prompt or a status line" },
                                { "pomoctl status --json", "for a script" }, ),
                .run = verb_status,
        },
        {},
};
/* clang-format on */
