/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * What bars show now, for clicks that cannot say it themselves: waybar runs a fixed command, so the state
 * that the person saw is kept in $XDG_RUNTIME_DIR/pomobar/, a file a bus. It is written when another state is
 * shown and not each second. All streams on one bus show the same daemon, so they share the file; each keeps
 * a lock on it, and without any lock the file is what a killed stream left behind and says nothing.
 */

#include <stdbool.h>
#include <stdint.h>

typedef struct Shown {
        int fd; /* -1: nowhere to keep it */
        bool known, away;
        uint64_t seq;
} Shown;

/* For a stream. Without a runtime folder clicks simply carry no state: no error. */
void shown_open(Shown *shown, const char *bus);
void shown_close(Shown *shown);
void shown_set(Shown *shown, bool away, uint64_t seq);

/* For a click. -ENOENT while no stream shows anything. A read between two halves of a write gives a number
 * that was never shown, and so a click that is refused. */
int shown_get(const char *bus, bool *ret_away, uint64_t *ret_seq);

/*
 * A click by command is refused in a process of its own, and the bar is what the person looks at. So it
 * writes the sentence to another file of that bus, which streams wait on with inotify: they wake up for
 * nothing else.
 */
#define SHOWN_REFUSAL_BYTES 512u

/* For a click: tells the streams. Where none ever ran nobody is told, which is no error. */
void shown_refuse(const char *bus, const char *sentence);

/* For a stream: the file to wait on, made if need be, for IN_CLOSE_WRITE; the caller's. Negative errno. */
int shown_refusals_path(const char *bus, char **ret_path);
int shown_refusal_read(const char *path, char sentence[SHOWN_REFUSAL_BYTES]);
