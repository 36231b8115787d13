/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomobar/format.h"

#include <assert.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "common/cleanup.h"

static const char *const bar_format_table[] = {
        [BAR_PLAIN] = "plain",
        [BAR_WAYBAR] = "waybar",
        [BAR_I3BAR] = "i3bar",
        [BAR_POLYBAR] = "polybar",
};
DEFINE_ENUM_WORDS(BarFormat, bar_format, bar_format_table);

const char *format_header(BarFormat format, int stop_signal, int cont_signal, char *buf, size_t n) {
        if (format != BAR_I3BAR)
                return NULL;
        snprintf(buf, n,
                        "{\"version\":1,\"stop_signal\":%d,\"cont_signal\":%d,\"click_events\":true}\n"
                        "[\n",
                        stop_signal, cont_signal);
        return buf;
}

/* ---- escapes ---- */

/* A copy in which each character of `special` is replaced by the text at the same place of `by`. */
static char *text_replace(const char *text, const char *special, const char *const *by) {
        char *copy = memory_copy("");

        while (*text) {
                size_t n = strcspn(text, special);

                memory_append(&copy, "%.*s%s", (int) n, text,
                                text[n] ? by[strchr(special, text[n]) - special] : "");
                text += n + (text[n] != '\0');
        }
        return copy;
}

static char *pango_escape(const char *text) {
        static const char *const by[] = { "&amp;", "&lt;", "&gt;", "&quot;", "&apos;" };

        return text_replace(text, "&<>\"'", by);
}

/* polybar has no escape for the start of a tag; an offset of no pixels keeps the two characters apart. */
static char *polybar_escape(const char *text) {
        static const char *const by[] = { "%%{O0}" };

        return text_replace(text, "%", by);
}

/* Within an action a colon would end the command. */
static char *polybar_escape_action(const char *command) {
        static const char *const by[] = { "\\:" };

        return text_replace(command, ":", by);
}

char *format_shell_word(const char *word) {
        static const char *const by[] = { "'\\''" };
        cleanup_free_ char *escaped = NULL;

        if (*word && strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=,:") ==
                                        strlen(word))
                return memory_copy(word);
        escaped = text_replace(word, "'", by);
        return memory_format("'%s'", escaped);
}

/* ---- lines ---- */

/* Puts the object. */
static char *line_from_json(json_object *object, const char *end) {
        char *line = memory_format("%s%s",
                        json_object_to_json_string_ext(
                                        object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE),
                        end);

        json_object_put(object);
        return line;
}

static char *line_waybar(const View *view) {
        cleanup_free_ char *text = pango_escape(view->text), *tooltip = pango_escape(view->tooltip);
        json_object *object = json_object_new_object(), *classes = json_object_new_array();

        json_object_array_add(classes, json_object_new_string(view->word));
        if (view->paused)
                json_object_array_add(classes, json_object_new_string("paused"));
        if (view->rang)
                json_object_array_add(classes, json_object_new_string("rang"));
        if (view->not_enforced)
                json_object_array_add(classes, json_object_new_string("not-enforced"));
        if (view->refused)
                json_object_array_add(classes, json_object_new_string("refused"));
        json_object_object_add(object, "text", json_object_new_string(text));
        json_object_object_add(object, "alt", json_object_new_string(view->paused ? "paused" : view->word));
        json_object_object_add(object, "tooltip", json_object_new_string(tooltip));
        json_object_object_add(object, "class", classes);
        json_object_object_add(object, "percentage", json_object_new_int((int32_t) view->percentage));
        return line_from_json(object, "\n");
}

/* The bar gives name and instance back with a click: so a click says what was shown when it was made. */
static char *line_i3bar(const View *view) {
        json_object *blocks = json_object_new_array(), *block = json_object_new_object();
        char seq[32];

        snprintf(seq, sizeof(seq), "%" PRIu64, view->seq);
        json_object_object_add(block, "name", json_object_new_string("pomod"));
        json_object_object_add(block, "instance", json_object_new_string(view->away ? BAR_CLICK_AWAY : seq));
        json_object_object_add(block, "full_text", json_object_new_string(view->text));
        json_object_object_add(block, "short_text", json_object_new_string(view->brief));
        json_object_object_add(block, "markup", json_object_new_string("none"));
        if (view->rang)
                json_object_object_add(block, "urgent", json_object_new_boolean(true));
        json_object_array_add(blocks, block);
        return line_from_json(blocks, ",\n");
}

static char *line_polybar(const View *view, const char *click_command) {
        cleanup_free_ char *text = polybar_escape(view->text),
                           *command = polybar_escape_action(click_command);
        char seq[32] = BAR_CLICK_AWAY;

        if (!view->away)
                snprintf(seq, sizeof(seq), "%" PRIu64, view->seq);
        return memory_format(
                        "%%{A1:%s left --if-seq=%s:}%%{A2:%s middle --if-seq=%s:}%%{A3:%s right --if-seq=%s:}%s%%{A}%%{A}%%{A}\n",
                        command, seq, command, seq, command, seq, text);
}

char *format_line(BarFormat format, const View *view, const char *click_command) {
        assert(format != BAR_POLYBAR || click_command);
        switch (format) {
        case BAR_WAYBAR:
                return line_waybar(view);
        case BAR_I3BAR:
                return line_i3bar(view);
        case BAR_POLYBAR:
                return line_polybar(view, click_command);
        default:
                return memory_format("%s\n", view->text);
        }
}
