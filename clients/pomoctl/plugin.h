/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What several verbs say of a record of Plugins.List. */

#include "clients/pomoctl/ctl.h"
#include "clients/pomoctl/records.h"

/* Whether it has no host. */
bool plugin_is_absent(struct json_object *record);
/* "engaged", "not running", … */
const char *plugin_state_label(struct json_object *record);
/* Whether it acts on the whole computer, and the pomod that was asked is not the computer's, so that it has
 * no host. Once something was asked. */
bool plugin_is_elsewhere(const Ctl *ctl, struct json_object *record);
/* Why it does not do what it should, a sentence without a stop at its end; "" where it does. The caller's. */
char *plugin_why(const Ctl *ctl, struct json_object *record);
/* That, or else what it does not cover though it does what it should; "" where there is nothing to say. The
 * caller's. */
char *plugin_says(const Ctl *ctl, struct json_object *record);
/* Of those that claims in force name and that do what they should: what they do not cover, a line each. 0, or
 * what to exit with. */
int plugin_print_limits(const Ctl *ctl);
/* The fields of `plugin list --json`. The caller puts it. */
struct json_object *plugin_json(const Ctl *ctl, struct json_object *record);
