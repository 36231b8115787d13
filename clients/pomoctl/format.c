/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/format.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/duration.h"
#include "common/text.h"

const HelpItem format_placeholders[] = {
        { "%s", "state: idle, pomodoro, short break, long break, freeform" },
        { "%S", "the same as a word of the API: short-break" },
        { "%x", "\"paused\" while paused, else nothing" },
        { "%i", "an icon for the state" },
        { "%r", "remaining, as in 24:59; nothing where there is no end" },
        { "%R", "remaining in minutes, rounded up, as in 25m" },
        { "%e", "elapsed, without pauses; nothing while idle" },
        { "%E", "elapsed in whole minutes" },
        { "%T", "remaining where there is an end, else elapsed; nothing while idle" },
        { "%t", "title of the task" },
        { "%I", "id of the task, as in #7" },
        { "%k", "id of the interval, as in #12" },
        { "%c", "pomodoros in this cycle, since the last long break" },
        { "%n", "what comes next" },
        { "%d", "pomodoros completed today" },
        { "%g", "pomodoros aimed at today; nothing where there is no target" },
        { "%p", "completed and target, as in 3/8, or 3 without a target" },
        { "%u", "rule of the schedule that holds" },
        { "%m", "mode" },
        { "%w", "where the schedule stands: window, away, off-hours, free" },
        { "%W", "until when that holds, as in 17:00; one more question to the daemon" },
        { "%%", "a percent sign" },
        {},
};

int format_check(const char *format, char *ret_unknown) {
        for (const char *c = format; *c; c++) {
                const HelpItem *p = format_placeholders;

                if (*c != '%')
                        continue;
                c++;
                while (p->term && p->term[1] != *c)
                        p++;
                if (!*c || !p->term) {
                        *ret_unknown = *c;
                        return -EINVAL;
                }
        }

        return 0;
}

bool format_wants_schedule(const char *format) {
        for (const char *c = format; *c; c++)
                if (*c == '%' && *++c == 'W')
                        return true;
        return false;
}

static int print_safe(FILE *file, const char *text) {
        cleanup_free_ char *safe = text_for_terminal(text);

        if (!safe)
                return -ENOMEM;
        fputs(safe, file);
        return 0;
}

static void print_clock(FILE *file, uint64_t usec) {
        char buf[DURATION_TEXT_MAX];

        if (usec != UINT64_MAX)
                fputs(duration_format_clock(usec, buf), file);
}

static const char *icon(const TimerState *timer) {
        static const char *const icons[_CLIENT_STATE_MAX] = {
                [CLIENT_IDLE] = "○",
                [CLIENT_POMODORO] = "🍅",
                [CLIENT_SHORT_BREAK] = "☕",
                [CLIENT_LONG_BREAK] = "☕",
                [CLIENT_FREEFORM] = "●",
        };

        return timer->paused ? "⏸" : icons[timer->state];
}

static int placeholder_print(FILE *file, char which, const TimerState *timer, uint64_t now) {
        uint64_t remaining = timer_state_remaining_usec(timer, now),
                 elapsed = timer_state_elapsed_usec(timer, now);
        bool idle = timer->state == CLIENT_IDLE;

        switch (which) {
        case 's':
                fputs(client_state_label(timer->state), file);
                return 0;
        case 'S':
                fputs(client_state_to_string(timer->state), file);
                return 0;
        case 'x':
                fputs(timer->paused ? "paused" : "", file);
                return 0;
        case 'i':
                fputs(icon(timer), file);
                return 0;
        case 'r':
                print_clock(file, remaining);
                return 0;
        case 'R':
                if (remaining != UINT64_MAX)
                        fprintf(file, "%" PRIu64 "m",
                                        (uint64_t) ((remaining + USEC_PER_MIN - 1) / USEC_PER_MIN));
                return 0;
        case 'e':
                print_clock(file, idle ? UINT64_MAX : elapsed - elapsed % USEC_PER_SEC);
                return 0;
        case 'E':
                if (!idle)
                        fprintf(file, "%" PRIu64 "m", (uint64_t) (elapsed / USEC_PER_MIN));
                return 0;
        case 'T':
                return placeholder_print(file, remaining == UINT64_MAX ? 'e' : 'r', timer, now);
        case 't':
                return print_safe(file, timer->task);
        case 'I':
                if (timer->task_id > 0)
                        fprintf(file, "#%" PRIu64, timer->task_id);
                return 0;
        case 'k':
                if (!idle)
                        fprintf(file, "#%" PRIu64, timer->interval_id);
                return 0;
        case 'c':
                fprintf(file, "%" PRIu32, timer->cycle);
                return 0;
        case 'n':
                fputs(client_state_label(timer->next), file);
                return 0;
        case 'd':
                fprintf(file, "%" PRIu32, timer->completed_today);
                return 0;
        case 'g':
                if (timer->target_today > 0)
                        fprintf(file, "%" PRIu32, timer->target_today);
                return 0;
        case 'p':
                fprintf(file, "%" PRIu32, timer->completed_today);
                if (timer->target_today > 0)
                        fprintf(file, "/%" PRIu32, timer->target_today);
                return 0;
        case 'u':
                return print_safe(file, timer->rule);
        case 'm':
                return print_safe(file, timer->mode);
        case 'w':
                return print_safe(file, timer->schedule_state);
        default:
                fputc('%', file);
                return 0;
        }
}

int format_print(FILE *file, const char *format, const TimerState *timer, uint64_t now_boot_usec,
                const char *until) {
        int r = 0;

        for (const char *c = format; *c && r >= 0; c++) {
                if (*c == '%' && c[1] == 'W') {
                        fputs(until, file);
                        c++;
                } else if (*c == '%')
                        r = placeholder_print(file, *++c, timer, now_boot_usec);
                else
                        fputc(*c, file);
        }

        return r;
}

void format_schedule(FILE *file, const TimerState *timer, const char *until) {
        bool off = strcmp(timer->schedule_state, "off-hours") == 0,
             away = strcmp(timer->schedule_state, "away") == 0;

        if (!off && !*timer->rule)
                return;
        if (off)
                fputs("off hours", file);
        else {
                fputs(away ? "away: " : "", file);
                (void) print_safe(file, timer->rule);
                fprintf(file, "%s%s", *timer->mode ? ", " : "", timer->mode);
        }
        fprintf(file, "%s%s", *until ? ", until " : "", until);
}
