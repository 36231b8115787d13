/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include "daemon/store/record.h"

#include <glib.h>
#include <stddef.h>
#include <string.h>

#include "common/date.h"
#include "daemon/core/field-values.h"
#include "daemon/core/rules.h"

#define RECORD_BYTES_MAX 1024

static bool is_part(const FieldInfo *field, RecordPart part) {
        switch (part) {
        case RECORD_PART_EDITS:
                return field->kind == FIELD_EDITABLE;
        case RECORD_PART_CHANGES:
                return field->column && field->type != FIELD_TYPE_ID && field->type != FIELD_TYPE_TOKEN;
        default:
                return field->column != NULL;
        }
}

static void bind_text(sqlite3_stmt *stmt, int n, const char *text) {
        if (text && text[0] != '\0')
                sqlite3_bind_text(stmt, n, text, -1, SQLITE_TRANSIENT);
        else
                sqlite3_bind_null(stmt, n);
}

/* One without plugins has no text form. */
static void bind_profile(sqlite3_stmt *stmt, int n, const Profile *profile) {
        if (profile->plugins && profile->plugins[0])
                sqlite3_bind_text(stmt, n, profile_print(profile), -1, g_free);
        else
                sqlite3_bind_null(stmt, n);
}

static void bind_field(sqlite3_stmt *stmt, int n, const FieldInfo *field, const void *record) {
        char buf[FIELD_TEXT_MAX];
        uint64_t number;

        switch (field->type) {
        case FIELD_TYPE_ID:
        case FIELD_TYPE_COUNT:
        case FIELD_TYPE_OFFSET:
        case FIELD_TYPE_FLAG:
                sqlite3_bind_int64(stmt, n, (int64_t) field_get_number(field, record));
                break;
        case FIELD_TYPE_USEC:
                number = field_get_number(field, record);
                sqlite3_bind_int64(stmt, n, (int64_t) MIN(number, (uint64_t) INT64_MAX));
                break;
        case FIELD_TYPE_REF:
                number = field_get_number(field, record);
                if (number != 0)
                        sqlite3_bind_int64(stmt, n, (int64_t) number);
                else
                        sqlite3_bind_null(stmt, n);
                break;
        case FIELD_TYPE_TOKEN:
                sqlite3_bind_text(stmt, n, field_at(field, record), -1, SQLITE_TRANSIENT);
                break;
        case FIELD_TYPE_PROFILE:
                bind_profile(stmt, n, field_at(field, record));
                break;
        default:
                bind_text(stmt, n, field_get_text(field, record, buf));
        }
}

int record_bind(Statement *st, int parameter, RecordPart part, const RecordInfo *info, const void *record) {
        for (size_t i = 0; i < info->n_fields; i++)
                if (is_part(&info->fields[i], part))
                        bind_field(st->stmt, parameter++, &info->fields[i], record);
        return parameter;
}

int record_run(Store *store, const char *sql, RecordPart part, const RecordInfo *info, const void *record) {
        statement_ Statement st = {};
        int parameter, r;

        assert(info->fields[0].type == FIELD_TYPE_ID);
        r = statement_open(store, sql, &st, "");
        if (r < 0)
                return r;
        parameter = record_bind(&st, 1, part, info, record);
        if (part != RECORD_PART_STORED)
                bind_field(st.stmt, parameter, &info->fields[0], record);
        r = statement_step(&st);
        return r < 0 ? r : 0;
}

/* A word that was not stored leaves the member as it is. */
static int read_word(const FieldInfo *field, const char *text, void *record) {
        int value;

        if (!text)
                return 0;
        value = enum_words_from_string(field->words, text);
        if (value < 0)
                return -EUCLEAN;
        assert(field->size == sizeof(value));
        memcpy(field_in(field, record), &value, sizeof(value));
        return 0;
}

static int read_profile(const char *text, Profile *profile) {
        RuleSet set;

        if (!text)
                return 0;
        if (rule_set_parse(text, &set, NULL) != 0)
                return -EUCLEAN;
        if (set.profiles->len == 1)
                *profile = profile_copy(&g_array_index(set.profiles, Profile, 0));
        rule_set_done(&set);
        return 0;
}

static int read_as_text(const FieldInfo *field, const char *text, void *record) {
        void *at = field_in(field, record);

        switch (field->type) {
        case FIELD_TYPE_TEXT:
        case FIELD_TYPE_WORDS:
                *(char **) at = g_strdup(text);
                return 0;
        case FIELD_TYPE_WORD:
                return read_word(field, text, record);
        case FIELD_TYPE_DATE:
                *(Date *) at = DATE_NONE;
                return text && date_parse(text, at) < 0 ? -EUCLEAN : 0;
        case FIELD_TYPE_PROFILE:
                return read_profile(text, at);
        default:
                g_strlcpy(at, text ? text : "", field->size);
                return 0;
        }
}

static int read_field(sqlite3_stmt *stmt, int n, const FieldInfo *field, void *record) {
        void *at = field_in(field, record);

        switch (field->type) {
        case FIELD_TYPE_ID:
        case FIELD_TYPE_REF:
        case FIELD_TYPE_USEC:
                *(int64_t *) at = sqlite3_column_int64(stmt, n);
                return 0;
        case FIELD_TYPE_COUNT:
        case FIELD_TYPE_OFFSET:
                *(int32_t *) at = (int32_t) sqlite3_column_int64(stmt, n);
                return 0;
        case FIELD_TYPE_FLAG:
                *(bool *) at = sqlite3_column_int(stmt, n) != 0;
                return 0;
        default:
                return read_as_text(field, (const char *) sqlite3_column_text(stmt, n), record);
        }
}

int record_fill(Statement *st, int column, const RecordInfo *info, void *record) {
        for (size_t i = 0; i < info->n_fields; i++) {
                const FieldInfo *field = &info->fields[i];
                int r;

                if (!field->column && field->kind != FIELD_DERIVED)
                        continue;
                r = read_field(st->stmt, column++, field, record);
                if (r < 0)
                        return r;
        }
        return 0;
}

int record_read(Statement *st, const RecordInfo *info, void *ret_record) {
        _Alignas(max_align_t) char record[RECORD_BYTES_MAX] = "";
        int r;

        assert(info->size <= sizeof(record));
        r = record_fill(st, 0, info, record);
        if (r < 0) {
                record_free_texts(info, record);
                return r;
        }
        memcpy(ret_record, record, info->size);
        return 0;
}

int record_get(Store *store, const char *sql, int64_t id, const RecordInfo *info, void *ret_record) {
        statement_ Statement st = {};
        int r;

        r = statement_open(store, sql, &st, "i", id);
        if (r == 0)
                r = statement_step(&st);
        if (r <= 0)
                return r < 0 ? r : -ENOENT;
        return record_read(&st, info, ret_record);
}

int record_next(StoreCursor *cursor, const RecordInfo *info, void *ret_record) {
        int r = cursor_step(cursor);

        if (r <= 0)
                return r;
        r = record_read(&cursor->st, info, ret_record);
        return r < 0 ? r : 1;
}

void record_make_uuid(char ret_uuid[37]) {
        cleanup_free_ char *uuid = g_uuid_string_random();

        strcpy(ret_uuid, uuid);
}
