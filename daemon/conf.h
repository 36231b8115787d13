/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * /etc/pomod/pomod.conf, which is root's: read at the start and where pomod is told to, by SIGHUP. A mistake
 * is one sentence in the journal, with its line, and then nothing of the file counts: it only ever allows.
 *
 *     [Consent]
 *     BlockForEveryone=alice;%sudo
 *
 * Groups are those of group(5), and who is in one is looked at anew where the file was changed: no name
 * service is asked.
 */

#include <stdbool.h>

#define CONF_PATH "/etc/pomod/pomod.conf"

typedef struct Conf Conf;

/* The paths of the file, of accounts and of groups. Knows nothing before conf_read(). */
Conf *conf_new(const char *path, const char *passwd, const char *group);
Conf *conf_free(Conf *conf); /* NULL is fine; returns NULL */

/* Reads it anew. The sentence of a mistake, for free(); NULL: there is none, or no file. */
char *conf_read(Conf *conf);
/* Whether an account may block for everyone whatever it likes. */
bool conf_blocks_for_everyone(Conf *conf, const char *account);
