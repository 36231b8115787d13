/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/list.h"

#include <stdio.h>

#include "clients/pomoctl/json.h"

void list_print_json(const RecordList *list, struct json_object *record) {
        json_print_and_put(
                        stdout, list->json ? list->json(record) : json_of_record(record, JSON_MICROSECONDS));
}

int list_show(const Ctl *ctl, Records *records, const RecordList *list) {
        cleanup_(table_freep) Table *table = table_new(list->headings);

        for (struct json_object *record; (record = records_next(records));)
                if (ctl->program.json)
                        list_print_json(list, record);
                else
                        list->row(table, record);

        if (records->status != 0 || ctl->program.json)
                return records->status;
        if (list->none && table_is_empty(table))
                printf("%s\n", list->none);
        else
                table_print(table, stdout, ctl_columns(), ctl_colour(ctl, COLOUR_BOLD),
                                ctl_colour(ctl, COLOUR_OFF));
        return 0;
}
