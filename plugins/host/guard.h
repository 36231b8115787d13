/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Every call into the code of a plugin. A call of more than 250 ms is logged. What ends the process, with a
 * sentence kept before: a call of more than 5 s, a crash, an exit(), descriptors of the host that were
 * closed, and a call of the host from another thread. Nothing of what holds is lifted by that. A timer thread
 * watches, which sleeps until a call takes too long.
 *
 * A process has one guard, for as long as it lives: it also watches the destructors of the plugin.
 */

#include <stdbool.h>
#include <stdint.h>

#include "plugins/api/pomo-plugin.h"
#include "plugins/host/table.h"

typedef struct Guard Guard;

/*
 * Keeps or prints why the process ends, which it does when this returns. It runs in a signal handler or in
 * the timer thread while the plugin may hold any lock: it must not allocate memory.
 */
typedef void (*GuardFailedFunc)(const char *sentence, void *userdata);

/*
 * Once in a process, when all signals are blocked that its loop reads, and before any thread. name is that of
 * the plugin, for sentences. 0 or a negative errno.
 */
int guard_new(const char *name, GuardFailedFunc failed, void *userdata, Guard **ret_guard);

/* load_plugin() and load_descriptor() of load.h with the plugin's constructors watched. The functions below
 * call that plugin. */
int guard_load(Guard *guard, const char *path, bool as_root, Plugin **ret_plugin, char **ret_sentence);
int guard_load_descriptor(Guard *guard, int fd, const char *path, Plugin **ret_plugin, char **ret_sentence);

/* As pomo-plugin.h says. A function that may be NULL is one that did nothing. A result that it has no word
 * for is -EPROTO. */
int guard_open(Guard *guard, PomoHost *host, const PomoHostCalls *calls, void **ret_state);
int guard_apply(Guard *guard, void *state, const PomoDesired *desired);
void guard_event(Guard *guard, void *state, const PomoEvent *event);
void guard_close(Guard *guard, void *state);
int guard_release(Guard *guard, PomoHost *host, const PomoHostCalls *calls);
/* It may block, for 10 s. -EOPNOTSUPP where the plugin has none. */
int guard_probe(Guard *guard, PomoHost *host, const PomoHostCalls *calls, const char *subject,
                const PomoDesired *desired, PomoFindingFunc func, void *data);

/* Around a function that the plugin gave to watch(), at(), run() or act(). what is a literal that names it:
 * "the function of at()". */
void guard_begin(Guard *guard, const char *what);
void guard_end(Guard *guard);

/*
 * First thing in each call of the host, by its name. Another thread than the one that made the guard ends the
 * process with the reason kept; a child that the plugin forked ends silently.
 */
void guard_check_thread(Guard *guard, const char *call);
