/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Folders of policies and what is above them, watched. What we do ourselves is seen, too: whoever is called
 * looks whether anything is to be done. */

#include "plugins/sites/backend.h"

typedef struct ChromiumWatch ChromiumWatch;

/* NULL where this computer has no watch left. */
ChromiumWatch *chromium_watch_new(const Backend *backend, void (*func)(void *data), void *data);
/* Watches path, which is below /etc, and each folder between. */
void chromium_watch_add(ChromiumWatch *watch, const char *path);
/* NULL is fine; returns NULL. */
ChromiumWatch *chromium_watch_free(ChromiumWatch *watch);
