/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What becomes of a name here and now: for programs in general, and in each browser that is installed. It
 * asks what they would ask, and reads nothing that only pomod writes. */

#include <pomo-plugin.h>

/* The probe() of the plugin. subject: a host name as people write it. */
int probe_subject(PomoHost *host, const PomoHostCalls *calls, const char *subject, const PomoDesired *desired,
                PomoFindingFunc func, void *data);
