/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

#include "common/help.h"

extern const HelpPage ics_help;
