/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/history.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/bus/errors.h"
#include "daemon/bus/export.h"
#include "daemon/bus/method.h"
#include "daemon/bus/objects.h"
#include "daemon/bus/options.h"
#include "daemon/bus/records.h"
#include "daemon/bus/request.h"

#define PERIOD_BYTES 64u

/* What Query and Export share. */
enum {
        FROM,
        TO,
        TASK_ID,
        INTERRUPTIONS,
        TAG,
        _SPAN_MAX,
};

#define SPAN_OPTIONS                                                                                    \
        [FROM] = { "from-realtime-usec", OPTION_NUMBER }, [TO] = { "to-realtime-usec", OPTION_NUMBER }, \
        [TASK_ID] = OPTION_TASK_ID, [INTERRUPTIONS] = { "interruptions", OPTION_FLAG },                 \
        [TAG] = { "tag", OPTION_TEXT, CAP_TAGS_BYTES }

/* A period in words, or from and to; without either, everything. */
static int read_query(const UserCall *call, const char *period, const Option *options, LogQuery *ret_query,
                Refusal *ret_refusal) {
        LogQuery query = {
                .span = { .from_real_usec = options[FROM].number, .to_real_usec = INT64_MAX },
                .task = (int64_t) options[TASK_ID].number,
                .interruptions = options[INTERRUPTIONS].flag,
        };
        int r;

        g_strlcpy(query.tag, options[TAG].text ?: "", sizeof(query.tag));
        if (options[TO].number != 0)
                query.span.to_real_usec = options[TO].number;
        if (*period != '\0' && (options[FROM].given || options[TO].given))
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "both the period \"%s\" and from-realtime-usec or to-realtime-usec are given; give one or the other",
                                period);
        if (query.span.from_real_usec > query.span.to_real_usec)
                return refuse(ret_refusal, REFUSAL_INVALID_TIME,
                                "from-realtime-usec (%" PRIu64 ") is later than to-realtime-usec (%" PRIu64
                                ")",
                                query.span.from_real_usec, query.span.to_real_usec);
        if (*period != '\0') {
                r = user_read_period(call->user, period, &query.span, ret_refusal);
                query.by_day = true;
                if (r != 0)
                        return r;
        }
        *ret_query = query;
        return 0;
}

static int read_period(sd_bus_message *message, const char **ret_period, Refusal *ret_refusal) {
        int r = sd_bus_message_read_basic(message, SD_BUS_TYPE_STRING, ret_period);

        return r < 0 ? r : text_validate(*ret_period, PERIOD_BYTES, "period", ret_refusal);
}

typedef struct QueryReply {
        sd_bus_message *message;
        unsigned n_interruptions;
        bool full;
} QueryReply;

static int append_interval(const Interval *interval, void *userdata) {
        QueryReply *reply = userdata;

        if (reply->n_interruptions >= CAP_INTERRUPTIONS) {
                reply->full = true;
                return -E2BIG;
        }
        reply->n_interruptions += interval->n_interruptions;
        return interval_append(reply->message, interval);
}

static int append_one_interval(const UserCall *call, uint64_t id, bool interruptions, sd_bus_message *reply,
                Refusal *ret_refusal) {
        cleanup_(interval_done) Interval interval = {};
        int r;

        r = user_read_interval(call->user, id_from_wire(id), &interval, ret_refusal);
        if (r == 0 && interruptions)
                r = user_read_interruptions(call->user, &interval);
        return r != 0 ? r : interval_append(reply, &interval);
}

static int method_query(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        enum {
                INTERVAL = _SPAN_MAX,
                LIMIT,
                AFTER_STARTED,
                AFTER_ID,
        };
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        const UserCall *call = userdata;
        Option options[] = {
                SPAN_OPTIONS,
                [INTERVAL] = { "interval", OPTION_NUMBER, UINT64_MAX },
                [LIMIT] = { "limit", OPTION_NUMBER, UINT32_MAX },
                [AFTER_STARTED] = { "after-started-realtime-usec", OPTION_NUMBER },
                [AFTER_ID] = { "after-id", OPTION_NUMBER },
        };
        QueryReply answer = {};
        LogQuery query = {};
        const char *period;
        Refusal refusal;
        int r;

        r = read_period(message, &period, &refusal);
        if (r == 0)
                r = options_read(message, options, ELEMENTSOF(options), &refusal);
        if (r == 0)
                r = read_query(call, period, options, &query, &refusal);
        if (r == 0)
                r = limit_check(&options[LIMIT], &query.limit, &refusal);
        if (r == 0)
                r = records_reply_new(message, &reply);
        answer.message = reply;
        if (r == 0 && options[INTERVAL].number != 0)
                r = append_one_interval(
                                call, options[INTERVAL].number, options[INTERRUPTIONS].flag, reply, &refusal);
        else if (r == 0) {
                query.after.started_real_usec = options[AFTER_STARTED].number;
                query.after.id = (int64_t) options[AFTER_ID].number;
                r = user_read_intervals(call->user, &query, append_interval, &answer);
                if (answer.full)
                        r = 0;
        }
        if (r != 0)
                return error_set(error, r, &refusal);
        return records_reply_send(reply);
}

