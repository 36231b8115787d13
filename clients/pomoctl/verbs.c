/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/verbs.h"

#include <assert.h>
#include <string.h>

#include "common/text.h"

#define VERBS_MAX 64u /* below one, or with names of one word */

const Option global_options[] = {
        { "bus", "BUS", "system, session, or an address like unix:path=/run/bus; else $POMOD_BUS, else session while pomod is there, else system" },
        { "user", "USER", "speak for another account, by name or uid (root only)" },
        { "json", NULL, "answers and errors as JSON, one object a line" },
        { "help", NULL, "show help, also of a verb: pomoctl log --help" },
        { "version", NULL, "show the version" },
        {},
};

/* In the order in which people should meet them; those of two words are shown in the help of their first. */
static const Verb *const tables[] = {
        verbs_of_timer,
        verbs_of_status,
        verbs_of_watch,
        verbs_of_task,
        verbs_of_log,
        verbs_of_log_edits,
        verbs_of_config,
        verbs_of_backups,
        verbs_of_rule_list,
        verbs_of_agenda,
        verbs_of_explain,
        verbs_of_rules,
        verbs_of_import,
        verbs_of_ics,
        verbs_of_presets,
        verbs_of_office_days,
        verbs_of_focus,
        verbs_of_focus_test,
        verbs_of_profiles,
        verbs_of_consent,
        verbs_of_profile_presets,
        verbs_of_names,
        verbs_of_plugins,
        verbs_of_plan,
};

const Verb *verbs_next(VerbCursor *cursor) {
        for (; cursor->table < sizeof(tables) / sizeof(tables[0]); cursor->table++, cursor->row = 0) {
                const Verb *verb = &tables[cursor->table][cursor->row];

                if (verb->name) {
                        cursor->row++;
                        return verb;
                }
        }
        return NULL;
}

/* Whether a name of one to three words is what the words begin with; how many that are. */
static unsigned name_matches(const char *name, const char *const *words, unsigned n_words) {
        unsigned used = 0;

        for (;;) {
                size_t n = strcspn(name, " ");

                if (used >= n_words || strncmp(words[used], name, n) != 0 || words[used][n] != '\0')
                        return 0;
                used++;
                if (name[n] == '\0')
                        return used;
                name += n + 1;
        }
}

const Verb *verbs_find(const char *const *words, unsigned n_words, unsigned *ret_used) {
        const Verb *best = NULL;
        unsigned best_used = 0;
        VerbCursor cursor = {};

        for (const Verb *verb; (verb = verbs_next(&cursor));) {
                unsigned used = name_matches(verb->name, words, n_words);

                if (used > best_used) {
                        best = verb;
                        best_used = used;
                }
        }

        if (best)
                *ret_used = best_used;
        return best;
}

bool verbs_are_below(const Verb *verb, const Verb *above) {
        size_t n = above ? strlen(above->name) : 0;

        if (!above)
                return !strchr(verb->name, ' ');
        return strncmp(verb->name, above->name, n) == 0 && verb->name[n] == ' ';
}

bool verbs_has_below(const Verb *verb) {
        VerbCursor cursor = {};

        for (const Verb *below; (below = verbs_next(&cursor));)
                if (verbs_are_below(below, verb))
                        return true;
        return false;
}

const char *verbs_nearest_below(const Verb *verb, const char *typed) {
        const char *words[VERBS_MAX], *near;
        size_t n_above = verb ? strlen(verb->name) + 1 : 0;
        VerbCursor cursor = {};
        unsigned n = 0;

        for (const Verb *below; (below = verbs_next(&cursor));)
                if (verbs_are_below(below, verb)) {
                        assert(n + 1 < VERBS_MAX);
                        words[n++] = below->name + n_above;
                }
        words[n] = NULL;
        near = n > 0 ? text_nearest(typed, words) : NULL;
        return near ? near - n_above : NULL;
}

const char *verbs_nearest(const char *typed) {
        return verbs_nearest_below(NULL, typed);
}
