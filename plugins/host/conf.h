/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Root's standing settings of a system plugin: NAME.conf in the folder of the computer's settings, then
 * NAME.conf.d/ in the order of its files' names, the later over the earlier. The folders are watched: what an
 * editor replaces or an administrator links has another inode.
 */

#include <systemd/sd-event.h>

#include "plugins/host/places.h"
#include "plugins/host/table.h"
#include "plugins/host/values.h"

typedef struct Conf Conf;

/* The values or the mistakes are other ones. */
typedef void (*ConfChangedFunc)(void *userdata);

/*
 * Reads them. event: where a change is heard of; NULL: nothing is watched, and changed may be NULL. Both and
 * the plugin outlive it. 0 or a negative errno; a mistake in a file is none.
 */
int conf_new(sd_event *event, const Places *places, const Plugin *plugin, ConfChangedFunc changed,
                void *userdata, Conf **ret_conf);

/* NULL is fine. */
void conf_free(Conf *conf);

/* What holds, until changed was called. A file that is there and cannot be read changes nothing. */
const Values *conf_values(const Conf *conf);

/* A sentence for each mistake, with the file and mostly the line; NULL at the end. */
const char *const *conf_mistakes(const Conf *conf);
