/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clients/lib/memory.h"
#include "clients/pomoctl/days.h"
#include "clients/pomoctl/json.h"
#include "clients/pomoctl/log-rows.h"
#include "clients/pomoctl/records.h"
#include "clients/pomoctl/task-arg.h"
#include "clients/pomoctl/verb.h"
#include "common/caps.h"
#include "common/cleanup.h"
#include "common/duration.h"
#include "common/names.h"

/* ---- which interval ---- */

/* The one that began last, of today or else of this week. */
static int last_id(const Ctl *ctl, uint64_t *ret_id) {
        static const char *const periods[] = { "today", "week" };
        uint64_t id = 0;

        for (size_t i = 0; i < sizeof(periods) / sizeof(periods[0]) && id == 0; i++) {
                cleanup_(records_done) Records records = records_ask(
                                &ctl->program, POMOD_INTERFACE_HISTORY, "Query", NULL, "s", periods[i]);

                for (struct json_object *record; (record = records_next(&records));)
                        id = record_u64(record, "Id");
                if (records.status != 0)
                        return records.status;
        }

        if (id == 0) {
                program_error(&ctl->program, POMOD_ERROR_PREFIX "NoSuchInterval",
                                "there is no last interval: nothing in this week's log");
                return CLIENT_EXIT_REFUSED;
        }
        *ret_id = id;
        return 0;
}

static int interval_meant(const Ctl *ctl, const Args *args, uint64_t *ret_id) {
        if (args->n_words == 0)
                return ctl_usage(ctl, "which interval? its id is in: pomoctl log; or say last");
        if (strcmp(args->words[0], "last") == 0)
                return last_id(ctl, ret_id);
        if (id_parse(args->words[0], ret_id) < 0)
                return ctl_usage(ctl, "'%.64s' is no id of an interval; say it like 12 or #12, or last",
                                args->words[0]);
        return 0;
}

/* ---- what became of it ---- */

/* task NULL: none could be made for it. */
static void record_say(const Ctl *ctl, const char *what, struct json_object *record, const TaskArg *task) {
        if (ctl->program.json) {
                struct json_object *shown = json_of_interval(record);

                if (task && task->created)
                        json_add_id(shown, "created_task", task->id);
                json_print_and_put(stdout, shown);
        } else {
                printf("%s ", what);
                log_line_print(stdout, record);
        }
}

static int say(const Ctl *ctl, const char *what, uint64_t id, const TaskArg *task) {
        cleanup_(record_putp) struct json_object *record = NULL;
        int r = record_of_interval(&ctl->program, id, &record);

        if (r == 0)
                record_say(ctl, what, record, task);
        return r;
}

/* ---- add ---- */

static bool is_date(const char *text) {
        Date date;

        return day_is_word(text) || date_parse(text, &date) == 0;
}

/*
 * The words that make up the stretch: "09:00-10:15", "2026-07-01 09:00-10:15", or over three words
 * "2026-07-01 23:00..2026-07-02 01:00": how many they are.
 */
static unsigned range_words(const Args *args) {
        const char *dots;

        if (!is_date(args->words[0]) || args->n_words < 2)
                return 1;
        dots = strstr(args->words[1], "..");
        return dots && is_date(dots + 2) && args->n_words > 2 ? 3 : 2;
}

static int kind_check(const Ctl *ctl, const char *kind) {
        int state = client_state_from_string(kind);

        if (state == CLIENT_POMODORO || state == CLIENT_FREEFORM)
                return 0;
        return ctl_usage(ctl, "'%.64s' is no kind; say pomodoro or freeform", kind);
}

/* --kind and --note, which add and edit share, checked. */
static int shared_check(const Ctl *ctl, const Args *args) {
        const char *kind = args_value(args, "kind");
        int r = kind ? kind_check(ctl, kind) : 0;

        return r != 0 ? r : ctl_check_text(ctl, "note", args_value(args, "note"), CAP_NOTE_BYTES);
}

