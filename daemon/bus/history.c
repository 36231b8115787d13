/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "common/names.h"
#include "daemon/bus/export.h"
#include "daemon/bus/interface.h"
#include "daemon/bus/pages.h"
#include "daemon/bus/request.h"
#include "daemon/engine/read.h"

#define PERIOD_BYTES 64u
#define KIND_BYTES   32u

/* ---- readings of the log ---- */

typedef struct Query {
        LogQuery log;
        const char *period, *tag;
        bool has_from, has_to, interruptions;
        int64_t interval;
        uint32_t after_interruption; /* of that interval: how many were told before */
} Query;

/* Query and Export. */
#define QUERY_PARAMS                                                                                        \
        { "period", ARG_TEXT, offsetof(Query, period), PERIOD_BYTES },                                      \
                        { "from-realtime-usec", OPTION_NUMBER, offsetof(Query, log.span.from_real_usec), 0, \
                                offsetof(Query, has_from) },                                                \
                        { "to-realtime-usec", OPTION_NUMBER, offsetof(Query, log.span.to_real_usec), 0,     \
                                offsetof(Query, has_to) },                                                  \
                        { "task-id", OPTION_NUMBER, offsetof(Query, log.task) },                            \
                        { "interruptions", OPTION_FLAG, offsetof(Query, interruptions) }, {                 \
                "tag", OPTION_TEXT, offsetof(Query, tag), CAP_TAGS_BYTES                                    \
        }

static const Param export_params[] = { QUERY_PARAMS };

