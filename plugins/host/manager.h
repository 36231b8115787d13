/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* The service manager of the user, whose environment grows after a host was started: a compositor adds its
 * display. */

/*
 * What a service that is started now would have, NULL at the end; texts and array are the caller's to free.
 * NULL: this process is no service of it, or it does not say so within a tenth of a second.
 */
char **manager_environment(void);
