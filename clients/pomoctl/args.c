/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/args.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "clients/lib/program.h"
#include "common/cleanup.h"
#include "common/text.h"

void args_done(Args *args) {
        free(args->words);
        *args = (Args){};
}

static const Option *option_find(const Option *table, const char *name, size_t n) {
        for (const Option *o = table; o && o->name; o++)
                if (strlen(o->name) == n && strncmp(o->name, name, n) == 0)
                        return o;

        return NULL;
}

static int refuse(char sentence[ARGS_SENTENCE_MAX], const char *format, ...)
                __attribute__((format(printf, 2, 3)));

static int refuse(char sentence[ARGS_SENTENCE_MAX], const char *format, ...) {
        va_list ap;

        va_start(ap, format);
        vsnprintf(sentence, ARGS_SENTENCE_MAX, format, ap);
        va_end(ap);
        return -EINVAL;
}

static int unknown_option(const char *typed, size_t n, const Option *global, const Option *own,
                char sentence[ARGS_SENTENCE_MAX]) {
        const char *names[64], *near;
        char name[64];
        unsigned n_names = 0;

        for (const Option *o = own; o && o->name && n_names < 62; o++)
                names[n_names++] = o->name;
        for (const Option *o = global; o && o->name && n_names < 63; o++)
                names[n_names++] = o->name;
        names[n_names] = NULL;

        snprintf(name, sizeof(name), "%.*s", (int) (n < sizeof(name) ? n : sizeof(name) - 1), typed);
        near = text_nearest(name, names);
        if (near)
                return refuse(sentence, "unknown option '--%s'; did you mean --%s?", name, near);
        return refuse(sentence, "unknown option '--%s'", name);
}

/* One option, of which the name begins at `name`. next: the argument behind it, which may be its value; NULL:
 * none. 1 where it was, 0 where not, or -EINVAL with a sentence. */
static int option_parse(const char *name, const char *next, const Option *global, const Option *own,
                Args *args, char sentence[ARGS_SENTENCE_MAX]) {
        size_t n = strcspn(name, "=");
        const Option *o = option_find(own, name, n) ?: option_find(global, name, n);
        bool apart;

        if (!o)
                return unknown_option(name, n, global, own, sentence);
        if (name[n] == '=' && !o->argument)
                return refuse(sentence, "--%s takes no value", o->name);
        apart = name[n] != '=' && o->argument;
        if (apart && !next)
                return refuse(sentence, "--%s needs a value: --%s=%s", o->name, o->name, o->argument);
        if (args->n_given >= ARGS_GIVEN_MAX)
                return refuse(sentence, "more than %u options", ARGS_GIVEN_MAX);

        args->given[args->n_given].option = o;
        args->given[args->n_given++].value = apart ? next : name[n] == '=' ? name + n + 1 : "";
        return apart;
}

int args_parse(int argc, char **argv, const Option *global, const Option *own, Args *ret_args,
                char sentence[ARGS_SENTENCE_MAX]) {
        cleanup_(args_done) Args args = { .words = memory_new(const char *, (size_t) argc + 1) };
        bool ended = false;

        for (int i = 0; i < argc; i++) {
                const char *typed = strcmp(argv[i], "-h") == 0 ? "--help" : argv[i];
                int r;

                if (ended || typed[0] != '-' || typed[1] == '\0' || isdigit((unsigned char) typed[1])) {
                        args.words[args.n_words++] = argv[i];
                        continue;
                }
                ended = strcmp(typed, "--") == 0;
                if (ended)
                        continue;
                if (typed[1] != '-')
                        return refuse(sentence,
                                        "unknown option '%.64s'; options are whole words, as in --json",
                                        typed);
                r = option_parse(typed + 2, i + 1 < argc ? argv[i + 1] : NULL, global, own, &args, sentence);
                if (r < 0)
                        return r;
                i += r;
        }

        *ret_args = args;
        args = (Args){};
        return 0;
}

const char *args_value(const Args *args, const char *name) {
        for (unsigned i = args->n_given; i > 0; i--)
                if (strcmp(args->given[i - 1].option->name, name) == 0)
                        return args->given[i - 1].value;

        return NULL;
}

bool args_has(const Args *args, const char *name) {
        return args_value(args, name) != NULL;
}

char *args_join(const Args *args, unsigned first, unsigned n) {
        char *text = NULL;

        for (unsigned i = first; i < args->n_words && i - first < n; i++)
                memory_append(&text, "%s%s", i > first ? " " : "", args->words[i]);
        return text;
}

int id_parse(const char *text, uint64_t *ret_id) {
        uint64_t id;

        if (program_number(text + (*text == '#'), INT64_MAX, &id) < 0 || id == 0)
                return -EINVAL;
        *ret_id = id;
        return 0;
}