static const Param query_params[] = {
        QUERY_PARAMS,
        { "interval", OPTION_NUMBER, offsetof(Query, interval), UINT64_MAX },
        { "after-interruption", OPTION_COUNT, offsetof(Query, after_interruption), UINT32_MAX },
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

static int append_interval(Reply *reply, const void *interval) {
        return interval_append(reply, interval);
}

static Field after_field(const char *key, uint64_t value) {
        return field_number(key, "t", value);
}

/* One alone: an answer has some of its interruptions, and more goes on behind them. */
static int answer_one_interval(Call *call, const Query *query) {
        cleanup_(interval_done) Interval interval = {};
        uint32_t all, told;
        Page page;
        int r = page_begin(&page, call, 1, "a{sv}");

        if (r == 0)
                r = user_read_interval(call->user, query->interval, &interval, &call->refusal);
        if (r == 0 && query->interruptions)
                r = user_read_interruptions(call->user, &interval, query->after_interruption);
        if (r == 0)
                r = page_append(&page, append_interval, &interval);
        all = interval.internal + interval.external;
        told = query->after_interruption + interval.n_interruptions;
        page.more = r == 0 && interval.n_interruptions > 0 && told < all;
        return page_end(&page, r, (Field[]){ after_field("after-interruption", told) }, 1);
}

static int append_intervals(Call *call, LogQuery *query, Page *page) {
        cleanup_(user_read_end) Reading reading = {};
        Interval interval;
        int r;

        query->limit++; /* so that it is known whether there is more */
        r = user_read_intervals(call->user, query, &reading);
        while (r == 0 && (r = user_read_next_interval(&reading, &interval)) > 0) {
                r = r == READING_HIDDEN ? page_pass(page) : page_append(page, append_interval, &interval);
                if (r == 0)
                        query->after = (LogCursor){ interval.started_real_usec, interval.id };
                interval_done(&interval);
        }
        return r;
}

static int answer_intervals(Call *call, LogQuery *query) {
        Page page;
        int r = page_begin(&page, call, query->limit, "a{sv}");

        if (r == 0)
                r = append_intervals(call, query, &page);
        const Field after[] = {
                after_field("after-started-realtime-usec", query->after.started_real_usec),
                after_field("after-id", (uint64_t) query->after.id),
        };

        return page_end(&page, r, after, ELEMENTSOF(after));
}

static int query(Call *call) {
        Query *query = call->given;
        int r = query_fill(call, query);

        if (r != 0)
                return r;
        query->log.interruptions = query->interruptions ? CAP_INTERRUPTIONS_PER_RECORD : 0;
        return query->interval != 0 ? answer_one_interval(call, query) : answer_intervals(call, &query->log);
}

static int export(Call *call) {
        cleanup_close_ int fd = -1;
        Query *query = call->given;
        int r;

        r = query_fill(call, query);
        query->log.interruptions = query->interruptions ? UINT32_MAX : 0;
        if (r == 0)
                r = exports_begin_log(call->bus, call->user, &query->log, &fd, &call->refusal);
        return r != 0 ? r : reply_append(&call->reply, "h", fd);
}

/* ---- events ---- */

typedef struct Events {
        uint64_t since, after;
        unsigned limit;
} Events;

static const Param events_params[] = {
        { "since", ARG_NUMBER, offsetof(Events, since) },
        { "after", OPTION_NUMBER, offsetof(Events, after), UINT64_MAX },
        { "limit", OPTION_PAGE, offsetof(Events, limit) },
};

typedef struct EventsReply {
        Page page;
        uint64_t last;
        int r;
} EventsReply;

static int append_struct(Reply *reply, const void *event) {
        int r = reply_open(reply, SD_BUS_TYPE_STRUCT, "tsa{sv}");

        if (r == 0)
                r = event_append(reply, event);
        return r < 0 ? r : reply_close(reply);
}

static void append_event(const EngineEvent *event, void *userdata) {
        EventsReply *events = userdata;

        if (events->r == 0)
                events->r = page_append(&events->page, append_struct, event);
        if (events->r == 0)
                events->last = event->seq;
}

static int events(Call *call) {
        const Events *events = call->given;
        EventsReply to = {};
        bool complete = false;
        int r;

        to.r = page_begin(&to.page, call, events->limit, "(tsa{sv})");
        user_read_events(call->user, MAX(events->since, events->after), append_event, &to, &complete);
        r = page_close(&to.page, to.r);
        if (r == 0)
                r = reply_append(&call->reply, "b", (int) complete);
        return r < 0 ? r : page_append_more(&to.page, (Field[]){ after_field("after", to.last) }, 1);
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
        method_reply_later(userdata, result, refusal, name);
}

static int backup(Call *call) {
        sd_bus_message *waiting = method_defer(call);
        int r = user_request_backup(call->user, on_backup_done, waiting, &call->refusal);

        if (r != 0)
                sd_bus_message_unref(waiting);
        return r;
}

typedef struct ListBackups {
        const char *after;
        unsigned limit;
} ListBackups;

static const Param list_backups_params[] = {
        { "after", OPTION_TEXT, offsetof(ListBackups, after), BACKUP_NAME_MAX - 1 },
        { "limit", OPTION_PAGE, offsetof(ListBackups, limit) },
};

static int append_backup(Reply *reply, const void *record) {
        const Backup *backup = record;
        const Field fields[] = {
                field_text("Name", backup->name),
                field_number("MadeRealtimeUSec", "t", backup->made_real_usec),
                field_number("Bytes", "t", backup->bytes),
        };

        return fields_append(reply, fields, ELEMENTSOF(fields));
}

static int append_backups(Call *call, const GArray *backups, Page *page, Field *last) {
        const ListBackups *list = call->given;
        guint i = 0;
        int r = page_find_behind(backups, list->after, &i);

        if (r < 0)
                return refuse(&call->refusal, REFUSAL_NO_SUCH_BACKUP,
                                "there is no backup \"%s\" to go on behind; begin anew without after",
                                list->after);
        for (; r == 0 && i < backups->len; i++) {
                const Backup *backup = &g_array_index(backups, Backup, i);

                r = page_append(page, append_backup, backup);
                if (r == 0)
                        last->text = backup->name;
        }
        return r;
}

static int list_backups(Call *call) {
        const ListBackups *list = call->given;
        GArray *backups = NULL;
        Field last = field_text("after", list->after);
        Page page;
        int r = user_read_backups(call->user, &backups);

        if (r < 0 && r != -ENOENT)
                return r;
        r = page_begin(&page, call, list->limit, "a{sv}");
        if (r == 0 && backups)
                r = append_backups(call, backups, &page, &last);
        r = page_end(&page, r, &last, 1);
        g_clear_pointer(&backups, g_array_unref);
        return r;
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
        method_reply_later(userdata, result, refusal, kept);
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
        { "History.Query", READS, query, "aa{sv} intervals, a{sv} more", PARAMS(query_params, Query) },
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
        { "History.Events", READS, events, "a(tsa{sv}) events, b complete, a{sv} more",
                        PARAMS(events_params, Events) },
        { "History.Backup", WRITES, backup, "s name" },
        { "History.ListBackups", READS, list_backups, "aa{sv} backups, a{sv} more",
                        PARAMS(list_backups_params, ListBackups) },
        { "History.Restore", WRITES, restore, "s kept", PARAMS(restore_params, Request),
                        .request = REQUEST_RESTORE },
};

const Interface history_interface = INTERFACE_OF_METHODS(POMOD_INTERFACE_HISTORY, methods);
