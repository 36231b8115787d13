/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "tests/unit/core/slow-calendar.h"

#include <stdlib.h>
#include <string.h>

#define DAY_SEC   86400
#define FIRST_SEC (G_GINT64_CONSTANT(5) * 365 * DAY_SEC)
#define LAST_SEC  (G_GINT64_CONSTANT(76) * 365 * DAY_SEC)
#define STEP_SEC  7200 /* no zone changed twice within it */
#define NEAR      3    /* dates around an instant that can have a window at it */
#define KEPT      800  /* dates from the first that was asked about: two years and the nearest around */

/* ---- the zone: stretches of one offset ---- */

typedef struct Piece {
        int64_t from, to; /* seconds UTC */
        int64_t offset;
} Piece;

typedef struct Zone {
        GArray *pieces;  /* of Piece */
        GArray *changes; /* of int64_t */
} Zone;

/* From UTC to local time GLib is right everywhere; only its way back differs from RFC 5545. */
static int64_t offset_of(GTimeZone *zone, int64_t sec) {
        GDateTime *utc = g_date_time_new_from_unix_utc(sec), *local = g_date_time_to_timezone(utc, zone);
        int64_t offset = g_date_time_get_utc_offset(local) / G_TIME_SPAN_SECOND;

        g_date_time_unref(local);
        g_date_time_unref(utc);
        return offset;
}

static Zone *look_up(const char *name) {
        GTimeZone *zone = g_time_zone_new_identifier(name);
        Zone *table = g_new0(Zone, 1);
        Piece piece;

        g_assert_nonnull(zone);
        table->pieces = g_array_new(FALSE, FALSE, sizeof(Piece));
        table->changes = g_array_new(FALSE, FALSE, sizeof(int64_t));
        piece = (Piece){ .from = FIRST_SEC, .offset = offset_of(zone, FIRST_SEC) };
        for (int64_t at = FIRST_SEC; at < LAST_SEC; at += STEP_SEC) {
                int64_t low = at, high = at + STEP_SEC, offset = offset_of(zone, high);

                if (offset == piece.offset)
                        continue;
                while (high - low > 1) {
                        int64_t middle = (low + high) / 2;
                        if (offset_of(zone, middle) == piece.offset)
                                low = middle;
                        else
                                high = middle;
                }
                piece.to = high;
                g_array_append_val(table->pieces, piece);
                g_array_append_val(table->changes, high);
                piece = (Piece){ .from = high, .offset = offset };
        }
        piece.to = LAST_SEC;
        g_array_append_val(table->pieces, piece);
        g_time_zone_unref(zone);
        return table;
}

static Zone *zone_table(const char *name) {
        static GHashTable *tables;
        Zone *table;

        if (!tables)
                tables = g_hash_table_new(g_str_hash, g_str_equal);
        table = g_hash_table_lookup(tables, name);
        if (!table) {
                table = look_up(name);
                g_hash_table_insert(tables, g_strdup(name), table);
        }
        return table;
}

const GArray *slow_zone_changes(const char *zone) {
        return zone_table(zone)->changes;
}

static int64_t instant_of(const Zone *zone, int64_t local) {
        const Piece *pieces = (const Piece *) zone->pieces->data;
        guint n = zone->pieces->len;

        for (guint i = 0; i < n; i++)
                if (local - pieces[i].offset >= pieces[i].from && local - pieces[i].offset < pieces[i].to)
                        return local - pieces[i].offset;
        /* No piece has it: it was jumped over, and counts on from before the jump. */
        for (guint i = 0; i + 1 < n; i++)
                if (local - pieces[i].offset >= pieces[i].to &&
                                local - pieces[i + 1].offset < pieces[i + 1].from)
                        return local - pieces[i].offset;
        g_assert_not_reached();
}

static int64_t local_of(const Zone *zone, int64_t sec) {
        for (guint i = 0; i < zone->pieces->len; i++) {
                const Piece *piece = &g_array_index(zone->pieces, Piece, i);
                if (sec >= piece->from && sec < piece->to)
                        return sec + piece->offset;
        }
        g_assert_not_reached();
}

