/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * What the world was before we changed it: which browsers have a file of ours, or are about to, and which
 * folders were not there. It is saved before either is made, and dropped when both are gone.
 */

#include <glib.h>
#include <stdbool.h>

#include "plugins/sites/backend.h"

typedef struct ChromiumRecord {
        GPtrArray *browsers; /* of char *: their keys */
        GPtrArray *folders;  /* of char *: absolute, in the order in which they were made */
} ChromiumRecord;

/* An empty one where none is saved, or what is saved is none of ours. */
void chromium_record_load(const Backend *backend, ChromiumRecord *ret_record);
void chromium_record_clear(ChromiumRecord *record);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ChromiumRecord, chromium_record_clear)

bool chromium_record_has(const GPtrArray *texts, const char *text);
/* Whether it was new. */
bool chromium_record_add(GPtrArray *texts, const char *text);
/* 0 or a negative errno. */
int chromium_record_save(const Backend *backend, const ChromiumRecord *record);
int chromium_record_drop(const Backend *backend);
