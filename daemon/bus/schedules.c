/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/schedules.h"

#include <errno.h>
#include <string.h>

#include "daemon/bus/errors.h"
#include "daemon/bus/keys.h"
#include "daemon/bus/method.h"
#include "daemon/bus/objects.h"
#include "daemon/bus/options.h"
#include "daemon/bus/records.h"
#include "daemon/bus/request.h"
#include "daemon/bus/warnings.h"
#include "daemon/core/presets.h"
#include "daemon/engine/agenda.h"

int name_read(sd_bus_message *message, const char *what, const char **ret_name, Refusal *ret_refusal) {
        int r = sd_bus_message_read_basic(message, SD_BUS_TYPE_STRING, ret_name);

        return r < 0 ? r : text_validate(*ret_name, CAP_RULE_BYTES, what, ret_refusal);
}

int name_request(sd_bus_message *message, const char *what, const UserCall *call, RequestType type,
                sd_bus_error *error) {
        Request request = { .type = type };
        Refusal refusal;
        int r;

        r = name_read(message, what, &request.name, &refusal);
        if (r != 0)
                return error_set(error, r, &refusal);
        return request_plain(message, call, &request, error);
}

int date_read(sd_bus_message *message, const char *what, Date *ret_date, Refusal *ret_refusal) {
        char buf[SNIPPET_BYTES + 4];
        const char *text;
        int r;

        r = sd_bus_message_read_basic(message, SD_BUS_TYPE_STRING, &text);
        if (r < 0)
                return r;
        if (*text == '\0') {
                *ret_date = DATE_NONE;
                return 0;
        }
        r = text_validate(text, DATE_BYTES, what, ret_refusal);
        if (r == 0 && date_parse(text, ret_date) < 0)
                r = refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "the %s \"%s\" is no date of the calendar from 1970 to 9999; a date is written like 2026-07-01",
                                what, text_snippet(text, buf));
        return r;
}

int today_get(const UserCall *call, Date *ret_date, Refusal *ret_refusal) {
        Schedule schedule;
        int r = user_agenda_explain(call->user, 0, &schedule, NULL, ret_refusal);

        if (r == 0)
                *ret_date = schedule.date;
        return r;
}

/* ---- rules ---- */

typedef struct Listing {
        sd_bus_message *reply;
        const char *after; /* still to come; NULL: behind it, or none was given */
        unsigned left;
        GHashTable *warnings; /* of warnings_by_rule(); NULL: not wanted */
        bool full;
} Listing;

static int append_rule(const Rule *rule, void *userdata) {
        Listing *listing = userdata;
        GPtrArray *warnings;
        int r;

        if (listing->after) {
                if (strcmp(rule->name, listing->after) == 0)
                        listing->after = NULL;
                return 0;
        }
        if (listing->left-- == 0) {
                listing->full = true;
                return -ENOBUFS;
        }
        r = sd_bus_message_open_container(listing->reply, SD_BUS_TYPE_ARRAY, "{sv}");
        if (r >= 0)
                r = rule_append(listing->reply, rule);
        if (r >= 0 && listing->warnings) {
                warnings = g_hash_table_lookup(listing->warnings, rule->name);
                r = texts_entry_append(listing->reply, "Warnings",
                                warnings ? (char **) warnings->pdata : NULL, warnings ? warnings->len : 0);
        }
        return r < 0 ? r : sd_bus_message_close_container(listing->reply);
}

