/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Values of a rule's keys, each with its reader and its writer; shared by the files of the rules. */

#include "daemon/core/rules.h"

/* A reader refuses with a sentence about the value alone; who calls puts the key before it. */
int days_read(const char *value, Rule *rule, Refusal *ret_refusal);
int dates_read(const char *value, Rule *rule, Refusal *ret_refusal);
int hours_read(const char *value, Rule *rule, Refusal *ret_refusal);
int date_list_read(const char *value, Date **dates, unsigned *n, Refusal *ret_refusal);

void days_write(const Rule *rule, GString *text);
void dates_write(const Rule *rule, GString *text);
void hours_write(const Rule *rule, GString *text);
void date_list_write(const Date *dates, unsigned n, GString *text);

/* The next item of a list whose separators are ; and , in a copy that is cut up; NULL past the end. Blanks
 * around an item do not count; an empty item is "". */
char *list_next(char **rest);
