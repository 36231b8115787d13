/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/pomoctl/verb.h"
#include "common/help.h"

#define VERBS_MAX    96u
#define SECTIONS_MAX (4 * VERBS_MAX)

static const HelpItem exit_codes[] = {
        { "0", "done" },
        { "1", "the daemon refused, with the reason on standard error" },
        { "2", "what was typed makes no sense" },
        { "3", "no daemon: it is not running, or did not answer" },
        {},
};

static const char *const exit_brief[] = {
        "0 done, 1 the daemon refused, 2 what was typed makes no sense, 3 no daemon",
        NULL,
};

static const HelpItem page_examples[] = {
        { "pomoctl start Write report", "a pomodoro on that task" },
        { "pomoctl watch", "see it count down" },
        { "pomoctl log week", "what became of the week" },
        { "pomoctl schedule agenda", "what the rules make of it" },
        {},
};

static const HelpItem environment[] = {
        { "POMOD_BUS", "the bus to use where --bus is not given" },
        { "NO_COLOR", "if set, nothing is coloured" },
        { "TZ", "the zone of times, unless the setting time-zone names one" },
        {},
};

static const char *const json_paragraphs[] = {
        "With --json a verb prints objects, one a line, whose fields may become more but keep their names and meanings. Durations are in microseconds and end in _usec; instants are RFC 3339 in UTC, with microseconds where they are of the log and in whole seconds where they are of the schedule. An error is an object with the fields error, a D-Bus error name, and message, a sentence, on standard error; a warning is one with the field warning, and changes nothing about the exit status.",
        NULL,
};

void help_options_done(HelpOptions *options) {
        for (unsigned i = 0; i < options->n; i++)
                free(options->terms[i]);
        free(options->terms);
        free(options->items);
        *options = (HelpOptions){};
}

int help_options(const Option *options, HelpOptions *ret) {
        cleanup_(help_options_done) HelpOptions h = {};
        unsigned n = 0;

        while (options && options[n].name)
                n++;
        h.items = calloc(n + 1, sizeof(*h.items));
        h.terms = calloc(n + 1, sizeof(*h.terms));
        if (!h.items || !h.terms)
                return -ENOMEM;

        for (const Option *o = options; o && o->name; o++) {
                if (asprintf(&h.terms[h.n], "--%s%s%s", o->name, o->argument ? "=" : "", o->argument ?: "") <
                                0) {
                        h.terms[h.n] = NULL;
                        return -ENOMEM;
                }
                h.items[h.n] = (HelpItem){ h.terms[h.n], o->text };
                h.n++;
        }

        *ret = h;
        h = (HelpOptions){};
        return 0;
}

/* ---- on the screen ---- */

static int failed(int r) {
        if (r >= 0)
                return 0;
        fprintf(stderr, "pomoctl: cannot show the help: %s\n", strerror(-r));
        return CLIENT_EXIT_REFUSED;
}

static const char *const synopsis[] = {
        "pomoctl [OPTION…] [VERB [ARGUMENT…]]",
        NULL,
};

static const char *const description[] = {
        "Keeps a working day with pomod: pomodoros, breaks and freeform work.",
        NULL,
};

/* What is below a verb, each with its usage and sentence; of all first verbs, where it is NULL, name and
 * brief. */
static int verb_items(HelpOptions *ret, const char *first) {
        cleanup_(help_options_done) HelpOptions h = {};
        size_t n = first ? strlen(first) : 0;

        h.items = calloc(VERBS_MAX + 1, sizeof(*h.items));
        h.terms = calloc(VERBS_MAX + 1, sizeof(*h.terms));
        if (!h.items || !h.terms)
                return -ENOMEM;

        for (unsigned i = 0; verb_at(i) && h.n < VERBS_MAX; i++) {
                const Verb *v = verb_at(i);
                const char *usage = first ? v->usage : "";

                if (first ? strncmp(v->name, first, n) != 0 || v->name[n] != ' ' : !v->brief)
                        continue;
                if (asprintf(&h.terms[h.n], "%s%s%s", v->name, *usage ? " " : "", usage) < 0) {
                        h.terms[h.n] = NULL;
                        return -ENOMEM;
                }
                h.items[h.n] = (HelpItem){ h.terms[h.n], first ? v->sentence : v->brief };
                h.n++;
        }

        *ret = h;
        h = (HelpOptions){};
        return 0;
}

int help_show(void) {
        cleanup_(help_options_done) HelpOptions items = {}, options = {};
        int r;

        r = verb_items(&items, NULL);
        if (r >= 0)
                r = help_options(global_options, &options);
        if (r < 0)
                return failed(r);

        const HelpSection sections[] = {
                { .title = "Verbs", .items = items.items },
                { .title = "Options", .items = options.items },
                { .title = "Examples", .items = page_examples },
                { .title = "Exit codes", .paragraphs = exit_brief },
                {},
        };
        const HelpPage page = {
                .name = "pomoctl", .synopsis = synopsis, .description = description, .sections = sections
        };
        return failed(help_print(&page, stdout));
}

