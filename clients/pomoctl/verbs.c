/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/verb-table.h"

#include <stdio.h>
#include <string.h>

#include "common/text.h"

const Option global_options[] = {
        { "bus", "BUS", "system, session, or an address like unix:path=/run/bus; else $POMOD_BUS, else system" },
        { "user", "USER", "speak for another account, by name or uid (root only)" },
        { "json", NULL, "answers and errors as JSON, one object a line" },
        { "help", NULL, "show help, also of a verb: pomoctl log --help" },
        { "version", NULL, "show the version" },
        {},
};

const Verb *verb_at(unsigned i) {
        static const Verb *const groups[] = { verbs_of_timer, verbs_of_task, verbs_of_log,
                verbs_of_schedule };

        for (size_t g = 0; g < sizeof(groups) / sizeof(groups[0]); g++)
                for (const Verb *v = groups[g]; v->name; v++)
                        if (i-- == 0)
                                return v;

        return NULL;
}

/* Whether a name of one to three words is what the words begin with; how many that are. */
static unsigned name_matches(const char *name, const char *const *words, unsigned n_words) {
        unsigned used = 0;

        for (;;) {
                size_t n = strcspn(name, " ");

                if (used >= n_words || strlen(words[used]) != n || strncmp(words[used], name, n) != 0)
                        return 0;
                used++;
                if (name[n] == '\0')
                        return used;
                name += n + 1;
        }
}

const Verb *verb_find(const char *const *words, unsigned n_words, unsigned *ret_used) {
        const Verb *best = NULL;
        unsigned best_used = 0;

        for (unsigned i = 0; verb_at(i); i++) {
                unsigned used = name_matches(verb_at(i)->name, words, n_words);

                if (used > best_used) {
                        best = verb_at(i);
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

        for (unsigned i = 0; verb_at(i) && n < 63; i++)
                if (!strchr(verb_at(i)->name, ' '))
                        names[n++] = verb_at(i)->name;
        names[n] = NULL;
        return text_nearest(typed, names);
}

static bool is_below(const Verb *verb, const Verb *above) {
        size_t n = strlen(above->name);

        return strncmp(verb->name, above->name, n) == 0 && verb->name[n] == ' ';
}

bool verb_has_below(const Verb *verb) {
        for (unsigned i = 0; verb_at(i); i++)
                if (is_below(verb_at(i), verb))
                        return true;
        return false;
}

const char *verb_nearest_below(const Verb *verb, const char *typed) {
        const char *words[64], *near;
        size_t n_name = strlen(verb->name);
        unsigned n = 0;

        for (unsigned i = 0; verb_at(i) && n < 63; i++)
                if (is_below(verb_at(i), verb))
                        words[n++] = verb_at(i)->name + n_name + 1;
        words[n] = NULL;
        near = n > 0 ? text_nearest(typed, words) : NULL;
        return near ? near - n_name - 1 : NULL;
}
