/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* --check: whether a host would take a plugin, and whether NAME.json beside it says the same as the plugin.
 */

/* What to exit with: 0 and a line on standard output, or 1 after a sentence on standard error. */
int check_file(const char *path);
