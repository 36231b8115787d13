/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomobar/clicks.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "clients/lib/program.h"
#include "clients/pomobar/format.h"

#define EVENT_DEPTH 8 /* an event is flat but for its modifiers */

unsigned click_button_from_string(const char *word) {
        static const char *const words[] = { "left", "middle", "right" };
        static const char *const numbers[] = { "1", "2", "3" };

        for (unsigned i = 0; i < 3; i++)
                if (strcmp(word, words[i]) == 0 || strcmp(word, numbers[i]) == 0)
                        return i + 1;
        return 0;
}

const char *click_verb(unsigned button) {
        static const char *const verbs[] = { NULL, "Toggle", "Skip", "Stop" };

        return button < sizeof(verbs) / sizeof(verbs[0]) ? verbs[button] : NULL;
}

int click_seq_parse(const char *text, bool *ret_away, uint64_t *ret_seq) {
        bool away = strcmp(text, BAR_CLICK_AWAY) == 0;
        uint64_t seq = 0;

        if (!away && program_number(text, UINT64_MAX, &seq) < 0)
                return -EINVAL;
        *ret_away = away;
        *ret_seq = seq;
        return 0;
}

static const char *member_string(json_object *object, const char *key) {
        json_object *value;

        return json_object_object_get_ex(object, key, &value) && json_object_is_type(value, json_type_string)
                               ? json_object_get_string(value)
                               : NULL;
}

static int click_read(json_object *event, Click *ret_click) {
        json_object *button;
        const char *name, *instance;
        Click click = {};

        if (!json_object_is_type(event, json_type_object))
                return -EINVAL;
        name = member_string(event, "name");
        instance = member_string(event, "instance");
        if (!name || strcmp(name, "pomod") != 0 || !instance ||
                        click_seq_parse(instance, &click.away, &click.seq) < 0)
                return -EINVAL;
        if (!json_object_object_get_ex(event, "button", &button) ||
                        !json_object_is_type(button, json_type_int) || json_object_get_int64(button) < 1 ||
                        json_object_get_int64(button) > 255)
                return -EINVAL;
        click.button = (unsigned) json_object_get_int64(button);
        *ret_click = click;
        return 0;
}

static void line_handle(const char *line, size_t n, ClickHandler handler, void *userdata) {
        json_tokener *tokener;
        json_object *event;
        Click click;

        /* The array's opening and the commas between events are the line's, not the event's. */
        while (n > 0 && strchr("[, \t\r", *line)) {
                line++;
                n--;
        }
        if (n == 0 || *line != '{')
                return;
        tokener = json_tokener_new_ex(EVENT_DEPTH);
        if (!tokener)
                return;
        event = json_tokener_parse_ex(tokener, line, (int) n);
        if (event && click_read(event, &click) == 0)
                handler(&click, userdata);
        json_object_put(event);
        json_tokener_free(tokener);
}

void clicks_feed(Clicks *clicks, const char *data, size_t n, ClickHandler handler, void *userdata) {
        while (n > 0) {
                const char *end = memchr(data, '\n', n);
                size_t part = end ? (size_t) (end - data) : n;

                if (part > sizeof(clicks->line) - clicks->n)
                        clicks->too_long = true;
                else if (!clicks->too_long) {
                        memcpy(clicks->line + clicks->n, data, part);
                        clicks->n += part;
                }
                if (!end)
                        return;

                if (!clicks->too_long)
                        line_handle(clicks->line, clicks->n, handler, userdata);
                clicks->n = 0;
                clicks->too_long = false;
                n -= part + 1;
                data = end + 1;
        }
}
