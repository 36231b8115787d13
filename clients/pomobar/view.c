/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomobar/view.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "common/cleanup.h"
#include "common/duration.h"
#include "common/text.h"

void view_done(View *view) {
        free(view->text);
        free(view->brief);
        free(view->tooltip);
        *view = (View){};
}

/* ---- the clock ---- */

typedef struct Reading {
        char text[DURATION_TEXT_MAX];
        uint64_t next_boot_usec;
} Reading;

static void reading_format(uint64_t usec, uint64_t step, char buf[DURATION_TEXT_MAX]) {
        if (step == USEC_PER_SEC)
                duration_format_clock(usec, buf);
        else if (usec < USEC_PER_MIN)
                snprintf(buf, DURATION_TEXT_MAX, "0m");
        else
                duration_format(usec - usec % USEC_PER_MIN, buf);
}

/* What is left is rounded up, so that 0:00 means over, and 25 minutes begin as 25:00. */
static void reading_down(uint64_t left, uint64_t step, bool runs, uint64_t now, Reading *ret) {
        uint64_t steps = left / step + (left % step > 0);

        reading_format(steps * step, step, ret->text);
        ret->next_boot_usec = runs && steps > 0 ? now + left - (steps - 1) * step : UINT64_MAX;
}

static void reading_up(uint64_t elapsed, uint64_t step, bool runs, uint64_t now, Reading *ret) {
        uint64_t shown = elapsed - elapsed % step;

        reading_format(shown, step, ret->text);
        ret->next_boot_usec = runs ? now + (shown + step - elapsed) : UINT64_MAX;
}

/* ---- the title ---- */

/* At most so many columns wide, whole characters, with an ellipsis for what was cut. */
static char *text_cut(const char *text, size_t columns) {
        cleanup_free_ char *safe = memory_safe_text(text);
        size_t n;

        if (text_width(safe) <= columns)
                return steal(safe);

        n = text_fitting_bytes(safe, columns - 1);
        while (n > 0 && safe[n - 1] == ' ')
                n--;
        return memory_format("%.*s…", (int) n, safe);
}

/* ---- the whole ---- */

static const char *before_clock(const TimerState *timer) {
        if (timer->paused)
                return "paused ";
        switch (timer->state) {
        case CLIENT_SHORT_BREAK:
                return "break ";
        case CLIENT_LONG_BREAK:
                return "long break ";
        default:
                return "";
        }
}

/* "afternoons until 17:00", "off hours until 13:00", "away: closed-shop"; "" where no rule covers the day. */
static char *schedule_make(const TimerState *timer, const ViewOptions *options) {
        const char *state = timer->schedule_state ?: "";
        cleanup_free_ char *rule = memory_safe_text(timer->rule);
        time_t until = (time_t) (options->schedule_until_usec / USEC_PER_SEC);
        bool off = strcmp(state, "off-hours") == 0, away = strcmp(state, "away") == 0;
        struct tm tm, today;
        char end[64] = "";

        if (!off && !*rule)
                return memory_copy("");
        if (until > 0 && localtime_r(&until, &tm) && localtime_r(&options->now, &today) &&
                        strftime(end, sizeof(end),
                                        tm.tm_yday == today.tm_yday && tm.tm_year == today.tm_year
                                                        ? " until %H:%M"
                                                        : " until %a %d %b %H:%M",
                                        &tm) == 0)
                end[0] = '\0';
        return memory_format("%s%s%s", off ? "off hours" : away ? "away: " : "", off ? "" : rule, end);
}

static char *tooltip_make(const TimerState *timer, const char *schedule) {
        const char *label = client_state_label(timer->state), *before = *schedule ? "\n" : "";
        cleanup_free_ char *task = memory_safe_text(timer->task);
        char target[32] = "";

        if (timer->target_today > 0)
                snprintf(target, sizeof(target), " of %u", timer->target_today);
        if (timer->state == CLIENT_IDLE)
                return memory_format("Next: %s\n%u%s completed today%s%s", client_state_label(timer->next),
                                timer->completed_today, target, before, schedule);
        return memory_format("%c%s%s%s%s\n%u%s completed today%s%s", toupper((unsigned char) label[0]),
                        label + 1, timer->paused ? ", paused" : "", *task ? ": " : "", task,
                        timer->completed_today, target, before, schedule);
}

static View view_make_away(const char *message) {
        return (View){
                .word = "away",
                .away = true,
                .text = memory_copy("pomod is away"),
                .brief = memory_copy("away"),
                .tooltip = memory_copy(message ?: "pomod is not running"),
                .next_boot_usec = UINT64_MAX,
        };
}

