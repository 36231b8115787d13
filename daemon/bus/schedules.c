/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* The rules, and what they make of time: now and then, and office days. */

#include <stdio.h>
#include <string.h>

#include "common/names.h"
#include "daemon/bus/consent.h"
#include "daemon/bus/export.h"
#include "daemon/bus/interface.h"
#include "daemon/bus/keys.h"
#include "daemon/bus/pages.h"
#include "daemon/bus/presets.h"
#include "daemon/bus/request.h"
#include "daemon/bus/values.h"
#include "daemon/bus/warnings.h"
#include "daemon/engine/agenda.h"
#include "daemon/engine/read.h"

DEFINE_CLEANUP(GHashTable *, g_hash_table_unref);

/* ---- the rules ---- */

typedef struct List {
        bool warnings;
        const char *after;
        unsigned limit;
} List;

static const Param list_params[] = {
        { "warnings", OPTION_FLAG, offsetof(List, warnings) },
        { "after", OPTION_TEXT, offsetof(List, after), CAP_RULE_BYTES },
        { "limit", OPTION_PAGE, offsetof(List, limit) },
};

/* A rule with its warnings: of warnings_by_rule(); NULL: they are not wanted. */
typedef struct RuleRecord {
        const Rule *rule;
        GHashTable *warnings;
} RuleRecord;

static int append_rule(Reply *reply, const void *data) {
        const RuleRecord *record = data;
        GHashTable *warnings = record->warnings;
        const GPtrArray *of_rule = warnings ? g_hash_table_lookup(warnings, record->rule->name) : NULL;
        int r = rule_open(reply, record->rule);

        if (r == 0 && warnings)
                r = texts_append_entry(reply, "Warnings", of_rule ? (char **) of_rule->pdata : NULL,
                                of_rule ? of_rule->len : 0);
        return r < 0 ? r : reply_close(reply);
}

static int append_rules(const GArray *rules, guint from, RuleRecord *record, Page *page, Field *last) {
        int r = 0;

        for (guint i = from; r == 0 && i < rules->len; i++) {
                record->rule = &g_array_index(rules, Rule, i);
                r = page_append(page, append_rule, record);
                if (r == 0)
                        last->text = record->rule->name;
        }
        return r;
}

static int list(Call *call) {
        const List *list = call->given;
        const GArray *rules = user_read_rules(call->user)->rules;
        cleanup_(g_hash_table_unrefp) GHashTable *warnings = NULL;
        Field last = field_text("after", list->after);
        guint from = 0;
        Page page;
        int r;

        if (page_find_behind(rules, list->after, &from) < 0)
                return refuse(&call->refusal, REFUSAL_NO_SUCH_RULE,
                                "there is no rule \"%s\" to go on behind; begin anew without after",
                                list->after);
        r = list->warnings ? warnings_by_rule(call->user, &warnings) : 0;
        if (r == 0)
                r = page_begin(&page, call, list->limit, "a{sv}");
        if (r != 0)
                return r;
        r = append_rules(rules, from, &(RuleRecord){ .warnings = warnings }, &page, &last);
        return page_end(&page, r, &last, 1);
}

static int export(Call *call) {
        cleanup_close_ int fd = -1;
        int r = exports_begin_rules(call->bus, call->user, &fd, &call->refusal);

        return r != 0 ? r : reply_append(&call->reply, "h", fd);
}

typedef struct Set {
        Request request;
        KeyList rule;
} Set;

static const Param set_params[] = {
        { "name", ARG_TEXT, offsetof(Request, name), CAP_RULE_BYTES, .what = "rule's name" },
        { "rule", ARG_KEYS, offsetof(Set, rule) },
        OPTION_IF_SEQ,
};

static int set(Call *call) {
        Set *set = call->given;
        cleanup_(warnings_done) Warnings warnings = warnings_new(call);
        cleanup_(rule_done) Rule rule = {};
        Answer answer;
        int r;

        r = rule_from_keys(set->request.name, set->rule.keys, set->rule.values, set->rule.n, &rule,
                        &call->refusal);
        if (r != 0)
                return r;
        set->request.rule = &rule;
        set->request.warning = warnings_collect;
        set->request.warning_userdata = &warnings;
        r = request_send(call, &answer);
        return r != 0 ? r : warnings_append(&warnings, &call->reply);
}

