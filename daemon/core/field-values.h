/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What a field of a record says, as a number or as a text: also of those that follow from other members. */

#include "daemon/core/fields.h"

/* Of any type but TEXT, CHARS, DAY, DATE, WORD and WORDS; negative ones as they are in two's complement. */
uint64_t field_get_number(const FieldInfo *field, const void *record);
#define FIELD_TEXT_MAX 16
/* Of the other types: "" where there is none. buf is for those that are no text in the record. */
const char *field_get_text(const FieldInfo *field, const void *record, char buf[FIELD_TEXT_MAX]);
