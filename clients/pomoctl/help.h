/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* The help and the man page, made of the rows of the table of verbs. Each returns what to exit with. */

#include "clients/pomoctl/verb.h"

int help_show(void);                  /* pomoctl --help */
int help_show_verb(const Verb *verb); /* pomoctl VERB --help */
int help_show_man(void);              /* pomoctl(1) */
