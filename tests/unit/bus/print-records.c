/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* Prints the tables of fields for the test that holds the XML files of dbus against them: record, key, D-Bus
 * type, and "editable" where callers may set the field. */

#include <stdio.h>

#include "daemon/bus/records.h"
#include "daemon/core/focus.h"
#include "daemon/core/types.h"

int main(void) {
        static const RecordInfo *const records[] = { &interval_record, &interruption_record, &task_record,
                &claim_record };

        for (size_t n = 0; n < sizeof(records) / sizeof(records[0]); n++)
                for (size_t i = 0; i < records[n]->n_fields; i++) {
                        const FieldInfo *field = &records[n]->fields[i];

                        if (field->key)
                                printf("%s\t%s\t%s\t%s\n", records[n]->name, field->key,
                                                field_bus_type(field->type),
                                                field->kind == FIELD_EDITABLE ? "editable" : "");
                }
        return 0;
}
