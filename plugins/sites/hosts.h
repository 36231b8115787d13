/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Names that lead nowhere, by lines of /etc/hosts. */

#include <stdbool.h>

#include "plugins/sites/backend.h"
#include "plugins/sites/wanted.h"

#define HOSTS_PATH "/etc/hosts"

/* 0, or a negative errno with why by backend_say(). */
int hosts_apply(Backend *backend, const Wanted *wanted);
int hosts_release(Backend *backend);
/* Lifts nothing. */
void hosts_close(Backend *backend);

/* The lines of /etc/hosts that are not ours; NULL: they cannot be read. The caller's to free(). */
char *hosts_foreign(Backend *backend);
/* Whether somebody wrote or replaced the file after hosts_apply(). */
bool hosts_changed(const Backend *backend);
