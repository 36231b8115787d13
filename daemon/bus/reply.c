/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/reply.h"

#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

/* ---- as D-Bus writes it ---- */

static size_t alignment_of(char type) {
        switch (type) {
        case SD_BUS_TYPE_INT64:
        case SD_BUS_TYPE_UINT64:
        case SD_BUS_TYPE_DOUBLE:
        case SD_BUS_TYPE_STRUCT_BEGIN:
        case SD_BUS_TYPE_DICT_ENTRY_BEGIN:
                return 8;
        case SD_BUS_TYPE_BYTE:
        case SD_BUS_TYPE_SIGNATURE:
        case SD_BUS_TYPE_VARIANT:
                return 1;
        case SD_BUS_TYPE_INT16:
        case SD_BUS_TYPE_UINT16:
                return 2;
        default: /* texts and arrays begin with their length */
                return 4;
        }
}

static void count(Reply *reply, size_t alignment, size_t size) {
        reply->size = (reply->size + alignment - 1) / alignment * alignment + size;
}

static void count_text(Reply *reply, const char *text) {
        count(reply, sizeof(uint32_t), sizeof(uint32_t) + strlen(text) + 1);
}

static void count_basic(Reply *reply, char type, const void *value) {
        const size_t alignment = alignment_of(type);

        if (type == SD_BUS_TYPE_STRING || type == SD_BUS_TYPE_OBJECT_PATH)
                count_text(reply, value);
        else
                count(reply, alignment, alignment);
}

static void count_open(Reply *reply, char type, const char *contents) {
        switch (type) {
        case SD_BUS_TYPE_ARRAY:
                count(reply, sizeof(uint32_t), sizeof(uint32_t));
                count(reply, alignment_of(contents[0]), 0);
                break;
        case SD_BUS_TYPE_VARIANT: /* the signature: its length, itself, a zero */
                count(reply, 1, strlen(contents) + 2);
                break;
        default:
                count(reply, alignment_of(SD_BUS_TYPE_STRUCT_BEGIN), 0);
        }
}

/* ---- appending ---- */

int reply_open(Reply *reply, char type, const char *contents) {
        int r = reply->message ? sd_bus_message_open_container(reply->message, type, contents) : 0;

        if (r < 0)
                return r;
        count_open(reply, type, contents);
        return 0;
}

int reply_close(Reply *reply) {
        int r = reply->message ? sd_bus_message_close_container(reply->message) : 0;

        return r < 0 ? r : 0;
}

int reply_append_basic(Reply *reply, char type, const void *value) {
        int r = reply->message ? sd_bus_message_append_basic(reply->message, type, value) : 0;

        if (r < 0)
                return r;
        count_basic(reply, type, value);
        return 0;
}

static int append_next(Reply *reply, char type, va_list *args) {
        uint64_t wide;
        uint32_t narrow;
        int fd;

        switch (type) {
        case SD_BUS_TYPE_STRING:
        case SD_BUS_TYPE_OBJECT_PATH:
                return reply_append_basic(reply, type, va_arg(*args, const char *));
        case SD_BUS_TYPE_UINT64:
                wide = va_arg(*args, uint64_t);
                return reply_append_basic(reply, type, &wide);
        case SD_BUS_TYPE_UNIX_FD:
                fd = va_arg(*args, int);
                return reply_append_basic(reply, type, &fd);
        default:
                assert(type == SD_BUS_TYPE_UINT32 || type == SD_BUS_TYPE_BOOLEAN);
                narrow = va_arg(*args, uint32_t);
                return reply_append_basic(reply, type, &narrow);
        }
}

int reply_append(Reply *reply, const char *types, ...) {
        va_list args;
        int r = 0;

        va_start(args, types);
        for (const char *type = types; r == 0 && *type != '\0'; type++)
                r = append_next(reply, *type, &args);
        va_end(args);
        return r;
}

int reply_open_entry(Reply *reply, const char *key, const char *type) {
        int r = reply_open(reply, SD_BUS_TYPE_DICT_ENTRY, "sv");

        if (r == 0)
                r = reply_append_basic(reply, SD_BUS_TYPE_STRING, key);
        return r < 0 ? r : reply_open(reply, SD_BUS_TYPE_VARIANT, type);
}

int reply_close_entry(Reply *reply) {
        int r = reply_close(reply);

        return r < 0 ? r : reply_close(reply);
}

static int say_too_large(Reply *reply) {
        int r = reply_open_entry(reply, "TooLarge", "t");

        reply->said_so = true;
        if (r == 0)
                r = reply_append(reply, "t", (uint64_t) reply->too_large);
        return r < 0 ? r : reply_close_entry(reply);
}

int reply_open_record(Reply *reply) {
        int r = reply_open(reply, SD_BUS_TYPE_ARRAY, "{sv}");

        return r == 0 && reply->too_large > 0 && !reply->said_so ? say_too_large(reply) : r;
}

int reply_open_records(Reply *reply) {
        return reply_open(reply, SD_BUS_TYPE_ARRAY, "a{sv}");
}
