/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* Instants: which window holds, until when, and over a stretch of time. */

#include "daemon/core/calendar.h"

#include <errno.h>

#include "daemon/core/calendar-private.h"

#define USEC_PER_DAY_ G_GUINT64_CONSTANT(86400000000)

/* A window may reach into the next date; where the local date goes back or leaps, one date more counts. */
#define DAYS_BACK  2
#define DAYS_AHEAD 1

static const char *const schedule_state_words[_SCHEDULE_STATE_MAX] = {
        [SCHEDULE_FREE] = "free",
        [SCHEDULE_OFF_HOURS] = "off-hours",
        [SCHEDULE_AWAY] = "away",
        [SCHEDULE_WINDOW] = "window",
};
DEFINE_ENUM_WORDS(ScheduleState, schedule_state, schedule_state_words);

/* ---- from edge to edge ---- */

static gint compare_starts(gconstpointer a, gconstpointer b) {
        const RankedWindow *x = a, *y = b;

        return (x->window.from_real_usec > y->window.from_real_usec) -
               (x->window.from_real_usec < y->window.from_real_usec);
}

/* Adds those that touch the rest of the date; true: one of them covers all of it. */
static bool take(Sweep *sweep, const GArray *windows) {
        bool covered = false;

        for (guint i = 0; i < windows->len; i++) {
                const RankedWindow *w = &g_array_index(windows, RankedWindow, i);
                if (w->window.from_real_usec >= sweep->end_usec)
                        break;
                if (w->window.to_real_usec <= sweep->at_usec)
                        continue;
                g_array_append_val(sweep->windows, *w);
                covered |= w->window.from_real_usec <= sweep->at_usec &&
                           w->window.to_real_usec >= sweep->end_usec;
        }
        return covered;
}

static void enter_date(Sweep *sweep) {
        Date first, last;
        bool covered = false;

        sweep->date = calendar_date_at(sweep->calendar, sweep->at_usec);
        sweep->end_usec = calendar_next_date_change(sweep->calendar, sweep->at_usec);
        first = MAX(sweep->date - DAYS_BACK, DATE_MIN - 1);
        last = sweep->date + DAYS_AHEAD;
        g_array_set_size(sweep->windows, 0);
        g_array_set_size(sweep->leading, 0);
        g_array_set_size(sweep->waiting, 0);
        sweep->begun = 0;
        for (Date date = first; date <= last; date++)
                covered |= take(sweep, calendar_away_windows(sweep->calendar, date));
        /* Behind a date that is all away nothing else is to be seen. */
        for (Date date = first; date <= last && !covered; date++)
                (void) take(sweep, calendar_work_windows(sweep->calendar, date));
        for (guint i = 1; i < sweep->windows->len; i++)
                if (compare_starts(&g_array_index(sweep->windows, RankedWindow, i - 1),
                                    &g_array_index(sweep->windows, RankedWindow, i)) > 0) {
                        g_array_sort(sweep->windows, compare_starts);
                        break;
                }
}

void sweep_init(Sweep *sweep, Calendar *calendar, uint64_t from_real_usec) {
        *sweep = (Sweep){
                .calendar = calendar,
                .at_usec = from_real_usec,
                .windows = g_array_new(FALSE, FALSE, sizeof(RankedWindow)),
                .leading = g_array_new(FALSE, FALSE, sizeof(guint)),
                .waiting = g_array_new(FALSE, FALSE, sizeof(guint)),
        };
        enter_date(sweep);
}

void sweep_done(Sweep *sweep) {
        g_array_unref(sweep->windows);
        g_array_unref(sweep->leading);
        g_array_unref(sweep->waiting);
}

static const RankedWindow *window_of(const Sweep *sweep, guint i) {
        return &g_array_index(sweep->windows, RankedWindow, i);
}

static bool waiting_beats(const Sweep *sweep, guint a, guint b) {
        return window_beats(window_of(sweep, g_array_index(sweep->waiting, guint, a)),
                        window_of(sweep, g_array_index(sweep->waiting, guint, b)));
}

