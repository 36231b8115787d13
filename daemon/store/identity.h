/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Which stores a folder has, in a small file: a number that it got when it was first asked for. By that a
 * folder that is empty, since its file system is not mounted, is told from the one that has been there
 * before: what is held by the word of the one is not lifted by the other.
 */

#define IDENTITY_MAX 37 /* a UUID as text, with its end */

/* Makes the folder and the number where they are missing, and is on disk when it returns. A number that makes
 * no sense is replaced. 0, or a negative errno. */
int identity_load(const char *folder, char ret_identity[IDENTITY_MAX]);
