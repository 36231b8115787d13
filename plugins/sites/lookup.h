/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Whether this computer looks names up in /etc/hosts at all. */

/* Why programs pass it by, as a sentence without its end, the caller's to free(); NULL: they do not. */
char *lookup_passes_by(void);
