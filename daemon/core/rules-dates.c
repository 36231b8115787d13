/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* Days, dates and hours of a rule: read from their text, and written so that reading gives the same again. */

#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "daemon/core/rules-private.h"

static const char *const weekday_words[_WEEKDAY_MAX] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };

char *list_next(char **rest) {
        char *item = *rest;
        size_t n;

        if (!item)
                return NULL;
        n = strcspn(item, ";,");
        *rest = item[n] != '\0' ? item + n + 1 : NULL;
        item[n] = '\0';
        /* Key files are also written with a separator behind the last item. */
        if (*rest && (*rest)[strspn(*rest, " \t")] == '\0')
                *rest = NULL;
        return g_strstrip(item);
}

static int refuse_item(Refusal *ret_refusal, const char *item, const char *what) {
        char excerpt[TEXT_EXCERPT_MAX];

        return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT, "\"%s\" %s", text_excerpt(item, excerpt), what);
}

/* ---- Days ---- */

static int weekday_from(const char *word, size_t n) {
        for (int i = 0; i < _WEEKDAY_MAX; i++)
                if (n == 3 && g_ascii_strncasecmp(word, weekday_words[i], 3) == 0)
                        return i;
        return -1;
}

static int read_nth(const char *item, Rule *rule, Refusal *ret_refusal) {
        bool last = *item == '-';
        const char *p = item + last;
        int weekday;

        if (*p < '0' || *p > '9' || (weekday = weekday_from(p + 1, strlen(p + 1))) < 0)
                return refuse_item(ret_refusal, item,
                                "is no day; write Mon, Mon-Fri, 1Mon for the first Monday of the month or -1Fri for the last Friday");
        if (*p < '1' || *p > '5')
                return refuse_item(ret_refusal, item,
                                "cannot be: a month has a first to a fifth, and a last to a fifth last");
        if (last)
                rule->nth_last[*p - '1'] |= (uint8_t) (1u << weekday);
        else
                rule->nth[*p - '1'] |= (uint8_t) (1u << weekday);
        return 0;
}

int days_read(const char *value, Rule *rule, Refusal *ret_refusal) {
        char *copy = g_strdup(value), *rest = copy, *item;
        int r = 0;

        rule->every_day = false;
        while (r == 0 && (item = list_next(&rest))) {
                char *dash = *item == '-' ? NULL : strchr(item, '-');
                int from = weekday_from(item, dash ? (size_t) (dash - item) : strlen(item));
                int to = dash ? weekday_from(dash + 1, strlen(dash + 1)) : from;

                if (from < 0 || to < 0) {
                        r = read_nth(item, rule, ret_refusal);
                        continue;
                }
                for (int day = from;; day = (day + 1) % _WEEKDAY_MAX) {
                        rule->weekdays |= (uint8_t) (1u << day);
                        if (day == to)
                                break;
                }
        }
        g_free(copy);
        return r;
}

static void add_item(GString *text, const char *item) {
        if (text->len > 0)
                g_string_append_c(text, ';');
        g_string_append(text, item);
}

void days_write(const Rule *rule, GString *text) {
        char item[16];

        for (int day = 0; day < _WEEKDAY_MAX; day++) {
                int to = day;
                if (!(rule->weekdays & 1u << day))
                        continue;
                while (to + 1 < _WEEKDAY_MAX && rule->weekdays & 1u << (to + 1))
                        to++;
                if (to > day)
                        g_snprintf(item, sizeof(item), "%s-%s", weekday_words[day], weekday_words[to]);
                else
                        g_strlcpy(item, weekday_words[day], sizeof(item));
                add_item(text, item);
                day = to;
        }
        for (int n = 0; n < 10; n++)
                for (int day = 0; day < _WEEKDAY_MAX; day++) {
                        if (!((n < 5 ? rule->nth[n] : rule->nth_last[n - 5]) & 1u << day))
                                continue;
                        g_snprintf(item, sizeof(item), "%s%d%s", n < 5 ? "" : "-", n % 5 + 1,
                                        weekday_words[day]);
                        add_item(text, item);
                }
}

/* ---- Dates, Also, Except ---- */

static int month_day_parse(const char *text, int *ret_month, int *ret_day) {
        char full[16];
        Date date;

        /* In a leap year every day of any year has its place. */
        if (strlen(text) != 5)
                return -1;
        g_snprintf(full, sizeof(full), "2000-%s", text);
        if (date_parse(full, &date) < 0)
                return -1;
        YearMonthDay ymd = date_split(date);
        *ret_month = ymd.month;
        *ret_day = ymd.day;
        return 0;
}

int dates_read(const char *value, Rule *rule, Refusal *ret_refusal) {
        char *copy = g_strdup(value), *dots = strstr(copy, ".."), *to;
        int r = 0;

        if (dots)
                *dots = '\0';
        g_strstrip(copy);
        to = dots ? g_strstrip(dots + 2) : copy;
        if (month_day_parse(copy, &rule->from_month, &rule->from_day) == 0 &&
                        month_day_parse(to, &rule->to_month, &rule->to_day) == 0)
                rule->range = RANGE_YEARLY;
        else if (date_parse(copy, &rule->from_date) == 0 && date_parse(to, &rule->to_date) == 0) {
                rule->range = RANGE_DATES;
                if (rule->to_date < rule->from_date)
                        r = refuse_item(ret_refusal, value, "ends before it begins");
        } else
                r = refuse_item(ret_refusal, value,
                                "are no dates; write 06-15..08-31 for every year, or 2026-06-15..2026-08-31");
        g_free(copy);
        return r;
}

