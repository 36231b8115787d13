/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/json-text.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "common/cleanup.h"
#include "plugins/host/sentence.h"

DEFINE_CLEANUP(json_tokener *, json_tokener_free);

/* Both count from 1, as editors do; characters of UTF-8. */
static int refuse(const char *text, size_t place, const char *what, char **ret_sentence) {
        unsigned line = 1, character = 1;

        for (size_t i = 0; i < place; i++)
                if (text[i] == '\n') {
                        line++;
                        character = 1;
                } else if (((unsigned char) text[i] & 0xc0) != 0x80)
                        character++;
        return sentence_set(ret_sentence, -EBADMSG, "line %u, character %u: %s", line, character, what);
}

int json_text_parse(const char *text, size_t size, json_object **ret_object, char **ret_sentence) {
        cleanup_(json_tokener_freep) json_tokener *tokener = memory_check(json_tokener_new());
        enum json_tokener_error error;
        json_object *object;
        size_t end;

        while (size > 0 && strchr(" \t\r\n", text[size - 1]))
                size--;
        if (size > INT_MAX)
                return sentence_set(ret_sentence, -EBADMSG, "it has more than 2 GiB");
        json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
        object = json_tokener_parse_ex(tokener, text, (int) size);
        end = json_tokener_get_parse_end(tokener);
        /* A number at the top ends with what follows it. */
        if (json_tokener_get_error(tokener) == json_tokener_continue) {
                object = json_tokener_parse_ex(tokener, "", 1);
                if (json_tokener_get_error(tokener) != json_tokener_success)
                        return refuse(text, size, "it ends before its value does", ret_sentence);
        }
        error = json_tokener_get_error(tokener);
        if (error != json_tokener_success)
                return refuse(text, end, json_tokener_error_desc(error), ret_sentence);
        *ret_object = object;
        return 0;
}
