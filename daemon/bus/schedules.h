/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * The methods of org.pomod.Pomod1.Schedules that stand in files of their own: what changes the rules, and
 * office days; and what those files share.
 */

#include "daemon/bus/internal.h"
#include "common/date.h"
#include "daemon/core/refusal.h"
#include "daemon/engine/request.h"

#define DATE_BYTES 32u /* of a date or month that is asked for; what is none is told so */

int rules_method_set(sd_bus_message *message, void *userdata, sd_bus_error *error);
int rules_method_remove(sd_bus_message *message, void *userdata, sd_bus_error *error);
int rules_method_import(sd_bus_message *message, void *userdata, sd_bus_error *error);

int office_days_method_list(sd_bus_message *message, void *userdata, sd_bus_error *error);
int office_days_method_add(sd_bus_message *message, void *userdata, sd_bus_error *error);
int office_days_method_move(sd_bus_message *message, void *userdata, sd_bus_error *error);
int office_days_method_drop(sd_bus_message *message, void *userdata, sd_bus_error *error);

/* Reads a date where the message stands; an empty one is DATE_NONE. what is the name for the sentence. */
int date_read(sd_bus_message *message, const char *what, Date *ret_date, Refusal *ret_refusal);
/* The date that it is now for the user. */
int today_get(const UserCall *call, Date *ret_date, Refusal *ret_refusal);
/* Reads the name of a rule or profile where the message stands. */
int name_read(sd_bus_message *message, const char *what, const char **ret_name, Refusal *ret_refusal);
/* The handler of a request that takes such a name alone. */
int name_request(sd_bus_message *message, const char *what, const UserCall *call, RequestType type,
                sd_bus_error *error);
