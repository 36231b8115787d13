/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Events for people of plugins that fail what claims in force want of them: told once, and once that they
 * work again. A plugin that fails all the time, or by turns, tells nobody more than once in
 * PLUGIN_NEWS_USEC.
 */

#include "daemon/engine/user.h"

#define PLUGIN_NEWS_USEC USEC_PER_MIN

/* It failed; why may be NULL. */
void user_plugin_news_failed(User *user, const char *plugin, const char *why);
/* It may work again: looks at what was told. */
void user_plugin_news_look(User *user);
