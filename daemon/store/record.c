/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include "daemon/store/record.h"

#include <glib.h>
#include <stddef.h>
#include <string.h>

#include "common/caps.h"
#include "common/date.h"
#include "daemon/core/field-values.h"
#include "daemon/core/rules.h"
#include "daemon/store/sound.h"

#define RECORD_BYTES_MAX 1024

static int64_t id_of(const RecordInfo *info, const void *record) {
        assert(info->fields[0].type == FIELD_TYPE_ID);
        return *(const int64_t *) field_at(&info->fields[0], record);
}

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

/* A word that was not stored, or is none, leaves the member as it is. */
static bool read_word(const FieldInfo *field, const char *text, void *record) {
        int value;

        if (!text)
                return true;
        value = enum_words_from_string(field->words, text);
        if (value < 0)
                return false;
        assert(field->size == sizeof(value));
        memcpy(field_in(field, record), &value, sizeof(value));
        return true;
}

static bool read_profile(const char *text, Profile *profile) {
        bool is_one;
        RuleSet set;

        if (!text)
                return true;
        if (rule_set_parse(text, &set, NULL) != 0)
                return false;
        is_one = set.profiles->len == 1 && set.rules->len == 0;
        if (is_one)
                *profile = profile_copy(&g_array_index(set.profiles, Profile, 0));
        rule_set_done(&set);
        return is_one;
}

static bool read_date(const char *text, Date *ret_date) {
        *ret_date = DATE_NONE;
        return !text || date_parse(text, ret_date) == 0;
}

static bool is_day(const char *text) {
        Date date;

        return text[0] == '\0' || date_parse(text, &date) == 0;
}

static bool read_as_text(sqlite3_stmt *stmt, int n, const FieldInfo *field, void *record) {
        const bool owned = field->type == FIELD_TYPE_TEXT || field->type == FIELD_TYPE_WORDS;
        const size_t max = owned                               ? SOUND_TEXT_BYTES_MAX
                           : field->type == FIELD_TYPE_PROFILE ? CAP_RULES_TEXT_BYTES
                           : field->type == FIELD_TYPE_WORD || field->type == FIELD_TYPE_DATE
                                           ? FIELD_TEXT_MAX
                                           : field->size - 1;
        const bool is_sound = sound_is_text(stmt, n, max);
        const char *text = (const char *) sqlite3_column_text(stmt, n);
        cleanup_free_ char *mended = is_sound ? NULL : sound_make_text(stmt, n, max);
        void *at = field_in(field, record);

        if (!is_sound)
                text = mended;
        switch (field->type) {
        case FIELD_TYPE_TEXT:
        case FIELD_TYPE_WORDS:
                *(char **) at = g_strdup(text);
                return is_sound;
        case FIELD_TYPE_WORD:
                return read_word(field, text, record) && is_sound;
        case FIELD_TYPE_DATE:
                return read_date(text, at) && is_sound;
        case FIELD_TYPE_PROFILE:
                return read_profile(text, at) && is_sound;
        case FIELD_TYPE_DAY:
                g_strlcpy(at, text && is_day(text) ? text : "", field->size);
                return is_sound && (!text || is_day(text));
        default:
                g_strlcpy(at, text ? text : "", field->size);
                return is_sound;
        }
}

/* A number within its bounds, else the nearest or none. */
static bool read_number(sqlite3_stmt *stmt, int n, int64_t least, int64_t most, int64_t *ret_number) {
        const int64_t number = sqlite3_column_int64(stmt, n);

        *ret_number = CLAMP(number, least, most);
        return number == *ret_number;
}

#define USEC_MOST      253402300799999999 /* the end of the year 9999 */
#define OFFSET_SEC_MAX (26 * 3600)        /* of any zone that ever was */

static bool read_field(sqlite3_stmt *stmt, int n, const FieldInfo *field, void *record) {
        void *at = field_in(field, record);
        int64_t number;
        bool is_sound;

        switch (field->type) {
        case FIELD_TYPE_ID:
                *(int64_t *) at = sqlite3_column_int64(stmt, n);
                return true;
        case FIELD_TYPE_REF:
                return read_number(stmt, n, 0, INT64_MAX, at);
        case FIELD_TYPE_USEC:
                *(uint64_t *) at = INT64_MAX; /* never, as it is stored */
                return sqlite3_column_int64(stmt, n) == INT64_MAX || read_number(stmt, n, 0, USEC_MOST, at);
        case FIELD_TYPE_COUNT:
                is_sound = read_number(stmt, n, 0, UINT32_MAX, &number);
                *(uint32_t *) at = (uint32_t) number;
                return is_sound;
        case FIELD_TYPE_OFFSET:
                is_sound = read_number(stmt, n, -OFFSET_SEC_MAX, OFFSET_SEC_MAX, &number);
                *(int32_t *) at = (int32_t) number;
                return is_sound;
        case FIELD_TYPE_FLAG:
                is_sound = read_number(stmt, n, 0, 1, &number);
                *(bool *) at = number != 0;
                return is_sound;
        default:
                return read_as_text(stmt, n, field, record);
        }
}

bool record_fill(Statement *st, int column, const RecordInfo *info, void *record) {
        bool is_sound = true;

        for (size_t i = 0; i < info->n_fields; i++) {
                const FieldInfo *field = &info->fields[i];

                if (!field->column && field->kind != FIELD_DERIVED)
                        continue;
                /* What is joined in is of another row, which is told of by itself. */
                if (!read_field(st->stmt, column++, field, record) && field->kind != FIELD_DERIVED)
                        is_sound = false;
        }
        return is_sound;
}

bool record_read(Statement *st, const RecordInfo *info, void *ret_record) {
        _Alignas(max_align_t) char record[RECORD_BYTES_MAX] = "";
        bool is_sound;

        assert(info->size <= sizeof(record));
        is_sound = record_fill(st, 0, info, record);
        if (is_sound)
                sound_forget(st->store, info->name, id_of(info, record));
        else
                sound_note(st->store, info->name, id_of(info, record));
        memcpy(ret_record, record, info->size);
        return is_sound;
}

int record_get(Store *store, const char *sql, int64_t id, const RecordInfo *info, void *ret_record) {
        statement_ Statement st = {};
        int r;

        r = statement_open(store, sql, &st, "i", id);
        if (r == 0)
                r = statement_step(&st);
        if (r <= 0)
                return r < 0 ? r : -ENOENT;
        return record_read(&st, info, ret_record) ? 0 : 1;
}

int record_next(StoreCursor *cursor, const RecordInfo *info, void *ret_record) {
        int r;

        while (cursor->left != 0 && (r = cursor_step(cursor)) != 0) {
                if (r < 0)
                        return r;
                if (record_read(&cursor->st, info, ret_record)) {
                        cursor->left -= cursor->left > 0;
                        return 1;
                }
                record_free_texts(info, ret_record);
        }
        return 0;
}

int record_mend(Store *store, const char *sql, const char *uuid_sql, const RecordInfo *info, void *record,
                char uuid[37]) {
        const int64_t id = id_of(info, record);
        int r;

        if (!store->unsound)
                return 0;
        if (!g_uuid_string_is_valid(uuid))
                record_make_uuid(uuid);
        r = store_run(store, uuid_sql, "it", id, uuid);
        if (r == 0)
                r = record_run(store, sql, RECORD_PART_CHANGES, info, record);
        if (r == 0)
                sound_forget(store, info->name, id);
        return r;
}

void record_make_uuid(char ret_uuid[37]) {
        cleanup_free_ char *uuid = g_uuid_string_random();

        strcpy(ret_uuid, uuid);
}
