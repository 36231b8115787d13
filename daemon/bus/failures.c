/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/failures.h"

#include <string.h>

#include "common/caps.h"
#include "daemon/bus/internal.h"
#include "daemon/bus/values.h"

static int entry_read(sd_bus_message *message, const char *key, ClaimFailure *failure, Refusal *ret_refusal) {
        char buf[SNIPPET_BYTES + 4];
        uint64_t number = 0;
        Value value;
        int r = value_read(message, &value);

        if (r < 0)
                return r;
        if (strcmp(key, "Claim") == 0) {
                r = value_to_number(&value, "Claim of option claims", 0, &number, ret_refusal);
                failure->claim = (int64_t) number;
                return r;
        }
        if (strcmp(key, "Uid") == 0) {
                r = value_to_number(&value, "Uid of option claims", UINT32_MAX - 1, &number, ret_refusal);
                failure->uid = (uid_t) number;
                return r;
        }
        if (strcmp(key, "Message") != 0)
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "\"%s\" is no key of the option claims; its records have Uid, Claim and Message",
                                text_snippet(key, buf));
        if (!value.text)
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "Message of the option claims is of the D-Bus type \"%c\"; it has to be a string (s)",
                                value_type(&value));
        failure->message = value.text;
        return text_validate(value.text, CAP_NOTE_BYTES, "Message of option claims", ret_refusal);
}

static int record_read(sd_bus_message *message, ClaimFailure *ret_failure, Refusal *ret_refusal) {
        ClaimFailure failure = { .uid = FAILURE_OF_CALLED, .message = "" };
        const char *key;
        Dict dict;
        int r = dict_begin(&dict, message);

        while (r == 0 && (r = dict_next(&dict, &key)) > 0)
                r = entry_read(message, key, &failure, ret_refusal);
        if (r == 0 && failure.claim == 0)
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "a record of the option claims has no Claim; it has to be the number of one");
        if (r == 0)
                *ret_failure = failure;
        return r;
}

static int records_read(sd_bus_message *message, GArray *failures, Refusal *ret_refusal) {
        ClaimFailure failure;
        int r;

        while ((r = sd_bus_message_at_end(message, 0)) == 0) {
                if (failures->len >= CAP_FAILURES)
                        return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                        "there are more than %u records in the option claims, which is the most there can be",
                                        CAP_FAILURES);
                r = record_read(message, &failure, ret_refusal);
                if (r != 0)
                        return r;
                g_array_append_val(failures, failure);
        }
        return result_of(r);
}

int failures_read(sd_bus_message *message, GArray **ret_failures, Refusal *ret_refusal) {
        GArray *failures = g_array_new(FALSE, FALSE, sizeof(ClaimFailure));
        int r = sd_bus_message_enter_container(message, SD_BUS_TYPE_VARIANT, "aa{sv}");

        if (r >= 0)
                r = sd_bus_message_enter_container(message, SD_BUS_TYPE_ARRAY, "a{sv}");
        if (r >= 0)
                r = records_read(message, failures, ret_refusal);
        for (unsigned i = 0; r == 0 && i < 2; i++)
                r = result_of(sd_bus_message_exit_container(message));
        if (r != 0)
                g_array_unref(failures);
        else
                *ret_failures = failures;
        return r;
}
