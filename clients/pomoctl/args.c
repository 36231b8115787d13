/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/args.h"

#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "clients/lib/program.h"
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

static void unknown_option(const char *typed, size_t n, const Option *global, const Option *own,
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
                snprintf(sentence, ARGS_SENTENCE_MAX, "unknown option '--%s'; did you mean --%s?", name,
                                near);
        else
                snprintf(sentence, ARGS_SENTENCE_MAX, "unknown option '--%s'", name);
}

/* One option at argv[*i], whose value may be the next argument. */
static int option_parse(int argc, char **argv, int *i, const Option *global, const Option *own, Args *args,
                char sentence[ARGS_SENTENCE_MAX]) {
        const char *name = argv[*i] + 2, *value = "";
        size_t n = strcspn(name, "=");
        const Option *o = option_find(own, name, n) ?: option_find(global, name, n);

        if (!o) {
                unknown_option(name, n, global, own, sentence);
                return -EINVAL;
        }

        if (name[n] == '=') {
                if (!o->argument) {
                        snprintf(sentence, ARGS_SENTENCE_MAX, "--%s takes no value", o->name);
                        return -EINVAL;
                }
                value = name + n + 1;
        } else if (o->argument) {
                if (*i + 1 >= argc) {
                        snprintf(sentence, ARGS_SENTENCE_MAX, "--%s needs a value: --%s=%s", o->name, o->name,
                                        o->argument);
                        return -EINVAL;
                }
                value = argv[++*i];
        }

        if (args->n_given >= ARGS_GIVEN_MAX) {
                snprintf(sentence, ARGS_SENTENCE_MAX, "more than %u options", ARGS_GIVEN_MAX);
                return -EINVAL;
        }

        args->given[args->n_given].option = o;
        args->given[args->n_given++].value = value;
        return 0;
}

int args_parse(int argc, char **argv, const Option *global, const Option *own, Args *ret_args,
                char sentence[ARGS_SENTENCE_MAX]) {
        Args args = {};
        int r;

        args.words = memory_new(const char *, (size_t) argc + 1);

        for (int i = 0; i < argc; i++) {
                static char help[] = "--help";
                char *one[] = { help };
                int zero = 0;

                if (strcmp(argv[i], "--") == 0) {
                        for (i++; i < argc; i++)
                                args.words[args.n_words++] = argv[i];
                        break;
                }

                if (argv[i][0] != '-' || argv[i][1] == '\0' || isdigit((unsigned char) argv[i][1])) {
                        args.words[args.n_words++] = argv[i];
                        continue;
                }

                if (strcmp(argv[i], "-h") == 0)
                        r = option_parse(1, one, &zero, global, own, &args, sentence);
                else if (argv[i][1] != '-') {
                        snprintf(sentence, ARGS_SENTENCE_MAX,
                                        "unknown option '%.64s'; options are whole words, as in --json",
                                        argv[i]);
                        r = -EINVAL;
                } else
                        r = option_parse(argc, argv, &i, global, own, &args, sentence);
                if (r < 0) {
                        args_done(&args);
                        return r;
                }
        }

        *ret_args = args;
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
