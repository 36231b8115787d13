/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Names of hosts as they go into lists and settings of the type "names": A-labels, one dot between two, no
 * dot at the end, no address, port, path or wildcard. Daemon and plugin hosts judge them alike, each for
 * itself.
 */

#include <stdbool.h>

#define HOST_NAME_BYTES  253u
#define HOST_LABEL_BYTES 63u

/* Whether it is one; capitals are, too. */
bool host_name_is_valid(const char *name);
/* Whether a text of UTF-8 can be one as people write it, in letters of any language (müller.de). Who uses it
 * makes A-labels of it, and knows better then. */
bool host_name_may_be(const char *name);
