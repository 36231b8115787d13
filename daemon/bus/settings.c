/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/duration.h"
#include "daemon/bus/errors.h"
#include "daemon/bus/method.h"
#include "daemon/bus/objects.h"
#include "daemon/bus/options.h"
#include "daemon/bus/records.h"
#include "daemon/bus/request.h"

static const char *const type_words[] = {
        [SETTING_DURATION] = "duration",
        [SETTING_NUMBER] = "number",
        [SETTING_BOOL] = "bool",
        [SETTING_TIME] = "time",
        [SETTING_WORD] = "word",
        [SETTING_ZONE] = "zone",
};

/* The value as a field of its own type, from its canonical text. */
static int setting_field(const Settings *settings, const SettingInfo *info, char buf[SETTING_TEXT_MAX],
                Field *ret_field) {
        Field field = { .key = "Value", .type = "s", .text = buf };
        int r;

        r = settings_get(settings, info->name, buf);
        if (r < 0)
                return r;
        switch (info->type) {
        case SETTING_DURATION:
                field.type[0] = SD_BUS_TYPE_UINT64;
                r = duration_parse(buf, &field.number);
                break;
        case SETTING_NUMBER:
                field.type[0] = SD_BUS_TYPE_UINT32;
                field.number = strtoul(buf, NULL, 10);
                break;
        case SETTING_BOOL:
                field.type[0] = SD_BUS_TYPE_BOOLEAN;
                field.number = strcmp(buf, "yes") == 0;
                break;
        case SETTING_TIME:
        case SETTING_WORD:
        case SETTING_ZONE:
                break;
        }
        if (r < 0)
                return r;
        *ret_field = field;
        return 0;
}

static int method_get(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        const UserCall *call = userdata;
        char buf[SETTING_TEXT_MAX];
        const SettingInfo *info = NULL;
        Settings settings;
        const char *name;
        Refusal refusal;
        Field field;
        int r;

        r = sd_bus_message_read_basic(message, SD_BUS_TYPE_STRING, &name);
        if (r < 0)
                return r;
        r = options_read_none(message, &refusal);
        if (r == 0)
                r = setting_require(name, &info, &refusal);
        if (r == 0)
                user_read_settings(call->user, &settings);
        if (r == 0)
                r = setting_field(&settings, info, buf, &field);
        if (r != 0)
                return error_set(error, r, &refusal);
        r = sd_bus_message_new_method_return(message, &reply);
        if (r >= 0)
                r = variant_append(reply, &field);
        return r < 0 ? r : sd_bus_message_send(reply);
}

static int refuse_type(const SettingInfo *info, const char *contents, Refusal *ret_refusal) {
        static const char *const wanted[] = {
                [SETTING_DURATION] = "an integer of microseconds",
                [SETTING_NUMBER] = "an integer",
                [SETTING_BOOL] = "a boolean",
        };
        char buf[SNIPPET_BYTES + 4];

        return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                        "the value for %s is of the D-Bus type \"%s\"; it has to be %s%sa string like \"%s\"",
                        info->name, text_snippet(contents, buf),
                        info->type < ELEMENTSOF(wanted) && wanted[info->type] ? wanted[info->type] : "",
                        info->type < ELEMENTSOF(wanted) && wanted[info->type] ? " or " : "",
                        info->default_text);
}

/* The text form of what is in the variant that the message has been entered into; it may point into the
 * message. */
static int read_value(sd_bus_message *message, const SettingInfo *info, const char *contents,
                char buf[SETTING_TEXT_MAX], const char **ret_text, Refusal *ret_refusal) {
        char what[SNIPPET_BYTES + 16];
        uint64_t number;
        int flag, r;

        if (strcmp(contents, "s") == 0) {
                r = sd_bus_message_read_basic(message, SD_BUS_TYPE_STRING, ret_text);
                return r < 0 ? r : text_validate(*ret_text, SETTING_TEXT_MAX - 1, "value", ret_refusal);
        }
        if (strcmp(contents, "b") == 0 && info->type == SETTING_BOOL) {
                r = sd_bus_message_read_basic(message, SD_BUS_TYPE_BOOLEAN, &flag);
                *ret_text = flag ? "yes" : "no";
                return r < 0 ? r : 0;
        }
        if (contents[0] == '\0' || contents[1] != '\0' || !strchr("ynqiuxt", contents[0]) ||
                        (info->type != SETTING_DURATION && info->type != SETTING_NUMBER))
                return refuse_type(info, contents, ret_refusal);

        strcpy(stpcpy(what, "value for "), info->name);
        r = number_read(message, contents[0], what, 0, &number, ret_refusal);
        if (r != 0)
                return r;
        if (info->type == SETTING_DURATION && number % USEC_PER_SEC != 0)
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "the value for %s is %" PRIu64 " microseconds; it has to be whole seconds",
                                info->name, number);
        if (info->type == SETTING_DURATION)
                snprintf(buf, SETTING_TEXT_MAX, "%" PRIu64 "s", (uint64_t) (number / USEC_PER_SEC));
        else
                snprintf(buf, SETTING_TEXT_MAX, "%" PRIu64, number);
        *ret_text = buf;
        return 0;
}

