/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/size.h"

#include <stdint.h>
#include <string.h>

#define HEADER_BYTES 96u /* but for the texts in it */

/* A text has its length before it and a zero after it, and begins at a multiple of four. */
#define TEXT_BYTES 8u

static size_t of_text(const char *text) {
        return text ? strlen(text) + TEXT_BYTES : 0;
}

static int add_basic(sd_bus_message *message, char type, size_t *bytes) {
        union {
                uint64_t number;
                const char *text;
        } value;
        int r = sd_bus_message_read_basic(message, type, &value);

        if (r < 0)
                return r;
        switch (type) {
        case SD_BUS_TYPE_STRING:
        case SD_BUS_TYPE_OBJECT_PATH:
        case SD_BUS_TYPE_SIGNATURE:
                *bytes += of_text(value.text);
                break;
        default:
                *bytes += sizeof(uint64_t);
        }
        return 0;
}

static int add_all(sd_bus_message *message, size_t *bytes) {
        const char *contents;
        char type;
        int r;

        while ((r = sd_bus_message_peek_type(message, &type, &contents)) > 0) {
                if (!contents)
                        r = add_basic(message, type, bytes);
                else {
                        *bytes += sizeof(uint64_t);
                        r = sd_bus_message_enter_container(message, type, contents);
                        if (r >= 0)
                                r = add_all(message, bytes);
                        if (r >= 0)
                                r = sd_bus_message_exit_container(message);
                }
                if (r < 0)
                        return r;
        }
        return r;
}

int size_of_message(sd_bus_message *message, size_t *ret_bytes) {
        size_t bytes = HEADER_BYTES + of_text(sd_bus_message_get_path(message)) +
                       of_text(sd_bus_message_get_interface(message)) +
                       of_text(sd_bus_message_get_member(message)) +
                       of_text(sd_bus_message_get_destination(message));
        int r = sd_bus_message_rewind(message, 1);

        if (r >= 0)
                r = add_all(message, &bytes);
        if (r >= 0)
                r = sd_bus_message_rewind(message, 1);
        if (r < 0)
                return r;
        *ret_bytes = bytes;
        return 0;
}