static View view_make_idle(const TimerState *timer, const ViewOptions *options) {
        cleanup_free_ char *schedule = schedule_make(timer, options),
                           *idle = memory_safe_text(options->idle_text ?: "idle");

        return (View){
                .word = client_state_to_string(CLIENT_IDLE),
                .seq = timer->seq,
                /* A text of one's own stands alone. */
                .text = memory_format("%s%s%s", idle, *schedule && !options->idle_text ? " · " : "",
                                options->idle_text ? "" : schedule),
                .brief = steal(idle),
                .tooltip = tooltip_make(timer, schedule),
                .next_boot_usec = UINT64_MAX,
        };
}

static View view_make_running(const TimerState *timer, const ViewOptions *options, uint64_t now_boot_usec) {
        uint64_t step = options->minutes ? USEC_PER_MIN : USEC_PER_SEC,
                 left = timer_state_remaining_usec(timer, now_boot_usec),
                 elapsed = timer_state_elapsed_usec(timer, now_boot_usec);
        cleanup_free_ char *title = text_cut(timer->task ?: "", VIEW_TITLE_COLUMNS),
                           *schedule = schedule_make(timer, options), *brief = NULL;
        bool open_ended = left == UINT64_MAX;
        Reading reading;

        if (open_ended)
                reading_up(elapsed, step, !timer->paused, now_boot_usec, &reading);
        else
                reading_down(left, step, !timer->paused, now_boot_usec, &reading);
        brief = memory_format("%s%s%s", before_clock(timer), open_ended ? "+" : "", reading.text);

        return (View){
                .word = client_state_to_string(timer->state),
                .paused = timer->paused,
                .seq = timer->seq,
                .percentage = open_ended || left + elapsed == 0
                                              ? 0
                                              : (unsigned) (elapsed * 100 / (left + elapsed)),
                .text = memory_format("%s%s%s", brief, *title ? " " : "", title),
                .brief = steal(brief),
                .tooltip = tooltip_make(timer, schedule),
                .next_boot_usec = reading.next_boot_usec,
        };
}

/* ---- for a moment ---- */

/* What is to be done instead follows a semicolon, and is for the tooltip. */
static void view_refuse(View *view, const char *sentence, uint64_t until_boot_usec) {
        cleanup_free_ char *clause = memory_copy_n(sentence, strcspn(sentence, ";"));

        free(view->text);
        free(view->brief);
        free(view->tooltip);
        view->text = text_cut(clause, VIEW_REFUSAL_COLUMNS);
        view->brief = memory_copy("refused");
        view->tooltip = memory_safe_text(sentence);
        view->refused = true;
        view->next_boot_usec = until_boot_usec;
}

/* The brief text has no room for why. */
static void view_add_not_enforced(View *view, const char *sentence) {
        cleanup_free_ char *shown = text_cut(sentence, VIEW_NOT_ENFORCED_COLUMNS),
                           *safe = memory_safe_text(sentence);

        memory_append(&view->text, " · not enforced: %s", shown);
        memory_append(&view->brief, " !");
        memory_append(&view->tooltip, "\nNot enforced: %s", safe);
        view->not_enforced = true;
}

static void view_ring(View *view, uint64_t until_boot_usec) {
        view->rang = true;
        if (view->next_boot_usec > until_boot_usec)
                view->next_boot_usec = until_boot_usec;
}

static bool is_break(const TimerState *timer) {
        return timer->state == CLIENT_SHORT_BREAK || timer->state == CLIENT_LONG_BREAK;
}

void view_make(const TimerState *timer, const char *message, const ViewOptions *options,
                uint64_t now_boot_usec, View *ret_view) {
        uint64_t rang_until;

        if (!timer) {
                *ret_view = view_make_away(message);
                return;
        }

        *ret_view = timer->state == CLIENT_IDLE ? view_make_idle(timer, options)
                                                : view_make_running(timer, options, now_boot_usec);
        if (timer->not_enforced && *timer->not_enforced)
                view_add_not_enforced(ret_view, timer->not_enforced);
        if (options->refusal && now_boot_usec < options->refusal_until_boot_usec)
                view_refuse(ret_view, options->refusal, options->refusal_until_boot_usec);

        rang_until = timer->started_boot_usec + VIEW_RANG_USEC;
        if (is_break(timer) && options->rang_id > 0 && timer->interval_id == options->rang_id &&
                        now_boot_usec < rang_until)
                view_ring(ret_view, rang_until);
}
