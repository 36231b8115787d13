/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* What the rules make of time: now and then, and office days. The rules themselves are in rules.c. */

#include <stdio.h>

#include "common/names.h"
#include "daemon/bus/interface.h"
#include "daemon/bus/records.h"
#include "daemon/bus/request.h"
#include "daemon/bus/rules.h"
#include "daemon/bus/values.h"
#include "daemon/engine/agenda.h"
#include "daemon/engine/office-days.h"

/* ---- what holds when ---- */

typedef struct Explain {
        uint64_t at_real_usec;
} Explain;

static const Param explain_params[] = {
        { "at_realtime_usec", ARG_NUMBER, offsetof(Explain, at_real_usec) },
};

static int explain(Call *call) {
        const Explain *explain = call->given;
        cleanup_free_ char *why = NULL;
        Field fields[FIELDS_MAX];
        char date[DATE_TEXT_MAX];
        Schedule schedule;
        int r;

        r = user_agenda_explain(call->user, explain->at_real_usec, &schedule, &why, &call->refusal);
        return r != 0 ? r : fields_append(call->reply, fields, schedule_fields(&schedule, why, date, fields));
}

typedef struct Agenda {
        uint64_t from_real_usec, to_real_usec;
        unsigned limit;
} Agenda;

static const Param agenda_params[] = {
        { "from_realtime_usec", ARG_NUMBER, offsetof(Agenda, from_real_usec) },
        { "to_realtime_usec", ARG_NUMBER, offsetof(Agenda, to_real_usec) },
        { "limit", OPTION_PAGE, offsetof(Agenda, limit) },
};

typedef struct Stretches {
        sd_bus_message *reply;
        Page page;
} Stretches;

static int append_stretch(const Stretch *stretch, void *userdata) {
        Stretches *stretches = userdata;
        Field fields[FIELDS_MAX];
        char date[DATE_TEXT_MAX];
        int r = page_take(&stretches->page);

        return r < 0 ? r : fields_append(stretches->reply, fields, stretch_fields(stretch, date, fields));
}

static int agenda(Call *call) {
        const Agenda *agenda = call->given;
        Stretches stretches = { .reply = call->reply, .page.left = agenda->limit };
        int r = records_open(call->reply);

        if (r == 0)
                r = page_end(&stretches.page,
                                user_agenda_each(call->user, agenda->from_real_usec, agenda->to_real_usec,
                                                append_stretch, &stretches, &call->refusal));
        return r != 0 ? r : reply_close(call->reply);
}

/* The date that it is now for the user. */
static int today_get(Call *call, Date *ret_date) {
        Schedule schedule;
        int r = user_agenda_explain(call->user, 0, &schedule, NULL, &call->refusal);

        if (r == 0)
                *ret_date = schedule.date;
        return r;
}

typedef struct Capacity {
        Date date;
        uint64_t from_real_usec;
} Capacity;

static const Param capacity_params[] = {
        { "date", ARG_DATE, offsetof(Capacity, date) },
        { "from-realtime-usec", OPTION_NUMBER, offsetof(Capacity, from_real_usec) },
};

static int capacity(Call *call) {
        Capacity *capacity = call->given;
        uint32_t pomodoros = 0;
        int r = capacity->date == DATE_NONE ? today_get(call, &capacity->date) : 0;

        if (r == 0)
                r = user_agenda_capacity(call->user, capacity->date, capacity->from_real_usec, &pomodoros,
                                &call->refusal);
        return r != 0 ? r : reply_append(call->reply, "u", pomodoros);
}

/* ---- office days ---- */

#define MONTH_BYTES 32u /* of what should be a month; one that is none is named in the refusal */

typedef struct Month {
        const char *text;
} Month;

static const Param month_params[] = {
        { "month", ARG_TEXT, offsetof(Month, text), MONTH_BYTES },
};