static void swap_waiting(Sweep *sweep, guint a, guint b) {
        guint kept = g_array_index(sweep->waiting, guint, a);

        g_array_index(sweep->waiting, guint, a) = g_array_index(sweep->waiting, guint, b);
        g_array_index(sweep->waiting, guint, b) = kept;
}

static void add_waiting(Sweep *sweep, guint window) {
        guint i = sweep->waiting->len;

        g_array_append_val(sweep->waiting, window);
        for (; i > 0 && waiting_beats(sweep, i, (i - 1) / 2); i = (i - 1) / 2)
                swap_waiting(sweep, i, (i - 1) / 2);
}

static void drop_waiting(Sweep *sweep) {
        guint n = sweep->waiting->len - 1;

        swap_waiting(sweep, 0, n);
        g_array_set_size(sweep->waiting, n);
        for (guint i = 0, best; 2 * i + 1 < n; i = best) {
                best = 2 * i + 1;
                if (best + 1 < n && waiting_beats(sweep, best + 1, best))
                        best++;
                if (!waiting_beats(sweep, best, i))
                        break;
                swap_waiting(sweep, i, best);
        }
}

/* The best of those that have begun, without those on its way that have ended. */
static const RankedWindow *top_of(Sweep *sweep) {
        for (;;) {
                guint n = sweep->leading->len;
                const RankedWindow *top = NULL, *waiting = NULL;

                if (n > 0)
                        top = window_of(sweep, g_array_index(sweep->leading, guint, n - 1));
                if (sweep->waiting->len > 0)
                        waiting = window_of(sweep, g_array_index(sweep->waiting, guint, 0));
                if (waiting && (!top || window_beats(waiting, top))) {
                        if (waiting->window.to_real_usec > sweep->at_usec)
                                return waiting;
                        drop_waiting(sweep);
                } else if (top) {
                        if (top->window.to_real_usec > sweep->at_usec)
                                return top;
                        g_array_set_size(sweep->leading, n - 1);
                } else
                        return NULL;
        }
}

void sweep_next(Sweep *sweep, Segment *ret_segment) {
        const RankedWindow *top;
        uint64_t edge;

        if (sweep->at_usec >= sweep->end_usec)
                enter_date(sweep);
        top = top_of(sweep);
        for (; sweep->begun < sweep->windows->len; sweep->begun++) {
                const RankedWindow *next = window_of(sweep, sweep->begun);
                if (next->window.from_real_usec > sweep->at_usec)
                        break;
                if (top && !window_beats(next, top)) {
                        add_waiting(sweep, sweep->begun);
                        continue;
                }
                g_array_append_val(sweep->leading, sweep->begun);
                top = next;
        }
        edge = top ? MIN(top->window.to_real_usec, sweep->end_usec) : sweep->end_usec;
        /* Those that begin meanwhile and do not win wait for the end of the one that holds. */
        for (; sweep->begun < sweep->windows->len; sweep->begun++) {
                const RankedWindow *next = window_of(sweep, sweep->begun);
                if (next->window.from_real_usec >= edge)
                        break;
                if (!top || window_beats(next, top)) {
                        edge = next->window.from_real_usec;
                        break;
                }
                add_waiting(sweep, sweep->begun);
        }
        *ret_segment = (Segment){
                .from_real_usec = sweep->at_usec,
                .to_real_usec = edge,
                .date = sweep->date,
                .held = top != NULL,
                .away = top && top->window.rule->kind == RULE_AWAY,
        };
        if (top)
                ret_segment->window = *top;
        sweep->at_usec = edge;
}

/* ---- answers ---- */

bool calendar_is_beyond(uint64_t real_usec) {
        return real_usec >= DATE_MAX * USEC_PER_DAY_ - CALENDAR_HORIZON_USEC;
}

static void look_at(Calendar *calendar, const Segment *segment, Schedule *ret_schedule) {
        Schedule schedule = { .at_real_usec = segment->from_real_usec, .date = segment->date };

        if (segment->held) {
                schedule.state = segment->away ? SCHEDULE_AWAY : SCHEDULE_WINDOW;
                schedule.window = segment->window.window;
                schedule.mode = segment->away ? INTERVAL_NONE : segment->window.window.rule->mode;
        } else
                schedule.state = calendar_governed(calendar, segment->date) ? SCHEDULE_OFF_HOURS
                                                                            : SCHEDULE_FREE;
        *ret_schedule = schedule;
}

