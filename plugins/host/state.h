/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * The state folder of one plugin, which outlives its host: what is held (claims), the lists that claims name
 * (lists/DIGEST), what the plugin saved (saved/NAME), why the last host ended (last-failure), and what was
 * released by hand and is not on record yet (released). Whoever has a State has the folder's lock, from
 * before anything is read to its end; no other process reads to act on it.
 *
 *     state_open()      the folder is there, and locked
 *     state_read()      what is held, as pomod's word of then; held_follow() makes it true now
 *     state_write()     before the world is changed
 */

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "common/cleanup.h"
#include "plugins/host/held.h"
#include "plugins/host/places.h"

typedef struct State State;

/*
 * Makes the folder where it is missing, and takes its lock. -EBUSY with a sentence that says whose it is and
 * what to type; -EAGAIN where it will be free in a moment; -EPERM where the folder is somebody else's; or
 * what the disk said. system: the plugin acts on the whole computer.
 */
int state_open(const Places *places, const char *name, bool system, State **ret_state, char **ret_sentence);
/* The same for a process that has it for a minute at most. Others are told -EAGAIN then, in place of -EBUSY.
 */
int state_open_briefly(
                const Places *places, const char *name, bool system, State **ret_state, char **ret_sentence);
/* Gives the lock up. NULL is fine; returns NULL. */
State *state_close(State *state);
DEFINE_CLEANUP(State *, state_close);

/* The process that has the lock of a plugin's folder, 0 for none; negative errno, -ENOENT: no folder. Takes
 * nothing. */
pid_t state_locked_by(const Places *places, const char *name);

/* The name of a plugin: [a-z][a-z0-9-]{0,31}. */
bool state_name_is_valid(const char *name);

/* ---- the clocks of now; boot_id is the state's, and lives as long ---- */

HeldNow state_now(const State *state);
/* Without a folder: reads the boot's id into buf. A negative errno. */
int state_now_at(const Places *places, char boot_id[HELD_BOOT_ID_MAX], HeldNow *ret_now);

/* ---- what is held ---- */

/*
 * Fills in held, which the caller clears also after an error. 0; 1 with a sentence where what is there cannot
 * be read: it was set aside, and held says so (Held.unread). -EPROTONOSUPPORT with a sentence: it is of a
 * newer pomod, and nothing may be done. Or a negative errno with a sentence.
 */
int state_read(State *state, Held *ret_held, char **ret_sentence);
/* On disk when it returns; lists that nothing names are dropped. A negative errno: as it was before. */
int state_write(State *state, const Held *held);
/* As state_read(), but without the lock, nothing is set aside and lists are not looked at: to see when to
 * look again. -EBADMSG: it cannot be read. -EPROTONOSUPPORT: as above. -ENOENT: nothing was ever there. */
int state_peek(const Places *places, const char *name, Held *ret_held, char **ret_sentence);

/* ---- lists, by their digests: kept before a claim that names them is written ---- */

bool state_has_list(State *state, const char *digest);
/* The first digest that claims name and that is not here; it is the claims'. NULL: none. */
const char *state_missing_list(State *state, const HeldClaims *claims);
/* -EBADMSG: it has another digest. -EFBIG: above the cap of a list. */
int state_put_list(State *state, const char *digest, const char *names);
/* Names, one a line; free() it. -ENOENT. */
int state_get_list(State *state, const char *digest, char **ret_names);

/* The names of a category of the package as they are now; the same. It is no part of the folder. */
int state_get_category(const State *state, const char *name, char **ret_names);

/* ---- the plugin's own files ---- */

/* -EINVAL: no name for a file; -EFBIG: above 1 MiB; -EDQUOT: above 8 MiB in all. On disk when it returns. */
int state_save(State *state, const char *name, const void *data, size_t size);
/* free() it; a 0 byte follows. -ENOENT, -EINVAL. */
int state_load(State *state, const char *name, void **ret_data, size_t *ret_size);
int state_drop(State *state, const char *name); /* -ENOENT, -EINVAL */

/* ---- why the last process ended, and what was released ---- */

/* From any thread and any signal: neither memory nor a lock is taken. */
void state_write_failure(State *state, const char *sentence);
/* What is there, which is removed; NULL: none. */
char *state_take_failure(State *state);

/* Notes that all was released by hand, for pomod's record. A negative errno. */
int state_write_released(State *state, const char *reason);
/* The reason; NULL: nothing is to be put on record. */
char *state_read_released(State *state);
void state_drop_released(State *state); /* it is on record */
