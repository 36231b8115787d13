/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Names of hosts that are those of no site, whatever the computer, so that who writes one down is told at
 * once. What blocks judges for itself, and knows more of the computer (plugins/sites/never.h). Public
 * suffixes are libpsl's, which is loaded for as long as a SiteNames is there: few processes need it.
 */

#include "common/cleanup.h"

typedef struct SiteNames SiteNames;

/* NULL where there is no memory; without libpsl the suffixes are the names of one label. */
SiteNames *site_names_new(void);
SiteNames *site_names_free(SiteNames *names); /* NULL is fine; returns NULL */
DEFINE_CLEANUP(SiteNames *, site_names_free);

/* Why it stays open, as "a public suffix is no site", static; NULL: nothing is known against it. Capitals and
 * a dot at the end change nothing. names may be NULL. */
const char *site_names_why_not(const SiteNames *names, const char *name);
