/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* An engine whose days go by rules: it begins at 11:00 of a Monday in Berlin, 2026-03-02. */

#include "tests/unit/engine/fixture.h"

#define BERLIN "Europe/Berlin"

#define SPLIT_DAY                                                          \
        "[Rule morning]\nDays=Mon-Fri\nHours=09:00-12:00\nMode=freeform\n" \
        "[Rule afternoon]\nDays=Mon-Fri\nHours=13:00-17:00\nTarget=7\n"

#define AFTERNOON "[Rule afternoon]\nHours=13:00-17:00\nAutoStart=yes\n"

void ruled_begin(Fixture *f, const char *rules);
void ruled_import(Fixture *f, const char *text); /* instead of those there are; checks that it worked */

uint64_t boot_now(Fixture *f);
void assert_armed_in(Fixture *f, uint64_t usec);
void assert_shown(Fixture *f, const char *state, const char *rule, IntervalKind mode);
