/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What pomod-plugin-host --help and its man page say. */

#include "common/help.h"

extern const HelpPage plugin_host_help;
