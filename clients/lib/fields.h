/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* a{sv} read into a struct by a table of fields. */

#include <stddef.h>
#include <systemd/sd-bus.h>

typedef struct ClientField {
        const char *name; /* NULL ends a table */
        char type; /* 't', 'u', 'b'; 's': a text that is the struct's; 'p': one that is the message's; 'w': a
                      word */
        size_t offset;
        int (*from_word)(const char *word); /* 'w': its number, below zero for one that is not known */
} ClientField;

/*
 * What the table does not name is passed over, and what the message does not name stays. Fastest where it
 * names the fields in the order of the table. After an error half of it may have been read. 0 or a negative
 * errno.
 */
int fields_read(sd_bus_message *message, const ClientField *fields, void *into);