/* ---- dates ---- */

typedef struct Civil {
        int year, month, day, weekday, days_in_month;
} Civil;

static Civil civil_of(Date date) {
        GDate g;

        g_date_clear(&g, 1);
        g_date_set_dmy(&g, 1, G_DATE_JANUARY, 1970);
        g_date_add_days(&g, (guint) date);
        return (Civil){
                .year = g_date_get_year(&g),
                .month = (int) g_date_get_month(&g),
                .day = g_date_get_day(&g),
                .weekday = (int) g_date_get_weekday(&g) - 1,
                .days_in_month = g_date_get_days_in_month(g_date_get_month(&g), g_date_get_year(&g)),
        };
}

static bool is_leap(int year) {
        return g_date_is_leap_year((GDateYear) year);
}

/* One year's occurrence of a yearly range after another, until one contains the date. */
static bool in_year_range(const Rule *rule, Civil civil) {
        int today = civil.year * 10000 + civil.month * 100 + civil.day;

        if (rule->from_month == 2 && rule->from_day == 29 && rule->to_month == 2 && rule->to_day == 29)
                return civil.month == 2 && civil.day == 29;
        for (int year = civil.year - 1; year <= civil.year; year++) {
                bool over = rule->to_month * 100 + rule->to_day < rule->from_month * 100 + rule->from_day;
                int to_year = year + over;
                int from = year * 10000 + rule->from_month * 100 + rule->from_day;
                int to = to_year * 10000 + rule->to_month * 100 + rule->to_day;

                if (from % 10000 == 229 && !is_leap(year))
                        from = year * 10000 + 301;
                if (to % 10000 == 229 && !is_leap(to_year))
                        to = to_year * 10000 + 228;
                if (from <= today && today <= to)
                        return true;
        }
        return false;
}

static bool on_weekday(const Rule *rule, Civil civil) {
        unsigned bit = 1u << civil.weekday;

        if (rule->every_day || rule->weekdays & bit)
                return true;
        for (int n = 0; n < 5; n++) {
                bool nth = civil.day > 7 * n && civil.day <= 7 * (n + 1);
                int from_end = civil.days_in_month - civil.day + 1;
                bool nth_last = from_end > 7 * n && from_end <= 7 * (n + 1);

                if ((rule->nth[n] & bit && nth) || (rule->nth_last[n] & bit && nth_last))
                        return true;
        }
        return false;
}

static bool is_among(const Date *dates, unsigned n, Date date) {
        for (unsigned i = 0; i < n; i++)
                if (dates[i] == date)
                        return true;
        return false;
}

static bool covers(const Rule *rule, Date date, Civil civil) {
        if (is_among(rule->except, rule->n_except, date))
                return false;
        if (is_among(rule->also, rule->n_also, date))
                return true;
        if (!on_weekday(rule, civil))
                return false;
        switch (rule->range) {
        case RANGE_YEARLY:
                return in_year_range(rule, civil);
        case RANGE_DATES:
                return rule->from_date <= date && date <= rule->to_date;
        default:
                return true;
        }
}

/* ---- ranks and windows ---- */

#define RANKS 4

static void rank_of(const Rule *rule, Date date, int64_t ret_rank[RANKS]) {
        int64_t days = 1000000000;

        if (rule->range == RANGE_DATES)
                days = rule->to_date - rule->from_date + 1;
        if (rule->range == RANGE_YEARLY) {
                /* Counted off the days of a leap year, one after another. */
                GDate g;
                int end = rule->to_month * 100 + rule->to_day;

                g_date_clear(&g, 1);
                g_date_set_dmy(&g, (GDateDay) rule->from_day, (GDateMonth) rule->from_month, 2000);
                for (days = 1; (int) g_date_get_month(&g) * 100 + g_date_get_day(&g) != end; days++) {
                        g_date_add_days(&g, 1);
                        if (g_date_get_year(&g) == 2001)
                                g_date_set_year(&g, 2000);
                }
        }
        ret_rank[0] = is_among(rule->also, rule->n_also, date);
        ret_rank[1] = rule->priority;
        ret_rank[2] = rule->kind == RULE_OFFICE_DAY;
        ret_rank[3] = -days;
}

