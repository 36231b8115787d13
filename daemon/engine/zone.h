/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Which zone the system has, for those who are told that it changed: each of their users' calendars is made
 * anew then, so that it has to be true.
 */

/* A text that differs when TZ names another zone, or /etc/localtime is another file or leads to one. Owned by
 * the caller. */
char *zone_mark(void);