void dates_write(const Rule *rule, GString *text) {
        char from[DATE_TEXT_MAX], to[DATE_TEXT_MAX];

        if (rule->range == RANGE_YEARLY) {
                g_snprintf(from, sizeof(from), "%02d-%02d", rule->from_month, rule->from_day);
                g_snprintf(to, sizeof(to), "%02d-%02d", rule->to_month, rule->to_day);
        } else {
                date_format(rule->from_date, from);
                date_format(rule->to_date, to);
        }
        g_string_append_printf(text, "%s..%s", from, to);
}

static int compare_dates(const void *a, const void *b) {
        Date x = *(const Date *) a, y = *(const Date *) b;

        return (x > y) - (x < y);
}

int date_list_read(const char *value, Date **dates, unsigned *n, Refusal *ret_refusal) {
        char *copy = g_strdup(value), *rest = copy, *item;
        GArray *list = g_array_new(FALSE, FALSE, sizeof(Date));
        Date date;
        int r = 0;

        while (r == 0 && (item = list_next(&rest))) {
                if (date_parse(item, &date) < 0)
                        r = refuse_item(ret_refusal, item, "is no date; write it like 2026-10-08");
                else if (list->len >= RULE_DATES_MAX)
                        r = refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED, "more than %u dates are too many",
                                        RULE_DATES_MAX);
                else
                        g_array_append_val(list, date);
        }
        g_free(copy);
        if (r == 0) {
                unsigned kept = 0;
                qsort(list->data, list->len, sizeof(Date), compare_dates);
                for (guint i = 0; i < list->len; i++)
                        if (kept == 0 || g_array_index(list, Date, kept - 1) != g_array_index(list, Date, i))
                                g_array_index(list, Date, kept++) = g_array_index(list, Date, i);
                *n = kept;
                *dates = g_memdup2(list->data, kept * sizeof(Date));
        }
        g_array_unref(list);
        return r;
}

void date_list_write(const Date *dates, unsigned n, GString *text) {
        char item[DATE_TEXT_MAX];

        for (unsigned i = 0; i < n; i++)
                add_item(text, date_format(dates[i], item));
}

/* ---- Hours ---- */

/* HH:MM or HH:MM:SS; 24:00 is a time only where a window ends. */
static int time_of_day_parse(const char *text, uint32_t *ret_sec) {
        unsigned parts[3] = {}, n = 0;

        for (;;) {
                unsigned digits = 0;
                while (*text >= '0' && *text <= '9' && digits < 2) {
                        parts[n] = parts[n] * 10 + (unsigned) (*text++ - '0');
                        digits++;
                }
                if (digits == 0 || (n > 0 && digits != 2))
                        return -1;
                if (++n == 3 || *text != ':')
                        break;
                text++;
        }
        if (*text != '\0' || n < 2 || parts[0] > 24 || parts[1] > 59 || parts[2] > 59)
                return -1;
        *ret_sec = parts[0] * 3600 + parts[1] * 60 + parts[2];
        return *ret_sec <= 86400 ? 0 : -1;
}

int hours_read(const char *value, Rule *rule, Refusal *ret_refusal) {
        char *copy = g_strdup(value), *rest = copy, *item;
        GArray *list = g_array_new(FALSE, FALSE, sizeof(RuleHours));
        int r = 0;

        while (r == 0 && (item = list_next(&rest))) {
                char *whole = g_strdup(item), *dash = strchr(item, '-');
                RuleHours hours = {};

                if (dash)
                        *dash = '\0';
                if (!dash || time_of_day_parse(g_strstrip(item), &hours.start_sec) < 0 ||
                                time_of_day_parse(g_strstrip(dash + 1), &hours.end_sec) < 0)
                        r = refuse_item(ret_refusal, whole, "are no hours; write 09:00-12:00, up to 24:00");
                else if (hours.start_sec == 86400)
                        r = refuse_item(ret_refusal, whole,
                                        "begin at 24:00, which only ends a day; begin at 00:00 of the next");
                else if (hours.start_sec == hours.end_sec)
                        r = refuse_item(ret_refusal, whole,
                                        "begin and end at one time; leave Hours out for the whole day");
                else if (list->len >= RULE_HOURS_MAX)
                        r = refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                        "more than %u windows a day are too many", RULE_HOURS_MAX);
                else
                        g_array_append_val(list, hours);
                g_free(whole);
        }
        g_free(copy);
        if (r == 0) {
                rule->n_hours = list->len;
                rule->hours = g_memdup2(list->data, list->len * sizeof(RuleHours));
        }
        g_array_unref(list);
        return r;
}

static void write_time(uint32_t sec, GString *text) {
        g_string_append_printf(text, "%02u:%02u", sec / 3600, sec / 60 % 60);
        if (sec % 60 != 0)
                g_string_append_printf(text, ":%02u", sec % 60);
}

void hours_write(const Rule *rule, GString *text) {
        for (unsigned i = 0; i < rule->n_hours; i++) {
                if (i > 0)
                        g_string_append_c(text, ';');
                write_time(rule->hours[i].start_sec, text);
                g_string_append_c(text, '-');
                write_time(rule->hours[i].end_sec, text);
        }
}