static int compare(const int64_t a[RANKS], const int64_t b[RANKS]) {
        for (int i = 0; i < RANKS; i++)
                if (a[i] != b[i])
                        return a[i] > b[i] ? 1 : -1;
        return 0;
}

typedef struct SlowWindow {
        const Rule *rule;
        Date date;
        int64_t from, to;
        int64_t rank[RANKS];
        unsigned place;
} SlowWindow;

typedef struct SlowDay {
        bool made, governed;
        GArray *windows; /* of SlowWindow */
} SlowDay;

struct SlowCalendar {
        const RuleSet *set;
        const Zone *zone;
        Date first;
        SlowDay days[KEPT];
};

SlowCalendar *slow_calendar_new(const RuleSet *set, const char *zone) {
        SlowCalendar *slow = g_new0(SlowCalendar, 1);

        slow->set = set;
        slow->zone = zone_table(zone);
        slow->first = DATE_NONE;
        return slow;
}

static void forget(SlowCalendar *slow) {
        for (size_t i = 0; i < KEPT; i++)
                if (slow->days[i].made)
                        g_array_unref(slow->days[i].windows);
        memset(slow->days, 0, sizeof(slow->days));
}

void slow_calendar_free(SlowCalendar *slow) {
        forget(slow);
        g_free(slow);
}

static bool date_is_in_zone(const Zone *zone, Date date) {
        /* Every piece of local time that touches the date. */
        for (guint i = 0; i < zone->pieces->len; i++) {
                const Piece *piece = &g_array_index(zone->pieces, Piece, i);
                int64_t from = piece->from + piece->offset, to = piece->to + piece->offset;
                if (from < (int64_t) (date + 1) * DAY_SEC && to > (int64_t) date * DAY_SEC)
                        return true;
        }
        return false;
}

static void add_windows(SlowCalendar *slow, SlowDay *day, Date date, unsigned place) {
        const Rule *rule = &g_array_index(slow->set->rules, Rule, place);
        int64_t midnight = (int64_t) date * DAY_SEC;

        for (unsigned i = 0; i < MAX(rule->n_hours, 1); i++) {
                int64_t start = rule->n_hours > 0 ? rule->hours[i].start_sec : 0;
                int64_t end = rule->n_hours > 0 ? rule->hours[i].end_sec : DAY_SEC;
                SlowWindow window = { .rule = rule, .date = date, .place = place };

                if (end < start)
                        end += DAY_SEC;
                window.from = instant_of(slow->zone, midnight + start);
                window.to = instant_of(slow->zone, midnight + end);
                rank_of(rule, date, window.rank);
                if (window.from < window.to)
                        g_array_append_val(day->windows, window);
        }
}

static void make_day(SlowCalendar *slow, SlowDay *day, Date date) {
        const GArray *rules = slow->set->rules;
        Civil civil = civil_of(date);
        int64_t best[RANKS] = {}, rank[RANKS];

        day->made = true;
        day->windows = g_array_new(FALSE, FALSE, sizeof(SlowWindow));
        for (guint i = 0; i < rules->len; i++) {
                const Rule *rule = &g_array_index(rules, Rule, i);
                if (rule->kind == RULE_AWAY || !covers(rule, date, civil))
                        continue;
                rank_of(rule, date, rank);
                if (!day->governed || compare(rank, best) > 0)
                        memcpy(best, rank, sizeof(best));
                day->governed = true;
        }
        if (!date_is_in_zone(slow->zone, date))
                return;
        for (guint i = 0; i < rules->len; i++) {
                const Rule *rule = &g_array_index(rules, Rule, i);
                if (!covers(rule, date, civil))
                        continue;
                rank_of(rule, date, rank);
                if (rule->kind == RULE_AWAY || compare(rank, best) == 0)
                        add_windows(slow, day, date, i);
        }
}