static const Param remove_params[] = {
        { "name", ARG_TEXT, offsetof(Request, name), CAP_RULE_BYTES, .what = "rule's name" },
        OPTION_IF_SEQ,
};

static const Param import_params[] = {
        { "text", ARG_TEXT, offsetof(Request, text) },
        OPTION_IF_SEQ,
        { "replace", OPTION_FLAG, offsetof(Request, replace) },
        { "dry-run", OPTION_FLAG, offsetof(Request, dry_run) },
};

static int import_append(Reply *reply, const Answer *answer, Warnings *warnings) {
        const Field fields[] = {
                field_number("Rules", "u", answer->rules),
                field_number("Profiles", "u", answer->profiles),
                field_number("Removed", "u", answer->removed),
        };
        int r = reply_open_record(reply);

        if (r == 0)
                r = fields_append_entries(reply, fields, ELEMENTSOF(fields));
        if (r == 0)
                r = warnings_append_entry(warnings, "Warnings", reply);
        return r < 0 ? r : reply_close(reply);
}

/* The names of the profiles in a text that was taken; NULL at the end. */
static char **profiles_in(const char *text) {
        static const char group[] = "[Profile ";
        GPtrArray *names = g_ptr_array_new();

        for (const char *line = text; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
                const size_t size = strcspn(line, "]\n");

                if (strncmp(line, group, sizeof(group) - 1) == 0 && line[size] == ']')
                        g_ptr_array_add(names, g_strstrip(g_strndup(line + sizeof(group) - 1,
                                                               size - (sizeof(group) - 1))));
        }
        g_ptr_array_add(names, NULL);
        return (char **) g_ptr_array_free(names, FALSE);
}

static int import_ask(Call *call, const Request *request, Warnings *warnings, const Answer *answer) {
        char **profiles;
        int r;

        if (request->dry_run)
                return 0;
        profiles = profiles_in(request->text);
        r = consent_begin(call, (const char *const *) profiles, warnings, answer, false);
        g_strfreev(profiles);
        return r;
}

static int import(Call *call) {
        Request *request = call->given;
        cleanup_(warnings_done) Warnings warnings = warnings_new(call);
        Answer answer;
        int r;

        if (consent_is_answered(call)) {
                warnings_done(&warnings);
                r = consent_end(call, &warnings, &answer);
                return r != 0 ? r : import_append(&call->reply, &answer, &warnings);
        }

        if (strlen(request->text) > CAP_RULES_TEXT_BYTES)
                return refuse(&call->refusal, REFUSAL_LIMITS_EXCEEDED,
                                "the text has %zu bytes, and %u are the most of one import; import it in parts",
                                strlen(request->text), CAP_RULES_TEXT_BYTES);
        request->warning = warnings_collect;
        request->profile_func = warnings_judge_profile;
        request->warning_userdata = request->profile_userdata = &warnings;
        r = request_send(call, &answer);
        if (r == 0)
                r = import_ask(call, request, &warnings, &answer);
        return r != 0 || call->consent ? r : import_append(&call->reply, &answer, &warnings);
}

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
        return r != 0 ? r
                      : fields_append(&call->reply, fields, schedule_fields(&schedule, why, date, fields));
}

typedef struct Agenda {
        uint64_t from_real_usec, to_real_usec, after_real_usec;
        unsigned limit;
} Agenda;

static const Param agenda_params[] = {
        { "from_realtime_usec", ARG_NUMBER, offsetof(Agenda, from_real_usec) },
        { "to_realtime_usec", ARG_NUMBER, offsetof(Agenda, to_real_usec) },
        { "after-realtime-usec", OPTION_NUMBER, offsetof(Agenda, after_real_usec) },
        { "limit", OPTION_PAGE, offsetof(Agenda, limit) },
};

static int append_stretch(Reply *reply, const void *record) {
        const Stretch *stretch = record;
        Field fields[FIELDS_MAX];
        char date[DATE_TEXT_MAX];

        return fields_append(reply, fields, stretch_fields(stretch, date, fields));
}

/* Where nothing holds for long, there is nothing but time to go on from. */
static int take_stretch(const Stretch *stretch, void *userdata) {
        Page *page = userdata;

        return stretch->window.rule ? page_append(page, append_stretch, stretch) : page_pass(page);
}

