/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Rules and profiles to begin with: the handlers of ListPresets of Schedules and of Focus. */

#include "daemon/bus/method.h"

int presets_handle_rules(Call *call);
int presets_handle_profiles(Call *call);