int help_show_verb(const Verb *verb) {
        cleanup_(help_options_done) HelpOptions options = {}, below = {};
        HelpSection sections[6] = {};
        const char *lines[2] = {}, *paragraphs[8] = {};
        cleanup_free_ char *usage = NULL, *sentence = NULL;
        unsigned n = 0;
        int r;

        r = help_options(verb->options, &options);
        if (r >= 0)
                r = verb_items(&below, verb->name);
        if (r >= 0 && asprintf(&usage, "pomoctl %s%s%s", verb->name, *verb->usage ? " " : "", verb->usage) <
                                        0) {
                usage = NULL;
                r = -ENOMEM;
        }
        if (r >= 0 && asprintf(&sentence, "%s: %s.", verb->name, verb->sentence) < 0) {
                sentence = NULL;
                r = -ENOMEM;
        }
        if (r < 0)
                return failed(r);

        lines[0] = usage;
        paragraphs[0] = sentence;
        for (unsigned i = 0; verb->details && verb->details[i] && i < 6; i++)
                paragraphs[i + 1] = verb->details[i];

        if (below.n > 0)
                sections[n++] = (HelpSection){ .title = "Further verbs", .items = below.items };
        if (options.n > 0)
                sections[n++] = (HelpSection){ .title = "Options", .items = options.items };
        if (verb->terms)
                sections[n++] = (HelpSection){ .title = verb->terms_title, .items = verb->terms };
        sections[n++] = (HelpSection){ .title = "Examples", .items = verb->examples };

        const HelpPage page = {
                .name = "pomoctl", .synopsis = lines, .description = paragraphs, .sections = sections
        };
        return failed(help_print(&page, stdout));
}

/* ---- on paper ---- */

typedef struct ManVerb {
        char *title;
        char *sentence;
        const char *paragraphs[8];
        HelpOptions options;
} ManVerb;

static void man_verbs_done(ManVerb (*man)[VERBS_MAX]) {
        for (unsigned i = 0; i < VERBS_MAX; i++) {
                free((*man)[i].title);
                free((*man)[i].sentence);
                help_options_done(&(*man)[i].options);
        }
}

/* The sections of one verb; returns how many there are now, or a negative errno. */
static int man_verb(const Verb *verb, ManVerb *man, HelpSection *sections, int n) {
        int r;

        if (asprintf(&man->title, "pomoctl %s%s%s", verb->name, *verb->usage ? " " : "", verb->usage) < 0) {
                man->title = NULL;
                return -ENOMEM;
        }
        if (asprintf(&man->sentence, "%c%s.", verb->sentence[0] - 'a' + 'A', verb->sentence + 1) < 0) {
                man->sentence = NULL;
                return -ENOMEM;
        }
        r = help_options(verb->options, &man->options);
        if (r < 0)
                return r;

        man->paragraphs[0] = man->sentence;
        for (unsigned i = 0; verb->details && verb->details[i] && i < 6; i++)
                man->paragraphs[i + 1] = verb->details[i];

        sections[n++] = (HelpSection){
                .title = man->title, .level = 1, .paragraphs = man->paragraphs, .items = man->options.items
        };
        if (verb->terms)
                sections[n++] = (HelpSection){ .title = verb->terms_title, .level = 1, .items = verb->terms };
        sections[n++] = (HelpSection){
                .title = verb->examples[1].term ? "Examples" : "Example", .level = 1, .items = verb->examples
        };
        return n;
}

int help_show_man(void) {
        cleanup_(man_verbs_done) ManVerb man[VERBS_MAX] = {};
        cleanup_(help_options_done) HelpOptions options = {};
        HelpSection sections[SECTIONS_MAX] = {};
        int n = 0, r;

        r = help_options(global_options, &options);
        if (r < 0)
                return failed(r);

        sections[n++] = (HelpSection){ .title = "Options", .items = options.items };
        sections[n++] = (HelpSection){ .title = "Verbs" };
        for (unsigned i = 0; i < VERBS_MAX && verb_at(i); i++) {
                n = man_verb(verb_at(i), &man[i], sections, n);
                if (n < 0)
                        return failed(n);
        }
        sections[n++] = (HelpSection){ .title = "JSON", .paragraphs = json_paragraphs };
        sections[n++] = (HelpSection){ .title = "Exit status", .items = exit_codes };
        sections[n++] = (HelpSection){ .title = "Environment", .items = environment };

        const HelpPage page = {
                .name = "pomoctl",
                .section = 1,
                .summary = "control pomod, which keeps a working day",
                .synopsis = synopsis,
                .description = description,
                .sections = sections,
                .see_also = "pomod(8), pomobar(1), pomoctl-ics(1)",
        };
        return failed(help_print_man(&page, stdout));
}