/* Whoever keeps a window asks for all the dates first, because others may be forgotten for a new one. */
static void have_dates(SlowCalendar *slow, Date from, Date to) {
        if (slow->first != DATE_NONE && from >= slow->first && to < slow->first + KEPT)
                return;
        forget(slow);
        slow->first = from - NEAR;
}

static const SlowDay *day_of(SlowCalendar *slow, Date date) {
        SlowDay *day;

        have_dates(slow, date, date);
        day = &slow->days[date - slow->first];
        if (!day->made)
                make_day(slow, day, date);
        return day;
}

static Date date_of(SlowCalendar *slow, int64_t sec) {
        return (Date) (local_of(slow->zone, sec) / DAY_SEC);
}

/* ---- answers ---- */

static bool wins(const SlowWindow *a, const SlowWindow *b) {
        bool a_away = a->rule->kind == RULE_AWAY, b_away = b->rule->kind == RULE_AWAY;
        int by_rank = compare(a->rank, b->rank);

        if (a_away != b_away)
                return a_away;
        if (by_rank != 0)
                return by_rank > 0;
        if (a->from != b->from)
                return a->from > b->from;
        return a->place > b->place;
}

static const SlowWindow *winner_at(SlowCalendar *slow, int64_t sec) {
        Date date = date_of(slow, sec);
        const SlowWindow *best = NULL;

        have_dates(slow, date - NEAR, date + NEAR);
        for (Date d = date - NEAR; d <= date + NEAR; d++) {
                const SlowDay *day = day_of(slow, d);
                for (guint i = 0; i < day->windows->len; i++) {
                        const SlowWindow *w = &g_array_index(day->windows, SlowWindow, i);
                        if (w->from <= sec && sec < w->to && (!best || wins(w, best)))
                                best = w;
                }
        }
        return best;
}

static SlowAnswer look(SlowCalendar *slow, int64_t sec) {
        const SlowWindow *winner = winner_at(slow, sec);

        if (!winner)
                return (SlowAnswer){
                        .state = day_of(slow, date_of(slow, sec))->governed ? SCHEDULE_OFF_HOURS
                                                                            : SCHEDULE_FREE,
                };
        if (winner->rule->kind == RULE_AWAY)
                return (SlowAnswer){ .state = SCHEDULE_AWAY, .rule = winner->rule };
        return (SlowAnswer){ .state = SCHEDULE_WINDOW, .rule = winner->rule, .mode = winner->rule->mode };
}

SlowAnswer slow_calendar_look(SlowCalendar *slow, uint64_t real_usec) {
        return look(slow, (int64_t) (real_usec / G_USEC_PER_SEC));
}

static int compare_secs(const void *a, const void *b) {
        int64_t x = *(const int64_t *) a, y = *(const int64_t *) b;

        return (x > y) - (x < y);
}

static void note(GArray *edges, int64_t sec, int64_t after, int64_t to) {
        if (sec > after && sec <= to)
                g_array_append_val(edges, sec);
}

/* Every instant at which something may change, after one and up to another no more than two days later. */
static GArray *edges_between(SlowCalendar *slow, int64_t after, int64_t to) {
        GArray *edges = g_array_new(FALSE, FALSE, sizeof(int64_t));
        Date date = date_of(slow, after);

        for (guint i = 0; i < slow->zone->changes->len; i++)
                note(edges, g_array_index(slow->zone->changes, int64_t, i), after, to);
        for (Date d = date - NEAR; d <= date + NEAR + 2; d++) {
                const SlowDay *day = day_of(slow, d);

                /* Where the local date goes back there are two midnights. */
                for (guint i = 0; i < slow->zone->pieces->len; i++) {
                        const Piece *piece = &g_array_index(slow->zone->pieces, Piece, i);
                        int64_t midnight = (int64_t) d * DAY_SEC - piece->offset;

                        if (midnight >= piece->from && midnight < piece->to)
                                note(edges, midnight, after, to);
                }
                for (guint i = 0; i < day->windows->len; i++) {
                        note(edges, g_array_index(day->windows, SlowWindow, i).from, after, to);
                        note(edges, g_array_index(day->windows, SlowWindow, i).to, after, to);
                }
        }
        g_array_sort(edges, compare_secs);
        return edges;
}

