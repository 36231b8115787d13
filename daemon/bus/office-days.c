/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* Office days: what became of a month's, and the ways to change one. */

#include <stdio.h>
#include <string.h>

#include "daemon/bus/errors.h"
#include "daemon/bus/options.h"
#include "daemon/bus/records.h"
#include "daemon/bus/request.h"
#include "daemon/bus/schedules.h"
#include "daemon/engine/office-days.h"

/* "2026-07", or the month of today. */
static int month_read(
                const UserCall *call, const char *text, Date *ret_from, Date *ret_to, Refusal *ret_refusal) {
        char day[DATE_BYTES + 4], buf[SNIPPET_BYTES + 4];
        Date from;
        int r;

        if (*text == '\0') {
                r = today_get(call, &from, ret_refusal);
        } else {
                snprintf(day, sizeof(day), "%.*s-01", (int) DATE_BYTES, text);
                r = date_parse(day, &from) < 0
                                    ? refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                                      "\"%s\" is no month from 1970 to 9999; a month is written like 2026-07",
                                                      text_snippet(text, buf))
                                    : 0;
        }
        if (r != 0)
                return r;
        *ret_from = date_month_start(from, 0);
        *ret_to = date_month_start(from, 1) - 1;
        return 0;
}

static int append_day(const OfficeDay *day, void *userdata) {
        OfficeDayText text;
        Field fields[FIELDS_MAX];
        int r = fields_append(userdata, fields, office_day_fields(day, &text, fields));

        return r < 0 ? r : 0;
}

int office_days_method_list(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        const UserCall *call = userdata;
        Date from = DATE_NONE, to = DATE_NONE;
        const char *month;
        Refusal refusal;
        int r;

        r = sd_bus_message_read_basic(message, SD_BUS_TYPE_STRING, &month);
        if (r < 0)
                return r;
        r = text_validate(month, DATE_BYTES, "month", &refusal);
        if (r == 0)
                r = options_read_none(message, &refusal);
        if (r == 0)
                r = month_read(call, month, &from, &to, &refusal);
        if (r == 0)
                r = records_reply_new(message, &reply);
        if (r == 0)
                r = user_office_days_each(call->user, from, to, append_day, reply);
        if (r != 0)
                return error_set(error, r, &refusal);
        return records_reply_send(reply);
}

static int day_read(sd_bus_message *message, const char *what, Date *ret_date, Refusal *ret_refusal) {
        int r = date_read(message, what, ret_date, ret_refusal);

        if (r == 0 && *ret_date == DATE_NONE)
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "the %s is missing; a date is written like 2026-07-01", what);
        return r;
}

/* The three of them differ in how many dates they take. */
static int change(RequestType type, sd_bus_message *message, void *userdata, sd_bus_error *error) {
        Request request = { .type = type };
        Refusal refusal;
        int r;

        r = name_read(message, "rule's name", &request.name, &refusal);
        if (r == 0)
                r = day_read(message, "date", &request.date, &refusal);
        if (r == 0 && type == REQUEST_OFFICE_DAY_MOVE)
                r = day_read(message, "date to move it to", &request.to_date, &refusal);
        if (r != 0)
                return error_set(error, r, &refusal);
        return request_plain(message, userdata, &request, error);
}

int office_days_method_add(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        return change(REQUEST_OFFICE_DAY_ADD, message, userdata, error);
}

int office_days_method_move(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        return change(REQUEST_OFFICE_DAY_MOVE, message, userdata, error);
}

int office_days_method_drop(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        return change(REQUEST_OFFICE_DAY_DROP, message, userdata, error);
}
