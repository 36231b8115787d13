/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Host names as people write them, in the one form in which they are compared: A-labels in small letters. */

/*
 * A host name in that form, the caller's to free(). A dot at its end is dropped. 0; -EINVAL for what is none,
 * also an address, a path or a URL, with why where ret_why is not NULL.
 */
int names_to_ascii(const char *name, char **ret_name, char **ret_why);
