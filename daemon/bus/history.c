/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "common/names.h"
#include "daemon/bus/export.h"
#include "daemon/bus/interface.h"
#include "daemon/bus/records.h"
#include "daemon/bus/request.h"
#include "daemon/engine/read.h"

#define PERIOD_BYTES 64u
#define KIND_BYTES   32u

/* ---- readings of the log ---- */

typedef struct Query {
        LogQuery log;
        const char *period, *tag;
        bool has_from, has_to;
        int64_t interval;
} Query;

/* Query and Export. */
#define QUERY_PARAMS                                                                                        \
        { "period", ARG_TEXT, offsetof(Query, period), PERIOD_BYTES },                                      \
                        { "from-realtime-usec", OPTION_NUMBER, offsetof(Query, log.span.from_real_usec), 0, \
                                offsetof(Query, has_from) },                                                \
                        { "to-realtime-usec", OPTION_NUMBER, offsetof(Query, log.span.to_real_usec), 0,     \
                                offsetof(Query, has_to) },                                                  \
                        { "task-id", OPTION_NUMBER, offsetof(Query, log.task) },                            \
                        { "interruptions", OPTION_FLAG, offsetof(Query, log.interruptions) }, {             \
                "tag", OPTION_TEXT, offsetof(Query, tag), CAP_TAGS_BYTES                                    \
        }

static const Param export_params[] = { QUERY_PARAMS };

static const Param query_params[] = {
        QUERY_PARAMS,
        { "interval", OPTION_NUMBER, offsetof(Query, interval), UINT64_MAX },
        { "limit", OPTION_PAGE, offsetof(Query, log.limit) },
        { "after-started-realtime-usec", OPTION_NUMBER, offsetof(Query, log.after.started_real_usec) },
        { "after-id", OPTION_NUMBER, offsetof(Query, log.after.id) },
};

/* A period in words, or from and to; without either, everything. */
static int query_fill(Call *call, Query *query) {
        Span *span = &query->log.span;

        g_strlcpy(query->log.tag, query->tag ?: "", sizeof(query->log.tag));
        if (span->to_real_usec == 0)
                span->to_real_usec = INT64_MAX;
        if (*query->period != '\0' && (query->has_from || query->has_to))
                return refuse(&call->refusal, REFUSAL_INVALID_ARGUMENT,
                                "both the period \"%s\" and from-realtime-usec or to-realtime-usec are given; give one or the other",
                                query->period);
        if (span->from_real_usec > span->to_real_usec)
                return refuse(&call->refusal, REFUSAL_INVALID_TIME,
                                "from-realtime-usec (%" PRIu64 ") is later than to-realtime-usec (%" PRIu64
                                ")",
                                span->from_real_usec, span->to_real_usec);
        if (*query->period == '\0')
                return 0;
        query->log.by_day = true;
        return user_read_period(call->user, query->period, span, &call->refusal);
}

static int append_one_interval(Call *call, const Query *query) {
        cleanup_(interval_done) Interval interval = {};
        int r;

        r = user_read_interval(call->user, query->interval, &interval, &call->refusal);
        if (r == 0 && query->log.interruptions)
                r = user_read_interruptions(call->user, &interval);
        return r != 0 ? r : interval_append(call->reply, &interval);
}

/* An answer is full, too, where more interruptions would come with it than one can hold. */
static int append_intervals(Call *call, const LogQuery *query) {
        cleanup_(user_read_end) Reading reading = {};
        unsigned n_interruptions = 0;
        Interval interval;
        int r;

        r = user_read_intervals(call->user, query, &reading);
        while (r == 0 && n_interruptions < CAP_INTERRUPTIONS &&
                        (r = user_read_next_interval(&reading, &interval)) > 0) {
                n_interruptions += interval.n_interruptions;
                r = interval_append(call->reply, &interval);
                interval_done(&interval);
        }
        return r;
}

static int query(Call *call) {
        Query *query = call->given;
        int r;

        r = query_fill(call, query);
        if (r == 0)
                r = records_open(call->reply);
        if (r == 0)
                r = query->interval != 0 ? append_one_interval(call, query)
                                         : append_intervals(call, &query->log);
        return r != 0 ? r : reply_close(call->reply);
}

static int export(Call *call) {
        cleanup_close_ int fd = -1;
        Query *query = call->given;
        int r;

        r = query_fill(call, query);
        if (r == 0)
                r = exports_begin(call->bus, call->user, &query->log, &fd, &call->refusal);
        return r != 0 ? r : reply_append(call->reply, "h", fd);
}

/* ---- events ---- */

typedef struct Events {
        uint64_t since;
} Events;

static const Param events_params[] = {
        { "since", ARG_NUMBER, offsetof(Events, since) },
};

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

static int events(Call *call) {
        const Events *events = call->given;
        EventsReply to = { .message = call->reply };
        bool complete = false;

        to.r = sd_bus_message_open_container(call->reply, SD_BUS_TYPE_ARRAY, "(tsa{sv})");
        user_read_events(call->user, events->since, append_event, &to, &complete);
        if (to.r >= 0)
                to.r = reply_close(call->reply);
        return to.r < 0 ? to.r : reply_append(call->reply, "b", (int) complete);
}

/* ---- edits ---- */

typedef struct Edit {
        Request request;
        const char *kind;
} Edit;

#define EDIT_OPTIONS                                                                 \
        OPTION_IF_SEQ, OPTIONS_OF_TASK(log.task, offsetof(Request, log.has_task)),   \
                        { "kind", OPTION_TEXT, offsetof(Edit, kind), KIND_BYTES }, { \
                "note", OPTION_TEXT, offsetof(Request, log.note), CAP_NOTE_BYTES,    \
                                offsetof(Request, log.has_note)                      \
        }

