/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/try.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clients/lib/memory.h"
#include "plugins/host/note.h"
#include "plugins/host/once.h"
#include "plugins/host/sentence.h"
#include "plugins/host/try-desired.h"
#include "plugins/host/wanted.h"

typedef struct Try {
        Once once;
        HeldClaims claims;
        HeldPairs pairs;
        Values *standing;
        Wanted *wanted;
} Try;

/* What fits the plugin's settings; what does not is told, and left out as a host would. */
static int make_wanted(Try *try, char **ret_sentence) {
        cleanup_free_ const HeldClaim **list = memory_new(const HeldClaim *, try->claims.n);
        int r;

        for (size_t i = 0; i < try->claims.n; i++)
                list[i] = &try->claims.list[i];
        r = wanted_standing(try->once.plugin, &try->pairs, &try->standing);
        if (r >= 0)
                r = wanted_make(try->once.plugin, try->once.state,
                                &(HeldList){ .claims = list, .n = try->claims.n }, try->standing,
                                &try->wanted);
        if (r < 0)
                return sentence_set(ret_sentence, r, "cannot make what it is given: %s", strerror(-r));
        for (size_t i = 0; i < try->wanted->n_notes; i++)
                note_warning("%s", try->wanted->notes[i].sentence);
        try->wanted->desired.generation = 1;
        try->wanted->desired.reason = POMO_START;
        try->wanted->desired.flags = POMO_ALONE;
        return 0;
}

static void say_applied(const Try *try) {
        const char *sentence = calls_sentence(try->once.calls);
        size_t n;
        const CallsClaim *claims = calls_claims(try->once.calls, &n);

        printf("applied %zu claim%s%s%s\n", try->claims.n, try->claims.n == 1 ? "" : "s",
                        sentence ? ": " : "", sentence ?: "");
        for (size_t i = 0; i < n; i++)
                printf("claim %" PRIu64 " of uid %" PRIu32 ": %s\n", claims[i].id, claims[i].uid,
                                claims[i].sentence);
        if (!isatty(STDIN_FILENO))
                return;
        printf("look at it; Enter takes it back\n");
        while (getchar() != '\n' && !feof(stdin))
                ;
}

static int work(Try *try, const Options *options, const char *name, char **ret_sentence) {
        int r, released;

        if ((r = once_load(&try->once, options->file, name, true, ret_sentence)) < 0 ||
                        (r = try_desired_read(options->desired, try->once.state, &try->claims, &try->pairs,
                                         ret_sentence)) < 0 ||
                        (r = make_wanted(try, ret_sentence)) < 0 ||
                        (r = once_open(&try->once, ret_sentence)) < 0)
                return r;
        r = once_apply(&try->once, &try->wanted->desired, ret_sentence);
        if (r >= 0)
                say_applied(try);
        once_close(&try->once);
        /* Also after a failure: half of it may be there. Its own sentence is the first that went wrong. */
        released = once_release(&try->once, r >= 0 ? ret_sentence : NULL);
        return r < 0 ? r : released;
}

/* That of the file, for the folder of its state and for sentences. */
static char *name_of(const char *path) {
        const char *slash = strrchr(path, '/'), *file = slash ? slash + 1 : path;
        size_t n = strlen(file);

        return memory_copy_n(file, n > 3 && strcmp(file + n - 3, ".so") == 0 ? n - 3 : n);
}

static void try_clear(Try *try) {
        wanted_free(try->wanted);
        values_free(try->standing);
        held_claims_clear(&try->claims);
        held_pairs_clear(&try->pairs);
        once_clear(&try->once);
}

int try_file(const Options *options) {
        cleanup_free_ char *name = name_of(options->file), *sentence = NULL;
        cleanup_(try_clear) Try try = {};
        int r;

        note_begin(name);
        r = work(&try, options, name, &sentence);
        if (r < 0)
                return sentence_fail(sentence ?: strerror(-r));
        printf("released\n");
        return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
