/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Names that lead nowhere, by lines of /etc/hosts. */

#include "plugins/sites/backend.h"
#include "plugins/sites/wanted.h"

/* 0, or a negative errno with why by backend_say(). */
int hosts_apply(Backend *backend, const Wanted *wanted);
int hosts_release(Backend *backend);
/* Watches nothing any more, and lifts nothing. */
void hosts_close(Backend *backend);
