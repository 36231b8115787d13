/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* --probe NAME SUBJECT: what a plugin says becomes of a subject here and now, asked as the user who asks. */

#include "plugins/host/options.h"
#include "plugins/host/places.h"

/* Prints a line a finding. What to exit with. */
int probe_subject(const Options *options, PlacesFunc places);