static const Param add_params[] = {
        { "started_realtime_usec", ARG_TIME, offsetof(Request, log.started_real_usec) },
        { "ended_realtime_usec", ARG_TIME, offsetof(Request, log.ended_real_usec) },
        EDIT_OPTIONS,
};

static const Param edit_params[] = {
        { "interval", ARG_ID, offsetof(Request, id) },
        EDIT_OPTIONS,
        { "started-realtime-usec", OPTION_TIME, offsetof(Request, log.started_real_usec), 0,
                        offsetof(Request, log.has_started) },
        { "ended-realtime-usec", OPTION_TIME, offsetof(Request, log.ended_real_usec), 0,
                        offsetof(Request, log.has_ended) },
};

static const Param delete_params[] = {
        { "interval", ARG_ID, offsetof(Request, id) },
        OPTION_IF_SEQ,
};

static int edit_log(Call *call) {
        Edit *edit = call->given;
        LogEdit *log = &edit->request.log;
        int r;

        if (edit->kind) {
                r = interval_kind_from_string(edit->kind);
                if (r <= INTERVAL_NONE)
                        return refuse(&call->refusal, REFUSAL_INVALID_ARGUMENT,
                                        "there is no kind \"%s\"; it can be pomodoro or freeform",
                                        edit->kind);
                log->has_kind = true;
                log->kind = (IntervalKind) r;
        }
        r = request_check_task(&edit->request, log->task, &call->refusal);
        return r != 0 ? r : request_answer_made(call);
}

static int add(Call *call) {
        Edit *edit = call->given;

        edit->request.log.has_started = edit->request.log.has_ended = true;
        return edit_log(call);
}

/* ---- backups ---- */

/* The call has waited until the process that makes the backup ended. */
static void on_backup_done(int result, const Refusal *refusal, const char *name, void *userdata) {
        Refusal said;

        if (result < 0) {
                refusal = &said;
                result = refuse(&said, REFUSAL_STORE_FAILED,
                                "The backup could not be made: %s. What is stored is untouched; the log of pomod says more",
                                strerror(-result));
        }
        method_reply_later(userdata, result, refusal, "s", name);
}

static int backup(Call *call) {
        sd_bus_message *waiting = method_defer(call);
        int r = user_request_backup(call->user, on_backup_done, waiting, &call->refusal);

        if (r != 0)
                sd_bus_message_unref(waiting);
        return r;
}

static int list_backups(Call *call) {
        GArray *backups = NULL;
        int r = user_read_backups(call->user, &backups);

        if (r < 0 && r != -ENOENT)
                return r;
        r = records_open(call->reply);
        for (guint i = 0; r == 0 && backups && i < backups->len; i++) {
                const Backup *backup = &g_array_index(backups, Backup, i);

                r = reply_append(call->reply, "a{sv}", 3, "Name", "s", backup->name, "MadeRealtimeUSec", "t",
                                backup->made_real_usec, "Bytes", "t", backup->bytes);
        }
        g_clear_pointer(&backups, g_array_unref);
        return r != 0 ? r : reply_close(call->reply);
}

static const Param restore_params[] = {
        { "name", ARG_TEXT, offsetof(Request, name), BACKUP_NAME_MAX - 1, .what = "name of a backup" },
        OPTION_IF_SEQ,
};

static void on_restore_done(int result, const Refusal *refusal, const char *kept, void *userdata) {
        Refusal said;

        if (result < 0) {
                refusal = &said;
                result = refuse(&said, REFUSAL_STORE_FAILED,
                                "The backup could not be put in place: %s. What is stored is untouched; the log of pomod says more",
                                strerror(-result));
        }
        method_reply_later(userdata, result, refusal, "s", kept);
}

static int restore(Call *call) {
        Request *request = call->given;
        sd_bus_message *waiting = method_defer(call);
        int r;

        request->type = call->method->request;
        r = user_request_restore(call->user, request, on_restore_done, waiting, &call->refusal);
        if (r != 0)
                sd_bus_message_unref(waiting);
        return r;
}

/* ---- the interface ---- */

static const Method methods[] = {
        { "History.Query", READS, query, "aa{sv} intervals", PARAMS(query_params, Query) },
        { "History.Export", READS, export, "h lines", PARAMS(export_params, Query) },
        { "History.Add", WRITES, add, "a{sv} made", PARAMS(add_params, Edit), .request = REQUEST_LOG_ADD },
        { "History.Edit", WRITES, edit_log, "a{sv} made", PARAMS(edit_params, Edit),
                        .request = REQUEST_LOG_EDIT },
        { "History.Delete", WRITES, request_plain, NULL, PARAMS(delete_params, Request),
                        .request = REQUEST_LOG_DELETE },
        { "History.Undo", WRITES, request_answer_id, "t interval", PARAMS(request_params, Request),
                        .request = REQUEST_LOG_UNDO },
        { "History.Redo", WRITES, request_answer_id, "t interval", PARAMS(request_params, Request),
                        .request = REQUEST_LOG_REDO },
        { "History.Events", READS, events, "a(tsa{sv}) events, b complete", PARAMS(events_params, Events) },
        { "History.Backup", WRITES, backup, "s name" },
        { "History.ListBackups", READS, list_backups, "aa{sv} backups" },
        { "History.Restore", WRITES, restore, "s kept", PARAMS(restore_params, Request),
                        .request = REQUEST_RESTORE },
};

const Interface history_interface = INTERFACE_OF_METHODS(POMOD_INTERFACE_HISTORY, methods);
