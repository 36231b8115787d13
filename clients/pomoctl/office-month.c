/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/office-month.h"

#include <stdlib.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "clients/pomoctl/json.h"

static const struct Fate {
        const char *word, *sign;
        Colour colour;
} fates[] = {
        { "kept", "✓", COLOUR_REST },
        { "broken", "✗", COLOUR_WORK },
        { "missed", "–", COLOUR_WRONG },
        { "moved", "→", COLOUR_DIM },
        { "running", "●", COLOUR_BOLD },
        { "planned", "○", COLOUR_BOLD },
};

#define N_FATES (sizeof(fates) / sizeof(fates[0]))

void office_month_done(OfficeMonth *month) {
        for (size_t i = 0; i < month->n_days; i++)
                json_object_put(month->days[i]);
        free(month->days);
        *month = (OfficeMonth){};
}

void office_month_add(OfficeMonth *month, struct json_object *record) {
        month->days = memory_reserve(
                        month->days, month->n_days + 1, &month->n_allocated, sizeof(*month->days));
        month->days[month->n_days++] = json_object_get(record);
}

static const struct Fate *fate_of(struct json_object *record) {
        for (size_t i = 0; i < N_FATES; i++)
                if (strcmp(fates[i].word, record_text(record, "Fate")) == 0)
                        return &fates[i];
        return NULL;
}

/* Of two rules on one date the one that is more than moved away says what is there. */
static const struct Fate *fate_at(const OfficeMonth *month, Date day) {
        const struct Fate *found = NULL;
        char date[DAY_TEXT_MAX];

        date_format(day, date);
        for (size_t i = 0; i < month->n_days; i++) {
                const struct Fate *fate = fate_of(month->days[i]);

                if (fate && strcmp(record_text(month->days[i], "Date"), date) == 0 &&
                                (!found || strcmp(found->word, "moved") == 0))
                        found = fate;
        }
        return found;
}

static void print_calendar(const Ctl *ctl, FILE *file, const OfficeMonth *month) {
        struct tm tm = date_to_tm(month->first);
        Date day = month->first - (tm.tm_wday - month->week_start + 7) % 7;
        char title[32];

        if (strftime(title, sizeof(title), "%B %Y", &tm) == 0)
                title[0] = '\0';
        fprintf(file, "%s%s%s\n", ctl_colour(ctl, COLOUR_BOLD), title, ctl_colour(ctl, COLOUR_OFF));
        for (int i = 0; i < 7; i++) {
                static const char *const names[] = { "Su", "Mo", "Tu", "We", "Th", "Fr", "Sa" };

                fprintf(file, "  %s", names[(month->week_start + i) % 7]);
        }

        while (date_month_start(day, 0) == month->first || day <= month->first) {
                fputc('\n', file);
                for (int i = 0; i < 7; i++, day++) {
                        const struct Fate *fate = fate_at(month, day);

                        if (date_month_start(day, 0) != month->first)
                                fputs("    ", file);
                        else
                                fprintf(file, "%s%c%2d%s%s", fate ? ctl_colour(ctl, fate->colour) : "",
                                                day == month->today ? '>' : ' ', date_split(day).day,
                                                fate ? fate->sign : " ",
                                                fate ? ctl_colour(ctl, COLOUR_OFF) : "");
                }
        }
        fputc('\n', file);
}

/* "office-day, 4/month: 2 kept, 1 broken, 1 planned", once for each rule. */
static void print_sum(const Ctl *ctl, FILE *file, const OfficeMonth *month, size_t of) {
        const char *rule = record_text(month->days[of], "Rule"),
                   *quota = record_text(month->days[of], "Quota");
        cleanup_free_ char *safe = memory_safe_text(rule), *safe_quota = memory_safe_text(quota);
        const char *between = ": ";

        for (size_t i = 0; i < of; i++)
                if (strcmp(record_text(month->days[i], "Rule"), rule) == 0)
                        return;

        fprintf(file, "%s%s%s%s%s", ctl_colour(ctl, COLOUR_BOLD), safe, ctl_colour(ctl, COLOUR_OFF),
                        *quota ? ", " : "", safe_quota);
        for (size_t f = 0; f < N_FATES; f++) {
                unsigned n = 0;

                for (size_t i = 0; i < month->n_days; i++)
                        n += strcmp(record_text(month->days[i], "Rule"), rule) == 0 &&
                             fate_of(month->days[i]) == &fates[f];
                if (n > 0) {
                        fprintf(file, "%s%u %s %s", between, n, fates[f].word, fates[f].sign);
                        between = ", ";
                }
        }
        fputc('\n', file);
}

static void print_day(FILE *file, struct json_object *record) {
        char sentence[TIMES_SENTENCE_MAX], label[DAY_TEXT_MAX] = "", to[DAY_TEXT_MAX];
        cleanup_free_ char *away = memory_safe_text(record_text(record, "Away")),
                           *failure = memory_safe_text(record_text(record, "Failure"));
        const char *moved = record_text(record, "MovedTo");
        Date day;

        if (day_parse(record_text(record, "Date"), 0, &day, sentence) == 0)
                day_label(day, label);
        fprintf(file, "  %s  %s", label, record_text(record, "Fate"));
        if (*moved && day_parse(moved, 0, &day, sentence) == 0)
                fprintf(file, " to %s", day_label(day, to));
        if (strcmp(record_text(record, "Fate"), "kept") == 0 && !record_bool(record, "Enforced"))
                fputs(", not enforced", file);
        if (*away)
                fprintf(file, ", away: %s", away);
        if (record_bool(record, "Extra"))
                fputs(", extra", file);
        if (*failure)
                fprintf(file, "; failed: %s", failure);
        fputc('\n', file);
}

void office_month_print(const Ctl *ctl, FILE *file, const OfficeMonth *month) {
        print_calendar(ctl, file, month);
        fputc('\n', file);
        if (month->n_days == 0)
                fputs("no office days in this month\n", file);
        for (size_t i = 0; i < month->n_days; i++)
                print_sum(ctl, file, month, i);
        for (size_t i = 0; i < month->n_days; i++)
                print_day(file, month->days[i]);
}
