/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/message-size.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "common/caps.h"

#define HEADER_BYTES 128u /* of a call with its path, its interface and its member */
#define VALUE_BYTES  8u   /* of a number, or of what stands around a text or a container */

/* Arrays of these are one piece: they are not gone through. */
static bool is_fixed(char type) {
        return strchr("ybnqiuxtd", type) != NULL;
}

static int skip_array(sd_bus_message *message, char type, size_t *size) {
        const void *items;
        size_t bytes;
        int r = sd_bus_message_read_array(message, type, &items, &bytes);

        *size += r > 0 ? bytes : 0;
        return r;
}

static int skip_text(sd_bus_message *message, char type, size_t *size) {
        const char *text;
        int r = sd_bus_message_read_basic(message, type, &text);

        *size += r > 0 ? strlen(text) : 0;
        return r;
}

static int skip_basic(sd_bus_message *message, char type) {
        const char types[2] = { type };

        return sd_bus_message_skip(message, types);
}

/* The message is gone through without a stack of ours: sd-bus knows where it is, and bounds the depth. */
size_t message_size(sd_bus_message *message) {
        size_t size = HEADER_BYTES;
        unsigned depth = 0, n_values = 0;
        const char *contents;
        char type;
        int r;

        while ((r = sd_bus_message_peek_type(message, &type, &contents)) > 0 || (r == 0 && depth > 0)) {
                size += VALUE_BYTES;
                if (++n_values > CAP_CALL_VALUES) {
                        size = SIZE_MAX;
                        break;
                }
                if (r == 0) {
                        depth--;
                        r = sd_bus_message_exit_container(message);
                } else if (type == SD_BUS_TYPE_ARRAY && contents[1] == '\0' && is_fixed(contents[0]) &&
                                contents[0] != SD_BUS_TYPE_BOOLEAN)
                        r = skip_array(message, contents[0], &size);
                else if (type == SD_BUS_TYPE_ARRAY || type == SD_BUS_TYPE_VARIANT ||
                                type == SD_BUS_TYPE_STRUCT || type == SD_BUS_TYPE_DICT_ENTRY) {
                        depth++;
                        r = sd_bus_message_enter_container(message, type, contents);
                } else if (strchr("sog", type))
                        r = skip_text(message, type, &size);
                else
                        r = skip_basic(message, type);
                if (r < 0)
                        break;
        }
        (void) sd_bus_message_rewind(message, 1);
        return size;
}
