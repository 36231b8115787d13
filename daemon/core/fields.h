/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Tables of fields: one row a field of a record says how the field is stored and what callers know it as. The
 * columns, statements, images and readers of the store, the record on the bus, its options and its JSON come
 * from these rows, so that none of them can lack a field that another has. core knows nothing of SQL or
 * D-Bus: a column and a key are only names here.
 *
 * A table is a list of rows for the preprocessor, NAME_FIELDS(STORED, EDITABLE, DERIVED, FILLED, COMPUTED),
 * so that the store can make its statements of it when it is compiled:
 *
 *   STORED(member, TYPE, column, key)          kept in a column; key NULL: not shown to callers
 *   EDITABLE(member, TYPE, column, key, cap)   the same, and callers may set it, as an option of the key's
 *                                              name; cap: the most bytes of a text, the greatest number
 *   DERIVED(member, TYPE, key)                 made from other rows when it is read, by the store
 *   FILLED(member, TYPE, key)                  filled in by whoever shows the record, as it needs the time or
 *                                              the rules
 *   COMPUTED(function, TYPE, key)              follows from the other members: uint64_t function(const void
 * *)
 *
 * Rows stand in the order in which callers see the fields.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/enums.h"

typedef enum FieldType {
        FIELD_TYPE_ID,      /* int64_t */
        FIELD_TYPE_REF,     /* int64_t, the id of another record; 0: none */
        FIELD_TYPE_TEXT,    /* char *, owned by the record; NULL: none */
        FIELD_TYPE_CHARS,   /* char[size]; empty: none */
        FIELD_TYPE_TOKEN,   /* char[size]; stored as it is, empty too */
        FIELD_TYPE_DAY,     /* char[size], "2026-07-01"; empty: none */
        FIELD_TYPE_DATE,    /* Date; DATE_NONE: none */
        FIELD_TYPE_USEC,    /* uint64_t */
        FIELD_TYPE_COUNT,   /* uint32_t */
        FIELD_TYPE_OFFSET,  /* int32_t, seconds */
        FIELD_TYPE_FLAG,    /* bool */
        FIELD_TYPE_WORD,    /* an enum; a value without a word is none */
        FIELD_TYPE_WORDS,   /* char *, words with a blank between them, owned by the record; NULL: none */
        FIELD_TYPE_PROFILE, /* Profile, stored as its text form; none where it has no plugins. Not shown */
        _FIELD_TYPE_MAX,
} FieldType;

typedef enum FieldKind {
        FIELD_STORED,
        FIELD_EDITABLE,
        FIELD_DERIVED,
        FIELD_FILLED,
        FIELD_COMPUTED,
} FieldKind;

typedef struct FieldInfo {
        const char *member;
        FieldKind kind;
        FieldType type;
        const EnumWords *words; /* of a FIELD_TYPE_WORD */
        size_t offset, size;    /* of the member */
        const char *column;     /* NULL: not stored */
        const char *key;        /* CamelCase; NULL: not shown */
        uint64_t cap;           /* EDITABLE */
        uint64_t (*compute)(const void *record);
} FieldInfo;

typedef struct RecordInfo {
        const char *name;
        const FieldInfo *fields;
        size_t n_fields;
        size_t size; /* of the record */
} RecordInfo;

#define FIELDS_MAX 48 /* of one record */

/* NULL where no field has that key. */
const FieldInfo *record_find_field(const RecordInfo *record, const char *key);

/* ---- members ---- */

static inline const void *field_at(const FieldInfo *field, const void *record) {
        return (const char *) record + field->offset;
}

static inline void *field_in(const FieldInfo *field, void *record) {
        return (char *) record + field->offset;
}

/* Copies a member from one record to another; a text that was there is freed, an empty one becomes NULL. */
void field_copy(const FieldInfo *field, const void *from, void *to);

/* Frees and clears the texts that a record owns; of the rest of it nothing is touched. */
void record_free_texts(const RecordInfo *record, void *data);
/* Replaces the texts that a record borrows by copies of its own. */
void record_copy_texts(const RecordInfo *record, void *data);

/* ---- making a table: FIELD_RECORD is the record's type where the rows are expanded ---- */

#define FIELD_ID      .type = FIELD_TYPE_ID
#define FIELD_REF     .type = FIELD_TYPE_REF
#define FIELD_TEXT    .type = FIELD_TYPE_TEXT
#define FIELD_CHARS   .type = FIELD_TYPE_CHARS
#define FIELD_TOKEN   .type = FIELD_TYPE_TOKEN
#define FIELD_PROFILE .type = FIELD_TYPE_PROFILE
#define FIELD_DAY     .type = FIELD_TYPE_DAY
#define FIELD_DATE    .type = FIELD_TYPE_DATE
#define FIELD_USEC    .type = FIELD_TYPE_USEC
#define FIELD_COUNT   .type = FIELD_TYPE_COUNT
#define FIELD_OFFSET  .type = FIELD_TYPE_OFFSET
#define FIELD_FLAG    .type = FIELD_TYPE_FLAG
#define FIELD_WORDS   .type = FIELD_TYPE_WORDS
/* WORD(name), where name_enum is the enum's table */
#define FIELD_WORD(name) .type = FIELD_TYPE_WORD, .words = &name##_enum

#define FIELD_MEMBER(m) \
        .member = #m, .offset = offsetof(FIELD_RECORD, m), .size = sizeof(((FIELD_RECORD *) 0)->m)
#define FIELD_ROW_STORED(m, type_, column_, key_) \
        { .kind = FIELD_STORED, FIELD_MEMBER(m), FIELD_##type_, .column = (column_), .key = (key_) },
#define FIELD_ROW_EDITABLE(m, type_, column_, key_, cap_) \
        { .kind = FIELD_EDITABLE,                         \
                FIELD_MEMBER(m),                          \
                FIELD_##type_,                            \
                .column = (column_),                      \
                .key = (key_),                            \
                .cap = (cap_) },
#define FIELD_ROW_DERIVED(m, type_, key_) \
        { .kind = FIELD_DERIVED, FIELD_MEMBER(m), FIELD_##type_, .key = (key_) },
#define FIELD_ROW_FILLED(m, type_, key_) \
        { .kind = FIELD_FILLED, FIELD_MEMBER(m), FIELD_##type_, .key = (key_) },
#define FIELD_ROW_COMPUTED(f, type_, key_) \
        { .member = #f, .kind = FIELD_COMPUTED, FIELD_##type_, .key = (key_), .compute = (f) },
#define FIELD_ROWS(fields) \
        fields(FIELD_ROW_STORED, FIELD_ROW_EDITABLE, FIELD_ROW_DERIVED, FIELD_ROW_FILLED, FIELD_ROW_COMPUTED)
#define DEFINE_RECORD(name_, fields)                                    \
        static const FieldInfo name_##_rows[] = { FIELD_ROWS(fields) }; \
        const RecordInfo name_##_record = { #name_, name_##_rows,       \
                sizeof(name_##_rows) / sizeof((name_##_rows)[0]), sizeof(FIELD_RECORD) }

/* For expansions that want only some of the rows. */
#define FIELD_NOTHING(...)
