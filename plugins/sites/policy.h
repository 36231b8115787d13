/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * The policy files of one folder as a browser of the Chromium family merges them, and what our own has to
 * say so that the others' words hold, too. A browser reads every file of the folder in the order of their
 * names' bytes, whatever these are; of a policy that several set it takes the last one whole. Pure.
 */

#include <glib.h>
#include <stdbool.h>

/* It sorts behind every name that begins with a letter of ASCII. */
#define POLICY_OWN "~pomod.json"

/* Of 1,500 entries Chromium takes all, beyond that it ignores the rest without a word; documented are 1,000.
 */
#define POLICY_ENTRIES_MAX 1000u

typedef struct PolicyList {
        GPtrArray *entries; /* of char *; NULL: no file sets it */
        char *file;         /* the name of the one that does; NULL: none */
} PolicyList;

typedef struct Policy {
        PolicyList block, allow;
        PolicyList block_before; /* of the files that come before our own, if that is there or not */
        GPtrArray *problems; /* of char *: sentences about files that a browser ignores in part or whole */
} Policy;

Policy *policy_new(void);
void policy_free(Policy *policy);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Policy, policy_free)

/* The next file; they come in the order of their names' bytes. */
void policy_add(Policy *policy, const char *name, const char *text, gsize size);
/* One that a browser does not read, and why: "cannot be read by everybody". */
void policy_ignore(Policy *policy, const char *name, const char *why);

/* Whether https://NAME/ is blocked by it. ret_file: the file whose entry decides, the policy's; NULL where
 * none does. */
bool policy_blocks(const Policy *policy, const char *name, const char **ret_file);

/* Of the first n patterns, whose hosts our own file blocks, the hosts that are open nevertheless, as the list
 * that allows lets them through; the caller's, the texts are those of the patterns. */
GPtrArray *policy_let_through(const Policy *policy, const GPtrArray *patterns, guint n);

/*
 * The text of our own file for these patterns: the list that would win without ours first, then the patterns,
 * POLICY_ENTRIES_MAX in all. NULL where there is no room for any, or none is wanted. ret_n_patterns: how many
 * it takes.
 */
char *policy_compose(const Policy *policy, const GPtrArray *patterns, guint *ret_n_patterns);
