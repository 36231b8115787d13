/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* A month with its office days, drawn as a calendar with a sign for what became of each. Pure: records in,
 * lines out. */

#include <json-c/json.h>
#include <stdio.h>

#include "clients/pomoctl/ctl.h"
#include "clients/pomoctl/days.h"

typedef struct OfficeMonth {
        Date first, today;
        int week_start;            /* 0 Sunday to 6 Saturday */
        struct json_object **days; /* records of ListOfficeDays, in their order */
        size_t n_days, n_allocated;
} OfficeMonth;

void office_month_done(OfficeMonth *month);
void office_month_add(OfficeMonth *month, struct json_object *record); /* keeps a reference */
void office_month_print(const Ctl *ctl, FILE *file, const OfficeMonth *month);
