/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <string.h>

#include "daemon/bus/errors.h"
#include "daemon/bus/history.h"
#include "daemon/bus/options.h"
#include "daemon/bus/records.h"
#include "daemon/bus/request.h"

/* The call has waited, by holding a reference, until the process that makes the backup ended. */
static void on_backup_done(int result, const char *name, void *userdata) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *message = userdata;

        if (result == 0)
                (void) sd_bus_reply_method_return(message, "s", name);
        else
                (void) sd_bus_reply_method_errorf(message, error_name(REFUSAL_STORE_FAILED),
                                "The backup could not be made: %s. What is stored is untouched; the log of pomod says more",
                                strerror(result < 0 ? -result : result));
}

int history_method_backup(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        const UserCall *call = userdata;
        Refusal refusal;
        int r;

        r = options_read_none(message, &refusal);
        if (r != 0)
                return error_set(error, r, &refusal);
        r = user_request_backup(call->user, on_backup_done, sd_bus_message_ref(message), &refusal);
        if (r != 0) {
                sd_bus_message_unref(message);
                return error_set(error, r, &refusal);
        }
        return 1;
}

static int append_backup(const Backup *backup, void *userdata) {
        Field fields[FIELDS_MAX];
        int r = fields_append(userdata, fields, backup_fields(backup, fields));

        return r < 0 ? r : 0;
}

int history_method_list_backups(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        const UserCall *call = userdata;
        Refusal refusal;
        int r;

        r = options_read_none(message, &refusal);
        if (r == 0)
                r = records_reply_new(message, &reply);
        if (r == 0)
                r = user_read_backups(call->user, append_backup, reply);
        if (r != 0)
                return error_set(error, r, &refusal);
        return records_reply_send(reply);
}

int history_method_restore(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        Option options[] = { OPTION_IF_SEQ };
        Request request = { .type = REQUEST_RESTORE };
        Refusal refusal;
        Answer answer;
        int r;

        r = sd_bus_message_read_basic(message, SD_BUS_TYPE_STRING, &request.name);
        if (r < 0)
                return r;
        r = text_validate(request.name, BACKUP_NAME_MAX - 1, "name of a backup", &refusal);
        if (r == 0)
                r = options_read(message, options, ELEMENTSOF(options), &refusal);
        if (r != 0)
                return error_set(error, r, &refusal);
        r = request_send(userdata, &request, &options[0], &answer, error);
        if (r < 0)
                return r;
        return sd_bus_reply_method_return(message, "s", answer.kept);
}
