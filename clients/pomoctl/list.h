/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* The one way in which verbs list records: a table for people, a line of JSON each for scripts. */

#include "clients/pomoctl/ctl.h"
#include "clients/pomoctl/records.h"
#include "clients/pomoctl/table.h"

typedef struct RecordList {
        const char *const *headings; /* of the table, NULL-terminated */
        void (*row)(Table *table, struct json_object *record);
        struct json_object *(*json)(
                        struct json_object *record); /* NULL: json_of_record(), with microseconds */
        const char *none; /* a sentence instead of an empty table; NULL: its headings alone */
} RecordList;

/* Shows all that is left of the records. 0, or what to exit with. */
int list_show(const Ctl *ctl, Records *records, const RecordList *list);
/* Shows one as the list would with --json. */
void list_print_json(const RecordList *list, struct json_object *record);
