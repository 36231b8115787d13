/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * What is appended to a message, counted as it is appended: exactly the bytes of its body. Every answer is
 * made this way, so that none becomes larger than it may be. A reply without a message is only counted: what
 * is to be appended to an answer can be measured first, by the function that appends it. Each function
 * returns 0 or a negative errno.
 */

#include <stdbool.h>
#include <stddef.h>
#include <systemd/sd-bus.h>

typedef struct Reply {
        sd_bus_message *message; /* NULL: nothing is made */
        size_t size;             /* bytes of the body, up to here */
        /* Of the record at hand, where no answer could hold it: its bytes, and whether it has said so. See
         * pages.h. */
        size_t too_large;
        bool said_so;
} Reply;

/* A container of a type of D-Bus, as sd_bus_message_open_container() has it, and the end of what was opened
 * last. */
int reply_open(Reply *reply, char type, const char *contents);
int reply_close(Reply *reply);
/* As sd_bus_message_append_basic(). */
int reply_append_basic(Reply *reply, char type, const void *value);
/* As sd_bus_message_append(), of basic types alone. */
int reply_append(Reply *reply, const char *types, ...);

/* An entry of an a{sv}, opened, up to its value of a type; and its end. */
int reply_open_entry(Reply *reply, const char *key, const char *type);
int reply_close_entry(Reply *reply);
/* Opens an a{sv}, or an aa{sv} for one record after the other. */
int reply_open_record(Reply *reply);
int reply_open_records(Reply *reply);