static int method_list(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        enum {
                WARNINGS,
                AFTER,
                LIMIT,
        };
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        cleanup_(warnings_freep) GHashTable *warnings = NULL;
        const UserCall *call = userdata;
        Option options[] = {
                [WARNINGS] = { "warnings", OPTION_FLAG },
                [AFTER] = { "after", OPTION_TEXT, CAP_RULE_BYTES },
                [LIMIT] = { "limit", OPTION_NUMBER, UINT32_MAX },
        };
        Listing listing = {};
        Refusal refusal;
        int r;

        r = options_read(message, options, ELEMENTSOF(options), &refusal);
        if (r == 0)
                r = limit_check(&options[LIMIT], &listing.left, &refusal);
        if (r == 0 && options[WARNINGS].flag)
                r = warnings_by_rule(call, &warnings, &refusal);
        if (r == 0)
                r = records_reply_new(message, &reply);
        if (r == 0) {
                listing.reply = reply;
                listing.after = option_text(&options[AFTER]);
                listing.warnings = warnings;
                r = user_read_rules(call->user, append_rule, &listing);
        }
        if (r == 0 && listing.after)
                r = refuse(&refusal, REFUSAL_NO_SUCH_RULE,
                                "there is no rule \"%s\" to go on behind; begin anew without after",
                                listing.after);
        if (r != 0 && !listing.full)
                return error_set(error, r, &refusal);
        return records_reply_send(reply);
}

static int method_export(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        const UserCall *call = userdata;
        cleanup_free_ char *text = NULL;
        Refusal refusal;
        int r;

        r = options_read_none(message, &refusal);
        if (r != 0)
                return error_set(error, r, &refusal);
        text = user_read_rules_text(call->user);
        return sd_bus_reply_method_return(message, "s", text);
}

static int method_list_presets(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        const Preset *table;
        Refusal refusal;
        size_t n;
        int r;

        r = options_read_none(message, &refusal);
        if (r == 0)
                r = records_reply_new(message, &reply);
        if (r != 0)
                return error_set(error, r, &refusal);
        table = presets(&n);
        for (size_t i = 0; r >= 0 && i < n; i++) {
                Field fields[] = {
                        { .key = "Name", .type = "s", .text = table[i].name },
                        { .key = "Text", .type = "s", .text = table[i].text },
                        { .key = "Description", .type = "s", .text = table[i].description },
                };
                r = fields_append(reply, fields, ELEMENTSOF(fields));
        }
        return r < 0 ? r : records_reply_send(reply);
}

/* ---- what holds when ---- */

static int method_explain(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        cleanup_free_ char *why = NULL;
        const UserCall *call = userdata;
        Field fields[FIELDS_MAX];
        char date[DATE_TEXT_MAX];
        Schedule schedule;
        Refusal refusal;
        uint64_t at = 0;
        int r;

        r = sd_bus_message_read_basic(message, SD_BUS_TYPE_UINT64, &at);
        if (r < 0)
                return r;
        r = options_read_none(message, &refusal);
        if (r == 0)
                r = user_agenda_explain(call->user, at, &schedule, &why, &refusal);
        if (r != 0)
                return error_set(error, r, &refusal);
        r = sd_bus_message_new_method_return(message, &reply);
        if (r >= 0)
                r = fields_append(reply, fields, schedule_fields(&schedule, why, date, fields));
        return r < 0 ? r : sd_bus_message_send(reply);
}

typedef struct Agenda {
        sd_bus_message *reply;
        unsigned left;
        bool full;
} Agenda;

static int append_stretch(const Stretch *stretch, void *userdata) {
        Agenda *agenda = userdata;
        Field fields[FIELDS_MAX];
        char date[DATE_TEXT_MAX];
        int r;

        if (agenda->left-- == 0) {
                agenda->full = true;
                return -ENOBUFS;
        }
        r = fields_append(agenda->reply, fields, stretch_fields(stretch, date, fields));
        return r < 0 ? r : 0;
}

static int method_agenda(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        const UserCall *call = userdata;
        Option limit = { "limit", OPTION_NUMBER, UINT32_MAX };
        Agenda agenda = {};
        uint64_t from = 0, to = 0;
        Refusal refusal;
        int r;

        r = sd_bus_message_read(message, "tt", &from, &to);
        if (r < 0)
                return r;
        r = options_read(message, &limit, 1, &refusal);
        if (r == 0)
                r = limit_check(&limit, &agenda.left, &refusal);
        if (r == 0)
                r = records_reply_new(message, &reply);
        if (r == 0) {
                agenda.reply = reply;
                r = user_agenda_each(call->user, from, to, append_stretch, &agenda, &refusal);
        }
        if (r != 0 && !agenda.full)
                return error_set(error, r, &refusal);
        return records_reply_send(reply);
}

