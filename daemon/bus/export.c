/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/export.h"

#include <errno.h>
#include <glib.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "common/caps.h"
#include "common/duration.h"
#include "daemon/bus/errors.h"
#include "daemon/bus/records.h"
#include "daemon/engine/journal.h"
#include "daemon/engine/read.h"

/* So few are asked for at once that a slice is hardly overrun. */
#define RECORDS_PER_BATCH 64u
/* … nor are lines with many notes gathered beyond this. */
#define LINES_BYTES (256u * 1024)
/* What waits to be read, in the kernel's memory, which takes twice as much. */
#define SOCKET_BYTES (32 * 1024)

typedef struct Export {
        Bus *bus;
        uid_t uid;
        int fd; /* to write to, never blocking */
        sd_event_source *writable;
        const struct ExportKind *kind;
        LogQuery query;        /* of the log; its cursor says where to go on */
        uint64_t rules_number; /* of rules: which they were at the beginning … */
        guint n_told;          /* … and how many profiles and rules were told */
        char *digest;          /* of a list; owned */
        bool for_host;         /* root's host asks, not the user */
        GString *lines;        /* not yet written, from written on */
        size_t written;
        bool complete;
} Export;

static Export *export_free(Export *export) {
        if (!export)
                return NULL;
        g_ptr_array_remove_fast(export->bus->exports, export); /* if it is under way already */
        sd_event_source_disable_unref(export->writable);
        close_fd(export->fd);
        if (export->lines)
                g_string_free(export->lines, TRUE);
        g_free(export->digest);
        g_free(export);
        return NULL;
}
DEFINE_CLEANUP(Export *, export_free);

/* What goes out. */
typedef struct ExportKind {
        const char *method; /* that it answers */
        /* Gathers as much as may be, and sets complete behind the last. */
        int (*next)(Export *export, User *user, uint64_t until_usec, Refusal *ret_refusal);
        /* Whoever reads must not take what they got for everything: the last line says that it is not. */
        void (*say_broken)(Export *export, const char *name, const char *message);
} ExportKind;

void exports_end(Bus *bus) {
        while (bus->exports->len > 0)
                export_free(bus->exports->pdata[0]);
}

void exports_end_of_user(Bus *bus, uid_t uid) {
        for (guint i = bus->exports->len; i > 0; i--) {
                Export *export = bus->exports->pdata[i - 1];

                if (export->uid == uid)
                        export_free(export);
        }
}

/* ---- the log ---- */

static void take_interval(Export *export, const Interval *interval) {
        cleanup_free_ char *line = NULL;
        size_t size;

        line = interval_to_json_line(interval, &size);
        g_string_append_len(export->lines, line, (gssize) size);
        export->query.after =
                        (LogCursor){ .started_real_usec = interval->started_real_usec, .id = interval->id };
}

/* Whether what there is has to be written before more is read, or took long: rules of many days lie behind a
 * record. */
static bool batch_is_full(const Export *export, unsigned n, uint64_t until_usec) {
        return export->lines->len >= LINES_BYTES || (n > 0 && monotonic_usec() >= until_usec);
}

static int next_records(Export *export, User *user, uint64_t until_usec, Refusal *ret_refusal) {
        cleanup_(user_read_end) Reading reading = {};
        LogQuery query = export->query;
        Interval interval;
        unsigned n = 0;
        int r;

        r = user_read_intervals(user, &query, &reading);
        while (r == 0 && !batch_is_full(export, n, until_usec) &&
                        (r = user_read_next_interval(&reading, &interval)) > 0) {
                if (r == READING_HIDDEN)
                        export->query.after = (LogCursor){ interval.started_real_usec, interval.id };
                else
                        take_interval(export, &interval);
                interval_done(&interval);
                n++;
                r = 0;
        }
        if (r == 0 && n < query.limit && !batch_is_full(export, n, until_usec))
                export->complete = true;
        return r;
}