SlowAnswer slow_calendar_at(SlowCalendar *slow, uint64_t real_usec) {
        int64_t now = (int64_t) (real_usec / G_USEC_PER_SEC);
        int64_t last = (int64_t) ((real_usec + CALENDAR_HORIZON_USEC) / G_USEC_PER_SEC);
        SlowAnswer answer;

        answer = look(slow, now);
        for (int64_t at = now; at < last && answer.until_real_usec == 0; at += DAY_SEC) {
                GArray *edges = edges_between(slow, at, MIN(at + DAY_SEC, last));

                for (guint i = 0; i < edges->len && answer.until_real_usec == 0; i++) {
                        int64_t edge = g_array_index(edges, int64_t, i);
                        SlowAnswer later = look(slow, edge);

                        if (later.state != answer.state || later.rule != answer.rule ||
                                        later.mode != answer.mode)
                                answer.until_real_usec = (uint64_t) edge * G_USEC_PER_SEC;
                }
                g_array_unref(edges);
        }
        return answer;
}

bool slow_calendar_ever_holds(SlowCalendar *slow, const Rule *rule, uint64_t from_usec, uint64_t to_usec) {
        int64_t from = (int64_t) (from_usec / G_USEC_PER_SEC), to = (int64_t) (to_usec / G_USEC_PER_SEC);
        bool holds;

        holds = look(slow, from).rule == rule;
        for (int64_t at = from; at < to && !holds; at += DAY_SEC) {
                GArray *edges = edges_between(slow, at, MIN(at + DAY_SEC, to - 1));

                for (guint i = 0; i < edges->len && !holds; i++)
                        holds = look(slow, g_array_index(edges, int64_t, i)).rule == rule;
                g_array_unref(edges);
        }
        return holds;
}

/* ---- capacity ---- */

static uint32_t fit(const Settings *settings, int64_t sec) {
        uint64_t left = (uint64_t) sec * G_USEC_PER_SEC;
        uint32_t n = 0;

        while (left >= settings->pomodoro_usec) {
                uint64_t rest;

                left -= settings->pomodoro_usec;
                n++;
                rest = n % settings->long_break_every == 0 ? settings->long_break_usec
                                                           : settings->short_break_usec;
                if (rest > left)
                        break;
                left -= rest;
        }
        return n;
}

uint32_t slow_calendar_capacity(SlowCalendar *slow, const Settings *settings, Date date) {
        int64_t begin = ((int64_t) date - NEAR) * DAY_SEC;
        uint32_t total = 0;

        for (guint r = 0; r < slow->set->rules->len; r++) {
                const Rule *rule = &g_array_index(slow->set->rules, Rule, r);
                int64_t open = -1;
                uint32_t sum = 0;

                if (rule->kind == RULE_AWAY || rule->mode != INTERVAL_POMODORO)
                        continue;
                for (int64_t at = begin; at < begin + 2 * NEAR * DAY_SEC; at += DAY_SEC) {
                        GArray *edges = edges_between(slow, at, at + DAY_SEC);

                        for (guint i = 0; i < edges->len; i++) {
                                int64_t edge = g_array_index(edges, int64_t, i);
                                const SlowWindow *winner = winner_at(slow, edge);
                                bool holds = winner && winner->rule == rule && winner->date == date;

                                if (holds && open < 0)
                                        open = edge;
                                if (!holds && open >= 0) {
                                        sum += fit(settings, edge - open);
                                        open = -1;
                                }
                        }
                        g_array_unref(edges);
                }
                total += rule->target > 0 ? MIN(sum, rule->target) : sum;
        }
        return total;
}
