/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* The stream: watches the daemon, counts down by itself, writes a line whenever it reads differently. */

#include "clients/lib/program.h"
#include "clients/pomobar/format.h"
#include "clients/pomobar/view.h"

typedef struct BarOptions {
        BarFormat format;
        ViewOptions view;
} BarOptions;

/* Until the bar that reads it is gone or asks it to end. What to exit with. */
int bar_run(const Program *program, const BarOptions *options);