/* "2026-07", or the month of today. */
static int month_read(Call *call, const char *text, Date *ret_from, Date *ret_to) {
        char day[MONTH_BYTES + 4], buf[SNIPPET_BYTES + 4];
        Date from;
        int r = 0;

        snprintf(day, sizeof(day), "%s-01", text);
        if (*text == '\0')
                r = today_get(call, &from);
        else if (date_parse(day, &from) < 0)
                r = refuse(&call->refusal, REFUSAL_INVALID_ARGUMENT,
                                "\"%s\" is no month from 1970 to 9999; a month is written like 2026-07",
                                text_snippet(text, buf));
        if (r != 0)
                return r;
        *ret_from = date_month_start(from, 0);
        *ret_to = date_month_start(from, 1) - 1;
        return 0;
}

static int append_office_day(const OfficeDay *day, void *userdata) {
        OfficeDayText text;
        Field fields[FIELDS_MAX];

        return fields_append(userdata, fields, office_day_fields(day, &text, fields));
}

static int list_office_days(Call *call) {
        const Month *month = call->given;
        Date from = DATE_NONE, to = DATE_NONE;
        int r = month_read(call, month->text, &from, &to);

        if (r == 0)
                r = records_open(call->reply);
        if (r == 0)
                r = user_office_days_each(call->user, from, to, append_office_day, call->reply);
        return r != 0 ? r : reply_close(call->reply);
}

static const Param office_day_params[] = {
        { "rule", ARG_TEXT, offsetof(Request, name), CAP_RULE_BYTES, .what = "rule's name" },
        { "date", ARG_DAY, offsetof(Request, date) },
        OPTION_IF_SEQ,
};

static const Param move_params[] = {
        { "rule", ARG_TEXT, offsetof(Request, name), CAP_RULE_BYTES, .what = "rule's name" },
        { "date", ARG_DAY, offsetof(Request, date) },
        { "to_date", ARG_DAY, offsetof(Request, to_date), .what = "date to move it to" },
        OPTION_IF_SEQ,
};

static const Method methods[] = {
        { "Schedules.List", READS, rules_list, "aa{sv} rules", PARAMS(rules_list_params, RulesList) },
        { "Schedules.Set", WRITES, rules_set, "as warnings", PARAMS(rules_set_params, RulesSet),
                        .request = REQUEST_RULE_SET },
        { "Schedules.Remove", WRITES, request_plain, NULL, PARAMS(rules_remove_params, Request),
                        .request = REQUEST_RULE_REMOVE },
        { "Schedules.Import", WRITES, rules_import, "a{sv} result", PARAMS(rules_import_params, Request),
                        .request = REQUEST_RULES_IMPORT },
        { "Schedules.Export", READS, rules_export, "s text" },
        { "Schedules.ListPresets", READS, rules_list_presets, "aa{sv} presets" },
        { "Schedules.Explain", READS, explain, "a{sv} answer", PARAMS(explain_params, Explain) },
        { "Schedules.Agenda", READS, agenda, "aa{sv} stretches", PARAMS(agenda_params, Agenda) },
        { "Schedules.Capacity", READS, capacity, "u pomodoros", PARAMS(capacity_params, Capacity) },
        { "Schedules.ListOfficeDays", READS, list_office_days, "aa{sv} days", PARAMS(month_params, Month) },
        { "Schedules.AddOfficeDay", WRITES, request_plain, NULL, PARAMS(office_day_params, Request),
                        .request = REQUEST_OFFICE_DAY_ADD },
        { "Schedules.MoveOfficeDay", WRITES, request_plain, NULL, PARAMS(move_params, Request),
                        .request = REQUEST_OFFICE_DAY_MOVE },
        { "Schedules.DropOfficeDay", WRITES, request_plain, NULL, PARAMS(office_day_params, Request),
                        .request = REQUEST_OFFICE_DAY_DROP },
};

const Interface schedules_interface = INTERFACE_OF_METHODS(POMOD_INTERFACE_SCHEDULES, methods);