static void say_records_broken(Export *export, const char *name, const char *message) {
        const Field fields[] = { field_text("Error", name), field_text("Message", message) };
        cleanup_free_ char *line = NULL;
        size_t size;

        line = fields_to_json_line(fields, ELEMENTSOF(fields), &size);
        g_string_append_len(export->lines, line, (gssize) size);
}

static const ExportKind log_export = { "History.Export", next_records, say_records_broken };

/* ---- rules and profiles ---- */

static int next_groups(Export *export, User *user, uint64_t until_usec, Refusal *ret_refusal) {
        const RuleSet *set = user_read_rules(user);
        const guint n_profiles = set->profiles->len, n_all = n_profiles + set->rules->len;

        if (export->rules_number != user_read_rules_number(user))
                return refuse(ret_refusal, REFUSAL_STATE_CHANGED,
                                "the rules were changed while they were being read; export them anew");
        for (unsigned n = 0; export->n_told < n_all && !batch_is_full(export, n, until_usec); n++) {
                const guint i = export->n_told++;
                cleanup_free_ char *group =
                                i < n_profiles ? profile_print(&g_array_index(set->profiles, Profile, i))
                                               : rule_print(&g_array_index(set->rules, Rule, i - n_profiles));

                if (i > 0)
                        g_string_append_c(export->lines, '\n');
                g_string_append(export->lines, group);
        }
        export->complete = export->n_told == n_all;
        return 0;
}

/* No line that Import would take. */
static void say_groups_broken(Export *export, const char *name, const char *message) {
        g_string_append_printf(export->lines, "\nError: %s: %s\n", name, message);
}

static const ExportKind rules_export = { "Schedules.Export", next_groups, say_groups_broken };

/* ---- lists ---- */

/* At once: what is one decision of the store has a bound of its own. */
static int next_text(Export *export, User *user, uint64_t until_usec, Refusal *ret_refusal) {
        cleanup_free_ char *text = NULL;
        int r = user_read_list_text(user, export->digest, &text, ret_refusal);

        if (r != 0)
                return r;
        g_string_append(export->lines, text);
        export->complete = true;
        return 0;
}

/* It is told whole or not at all. */
static void say_nothing(Export *export, const char *name, const char *message) {
}

static const ExportKind list_export = { "Focus.GetList", next_text, say_nothing };

/* ---- slices ---- */

static int next_batch(Export *export, User *user, uint64_t until_usec, Refusal *ret_refusal) {
        g_string_truncate(export->lines, 0);
        export->written = 0;
        return export->kind->next(export, user, until_usec, ret_refusal);
}

/* From the loop, long after the call was answered. */
static int enter_for_batch(Export *export, uint64_t until_usec, Refusal *ret_refusal) {
        User *user;
        int r;

        r = engine_enter(export->bus->engine, export->uid, export->kind->method, &user, ret_refusal);
        return r != 0 ? r
                      : engine_leave(user, next_batch(export, user, until_usec, ret_refusal), ret_refusal);
}

static void say_broken(Export *export, int r, const Refusal *refusal) {
        const char *message = r > 0 ? refusal->message : strerror(-r);

        journal_warning("An export for uid %" PRIu32 " broke off: %s", (uint32_t) export->uid, message);
        export->kind->say_broken(export, error_name((RefusalCode) MAX(r, 0)) ?: SD_BUS_ERROR_FAILED, message);
        export->complete = true;
}

/* Returns false once there is nothing more to do: all is written, or nobody reads any more. */
static bool write_slice(Export *export) {
        uint64_t until = monotonic_usec() + SLICE_USEC;
        Refusal refusal;
        int r;

        do {
                ssize_t n;

                if (export->written == export->lines->len) {
                        if (export->complete)
                                return false;
                        r = enter_for_batch(export, until, &refusal);
                        if (r != 0)
                                say_broken(export, r, &refusal);
                        continue;
                }
                n = send(export->fd, export->lines->str + export->written,
                                export->lines->len - export->written, MSG_DONTWAIT | MSG_NOSIGNAL);
                if (n < 0)
                        return errno == EAGAIN || errno == EINTR;
                export->written += (size_t) n;
        } while (monotonic_usec() < until);
        return true;
}

