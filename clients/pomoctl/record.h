/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Records of the daemon, a{sv}, as JSON objects with the same keys: one way to read them, wherever they came
 * from. */

#include <json-c/json.h>
#include <stdbool.h>

#include "clients/pomoctl/ctl.h"

static inline void record_putp(struct json_object **record) {
        json_object_put(*record);
}

/* Reads one a{sv}: 1 and an object that the caller puts, 0 past the end of the array, or a negative errno. */
int record_read(sd_bus_message *message, struct json_object **ret_record);

/* The one a{sv} of an answer, put by the caller. 0, or what to exit with. */
int record_of_reply(const Ctl *ctl, sd_bus_message *reply, struct json_object **ret_record);

/* Calls func for each record of aa{sv}; a result that is not 0 stops it and is returned. */
typedef int (*RecordFunc)(struct json_object *record, void *userdata);
int record_each(sd_bus_message *message, RecordFunc func, void *userdata);
/* Such a func: keeps the last record in the struct json_object * of userdata, put by the caller. */
int record_keep(struct json_object *record, void *userdata);

/*
 * The same for all that a method lists which takes options alone: it is asked again behind the Name of the
 * last record of a full answer. 0, or what to exit with.
 */
int record_each_named(
                const Ctl *ctl, const char *interface, const char *member, RecordFunc func, void *userdata);

/* The same for tasks, a page behind the Id of the last one. tag: only those with it; NULL: all. */
int record_each_task(const Ctl *ctl, bool include_done, const char *tag, RecordFunc func, void *userdata);

/* An interval of the log by its id, put by the caller; NULL where there is none. 0, or what to exit with. */
int record_find_interval(const Ctl *ctl, uint64_t id, struct json_object **ret_record);
/* The same, where there has to be one. */
int record_of_interval(const Ctl *ctl, uint64_t id, struct json_object **ret_record);
