/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/keys.h"

#include <assert.h>
#include <stdio.h>

#include "common/cleanup.h"
#include "daemon/bus/records.h"

static int key_read(
                sd_bus_message *message, const char *key, unsigned n, KeyList *list, Refusal *ret_refusal) {
        char buf[SNIPPET_BYTES + 4], what[SNIPPET_BYTES + 16];
        Value value;
        int r;

        if (n >= KEY_LIST_MAX)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "there are more than %u keys, which is the most there can be", KEY_LIST_MAX);
        r = text_validate(key, CAP_NOTE_BYTES, "key", ret_refusal);
        if (r == 0)
                r = value_read(message, &value);
        if (r != 0)
                return r;
        snprintf(what, sizeof(what), "value of %s", text_snippet(key, buf));
        list->keys[n] = key;
        list->values[n] = value_to_text(&value, list->made[n]);
        if (!list->values[n])
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "the %s is of a D-Bus type that says nothing here; send it as a string (s), as it is written in the text form",
                                what);
        return text_validate(list->values[n], CAP_PROFILE_VALUE_BYTES, what, ret_refusal);
}

int key_list_read(sd_bus_message *message, KeyList *list, Refusal *ret_refusal) {
        const char *key;
        unsigned n = 0;
        Dict dict;
        int r = dict_begin(&dict, message);

        assert(list->n == 0);
        while (r == 0 && (r = dict_next(&dict, &key)) > 0) {
                r = key_read(message, key, n, list, ret_refusal);
                if (r == 0)
                        n += list->values[n][0] != '\0';
        }
        if (r == 0)
                list->n = n;
        return r;
}

/* ---- as records ---- */

typedef struct Appending {
        Reply *reply;
        int r;
} Appending;

static void append_key(const char *key, const char *value, void *userdata) {
        Appending *appending = userdata;
        const Field field = field_text(key, value);

        if (appending->r == 0)
                appending->r = fields_append_entries(appending->reply, &field, 1);
}

/* Opens the record of a rule or a profile with what comes before its keys. */
static Appending record_begin(Reply *reply, const char *name, const char *text) {
        Appending appending = { .reply = reply, .r = reply_open_record(reply) };

        append_key("Name", name, &appending);
        append_key("Text", text, &appending);
        return appending;
}

int rule_open(Reply *reply, const Rule *rule) {
        cleanup_free_ char *text = rule_print(rule);
        Appending appending = record_begin(reply, rule->name, text);

        rule_each_key(rule, append_key, &appending);
        return appending.r;
}

int profile_open(Reply *reply, const Profile *profile) {
        cleanup_free_ char *text = profile_print(profile);
        Appending appending = record_begin(reply, profile->name, text);

        profile_each_key(profile, append_key, &appending);
        return appending.r;
}
