/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/values.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/text.h"

#define INTEGERS "ynqiuxt"

const char *text_snippet(const char *text, char buf[SNIPPET_BYTES + 4]) {
        size_t length = strnlen(text, SNIPPET_BYTES + 1);
        bool cut = length > SNIPPET_BYTES;

        if (cut)
                for (length = SNIPPET_BYTES; length > 0 && ((unsigned char) text[length] & 0xC0) == 0x80;
                                length--)
                        ;
        for (size_t i = 0; i < length; i++)
                buf[i] = (unsigned char) text[i] < 0x20 || text[i] == 0x7F ? ' ' : text[i];
        strcpy(buf + length, cut ? "…" : "");
        return buf;
}

int text_validate(const char *text, size_t max_bytes, const char *what, Refusal *ret_refusal) {
        int r = text_check(text, max_bytes);
        char buf[SNIPPET_BYTES + 4];

        switch (r) {
        case 0:
                return 0;
        case -E2BIG:
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "the %s \"%s\" is longer than %zu bytes, which is the most it can have", what,
                                text_snippet(text, buf), max_bytes);
        case -EINVAL:
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "the %s \"%s\" holds a line break or another control character; one line of text is wanted",
                                what, text_snippet(text, buf));
        default:
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT, "the %s is not UTF-8; send it as UTF-8",
                                what);
        }
}

int dict_begin(Dict *dict, sd_bus_message *message) {
        int r = sd_bus_message_enter_container(message, SD_BUS_TYPE_ARRAY, "{sv}");

        *dict = (Dict){ .message = message };
        return r < 0 ? r : 0;
}

int dict_next(Dict *dict, const char **ret_key) {
        int r = dict->inside ? sd_bus_message_exit_container(dict->message) : 0;

        dict->inside = false;
        if (r >= 0)
                r = sd_bus_message_enter_container(dict->message, SD_BUS_TYPE_DICT_ENTRY, "sv");
        if (r == 0)
                r = sd_bus_message_exit_container(dict->message);
        else if (r > 0) {
                dict->inside = true;
                r = sd_bus_message_read_basic(dict->message, SD_BUS_TYPE_STRING, ret_key);
        }
        return r < 0 ? r : dict->inside;
}

char value_type(const Value *value) {
        const char *type = value->contents;

        return type[1] == '\0' || strcmp(type, "as") == 0 ? type[0] : SD_BUS_TYPE_VARIANT;
}

bool value_is_integer(const Value *value) {
        return value->contents[1] == '\0' && strchr(INTEGERS, value->contents[0]);
}

/* sd-bus checks that what is read is of the type asked for: one case for each. */
static int integer_read(sd_bus_message *message, char type, Value *value) {
        union {
                uint8_t y;
                int16_t n;
                uint16_t q;
                int32_t i;
                uint32_t u;
                int64_t x;
                uint64_t t;
        } any = {};
        int r = sd_bus_message_read_basic(message, type, &any);
        int64_t number = type == SD_BUS_TYPE_BYTE     ? any.y
                         : type == SD_BUS_TYPE_INT16  ? any.n
                         : type == SD_BUS_TYPE_UINT16 ? any.q
                         : type == SD_BUS_TYPE_INT32  ? any.i
                         : type == SD_BUS_TYPE_UINT32 ? any.u
                                                      : any.x;

        if (type == SD_BUS_TYPE_UINT64)
                value->number = any.t;
        else if (number < 0)
                value->negative = number;
        else
                value->number = (uint64_t) number;
        return r;
}

static int contents_read(sd_bus_message *message, Value *value) {
        int flag = 0, r;

        if (value_is_integer(value))
                return integer_read(message, value->contents[0], value);
        if (strcmp(value->contents, "s") == 0)
                return sd_bus_message_read_basic(message, SD_BUS_TYPE_STRING, &value->text);
        if (strcmp(value->contents, "b") != 0)
                return sd_bus_message_skip(message, value->contents);
        r = sd_bus_message_read_basic(message, SD_BUS_TYPE_BOOLEAN, &flag);
        value->flag = flag != 0;
        return r;
}

int value_read(sd_bus_message *message, Value *ret_value) {
        Value value = {};
        int r;

        r = sd_bus_message_peek_type(message, NULL, &value.contents);
        if (r >= 0)
                r = sd_bus_message_enter_container(message, SD_BUS_TYPE_VARIANT, value.contents);
        if (r >= 0)
                r = contents_read(message, &value);
        if (r >= 0)
                r = sd_bus_message_exit_container(message);
        if (r < 0)
                return r;
        *ret_value = value;
        return 0;
}

const char *value_to_text(const Value *value, char buf[VALUE_TEXT_MAX]) {
        if (value->text)
                return value->text;
        if (strcmp(value->contents, "b") == 0)
                return value->flag ? "yes" : "no";
        if (!value_is_integer(value))
                return NULL;
        if (value->negative < 0)
                snprintf(buf, VALUE_TEXT_MAX, "%" PRIi64, value->negative);
        else
                snprintf(buf, VALUE_TEXT_MAX, "%" PRIu64, value->number);
        return buf;
}

int value_to_number(const Value *value, const char *what, uint64_t limit, uint64_t *ret_number,
                Refusal *ret_refusal) {
        if (limit == 0)
                limit = INT64_MAX;
        if (!value_is_integer(value))
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "the %s is of the D-Bus type \"%c\"; it has to be an integer (t, u, x, i, q, n or y)",
                                what, value_type(value));
        if (value->negative < 0)
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "the %s is %" PRIi64 "; it has to be a whole number from 0 up", what,
                                value->negative);
        if (value->number > limit)
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "the %s is %" PRIu64 "; it can be %" PRIu64 " at most", what, value->number,
                                limit);
        *ret_number = value->number;
        return 0;
}