#define SHARED_OPTIONS(args)                                    \
        client_option_text("kind", args_value((args), "kind")), \
                        client_option_text("note", args_value((args), "note"))

/* The stretch as it was typed, in the zone of the settings. */
static int range_read(const Ctl *ctl, const char *range, time_t *ret_start, time_t *ret_end) {
        char sentence[TIMES_SENTENCE_MAX];
        cleanup_free_ char *spelled = NULL;
        uint32_t day_start_sec;
        int r = program_use_zone(&ctl->program) ?: setting_day_start(&ctl->program, &day_start_sec);

        if (r != 0)
                return r;
        spelled = memory_check(days_spelled_out(range, time(NULL), false));
        if (time_range_parse(spelled, time(NULL), day_start_sec, ret_start, ret_end, sentence) < 0)
                return ctl_usage(ctl, "%s", sentence);
        return *ret_start < 0 ? ctl_usage(ctl, "'%.64s' is before 1970", range) : 0;
}

static int verb_log_add(Ctl *ctl, const Args *args) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        cleanup_free_ char *range = NULL, *title = NULL;
        cleanup_(task_arg_done) TaskArg task = {};
        time_t start, end;
        unsigned used;
        uint64_t id;
        int r;

        if (args->n_words == 0)
                return ctl_usage(ctl, "when, and what? pomoctl log add 09:00-10:15 Write report");
        used = range_words(args);
        range = args_join(args, 0, used);
        title = args_join(args, used, ARGS_ALL);

        r = shared_check(ctl, args);
        r = r ?: range_read(ctl, range, &start, &end);
        r = r ?: task_arg_read(ctl, title, args_value(args, "project"), &task);
        r = r
                            ?: program_call(&ctl->program, POMOD_INTERFACE_HISTORY, "Add",
                                               CLIENT_OPTIONS(SHARED_OPTIONS(args), TASK_ARG_OPTIONS(&task)),
                                               &reply, "tt", (uint64_t) start * USEC_PER_SEC,
                                               (uint64_t) end * USEC_PER_SEC);
        r = r ?: task_arg_answered(ctl, reply, &task, &id);
        return r != 0 ? r : say(ctl, "added", id, &task);
}

/* ---- edit, trim ---- */

/*
 * The log shows an interval in the time of the place where it was worked, so what is typed to correct it is
 * of that place, too: from here on that is the zone of this process.
 */
static int use_zone_of(const Ctl *ctl, struct json_object *record) {
        time_t started = record_time(record, "StartedRealtimeUSec");
        int32_t offset = (int32_t) record_i64(record, "OffsetSec"), size = offset < 0 ? -offset : offset;
        struct tm local;
        char zone[48];
        int r = program_use_zone(&ctl->program);

        if (r != 0 || (localtime_r(&started, &local) && local.tm_gmtoff == offset))
                return r;

        /* POSIX counts to the west. */
        snprintf(zone, sizeof(zone), "<there>%c%d:%02d:%02d", offset < 0 ? '+' : '-', size / 3600,
                        size / 60 % 60, size % 60);
        zone_use(zone);
        return 0;
}

/* A time that was typed for an interval: alone it is on the day that `near` is on. */
static int time_option(const Ctl *ctl, const char *text, uint64_t near_usec, uint64_t *ret_usec) {
        cleanup_free_ char *spelled = memory_check(days_spelled_out(text, time(NULL), false));
        char sentence[TIMES_SENTENCE_MAX];
        time_t t;

        if (time_parse(spelled, (time_t) (near_usec / USEC_PER_SEC), &t, sentence) < 0)
                return ctl_usage(ctl, "%s", sentence);
        if (t < 0)
                return ctl_usage(ctl, "'%.64s' is before 1970", text);

        *ret_usec = (uint64_t) t * USEC_PER_SEC;
        return 0;
}

