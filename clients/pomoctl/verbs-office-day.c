/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <stdio.h>
#include <string.h>

#include "clients/pomoctl/days.h"
#include "clients/pomoctl/json.h"
#include "clients/pomoctl/office-month.h"
#include "clients/pomoctl/records.h"
#include "clients/pomoctl/verb.h"
#include "common/caps.h"
#include "common/names.h"

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
        cleanup_(office_month_done) OfficeMonth month = { .week_start = 1 };
        cleanup_(records_done) Records records = {};
        char text[DAY_TEXT_MAX];
        int r = program_use_zone(&ctl->program)
                                ?: month_read(ctl, args->n_words > 0 ? args->words[0] : NULL, &month.first);

        if (r == 0 && !ctl->program.json)
                r = setting_week_start(&ctl->program, &month.week_start);
        if (r != 0)
                return r;

        month.today = day_of(time(NULL));
        date_format(month.first, text);
        text[strlen("2026-07")] = '\0';
        records = records_ask(&ctl->program, POMOD_INTERFACE_SCHEDULES, "ListOfficeDays", NULL, "s", text);
        for (struct json_object *record; (record = records_next(&records));)
                if (ctl->program.json)
                        json_print_and_put(stdout, json_of_record(record, JSON_MICROSECONDS));
                else
                        office_month_add(&month, record);
        if (records.status == 0 && !ctl->program.json)
                office_month_print(ctl, stdout, &month);
        return records.status;
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

/* moves: it takes the date that it moves to, as well. */
static int change(Ctl *ctl, const Args *args, const char *member, bool moves, const char *done,
                const char *what) {
        char from[DAY_TEXT_MAX], from_label[DAY_TEXT_MAX], to[DAY_TEXT_MAX], to_label[DAY_TEXT_MAX];
        const char *rule = args_value(args, "rule") ?: "";
        int r;

        if (args->n_words < (moves ? 2u : 1u))
                return ctl_usage(ctl, moves ? "from which date to which?" : "which date?");
        r = ctl_check_text(ctl, "rule", rule, CAP_RULE_BYTES);
        r = r ?: program_use_zone(&ctl->program);
        r = r ?: date_read(ctl, args->words[0], from, from_label);
        if (r == 0 && moves)
                r = date_read(ctl, args->words[1], to, to_label);
        if (r == 0 && moves)
                r = program_call(&ctl->program, POMOD_INTERFACE_SCHEDULES, member, NULL, NULL, "sss", rule,
                                from, to);
        else if (r == 0)
                r = program_call(&ctl->program, POMOD_INTERFACE_SCHEDULES, member, NULL, NULL, "ss", rule,
                                from);
        if (r != 0)
                return r;

        if (ctl->program.json)
                json_say("ssss", "change", done, "rule", rule, "date", from, "moved_to", moves ? to : "");
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
        { .name = "office-day", .usage = "[list] [MONTH]", .words = 1, .run = verb_office_day_list,
          .brief = "show the month's office days; also: add, move, drop",
          .sentence = "show the office days of a month and what became of them; alone: of this one",
          .details = DETAILS("A MONTH is 2026-07, last-month or next-month."),
          .examples = ITEMS({ "pomoctl office-day 2026-07", "July" }, ) },
        { .name = "office-day list", .usage = "[MONTH]", .words = 1, .run = verb_office_day_list,
          .sentence = "show the office days of a month and what became of them",
          .examples = ITEMS({ "pomoctl office-day list 2026-07 --json", "for a script" }, ) },
        { .name = "office-day add", .usage = "DATE [--rule NAME]", .words = 1, .run = verb_office_day_add,
          .sentence = "make a date an office day as well",
          .details = DETAILS(DATE_WORDS_AHEAD),
          .options = OPTIONS(RULE_OPTION),
          .examples = ITEMS({ "pomoctl office-day add tomorrow", "one more" }, ) },
        { .name = "office-day move", .usage = "DATE TO [--rule NAME]", .words = 2, .run = verb_office_day_move,
          .sentence = "move an office day to another date of its week or month",
          .details = DETAILS(DATE_WORDS_AHEAD),
          .options = OPTIONS(RULE_OPTION),
          .examples = ITEMS({ "pomoctl office-day move 2026-10-07 2026-10-08", "Thursday instead of Wednesday" }, ) },
        { .name = "office-day drop", .usage = "DATE [--rule NAME]", .words = 1, .run = verb_office_day_drop,
          .sentence = "make a date no office day",
          .details = DETAILS(DATE_WORDS_AHEAD),
          .options = OPTIONS(RULE_OPTION),
          .examples = ITEMS({ "pomoctl office-day drop 2026-10-07", "a day at the dentist's" }, ) },
        {},
};
/* clang-format on */
