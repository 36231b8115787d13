/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "clients/pomoctl/json.h"
#include "clients/pomoctl/log-rows.h"
#include "clients/pomoctl/task-arg.h"
#include "clients/pomoctl/verb.h"
#include "common/caps.h"
#include "common/cleanup.h"
#include "common/names.h"

static const char cannot_read[] = "cannot read the log";

static void closep(FILE **file) {
        if (*file)
                fclose(*file);
}

static void tokener_freep(struct json_tokener **tokener) {
        if (*tokener)
                json_tokener_free(*tokener);
}

/* What runs has worked since it was last stored: what the timer says of it is the newer word. */
static int running_refresh(const Ctl *ctl, struct json_object *record) {
        cleanup_(timer_state_done) TimerState timer = {};

        if (strcmp(record_text(record, "Outcome"), "running") != 0)
                return 0;
        if (client_get_timer(ctl->program.client, &timer) < 0)
                return program_failed(&ctl->program);
        if (timer.state != CLIENT_IDLE && timer.interval_id == record_u64(record, "Id"))
                json_add_number(record, "WorkedUSec", timer_state_elapsed_usec(&timer, boottime_now_usec()));
        return 0;
}

static int record_show(const Ctl *ctl, struct json_object *record, LogRows *rows) {
        int r = running_refresh(ctl, record);

        if (r != 0)
                return r;
        if (!ctl->program.json) {
                log_rows_add(rows, record);
                return 0;
        }

        json_print_and_put(stdout, json_of_interval(record));
        return 0;
}

/* Lines from the daemon as they come: no more than one of them is ever held. */
static int lines_show(const Ctl *ctl, FILE *lines, LogRows *rows) {
        cleanup_(tokener_freep) struct json_tokener *tokener = memory_check(json_tokener_new());
        cleanup_free_ char *line = NULL;
        size_t n_allocated = 0;
        ssize_t n;
        int r = 0;

        errno = 0;
        while (r == 0 && (n = getline(&line, &n_allocated, lines)) > 0) {
                struct json_object *record;

                json_tokener_reset(tokener);
                record = json_tokener_parse_ex(tokener, line, (int) n);
                if (!json_object_is_type(record, json_type_object)) {
                        json_object_put(record);
                        return program_errno(&ctl->program, -EBADMSG, cannot_read);
                }

                if (*record_text(record, "Error")) {
                        program_error(&ctl->program, record_text(record, "Error"),
                                        record_text(record, "Message"));
                        r = CLIENT_EXIT_REFUSED;
                } else
                        r = record_show(ctl, record, rows);
                json_object_put(record);
        }

        if (r == 0 && ferror(lines))
                r = program_errno(&ctl->program, errno != 0 ? -errno : -EIO, cannot_read);
        return r;
}

static int export_open(
                const Ctl *ctl, const char *period, const TaskArg *task, const char *tag, FILE **ret_lines) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        Client *client = ctl->program.client;
        cleanup_close_ int fd = -1;
        int r, theirs;

        if (client_call(client, POMOD_INTERFACE_HISTORY, "Export",
                            CLIENT_OPTIONS(client_option_flag("interruptions", true),
                                            client_option_text("tag", tag),
                                            client_option_u64("task-id", task->id)),
                            &reply, "s", period) < 0)
                return client_was_refused(client, "InvalidArgument")
                                       ? ctl_no_argument(ctl, period, client_error_message(client))
                                       : program_failed(&ctl->program);
        r = program_read(&ctl->program, reply, "h", &theirs);
        if (r != 0)
                return r;

        /* The message closes its own. */
        fd = fcntl(theirs, F_DUPFD_CLOEXEC, 3);
        if (fd < 0)
                return program_errno(&ctl->program, -errno, cannot_read);
        *ret_lines = fdopen(fd, "re");
        if (!*ret_lines)
                return program_errno(&ctl->program, -errno, cannot_read);
        (void) steal_fd(fd);
        return 0;
}

static int verb_log(Ctl *ctl, const Args *args) {
        const char *period = args->n_words > 0 ? args->words[0] : "today", *of = args_value(args, "task");
        LogRows rows = { .ctl = ctl, .file = stdout, .columns = ctl_columns() };
        cleanup_(task_arg_done) TaskArg task = {};
        cleanup_(closep) FILE *lines = NULL;
        int r = ctl_check_text(ctl, "period", period, CAP_TITLE_BYTES);

        if (r == 0 && of)
                r = task_arg_find_known(ctl, of, NULL, &task);
        r = r ?: export_open(ctl, period, &task, args_value(args, "tag"), &lines);
        r = r ?: lines_show(ctl, lines, &rows);
        if (r == 0 && !ctl->program.json)
                log_rows_end(&rows);
        return r;
}

/* ---- the rows of the table of verbs ---- */

/* clang-format off */
const Verb verbs_of_log[] = {
        { .name = "log", .usage = "[PERIOD] [--task TASK] [--tag WORD]", .words = 1, .run = verb_log,
          .brief = "show what was worked; also: add, edit, trim, delete, undo, redo",
          .sentence = "show what was worked; alone: today",
          .details = DETAILS("Times are those of the place where it was worked. INT+EXT are interruptions, by oneself and by others.",
                             "overtime: begun with --anyway, outside the hours of the rules; the sums say how much was worked outside of the hours, by the rules as they are now. edited: corrected by hand. In brackets is why it ended: the text of stop --reason, or stopped without one; switched, another start took its place; schedule, a rule's AutoSwitch did; suspend, the computer slept; reboot, it was off; restored, a backup was taken back."),
          .terms = ITEMS(
                  { "today, yesterday", "a day; it begins when the setting day-start says" },
                  { "monday, mon", "the last one up to today" },
                  { "2026-07-01", "a date" },
                  { "week, last-week", "from the day on which your weeks begin, by the setting week-start" },
                  { "month, last-month, 2026-07", "a month" },
                  { "2026-07-01..today", "from one day to another, both included" },
                  { "all", "everything" }, ), .terms_title = "Periods",
          .options = OPTIONS({ "task", "TASK", "only what was worked on that task" },
                             { "tag", "WORD", "only what was worked on tasks with that tag" }, ),
          .examples = ITEMS({ "pomoctl log week", "this week" },
                          { "pomoctl log last-month", "what to write a bill for" },
                          { "pomoctl log 2026-07-01..2026-07-14 --json",
                                          "two weeks, for a script" }, ) },
        {},
};
/* clang-format on */
