/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* A view as one line of what a bar reads: JSON, markup, actions and their escapes. Pure. */

#include "clients/pomobar/view.h"
#include "common/enums.h"

typedef enum BarFormat {
        BAR_PLAIN,
        BAR_WAYBAR,
        BAR_I3BAR, /* swaybar's as well */
        BAR_POLYBAR,
        _BAR_FORMAT_MAX,
} BarFormat;
DECLARE_ENUM_WORDS(BarFormat, bar_format);

#define BAR_CLICK_AWAY "away" /* in place of a number: what was shown when the click was made */

/*
 * What comes before the first line, NULL for nothing. i3bar is told of two signals that a shell around the
 * bar ignores, and that leave this program able to read what the daemon tells it while nobody looks.
 */
const char *format_header(BarFormat format, int stop_signal, int cont_signal, char *buf, size_t n);

/* One line with its newline. click_command: what a shell runs to click here, words before the button; only
 * polybar's lines carry it, where it is never NULL. The caller's. */
char *format_line(BarFormat format, const View *view, const char *click_command);

/* A word for a shell, in quotes where it needs them. The caller's. */
char *format_shell_word(const char *word);
