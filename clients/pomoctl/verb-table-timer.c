/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/verb-table.h"

#include "clients/pomoctl/format.h"

/* A table that reads as one: */
/* clang-format off */

#define PROJECT_OPTION { "project", "NAME", "the project of the task; a task that is created gets it" },
static const HelpItem watch_keys[] = {
        { "space, t", "the one thing that fits, as pomoctl toggle" },
        { "i, e", "interrupted: by yourself, by others" },
        { "s", "skip the break" },
        { "x", "stop; nothing is asked" },
        { "p", "pause, resume, where the setting pause allows it" },
        { "a", "start anyway, outside the hours of your rules" },
        { "b", "end freeform work when you went away, where it asks" },
        { "q", "quit; the timer goes on" },
        { 0 },
};

static const HelpItem period_terms[] = {
        { "today, yesterday", "a day; it begins when the setting day-start says" },
        { "monday, mon", "the last one up to today" },
        { "2026-07-01", "a date" },
        { "week, last-week", "from the day on which your weeks begin, by the setting week-start" },
        { "month, last-month, 2026-07", "a month" },
        { "2026-07-01..2026-07-14", "from one day to another, both included" },
        { "all", "everything" },
        { 0 },
};

/* In the order in which people should meet them; those of two words are shown in the help of their first. */
const Verb verbs_of_timer[] = {
        {
                .name = "start",
                .brief = "begin a pomodoro, freeform work or a break",
                .usage = "[pomodoro|freeform|break] [TASK] [OPTION…]",
                .sentence = "begin a pomodoro, freeform work or a break; alone: what is next",
                .details = DETAILS("TASK is #7, or a title. A title without a task is made one.",
                                "break is the one that is due; short-break and long-break say "
                                "which."),
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
                                                "freeform ended then: 18:10 or \"2026-07-01 "
                                                "18:10\"" }, ),
                .examples = ITEMS({ "pomoctl stop --at 18:10", "I forgot to stop when I left" }, ),
                .run = verb_stop,
        },
        {
                .name = "interrupt",
                .brief = "note an interruption of what is running",
                .usage = "[--external] [NOTE]",
                .sentence = "note an interruption of what is running, which goes on; pomoctl log "
                            "shows the note",
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
                .sentence = "move the end of a pomodoro or break further away, by 4h in all",
                .examples = ITEMS({ "pomoctl extend 5m", "five more minutes" }, ),
                .run = verb_extend,
        },
        {
                .name = "toggle",
                .brief = "do the one thing that fits, for a key or a button",
                .usage = "",
                .sentence = "the one thing that fits: start, interrupt or pause, skip the break, "
                            "stop freeform",
                .examples = ITEMS({ "pomoctl toggle", "for a key of the window manager" }, ),
                .run = verb_toggle,
        },
        {
                .name = "status",
                .brief = "show what is running; also pomoctl alone",
                .usage = "[--format FORMAT]",
                .sentence = "show what is running; also pomoctl alone",
                .options = OPTIONS({ "format", "FORMAT",
                                                   "a line of your own, with the placeholders "
                                                   "below" }, ),
                .terms = format_placeholders,
                .terms_title = "Placeholders",
                .examples = ITEMS({ "pomoctl status --format '%i %T %t'",
                                                  "for a prompt or a status line" },
                                { "pomoctl status --json", "for a script" }, ),
                .run = verb_status,
        },
        {
                .name = "watch",
                .brief = "see it count down, with keys for what happens",
                .usage = "[--no-bell]",
                .sentence = "see it count down, and say what happens with a key",
                .details = DETAILS("It waits for a daemon that is away, and never starts one by itself. On a pipe it "
                           "prints a line for every change, with --json an object, whose state is away "
                           "while there is no daemon."),
                .options = OPTIONS({ "no-bell", NULL, "let the terminal be silent when it rings" }, ),
                .terms = watch_keys,
                .terms_title = "Keys",
                .examples = ITEMS({ "pomoctl watch", "in a corner of the screen" }, ),
                .run = verb_watch,
        },
        { 0 },
};

