/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clients/pomoctl/days.h"
#include "clients/pomoctl/log-rows.h"
#include "clients/pomoctl/record.h"
#include "clients/pomoctl/json.h"
#include "clients/pomoctl/task-arg.h"
#include "clients/pomoctl/verb.h"
#include "common/caps.h"
#include "common/duration.h"
#include "common/names.h"

/* ---- which interval ---- */

static int keep_last(struct json_object *record, void *userdata) {
        uint64_t *id = userdata;

        *id = record_u64(record, "Id");
        return 0;
}

/* The one that began last, of today or else of this week. */
static int last_id(const Ctl *ctl, uint64_t *ret_id) {
        static const char *const periods[] = { "today", "week" };
        uint64_t id = 0;
        int r;

        for (size_t i = 0; i < sizeof(periods) / sizeof(periods[0]) && id == 0; i++) {
                cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;

                if (client_call(ctl->client, POMOD_INTERFACE_HISTORY, "Query", &reply, "sa{sv}", periods[i],
                                    0) < 0)
                        return ctl_failed(ctl);
                r = record_each(reply, keep_last, &id);
                if (r < 0)
                        return ctl_unreadable(ctl, r);
        }

        if (id == 0) {
                ctl_error(ctl, POMOD_ERROR_PREFIX "NoSuchInterval",
                                "there is no last interval: nothing in this week's log");
                return CLIENT_EXIT_REFUSED;
        }
        *ret_id = id;
        return 0;
}

static int interval_meant(const Ctl *ctl, const Args *args, uint64_t *ret_id) {
        uint64_t id;

        if (args->n_words == 0)
                return ctl_usage(ctl, "which interval? its id is in: pomoctl log; or say last");
        if (strcmp(args->words[0], "last") == 0)
                return last_id(ctl, ret_id);
        if (id_parse(args->words[0], &id) < 0)
                return ctl_usage(ctl, "'%.64s' is no id of an interval; say it like 12 or #12, or last",
                                args->words[0]);
        *ret_id = id;
        return 0;
}

/* ---- what became of it ---- */

/* task NULL: none could be made for it. */
static int say(const Ctl *ctl, const char *what, uint64_t id, const TaskArg *task) {
        cleanup_(record_putp) struct json_object *record = NULL, *shown = NULL;
        int r;

        r = record_of_interval(ctl, id, &record);
        if (r != 0)
                return r;

        if (ctl->json) {
                shown = json_of_interval(record);
                if (task && task->created)
                        json_add_id(shown, "created_task", task->id);
                json_print(stdout, shown);
                return 0;
        }

        printf("%s ", what);
        log_line_print(stdout, record);
        return 0;
}

static int say_gone(const Ctl *ctl, uint64_t id) {
        if (ctl->json)
                printf("{\"id\":%" PRIu64 ",\"deleted\":true}\n", id);
        else
                printf("deleted #%" PRIu64 "; pomoctl log undo brings it back\n", id);
        return 0;
}

/* ---- add ---- */

static bool is_date(const char *text) {
        Date date;

        return day_is_word(text) || date_parse(text, &date) == 0;
}

/*
 * The words that make up the stretch: "09:00-10:15", "2026-07-01 09:00-10:15", or over three words
 * "2026-07-01 23:00..2026-07-02 01:00". *ret_words of them; the text is the caller's, NULL without memory.
 */
static char *range_words(const Args *args, unsigned *ret_words) {
        unsigned n = 1;
        char *text = NULL;
        Args some = *args;

        if (is_date(args->words[0]) && args->n_words > 1) {
                const char *dots = strstr(args->words[1], "..");

                n = dots && is_date(dots + 2) && args->n_words > 2 ? 3 : 2;
        }

        some.n_words = n;
        if (args_join(&some, 0, &text) < 0)
                return NULL;
        *ret_words = n;
        return text;
}

static int kind_check(const Ctl *ctl, const char *kind) {
        int state = client_state_from_string(kind);

        if (state == CLIENT_POMODORO || state == CLIENT_FREEFORM)
                return 0;
        return ctl_usage(ctl, "'%.64s' is no kind; say pomodoro or freeform", kind);
}

/* --kind and --note, which add and edit share, checked. */
static int shared_check(const Ctl *ctl, const Args *args) {
        const char *kind = args_value(args, "kind"), *note = args_value(args, "note");
        int r = 0;

        if (kind)
                r = kind_check(ctl, kind);
        if (r == 0 && note)
                r = ctl_check_text(ctl, "note", note, CAP_NOTE_BYTES);
        return r;
}

