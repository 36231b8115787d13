/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/verb.h"

#include <stdio.h>
#include <string.h>

#include "clients/pomoctl/format.h"
#include "common/text.h"

const Option global_options[] = {
        { "bus", "BUS",
                        "system, session, or an address like unix:path=/run/bus; else $POMOD_BUS, else "
                        "system" },
        { "user", "USER", "speak for another account, by name or uid (root only)" },
        { "json", NULL, "answers and errors as JSON, one object a line" },
        { "help", NULL, "show help, also of a verb: pomoctl log --help" },
        { "version", NULL, "show the version" },
        { 0 },
};

#define OPTIONS(...)          \
        (const Option[]) {    \
                __VA_ARGS__ { \
                        0     \
                }             \
        }
#define ITEMS(...)            \
        (const HelpItem[]) {  \
                __VA_ARGS__ { \
                        0     \
                }             \
        }
#define DETAILS(...)              \
        (const char *const[]) {   \
                __VA_ARGS__, NULL \
        }

#define PROJECT_OPTION { "project", "NAME", "the project of the task; a task that is created gets it" },

/* In the order in which people should meet them; those of two words are shown in the help of their first. */
const Verb verbs[] = {
        {
                        .name = "start",
                        .usage = "[pomodoro|freeform|break] [TASK] [OPTION…]",
                        .sentence = "begin a pomodoro, freeform work or a break; alone: what is next",
                        .details = DETAILS("TASK is #7, or a title. A title without a task is made one.",
                                        "break is the one that is due; short-break and long-break say "
                                        "which."),
                        .options = OPTIONS({ "for", "DURATION", "instead of the length in the settings" },
                                        { "ago", "DURATION", "it began so long ago" },
                                        { "switch", NULL, "end what is running instead of refusing" },
                                        { "anyway", NULL, "also outside the hours of the day's rules" },
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
                        .usage = "[--external] [NOTE]",
                        .sentence = "note an interruption of what is running, which goes on",
                        .options = OPTIONS({ "external", NULL,
                                                           "somebody else's doing; without it, your own" }, ),
                        .examples = ITEMS({ "pomoctl interrupt --external phone", "the phone rang" }, ),
                        .run = verb_interrupt,
        },
        {
                        .name = "skip",
                        .usage = "",
                        .sentence = "end the break",
                        .examples = ITEMS({ "pomoctl skip", "enough rest" }, ),
                        .run = verb_skip,
        },
        {
                        .name = "pause",
                        .usage = "",
                        .sentence = "hold freeform, or where the setting pause allows it a pomodoro or break",
                        .examples = ITEMS({ "pomoctl pause", "until pomoctl resume" }, ),
                        .run = verb_pause,
        },
        {
                        .name = "resume",
                        .usage = "",
                        .sentence = "go on after a pause",
                        .examples = ITEMS({ "pomoctl resume", "back at it" }, ),
                        .run = verb_resume,
        },
        {
                        .name = "extend",
                        .usage = "DURATION",
                        .sentence = "move the end of a pomodoro or break further away, by 4h in all",
                        .examples = ITEMS({ "pomoctl extend 5m", "five more minutes" }, ),
                        .run = verb_extend,
        },
        {
                        .name = "toggle",
                        .usage = "",
                        .sentence = "the one thing that fits: start, interrupt or pause, skip the break, "
                                    "stop freeform",
                        .examples = ITEMS({ "pomoctl toggle", "for a key of the window manager" }, ),
                        .run = verb_toggle,
        },
        {
                        .name = "status",
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
        { 0 },
};

/* Whether a name of one or two words is what the words begin with; how many that are. */
static unsigned name_matches(const char *name, const char *const *words, unsigned n_words) {
        const char *space = strchr(name, ' ');
        size_t n = space ? (size_t) (space - name) : strlen(name);

        if (n_words < 1 || strlen(words[0]) != n || strncmp(words[0], name, n) != 0)
                return 0;
        if (!space)
                return 1;
        return n_words >= 2 && strcmp(words[1], space + 1) == 0 ? 2 : 0;
}

const Verb *verb_find(const char *const *words, unsigned n_words, unsigned *ret_used) {
        const Verb *best = NULL;
        unsigned best_used = 0;

        for (const Verb *v = verbs; v->name; v++) {
                unsigned used = name_matches(v->name, words, n_words);

                if (used > best_used) {
                        best = v;
                        best_used = used;
                }
        }

        if (best)
                *ret_used = best_used;
        return best;
}

const char *verb_nearest(const char *typed) {
        const char *names[64];
        unsigned n = 0;

        for (const Verb *v = verbs; v->name && n < 63; v++)
                if (!strchr(v->name, ' '))
                        names[n++] = v->name;
        names[n] = NULL;
        return text_nearest(typed, names);
}
