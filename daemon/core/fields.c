/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/core/fields.h"

#include <glib.h>
#include <string.h>

#include "daemon/core/words.h"

const FieldInfo *record_find_field(const RecordInfo *record, const char *key) {
        for (size_t i = 0; i < record->n_fields; i++)
                if (record->fields[i].key && strcmp(record->fields[i].key, key) == 0)
                        return &record->fields[i];
        return NULL;
}

static bool owns_text(const FieldInfo *field) {
        return field->type == FIELD_TYPE_TEXT || field->type == FIELD_TYPE_WORDS;
}

void field_copy(const FieldInfo *field, const void *from, void *to) {
        if (owns_text(field)) {
                const char *text = *(char *const *) field_at(field, from);
                char **at = field_in(field, to);

                g_free(*at);
                if (!text || *text == '\0')
                        *at = NULL;
                else
                        *at = field->type == FIELD_TYPE_WORDS ? words_unique(text) : g_strdup(text);
        } else {
                memcpy(field_in(field, to), field_at(field, from), field->size);
        }
}

void record_free_texts(const RecordInfo *record, void *data) {
        for (size_t i = 0; i < record->n_fields; i++)
                if (owns_text(&record->fields[i]))
                        g_clear_pointer((char **) field_in(&record->fields[i], data), g_free);
}

void record_copy_texts(const RecordInfo *record, void *data) {
        for (size_t i = 0; i < record->n_fields; i++)
                if (owns_text(&record->fields[i])) {
                        char **text = field_in(&record->fields[i], data);

                        *text = g_strdup(*text);
                }
}
