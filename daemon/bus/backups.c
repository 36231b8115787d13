/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/backups.h"

#include <string.h>

#include "daemon/bus/records.h"
#include "daemon/bus/request.h"
#include "daemon/engine/read.h"

/* The call has waited until the process that makes the backup ended. */
static void on_backup_done(int result, const char *name, void *userdata) {
        Refusal refusal;

        if (result != 0)
                result = refuse(&refusal, REFUSAL_STORE_FAILED,
                                "The backup could not be made: %s. What is stored is untouched; the log of pomod says more",
                                strerror(result < 0 ? -result : result));
        method_reply_later(userdata, result, &refusal, "s", name);
}

int backups_make(Call *call) {
        sd_bus_message *waiting = method_defer(call);
        int r = user_request_backup(call->user, on_backup_done, waiting, &call->refusal);

        if (r != 0)
                sd_bus_message_unref(waiting);
        return r;
}

static int append_backup(const Backup *backup, void *userdata) {
        return reply_append(userdata, "a{sv}", 3, "Name", "s", backup->name, "MadeRealtimeUSec", "t",
                        backup->made_real_usec, "Bytes", "t", backup->bytes);
}

int backups_list(Call *call) {
        int r = records_open(call->reply);

        if (r == 0)
                r = user_read_backups(call->user, append_backup, call->reply);
        return r != 0 ? r : reply_close(call->reply);
}

const Param backups_restore_params[2] = {
        { "name", ARG_TEXT, offsetof(Request, name), BACKUP_NAME_MAX - 1, .what = "name of a backup" },
        OPTION_IF_SEQ,
};

int backups_restore(Call *call) {
        Answer answer;
        int r = request_send(call, &answer);

        return r != 0 ? r : reply_append(call->reply, "s", answer.kept);
}
