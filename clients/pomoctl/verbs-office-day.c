/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "clients/pomoctl/days.h"
#include "clients/pomoctl/office-month.h"
#include "clients/pomoctl/record.h"
#include "clients/pomoctl/settings.h"
#include "clients/pomoctl/json.h"
#include "clients/pomoctl/verb.h"
#include "common/caps.h"
#include "common/names.h"

typedef struct Listing {
        const Ctl *ctl;
        OfficeMonth *month;
} Listing;

static int list_one(struct json_object *record, void *userdata) {
        Listing *listing = userdata;

        if (!listing->ctl->json)
                return office_month_add(listing->month, record);
        json_print_and_put(stdout, json_of_record(record, JSON_MICROSECONDS));
        return 0;
}

/* "2026-07", "next-month", or a date within it; NULL is this month. */
static int month_read(const Ctl *ctl, const char *text, Date *ret_first) {
        Date first = day_of(time(NULL)), last;
        char sentence[TIMES_SENTENCE_MAX];

        if (text && (days_parse(text, time(NULL), 1, true, &first, &last, sentence) < 0 ||
                                    (first != last && (first != date_month_start(first, 0) ||
                                                                      last + 1 != date_month_start(last + 1,
                                                                                                  0))))) {
                snprintf(sentence, sizeof(sentence), "'%.64s' is no month; say it like 2026-07 or next-month",
                                text);
                return ctl_no_argument(ctl, text, sentence);
        }
        *ret_first = date_month_start(first, 0);
        return 0;
}

static int verb_office_day_list(Ctl *ctl, const Args *args) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        cleanup_(office_month_done) OfficeMonth month = {};
        Listing listing = { .ctl = ctl, .month = &month };
        char text[DAY_TEXT_MAX];
        int week_start = 1, r;

        r = ctl_use_zone(ctl);
        if (r == 0)
                r = month_read(ctl, args->n_words > 0 ? args->words[0] : NULL, &month.first);
        if (r == 0 && !ctl->json)
                r = setting_week_start(ctl, &week_start);
        if (r != 0)
                return r;

        month.today = day_of(time(NULL));
        month.week_start = week_start;
        date_format(month.first, text);
        text[strlen("2026-07")] = '\0';
        if (client_call(ctl->client, POMOD_INTERFACE_SCHEDULES, "ListOfficeDays", &reply, "sa{sv}", text, 0) <
                        0)
                return ctl_failed(ctl);
        r = record_each(reply, list_one, &listing);
        if (r < 0)
                return ctl_unreadable(ctl, r);
        if (!ctl->json)
                office_month_print(ctl, stdout, &month);
        return 0;
}

/* ---- add, move, drop ---- */

static int date_read(const Ctl *ctl, const char *text, char date[DAY_TEXT_MAX], char label[DAY_TEXT_MAX]) {
        char sentence[TIMES_SENTENCE_MAX];
        Date day;

        if (day_parse(text, time(NULL), &day, sentence) < 0)
                return ctl_usage(ctl, "%s", sentence);
        date_format(day, date);
        day_label(day, label);
        return 0;
}

static void change_json(const char *change, const char *rule, const char *date, const char *moved_to) {
        struct json_object *o = json_object_new_object();

        json_add_text(o, "change", change);
        json_add_text(o, "rule", rule);
        json_add_text(o, "date", date);
        json_add_text(o, "moved_to", moved_to);
        json_print_and_put(stdout, o);
}

/* moves: it takes the date that it moves to, as well. */
static int change(Ctl *ctl, const Args *args, const char *member, bool moves, const char *done,
                const char *what) {
        char from[DAY_TEXT_MAX], from_label[DAY_TEXT_MAX], to[DAY_TEXT_MAX], to_label[DAY_TEXT_MAX];
        const char *rule = args_value(args, "rule") ?: "";
        int r;

        if (args->n_words < (moves ? 2u : 1u))
                return ctl_usage(ctl, moves ? "from which date to which?" : "which date?");
        r = ctl_check_text(ctl, "rule", rule, CAP_RULE_BYTES);
        if (r == 0)
                r = ctl_use_zone(ctl);
        if (r == 0)
                r = date_read(ctl, args->words[0], from, from_label);
        if (r == 0 && moves)
                r = date_read(ctl, args->words[1], to, to_label);
        if (r != 0)
                return r;

        if (moves)
                r = client_call(ctl->client, POMOD_INTERFACE_SCHEDULES, member, NULL, "sssa{sv}", rule, from,
                                to, 0);
        else
                r = client_call(ctl->client, POMOD_INTERFACE_SCHEDULES, member, NULL, "ssa{sv}", rule, from,
                                0);
        if (r < 0)
                return ctl_failed(ctl);

        if (ctl->json)
                change_json(done, rule, from, moves ? to : "");
        else
                printf("%s %s%s%s\n", what, from_label, moves ? " to " : "", moves ? to_label : "");
        return 0;
}

static int verb_office_day_add(Ctl *ctl, const Args *args) {
        return change(ctl, args, "AddOfficeDay", false, "added", "added an office day on");
}

static int verb_office_day_move(Ctl *ctl, const Args *args) {
        return change(ctl, args, "MoveOfficeDay", true, "moved", "moved the office day of");
}

static int verb_office_day_drop(Ctl *ctl, const Args *args) {
        return change(ctl, args, "DropOfficeDay", false, "dropped", "dropped the office day of");
}

/* ---- the rows of the table of verbs ---- */

/* clang-format off */
#define RULE_OPTION { "rule", "NAME", "which office-day rule, where there are several" },

const Verb verbs_of_office_days[] = {
        {
                .name = "office-day",
                .brief = "show the month's office days; also: add, move, drop",
                .usage = "[list] [MONTH]",
                .words = 1,
                .sentence = "show the office days of a month and what became of them; alone: of this one",
                .details = DETAILS("A MONTH is 2026-07, last-month or next-month."),
                .examples = ITEMS({ "pomoctl office-day 2026-07", "July" }, ),
                .run = verb_office_day_list,
        },
        {
                .name = "office-day list",
                .usage = "[MONTH]",
                .words = 1,
                .sentence = "show the office days of a month and what became of them",
                .examples = ITEMS({ "pomoctl office-day list 2026-07 --json", "for a script" }, ),
                .run = verb_office_day_list,
        },
        {
                .name = "office-day add",
                .usage = "DATE [--rule NAME]",
                .words = 1,
                .sentence = "make a date an office day as well",
                .details = DETAILS(DATE_WORDS_AHEAD),
                .options = OPTIONS(RULE_OPTION),
                .examples = ITEMS({ "pomoctl office-day add tomorrow", "one more" }, ),
                .run = verb_office_day_add,
        },
        {
                .name = "office-day move",
                .usage = "DATE TO [--rule NAME]",
                .words = 2,
                .sentence = "move an office day to another date of its week or month",
                .details = DETAILS(DATE_WORDS_AHEAD),
                .options = OPTIONS(RULE_OPTION),
                .examples = ITEMS({ "pomoctl office-day move 2026-10-07 2026-10-08", "Thursday instead of Wednesday" }, ),
                .run = verb_office_day_move,
        },
        {
                .name = "office-day drop",
                .usage = "DATE [--rule NAME]",
                .words = 1,
                .sentence = "make a date no office day",
                .details = DETAILS(DATE_WORDS_AHEAD),
                .options = OPTIONS(RULE_OPTION),
                .examples = ITEMS({ "pomoctl office-day drop 2026-10-07", "a day at the dentist's" }, ),
                .run = verb_office_day_drop,
        },
        {},
};
/* clang-format on */
