/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* What is said of the rules beside what holds: how much fits into a date, and why it is as it is. */

#include <stdlib.h>
#include <string.h>

#include "common/timestamp.h"
#include "daemon/core/calendar-private.h"

#define SEC_PER_DAY 86400

/* ---- capacity ---- */

/* Pomodoros that fit, each with the break after it but the last. */
static uint32_t fit(const Settings *settings, uint64_t length_usec) {
        uint64_t used = 0;
        uint32_t n = 0;

        while (used + settings->pomodoro_usec <= length_usec) {
                used += settings->pomodoro_usec;
                n++;
                used += n % settings->long_break_every == 0 ? settings->long_break_usec
                                                            : settings->short_break_usec;
        }
        return n;
}

typedef struct RuleSum {
        const Rule *rule;
        uint32_t pomodoros;
} RuleSum;

typedef struct Fitting {
        const Settings *settings;
        Date date;
        Stretch open; /* the one that may go on; rule NULL: none */
        GArray *sums; /* of RuleSum */
} Fitting;

static void close_stretch(Fitting *fitting) {
        const Stretch *open = &fitting->open;
        uint32_t n;

        if (!open->window.rule)
                return;
        n = fit(fitting->settings, open->to_real_usec - open->from_real_usec);
        for (guint i = 0; i < fitting->sums->len; i++)
                if (g_array_index(fitting->sums, RuleSum, i).rule == open->window.rule) {
                        g_array_index(fitting->sums, RuleSum, i).pomodoros += n;
                        n = 0;
                        break;
                }
        if (n > 0) {
                RuleSum sum = { open->window.rule, n };
                g_array_append_val(fitting->sums, sum);
        }
        fitting->open.window.rule = NULL;
}

static int fit_stretch(const Stretch *stretch, void *userdata) {
        Fitting *fitting = userdata;

        if (stretch->state != SCHEDULE_WINDOW || stretch->window.date != fitting->date ||
                        stretch->window.rule->mode != INTERVAL_POMODORO)
                return 0;
        if (fitting->open.window.rule == stretch->window.rule &&
                        fitting->open.to_real_usec == stretch->from_real_usec)
                fitting->open.to_real_usec = stretch->to_real_usec;
        else {
                close_stretch(fitting);
                fitting->open = *stretch;
        }
        return 0;
}

int calendar_capacity(Calendar *calendar, const Settings *settings, Date date, uint64_t from_real_usec,
                uint32_t *ret_pomodoros) {
        Fitting fitting = { .settings = settings, .date = date };
        const GArray *windows = calendar_work_windows(calendar, date);
        uint64_t from = UINT64_MAX, to = 0;
        uint32_t total = 0;
        int r;

        for (guint i = 0; i < windows->len; i++) {
                const Window *window = &g_array_index(windows, RankedWindow, i).window;
                from = MIN(from, window->from_real_usec);
                to = MAX(to, window->to_real_usec);
        }
        from = MAX(from, from_real_usec);
        fitting.sums = g_array_new(FALSE, FALSE, sizeof(RuleSum));
        r = from < to ? calendar_agenda(calendar, from, to, fit_stretch, &fitting) : 0;
        close_stretch(&fitting);
        for (guint i = 0; i < fitting.sums->len; i++) {
                const RuleSum *sum = &g_array_index(fitting.sums, RuleSum, i);
                total += sum->rule->target > 0 ? MIN(sum->pomodoros, sum->rule->target) : sum->pomodoros;
        }
        g_array_unref(fitting.sums);
        if (r == 0)
                *ret_pomodoros = total;
        return r;
}

/* ---- why ---- */

typedef struct Ranked {
        Rank rank;
        unsigned index;
        const Rule *rule;
} Ranked;

static gint compare_ranked(gconstpointer a, gconstpointer b) {
        const Ranked *x = a, *y = b;
        int by_rank = rank_compare(&y->rank, &x->rank);

        return by_rank != 0 ? by_rank : (x->index > y->index) - (x->index < y->index);
}

static const char *what_decides(const Rank *higher, const Rank *lower) {
        if (higher->named != lower->named)
                return "names the date in Also";
        if (higher->priority != lower->priority)
                return "has the higher Priority";
        if (higher->office_day != lower->office_day)
                return "is an office day";
        return "has the narrower Dates";
}

GArray *calendar_covers(Calendar *calendar, Date date) {
        const GArray *rules = calendar->set->rules;
        GArray *covering = g_array_new(FALSE, FALSE, sizeof(Ranked));
        GArray *covers = g_array_new(FALSE, FALSE, sizeof(Cover));
        DateFacts facts = date_facts(date);
        const Ranked *best = NULL;

        for (guint i = 0; i < rules->len; i++) {
                Ranked ranked = { .index = i, .rule = &g_array_index(rules, Rule, i) };
                if (calendar_rule_covers_on(calendar, i, &facts, &ranked.rank))
                        g_array_append_val(covering, ranked);
        }
        g_array_sort(covering, compare_ranked);
        for (guint i = 0; i < covering->len; i++) {
                const Ranked *ranked = &g_array_index(covering, Ranked, i);
                Cover cover = { .rule = ranked->rule, .standing = COVER_GOVERNS };

                if (ranked->rule->kind == RULE_AWAY)
                        cover.standing = COVER_AWAY;
                else if (!best)
                        best = ranked;
                else if (rank_compare(&ranked->rank, &best->rank) < 0) {
                        cover.standing = COVER_LOWER_RANK;
                        cover.hidden_by = best->rule;
                        cover.because = what_decides(&best->rank, &ranked->rank);
                }
                g_array_append_val(covers, cover);
        }
        g_array_unref(covering);
        return covers;
}

