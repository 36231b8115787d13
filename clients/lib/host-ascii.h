/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Host names as people write them, in the one form in which they are compared: A-labels in small letters. */

/*
 * A host name in that form, the caller's to free(). A dot at its end is dropped. 0; -EINVAL for what is none,
 * also an address, a path or a URL; *ret_why is then a static text that goes behind "is no host name: ".
 */
int host_ascii(const char *name, char **ret_name, const char **ret_why);

/* How people write a name that has A-labels: müller.de; the caller's to free(). NULL where that is the same,
 * or cannot be said without libidn2. */
char *host_ascii_shown(const char *name);