static int on_writable(sd_event_source *source, int fd, uint32_t events, void *userdata) {
        Export *export = userdata;

        if ((events & (EPOLLERR | EPOLLHUP)) || !write_slice(export))
                export_free(export);
        return 0;
}

/* A user whose own stand open keeps no host from what it has to block: those are counted apart. */
static int check_room(const GPtrArray *exports, const Export *one, Refusal *ret_refusal) {
        unsigned n = 0;

        for (guint i = 0; i < exports->len; i++) {
                const Export *other = exports->pdata[i];

                n += other->for_host == one->for_host && (one->for_host || other->uid == one->uid);
        }
        if (one->for_host && n >= CAP_EXPORTS_FOR_HOSTS)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "%u lists are being read by hosts, which is the most there can be; read one to its end or close it",
                                CAP_EXPORTS_FOR_HOSTS);
        if (!one->for_host && n >= CAP_EXPORTS_PER_USER)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "%u exports of this user are being read, which is the most there can be; read one to its end or close it",
                                CAP_EXPORTS_PER_USER);
        return 0;
}

static Export *export_new(Bus *bus, User *user, const ExportKind *kind) {
        Export *export = g_new0(Export, 1);

        export->bus = bus;
        export->uid = engine_user_uid(user);
        export->fd = -1;
        export->kind = kind;
        export->lines = g_string_new(NULL);
        return export;
}

/*
 * It is read as a pipe is, and is none: a pipe is locked by whoever reads from it, also while that waits for
 * memory of theirs that need never come, and then keeps waiting whoever writes to it, flags or not.
 */
static int make_socket(int ret_fds[2]) {
        const int bytes = SOCKET_BYTES;

        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ret_fds) < 0)
                return -errno;
        /* What the other end writes is read by nobody, and would break what it reads. */
        (void) shutdown(ret_fds[1], SHUT_RD);
        (void) setsockopt(ret_fds[1], SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes));
        return 0;
}

/* Takes the export, whatever comes of it. */
static int begin(Export *made, User *user, int *ret_fd, Refusal *ret_refusal) {
        cleanup_(export_freep) Export *export = made;
        Bus *bus = made->bus;
        cleanup_close_ int read_fd = -1;
        int fds[2], r;

        r = check_room(bus->exports, export, ret_refusal);
        if (r != 0)
                return r;
        /* The first batch before the answer: a store that cannot be read is then an error of the call. */
        r = next_batch(export, user, monotonic_usec() + SLICE_USEC, ret_refusal);
        if (r != 0)
                return r;
        r = make_socket(fds);
        if (r < 0)
                return r;
        read_fd = fds[0];
        export->fd = fds[1];
        r = sd_event_add_io(bus->event, &export->writable, export->fd, EPOLLOUT, on_writable, export);
        if (r < 0)
                return r;
        /* Behind requests and deadlines. */
        r = sd_event_source_set_priority(export->writable, SD_EVENT_PRIORITY_NORMAL + 10);
        if (r < 0)
                return r;
        g_ptr_array_add(bus->exports, steal(export));
        *ret_fd = steal_fd(read_fd);
        return 0;
}

int exports_begin_log(Bus *bus, User *user, const LogQuery *query, int *ret_fd, Refusal *ret_refusal) {
        Export *export = export_new(bus, user, &log_export);

        export->query = *query;
        export->query.limit = RECORDS_PER_BATCH;
        return begin(export, user, ret_fd, ret_refusal);
}

int exports_begin_rules(Bus *bus, User *user, int *ret_fd, Refusal *ret_refusal) {
        Export *export = export_new(bus, user, &rules_export);

        export->rules_number = user_read_rules_number(user);
        return begin(export, user, ret_fd, ret_refusal);
}

int exports_begin_list(
                Bus *bus, User *user, const char *digest, bool for_host, int *ret_fd, Refusal *ret_refusal) {
        Export *export = export_new(bus, user, &list_export);

        export->digest = g_strdup(digest);
        export->for_host = for_host;
        return begin(export, user, ret_fd, ret_refusal);
}
