/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/timer.h"

#include <stddef.h>
#include <string.h>

#include "common/names.h"
#include "daemon/bus/consent.h"
#include "daemon/bus/interface.h"
#include "daemon/bus/records.h"
#include "daemon/bus/request.h"
#include "daemon/bus/values.h"
#include "daemon/bus/warnings.h"

/* What buttons say: they are about an interval, and the state moves on with tasks and claims, too. */
#define OPTION_IF_INTERVAL                                                                \
        {                                                                                 \
                "if-interval", OPTION_NUMBER, offsetof(Request, if_interval), UINT64_MAX, \
                                offsetof(Request, has_if_interval)                        \
        }

typedef struct Start {
        Request request;
        const char *kind;
} Start;

static const Param start_params[] = {
        { "kind", ARG_TEXT, offsetof(Start, kind) },
        OPTION_IF_SEQ,
        OPTION_IF_INTERVAL,
        OPTIONS_OF_TASK(event.task, 0),
        { "for-usec", OPTION_NUMBER, offsetof(Request, event.planned_usec) },
        { "ago-usec", OPTION_NUMBER, offsetof(Request, event.ago_usec) },
        { "switch", OPTION_FLAG, offsetof(Request, event.switch_running) },
        { "anyway", OPTION_FLAG, offsetof(Request, event.anyway) },
        { "focus", OPTION_TEXT, offsetof(Request, focus), CAP_RULE_BYTES },
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

/* With what does not enforce it, as entries behind the others. */
static int start_with_focus(Call *call) {
        const Request *request = call->given;
        cleanup_(warnings_done) Warnings warnings = warnings_new(call);
        Field fields[2];
        Answer answer;
        int r = request_send(call, &answer);

        if (r != 0)
                return r;
        warnings_collect_engaged(&warnings, request->focus);
        consent_warn(call, request->focus, &warnings);
        r = reply_open_record(&call->reply);
        if (r == 0)
                r = fields_append_entries(&call->reply, fields, request_fields_made(&answer, fields));
        if (r == 0 && warnings.sentences->len > 0)
                r = warnings_append_entry(&warnings, "warnings", &call->reply);
        return r < 0 ? r : reply_close(&call->reply);
}

static int start(Call *call) {
        Start *start = call->given;
        Event *event = &start->request.event;
        int r;

        r = start_kind(start->kind, event, &call->refusal);
        if (r == 0)
                r = request_check_task(&start->request, event->task, &call->refusal);
        if (r != 0)
                return r;
        return start->request.focus ? start_with_focus(call) : request_answer_made(call);
}

static const Param stop_params[] = {
        OPTION_IF_SEQ,
        OPTION_IF_INTERVAL,
        { "reason", OPTION_TEXT, offsetof(Request, event.note), CAP_NOTE_BYTES },
        { "at-realtime-usec", OPTION_NUMBER, offsetof(Request, event.at_real_usec) },
};

static const Param interrupt_params[] = {
        OPTION_IF_SEQ,
        OPTION_IF_INTERVAL,
        { "external", OPTION_FLAG, offsetof(Request, event.external) },
        { "note", OPTION_TEXT, offsetof(Request, event.note), CAP_NOTE_BYTES },
};

static const Param extend_params[] = {
        { "by_usec", ARG_NUMBER, offsetof(Request, event.extend_usec) },
        OPTION_IF_SEQ,
        OPTION_IF_INTERVAL,
};

static const Param plain_params[] = { OPTION_IF_SEQ, OPTION_IF_INTERVAL };

static const char *did_word(EventType did) {
        static const char *const words[] = {
                [EVENT_START] = "started",
                [EVENT_INTERRUPT] = "interrupted",
                [EVENT_PAUSE] = "paused",
                [EVENT_RESUME] = "resumed",
                [EVENT_SKIP] = "skipped",
                [EVENT_STOP] = "stopped",
        };

        return did < ELEMENTSOF(words) && words[did] ? words[did] : "";
}

static int toggle(Call *call) {
        Answer answer;
        int r = request_send(call, &answer);

        return r != 0 ? r : reply_append(&call->reply, "s", did_word(answer.did));
}

static const Param set_task_params[] = {
        OPTION_IF_SEQ,
        OPTION_IF_INTERVAL,
        OPTIONS_OF_TASK(event.task, 0),
};

static int set_task(Call *call) {
        const Request *request = call->given;
        int r = request_check_task(request, request->event.task, &call->refusal);

        return r != 0 ? r : request_answer_made(call);
}

static const Method methods[] = {
        { "Timer.Start", WRITES, start, "a{sv} made", PARAMS(start_params, Start), .event = EVENT_START },
        { "Timer.Stop", WRITES, request_plain, NULL, PARAMS(stop_params, Request), .event = EVENT_STOP },
        { "Timer.Interrupt", WRITES, request_plain, NULL, PARAMS(interrupt_params, Request),
                        .event = EVENT_INTERRUPT },
        { "Timer.Skip", WRITES, request_plain, NULL, PARAMS(plain_params, Request), .event = EVENT_SKIP },
        { "Timer.Pause", WRITES, request_plain, NULL, PARAMS(plain_params, Request), .event = EVENT_PAUSE },
        { "Timer.Resume", WRITES, request_plain, NULL, PARAMS(plain_params, Request), .event = EVENT_RESUME },
        { "Timer.Extend", WRITES, request_plain, NULL, PARAMS(extend_params, Request),
                        .event = EVENT_EXTEND },
        { "Timer.Toggle", WRITES, toggle, "s did", PARAMS(plain_params, Request), .event = EVENT_TOGGLE },
        { "Timer.SetTask", WRITES, set_task, "a{sv} made", PARAMS(set_task_params, Request),
                        .event = EVENT_SET_TASK },
};

static const Property properties[] = {
#define PROPERTY_ROW(name, type, field) { name, type, offsetof(UserObject, timer.field), false },
        TIMER_PROPERTIES(PROPERTY_ROW)
#undef PROPERTY_ROW
};

static const Signal signals[] = {
        { "Event", "t seq, s kind, a{sv} details" },
};

const Interface timer_interface = INTERFACE(POMOD_INTERFACE_TIMER, methods, properties, signals);
