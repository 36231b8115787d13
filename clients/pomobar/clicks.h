/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Clicks as i3bar and swaybar write them: one endless JSON array, an event a line. Pure: bytes in as they
 * come, clicks out. What is no click of ours, malformed or too long is passed over up to the next line.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CLICKS_LINE_BYTES 16384u /* an event has some 300 */

typedef struct Click {
        unsigned button; /* 1 left, 2 middle, 3 right; wheels and the rest are larger */
        bool away;       /* made while "away" was shown */
        uint64_t seq;    /* of what was shown */
} Click;

typedef struct Clicks {
        char line[CLICKS_LINE_BYTES];
        size_t n;
        bool too_long;
} Clicks;

typedef void (*ClickHandler)(const Click *click, void *userdata);

void clicks_feed(Clicks *clicks, const char *data, size_t n, ClickHandler handler, void *userdata);

/* "left", "middle", "right", "1", "2", "3"; 0 for anything else. */
unsigned click_button_from_string(const char *word);

/* What a button does: the method of Timer, NULL for nothing. */
const char *click_verb(unsigned button);

/* A number or "away". -EINVAL for what is neither. */
int click_seq_parse(const char *text, bool *ret_away, uint64_t *ret_seq);
