/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * The JSON that scripts rely on: fields may be added, never renamed. A record of the daemon becomes an object
 * by one rule, so that a field of a record is in the JSON as soon as it is on the bus:
 *
 *   PlanDate, WorkedUSec    "plan_date", "worked_usec": the same value under its name in small letters
 *   StartedRealtimeUSec     "started": an instant, RFC 3339 in UTC with microseconds; 0 is null
 *   TaskId                  "task_id": another record; 0 is null
 *   a list of records       a list of such objects
 *
 * A text that a record does not have is the empty string there and here.
 */

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include "clients/lib/timer.h"

typedef enum JsonInstants {
        JSON_MICROSECONDS, /* "2026-02-10T23:00:00.000000Z" */
        JSON_SECONDS,      /* "2026-02-10T23:00:00Z", of schedules */
} JsonInstants;

/* The caller puts the object, as those below. */
struct json_object *json_of_record(struct json_object *record, JsonInstants instants);

/* The object of `status --json`. */
struct json_object *json_of_status(const TimerState *timer, uint64_t now_boot_usec);
/* A line of `log --json`, from a line of History.Export or a record of Query. */
struct json_object *json_of_interval(struct json_object *record);

/* An empty object. */
struct json_object *json_new(void);

/* One line, flushed by whoever closes the file. */
void json_print(FILE *file, struct json_object *object);
/* The same, and puts the object. */
void json_print_and_put(FILE *file, struct json_object *object);
/* A line on standard output of members, each a key and a value of one of these types: s a text, t a uint64_t,
 * b a flag. */
void json_say(const char *types, ...);

/* Members of a record; 0, "" and false where they are missing. */
uint64_t record_u64(struct json_object *record, const char *key);
int64_t record_i64(struct json_object *record, const char *key);
time_t record_time(struct json_object *record, const char *key); /* of microseconds */
const char *record_text(struct json_object *record, const char *key);
/* The texts of a list with spaces between them, the caller's; NULL where there are none. */
char *record_join(struct json_object *record, const char *key);
bool record_bool(struct json_object *record, const char *key);

/* Members of an object. An instant or an id of 0 is null. */
void json_add_text(struct json_object *to, const char *key, const char *value);
void json_add_number(struct json_object *to, const char *key, uint64_t value);
void json_add_flag(struct json_object *to, const char *key, bool value);
void json_add_id(struct json_object *to, const char *key, uint64_t id);
void json_add_instant(struct json_object *to, const char *key, uint64_t realtime_usec, JsonInstants instants);