static int shared_append(const Args *args, sd_bus_message *m) {
        int r;

        r = client_option_string(m, "kind", args_value(args, "kind"));
        return r < 0 ? r : client_option_string(m, "note", args_value(args, "note"));
}

static int add_send(
                const Ctl *ctl, const Args *args, time_t start, time_t end, TaskArg *task, uint64_t *ret_id) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;
        int r;

        if (client_message_new(ctl->client, POMOD_INTERFACE_HISTORY, "Add", &m) < 0)
                return ctl_failed(ctl);
        if ((r = sd_bus_message_append(
                             m, "tt", (uint64_t) start * USEC_PER_SEC, (uint64_t) end * USEC_PER_SEC)) < 0 ||
                        (r = client_options_open(m)) < 0 || (r = shared_append(args, m)) < 0 ||
                        (r = task_arg_append(task, m)) < 0 || (r = client_options_close(m)) < 0)
                return ctl_cannot_ask(ctl, r);
        return task_arg_send(ctl, m, task, ret_id);
}

static int verb_log_add(Ctl *ctl, const Args *args) {
        cleanup_free_ char *range = NULL, *spelled = NULL, *title = NULL;
        cleanup_(task_arg_done) TaskArg task = {};
        char sentence[TIMES_SENTENCE_MAX];
        time_t start, end;
        uint32_t day_start_sec;
        unsigned used;
        uint64_t id;
        int r;

        if (args->n_words == 0)
                return ctl_usage(ctl, "when, and what? pomoctl log add 09:00-10:15 Write report");
        range = range_words(args, &used);
        if (!range || args_join(args, used, &title) < 0)
                return ctl_cannot_ask(ctl, -ENOMEM);

        r = shared_check(ctl, args);
        if (r == 0)
                r = ctl_use_zone(ctl);
        if (r == 0)
                r = ctl_day_start(ctl, &day_start_sec);
        if (r != 0)
                return r;
        spelled = days_spelled_out(range, time(NULL), false);
        if (!spelled)
                return ctl_cannot_ask(ctl, -ENOMEM);
        if (time_range_parse(spelled, time(NULL), day_start_sec, &start, &end, sentence) < 0)
                return ctl_usage(ctl, "%s", sentence);
        if (start < 0)
                return ctl_usage(ctl, "'%.64s' is before 1970", range);

        r = task_arg_read(ctl, title, args_value(args, "project"), &task);
        if (r == 0)
                r = add_send(ctl, args, start, end, &task, &id);
        return r != 0 ? r : say(ctl, "added", id, &task);
}

/* ---- edit, trim ---- */

/*
 * The log shows an interval in the time of the place where it was worked, so what is typed to correct it is
 * of that place, too: from here on that is the zone of this process.
 */
static int use_zone_of(Ctl *ctl, struct json_object *record) {
        time_t started = (time_t) (record_u64(record, "StartedRealtimeUSec") / USEC_PER_SEC);
        int32_t offset = (int32_t) record_i64(record, "OffsetSec"), size = offset < 0 ? -offset : offset;
        struct tm local;
        char zone[48];
        int r;

        r = ctl_use_zone(ctl);
        if (r != 0 || (localtime_r(&started, &local) && local.tm_gmtoff == offset))
                return r;

        /* POSIX counts to the west. */
        snprintf(zone, sizeof(zone), "<there>%c%d:%02d:%02d", offset < 0 ? '+' : '-', size / 3600,
                        size / 60 % 60, size % 60);
        if (setenv("TZ", zone, 1) < 0)
                return ctl_errno(ctl, -errno, "cannot set the time zone");
        tzset();
        return 0;
}

/* A time that was typed for an interval: alone it is on the day that `near` is on. */
static int time_option(const Ctl *ctl, const char *text, uint64_t near_usec, uint64_t *ret_usec) {
        cleanup_free_ char *spelled = days_spelled_out(text, time(NULL), false);
        char sentence[TIMES_SENTENCE_MAX];
        time_t t;

        if (!spelled)
                return ctl_cannot_ask(ctl, -ENOMEM);
        if (time_parse(spelled, (time_t) (near_usec / USEC_PER_SEC), &t, sentence) < 0)
                return ctl_usage(ctl, "%s", sentence);
        if (t < 0)
                return ctl_usage(ctl, "'%.64s' is before 1970", text);

        *ret_usec = (uint64_t) t * USEC_PER_SEC;
        return 0;
}

