/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* What changes the rules: one of them, or many at once by their text form. */

#include <string.h>

#include "daemon/bus/errors.h"
#include "daemon/bus/keys.h"
#include "daemon/bus/options.h"
#include "daemon/bus/plugins.h"
#include "daemon/bus/records.h"
#include "daemon/bus/request.h"
#include "daemon/bus/schedules.h"
#include "daemon/bus/warnings.h"

int rules_method_set(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        cleanup_(key_list_done) KeyList list = {};
        cleanup_(warnings_done) Warnings warnings = {};
        cleanup_(rule_done) Rule rule = {};
        Option if_seq = OPTION_IF_SEQ;
        Request request = {
                .type = REQUEST_RULE_SET,
                .rule = &rule,
                .warning = warnings_collect,
                .warning_userdata = &warnings,
        };
        const char *name;
        Refusal refusal;
        Answer answer;
        int r;

        r = name_read(message, "rule's name", &name, &refusal);
        if (r == 0)
                r = key_list_read(message, &list, &refusal);
        if (r == 0)
                r = options_read(message, &if_seq, 1, &refusal);
        if (r == 0)
                r = rule_from_keys(name, list.keys, list.values, list.n, &rule, &refusal);
        if (r != 0)
                return error_set(error, r, &refusal);
        r = request_send(userdata, &request, &if_seq, &answer, error);
        if (r < 0)
                return r;
        return warnings_reply(message, &warnings);
}

int rules_method_remove(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        return name_request(message, "rule's name", userdata, REQUEST_RULE_REMOVE, error);
}

static int reply_import(sd_bus_message *message, const Answer *answer, Warnings *warnings) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        const Field fields[] = {
                { .key = "Rules", .type = "u", .number = answer->rules },
                { .key = "Profiles", .type = "u", .number = answer->profiles },
                { .key = "Removed", .type = "u", .number = answer->removed },
        };
        int r;

        warnings_finish(warnings);
        r = sd_bus_message_new_method_return(message, &reply);
        if (r >= 0)
                r = sd_bus_message_open_container(reply, SD_BUS_TYPE_ARRAY, "{sv}");
        for (size_t i = 0; r >= 0 && i < ELEMENTSOF(fields); i++)
                r = field_append(reply, &fields[i]);
        if (r >= 0)
                r = texts_entry_append(reply, "Warnings",
                                warnings->sentences ? (char **) warnings->sentences->pdata : NULL,
                                warnings->sentences ? warnings->sentences->len : 0);
        if (r >= 0)
                r = sd_bus_message_close_container(reply);
        return r < 0 ? r : sd_bus_message_send(reply);
}

int rules_method_import(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        enum {
                IF_SEQ,
                REPLACE,
                DRY_RUN,
        };
        cleanup_(warnings_done) Warnings warnings = {};
        Option options[] = {
                [IF_SEQ] = OPTION_IF_SEQ,
                [REPLACE] = { "replace", OPTION_FLAG },
                [DRY_RUN] = { "dry-run", OPTION_FLAG },
        };
        ProfileWarnings profiles = { userdata, &warnings };
        Request request = {
                .type = REQUEST_RULES_IMPORT,
                .warning = warnings_collect,
                .warning_userdata = &warnings,
                .profile_func = profile_warn,
                .profile_userdata = &profiles,
        };
        Refusal refusal;
        Answer answer;
        int r;

        r = sd_bus_message_read_basic(message, SD_BUS_TYPE_STRING, &request.text);
        if (r < 0)
                return r;
        r = options_read(message, options, ELEMENTSOF(options), &refusal);
        if (r == 0 && strlen(request.text) > CAP_RULES_TEXT_BYTES)
                r = refuse(&refusal, REFUSAL_LIMITS_EXCEEDED,
                                "the text has %zu bytes, and %u are the most of one import; import it in parts",
                                strlen(request.text), CAP_RULES_TEXT_BYTES);
        if (r != 0)
                return error_set(error, r, &refusal);
        request.replace = options[REPLACE].flag;
        request.dry_run = options[DRY_RUN].flag;
        r = request_send(userdata, &request, &options[IF_SEQ], &answer, error);
        if (r < 0)
                return r;
        return reply_import(message, &answer, &warnings);
}
