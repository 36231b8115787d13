/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What the daemon sends through a pipe because no answer would hold it: rules and profiles as text. */

#include "clients/lib/program.h"

/*
 * The text behind the one h of an answer, to its end; freed by the caller. Where the daemon broke it off,
 * which its last line says, nothing of it is given. 0, or what to exit with after the sentence.
 */
int pipe_read_text(const Program *program, sd_bus_message *reply, char **ret_text);