int calendar_look(Calendar *calendar, uint64_t real_usec, Schedule *ret_schedule) {
        Segment segment;
        Sweep sweep;

        if (calendar_is_beyond(real_usec))
                return -ERANGE;
        sweep_init(&sweep, calendar, real_usec);
        sweep_next(&sweep, &segment);
        look_at(calendar, &segment, ret_schedule);
        sweep_done(&sweep);
        return 0;
}

int calendar_at(Calendar *calendar, uint64_t real_usec, Schedule *ret_schedule) {
        Schedule schedule, later;
        Segment segment;
        Sweep sweep;

        if (calendar_is_beyond(real_usec))
                return -ERANGE;
        sweep_init(&sweep, calendar, real_usec);
        sweep_next(&sweep, &segment);
        look_at(calendar, &segment, &schedule);
        while (sweep.at_usec <= real_usec + CALENDAR_HORIZON_USEC) {
                sweep_next(&sweep, &segment);
                look_at(calendar, &segment, &later);
                if (later.state != schedule.state || later.window.rule != schedule.window.rule ||
                                later.mode != schedule.mode) {
                        schedule.until_real_usec = segment.from_real_usec;
                        break;
                }
        }
        sweep_done(&sweep);
        *ret_schedule = schedule;
        return 0;
}

/* Two edges between which one window holds may have midnight between them. */
static bool goes_on(const Stretch *stretch, const Segment *segment) {
        const Window *a = &stretch->window, *b = &segment->window.window;

        return segment->held && a->rule == b->rule && a->date == b->date &&
               a->from_real_usec == b->from_real_usec && a->to_real_usec == b->to_real_usec &&
               stretch->to_real_usec == segment->from_real_usec;
}

static Stretch begin_stretch(Calendar *calendar, const Segment *segment, uint64_t to_real_usec) {
        return (Stretch){
                .state = segment->away ? SCHEDULE_AWAY : SCHEDULE_WINDOW,
                .window = segment->window.window,
                .from_real_usec = segment->from_real_usec,
                .to_real_usec = MIN(segment->to_real_usec, to_real_usec),
                .offset_sec = calendar_offset_at(calendar, segment->from_real_usec),
        };
}

int calendar_agenda_from(Calendar *calendar, uint64_t *at_real_usec, uint64_t to_real_usec, StretchFunc func,
                void *userdata) {
        static const Stretch nothing = {};
        Stretch stretch = {};
        Segment segment;
        Sweep sweep;
        int r = 0;

        if (calendar_is_beyond(*at_real_usec) || calendar_is_beyond(to_real_usec))
                return -ERANGE;
        sweep_init(&sweep, calendar, *at_real_usec);
        while (r == 0 && sweep.at_usec < to_real_usec) {
                sweep_next(&sweep, &segment);
                if (stretch.window.rule && goes_on(&stretch, &segment)) {
                        stretch.to_real_usec = MIN(segment.to_real_usec, to_real_usec);
                        continue;
                }
                if (stretch.window.rule)
                        r = func(&stretch, userdata);
                if (r != 0)
                        break;
                *at_real_usec = segment.from_real_usec;
                if (!segment.held)
                        r = func(&nothing, userdata);
                stretch = segment.held ? begin_stretch(calendar, &segment, to_real_usec) : nothing;
        }
        if (r == 0 && stretch.window.rule)
                r = func(&stretch, userdata);
        sweep_done(&sweep);
        return r;
}

typedef struct HeldOnly {
        StretchFunc func;
        void *userdata;
} HeldOnly;

static int pass_held(const Stretch *stretch, void *userdata) {
        const HeldOnly *held = userdata;

        return stretch->window.rule ? held->func(stretch, held->userdata) : 0;
}

int calendar_agenda(Calendar *calendar, uint64_t from_real_usec, uint64_t to_real_usec, StretchFunc func,
                void *userdata) {
        HeldOnly held = { func, userdata };

        return calendar_agenda_from(calendar, &from_real_usec, to_real_usec, pass_held, &held);
}