static int method_capacity(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        const UserCall *call = userdata;
        Option from = { "from-realtime-usec", OPTION_NUMBER };
        uint32_t pomodoros = 0;
        Refusal refusal;
        Date date;
        int r;

        r = date_read(message, "date", &date, &refusal);
        if (r == 0)
                r = options_read(message, &from, 1, &refusal);
        if (r == 0 && date == DATE_NONE)
                r = today_get(call, &date, &refusal);
        if (r == 0)
                r = user_agenda_capacity(call->user, date, from.number, &pomodoros, &refusal);
        if (r != 0)
                return error_set(error, r, &refusal);
        return sd_bus_reply_method_return(message, "u", pomodoros);
}

static const Method schedules_methods[] = {
        { "Schedules.List", method_list },
        { "Schedules.Set", rules_method_set },
        { "Schedules.Remove", rules_method_remove },
        { "Schedules.Import", rules_method_import },
        { "Schedules.Export", method_export },
        { "Schedules.ListPresets", method_list_presets },
        { "Schedules.Explain", method_explain },
        { "Schedules.Agenda", method_agenda },
        { "Schedules.Capacity", method_capacity },
        { "Schedules.ListOfficeDays", office_days_method_list },
        { "Schedules.AddOfficeDay", office_days_method_add },
        { "Schedules.MoveOfficeDay", office_days_method_move },
        { "Schedules.DropOfficeDay", office_days_method_drop },
};
DEFINE_METHOD_CALL(schedules, schedules_methods);

const sd_bus_vtable schedules_vtable[] = {
        SD_BUS_VTABLE_START(0),
        SD_BUS_METHOD_WITH_ARGS("List", SD_BUS_ARGS(OPTIONS), SD_BUS_RESULT("aa{sv}", rules), schedules_call,
                        SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("Set", SD_BUS_ARGS("s", name, "a{sv}", rule, OPTIONS),
                        SD_BUS_RESULT("as", warnings), schedules_call, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("Remove", SD_BUS_ARGS("s", name, OPTIONS), SD_BUS_NO_RESULT, schedules_call,
                        SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("Import", SD_BUS_ARGS("s", text, OPTIONS), SD_BUS_RESULT("a{sv}", result),
                        schedules_call, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("Export", SD_BUS_ARGS(OPTIONS), SD_BUS_RESULT("s", text), schedules_call,
                        SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("ListPresets", SD_BUS_ARGS(OPTIONS), SD_BUS_RESULT("aa{sv}", presets),
                        schedules_call, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("Explain", SD_BUS_ARGS("t", at_realtime_usec, OPTIONS),
                        SD_BUS_RESULT("a{sv}", answer), schedules_call, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("Agenda",
                        SD_BUS_ARGS("t", from_realtime_usec, "t", to_realtime_usec, OPTIONS),
                        SD_BUS_RESULT("aa{sv}", stretches), schedules_call, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("Capacity", SD_BUS_ARGS("s", date, OPTIONS), SD_BUS_RESULT("u", pomodoros),
                        schedules_call, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("ListOfficeDays", SD_BUS_ARGS("s", month, OPTIONS),
                        SD_BUS_RESULT("aa{sv}", days), schedules_call, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("AddOfficeDay", SD_BUS_ARGS("s", rule, "s", date, OPTIONS), SD_BUS_NO_RESULT,
                        schedules_call, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("MoveOfficeDay", SD_BUS_ARGS("s", rule, "s", date, "s", to_date, OPTIONS),
                        SD_BUS_NO_RESULT, schedules_call, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("DropOfficeDay", SD_BUS_ARGS("s", rule, "s", date, OPTIONS), SD_BUS_NO_RESULT,
                        schedules_call, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_VTABLE_END,
};
