/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* The file that `focus names set` was given, judged: what fits into a list, with what is left out of it. */

#include "clients/pomoctl/ctl.h"
#include "clients/pomoctl/names-file.h"

/* Of the file that is the second word, which has a name at least. What is left out is said. 0, or what to
 * exit with. */
int names_read_given(const Ctl *ctl, const Args *args, NamesFile *ret_file);
