/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* --try FILE.so --desired FILE.json: a plugin at work once, for whoever writes it: open(), apply(), close()
 * and release(), without pomod; on a terminal there is a pause before what was done is taken back. Where the
 * process with the plugin ends before release() has returned, a new process calls it. */

#include "plugins/host/options.h"

/* What to exit with. */
int try_file(const Options *options);
