/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Categories of names, which settings of the type "names" call @social: files NAME.tsv of the package, with a
 * name of a host, why it is in, and since when, a line each; a line that begins with # is a comment. They are
 * root's, and follow the package: what is in force has the names of the files as they are now. A list of the
 * user's that has the same name is meant in the place of a category.
 */

#include <stdbool.h>

/* Whether the folder has a category of that name; what cannot be the name of one is none. */
bool category_exists(const char *dir, const char *name);

/* Its names, one a line, as the file has them; the caller's to free(). -ENOENT: there is no such category;
 * -EFBIG: the file is above CAP_CATEGORY_BYTES; or what the disk said. */
int category_read(const char *dir, const char *name, char **ret_names);

/* The names of all of them, sorted; NULL at the end, each and the array the caller's to free(). A folder that
 * is not there has none. A negative errno. */
int category_list(const char *dir, char ***ret_names);

/* The folder that is compiled in: root's programs take no other. */
const char *category_package_dir(void);
/* The folder of them beside the running program, wherever it was installed, else the one that is compiled in;
 * the caller's to free(). A negative errno. */
int category_find_dir(char **ret_dir);
