/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "clients/pomoctl/days.h"
#include "clients/pomoctl/json.h"
#include "clients/pomoctl/records.h"
#include "clients/pomoctl/task-arg.h"
#include "clients/pomoctl/times.h"
#include "clients/pomoctl/verb-status.h"
#include "clients/pomoctl/verb.h"
#include "common/caps.h"
#include "common/cleanup.h"
#include "common/duration.h"
#include "common/names.h"
#include "common/text.h"

/* A verb of Timer that takes options alone, none of them given. */
static int call_bare(const Ctl *ctl, const char *member) {
        return program_call(&ctl->program, POMOD_INTERFACE_TIMER, member, NULL, NULL, "");
}

static const char *const kinds[] = { "pomodoro", "freeform", "break", "short-break", "long-break", NULL };

static bool is_kind(const char *word) {
        for (size_t i = 0; kinds[i]; i++)
                if (strcmp(word, kinds[i]) == 0)
                        return true;
        return false;
}

/* The kind that a word was meant to be, nearer than for a verb: titles begin with words as common as "Check".
 */
static const char *kind_meant(const char *word) {
        for (size_t i = 0; kinds[i]; i++)
                if (text_slips(word, kinds[i]) <= strlen(kinds[i]) / 4)
                        return kinds[i];
        return NULL;
}

/* A slip in the kind would quietly make a task of it. */
static int kind_check(const Ctl *ctl, const Args *args, TaskArg *task) {
        const char *meant = args->n_words > 0 ? kind_meant(args->words[0]) : NULL;
        cleanup_free_ char *title = NULL;
        int r;

        if (!meant || !task->title)
                return 0;
        r = task_arg_find(ctl, task);
        if (r != 0 || task->id > 0)
                return r;
        title = memory_safe_text(task->title);
        return ctl_usage(ctl,
                        "there is no task '%s'; did you mean %s? To begin a task of that title: pomoctl start %s '%s'",
                        title, meant, meant, title);
}

static int optional_duration(const Ctl *ctl, const Args *args, const char *name, uint64_t *ret_usec) {
        const char *text = args_value(args, name);

        *ret_usec = 0;
        return text ? ctl_duration(ctl, text, ret_usec) : 0;
}

/* To the daemon a length of 0 is none, which would be that of the settings. One that is too long it refuses
 * itself. */
static int length_check(const Ctl *ctl, const char *text, uint64_t usec, uint64_t max_usec) {
        char max[DURATION_TEXT_MAX];

        if (usec >= USEC_PER_SEC)
                return 0;
        return ctl_usage(ctl, "'%.64s' is not from 1s to %s", text, duration_format(max_usec, max));
}

static int lengths_read(const Ctl *ctl, const Args *args, uint64_t *ret_for_usec, uint64_t *ret_ago_usec) {
        int r = optional_duration(ctl, args, "for", ret_for_usec);

        if (r == 0 && args_has(args, "for"))
                r = length_check(ctl, args_value(args, "for"), *ret_for_usec, USEC_PER_DAY);
        return r != 0 ? r : optional_duration(ctl, args, "ago", ret_ago_usec);
}

static int verb_start(Ctl *ctl, const Args *args) {
        bool has_kind = args->n_words > 0 && is_kind(args->words[0]);
        cleanup_free_ char *title = args_join(args, has_kind ? 1 : 0, ARGS_ALL);
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        cleanup_(task_arg_done) TaskArg task = {};
        const char *focus = args_value(args, "focus");
        uint64_t for_usec, ago_usec;
        int r = ctl_check_text(ctl, "profile", focus, CAP_RULE_BYTES);

        r = r ?: lengths_read(ctl, args, &for_usec, &ago_usec);
        r = r ?: task_arg_read(ctl, title, args_value(args, "project"), &task);
        if (r == 0 && !has_kind)
                r = kind_check(ctl, args, &task);
        r = r
                            ?: program_call(&ctl->program, POMOD_INTERFACE_TIMER, "Start",
                                               CLIENT_OPTIONS(TASK_ARG_OPTIONS(&task),
                                                               client_option_u64("for-usec", for_usec),
                                                               client_option_u64("ago-usec", ago_usec),
                                                               client_option_flag("switch",
                                                                               args_has(args, "switch")),
                                                               client_option_flag("anyway",
                                                                               args_has(args, "anyway")),
                                                               client_option_text("focus", focus)),
                                               &reply, "s", has_kind ? args->words[0] : "");
        r = r ?: task_arg_answered(ctl, reply, &task, NULL);
        if (r != 0)
                return r;
        return status_after_with(ctl, task.created ? "created_task" : NULL,
                        task.created ? json_object_new_uint64(task.id) : NULL);
}

