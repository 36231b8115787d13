/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/keys.h"

#include <errno.h>
#include <glib.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "daemon/bus/options.h"
#include "daemon/bus/records.h"

void key_list_done(KeyList *list) {
        for (unsigned i = 0; i < list->n; i++)
                g_free(list->made[i]);
        list->n = 0;
}

/* A Priority may be below zero, which no option may. */
static int signed_read(sd_bus_message *message, char type, int64_t *ret_number) {
        union {
                int16_t n;
                int32_t i;
                int64_t x;
        } value = {};
        int r = sd_bus_message_read_basic(message, type, &value);

        if (r < 0)
                return r;
        *ret_number = type == SD_BUS_TYPE_INT16 ? value.n : type == SD_BUS_TYPE_INT32 ? value.i : value.x;
        return 0;
}

static int number_to_text(
                sd_bus_message *message, char type, const char *what, char **ret_text, Refusal *ret_refusal) {
        uint64_t number = 0;
        int64_t below = 0;
        int r;

        if (strchr("nix", type)) {
                r = signed_read(message, type, &below);
                if (r == 0)
                        *ret_text = g_strdup_printf("%" PRIi64, below);
        } else {
                r = number_read(message, type, what, UINT64_MAX, &number, ret_refusal);
                if (r == 0)
                        *ret_text = g_strdup_printf("%" PRIu64, number);
        }
        return r;
}

static int value_read(sd_bus_message *message, const char *key, const char *contents, const char **ret_value,
                char **ret_made, Refusal *ret_refusal) {
        char buf[SNIPPET_BYTES + 4], what[SNIPPET_BYTES + 16];
        char type = contents[0] != '\0' && contents[1] == '\0' ? contents[0] : '?';
        int flag, r;

        snprintf(what, sizeof(what), "value of %s", text_snippet(key, buf));
        switch (type) {
        case SD_BUS_TYPE_STRING:
                r = sd_bus_message_read_basic(message, type, ret_value);
                return r < 0 ? r : text_validate(*ret_value, CAP_PROFILE_VALUE_BYTES, what, ret_refusal);
        case SD_BUS_TYPE_BOOLEAN:
                r = sd_bus_message_read_basic(message, type, &flag);
                *ret_value = flag ? "yes" : "no";
                return r < 0 ? r : 0;
        case SD_BUS_TYPE_BYTE:
        case SD_BUS_TYPE_INT16:
        case SD_BUS_TYPE_UINT16:
        case SD_BUS_TYPE_INT32:
        case SD_BUS_TYPE_UINT32:
        case SD_BUS_TYPE_INT64:
        case SD_BUS_TYPE_UINT64:
                r = number_to_text(message, type, what, ret_made, ret_refusal);
                *ret_value = *ret_made;
                return r;
        default:
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "the %s is of a D-Bus type that says nothing here; send it as a string (s), as it is written in the text form",
                                what);
        }
}

static int entry_read(sd_bus_message *message, KeyList *list, Refusal *ret_refusal) {
        const char *key, *contents, *value = NULL;
        char *made = NULL;
        int r;

        r = sd_bus_message_read_basic(message, SD_BUS_TYPE_STRING, &key);
        if (r < 0)
                return r;
        if (list->n >= KEY_LIST_MAX)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "there are more than %u keys, which is the most there can be", KEY_LIST_MAX);
        r = text_validate(key, CAP_NOTE_BYTES, "key", ret_refusal);
        if (r != 0)
                return r;
        r = sd_bus_message_peek_type(message, NULL, &contents);
        if (r >= 0)
                r = sd_bus_message_enter_container(message, SD_BUS_TYPE_VARIANT, contents);
        if (r < 0)
                return r;
        r = value_read(message, key, contents, &value, &made, ret_refusal);
        if (r != 0)
                return r;
        if (*value != '\0') {
                list->keys[list->n] = key;
                list->values[list->n] = value;
                list->made[list->n++] = made;
        }
        r = sd_bus_message_exit_container(message);
        return r < 0 ? r : 0;
}

int key_list_read(sd_bus_message *message, KeyList *ret_list, Refusal *ret_refusal) {
        cleanup_(key_list_done) KeyList list = {};
        int r;

        r = sd_bus_message_enter_container(message, SD_BUS_TYPE_ARRAY, "{sv}");
        if (r < 0)
                return r;
        while ((r = sd_bus_message_enter_container(message, SD_BUS_TYPE_DICT_ENTRY, "sv")) > 0) {
                r = entry_read(message, &list, ret_refusal);
                if (r != 0)
                        return r;
                r = sd_bus_message_exit_container(message);
                if (r < 0)
                        return r;
        }
        if (r < 0)
                return r;
        r = sd_bus_message_exit_container(message);
        if (r < 0)
                return r;
        *ret_list = list;
        list.n = 0;
        return 0;
}

/* ---- as records ---- */

typedef struct Appending {
        sd_bus_message *message;
        int r;
} Appending;

static void append_key(const char *key, const char *value, void *userdata) {
        Appending *appending = userdata;

        if (appending->r >= 0)
                appending->r = field_append(
                                appending->message, &(Field){ .key = key, .type = "s", .text = value });
}

static int append_name_and_text(Appending *appending, const char *name, char *text) {
        if (!text)
                return -ENOMEM;
        append_key("Name", name, appending);
        append_key("Text", text, appending);
        return appending->r;
}

int rule_append(sd_bus_message *message, const Rule *rule) {
        cleanup_free_ char *text = rule_print(rule);
        Appending appending = { .message = message };
        int r = append_name_and_text(&appending, rule->name, text);

        if (r >= 0)
                rule_each_key(rule, append_key, &appending);
        return appending.r < 0 ? appending.r : r < 0 ? r : 0;
}

int profile_append(sd_bus_message *message, const Profile *profile) {
        cleanup_free_ char *text = profile_print(profile);
        Appending appending = { .message = message };
        int r = append_name_and_text(&appending, profile->name, text);

        if (r >= 0)
                profile_each_key(profile, append_key, &appending);
        return appending.r < 0 ? appending.r : r < 0 ? r : 0;
}

int texts_append(sd_bus_message *message, char *const *texts, unsigned n) {
        int r = sd_bus_message_open_container(message, SD_BUS_TYPE_ARRAY, "s");

        for (unsigned i = 0; r >= 0 && i < n; i++)
                r = sd_bus_message_append_basic(message, SD_BUS_TYPE_STRING, texts[i]);
        return r < 0 ? r : sd_bus_message_close_container(message);
}

int texts_entry_append(sd_bus_message *message, const char *key, char *const *texts, unsigned n) {
        int r = sd_bus_message_open_container(message, SD_BUS_TYPE_DICT_ENTRY, "sv");

        if (r >= 0)
                r = sd_bus_message_append_basic(message, SD_BUS_TYPE_STRING, key);
        if (r >= 0)
                r = sd_bus_message_open_container(message, SD_BUS_TYPE_VARIANT, "as");
        if (r >= 0)
                r = texts_append(message, texts, n);
        if (r >= 0)
                r = sd_bus_message_close_container(message);
        return r < 0 ? r : sd_bus_message_close_container(message);
}
