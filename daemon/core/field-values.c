/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/core/field-values.h"

#include <assert.h>
#include <string.h>

#include "common/date.h"

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