/* After a request that ended an interval (0: none): how it ended, which is in the log, and what is now. */
static int status_after_end(const Ctl *ctl, uint64_t id) {
        cleanup_(record_putp) struct json_object *record = NULL;
        char worked[DURATION_TEXT_MAX];
        const char *kind, *outcome;
        int r;

        if (id == 0)
                return status_after(ctl);

        r = record_of_interval(&ctl->program, id, &record);
        if (r != 0)
                return r;
        if (ctl->program.json)
                return status_after_with(ctl, "ended", json_of_interval(record));

        kind = client_state_label((ClientState) client_state_from_string(record_text(record, "Kind")));
        outcome = record_text(record, "Outcome");
        duration_format(record_u64(record, "WorkedUSec"), worked);
        if (strcmp(outcome, "void") == 0)
                printf("%s #%" PRIu64 " is void after %s\n", kind, id, worked);
        else
                printf("%s #%" PRIu64 " %s after %s\n", kind, id, outcome, worked);
        return status_after(ctl);
}

static int status_after_interruption(const Ctl *ctl, const char *whose) {
        if (ctl->program.json)
                return status_after_with(ctl, "interruption", json_object_new_string(whose));

        printf("noted an %s interruption\n", whose);
        return status_after(ctl);
}

/* The id of what runs now, 0 for nothing. Needed only to say afterwards what became of it. */
static int running_id(const Ctl *ctl, uint64_t *ret_id) {
        cleanup_(timer_state_done) TimerState timer = {};

        if (client_get_timer(ctl->program.client, &timer) < 0)
                return program_failed(&ctl->program);

        *ret_id = timer.state == CLIENT_IDLE ? 0 : timer.interval_id;
        return 0;
}

/* Stops in the past are told in the zone of the settings. */
static int past_read(const Ctl *ctl, const char *text, uint64_t *ret_usec) {
        cleanup_free_ char *spelled = NULL;
        char sentence[TIMES_SENTENCE_MAX];
        time_t t;
        int r = program_use_zone(&ctl->program);

        if (r != 0)
                return r;
        spelled = memory_check(days_spelled_out(text, time(NULL), false));
        if (time_parse_past(spelled, time(NULL), &t, sentence) < 0)
                return ctl_usage(ctl, "%s", sentence);
        if (t <= 0) /* 0 is no time to the daemon, which would end it now */
                return ctl_usage(ctl, "'%.64s' is before 1970", text);
        *ret_usec = (uint64_t) t * USEC_PER_SEC;
        return 0;
}

static int verb_stop(Ctl *ctl, const Args *args) {
        const char *reason = args_value(args, "reason"), *at = args_value(args, "at");
        uint64_t id = 0, at_usec = 0;
        int r = ctl_check_text(ctl, "reason", reason, CAP_NOTE_BYTES);

        if (r == 0 && at)
                r = past_read(ctl, at, &at_usec);
        r = r ?: running_id(ctl, &id);
        r = r
                            ?: program_call(&ctl->program, POMOD_INTERFACE_TIMER, "Stop",
                                               CLIENT_OPTIONS(client_option_text("reason", reason),
                                                               client_option_u64(
                                                                               "at-realtime-usec", at_usec)),
                                               NULL, "");
        return r != 0 ? r : status_after_end(ctl, id);
}

static int verb_interrupt(Ctl *ctl, const Args *args) {
        cleanup_free_ char *note = args_join(args, 0, ARGS_ALL);
        bool external = args_has(args, "external");
        int r = ctl_check_text(ctl, "note", note, CAP_NOTE_BYTES)
                                ?: program_call(&ctl->program, POMOD_INTERFACE_TIMER, "Interrupt",
                                                   CLIENT_OPTIONS(client_option_flag("external", external),
                                                                   client_option_text("note", note)),
                                                   NULL, "");

        return r != 0 ? r : status_after_interruption(ctl, external ? "external" : "internal");
}

static int verb_skip(Ctl *ctl, const Args *args) {
        uint64_t id = 0;

        return running_id(ctl, &id) ?: call_bare(ctl, "Skip") ?: status_after_end(ctl, id);
}

static int verb_pause(Ctl *ctl, const Args *args) {
        int r = call_bare(ctl, "Pause");

        return r != 0 ? r : status_after(ctl);
}

static int verb_resume(Ctl *ctl, const Args *args) {
        int r = call_bare(ctl, "Resume");

        return r != 0 ? r : status_after(ctl);
}

static int verb_extend(Ctl *ctl, const Args *args) {
        cleanup_free_ char *text = args_join(args, 0, ARGS_ALL);
        uint64_t usec;
        int r;

        if (!text)
                return ctl_usage(ctl, "by how much? pomoctl extend 5m");
        r = ctl_duration(ctl, text, &usec);
        r = r ?: length_check(ctl, text, usec, CAP_EXTEND_USEC);
        r = r ?: program_call(&ctl->program, POMOD_INTERFACE_TIMER, "Extend", NULL, NULL, "t", usec);
        return r != 0 ? r : status_after(ctl);
}

