/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "clients/pomoctl/days.h"
#include "clients/pomoctl/record.h"
#include "clients/pomoctl/json.h"
#include "clients/pomoctl/task-arg.h"
#include "clients/pomoctl/times.h"
#include "clients/pomoctl/verb-status.h"
#include "clients/pomoctl/verb.h"
#include "common/caps.h"
#include "common/duration.h"
#include "common/names.h"
#include "common/text.h"

/* A verb of Timer that takes options alone, none of them given. */
static int call_bare(const Ctl *ctl, const char *member) {
        return client_call(ctl->client, POMOD_INTERFACE_TIMER, member, NULL, "a{sv}", 0) < 0 ? ctl_failed(ctl)
                                                                                             : 0;
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
        title = ctl_text(task->title);
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

static int verb_start(Ctl *ctl, const Args *args) {
        bool has_kind = args->n_words > 0 && is_kind(args->words[0]);
        cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;
        cleanup_(task_arg_done) TaskArg task = {};
        cleanup_free_ char *title = NULL;
        const char *focus = args_value(args, "focus");
        uint64_t for_usec, ago_usec;
        int r;

        r = focus ? ctl_check_text(ctl, "profile", focus, CAP_RULE_BYTES) : 0;
        if (r == 0)
                r = optional_duration(ctl, args, "for", &for_usec);
        if (r == 0 && args_has(args, "for"))
                r = length_check(ctl, args_value(args, "for"), for_usec, USEC_PER_DAY);
        if (r == 0)
                r = optional_duration(ctl, args, "ago", &ago_usec);
        if (r != 0)
                return r;
        if (args_join(args, has_kind ? 1 : 0, &title) < 0)
                return ctl_cannot_ask(ctl, -ENOMEM);

        r = task_arg_read(ctl, title, args_value(args, "project"), &task);
        if (r == 0 && !has_kind)
                r = kind_check(ctl, args, &task);
        if (r != 0)
                return r;

        if (client_message_new(ctl->client, POMOD_INTERFACE_TIMER, "Start", &m) < 0)
                return ctl_failed(ctl);
        if ((r = sd_bus_message_append(m, "s", has_kind ? args->words[0] : "")) < 0 ||
                        (r = client_options_open(m)) < 0 || (r = task_arg_append(&task, m)) < 0 ||
                        (for_usec > 0 && (r = client_option_u64(m, "for-usec", for_usec)) < 0) ||
                        (ago_usec > 0 && (r = client_option_u64(m, "ago-usec", ago_usec)) < 0) ||
                        (args_has(args, "switch") && (r = client_option_bool(m, "switch", true)) < 0) ||
                        (args_has(args, "anyway") && (r = client_option_bool(m, "anyway", true)) < 0) ||
                        (r = client_option_string(m, "focus", focus)) < 0 ||
                        (r = client_options_close(m)) < 0)
                return ctl_cannot_ask(ctl, r);
        r = task_arg_send(ctl, m, &task, NULL);
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

        r = record_of_interval(ctl, id, &record);
        if (r != 0)
                return r;
        if (ctl->json)
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
        if (ctl->json)
                return status_after_with(ctl, "interruption", json_object_new_string(whose));

        printf("noted an %s interruption\n", whose);
        return status_after(ctl);
}

/* The id of what runs now, 0 for nothing. Needed only to say afterwards what became of it. */
static int running_id(const Ctl *ctl, uint64_t *ret_id) {
        cleanup_(timer_state_done) TimerState timer = {};

        if (client_get_timer(ctl->client, &timer) < 0)
                return ctl_failed(ctl);

        *ret_id = timer.state == CLIENT_IDLE ? 0 : timer.interval_id;
        return 0;
}

static int verb_stop(Ctl *ctl, const Args *args) {
        const char *reason = args_value(args, "reason"), *at = args_value(args, "at");
        cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;
        cleanup_free_ char *spelled = NULL;
        char sentence[TIMES_SENTENCE_MAX];
        uint64_t id = 0;
        time_t at_time = 0;
        int r = 0;

        if (reason)
                r = ctl_check_text(ctl, "reason", reason, CAP_NOTE_BYTES);
        if (r == 0 && at)
                r = ctl_use_zone(ctl);
        if (r != 0)
                return r;
        if (at) {
                spelled = days_spelled_out(at, time(NULL), false);
                if (!spelled)
                        return ctl_cannot_ask(ctl, -ENOMEM);
                if (time_parse_past(spelled, time(NULL), &at_time, sentence) < 0)
                        return ctl_usage(ctl, "%s", sentence);
        }
        if (at && at_time <= 0) /* 0 is no time to the daemon, which would end it now */
                return ctl_usage(ctl, "'%.64s' is before 1970", at);

        r = running_id(ctl, &id);
        if (r != 0)
                return r;
        if (client_message_new(ctl->client, POMOD_INTERFACE_TIMER, "Stop", &m) < 0)
                return ctl_failed(ctl);
        if ((r = client_options_open(m)) < 0 || (r = client_option_string(m, "reason", reason)) < 0 ||
                        (at && (r = client_option_u64(m, "at-realtime-usec",
                                                (uint64_t) at_time * USEC_PER_SEC)) < 0) ||
                        (r = client_options_close(m)) < 0)
                return ctl_cannot_ask(ctl, r);
        if (client_send(ctl->client, m, NULL) < 0)
                return ctl_failed(ctl);

        return status_after_end(ctl, id);
}

static int verb_interrupt(Ctl *ctl, const Args *args) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;
        cleanup_free_ char *note = NULL;
        bool external = args_has(args, "external");
        int r;

        if (args_join(args, 0, &note) < 0)
                return ctl_cannot_ask(ctl, -ENOMEM);
        if (note) {
                r = ctl_check_text(ctl, "note", note, CAP_NOTE_BYTES);
                if (r != 0)
                        return r;
        }

        if (client_message_new(ctl->client, POMOD_INTERFACE_TIMER, "Interrupt", &m) < 0)
                return ctl_failed(ctl);
        if ((r = client_options_open(m)) < 0 ||
                        (external && (r = client_option_bool(m, "external", true)) < 0) ||
                        (r = client_option_string(m, "note", note)) < 0 || (r = client_options_close(m)) < 0)
                return ctl_cannot_ask(ctl, r);
        if (client_send(ctl->client, m, NULL) < 0)
                return ctl_failed(ctl);

        return status_after_interruption(ctl, external ? "external" : "internal");
}