static int edit_task(const Ctl *ctl, const Args *args, TaskArg *ret_task, bool *ret_none) {
        const char *text = args_value(args, "task");

        *ret_none = text && (strcmp(text, "none") == 0 || *text == '\0');
        if (*ret_none)
                text = NULL;
        return task_arg_read(ctl, text, args_value(args, "project"), ret_task);
}

static int verb_log_edit(Ctl *ctl, const Args *args) {
        const char *start = args_value(args, "start"), *end = args_value(args, "end");
        cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;
        cleanup_(record_putp) struct json_object *record = NULL;
        cleanup_(task_arg_done) TaskArg task = {};
        uint64_t id, start_usec = 0, end_usec = 0;
        bool no_task = false;
        int r;

        if (!start && !end && !args_has(args, "task") && !args_has(args, "project") &&
                        !args_has(args, "note") && !args_has(args, "kind"))
                return ctl_usage(ctl,
                                "nothing to change: give --start, --end, --task, with it --project, --note or --kind");
        r = shared_check(ctl, args);
        if (r == 0)
                r = interval_meant(ctl, args, &id);
        if (r == 0 && (start || end)) {
                r = record_of_interval(ctl, id, &record);
                if (r == 0)
                        r = use_zone_of(ctl, record);
        }
        if (r == 0 && start)
                r = time_option(ctl, start, record_u64(record, "StartedRealtimeUSec"), &start_usec);
        if (r == 0 && end)
                r = time_option(ctl, end, record_u64(record, "EndedRealtimeUSec"), &end_usec);
        if (r == 0)
                r = edit_task(ctl, args, &task, &no_task);
        if (r != 0)
                return r;

        if (client_message_new(ctl->client, POMOD_INTERFACE_HISTORY, "Edit", &m) < 0)
                return ctl_failed(ctl);
        if ((r = sd_bus_message_append(m, "t", id)) < 0 || (r = client_options_open(m)) < 0 ||
                        (r = shared_append(args, m)) < 0 || (r = task_arg_append(&task, m)) < 0 ||
                        (no_task && (r = client_option_u64(m, "task-id", 0)) < 0) ||
                        (start && (r = client_option_u64(m, "started-realtime-usec", start_usec)) < 0) ||
                        (end && (r = client_option_u64(m, "ended-realtime-usec", end_usec)) < 0) ||
                        (r = client_options_close(m)) < 0)
                return ctl_cannot_ask(ctl, r);
        r = task_arg_send(ctl, m, &task, NULL);
        return r != 0 ? r : say(ctl, "changed", id, &task);
}

/* Where a time alone is before the start on the day of the start, the one of the day it ended on is meant. */
static int trim_end(const Ctl *ctl, const char *text, struct json_object *record, uint64_t *ret_end) {
        uint64_t started = record_u64(record, "StartedRealtimeUSec"),
                 ended = record_u64(record, "EndedRealtimeUSec");
        uint64_t end;
        int r;

        r = time_option(ctl, text, started, &end);
        if (r == 0 && end <= started)
                r = time_option(ctl, text, ended, &end);
        if (r != 0)
                return r;

        if (strcmp(record_text(record, "Outcome"), "running") == 0)
                return ctl_usage(ctl, "#%" PRIu64 " is running; end it with: pomoctl stop --at %.64s",
                                record_u64(record, "Id"), text);
        if (end <= started)
                return ctl_usage(ctl, "'%.64s' is not after the start of #%" PRIu64, text,
                                record_u64(record, "Id"));
        if (end > ended)
                return ctl_usage(ctl,
                                "'%.64s' is after the end of #%" PRIu64
                                ", and trimming only makes it shorter; to make it longer: pomoctl log edit %" PRIu64
                                " --end %.64s",
                                text, record_u64(record, "Id"), record_u64(record, "Id"), text);

        *ret_end = end;
        return 0;
}

static int verb_log_trim(Ctl *ctl, const Args *args) {
        cleanup_(record_putp) struct json_object *record = NULL;
        cleanup_free_ char *text = NULL;
        uint64_t id, end = 0;
        int r;

        if (args->n_words < 2)
                return ctl_usage(ctl, "which interval, and when did it end? pomoctl log trim 12 18:10");
        if (args_join(args, 1, &text) < 0)
                return ctl_cannot_ask(ctl, -ENOMEM);

        r = interval_meant(ctl, args, &id);
        if (r == 0)
                r = record_of_interval(ctl, id, &record);
        if (r == 0)
                r = use_zone_of(ctl, record);
        if (r == 0)
                r = trim_end(ctl, text, record, &end);
        if (r != 0)
                return r;

        r = client_call(ctl->client, POMOD_INTERFACE_HISTORY, "Edit", NULL, "ta{sv}", id, 1,
                        "ended-realtime-usec", "t", end);
        return r < 0 ? ctl_failed(ctl) : say(ctl, "changed", id, NULL);
}

