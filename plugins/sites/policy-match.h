/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * What Chromium's URLBlocklist and URLAllowlist make of the first page of a host: of two patterns that fit it
 * the more exact one counts, and of two that are equally exact the one that allows. Pure.
 */

#include <stdbool.h>

typedef struct PolicyMatch {
        bool fits;
        bool this_host_alone; /* .example.org: nothing below it */
        unsigned host_bytes;  /* 0: any host */
        unsigned path_bytes;
} PolicyMatch;

/* Whether a pattern ("example.org", ".example.org", "*", "https://example.org:443/") fits https://HOST/. host
 * is in small letters. */
PolicyMatch policy_match(const char *pattern, const char *host);
/* Whether a counts before b. One that does not fit never does. */
bool policy_match_is_before(PolicyMatch a, PolicyMatch b);
