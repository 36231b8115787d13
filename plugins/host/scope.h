/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* For whom a plugin acts, before its code is loaded: what its NAME.json says. */

#include <stdbool.h>

#include "plugins/host/places.h"

/* Whether NAME acts on the whole computer, which root's do alone, and its places, for places_clear(). A
 * negative errno with a sentence. */
int scope_find(PlacesFunc places, const char *name, bool *ret_system, Places *ret_places,
                char **ret_sentence);
