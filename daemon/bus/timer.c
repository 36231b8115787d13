/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/timer.h"

#include <stddef.h>
#include <string.h>

#include "daemon/bus/errors.h"
#include "daemon/bus/method.h"
#include "daemon/bus/objects.h"
#include "daemon/bus/options.h"
#include "daemon/bus/request.h"

/* What every request to the timer may carry, and where options_read() puts it. */
enum {
        IF_SEQ,
        TASK_ID,
        TASK,
        PROJECT,
};

static int start_kind(const char *kind, Event *event, Refusal *ret_refusal) {
        char buf[SNIPPET_BYTES + 4];
        int r;

        if (*kind == '\0')
                return 0;
        if (strcmp(kind, "break") == 0) {
                event->any_break = true;
                return 0;
        }
        r = interval_kind_from_string(kind);
        if (r <= INTERVAL_NONE)
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "there is no kind \"%s\" to start; it can be pomodoro, freeform, break, short-break, long-break, or empty for what is next",
                                text_snippet(kind, buf));
        event->kind = (IntervalKind) r;
        return 0;
}

static int method_start(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        enum {
                FOR = PROJECT + 1,
                AGO,
                SWITCH,
                ANYWAY,
                FOCUS,
        };
        Option options[] = {
                [IF_SEQ] = OPTION_IF_SEQ,
                [TASK_ID] = OPTION_TASK_ID,
                [TASK] = OPTION_TASK,
                [PROJECT] = OPTION_PROJECT,
                [FOR] = { "for-usec", OPTION_NUMBER },
                [AGO] = { "ago-usec", OPTION_NUMBER },
                [SWITCH] = { "switch", OPTION_FLAG },
                [ANYWAY] = { "anyway", OPTION_FLAG },
                [FOCUS] = { "focus", OPTION_TEXT, CAP_RULE_BYTES },
        };
        Request request = { .type = REQUEST_TIMER, .event.type = EVENT_START };
        const char *kind;
        Refusal refusal;
        int r;

        r = sd_bus_message_read_basic(message, SD_BUS_TYPE_STRING, &kind);
        if (r < 0)
                return r;
        r = start_kind(kind, &request.event, &refusal);
        if (r == 0)
                r = options_read(message, options, ELEMENTSOF(options), &refusal);
        if (r == 0)
                r = request_task(&request, &options[TASK_ID], &options[TASK], &options[PROJECT],
                                &request.event.task, &refusal);
        if (r != 0)
                return error_set(error, r, &refusal);

        request.event.planned_usec = options[FOR].number;
        request.event.ago_usec = options[AGO].number;
        request.event.switch_running = options[SWITCH].flag;
        request.event.anyway = options[ANYWAY].flag;
        request.focus = option_text(&options[FOCUS]);
        return request_reply_made(message, userdata, &request, &options[IF_SEQ], error);
}

static int method_stop(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        enum {
                REASON = 1,
                AT,
        };
        Option options[] = {
                [IF_SEQ] = OPTION_IF_SEQ,
                [REASON] = { "reason", OPTION_TEXT, CAP_NOTE_BYTES },
                [AT] = { "at-realtime-usec", OPTION_NUMBER },
        };
        Request request = { .type = REQUEST_TIMER, .event.type = EVENT_STOP };
        Refusal refusal;
        int r;

        r = options_read(message, options, ELEMENTSOF(options), &refusal);
        if (r != 0)
                return error_set(error, r, &refusal);
        request.event.note = option_text(&options[REASON]);
        request.event.at_real_usec = options[AT].number;
        return request_reply(message, userdata, &request, &options[IF_SEQ], error);
}

static int method_interrupt(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        enum {
                EXTERNAL = 1,
                NOTE,
        };
        Option options[] = {
                [IF_SEQ] = OPTION_IF_SEQ,
                [EXTERNAL] = { "external", OPTION_FLAG },
                [NOTE] = { "note", OPTION_TEXT, CAP_NOTE_BYTES },
        };
        Request request = { .type = REQUEST_TIMER, .event.type = EVENT_INTERRUPT };
        Refusal refusal;
        int r;

        r = options_read(message, options, ELEMENTSOF(options), &refusal);
        if (r != 0)
                return error_set(error, r, &refusal);
        request.event.external = options[EXTERNAL].flag;
        request.event.note = option_text(&options[NOTE]);
        return request_reply(message, userdata, &request, &options[IF_SEQ], error);
}

static int method_skip(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        return request_plain(message, userdata, &(Request){ .type = REQUEST_TIMER, .event.type = EVENT_SKIP },
                        error);
}

static int method_pause(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        return request_plain(message, userdata,
                        &(Request){ .type = REQUEST_TIMER, .event.type = EVENT_PAUSE }, error);
}

