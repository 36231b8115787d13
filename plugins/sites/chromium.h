/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Browsers of the Chromium family block names by policy: the one file of ours in the folder of each browser
 * that is installed. It covers what /etc/hosts cannot, their own DNS over HTTPS among it, and shows their own
 * page of what is blocked.
 */

#include "plugins/sites/backend.h"
#include "plugins/sites/wanted.h"

/* 0, or a negative errno with why by backend_say(); a browser whose file cannot be written does not keep the
 * others from theirs. ret_n: of the patterns that stand for the names (chromium-patterns.h), how many each
 * browser takes; 0 where there is none. It is set in any case. */
int chromium_apply(Backend *backend, const Wanted *wanted, guint *ret_n);
/* Removes our files, and the folders that were made for them and are empty. */
int chromium_release(Backend *backend);
/* Watches nothing any more, and lifts nothing. */
void chromium_close(Backend *backend);
