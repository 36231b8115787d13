/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/help.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "clients/pomoctl/verbs.h"

#define PARAGRAPHS_MAX 8u

static const HelpItem exit_codes[] = {
        { "0", "done" },
        { "1", "the daemon refused, with the reason on standard error" },
        { "2", "what was typed makes no sense" },
        { "3", "no daemon: it is not running, or did not answer" },
        {},
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

static const char *const *const json_paragraphs = HELP_TEXT(
                "With --json a verb prints objects, one a line, whose fields may become more but keep their names and meanings. Durations are in microseconds and end in _usec; instants are RFC 3339 in UTC, with microseconds where they are of the log and in whole seconds where they are of the schedule. An error is an object with the fields error, a D-Bus error name, and message, a sentence, on standard error; a warning is one with the field warning, and changes nothing about the exit status.");

static const char *const *const synopsis = HELP_TEXT("pomoctl [OPTION…] [VERB [ARGUMENT…]]");
static const char *const *const description =
                HELP_TEXT("Keeps a working day with pomod: pomodoros, breaks and freeform work.");

/* ---- items whose terms are put together ---- */

typedef struct Items {
        HelpItem *items; /* ended by one without a term */
        size_t n, n_allocated;
} Items;

static void items_done(Items *items) {
        for (size_t i = 0; i < items->n; i++)
                free((char *) items->items[i].term);
        free(items->items);
}

/* term: taken over. */
static void items_add(Items *items, char *term, const char *text) {
        items->items = memory_reserve(items->items, items->n + 2, &items->n_allocated, sizeof(*items->items));
        items->items[items->n++] = (HelpItem){ term, text };
        items->items[items->n] = (HelpItem){};
}

/* "--for=DURATION" for every option of a table. */
static Items items_of_options(const Option *options) {
        Items items = {};

        for (const Option *o = options; o && o->name; o++)
                items_add(&items,
                                memory_format("--%s%s%s", o->name, o->argument ? "=" : "", o->argument ?: ""),
                                o->text);
        return items;
}

static char *usage_make(const char *before, const Verb *verb) {
        return memory_format("%s%s%s%s", before, verb->name, *verb->usage ? " " : "", verb->usage);
}

/* The verbs below one, each with its usage and sentence; of all first verbs, where it is NULL, name and
 * brief. */
static Items items_of_verbs(const Verb *above) {
        VerbCursor cursor = {};
        Items items = {};

        for (const Verb *v; (v = verbs_next(&cursor));)
                if (above && verbs_are_below(v, above))
                        items_add(&items, usage_make("", v), v->sentence);
                else if (!above && v->brief)
                        items_add(&items, memory_copy(v->name), v->brief);
        return items;
}

static void paragraphs_fill(const char *paragraphs[PARAGRAPHS_MAX], const char *sentence, const Verb *verb) {
        unsigned n = 0;

        paragraphs[n++] = sentence;
        for (const char *const *detail = verb->details; detail && *detail; detail++) {
                assert(n + 1 < PARAGRAPHS_MAX);
                paragraphs[n++] = *detail;
        }
}

/* ---- on the screen ---- */

/* A page that could not be written: whoever flushes standard output at the end says so. */
static int show(const HelpPage *page) {
        (void) help_print(page, stdout);
        return CLIENT_EXIT_OK;
}

int help_show(void) {
        cleanup_(items_done) Items verbs = items_of_verbs(NULL), options = items_of_options(global_options);
        const HelpSection sections[] = {
                { .title = "Verbs", .items = verbs.items },
                { .title = "Options", .items = options.items },
                { .title = "Examples", .items = page_examples },
                { .title = "Exit codes",
                                .paragraphs = HELP_TEXT(
                                                "0 done, 1 the daemon refused, 2 what was typed makes no sense, 3 no daemon") },
                {},
        };

        return show(&(HelpPage){ .name = "pomoctl",
                        .synopsis = synopsis,
                        .description = description,
                        .sections = sections });
}

int help_show_verb(const Verb *verb) {
        cleanup_(items_done) Items options = items_of_options(verb->options), below = items_of_verbs(verb);
        cleanup_free_ char *usage = usage_make("pomoctl ", verb),
                           *sentence = memory_format("%s: %s.", verb->name, verb->sentence);
        const char *lines[] = { usage, NULL }, *paragraphs[PARAGRAPHS_MAX] = {};
        HelpSection sections[5] = {};
        unsigned n = 0;

        assert(verb->examples && verb->examples->term);

        paragraphs_fill(paragraphs, sentence, verb);
        if (below.n > 0)
                sections[n++] = (HelpSection){ .title = "Further verbs", .items = below.items };
        if (options.n > 0)
                sections[n++] = (HelpSection){ .title = "Options", .items = options.items };
        if (verb->terms)
                sections[n++] = (HelpSection){ .title = verb->terms_title, .items = verb->terms };
        sections[n++] = (HelpSection){ .title = "Examples", .items = verb->examples };
        return show(&(HelpPage){ .name = "pomoctl",
                        .synopsis = lines,
                        .description = paragraphs,
                        .sections = sections });
}

/* ---- on paper ---- */

/* The sections of a page, with what they are made of for as long as it is printed. */
typedef struct Paper {
        HelpSection *sections; /* ended by one without a title */
        size_t n, n_allocated;
} Paper;

static void paper_add(Paper *paper, HelpSection section) {
        paper->sections = memory_reserve(
                        paper->sections, paper->n + 2, &paper->n_allocated, sizeof(*paper->sections));
        paper->sections[paper->n++] = section;
        paper->sections[paper->n] = (HelpSection){};
}

/* The sections of one verb. */
static void paper_add_verb(Paper *paper, const Verb *verb) {
        const char **paragraphs = memory_new(const char *, PARAGRAPHS_MAX);

        paragraphs_fill(paragraphs, memory_format("%c%s.", verb->sentence[0] - 'a' + 'A', verb->sentence + 1),
                        verb);
        paper_add(paper, (HelpSection){ .title = usage_make("pomoctl ", verb),
                                         .level = 1,
                                         .paragraphs = paragraphs,
                                         .items = items_of_options(verb->options).items });
        if (verb->terms)
                paper_add(paper, (HelpSection){ .title = verb->terms_title,
                                                 .level = 1,
                                                 .items = verb->terms });
        paper_add(paper, (HelpSection){ .title = verb->examples[1].term ? "Examples" : "Example",
                                         .level = 1,
                                         .items = verb->examples });
}

/* Whoever asks for it prints it and ends: what it is made of is not freed. */
int help_show_man(void) {
        VerbCursor cursor = {};
        static Paper paper; /* so that it is still in reach at the end */

        paper_add(&paper,
                        (HelpSection){ .title = "Options", .items = items_of_options(global_options).items });
        paper_add(&paper, (HelpSection){ .title = "Verbs" });
        for (const Verb *verb; (verb = verbs_next(&cursor));)
                paper_add_verb(&paper, verb);
        paper_add(&paper, (HelpSection){ .title = "JSON", .paragraphs = json_paragraphs });
        paper_add(&paper, (HelpSection){ .title = "Exit status", .items = exit_codes });
        paper_add(&paper, (HelpSection){ .title = "Environment", .items = environment });

        const HelpPage page = {
                .name = "pomoctl",
                .section = 1,
                .summary = "control pomod, which keeps a working day",
                .synopsis = synopsis,
                .description = description,
                .sections = paper.sections,
                .see_also = "pomod(8), pomobar(1), pomoctl-ics(1)",
        };
        return help_print_man(&page, stdout) < 0 ? CLIENT_EXIT_REFUSED : CLIENT_EXIT_OK;
}
