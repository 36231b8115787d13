/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What the file of one browser should be, made of the patterns and of what else is in its folder now. */

#include <glib.h>
#include <stdbool.h>

#include "plugins/sites/browsers.h"

typedef struct ChromiumPlan {
        char *path;
        char *text; /* NULL: no file */
        guint n;    /* of the patterns that it takes */
        char *said; /* what it does not cover, in a sentence; NULL: nothing to say */
} ChromiumPlan;

/* browser has a folder. 0, or a negative errno where that cannot be read. */
int chromium_plan_make(const Browser *browser, const GPtrArray *patterns, ChromiumPlan *ret_plan);
void chromium_plan_clear(ChromiumPlan *plan);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ChromiumPlan, chromium_plan_clear)

/* Whether it is so already, in a file that everybody can read. */
bool chromium_plan_holds(const ChromiumPlan *plan);
/* 0, or a negative errno with a sentence. */
int chromium_plan_carry_out(const ChromiumPlan *plan, char **ret_sentence);
