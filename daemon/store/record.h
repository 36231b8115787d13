/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Records of core in and out of rows, by their tables of fields (core/fields.h). The texts of statements are
 * made of the same tables when they are compiled, so that columns and members cannot go apart:
 *
 *   RECORD_COLUMNS(FIELDS)       id, uuid, ...        what is stored
 *   RECORD_PARAMETERS(FIELDS)    ?, ?, ...            as many, for INSERT
 *   RECORD_CHANGES(FIELDS)       , kind = ?, ...      what an update may change: all but the id and tokens
 *   RECORD_EDITS(FIELDS)         , title = ?, ...     what callers may edit
 *   RECORD_READ(FIELDS, STORED, DERIVED)              what a reader wants, of the reader's two macros
 *
 * The id has no comma before it, as it comes first where there is one; every other field has.
 */

#include "daemon/core/fields.h"
#include "daemon/store/statement.h"

/* What a type means to a statement: one of three texts. */
#define RECORD_CLASS_FIRST(first, fixed, changes)   first
#define RECORD_CLASS_FIXED(first, fixed, changes)   fixed
#define RECORD_CLASS_CHANGES(first, fixed, changes) changes
#define RECORD_CLASS_ID                             RECORD_CLASS_FIRST
#define RECORD_CLASS_TOKEN                          RECORD_CLASS_FIXED
#define RECORD_CLASS_REF                            RECORD_CLASS_CHANGES
#define RECORD_CLASS_TEXT                           RECORD_CLASS_CHANGES
#define RECORD_CLASS_CHARS                          RECORD_CLASS_CHANGES
#define RECORD_CLASS_DAY                            RECORD_CLASS_CHANGES
#define RECORD_CLASS_DATE                           RECORD_CLASS_CHANGES
#define RECORD_CLASS_USEC                           RECORD_CLASS_CHANGES
#define RECORD_CLASS_COUNT                          RECORD_CLASS_CHANGES
#define RECORD_CLASS_OFFSET                         RECORD_CLASS_CHANGES
#define RECORD_CLASS_FLAG                           RECORD_CLASS_CHANGES
#define RECORD_CLASS_WORDS                          RECORD_CLASS_CHANGES
#define RECORD_CLASS_PROFILE                        RECORD_CLASS_CHANGES
#define RECORD_CLASS_WORD(name)                     RECORD_CLASS_CHANGES

#define RECORD_COMMA(type_)                          RECORD_CLASS_##type_("", ", ", ", ")
#define RECORD_COLUMN(member, type_, column, ...)    RECORD_CLASS_##type_("", ", ", ", ") column
#define RECORD_PARAMETER(member, type_, column, ...) RECORD_CLASS_##type_("?", ", ?", ", ?")
#define RECORD_CHANGE(member, type_, column, ...)    RECORD_CLASS_##type_("", "", ", " column " = ?")

#define RECORD_STORED(fields, text)          fields(text, text, FIELD_NOTHING, FIELD_NOTHING, FIELD_NOTHING)
#define RECORD_COLUMNS(fields)               RECORD_STORED(fields, RECORD_COLUMN)
#define RECORD_PARAMETERS(fields)            RECORD_STORED(fields, RECORD_PARAMETER)
#define RECORD_CHANGES(fields)               RECORD_STORED(fields, RECORD_CHANGE)
#define RECORD_EDITS(fields)                 fields(FIELD_NOTHING, RECORD_CHANGE, FIELD_NOTHING, FIELD_NOTHING, FIELD_NOTHING)
#define RECORD_READ(fields, stored, derived) fields(stored, stored, derived, FIELD_NOTHING, FIELD_NOTHING)

typedef enum RecordPart {
        RECORD_PART_STORED,  /* of RECORD_PARAMETERS */
        RECORD_PART_CHANGES, /* of RECORD_CHANGES */
        RECORD_PART_EDITS,   /* of RECORD_EDITS */
} RecordPart;

/* The members of a part as parameters, from one on, counted from 1. Returns the parameter after them. */
int record_bind(Statement *st, int parameter, RecordPart part, const RecordInfo *info, const void *record);
/* Runs a statement on a record: the part, and where it changes one, its id as the last parameter. */
int record_run(Store *store, const char *sql, RecordPart part, const RecordInfo *info, const void *record);

/*
 * What is stored and derived, from a column on, counted from 0, into a record that owns nothing. Whether all
 * that is stored makes sense: else texts have U+FFFD for what cannot be shown, numbers are within their
 * bounds, words are as the record had them, and dates and profiles are none.
 */
bool record_fill(Statement *st, int column, const RecordInfo *info, void *record);
/* The same from the first column on, of a record that owns texts and nothing else; noted if it is unsound. */
bool record_read(Statement *st, const RecordInfo *info, void *ret_record);
/* The record with an id, which is the statement's only parameter. Also an unsound one: 1. -ENOENT. */
int record_get(Store *store, const char *sql, int64_t id, const RecordInfo *info, void *ret_record);
/* As cursor_step(), with the record of the row; passes over those that are unsound. */
int record_next(StoreCursor *cursor, const RecordInfo *info, void *ret_record);

/* Before a record is changed that was unsound when it was read: its row as it was read. sql: of
 * RECORD_CHANGES; uuid_sql: of the id and uuid, which the record's own is, made anew where it is none. */
int record_mend(Store *store, const char *sql, const char *uuid_sql, const RecordInfo *info, void *record,
                char uuid[37]);

/* A version 4 UUID as its 36 characters: no two records of any two stores share it. */
void record_make_uuid(char ret_uuid[37]);
