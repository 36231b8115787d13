/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/core/fields.h"

#include <assert.h>
#include <glib.h>
#include <string.h>

#include "daemon/core/date.h"

const FieldInfo *record_find_field(const RecordInfo *record, const char *key) {
        for (size_t i = 0; i < record->n_fields; i++)
                if (record->fields[i].key && strcmp(record->fields[i].key, key) == 0)
                        return &record->fields[i];
        return NULL;
}

uint64_t field_get_number(const FieldInfo *field, const void *record) {
        const void *at = field_at(field, record);

        if (field->compute)
                return field->compute(record);
        switch (field->type) {
        case FIELD_TYPE_ID:
        case FIELD_TYPE_REF:
                return (uint64_t) * (const int64_t *) at;
        case FIELD_TYPE_USEC:
                return *(const uint64_t *) at;
        case FIELD_TYPE_COUNT:
                return *(const uint32_t *) at;
        case FIELD_TYPE_OFFSET:
                return (uint64_t) (int64_t) * (const int32_t *) at;
        case FIELD_TYPE_FLAG:
                return *(const bool *) at;
        default:
                assert(false);
                return 0;
        }
}

/* Every enum of ours is as wide as an int, signed or not. */
static int word_value(const FieldInfo *field, const void *record) {
        int value;

        assert(field->size == sizeof(value));
        memcpy(&value, field_at(field, record), sizeof(value));
        return value;
}

const char *field_get_text(const FieldInfo *field, const void *record, char buf[FIELD_TEXT_MAX]) {
        const void *at = field_at(field, record);
        Date date;

        switch (field->type) {
        case FIELD_TYPE_TEXT:
        case FIELD_TYPE_WORDS:
                return *(char *const *) at ?: "";
        case FIELD_TYPE_CHARS:
        case FIELD_TYPE_TOKEN:
        case FIELD_TYPE_DAY:
                return at;
        case FIELD_TYPE_WORD:
                return enum_words_to_string(field->words, word_value(field, record)) ?: "";
        case FIELD_TYPE_DATE:
                date = *(const Date *) at;
                return date == DATE_NONE ? "" : date_format(date, buf);
        default:
                assert(false);
                return "";
        }
}

static bool owns_text(const FieldInfo *field) {
        return field->type == FIELD_TYPE_TEXT || field->type == FIELD_TYPE_WORDS;
}

void field_copy(const FieldInfo *field, const void *from, void *to) {
        if (owns_text(field)) {
                const char *text = *(char *const *) field_at(field, from);
                char **at = field_in(field, to);

                g_free(*at);
                *at = text && *text ? g_strdup(text) : NULL;
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
