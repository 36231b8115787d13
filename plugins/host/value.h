/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* One value as it is written, judged by the setting that it is for. */

#include <stdbool.h>
#include <stdint.h>

#include "plugins/api/pomo-plugin.h"

/*
 * 0, or -EINVAL with why, which names the text and what would fit, and not the key. A @list of POMO_NAMES is
 * judged by its spelling: which lists there are is not known here.
 */
int value_check(const PomoSetting *setting, const char *text, char **ret_why);

/* The number of a text that fits: of POMO_NUMBER, POMO_DURATION and POMO_YES_NO, else 0. */
int64_t value_number(const PomoSetting *setting, const char *text);

/*
 * The next item of POMO_WORDS or POMO_NAMES, without blanks around it, the caller's to free(); NULL at the
 * end. *text moves behind it. Empty ones are left out.
 */
char *value_next_item(const PomoSetting *setting, const char **text);

/* Whether an item of POMO_NAMES is the name of a list: what follows the @, or NULL. */
const char *value_list(const char *item);
