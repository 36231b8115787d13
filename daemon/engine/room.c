/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/room.h"

#include <inttypes.h>

static bool gives_text(const char *text) {
        return text && text[0] != '\0';
}

/* Whether it makes the store larger. What ends something does not; a text that is given does. */
static bool adds(const User *user, const Request *request) {
        switch (request->type) {
        case REQUEST_TIMER:
                switch (request->event.type) {
                case EVENT_STOP:
                case EVENT_PAUSE:
                case EVENT_RESUME:
                case EVENT_EXTEND:
                        return false;
                case EVENT_TOGGLE:
                        return user->machine.running.kind == INTERVAL_NONE;
                default:
                        return true;
                }
        case REQUEST_TASK_ADD:
        case REQUEST_LOG_ADD:
        case REQUEST_RULE_SET:
        case REQUEST_PROFILE_SET:
        case REQUEST_OFFICE_DAY_ADD:
        case REQUEST_FOCUS_ENGAGE:
        case REQUEST_PLUGIN_SET:
        case REQUEST_LIST_SET:
        case REQUEST_GRANT:
                return true;
        case REQUEST_TASK_UPDATE:
                return gives_text(request->task.task.title) || gives_text(request->task.task.note) ||
                       gives_text(request->task.task.project) || gives_text(request->task.task.tags);
        case REQUEST_LOG_EDIT:
                return gives_text(request->log.note) || request->task_title;
        case REQUEST_RULES_IMPORT:
                return !request->replace;
        default:
                return false;
        }
}

int user_room_check(User *user, const Request *request, Refusal *ret_refusal) {
        uint64_t bytes;
        int r;

        if (!adds(user, request))
                return 0;
        r = store_count_bytes(user->store, &bytes);
        if (r < 0 || bytes < CAP_STORE_BYTES)
                return r;
        return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                        "what is stored for you takes %" PRIu64
                        " MiB, and %u MiB is the most; export the log, and delete what you do not need any more",
                        bytes >> 20, CAP_STORE_BYTES >> 20);
}
