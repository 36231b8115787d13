/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomobar/view.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static void minutes_format(uint64_t usec, char buf[DURATION_TEXT_MAX]) {
        if (usec < USEC_PER_MIN)
                snprintf(buf, DURATION_TEXT_MAX, "0m");
        else
                duration_format(usec - usec % USEC_PER_MIN, buf);
}

/* What is left is rounded up, so that 0:00 means over, and 25 minutes begin as 25:00. */
static void reading_down(uint64_t left, uint64_t step, bool runs, uint64_t now, Reading *ret) {
        uint64_t steps = left / step + (left % step > 0);

        if (step == USEC_PER_MIN)
                minutes_format(steps * step, ret->text);
        else
                duration_format_clock(steps * step, ret->text);
        ret->next_boot_usec = runs && steps > 0 ? now + left - (steps - 1) * step : UINT64_MAX;
}

static void reading_up(uint64_t elapsed, uint64_t step, bool runs, uint64_t now, Reading *ret) {
        uint64_t shown = elapsed - elapsed % step;

        if (step == USEC_PER_MIN)
                minutes_format(shown, ret->text);
        else
                duration_format_clock(shown, ret->text);
        ret->next_boot_usec = runs ? now + (shown + step - elapsed) : UINT64_MAX;
}

/* ---- the title ---- */

/* At most so many columns wide, whole characters, with an ellipsis for what was cut. */
static char *text_cut(const char *text, size_t columns) {
        cleanup_free_ char *safe = text_for_terminal(text);
        size_t n;

        if (!safe || text_width(safe) <= columns)
                return steal(safe);

        n = text_fitting_bytes(safe, columns - 1);
        while (n > 0 && safe[n - 1] == ' ')
                n--;

        char *cut = NULL;
        return asprintf(&cut, "%.*s…", (int) n, safe) < 0 ? NULL : cut;
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
        const char *state = timer->schedule_state ? timer->schedule_state : "";
        cleanup_free_ char *rule = text_for_terminal(timer->rule ? timer->rule : "");
        time_t until = (time_t) (options->schedule_until_usec / USEC_PER_SEC);
        bool off = strcmp(state, "off-hours") == 0, away = strcmp(state, "away") == 0;
        struct tm tm, today;
        char *text = NULL, end[64] = "";

        if (!rule)
                return NULL;
        if (!off && !*rule)
                return strdup("");
        if (until > 0 && localtime_r(&until, &tm) && localtime_r(&options->now, &today) &&
                        strftime(end, sizeof(end),
                                        tm.tm_yday == today.tm_yday && tm.tm_year == today.tm_year
                                                        ? " until %H:%M"
                                                        : " until %a %d %b %H:%M",
                                        &tm) == 0)
                end[0] = '\0';
        return asprintf(&text, "%s%s%s",
                               off    ? "off hours"
                               : away ? "away: "
                                      : "",
                               off ? "" : rule, end) < 0
                               ? NULL
                               : text;
}

static int tooltip_make(const TimerState *timer, const char *schedule, char **ret_tooltip) {
        const char *label = client_state_label(timer->state), *task = timer->task ? timer->task : "";
        cleanup_free_ char *safe = text_for_terminal(task), *tooltip = NULL;
        char done[64];

        if (!safe)
                return -ENOMEM;
        if (timer->target_today > 0)
                snprintf(done, sizeof(done), "%u of %u completed today", timer->completed_today,
                                timer->target_today);
        else
                snprintf(done, sizeof(done), "%u completed today", timer->completed_today);

        if (timer->state == CLIENT_IDLE) {
                if (asprintf(&tooltip, "Next: %s\n%s%s%s", client_state_label(timer->next), done,
                                    *schedule ? "\n" : "", schedule) < 0)
                        return -ENOMEM;
        } else if (asprintf(&tooltip, "%c%s%s%s%s\n%s%s%s", toupper((unsigned char) label[0]), label + 1,
                                   timer->paused ? ", paused" : "", *safe ? ": " : "", safe, done,
                                   *schedule ? "\n" : "", schedule) < 0)
                return -ENOMEM;
        *ret_tooltip = steal(tooltip);
        return 0;
}

static int view_make_away(const char *message, View *ret_view) {
        View view = {
                .word = "away",
                .away = true,
                .text = strdup("pomod is away"),
                .brief = strdup("away"),
                .tooltip = strdup(message ? message : "pomod is not running"),
                .next_boot_usec = UINT64_MAX,
        };

        if (!view.text || !view.brief || !view.tooltip) {
                view_done(&view);
                return -ENOMEM;
        }
        *ret_view = view;
        return 0;
}

