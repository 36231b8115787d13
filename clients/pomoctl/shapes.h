/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * The JSON that scripts rely on: fields may be added, never renamed. Where a record has no such text the
 * field is the empty string; where it has no such time or number it is null.
 */

#include <json-c/json.h>
#include <stdint.h>
#include <stdio.h>

#include "clients/lib/timer.h"

/* The object of `status --json`. NULL: no memory. The caller puts it. */
struct json_object *shape_status(const TimerState *timer, uint64_t now_boot_usec);

/* A line of `log --json`, from a line of History.Export or a record of Query in the same keys. NULL: no
 * memory. */
struct json_object *shape_interval(struct json_object *record);

/* A line of `task list --json`, from a record of Tasks.List. NULL: no memory. */
struct json_object *shape_task(struct json_object *record);

/* One line, flushed by whoever closes the file. */
void shape_print(FILE *file, struct json_object *object);

/* Members of a record; 0, "" and false where they are missing. */
uint64_t record_u64(struct json_object *record, const char *key);
int64_t record_i64(struct json_object *record, const char *key);
const char *record_text(struct json_object *record, const char *key);
int record_bool(struct json_object *record, const char *key);

/* A line of `schedule explain --json`, from what Schedules.Explain answers. NULL: no memory. */
struct json_object *shape_explained(struct json_object *answer);

/* The pieces that shapes are made of. An instant of 0 is null. */
void shape_text(struct json_object *to, const char *key, const char *value);
void shape_time(struct json_object *to, const char *key, uint64_t realtime_usec); /* with microseconds */
void shape_second(
                struct json_object *to, const char *key, uint64_t realtime_usec); /* "2026-02-10T23:00:00Z" */
