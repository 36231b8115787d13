/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/sites/policy-json.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

#include "common/cleanup.h"

#define DEPTH_MAX       200 /* as Chromium's */
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

/* ---- the liberties, overwritten by spaces ---- */

/* Where a string ends: behind its second quote, or at the end of the text. */
static size_t string_end(const char *text, size_t size, size_t i) {
        for (i++; i < size && text[i] != '"'; i++)
                if (text[i] == '\\')
                        i++;
        return i < size ? i + 1 : size;
}

/* Where a comment that begins at i ends, which must be before the end of the text if it is one in stars; i
 * where none begins. */
static size_t comment_end(const char *text, size_t size, size_t i) {
        const char *end;

        if (i + 1 >= size || text[i] != '/')
                return i;
        if (text[i + 1] == '/') {
                end = memchr(text + i, '\n', size - i);
                return end ? (size_t) (end - text) : size;
        }
        end = text[i + 1] == '*' ? memmem(text + i + 2, size - i - 2, "*/", 2) : NULL;
        return end ? (size_t) (end + 2 - text) : i;
}

/* False for what json-c takes, and no browser. */
static bool blank_liberties(char *text, size_t size) {
        size_t comma = size;           /* size: what came last is no comma */
        char last = '{', before = '{'; /* what is no space; before the comma */

        for (size_t i = 0, end; i < size; i = end) {
                end = comment_end(text, size, i);
                if (end > i) {
                        memset(text + i, ' ', end - i);
                        continue;
                }
                end = text[i] == '"' ? string_end(text, size, i) : i + 1;
                if (g_ascii_isspace(text[i]))
                        continue;
                if (text[i] == '\'')
                        return false;
                if (strchr("]}", text[i]) && comma < size && !strchr("[{,:", before))
                        text[comma] = ' ';
                comma = text[i] == ',' ? i : size;
                before = last;
                last = text[i];
        }
        return true;
}

/* ---- parsing ---- */

struct json_object *policy_json_parse(const char *text, size_t size) {
        g_autofree char *copy = NULL;
        struct json_tokener *tokener = json_tokener_new_ex(DEPTH_MAX);
        struct json_object *object = NULL;

        if (!tokener)
                return NULL;
        if (size >= strlen(BYTE_ORDER_MARK) && memcmp(text, BYTE_ORDER_MARK, strlen(BYTE_ORDER_MARK)) == 0) {
                text += strlen(BYTE_ORDER_MARK);
                size -= strlen(BYTE_ORDER_MARK);
        }
        /* The 0 byte behind the text ends it: what follows an object is then an error. */
        copy = g_strndup(text ?: "", size); /* an empty file may have no text at all */
        if (size < INT_MAX && strlen(copy) == size && blank_liberties(copy, size)) {
                json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
                object = json_tokener_parse_ex(tokener, copy, (int) size + 1);
                if (json_tokener_get_error(tokener) != json_tokener_success) {
                        json_object_put(object);
                        object = NULL;
                }
        }
        json_tokener_free(tokener);
        if (object && !json_object_is_type(object, json_type_object)) {
                json_object_put(object);
                object = NULL;
        }
        return object;
}