static int verb_toggle(Ctl *ctl, const Args *args) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        uint64_t id = 0;
        const char *did;
        int r = running_id(ctl, &id);

        r = r ?: program_call(&ctl->program, POMOD_INTERFACE_TIMER, "Toggle", NULL, &reply, "");
        r = r ?: program_read(&ctl->program, reply, "s", &did);
        if (r != 0)
                return r;

        if (strcmp(did, "interrupted") == 0)
                return status_after_interruption(ctl, "internal");
        if (strcmp(did, "skipped") == 0 || strcmp(did, "stopped") == 0)
                return status_after_end(ctl, id);
        return status_after(ctl);
}

/* ---- the rows of the table of verbs ---- */

/* clang-format off */
const Verb verbs_of_timer[] = {
        { .name = "start", .usage = "[pomodoro|freeform|break] [TASK] [OPTION…]", .words = WORDS_ANY, .run = verb_start,
          .brief = "begin a pomodoro, freeform work or a break",
          .sentence = "begin a pomodoro, freeform work or a break; alone: what is next",
          .details = DETAILS("TASK is an id, 7 or #7, or a title. A title without a task is made one.",
                          "break is the one that is due; short-break and long-break say which."),
          .options = OPTIONS({ "for", "DURATION", "instead of the length in the settings" },
                          { "ago", "DURATION", "it began so long ago" },
                          { "switch", NULL, "end what is running instead of refusing" },
                          { "anyway", NULL, "also outside the hours of the day's rules" },
                          { "focus", "PROFILE", "in force for as long as it runs" },
                          PROJECT_OPTION),
          .examples = ITEMS({ "pomoctl start Write report",
                                            "a pomodoro, or what is next, on that task" },
                          { "pomoctl start freeform '#7' --ago 10m",
                                          "work without an end, begun ten minutes ago" },
                          { "pomoctl start break --for 8m", "a break of eight minutes" }, ),
          .hints = HINTS({ "Busy", ", or start with --switch" },
                          { "OffHours", "; start with --anyway to work all the same" }, ) },
        { .name = "stop", .usage = "[--reason NOTE] [--at TIME]", .run = verb_stop,
          .brief = "end it: a pomodoro becomes void, freeform is completed",
          .sentence = "end what is running: a pomodoro becomes void, freeform is completed",
          .options = OPTIONS({ "reason", "NOTE", "why, for the log" },
                          { "at", "TIME",
                                          "freeform ended then: 18:10 or \"2026-07-01 18:10\"" }, ),
          .examples = ITEMS({ "pomoctl stop --at 18:10", "I forgot to stop when I left" }, ) },
        { .name = "interrupt", .usage = "[--external] [NOTE]", .words = WORDS_ANY, .run = verb_interrupt,
          .brief = "note an interruption of what is running",
          .sentence = "note an interruption of what is running, which goes on; pomoctl log shows the note",
          .options = OPTIONS({ "external", NULL,
                                             "somebody else's doing; without it, your own" }, ),
          .examples = ITEMS({ "pomoctl interrupt --external phone", "the phone rang" }, ) },
        { .name = "skip", .usage = "", .run = verb_skip,
          .brief = "end the break",
          .sentence = "end the break",
          .examples = ITEMS({ "pomoctl skip", "enough rest" }, ) },
        { .name = "pause", .usage = "", .run = verb_pause,
          .brief = "hold freeform work, or a pomodoro if that is allowed",
          .sentence = "hold freeform, or a pomodoro where the setting pause allows it",
          .examples = ITEMS({ "pomoctl pause", "until pomoctl resume" }, ) },
        { .name = "resume", .usage = "", .run = verb_resume,
          .brief = "go on after a pause",
          .sentence = "go on after a pause",
          .examples = ITEMS({ "pomoctl resume", "back at it" }, ) },
        { .name = "extend", .usage = "DURATION", .words = WORDS_ANY, .run = verb_extend,
          .brief = "move the end further away",
          .sentence = "move the end of a pomodoro or break further away, by 4h in all",
          .examples = ITEMS({ "pomoctl extend 5m", "five more minutes" }, ) },
        { .name = "toggle", .usage = "", .run = verb_toggle,
          .brief = "do the one thing that fits, for a key or a button",
          .sentence = "the one thing that fits: start, interrupt or pause, skip the break, stop freeform",
          .examples = ITEMS({ "pomoctl toggle", "for a key of the window manager" }, ) },
        {},
};
/* clang-format on */