static int view_make_idle(const TimerState *timer, const ViewOptions *options, View *ret_view) {
        const char *idle = options->idle_text ? options->idle_text : "idle";
        cleanup_free_ char *schedule = schedule_make(timer, options);
        View view = {
                .word = client_state_to_string(CLIENT_IDLE),
                .seq = timer->seq,
                .brief = text_for_terminal(idle),
                .next_boot_usec = UINT64_MAX,
        };

        /* A text of one's own stands alone. */
        if (view.brief && schedule &&
                        asprintf(&view.text, "%s%s%s", view.brief,
                                        *schedule && !options->idle_text ? " · " : "",
                                        options->idle_text ? "" : schedule) < 0)
                view.text = NULL;
        if (!view.text || !view.brief || tooltip_make(timer, schedule, &view.tooltip) < 0) {
                view_done(&view);
                return -ENOMEM;
        }
        *ret_view = view;
        return 0;
}

static int view_make_running(
                const TimerState *timer, const ViewOptions *options, uint64_t now_boot_usec, View *ret_view) {
        uint64_t step = options->minutes ? USEC_PER_MIN : USEC_PER_SEC;
        cleanup_free_ char *title = NULL, *schedule = NULL;
        uint64_t left, elapsed;
        Reading reading;
        View view;

        left = timer_state_remaining_usec(timer, now_boot_usec);
        elapsed = timer_state_elapsed_usec(timer, now_boot_usec);
        if (left == UINT64_MAX)
                reading_up(elapsed, step, !timer->paused, now_boot_usec, &reading);
        else
                reading_down(left, step, !timer->paused, now_boot_usec, &reading);

        view = (View){
                .word = client_state_to_string(timer->state),
                .paused = timer->paused,
                .seq = timer->seq,
                .percentage = left == UINT64_MAX || left + elapsed == 0
                                              ? 0
                                              : (unsigned) (elapsed * 100 / (left + elapsed)),
                .next_boot_usec = reading.next_boot_usec,
        };
        schedule = schedule_make(timer, options);
        title = text_cut(timer->task ? timer->task : "", VIEW_TITLE_COLUMNS);
        if (!title || !schedule ||
                        asprintf(&view.brief, "%s%s%s", before_clock(timer), left == UINT64_MAX ? "+" : "",
                                        reading.text) < 0)
                return -ENOMEM;
        if (asprintf(&view.text, "%s%s%s", view.brief, *title ? " " : "", title) < 0)
                view.text = NULL;
        if (!view.text || tooltip_make(timer, schedule, &view.tooltip) < 0) {
                view_done(&view);
                return -ENOMEM;
        }
        *ret_view = view;
        return 0;
}

/* ---- for a moment ---- */

/* What is to be done instead follows a semicolon, and is for the tooltip. */
static int view_refuse(View *view, const char *sentence, uint64_t until_boot_usec) {
        cleanup_free_ char *clause = strndup(sentence, strcspn(sentence, ";")), *text = NULL, *brief = NULL,
                           *tooltip = NULL;

        text = clause ? text_cut(clause, VIEW_REFUSAL_COLUMNS) : NULL;
        brief = strdup("refused");
        tooltip = text_for_terminal(sentence);
        if (!text || !brief || !tooltip)
                return -ENOMEM;

        free(view->text);
        free(view->brief);
        free(view->tooltip);
        view->text = steal(text);
        view->brief = steal(brief);
        view->tooltip = steal(tooltip);
        view->refused = true;
        view->next_boot_usec = until_boot_usec;
        return 0;
}

static void view_ring(View *view, uint64_t until_boot_usec) {
        view->rang = true;
        if (view->next_boot_usec > until_boot_usec)
                view->next_boot_usec = until_boot_usec;
}

static bool is_break(const TimerState *timer) {
        return timer->state == CLIENT_SHORT_BREAK || timer->state == CLIENT_LONG_BREAK;
}

int view_make(const TimerState *timer, const char *message, const ViewOptions *options,
                uint64_t now_boot_usec, View *ret_view) {
        uint64_t rang_until;
        View view;
        int r;

        if (!timer)
                return view_make_away(message, ret_view);

        r = timer->state == CLIENT_IDLE ? view_make_idle(timer, options, &view)
                                        : view_make_running(timer, options, now_boot_usec, &view);
        if (r >= 0 && options->refusal && now_boot_usec < options->refusal_until_boot_usec) {
                r = view_refuse(&view, options->refusal, options->refusal_until_boot_usec);
                if (r < 0)
                        view_done(&view);
        }
        if (r < 0)
                return r;

        rang_until = timer->started_boot_usec + VIEW_RANG_USEC;
        if (is_break(timer) && options->rang_id > 0 && timer->interval_id == options->rang_id &&
                        now_boot_usec < rang_until)
                view_ring(&view, rang_until);

        *ret_view = view;
        return 0;
}