/* --start and --end, in the zone of the interval; 0: not given. */
static int edges_read(const Ctl *ctl, const Args *args, uint64_t id, uint64_t *ret_start, uint64_t *ret_end) {
        const char *start = args_value(args, "start"), *end = args_value(args, "end");
        cleanup_(record_putp) struct json_object *record = NULL;
        int r;

        *ret_start = *ret_end = 0;
        if (!start && !end)
                return 0;
        r = record_of_interval(&ctl->program, id, &record) ?: use_zone_of(ctl, record);
        if (r == 0 && start)
                r = time_option(ctl, start, record_u64(record, "StartedRealtimeUSec"), ret_start);
        if (r == 0 && end)
                r = time_option(ctl, end, record_u64(record, "EndedRealtimeUSec"), ret_end);
        return r;
}

/* Id 0 takes the task away. */
static ClientOption no_task(bool given) {
        return given ? client_option_number("task-id", 't', 0) : client_option_u64("task-id", 0);
}

static bool something_given(const Ctl *ctl, const Args *args) {
        for (const Option *option = ctl->verb->options; option->name; option++)
                if (args_has(args, option->name))
                        return true;
        return false;
}

static int verb_log_edit(Ctl *ctl, const Args *args) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        cleanup_(task_arg_done) TaskArg task = {};
        const char *title = args_value(args, "task");
        bool none = title && (strcmp(title, "none") == 0 || *title == '\0');
        uint64_t id, start, end;
        int r;

        if (!something_given(ctl, args))
                return ctl_usage(ctl,
                                "nothing to change: give --start, --end, --task, with it --project, --note or --kind");
        r = shared_check(ctl, args);
        r = r ?: interval_meant(ctl, args, &id);
        r = r ?: edges_read(ctl, args, id, &start, &end);
        r = r ?: task_arg_read(ctl, none ? NULL : title, args_value(args, "project"), &task);
        if (r == 0)
                r = program_call(&ctl->program, POMOD_INTERFACE_HISTORY, "Edit",
                                CLIENT_OPTIONS(SHARED_OPTIONS(args), TASK_ARG_OPTIONS(&task), no_task(none),
                                                client_option_u64("started-realtime-usec", start),
                                                client_option_u64("ended-realtime-usec", end)),
                                &reply, "t", id);
        r = r ?: task_arg_answered(ctl, reply, &task, NULL);
        return r != 0 ? r : say(ctl, "changed", id, &task);
}

/* Where a time alone is before the start on the day of the start, the one of the day it ended on is meant. */
static int trim_end(const Ctl *ctl, const char *text, struct json_object *record, uint64_t *ret_end) {
        uint64_t started = record_u64(record, "StartedRealtimeUSec"),
                 ended = record_u64(record, "EndedRealtimeUSec");
        uint64_t end;
        int r = time_option(ctl, text, started, &end);

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
        cleanup_free_ char *text = args_join(args, 1, ARGS_ALL);
        uint64_t id, end = 0;
        int r;

        if (!text)
                return ctl_usage(ctl, "which interval, and when did it end? pomoctl log trim 12 18:10");

        r = interval_meant(ctl, args, &id);
        r = r ?: record_of_interval(&ctl->program, id, &record);
        r = r ?: use_zone_of(ctl, record);
        r = r ?: trim_end(ctl, text, record, &end);
        r = r
                            ?: program_call(&ctl->program, POMOD_INTERFACE_HISTORY, "Edit",
                                               CLIENT_OPTIONS(client_option_u64("ended-realtime-usec", end)),
                                               NULL, "t", id);
        return r != 0 ? r : say(ctl, "changed", id, NULL);
}

/* ---- delete, undo, redo ---- */