static int verb_skip(Ctl *ctl, const Args *args) {
        uint64_t id = 0;
        int r;

        r = running_id(ctl, &id);
        if (r == 0)
                r = call_bare(ctl, "Skip");
        return r != 0 ? r : status_after_end(ctl, id);
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
        cleanup_free_ char *text = NULL;
        uint64_t usec;
        int r;

        if (args->n_words == 0)
                return ctl_usage(ctl, "by how much? pomoctl extend 5m");
        if (args_join(args, 0, &text) < 0)
                return ctl_cannot_ask(ctl, -ENOMEM);

        r = ctl_duration(ctl, text, &usec);
        if (r == 0)
                r = length_check(ctl, text, usec, CAP_EXTEND_USEC);
        if (r != 0)
                return r;
        if (client_call(ctl->client, POMOD_INTERFACE_TIMER, "Extend", NULL, "ta{sv}", usec, 0) < 0)
                return ctl_failed(ctl);
        return status_after(ctl);
}

static int verb_toggle(Ctl *ctl, const Args *args) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        uint64_t id = 0;
        const char *did;
        int r;

        r = running_id(ctl, &id);
        if (r != 0)
                return r;

        if (client_call(ctl->client, POMOD_INTERFACE_TIMER, "Toggle", &reply, "a{sv}", 0) < 0)
                return ctl_failed(ctl);
        r = sd_bus_message_read(reply, "s", &did);
        if (r < 0)
                return ctl_unreadable(ctl, r);

        if (strcmp(did, "interrupted") == 0)
                return status_after_interruption(ctl, "internal");
        if (strcmp(did, "skipped") == 0 || strcmp(did, "stopped") == 0)
                return status_after_end(ctl, id);
        return status_after(ctl);
}

/* ---- the rows of the table of verbs ---- */

/* clang-format off */
const Verb verbs_of_timer[] = {
        {
                .name = "start",
                .brief = "begin a pomodoro, freeform work or a break",
                .usage = "[pomodoro|freeform|break] [TASK] [OPTION…]",
                .words = WORDS_ANY,
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
                .run = verb_start,
        },
        {
                .name = "stop",
                .brief = "end it: a pomodoro becomes void, freeform is completed",
                .usage = "[--reason NOTE] [--at TIME]",
                .sentence = "end what is running: a pomodoro becomes void, freeform is completed",
                .options = OPTIONS({ "reason", "NOTE", "why, for the log" },
                                { "at", "TIME",
                                                "freeform ended then: 18:10 or \"2026-07-01 18:10\"" }, ),
                .examples = ITEMS({ "pomoctl stop --at 18:10", "I forgot to stop when I left" }, ),
                .run = verb_stop,
        },
        {
                .name = "interrupt",
                .brief = "note an interruption of what is running",
                .usage = "[--external] [NOTE]",
                .words = WORDS_ANY,
                .sentence = "note an interruption of what is running, which goes on; pomoctl log shows the note",
                .options = OPTIONS({ "external", NULL,
                                                   "somebody else's doing; without it, your own" }, ),
                .examples = ITEMS({ "pomoctl interrupt --external phone", "the phone rang" }, ),
                .run = verb_interrupt,
        },
        {
                .name = "skip",
                .brief = "end the break",
                .usage = "",
                .sentence = "end the break",
                .examples = ITEMS({ "pomoctl skip", "enough rest" }, ),
                .run = verb_skip,
        },
        {
                .name = "pause",
                .brief = "hold freeform work, or a pomodoro if that is allowed",
                .usage = "",
                .sentence = "hold freeform, or a pomodoro where the setting pause allows it",
                .examples = ITEMS({ "pomoctl pause", "until pomoctl resume" }, ),
                .run = verb_pause,
        },
        {
                .name = "resume",
                .brief = "go on after a pause",
                .usage = "",
                .sentence = "go on after a pause",
                .examples = ITEMS({ "pomoctl resume", "back at it" }, ),
                .run = verb_resume,
        },
        {
                .name = "extend",
                .brief = "move the end further away",
                .usage = "DURATION",
                .words = WORDS_ANY,
                .sentence = "move the end of a pomodoro or break further away, by 4h in all",
                .examples = ITEMS({ "pomoctl extend 5m", "five more minutes" }, ),
                .run = verb_extend,
        },
        {
                .name = "toggle",
                .brief = "do the one thing that fits, for a key or a button",
                .usage = "",
                .sentence = "the one thing that fits: start, interrupt or pause, skip the break, stop freeform",
                .examples = ITEMS({ "pomoctl toggle", "for a key of the window manager" }, ),
                .run = verb_toggle,
        },
        {},
};
/* clang-format on */
