/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/errors.h"
#include "daemon/bus/history.h"
#include "daemon/bus/options.h"
#include "daemon/bus/request.h"

#define KIND_BYTES 32u

/* What Add and Edit can say of an interval. */
enum {
        IF_SEQ,
        KIND,
        TASK_ID,
        TASK,
        PROJECT,
        NOTE,
        STARTED, /* Edit alone, as the next */
        ENDED,
        _EDIT_MAX,
};

#define EDIT_OPTIONS                                                                                        \
        [IF_SEQ] = OPTION_IF_SEQ, [KIND] = { "kind", OPTION_TEXT, KIND_BYTES }, [TASK_ID] = OPTION_TASK_ID, \
        [TASK] = OPTION_TASK, [PROJECT] = OPTION_PROJECT, [NOTE] = { "note", OPTION_TEXT, CAP_NOTE_BYTES }

static int edit_fill(Request *request, const Option *options, Refusal *ret_refusal) {
        LogEdit *edit = &request->log;
        const char *kind = option_text(&options[KIND]);
        int r;

        if (kind) {
                r = interval_kind_from_string(kind);
                if (r <= INTERVAL_NONE)
                        return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                        "there is no kind \"%s\"; it can be pomodoro or freeform", kind);
                edit->has_kind = true;
                edit->kind = (IntervalKind) r;
        }
        r = request_task(request, &options[TASK_ID], &options[TASK], &options[PROJECT], &edit->task,
                        ret_refusal);
        if (r != 0)
                return r;
        edit->has_task = options[TASK_ID].given || options[TASK].given;
        edit->has_note = options[NOTE].given;
        edit->note = options[NOTE].text;
        return 0;
}

/* Times beyond what is stored are in the future, and refused as such. */
static uint64_t time_from_wire(uint64_t usec) {
        return usec > INT64_MAX ? INT64_MAX : usec;
}

int history_method_add(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        Option options[] = { EDIT_OPTIONS };
        Request request = { .type = REQUEST_LOG_ADD, .log.has_started = true, .log.has_ended = true };
        uint64_t started, ended;
        Refusal refusal;
        int r;

        r = sd_bus_message_read(message, "tt", &started, &ended);
        if (r < 0)
                return r;
        request.log.started_real_usec = time_from_wire(started);
        request.log.ended_real_usec = time_from_wire(ended);
        r = options_read(message, options, ELEMENTSOF(options), &refusal);
        if (r == 0)
                r = edit_fill(&request, options, &refusal);
        if (r != 0)
                return error_set(error, r, &refusal);
        return request_reply_made(message, userdata, &request, &options[IF_SEQ], error);
}

int history_method_edit(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        Option options[_EDIT_MAX] = {
                EDIT_OPTIONS,
                [STARTED] = { "started-realtime-usec", OPTION_NUMBER, UINT64_MAX },
                [ENDED] = { "ended-realtime-usec", OPTION_NUMBER, UINT64_MAX },
        };
        Request request = { .type = REQUEST_LOG_EDIT };
        Refusal refusal;
        int r;

        r = id_read(message, &request.id);
        if (r < 0)
                return r;
        r = options_read(message, options, ELEMENTSOF(options), &refusal);
        if (r == 0)
                r = edit_fill(&request, options, &refusal);
        if (r != 0)
                return error_set(error, r, &refusal);
        request.log.has_started = options[STARTED].given;
        request.log.started_real_usec = time_from_wire(options[STARTED].number);
        request.log.has_ended = options[ENDED].given;
        request.log.ended_real_usec = time_from_wire(options[ENDED].number);
        return request_reply_made(message, userdata, &request, &options[IF_SEQ], error);
}

int history_method_delete(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        Request request = { .type = REQUEST_LOG_DELETE };
        int r = id_read(message, &request.id);

        return r < 0 ? r : request_plain(message, userdata, &request, error);
}

static int undo_or_redo(sd_bus_message *message, void *userdata, RequestType type, sd_bus_error *error) {
        Option options[] = { [IF_SEQ] = OPTION_IF_SEQ };
        Request request = { .type = type };
        Refusal refusal;
        int r;

        r = options_read(message, options, ELEMENTSOF(options), &refusal);
        if (r != 0)
                return error_set(error, r, &refusal);
        return request_reply_id(message, userdata, &request, &options[IF_SEQ], error);
}

int history_method_undo(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        return undo_or_redo(message, userdata, REQUEST_LOG_UNDO, error);
}

int history_method_redo(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        return undo_or_redo(message, userdata, REQUEST_LOG_REDO, error);
}
