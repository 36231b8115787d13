/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * What is held, as the bytes of a file: one object of JSON with its format's number, and as last line the
 * SHA-256 of all before it. A format that is newer than ours is read no further than its number.
 */

#include <stddef.h>

#include "plugins/host/held.h"

#define HELD_FORMAT 1

/* free() it; a 0 byte follows. */
char *held_file_write(const Held *held, size_t *ret_size);

/* 0; -EBADMSG: this is no state, or not all of it; -EPROTONOSUPPORT: it is of a newer pomod. Either with a
 * sentence. */
int held_file_read(const char *text, size_t size, Held *ret_held, char **ret_sentence);

/* What is legible of a text that held_file_read() does not take: adds each claim that is whole. true: their
 * ends are of that boot. */
bool held_file_read_legible(const char *text, size_t size, const char *boot_id, HeldClaims *claims);
