/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Other programs that a verb needs: those that come with pomoctl, and systemctl. */

#include <stdbool.h>

/* The path of a program that is installed for other programs, the caller's; built: where it lies in a build,
 * from the folder of pomoctl. Beside this program as it lies now before where it was meant to be. NULL:
 * nowhere.
 */
char *helper_find(const char *name, const char *built);
/* The same of a file of the plugin folder; of a user's own, too. */
char *helper_find_plugin(const char *name);

/* Runs a program by its path with these words, NULL at the end, and reads all that it writes on standard
 * output, and what on standard error, which are the caller's; *ret_status as of waitpid(). 0 or a negative
 * errno. */
int helper_read(const char *const *words, char **ret_text, char **ret_errors, int *ret_status);

/*
 * Runs systemctl with these words, NULL at the end, for the user's own manager or the system's; it may ask
 * who is at the terminal for a password. 0, or a negative errno with its last line in *ret_message, the
 * caller's: -ENOENT where there is no systemctl, -EPERM where it has failed.
 */
int helper_systemctl(bool of_user, const char *const *words, char **ret_message);