static void append_clock(GString *text, Calendar *calendar, uint64_t real_usec, Date day) {
        char buf[TIMESTAMP_TEXT_MAX];
        int32_t offset = calendar_offset_at(calendar, real_usec);
        int64_t local = (int64_t) (real_usec / 1000000) + offset;
        bool seconds = local % 60 != 0, same_day = local / SEC_PER_DAY == day;

        g_string_append(text, timestamp_format_local(real_usec, offset,
                                              same_day ? (seconds ? "%H:%M:%S" : "%H:%M")
                                                       : (seconds ? "%Y-%m-%d %H:%M:%S" : "%Y-%m-%d %H:%M"),
                                              buf));
}

static void append_state(GString *text, const Schedule *schedule) {
        switch (schedule->state) {
        case SCHEDULE_WINDOW:
                g_string_append_printf(text, "%s (%s)", schedule->window.rule->name,
                                interval_kind_to_string(schedule->mode));
                break;
        case SCHEDULE_AWAY:
                g_string_append_printf(text, "away by %s", schedule->window.rule->name);
                break;
        default:
                g_string_append(text, schedule_state_to_string(schedule->state));
        }
}

/* Of those that lost more than these are only counted: a sentence is there to be read. */
#define LOSERS_MAX 8u

typedef struct Lost {
        Calendar *calendar;
        const Schedule *schedule;
        Date date;
        GString *text;
        unsigned n;
} Lost;

/* Whether a rule's window of the date contains the instant, and when that one began. */
static bool is_open(const Lost *lost, const Rule *rule, uint64_t *ret_from_usec) {
        static const RuleHours whole_day = { 0, SEC_PER_DAY };
        Resolver resolver = calendar_resolver(lost->calendar, lost->date);
        uint64_t at = lost->schedule->at_real_usec;

        for (unsigned i = 0; i < MAX(rule->n_hours, 1u); i++) {
                RuleHours hours = rule->n_hours > 0 ? rule->hours[i] : whole_day;
                uint64_t from = resolver_instant(&resolver, hours.start_sec), to;

                to = resolver_instant(&resolver,
                                (int64_t) hours.end_sec +
                                                (hours.end_sec < hours.start_sec ? SEC_PER_DAY : 0));
                if (from <= at && at < to) {
                        *ret_from_usec = from;
                        return true;
                }
        }
        return false;
}

static void append_open(const Lost *lost, const Cover *cover, uint64_t from_usec) {
        const Rule *holds = lost->schedule->window.rule;

        if (holds->kind == RULE_AWAY && cover->standing != COVER_AWAY)
                g_string_append(lost->text, "is open too, but away comes first");
        else if (lost->schedule->window.date != lost->date)
                g_string_append_printf(lost->text, "is open too, but %s comes first", holds->name);
        else
                g_string_append_printf(lost->text, "is open too, but %s %s", holds->name,
                                from_usec < lost->schedule->window.from_real_usec ? "began later"
                                                                                  : "comes first");
}

static void append_lost(Lost *lost, const Cover *cover) {
        const Rule *holds = lost->schedule->window.rule;
        uint64_t from_usec;

        if (cover->rule == holds || lost->n++ >= LOSERS_MAX)
                return;
        g_string_append_printf(lost->text, "; %s ", cover->rule->name);
        if (cover->standing == COVER_LOWER_RANK)
                g_string_append_printf(
                                lost->text, "is hidden: %s %s", cover->hidden_by->name, cover->because);
        else if (holds && is_open(lost, cover->rule, &from_usec))
                append_open(lost, cover, from_usec);
        else if (cover->standing == COVER_AWAY)
                g_string_append(lost->text, "is away at other hours");
        else
                g_string_append(lost->text, "governs the date, at other hours");
}

char *calendar_why(Calendar *calendar, uint64_t real_usec, const Schedule *schedule) {
        Schedule asked = *schedule, next;
        Lost lost = {
                .calendar = calendar,
                .schedule = &asked,
                .date = schedule->window.rule ? schedule->window.date : schedule->date,
                .text = g_string_new(NULL),
        };
        GArray *covers;

        asked.at_real_usec = real_usec;
        append_state(lost.text, schedule);
        if (schedule->window.rule) {
                g_string_append(lost.text, " holds from ");
                append_clock(lost.text, calendar, schedule->window.from_real_usec, schedule->date);
                g_string_append(lost.text, " to ");
                append_clock(lost.text, calendar, schedule->window.to_real_usec, schedule->date);
        } else
                g_string_append(lost.text, schedule->state == SCHEDULE_FREE
                                                           ? ": no rule covers the date"
                                                           : ": no window of the date's rules is open");
        covers = calendar_covers(calendar, lost.date);
        for (guint i = 0; i < covers->len; i++)
                append_lost(&lost, &g_array_index(covers, Cover, i));
        g_array_unref(covers);
        if (lost.n > LOSERS_MAX)
                g_string_append_printf(lost.text, "; and %u more rules cover the date", lost.n - LOSERS_MAX);
        if (schedule->until_real_usec != 0 &&
                        calendar_look(calendar, schedule->until_real_usec, &next) == 0) {
                g_string_append(lost.text, "; next: ");
                append_state(lost.text, &next);
                g_string_append(lost.text, " from ");
                append_clock(lost.text, calendar, schedule->until_real_usec, schedule->date);
        }
        return g_string_free(lost.text, FALSE);
}
