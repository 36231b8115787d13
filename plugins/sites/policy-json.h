/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * A policy file as Chromium parses it, which is JSON with three liberties: a byte order mark, comments, and a
 * comma behind the last member. Pure.
 */

#include <json-c/json.h>
#include <stddef.h>

/* The object that the text is, the caller's to put. NULL: a browser makes nothing of it. */
struct json_object *policy_json_parse(const char *text, size_t size);
