/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/verb-status.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "clients/pomoctl/days.h"
#include "clients/pomoctl/format.h"
#include "clients/pomoctl/json.h"
#include "clients/pomoctl/records.h"
#include "clients/pomoctl/verb.h"
#include "clients/pomoctl/wrap.h"
#include "common/cleanup.h"
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
                cleanup_free_ char *task = memory_safe_text(timer->task);

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
static int schedule_until(const Program *program, char until[DAY_TEXT_MAX]) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        cleanup_(record_putp) struct json_object *answer = NULL;
        uint64_t usec;
        int r;

        until[0] = '\0';
        r = program_call(program, POMOD_INTERFACE_SCHEDULES, "Explain", NULL, &reply, "t", 0ULL)
                            ?: record_of_reply(program, reply, &answer);
        if (r != 0)
                return r;
        usec = record_u64(answer, "UntilRealtimeUSec");
        if (usec > 0)
                moment_label((time_t) (usec / USEC_PER_SEC), time(NULL), until);
        return 0;
}

int status_after_with(const Ctl *ctl, const char *key, struct json_object *value) {
        cleanup_(timer_state_done) TimerState timer = {};
        cleanup_(record_putp) struct json_object *owned = value, *status = NULL;

        if (client_get_timer(ctl->program.client, &timer) < 0)
                return program_failed(&ctl->program);
        if (ctl->program.json) {
                status = json_of_status(&timer, boottime_now_usec());
                if (key)
                        json_object_object_add(status, key, json_object_get(owned));
                json_print(stdout, status);
        } else {
                zone_use(timer.time_zone);
                status_print_line(ctl, &timer);
                status_print_not_enforced(ctl, &timer);
        }
        return 0;
}

int status_after(const Ctl *ctl) {
        return status_after_with(ctl, NULL, NULL);
}

static int status_of_format(const Ctl *ctl, const char *format, const TimerState *timer) {
        char until[DAY_TEXT_MAX] = "";
        int r = format_wants_schedule(format) ? schedule_until(&ctl->program, until) : 0;

        if (r != 0)
                return r;
        format_print(stdout, format, timer, boottime_now_usec(), until);
        putchar('\n');
        return 0;
}

void status_print_not_enforced(const Ctl *ctl, const TimerState *timer) {
        static const char heading[] = "not enforced";
        cleanup_free_ char *safe = memory_safe_text(timer->not_enforced ?: ""), *text = NULL;

        if (!*safe)
                return;
        printf("%s%s%s", ctl_colour(ctl, COLOUR_WRONG), heading, ctl_colour(ctl, COLOUR_OFF));
        text = memory_format(": %s", safe);
        wrap_print(stdout, text, sizeof(heading) - 1, 2, ctl_columns());
        putchar('\n');
}

static int status_of_people(const Ctl *ctl, const TimerState *timer) {
        bool scheduled = strcmp(timer->schedule_state, "free") != 0;
        cleanup_free_ char *schedule = NULL;
        char until[DAY_TEXT_MAX];
        int r = scheduled ? schedule_until(&ctl->program, until) : 0;

        if (r != 0)
                return r;
        status_print_line(ctl, timer);
        print_day(timer);
        if (scheduled) {
                schedule = format_schedule(timer, until);
                printf("%s\n", schedule);
        }
        status_print_not_enforced(ctl, timer);
        return 0;
}

static int verb_status(Ctl *ctl, const Args *args) {
        const char *format = args_value(args, "format");
        cleanup_(timer_state_done) TimerState timer = {};
        char unknown;

        if (format && format_check(format, &unknown) < 0) {
                if (unknown == '\0')
                        return ctl_usage(ctl, "--format ends in a lone %%; for a percent sign write %%%%");
                return ctl_usage(ctl, "--format has no placeholder %%%c; pomoctl status --help lists them",
                                unknown);
        }
        if (ctl->program.json && !format)
                return status_after(ctl);

        if (client_get_timer(ctl->program.client, &timer) < 0)
                return program_failed(&ctl->program);
        if (!ctl->program.json)
                zone_use(timer.time_zone);
        return format ? status_of_format(ctl, format, &timer) : status_of_people(ctl, &timer);
}

/* ---- the rows of the table of verbs ---- */

/* clang-format off */
const Verb verbs_of_status[] = {
        { .name = "status", .usage = "[--format FORMAT]", .run = verb_status,
          .brief = "show what is running; also pomoctl alone",
          .sentence = "show what is running; also pomoctl alone",
          .options = OPTIONS({ "format", "FORMAT",
                                             "a line of your own, with the placeholders below" }, ),
          .terms = format_placeholders, .terms_title = "Placeholders",
          .examples = ITEMS({ "pomoctl status --format '%i %T %t'",
                                            "for a prompt or a status line" },
                          { "pomoctl status --json", "for a script" }, ) },
        {},
};
/* clang-format on */
