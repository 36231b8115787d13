/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/duration.h"
#include "common/names.h"
#include "daemon/bus/interface.h"
#include "daemon/bus/records.h"
#include "daemon/bus/request.h"
#include "daemon/bus/values.h"

static const struct {
        const char *word;
        const char *bus_type;
        const char *wanted; /* of callers, beside a string */
} types[] = {
        [SETTING_DURATION] = { "duration", "t", "an integer of microseconds or " },
        [SETTING_NUMBER] = { "number", "u", "an integer or " },
        [SETTING_BOOL] = { "bool", "b", "a boolean or " },
        [SETTING_TIME] = { "time", "s", "" },
        [SETTING_WORD] = { "word", "s", "" },
        [SETTING_ZONE] = { "zone", "s", "" },
};

/* ---- readings ---- */

/* The value as a field of its own type, from its canonical text. */
static int setting_field(const Settings *settings, const SettingInfo *info, char buf[SETTING_TEXT_MAX],
                Field *ret_field) {
        Field field = field_text("Value", buf);
        int r = settings_get(settings, info->name, buf);

        if (r < 0)
                return r;
        strcpy(field.type, types[info->type].bus_type);
        if (info->type == SETTING_DURATION)
                r = duration_parse(buf, &field.number);
        else if (info->type == SETTING_NUMBER)
                field.number = strtoul(buf, NULL, 10);
        else if (info->type == SETTING_BOOL)
                field.number = strcmp(buf, "yes") == 0;
        if (r == 0)
                *ret_field = field;
        return r;
}

typedef struct Get {
        const char *name;
} Get;

static const Param get_params[] = {
        { "name", ARG_TEXT, offsetof(Get, name) },
};

static int get(Call *call) {
        const Get *get = call->given;
        const SettingInfo *info = NULL;
        char buf[SETTING_TEXT_MAX];
        Settings settings;
        Field value;
        int r;

        user_read_settings(call->user, &settings);
        r = setting_require(get->name, &info, &call->refusal);
        if (r == 0)
                r = setting_field(&settings, info, buf, &value);
        return r != 0 ? r : variant_append(&call->reply, &value);
}

static int append_setting(Reply *reply, const Settings *settings, const SettingInfo *info) {
        char **words = (char **) info->words, buf[SETTING_TEXT_MAX];
        Field value;
        int r = setting_field(settings, info, buf, &value);

        if (r < 0)
                return r;
        const Field fields[] = {
                field_text("Name", info->name),
                field_text("Type", types[info->type].word),
                value,
                field_text("Text", buf),
                field_text("DefaultText", info->default_text),
                field_text("MinimumText", info->minimum_text),
                field_text("MaximumText", info->maximum_text),
                field_text("Description", info->sentence),
        };

        r = reply_open_record(reply);
        if (r >= 0)
                r = fields_append_entries(reply, fields, ELEMENTSOF(fields));
        if (r >= 0)
                r = texts_append_entry(reply, "Words", words, words ? g_strv_length(words) : 0);
        return r < 0 ? r : reply_close(reply);
}

static int list(Call *call) {
        const SettingInfo *info = NULL;
        Settings settings;
        int r = reply_open_records(&call->reply);

        user_read_settings(call->user, &settings);
        for (unsigned i = 0; r == 0 && (info = setting_info(i)); i++)
                r = append_setting(&call->reply, &settings, info);
        return r != 0 ? r : reply_close(&call->reply);
}

/* ---- changes ---- */

typedef struct Set {
        Request request;
        const char *name;
        Value value;
} Set;

static const Param set_params[] = {
        { "name", ARG_TEXT, offsetof(Set, name) },
        { "value", ARG_VALUE, offsetof(Set, value) },
        OPTION_IF_SEQ,
};

static const Param reset_params[] = {
        { "name", ARG_TEXT, offsetof(Set, name) },
        OPTION_IF_SEQ,
};

static int refuse_type(const SettingInfo *info, const char *contents, Refusal *ret_refusal) {
        char buf[SNIPPET_BYTES + 4];

        return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                        "the value for %s is of the D-Bus type \"%s\"; it has to be %sa string like \"%s\"",
                        info->name, text_snippet(contents, buf), types[info->type].wanted,
                        info->default_text);
}

/* The text form of an integer. */
static int number_write(const Value *value, const SettingInfo *info, char buf[SETTING_TEXT_MAX],
                Refusal *ret_refusal) {
        const bool duration = info->type == SETTING_DURATION;
        char what[SNIPPET_BYTES + 16];
        uint64_t number = 0;
        int r;

        snprintf(what, sizeof(what), "value for %s", info->name);
        r = value_to_number(value, what, 0, &number, ret_refusal);
        if (r != 0)
                return r;
        if (duration && number % USEC_PER_SEC != 0)
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "the value for %s is %" PRIu64 " microseconds; it has to be whole seconds",
                                info->name, number);
        snprintf(buf, SETTING_TEXT_MAX, "%" PRIu64 "%s",
                        duration ? (uint64_t) (number / USEC_PER_SEC) : number, duration ? "s" : "");
        return 0;
}

/* What a caller sent, in the setting's own type or as text, as text. */
static int value_write(const Value *value, const SettingInfo *info, char buf[SETTING_TEXT_MAX],
                const char **ret_text, Refusal *ret_refusal) {
        const bool numeric = info->type == SETTING_DURATION || info->type == SETTING_NUMBER;

        *ret_text = buf;
        if (value_is_integer(value) && numeric)
                return number_write(value, info, buf, ret_refusal);
        if (!value->text && !(strcmp(value->contents, "b") == 0 && info->type == SETTING_BOOL))
                return refuse_type(info, value->contents, ret_refusal);
        *ret_text = value_to_text(value, buf);
        return text_validate(*ret_text, SETTING_TEXT_MAX - 1, "value", ret_refusal);
}

static int change(Call *call) {
        Set *set = call->given;
        const SettingInfo *info = NULL;
        char buf[SETTING_TEXT_MAX];
        int r = setting_require(set->name, &info, &call->refusal);

        if (r == 0 && call->method->request == REQUEST_SETTING_SET)
                r = value_write(&set->value, info, buf, &set->request.text, &call->refusal);
        if (r != 0)
                return r;
        set->request.name = info->name;
        return request_plain(call);
}

static const Method methods[] = {
        { "Settings.Get", READS, get, "v value", PARAMS(get_params, Get) },
        { "Settings.Set", WRITES, change, NULL, PARAMS(set_params, Set), .request = REQUEST_SETTING_SET },
        { "Settings.Reset", WRITES, change, NULL, PARAMS(reset_params, Set),
                        .request = REQUEST_SETTING_RESET },
        { "Settings.List", READS, list, "aa{sv} settings" },
};

const Interface settings_interface = INTERFACE_OF_METHODS(POMOD_INTERFACE_SETTINGS, methods);
