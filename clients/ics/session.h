/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What both verbs have: the daemon, the user's zone, and one way to say what went wrong. */

#include "clients/ics/ics.h"
#include "clients/lib/client.h"

typedef struct Session {
        const char *bus; /* NULL: not given */
        uint32_t uid;
        bool other_user;
        bool json;
        Client *client;
        char *first_tz; /* TZ as this program found it; NULL: none */
        char *zone;     /* "Europe/Berlin"; NULL: it has no name */
} Session;

int session_open(Session *session, ClientFlags flags); /* 0, or what to exit with */
void session_done(Session *session);

/* From here on the zone of this process is that of the user's settings, else the one it found. 0, or what to
 * exit with. */
int session_use_zone(Session *session);

/* Each prints a sentence (with --json an object) on standard error and returns what to exit with. */
int session_usage(const Session *session, const char *format, ...) __attribute__((format(printf, 2, 3)));
int session_failed(const Session *session);                        /* of the last call */
int session_refused(const Session *session, const char *sentence); /* of something read or written here */
int session_errno(const Session *session, int r, const char *what);
