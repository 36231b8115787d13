/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/names-read.h"

#include <errno.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "common/caps.h"
#include "common/cleanup.h"
#include "common/names.h"
#include "common/text.h"

static int refuse_file(const Ctl *ctl, const char *sentence) {
        program_error(&ctl->program, POMOD_ERROR_PREFIX "InvalidArgument", sentence);
        return CLIENT_EXIT_USAGE;
}

/* What does not fit into a list, with both numbers. */
static int check_size(const Ctl *ctl, const char *label, const NamesFile *file) {
        const size_t size = strlen(file->names);
        cleanup_free_ char *sentence = NULL;

        if (file->n_names > CAP_LIST_NAMES)
                sentence = memory_format("%s has %zu different names, and a list can have %u: make two of it",
                                label, file->n_names, CAP_LIST_NAMES);
        else if (size > CAP_LIST_BYTES)
                sentence = memory_format(
                                "the names of %s are %zu KiB, and a list can have %u: make two of it", label,
                                (size + 1023) >> 10, CAP_LIST_BYTES >> 10);
        if (!sentence)
                return 0;
        program_error(&ctl->program, POMOD_ERROR_PREFIX "LimitsExceeded", sentence);
        return CLIENT_EXIT_USAGE;
}

/* A line that is wrong is left out and said; what is wrong for the most part is no list at all. */
static int judge_lines(const Ctl *ctl, const char *label, const NamesFile *file) {
        cleanup_free_ char *more = NULL;
        size_t told = 0;

        if (file->n_wrong > file->n_names) {
                more = memory_format("%s is no list of names: %zu of its %zu line%s are none; line %zu: %s",
                                label, file->n_wrong, file->n_lines, file->n_lines == 1 ? "" : "s",
                                file->wrong[0].line, file->wrong[0].sentence);
                return refuse_file(ctl, more);
        }
        for (; told < file->n_wrong && told < NAMES_FILE_WRONG_MAX; told++) {
                cleanup_free_ char *sentence = memory_format("%s, line %zu is left out: %s", label,
                                file->wrong[told].line, file->wrong[told].sentence);

                program_warn(&ctl->program, sentence);
        }
        if (file->n_wrong > told) {
                more = memory_format("%s: %zu more lines are left out", label, file->n_wrong - told);
                program_warn(&ctl->program, more);
        }
        return 0;
}

/* A list is not emptied by a download that has failed. */
static int check_any(const Ctl *ctl, const char *label, const char *list, const NamesFile *file) {
        cleanup_free_ char *sentence = NULL;

        if (file->n_names > 0)
                return 0;
        sentence = memory_format(
                        "%s has no names; to empty a list: pomoctl focus names remove %.64s", label, list);
        program_error(&ctl->program, POMOD_ERROR_PREFIX "InvalidArgument", sentence);
        return CLIENT_EXIT_REFUSED;
}

int names_read_given(const Ctl *ctl, const Args *args, NamesFile *ret_file) {
        cleanup_free_ char *text = NULL, *what = NULL;
        cleanup_(names_file_done) NamesFile file = {};
        char sentence[NAMES_FILE_SENTENCE_MAX], label[TEXT_EXCERPT_MAX] = "standard input";
        size_t size;
        int r;

        if (args->n_words < 2)
                return ctl_usage(ctl,
                                "from which file? pomoctl focus names set %.64s FILE; - is standard input",
                                args->words[0]);
        if (strcmp(args->words[1], "-") != 0)
                text_excerpt(args->words[1], label);
        r = names_file_read(args->words[1], &text, &size, sentence);
        if (r == -EINVAL)
                return refuse_file(ctl, sentence);
        if (r < 0) {
                what = memory_format("cannot read '%s'", args->words[1]);
                return program_errno(&ctl->program, r, what);
        }
        names_file_parse(text, size, &file);
        r = judge_lines(ctl, label, &file)
                            ?: check_any(ctl, label, args->words[0] + (args->words[0][0] == '@'), &file);
        r = r ?: check_size(ctl, label, &file);
        if (r == 0) {
                *ret_file = file;
                file = (NamesFile){};
        }
        return r;
}