static int read_variant(sd_bus_message *message, const SettingInfo *info, char buf[SETTING_TEXT_MAX],
                const char **ret_text, Refusal *ret_refusal) {
        const char *contents;
        int r;

        r = sd_bus_message_peek_type(message, NULL, &contents);
        if (r < 0)
                return r;
        r = sd_bus_message_enter_container(message, SD_BUS_TYPE_VARIANT, contents);
        if (r < 0)
                return r;
        r = read_value(message, info, contents, buf, ret_text, ret_refusal);
        if (r != 0)
                return r;
        r = sd_bus_message_exit_container(message);
        return r < 0 ? r : 0;
}

static int method_set(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        Request request = { .type = REQUEST_SETTING_SET };
        char buf[SETTING_TEXT_MAX];
        const SettingInfo *info = NULL;
        const char *name;
        Refusal refusal;
        int r;

        r = sd_bus_message_read_basic(message, SD_BUS_TYPE_STRING, &name);
        if (r < 0)
                return r;
        r = setting_require(name, &info, &refusal);
        if (r == 0)
                r = read_variant(message, info, buf, &request.text, &refusal);
        if (r != 0)
                return error_set(error, r, &refusal);
        request.name = info->name;
        return request_plain(message, userdata, &request, error);
}

static int method_reset(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        Request request = { .type = REQUEST_SETTING_RESET };
        const SettingInfo *info = NULL;
        const char *name;
        Refusal refusal;
        int r;

        r = sd_bus_message_read_basic(message, SD_BUS_TYPE_STRING, &name);
        if (r < 0)
                return r;
        r = setting_require(name, &info, &refusal);
        if (r != 0)
                return error_set(error, r, &refusal);
        request.name = info->name;
        return request_plain(message, userdata, &request, error);
}

static int append_words(sd_bus_message *reply, const char *const *words) {
        int r;

        r = sd_bus_message_open_container(reply, SD_BUS_TYPE_DICT_ENTRY, "sv");
        if (r < 0)
                return r;
        r = sd_bus_message_append(reply, "s", "Words");
        if (r < 0)
                return r;
        r = sd_bus_message_open_container(reply, SD_BUS_TYPE_VARIANT, "as");
        if (r < 0)
                return r;
        r = sd_bus_message_append_strv(reply, (char **) words);
        if (r < 0)
                return r;
        r = sd_bus_message_close_container(reply);
        return r < 0 ? r : sd_bus_message_close_container(reply);
}

static int append_setting(sd_bus_message *reply, const Settings *settings, const SettingInfo *info) {
        char buf[SETTING_TEXT_MAX];
        Field value;
        int r;

        r = setting_field(settings, info, buf, &value);
        if (r < 0)
                return r;
        const Field fields[] = {
                { .key = "Name", .type = "s", .text = info->name },
                { .key = "Type", .type = "s", .text = type_words[info->type] },
                value,
                { .key = "Text", .type = "s", .text = buf },
                { .key = "DefaultText", .type = "s", .text = info->default_text ?: "" },
                { .key = "MinimumText", .type = "s", .text = info->minimum_text ?: "" },
                { .key = "MaximumText", .type = "s", .text = info->maximum_text ?: "" },
                { .key = "Description", .type = "s", .text = info->sentence },
        };

        r = sd_bus_message_open_container(reply, SD_BUS_TYPE_ARRAY, "{sv}");
        for (size_t i = 0; r >= 0 && i < ELEMENTSOF(fields); i++)
                r = field_append(reply, &fields[i]);
        if (r >= 0)
                r = append_words(reply, info->words);
        return r < 0 ? r : sd_bus_message_close_container(reply);
}

static int method_list(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        const UserCall *call = userdata;
        const SettingInfo *info = NULL;
        Settings settings;
        Refusal refusal;
        int r;

        r = options_read_none(message, &refusal);
        if (r == 0)
                user_read_settings(call->user, &settings);
        if (r == 0)
                r = records_reply_new(message, &reply);
        if (r != 0)
                return error_set(error, r, &refusal);
        for (unsigned i = 0; (info = setting_info(i)); i++) {
                r = append_setting(reply, &settings, info);
                if (r < 0)
                        return error_set(error, r, NULL);
        }
        return records_reply_send(reply);
}

static const Method settings_methods[] = {
        { "Settings.Get", method_get },
        { "Settings.Set", method_set },
        { "Settings.Reset", method_reset },
        { "Settings.List", method_list },
};
DEFINE_METHOD_CALL(settings, settings_methods);

const sd_bus_vtable settings_vtable[] = {
        SD_BUS_VTABLE_START(0),
        SD_BUS_METHOD_WITH_ARGS("Get", SD_BUS_ARGS("s", name, OPTIONS), SD_BUS_RESULT("v", value),
                        settings_call, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("Set", SD_BUS_ARGS("s", name, "v", value, OPTIONS), SD_BUS_NO_RESULT,
                        settings_call, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("Reset", SD_BUS_ARGS("s", name, OPTIONS), SD_BUS_NO_RESULT, settings_call,
                        SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("List", SD_BUS_ARGS(OPTIONS), SD_BUS_RESULT("aa{sv}", settings),
                        settings_call, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_VTABLE_END,
};
