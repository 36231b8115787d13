/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * What the process gives up before the code of a plugin runs: nothing here is for a plugin that means harm,
 * which the sandbox of its unit is for, but for one that went wrong.
 */

#include <sys/resource.h>

#include "common/caps.h"

/* The shadow that a sanitizer has of all addresses counts as data, and is larger than any limit. */
#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define CONFINE_DATA_BYTES RLIM_INFINITY
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define CONFINE_DATA_BYTES RLIM_INFINITY
#endif
#ifndef CONFINE_DATA_BYTES
#define CONFINE_DATA_BYTES HOST_DATA_BYTES
#endif

/*
 * No new privileges; every descriptor above standard error closed, and the missing of the first three opened
 * on /dev/null; at most 256 MiB of data, 256 descriptors and no core dump, where they are not less already.
 * Must be called before the first descriptor of this process is opened. 0 or a negative errno.
 */
int confine_take(void);

/* The limits of before confine_take(), in a child between fork() and exec(): safe there. 0 or a negative
 * errno. */
int confine_restore_child(void);

/*
 * Whoever is root becomes nobody, groups too, and cannot become anything else. It does nothing for anybody
 * else. 0; a negative errno with a sentence, after which this process must not load anything.
 */
int confine_drop_root(char **ret_sentence);
