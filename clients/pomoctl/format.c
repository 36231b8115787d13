/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/format.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "common/cleanup.h"
#include "common/duration.h"

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

static void print_safe(FILE *file, const char *text) {
        cleanup_free_ char *safe = memory_safe_text(text);

        fputs(safe, file);
}

static void print_clock(FILE *file, uint64_t usec) {
        char buf[DURATION_TEXT_MAX];

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

/* The placeholders that are words; NULL: it is none of them. */
static const char *word_of(char which, const TimerState *timer) {
        switch (which) {
        case 's':
                return client_state_label(timer->state);
        case 'S':
                return client_state_to_string(timer->state);
        case 'x':
                return timer->paused ? "paused" : "";
        case 'i':
                return icon(timer);
        case 't':
                return timer->task;
        case 'n':
                return client_state_label(timer->next);
        case 'u':
                return timer->rule;
        case 'm':
                return timer->mode;
        case 'w':
                return timer->schedule_state;
        default:
                return NULL;
        }
}

/* Those that are times. */
static bool print_time(FILE *file, char which, const TimerState *timer, uint64_t now) {
        uint64_t remaining = timer_state_remaining_usec(timer, now),
                 elapsed = timer_state_elapsed_usec(timer, now);
        bool idle = timer->state == CLIENT_IDLE, ends = remaining != UINT64_MAX;

        switch (which) {
        case 'T':
        case 'e':
        case 'r':
                if (ends && which != 'e')
                        print_clock(file, remaining);
                else if (!idle && which != 'r')
                        print_clock(file, elapsed - elapsed % USEC_PER_SEC);
                return true;
        case 'R':
                if (ends)
                        fprintf(file, "%" PRIu64 "m",
                                        (uint64_t) ((remaining + USEC_PER_MIN - 1) / USEC_PER_MIN));
                return true;
        case 'E':
                if (!idle)
                        fprintf(file, "%" PRIu64 "m", (uint64_t) (elapsed / USEC_PER_MIN));
                return true;
        default:
                return false;
        }
}

/* Those that are numbers, each with what stands before it, and nothing where there is none. */
static void print_number(FILE *file, char which, const TimerState *timer) {
        if (which == 'I' && timer->task_id > 0)
                fprintf(file, "#%" PRIu64, timer->task_id);
        if (which == 'k' && timer->state != CLIENT_IDLE)
                fprintf(file, "#%" PRIu64, timer->interval_id);
        if (which == 'c')
                fprintf(file, "%" PRIu32, timer->cycle);
        if (which == 'd' || which == 'p')
                fprintf(file, "%" PRIu32, timer->completed_today);
        if ((which == 'g' || which == 'p') && timer->target_today > 0)
                fprintf(file, "%s%" PRIu32, which == 'p' ? "/" : "", timer->target_today);
}

void format_print(FILE *file, const char *format, const TimerState *timer, uint64_t now_boot_usec,
                const char *until) {
        char unknown;

        assert(format_check(format, &unknown) == 0);
        for (const char *c = format; *c; c++) {
                const char *word;

                if (*c != '%' || *++c == '%')
                        fputc(*c, file);
                else if (*c == 'W')
                        fputs(until, file);
                else if ((word = word_of(*c, timer)))
                        print_safe(file, word);
                else if (!print_time(file, *c, timer, now_boot_usec))
                        print_number(file, *c, timer);
        }
}

char *format_schedule(const TimerState *timer, const char *until) {
        bool off = strcmp(timer->schedule_state, "off-hours") == 0,
             away = strcmp(timer->schedule_state, "away") == 0;
        cleanup_free_ char *rule = memory_safe_text(timer->rule);

        if (!off && !*timer->rule)
                return memory_copy("");
        return memory_format("%s%s%s%s%s%s", away ? "away: " : "", off ? "off hours" : rule,
                        !off && *timer->mode ? ", " : "", off ? "" : timer->mode, *until ? ", until " : "",
                        until);
}
