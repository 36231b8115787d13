/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* What is said of the rules beside what holds: how much fits into a date, why, and what can never come true.
 */

#include <stdlib.h>
#include <string.h>

#include "common/timestamp.h"
#include "daemon/core/calendar-private.h"
#include "daemon/core/log.h"

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

int calendar_capacity(Calendar *calendar, const Settings *settings, Date date, uint32_t *ret_pomodoros) {
        Fitting fitting = { .settings = settings, .date = date };
        const Day *day = calendar_day(calendar, date);
        uint64_t from = UINT64_MAX, to = 0;
        uint32_t total = 0;
        int r;

        for (guint i = 0; i < day->windows->len; i++) {
                const Window *window = &g_array_index(day->windows, RankedWindow, i).window;
                from = MIN(from, window->from_real_usec);
                to = MAX(to, window->to_real_usec);
        }
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

int calendar_covers(Calendar *calendar, Date date, CoverFunc func, void *userdata) {
        const GArray *rules = calendar_rules(calendar)->rules;
        GArray *covering = g_array_new(FALSE, FALSE, sizeof(Ranked));
        const Ranked *best = NULL;

        for (guint i = 0; i < rules->len; i++) {
                Ranked ranked = { .index = i, .rule = &g_array_index(rules, Rule, i) };
                if (calendar_rule_covers(calendar, i, date, &ranked.rank))
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
                func(&cover, userdata);
        }
        g_array_unref(covering);
        return 0;
}

static void append_clock(GString *text, GTimeZone *zone, uint64_t real_usec, Date day) {
        char buf[TIMESTAMP_TEXT_MAX];
        int32_t offset = zone_offset_at(zone, real_usec);
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

typedef struct Lost {
        GString *text;
        const Rule *holds;
} Lost;

static void append_lost(const Cover *cover, void *userdata) {
        Lost *lost = userdata;

        if (cover->rule == lost->holds)
                return;
        g_string_append_printf(lost->text, "; %s ", cover->rule->name);
        switch (cover->standing) {
        case COVER_LOWER_RANK:
                g_string_append_printf(
                                lost->text, "is hidden: %s %s", cover->hidden_by->name, cover->because);
                break;
        case COVER_AWAY:
                g_string_append(lost->text, "is away at other hours");
                break;
        default:
                g_string_append(lost->text, lost->holds && lost->holds->kind == RULE_AWAY
                                                            ? "governs the date, but away comes first"
                                                            : "governs the date too, at other hours");
        }
}

int calendar_why(Calendar *calendar, uint64_t real_usec, const Schedule *schedule, char **ret_why) {
        Lost lost = { .text = g_string_new(NULL), .holds = schedule->window.rule };
        GTimeZone *zone = calendar_zone(calendar);
        Date date = schedule->window.rule ? schedule->window.date : schedule->date;
        Schedule next;

        append_state(lost.text, schedule);
        if (schedule->window.rule) {
                g_string_append(lost.text, " holds from ");
                append_clock(lost.text, zone, schedule->window.from_real_usec, schedule->date);
                g_string_append(lost.text, " to ");
                append_clock(lost.text, zone, schedule->window.to_real_usec, schedule->date);
        } else
                g_string_append(lost.text, schedule->state == SCHEDULE_FREE
                                                           ? ": no rule covers the date"
                                                           : ": no window of the date's rules is open");
        calendar_covers(calendar, date, append_lost, &lost);
        if (schedule->until_real_usec != 0) {
                calendar_at(calendar, schedule->until_real_usec, &next);
                g_string_append(lost.text, "; next: ");
                append_state(lost.text, &next);
                g_string_append(lost.text, " from ");
                append_clock(lost.text, zone, schedule->until_real_usec, schedule->date);
        }
        *ret_why = g_string_free(lost.text, FALSE);
        return 0;
}

/* ---- warnings ---- */

/* What became of a rule over the two years. */
typedef struct Fate {
        bool covers;        /* some date */
        bool holds;         /* at some time */
        unsigned hidden_by; /* the index of a rule that hid it, + 1 */
        Date short_from;    /* office day: the first date of a period that has less than its quota */
        unsigned short_periods;
        unsigned in_period; /* dates kept in the period that is being counted */
        unsigned could;     /* dates that it covers in it */
        Date period;
} Fate;

typedef struct Judging {
        Calendar *calendar;
        const GArray *rules;
        Fate *fates;
} Judging;

static unsigned index_of(const Judging *judging, const Rule *rule) {
        return (unsigned) (rule - &g_array_index(judging->rules, Rule, 0));
}

static int note_stretch(const Stretch *stretch, void *userdata) {
        Judging *judging = userdata;

        judging->fates[index_of(judging, stretch->window.rule)].holds = true;
        return 0;
}

/* The first date of the week or month that a date lies in: what a quota is counted over. */
static Date period_of(const Rule *rule, Date date) {
        YearMonthDay ymd = date_split(date);

        return rule->quota_month ? date_make(ymd.year, ymd.month, 1) : date - (Date) date_weekday(date);
}

static void end_period(Fate *fate, const Rule *rule) {
        if (fate->could >= rule->quota && fate->in_period < rule->quota) {
                if (fate->short_periods++ == 0)
                        fate->short_from = fate->period;
        }
        fate->in_period = fate->could = 0;
}

static bool holds_on(const Day *day, const Rule *rule) {
        for (guint i = 0; i < day->windows->len; i++)
                if (g_array_index(day->windows, RankedWindow, i).window.rule == rule)
                        return true;
        return false;
}

static void judge_date(Judging *judging, Date date) {
        const Day *day = calendar_day(judging->calendar, date);
        const RankedWindow *first = NULL;

        for (guint i = 0; i < day->windows->len && !first; i++)
                if (!g_array_index(day->windows, RankedWindow, i).away)
                        first = &g_array_index(day->windows, RankedWindow, i);
        for (guint i = 0; i < judging->rules->len; i++) {
                const Rule *rule = &g_array_index(judging->rules, Rule, i);
                Fate *fate = &judging->fates[i];
                Rank rank;
                bool here;

                if (rule->quota > 0 && fate->period != period_of(rule, date)) {
                        end_period(fate, rule);
                        fate->period = period_of(rule, date);
                }
                if (!calendar_rule_covers(judging->calendar, i, date, &rank))
                        continue;
                fate->covers = true;
                here = holds_on(day, rule);
                fate->could++;
                fate->in_period += here;
                if (!here && first)
                        fate->hidden_by = first->index + 1;
        }
}

static void warn_of(const Judging *judging, unsigned i, WarningFunc func, void *userdata) {
        const Rule *rule = &g_array_index(judging->rules, Rule, i);
        const Fate *fate = &judging->fates[i];
        const char *hider = fate->hidden_by > 0
                                            ? g_array_index(judging->rules, Rule, fate->hidden_by - 1).name
                                            : NULL;
        char date[DATE_TEXT_MAX];
        char *sentence = NULL;

        if (!fate->holds && !fate->covers)
                sentence = g_strdup("has no date in the next two years");
        else if (!fate->holds)
                sentence = hider ? g_strdup_printf("never holds in the next two years: %s hides it", hider)
                                 : g_strdup("never holds in the next two years: other rules hide it at all "
                                            "its hours");
        else if (fate->short_periods > 0 && hider)
                sentence = g_strdup_printf("has less than its quota of %u a %s in %u %ss of the next two "
                                           "years, from %s on: %s hides it",
                                rule->quota, rule->quota_month ? "month" : "week", fate->short_periods,
                                rule->quota_month ? "month" : "week", date_format(fate->short_from, date),
                                hider);
        if (sentence)
                func(rule->name, sentence, userdata);
        g_free(sentence);
}

int calendar_warnings(Calendar *calendar, Date from, WarningFunc func, void *userdata) {
        const Date to = MIN(from + 2 * 366, DATE_MAX);
        Judging judging = { .calendar = calendar, .rules = calendar_rules(calendar)->rules };
        uint64_t begin = 0, end = 0;

        if (judging.rules->len == 0)
                return 0;
        judging.fates = g_new0(Fate, judging.rules->len);
        for (Date date = from; date < to; date++)
                judge_date(&judging, date);
        /* A date that the zone skipped has a neighbour. */
        if (!calendar_resolve(calendar, from, 0, &begin))
                (void) calendar_resolve(calendar, from + 1, 0, &begin);
        if (!calendar_resolve(calendar, to, 0, &end))
                (void) calendar_resolve(calendar, to + 1, 0, &end);
        calendar_agenda(calendar, begin, end, note_stretch, &judging);
        for (guint i = 0; i < judging.rules->len; i++)
                warn_of(&judging, i, func, userdata);
        g_free(judging.fates);
        return 0;
}
