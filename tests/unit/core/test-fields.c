/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/core/field-values.h"

#include <glib.h>
#include <string.h>

#include "common/date.h"
#include "daemon/core/focus.h"
#include "daemon/core/types.h"

static const RecordInfo *const records[] = { &interval_record, &interruption_record, &task_record,
        &claim_record };

/* What a member of each type must measure; 0: any size. */
static const size_t sizes[_FIELD_TYPE_MAX] = {
        [FIELD_TYPE_ID] = sizeof(int64_t),
        [FIELD_TYPE_REF] = sizeof(int64_t),
        [FIELD_TYPE_TEXT] = sizeof(char *),
        [FIELD_TYPE_DAY] = sizeof("2026-07-01"),
        [FIELD_TYPE_DATE] = sizeof(Date),
        [FIELD_TYPE_USEC] = sizeof(uint64_t),
        [FIELD_TYPE_COUNT] = sizeof(uint32_t),
        [FIELD_TYPE_OFFSET] = sizeof(int32_t),
        [FIELD_TYPE_FLAG] = sizeof(bool),
        [FIELD_TYPE_WORD] = sizeof(int),
        [FIELD_TYPE_WORDS] = sizeof(char *),
        [FIELD_TYPE_PROFILE] = sizeof(Profile),
};

static void test_rows(void) {
        for (size_t n = 0; n < G_N_ELEMENTS(records); n++) {
                g_autoptr(GHashTable) keys = g_hash_table_new(g_str_hash, g_str_equal);
                g_autoptr(GHashTable) columns = g_hash_table_new(g_str_hash, g_str_equal);

                g_assert_cmpuint(records[n]->n_fields, <=, FIELDS_MAX);
                for (size_t i = 0; i < records[n]->n_fields; i++) {
                        const FieldInfo *field = &records[n]->fields[i];
                        const bool stored = field->kind == FIELD_STORED || field->kind == FIELD_EDITABLE;

                        g_test_message("%s.%s", records[n]->name, field->member);
                        g_assert_true((field->column != NULL) == stored);
                        g_assert_true((field->compute != NULL) == (field->kind == FIELD_COMPUTED));
                        g_assert_true((field->words != NULL) == (field->type == FIELD_TYPE_WORD));
                        g_assert_true(stored || field->key || field->kind == FIELD_DERIVED);
                        if (!field->compute && sizes[field->type] > 0)
                                g_assert_cmpuint(field->size, ==, sizes[field->type]);
                        g_assert_true(!field->key || g_hash_table_add(keys, (gpointer) field->key));
                        g_assert_true(!field->column || g_hash_table_add(columns, (gpointer) field->column));
                }
        }
}

static void test_members(void) {
        char title[] = "report", note[] = "a call";
        const Task task = { .id = 3, .title = title, .estimate = 4, .done = true, .plan_date = "2026-07-01" };
        const Interval interval = {
                .kind = INTERVAL_FREEFORM, .offset_sec = -12600, .length_usec = 9, .started_real_usec = 1
        };
        const Claim claim = { .date = DATE_NONE, .rule_kind = RULE_KIND_NONE };
        const Interruption interruption = { .note = note, .external = true };
        char buf[FIELD_TEXT_MAX];

#define NUMBER(record, data, key) field_get_number(record_find_field(record, key), data)
#define TEXT(record, data, key)   field_get_text(record_find_field(record, key), data, buf)
        g_assert_cmpuint(NUMBER(&task_record, &task, "Id"), ==, 3);
        g_assert_cmpuint(NUMBER(&task_record, &task, "Estimate"), ==, 4);
        g_assert_cmpuint(NUMBER(&task_record, &task, "Done"), ==, 1);
        g_assert_cmpstr(TEXT(&task_record, &task, "Title"), ==, "report");
        g_assert_cmpstr(TEXT(&task_record, &task, "Project"), ==, "");
        g_assert_cmpstr(TEXT(&task_record, &task, "PlanDate"), ==, "2026-07-01");
        g_assert_cmpint((int64_t) NUMBER(&interval_record, &interval, "OffsetSec"), ==, -12600);
        g_assert_cmpuint(NUMBER(&interval_record, &interval, "EndedRealtimeUSec"), ==, 10);
        g_assert_cmpstr(TEXT(&interval_record, &interval, "Kind"), ==, "freeform");
        g_assert_cmpstr(TEXT(&claim_record, &claim, "Date"), ==, "");
        g_assert_cmpuint(NUMBER(&interruption_record, &interruption, "External"), ==, 1);
        g_assert_null(record_find_field(&task_record, "removed"));
        for (size_t i = 0; i < claim_record.n_fields; i++)
                if (strcmp(claim_record.fields[i].member, "rule_kind") == 0)
                        g_assert_cmpstr(field_get_text(&claim_record.fields[i], &claim, buf), ==, "");
}

static void test_texts(void) {
        char title[] = "report";
        Task task = { .id = 3, .title = title };

        record_copy_texts(&task_record, &task);
        g_assert_true(task.title != title);
        g_assert_cmpstr(task.title, ==, "report");
        g_assert_null(task.project);
        record_free_texts(&task_record, &task);
        g_assert_null(task.title);
        g_assert_cmpint(task.id, ==, 3);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/fields/each row of each table makes sense", test_rows);
        g_test_add_func("/fields/a member is read as its type", test_members);
        g_test_add_func("/fields/texts are owned", test_texts);
        return g_test_run();
}
