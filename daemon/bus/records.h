/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Records as callers see them: a{sv} with CamelCase keys, the same on the bus and as a line of JSON. The
 * fields of what is stored come from the tables of core (fields.h); what is made for an answer is listed
 * here, once for both.
 */

#include "daemon/bus/reply.h"
#include "daemon/core/field-values.h"
#include "daemon/core/office-days.h"
#include "daemon/core/query.h"
#include "daemon/core/types.h"
#include "daemon/engine/replay.h"

typedef struct Field {
        const char *key;  /* static */
        char type[3];     /* s, t, u, i or b; as, of the words of the text */
        const char *text; /* belongs to the record, or is made */
        uint64_t number;
        char made[FIELD_TEXT_MAX];
} Field;

static inline Field field_text(const char *key, const char *value) {
        return (Field){ .key = key, .type = "s", .text = value ? value : "" };
}

static inline Field field_number(const char *key, const char *type, uint64_t value) {
        return (Field){ .key = key, .type = { type[0] }, .number = value };
}

static inline Field field_flag(const char *key, bool value) {
        return (Field){ .key = key, .type = "b", .number = value };
}

/* Each fills in fields and returns how many. This one: those of a record that callers are shown. */
const char *field_bus_type(FieldType type); /* NULL: never shown */
size_t record_fields(const RecordInfo *record, const void *data, Field fields[FIELDS_MAX]);
size_t happening_fields(const Happening *happening, Field fields[FIELDS_MAX]);

/* Of schedules. The texts that a record is written into are the caller's. */
typedef struct OfficeDayText {
        char date[DATE_TEXT_MAX];
        char moved_to[DATE_TEXT_MAX];
        char quota[32];
} OfficeDayText;

size_t schedule_fields(const Schedule *schedule, const char *why, char date[DATE_TEXT_MAX],
                Field fields[FIELDS_MAX]);
size_t stretch_fields(const Stretch *stretch, char date[DATE_TEXT_MAX], Field fields[FIELDS_MAX]);
size_t office_day_fields(const OfficeDay *day, OfficeDayText *text, Field fields[FIELDS_MAX]);

/* Without Settings and Lists. The claim must be filled in by claim_show(). */
size_t desired_fields(const Claim *claim, const char *plugin, uid_t uid, Field fields[FIELDS_MAX]);

/* Longer texts are left out of a record that is too large: see pages.h. */
#define TEXT_KEPT_BYTES 1024u

/* What is appended to a message: each returns 0 or a negative errno. */

/* One a{sv}. */
int fields_append(Reply *reply, const Field *fields, size_t n_fields);
/* One v. */
int variant_append(Reply *reply, const Field *field);
/* The entries of an a{sv}. */
int fields_append_entries(Reply *reply, const Field *fields, size_t n_fields);
/* An as, whose n texts may be NULL where n is 0; and the same as the entry key of an a{sv}. */
int texts_append(Reply *reply, char *const *texts, size_t n);
int texts_append_entry(Reply *reply, const char *key, char *const *texts, size_t n);

/* One JSON object and a line feed; the caller frees it. */
char *fields_to_json_line(const Field *fields, size_t n_fields, size_t *ret_size);

/* The record of a table, as one a{sv}. */
int record_append(Reply *reply, const RecordInfo *record, const void *data);
/* The same, opened: further fields may be appended before the container is closed. */
int record_open(Reply *reply, const RecordInfo *record, const void *data);

/* An interval whole: with the interruptions that were read with it. */
int interval_append(Reply *reply, const Interval *interval);
char *interval_to_json_line(const Interval *interval, size_t *ret_size);

/* An event as t, s, a{sv}. */
int event_append(Reply *reply, const EngineEvent *event);
