/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Names as entries of a URLBlocklist. Pure. */

#include <glib.h>

#include "plugins/sites/wanted.h"

/*
 * In the order of preference, without those that one before covers: NAME blocks all below it, .NAME this host
 * alone. Texts are the array's; the caller's to unref.
 */
GPtrArray *chromium_patterns(const Wanted *wanted);
/* The names that the first n of these block: keys that are those of wanted. The caller's to unref. */
GHashTable *chromium_patterns_cover(const Wanted *wanted, guint n);