static int method_export(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        const UserCall *call = userdata;
        cleanup_close_ int fd = -1;
        Option options[] = { SPAN_OPTIONS };
        const char *period;
        LogQuery query;
        Refusal refusal;
        int r;

        r = read_period(message, &period, &refusal);
        if (r == 0)
                r = options_read(message, options, ELEMENTSOF(options), &refusal);
        if (r == 0)
                r = read_query(call, period, options, &query, &refusal);
        if (r == 0)
                r = exports_begin(call->bus->exports, call->user, &query, &fd, &refusal);
        if (r != 0)
                return error_set(error, r, &refusal);
        return sd_bus_reply_method_return(message, "h", fd);
}

typedef struct EventsReply {
        sd_bus_message *message;
        int r;
} EventsReply;

static void append_event(const EngineEvent *event, void *userdata) {
        EventsReply *events = userdata;

        if (events->r >= 0)
                events->r = sd_bus_message_open_container(events->message, SD_BUS_TYPE_STRUCT, "tsa{sv}");
        if (events->r >= 0)
                events->r = event_append(events->message, event);
        if (events->r >= 0)
                events->r = sd_bus_message_close_container(events->message);
}

static int method_events(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        const UserCall *call = userdata;
        EventsReply events;
        bool complete = false;
        Refusal refusal;
        uint64_t since;
        int r;

        r = sd_bus_message_read_basic(message, SD_BUS_TYPE_UINT64, &since);
        if (r < 0)
                return r;
        r = options_read_none(message, &refusal);
        if (r != 0)
                return error_set(error, r, &refusal);
        r = sd_bus_message_new_method_return(message, &reply);
        if (r < 0)
                return r;
        r = sd_bus_message_open_container(reply, SD_BUS_TYPE_ARRAY, "(tsa{sv})");
        if (r < 0)
                return r;
        events = (EventsReply){ .message = reply };
        user_read_events(call->user, since, append_event, &events, &complete);
        r = events.r;
        if (r >= 0)
                r = sd_bus_message_close_container(reply);
        if (r < 0)
                return r;
        r = sd_bus_message_append(reply, "b", (int) complete);
        return r < 0 ? r : sd_bus_message_send(reply);
}

static const Method history_methods[] = {
        { "History.Query", method_query },
        { "History.Export", method_export },
        { "History.Add", history_method_add },
        { "History.Edit", history_method_edit },
        { "History.Delete", history_method_delete },
        { "History.Undo", history_method_undo },
        { "History.Redo", history_method_redo },
        { "History.Events", method_events },
        { "History.Backup", history_method_backup },
        { "History.ListBackups", history_method_list_backups },
        { "History.Restore", history_method_restore },
};
DEFINE_METHOD_CALL(history, history_methods);

const sd_bus_vtable history_vtable[] = {
        SD_BUS_VTABLE_START(0),
        SD_BUS_METHOD_WITH_ARGS("Query", SD_BUS_ARGS("s", period, OPTIONS),
                        SD_BUS_RESULT("aa{sv}", intervals), history_call, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("Export", SD_BUS_ARGS("s", period, OPTIONS), SD_BUS_RESULT("h", lines),
                        history_call, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("Add",
                        SD_BUS_ARGS("t", started_realtime_usec, "t", ended_realtime_usec, OPTIONS),
                        SD_BUS_RESULT("a{sv}", made), history_call, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("Edit", SD_BUS_ARGS("t", interval, OPTIONS), SD_BUS_RESULT("a{sv}", made),
                        history_call, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("Delete", SD_BUS_ARGS("t", interval, OPTIONS), SD_BUS_NO_RESULT, history_call,
                        SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("Undo", SD_BUS_ARGS(OPTIONS), SD_BUS_RESULT("t", interval), history_call,
                        SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("Redo", SD_BUS_ARGS(OPTIONS), SD_BUS_RESULT("t", interval), history_call,
                        SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("Events", SD_BUS_ARGS("t", since, OPTIONS),
                        SD_BUS_RESULT("a(tsa{sv})", events, "b", complete), history_call,
                        SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("Backup", SD_BUS_ARGS(OPTIONS), SD_BUS_RESULT("s", name), history_call,
                        SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("ListBackups", SD_BUS_ARGS(OPTIONS), SD_BUS_RESULT("aa{sv}", backups),
                        history_call, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("Restore", SD_BUS_ARGS("s", name, OPTIONS), SD_BUS_RESULT("s", kept),
                        history_call, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_VTABLE_END,
};
