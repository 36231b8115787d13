/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* JSON that a person may have written: strict, one value and nothing behind it, and a mistake is told with
 * its place. */

#include <json-c/json.h>
#include <stddef.h>

/* 0 with a value, the caller's to json_object_put(); NULL for null. -EBADMSG with a sentence like "line 3,
 * character 7: …", where ret_sentence is not NULL. */
int json_text_parse(const char *text, size_t size, json_object **ret_object, char **ret_sentence);