static int method_resume(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        return request_plain(message, userdata,
                        &(Request){ .type = REQUEST_TIMER, .event.type = EVENT_RESUME }, error);
}

static int method_extend(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        Request request = { .type = REQUEST_TIMER, .event.type = EVENT_EXTEND };
        Refusal refusal;
        int r;

        r = number_read(message, SD_BUS_TYPE_UINT64, "time to extend by", UINT64_MAX,
                        &request.event.extend_usec, &refusal);
        if (r != 0)
                return error_set(error, r, &refusal);
        return request_plain(message, userdata, &request, error);
}

static const char *did_word(EventType did) {
        switch (did) {
        case EVENT_START:
                return "started";
        case EVENT_INTERRUPT:
                return "interrupted";
        case EVENT_PAUSE:
                return "paused";
        case EVENT_RESUME:
                return "resumed";
        case EVENT_SKIP:
                return "skipped";
        case EVENT_STOP:
                return "stopped";
        default:
                return "";
        }
}

static int method_toggle(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        Option options[] = { [IF_SEQ] = OPTION_IF_SEQ };
        Request request = { .type = REQUEST_TIMER, .event.type = EVENT_TOGGLE };
        Refusal refusal;
        Answer answer;
        int r;

        r = options_read(message, options, ELEMENTSOF(options), &refusal);
        if (r != 0)
                return error_set(error, r, &refusal);
        r = request_send(userdata, &request, &options[IF_SEQ], &answer, error);
        if (r < 0)
                return r;
        return sd_bus_reply_method_return(message, "s", did_word(answer.did));
}

static int method_set_task(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        Option options[] = {
                [IF_SEQ] = OPTION_IF_SEQ,
                [TASK_ID] = OPTION_TASK_ID,
                [TASK] = OPTION_TASK,
                [PROJECT] = OPTION_PROJECT,
        };
        Request request = { .type = REQUEST_TIMER, .event.type = EVENT_SET_TASK };
        Refusal refusal;
        int r;

        r = options_read(message, options, ELEMENTSOF(options), &refusal);
        if (r == 0)
                r = request_task(&request, &options[TASK_ID], &options[TASK], &options[PROJECT],
                                &request.event.task, &refusal);
        if (r != 0)
                return error_set(error, r, &refusal);
        return request_reply_made(message, userdata, &request, &options[IF_SEQ], error);
}

static const Method timer_methods[] = {
        { "Timer.Start", method_start },
        { "Timer.Stop", method_stop },
        { "Timer.Interrupt", method_interrupt },
        { "Timer.Skip", method_skip },
        { "Timer.Pause", method_pause },
        { "Timer.Resume", method_resume },
        { "Timer.Extend", method_extend },
        { "Timer.Toggle", method_toggle },
        { "Timer.SetTask", method_set_task },
};
DEFINE_METHOD_CALL(timer, timer_methods);

const sd_bus_vtable timer_vtable[] = {
        SD_BUS_VTABLE_START(0),
#define PROPERTY_ROW(name, type, field)                                    \
        SD_BUS_PROPERTY(name, type, NULL, offsetof(UserCall, timer.field), \
                        SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        TIMER_PROPERTIES(PROPERTY_ROW)
#undef PROPERTY_ROW
                        SD_BUS_METHOD_WITH_ARGS("Start", SD_BUS_ARGS("s", kind, OPTIONS),
                                        SD_BUS_RESULT("a{sv}", made), timer_call, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("Stop", SD_BUS_ARGS(OPTIONS), SD_BUS_NO_RESULT, timer_call,
                        SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("Interrupt", SD_BUS_ARGS(OPTIONS), SD_BUS_NO_RESULT, timer_call,
                        SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("Skip", SD_BUS_ARGS(OPTIONS), SD_BUS_NO_RESULT, timer_call,
                        SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("Pause", SD_BUS_ARGS(OPTIONS), SD_BUS_NO_RESULT, timer_call,
                        SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("Resume", SD_BUS_ARGS(OPTIONS), SD_BUS_NO_RESULT, timer_call,
                        SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("Extend", SD_BUS_ARGS("t", by_usec, OPTIONS), SD_BUS_NO_RESULT, timer_call,
                        SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("Toggle", SD_BUS_ARGS(OPTIONS), SD_BUS_RESULT("s", did), timer_call,
                        SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("SetTask", SD_BUS_ARGS(OPTIONS), SD_BUS_RESULT("a{sv}", made), timer_call,
                        SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_SIGNAL_WITH_ARGS("Event", SD_BUS_ARGS("t", seq, "s", kind, "a{sv}", details), 0),
        SD_BUS_VTABLE_END,
};
