/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What "pomod --look-up-account UID" does: it asks the name services who has a uid, and may wait for them. */

/* Prints the name. Returns what the process exits with: 0, ENOENT where every service said that there is no
 * such account, or the errno of one that could not say. */
int account_lookup_main(const char *uid);
