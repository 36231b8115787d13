/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "clients/pomoctl/log-rows.h"
#include "clients/pomoctl/shapes.h"
#include "clients/pomoctl/task-arg.h"
#include "clients/pomoctl/times.h"
#include "clients/pomoctl/verb.h"
#include "common/names.h"
#include "common/text.h"

static const char cannot_read[] = "cannot read the log";

static void closep(FILE **file) {
        if (*file)
                fclose(*file);
}

static void tokener_freep(struct json_tokener **tokener) {
        if (*tokener)
                json_tokener_free(*tokener);
}

static bool is_period(const char *text) {
        static const char *const words[] = { "today", "yesterday", "week", "all" };
        const char *dots = strstr(text, "..");
        char first[16];
        struct tm date;

        for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
                if (strcmp(text, words[i]) == 0)
                        return true;
        if (!dots)
                return date_parse(text, &date) == 0;
        if ((size_t) (dots - text) >= sizeof(first))
                return false;

        snprintf(first, sizeof(first), "%.*s", (int) (dots - text), text);
        return date_parse(first, &date) == 0 && date_parse(dots + 2, &date) == 0;
}

static int no_period(const Ctl *ctl, const char *text) {
        static const char *const words[] = { "today", "yesterday", "week", "all", "add", "edit", "trim",
                "delete", "undo", "redo", NULL };
        const char *near = text_nearest(text, words);

        if (near)
                return ctl_usage(ctl, "'%.64s' is no period; did you mean '%s'?", text, near);
        return ctl_usage(ctl,
                        "'%.64s' is no period; say today, yesterday, week, all, 2026-07-01 or "
                        "2026-07-01..2026-07-14",
                        text);
}

/* What runs has worked since it was last stored: what the timer says of it is the newer word. */
static int running_refresh(const Ctl *ctl, struct json_object *record) {
        cleanup_(timer_state_done) TimerState timer = { 0 };

        if (strcmp(record_text(record, "Outcome"), "running") != 0)
                return 0;
        if (client_get_timer(ctl->client, &timer) < 0)
                return ctl_failed(ctl);
        if (timer.state != CLIENT_IDLE && timer.interval_id == record_u64(record, "Id"))
                json_object_object_add(record, "WorkedUSec",
                                json_object_new_uint64(
                                                timer_state_elapsed_usec(&timer, boottime_now_usec())));
        return 0;
}

static int record_show(const Ctl *ctl, struct json_object *record, LogRows *rows) {
        struct json_object *shape;
        int r;

        r = running_refresh(ctl, record);
        if (r != 0)
                return r;
        if (!ctl->json) {
                log_rows_add(rows, record);
                return 0;
        }

        shape = shape_interval(record);
        if (!shape)
                return ctl_errno(ctl, -ENOMEM, cannot_read);
        shape_print(stdout, shape);
        json_object_put(shape);
        return 0;
}

/* Lines from the daemon as they come: no more than one of them is ever held. */
static int lines_show(const Ctl *ctl, FILE *lines, LogRows *rows) {
        cleanup_(tokener_freep) struct json_tokener *tokener = json_tokener_new();
        cleanup_free_ char *line = NULL;
        size_t n_allocated = 0;
        ssize_t n;
        int r = 0;

        if (!tokener)
                return ctl_errno(ctl, -ENOMEM, cannot_read);

        errno = 0;
        while (r == 0 && (n = getline(&line, &n_allocated, lines)) > 0) {
                struct json_object *record;

                json_tokener_reset(tokener);
                record = json_tokener_parse_ex(tokener, line, (int) n);
                if (!json_object_is_type(record, json_type_object)) {
                        json_object_put(record);
                        return ctl_errno(ctl, -EBADMSG, cannot_read);
                }

                if (*record_text(record, "Error")) {
                        ctl_error(ctl, record_text(record, "Error"), record_text(record, "Message"));
                        r = CLIENT_EXIT_REFUSED;
                } else
                        r = record_show(ctl, record, rows);
                json_object_put(record);
        }

        if (r == 0 && ferror(lines))
                r = ctl_errno(ctl, errno != 0 ? -errno : -EIO, cannot_read);
        return r;
}

static int export_open(const Ctl *ctl, const char *period, const TaskArg *task, FILE **ret_lines) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL, *reply = NULL;
        cleanup_close_ int fd = -1;
        int r, theirs;

        if (client_message_new(ctl->client, POMOD_INTERFACE_HISTORY, "Export", &m) < 0)
                return ctl_failed(ctl);
        if ((r = sd_bus_message_append(m, "s", period)) < 0 || (r = client_options_open(m)) < 0 ||
                        (task->given && (r = client_option_u64(m, "task-id", task->id)) < 0) ||
                        (r = client_options_close(m)) < 0)
                return ctl_cannot_ask(ctl, r);
        if (client_send(ctl->client, m, &reply) < 0)
                return ctl_failed(ctl);

        r = sd_bus_message_read(reply, "h", &theirs);
        if (r < 0)
                return ctl_unreadable(ctl, r);

        /* The message closes its own. */
        fd = fcntl(theirs, F_DUPFD_CLOEXEC, 3);
        if (fd < 0)
                return ctl_errno(ctl, -errno, cannot_read);
        *ret_lines = fdopen(fd, "re");
        if (!*ret_lines)
                return ctl_errno(ctl, -errno, cannot_read);
        (void) steal_fd(fd);
        return 0;
}

int verb_log(Ctl *ctl, const Args *args) {
        const char *period = args->n_words > 0 ? args->words[0] : "today", *of = args_value(args, "task");
        LogRows rows = { .ctl = ctl, .file = stdout };
        cleanup_(task_arg_done) TaskArg task = { 0 };
        cleanup_(closep) FILE *lines = NULL;
        int r = 0;

        if (!is_period(period))
                return no_period(ctl, period);
        r = ctl_at_most(ctl, args, 1);
        if (r == 0 && of)
                r = task_arg_find(ctl, of, NULL, &task);
        if (r == 0 && of && task.id == 0)
                r = ctl_failed(ctl);
        if (r == 0)
                r = export_open(ctl, period, &task, &lines);
        if (r == 0)
                r = lines_show(ctl, lines, &rows);
        if (r == 0 && !ctl->json)
                log_rows_end(&rows);
        return r;
}