const Verb verbs_of_log[] = {
        {
                .name = "log",
                .brief = "show what was worked; also: add, edit, trim, delete, undo, redo",
                .usage = "[PERIOD] [--task TASK] [--tag WORD]",
                .sentence = "show what was worked; alone: today",
                .details = DETAILS("Times are those of the place where it was worked. INT+EXT are interruptions, by "
                                   "oneself and by others.",
                                   "overtime: begun with --anyway, outside the hours of the rules; the sums say how much "
                                   "was worked outside of the hours, by the rules as they are now. edited: corrected by "
                                   "hand. In brackets is why it ended: the text of stop --reason, or stopped without one; "
                                   "switched, another start took its place; schedule, a rule's AutoSwitch did; suspend, the "
                                   "computer slept; reboot, it was off; restored, a backup was taken back."),
                .terms = period_terms,
                .terms_title = "Periods",
                .options = OPTIONS({ "task", "TASK", "only what was worked on that task" },
                                   { "tag", "WORD", "only what was worked on tasks with that tag" }, ),
                .examples = ITEMS({ "pomoctl log week", "this week" },
                                { "pomoctl log last-month", "what to write a bill for" },
                                { "pomoctl log 2026-07-01..2026-07-14 --json",
                                                "two weeks, for a script" }, ),
                .run = verb_log,
        },
        {
                .name = "log add",
                .usage = "RANGE [TASK] [OPTION…]",
                .sentence = "add what was worked without pomod",
                .details = DETAILS("RANGE is 09:00-10:15 of today, \"2026-07-01 09:00-10:15\" or "
                                   "\"2026-07-01 22:00..2026-07-02 01:00\"; instead of a date also yesterday or "
                                   "monday, which is the last one. TASK as for start."),
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
                .sentence = "correct an interval",
                .details = DETAILS("ID is 12 or #12 as the log shows it, or last. A time alone is on "
                                   "the day of the "
                                   "interval."),
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
                .sentence = "let an interval end earlier, never later",
                .examples = ITEMS({ "pomoctl log trim 12 18:10", "I had left by then" }, ),
                .run = verb_log_trim,
        },
        {
                .name = "log delete",
                .usage = "ID",
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
        {
                .name = "config",
                .brief = "list the settings; also: get, set, reset",
                .usage = "[list]",
                .sentence = "list the settings",
                .examples = ITEMS({ "pomoctl config", "what there is to set" }, ),
                .run = verb_config_list,
        },
        {
                .name = "config list",
                .usage = "",
                .sentence = "list the settings with what they may be",
                .examples = ITEMS({ "pomoctl config list --json", "for a script" }, ),
                .run = verb_config_list,
        },
        {
                .name = "config get",
                .usage = "NAME",
                .sentence = "show one setting",
                .examples = ITEMS({ "pomoctl config get pomodoro", "how long a pomodoro is" }, ),
                .run = verb_config_get,
        },
        {
                .name = "config set",
                .usage = "NAME VALUE",
                .sentence = "change a setting, from the next interval on",
                .examples = ITEMS({ "pomoctl config set pomodoro 50m", "longer pomodoros" }, ),
                .run = verb_config_set,
        },
        {
                .name = "config reset",
                .usage = "NAME",
                .sentence = "give a setting its default back",
                .examples = ITEMS({ "pomoctl config reset pomodoro", "25 minutes again" }, ),
                .run = verb_config_reset,
        },
        {
                .name = "backup",
                .brief = "make a backup; also: list",
                .usage = "",
                .sentence = "make a backup now, beside the nightly ones",
                .examples = ITEMS({ "pomoctl backup", "before you try something" }, ),
                .run = verb_backup,
        },
        {
                .name = "backup list",
                .usage = "",
                .sentence = "list the backups",
                .examples = ITEMS({ "pomoctl backup list", "newest first" }, ),
                .run = verb_backup_list,
        },
        {
                .name = "restore",
                .brief = "go back to a backup",
                .usage = "NAME",
                .sentence = "go back to a backup; what was there before becomes a backup too",
                .examples = ITEMS({ "pomoctl restore NAME", "a name of pomoctl backup list" }, ),
                .run = verb_restore,
        },
        { 0 },
};

/* clang-format on */