static int verb_log_delete(Ctl *ctl, const Args *args) {
        uint64_t id;
        int r = interval_meant(ctl, args, &id)
                                ?: program_call(&ctl->program, POMOD_INTERFACE_HISTORY, "Delete", NULL, NULL,
                                                   "t", id);

        if (r != 0)
                return r;
        if (ctl->program.json)
                json_say("tb", "id", id, "deleted", true);
        else
                printf("deleted #%" PRIu64 "; pomoctl log undo brings it back\n", id);
        return 0;
}

static int go_back_or_forth(const Ctl *ctl, const char *member, const char *what) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        cleanup_(record_putp) struct json_object *record = NULL;
        uint64_t id;
        int r = program_call(&ctl->program, POMOD_INTERFACE_HISTORY, member, NULL, &reply, "");

        r = r ?: program_read(&ctl->program, reply, "t", &id);
        r = r ?: record_find_interval(&ctl->program, id, &record);
        if (r != 0)
                return r;

        if (record)
                record_say(ctl, what, record, NULL);
        else if (ctl->program.json)
                json_say("tb", "id", id, "deleted", true);
        else
                printf("%s #%" PRIu64 ": it is no longer in the log\n", what, id);
        return 0;
}

static int verb_log_undo(Ctl *ctl, const Args *args) {
        return go_back_or_forth(ctl, "Undo", "undone, so it is");
}

static int verb_log_redo(Ctl *ctl, const Args *args) {
        return go_back_or_forth(ctl, "Redo", "redone, so it is");
}

/* ---- the rows of the table of verbs ---- */

/* clang-format off */
const Verb verbs_of_log_edits[] = {
        { .name = "log add", .usage = "RANGE [TASK] [OPTION…]", .words = WORDS_ANY, .run = verb_log_add,
          .sentence = "add what was worked without pomod",
          .details = DETAILS("RANGE is 09:00-10:15 of today, \"2026-07-01 09:00-10:15\" or \"2026-07-01 22:00..2026-07-02 01:00\"; instead of a date also yesterday or monday, which is the last one. TASK as for start."),
          .options = OPTIONS(
                          { "kind", "KIND", "pomodoro or freeform" },
                          { "note", "NOTE", "a note" }, PROJECT_OPTION),
          .examples = ITEMS({ "pomoctl log add 09:00-10:15 Write report", "this morning" },
                          { "pomoctl log add yesterday 09:00-10:15 '#7'", "another day" }, ) },
        { .name = "log edit", .usage = "ID [OPTION…]", .words = 1, .run = verb_log_edit,
          .sentence = "correct an interval",
          .details = DETAILS("ID is 12 or #12 as the log shows it, or last. A time alone is on the day of the interval."),
          .options = OPTIONS({ "start", "TIME", "when it began" },
                          { "end", "TIME", "when it ended" },
                          { "task", "TASK", "what it was worked on; none: nothing" },
                          { "note", "NOTE", "a note" },
                          { "kind", "KIND", "pomodoro or freeform" },
                          PROJECT_OPTION),
          .examples = ITEMS({ "pomoctl log edit last --start 09:05 --task '#7'",
                                            "begun later, on that task" }, ) },
        { .name = "log trim", .usage = "ID TIME", .words = WORDS_ANY, .run = verb_log_trim,
          .sentence = "let an interval end earlier, never later",
          .examples = ITEMS({ "pomoctl log trim 12 18:10", "I had left by then" }, ) },
        { .name = "log delete", .usage = "ID", .words = 1, .run = verb_log_delete,
          .sentence = "take an interval out of the log",
          .examples = ITEMS({ "pomoctl log delete 12", "that was no work" }, ) },
        { .name = "log undo", .usage = "", .run = verb_log_undo,
          .sentence = "take the last change of the log back",
          .examples = ITEMS({ "pomoctl log undo", "again for the one before" }, ) },
        { .name = "log redo", .usage = "", .run = verb_log_redo,
          .sentence = "make the change again that was taken back",
          .examples = ITEMS({ "pomoctl log redo", "after an undo too many" }, ) },
        {},
};
/* clang-format on */