static int agenda(Call *call) {
        const Agenda *agenda = call->given;
        const Span span = { agenda->from_real_usec, agenda->to_real_usec };
        uint64_t at = agenda->after_real_usec;
        Page page;
        int r = page_begin(&page, call, agenda->limit, "a{sv}");

        if (r == 0)
                r = user_agenda_each(call->user, &span, &at, take_stretch, &page, &call->refusal);
        return page_end(&page, r, (Field[]){ field_number("after-realtime-usec", "t", at) }, 1);
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
        return r != 0 ? r : reply_append(&call->reply, "u", pomodoros);
}

/* ---- office days ---- */

#define DAYS_BEYOND_A_MONTH 32u /* none is left there */
#define MONTH_BYTES         32u /* of what should be a month; one that is none is named in the refusal */

typedef struct Month {
        const char *text;
        uint64_t after;
        unsigned limit;
} Month;

static const Param month_params[] = {
        { "month", ARG_TEXT, offsetof(Month, text), MONTH_BYTES },
        { "after", OPTION_NUMBER, offsetof(Month, after) },
        { "limit", OPTION_PAGE, offsetof(Month, limit) },
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

static int append_office_day(Reply *reply, const void *day) {
        OfficeDayText text;
        Field fields[FIELDS_MAX];

        return fields_append(reply, fields, office_day_fields(day, &text, fields));
}

static int take_office_day(const OfficeDay *day, void *userdata) {
        return day ? page_append(userdata, append_office_day, day) : page_pass(userdata);
}

/* The place in the month as the number that clients hand back. */
static uint64_t place_to_number(const OfficeDayPlace *place, Date from) {
        return (uint64_t) (place->date - from) << 32 | place->looked_at;
}

static OfficeDayPlace place_of_number(uint64_t number, Date from) {
        const Date date = (Date) (from + (Date) MIN(number >> 32, DAYS_BEYOND_A_MONTH));

        return (OfficeDayPlace){ .date = date, .looked_at = (guint) (uint32_t) number };
}

static int list_office_days(Call *call) {
        const Month *month = call->given;
        Date from = DATE_NONE, to = DATE_NONE;
        OfficeDayPlace place;
        Page page;
        int r = month_read(call, month->text, &from, &to);

        if (r == 0)
                r = page_begin(&page, call, month->limit, "a{sv}");
        if (r != 0)
                return r;
        place = place_of_number(month->after, from);
        r = user_office_days_each(call->user, &place, to, take_office_day, &page);
        return page_end(&page, r, (Field[]){ field_number("after", "t", place_to_number(&place, from)) }, 1);
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
        { "Schedules.List", READS, list, "aa{sv} rules, a{sv} more", PARAMS(list_params, List) },
        { "Schedules.Set", WRITES, set, "as warnings", PARAMS(set_params, Set), .request = REQUEST_RULE_SET },
        { "Schedules.Remove", WRITES, request_plain, NULL, PARAMS(remove_params, Request),
                        .request = REQUEST_RULE_REMOVE },
        { "Schedules.Import", WRITES, import, "a{sv} result", PARAMS(import_params, Request),
                        .request = REQUEST_RULES_IMPORT },
        { "Schedules.Export", READS, export, "h text" },
        { "Schedules.ListPresets", READS, presets_handle_rules, "aa{sv} presets" },
        { "Schedules.Explain", READS, explain, "a{sv} answer", PARAMS(explain_params, Explain) },
        { "Schedules.Agenda", READS, agenda, "aa{sv} stretches, a{sv} more", PARAMS(agenda_params, Agenda) },
        { "Schedules.Capacity", READS, capacity, "u pomodoros", PARAMS(capacity_params, Capacity) },
        { "Schedules.ListOfficeDays", READS, list_office_days, "aa{sv} days, a{sv} more",
                        PARAMS(month_params, Month) },
        { "Schedules.AddOfficeDay", WRITES, request_plain, NULL, PARAMS(office_day_params, Request),
                        .request = REQUEST_OFFICE_DAY_ADD },
        { "Schedules.MoveOfficeDay", WRITES, request_plain, NULL, PARAMS(move_params, Request),
                        .request = REQUEST_OFFICE_DAY_MOVE },
        { "Schedules.DropOfficeDay", WRITES, request_plain, NULL, PARAMS(office_day_params, Request),
                        .request = REQUEST_OFFICE_DAY_DROP },
};

const Interface schedules_interface = INTERFACE_OF_METHODS(POMOD_INTERFACE_SCHEDULES, methods);
