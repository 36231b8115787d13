/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * What is planned for days, beside what fits into them. Pure: capacities and records of tasks in, lines out.
 * Counted is what a task still needs, estimate less what was used; one without an estimate counts nothing and
 * is said to have none.
 */

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "clients/pomoctl/ctl.h"
#include "clients/pomoctl/days.h"

typedef struct PlanTask {
        struct json_object *record; /* a reference */
        Date day;
        uint64_t needs; /* pomodoros */
} PlanTask;

typedef struct PlanDays {
        Date first, last, today;
        uint32_t *capacities;   /* one a day */
        uint32_t fits_from_now; /* of today's, what begins from now on */
        uint32_t done_today;
        unsigned columns; /* of the terminal; 0: there is none */
        PlanTask *tasks;  /* those planned for the days, by day, project and id once sorted */
        size_t n_tasks, n_allocated;
        unsigned n_earlier; /* open tasks that were planned for days before today and are not shown */
} PlanDays;

void plan_days_done(PlanDays *plan);

/* Takes note of an open task where it is planned. */
void plan_days_add(PlanDays *plan, struct json_object *record);
void plan_days_sort(PlanDays *plan);

/* Pomodoros that are still planned for a day; how many tasks of it have no estimate. */
uint64_t plan_days_planned(const PlanDays *plan, Date day, unsigned *ret_without);
/* What still fits into a day: nothing once it is over, of today from now on, and with what is done within it.
 */
uint32_t plan_days_fits(const PlanDays *plan, Date day);
/* What is left of that beside what is planned, below zero where more is planned than fits. Of a day that is
 * over, of all that fitted. */
int64_t plan_days_left(const PlanDays *plan, Date day);

void plan_days_print(const Ctl *ctl, FILE *file, const PlanDays *plan);
/* A line of `plan --json`. The caller puts it. */
struct json_object *plan_days_json(const PlanDays *plan, Date day);