/* ---- delete, undo, redo ---- */

static int verb_log_delete(Ctl *ctl, const Args *args) {
        uint64_t id;
        int r;

        r = interval_meant(ctl, args, &id);
        if (r != 0)
                return r;
        if (client_call(ctl->client, POMOD_INTERFACE_HISTORY, "Delete", NULL, "ta{sv}", id, 0) < 0)
                return ctl_failed(ctl);
        return say_gone(ctl, id);
}

static int go_back_or_forth(const Ctl *ctl, const Args *args, const char *member, const char *what) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        cleanup_(record_putp) struct json_object *record = NULL;
        uint64_t id;
        int r;

        if (client_call(ctl->client, POMOD_INTERFACE_HISTORY, member, &reply, "a{sv}", 0) < 0)
                return ctl_failed(ctl);
        r = sd_bus_message_read(reply, "t", &id);
        if (r < 0)
                return ctl_unreadable(ctl, r);

        r = record_find_interval(ctl, id, &record);
        if (r != 0)
                return r;
        if (record)
                return say(ctl, what, id, NULL);

        if (ctl->json)
                printf("{\"id\":%" PRIu64 ",\"deleted\":true}\n", id);
        else
                printf("%s #%" PRIu64 ": it is no longer in the log\n", what, id);
        return 0;
}

static int verb_log_undo(Ctl *ctl, const Args *args) {
        return go_back_or_forth(ctl, args, "Undo", "undone, so it is");
}

static int verb_log_redo(Ctl *ctl, const Args *args) {
        return go_back_or_forth(ctl, args, "Redo", "redone, so it is");
}

/* ---- the rows of the table of verbs ---- */

/* clang-format off */
const Verb verbs_of_log_edits[] = {
        {
                .name = "log add",
                .usage = "RANGE [TASK] [OPTION…]",
                .words = WORDS_ANY,
                .sentence = "add what was worked without pomod",
                .details = DETAILS("RANGE is 09:00-10:15 of today, \"2026-07-01 09:00-10:15\" or \"2026-07-01 22:00..2026-07-02 01:00\"; instead of a date also yesterday or monday, which is the last one. TASK as for start."),
                .options = OPTIONS(
                                { "kind", "KIND", "pomodoro or freeform" },
                                { "note", "NOTE", "a note" }, PROJECT_OPTION),
                .examples = ITEMS({ "pomoctl log add 09:00-10:15 Write report", "this morning" },
                                { "pomoctl log add yesterday 09:00-10:15 '#7'", "another day" }, ),
                .run = verb_log_add,
        },
        {
                .name = "log edit",
                .usage = "ID [OPTION…]",
                .words = 1,
                .sentence = "correct an interval",
                .details = DETAILS("ID is 12 or #12 as the log shows it, or last. A time alone is on the day of the interval."),
                .options = OPTIONS({ "start", "TIME", "when it began" },
                                { "end", "TIME", "when it ended" },
                                { "task", "TASK", "what it was worked on; none: nothing" },
                                { "note", "NOTE", "a note" },
                                { "kind", "KIND", "pomodoro or freeform" },
                                PROJECT_OPTION),
                .examples = ITEMS({ "pomoctl log edit last --start 09:05 --task '#7'",
                                                  "begun later, on that task" }, ),
                .run = verb_log_edit,
        },
        {
                .name = "log trim",
                .usage = "ID TIME",
                .words = WORDS_ANY,
                .sentence = "let an interval end earlier, never later",
                .examples = ITEMS({ "pomoctl log trim 12 18:10", "I had left by then" }, ),
                .run = verb_log_trim,
        },
        {
                .name = "log delete",
                .usage = "ID",
                .words = 1,
                .sentence = "take an interval out of the log",
                .examples = ITEMS({ "pomoctl log delete 12", "that was no work" }, ),
                .run = verb_log_delete,
        },
        {
                .name = "log undo",
                .usage = "",
                .sentence = "take the last change of the log back",
                .examples = ITEMS({ "pomoctl log undo", "again for the one before" }, ),
                .run = verb_log_undo,
        },
        {
                .name = "log redo",
                .usage = "",
                .sentence = "make the change again that was taken back",
                .examples = ITEMS({ "pomoctl log redo", "after an undo too many" }, ),
                .run = verb_log_redo,
        },
        {},
};
/* clang-format on */
