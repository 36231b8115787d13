/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/try.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clients/lib/memory.h"
#include "common/cleanup.h"
#include "common/write.h"
#include "plugins/host/confine.h"
#include "plugins/host/note.h"
#include "plugins/host/once.h"
#include "plugins/host/sentence.h"
#include "plugins/host/try-desired.h"
#include "plugins/host/wanted.h"

/* Through the pipe of a phase. */
#define BEGUN    "b" /* the plugin is about to be called */
#define RELEASED "r" /* release() has returned, or there is nothing to release */

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
        (void) fflush(stdout);
        while (getchar() != '\n' && !feof(stdin))
                ;
}

/* The first phase. Whoever waits for this process is told how far it came: what is released need not be
 * again.
 */
static int work(Try *try, const Options *options, const char *name, int fd, char **ret_sentence) {
        int r, released;

        if ((r = once_load(&try->once, options->file, name, true, ret_sentence)) < 0 ||
                        (r = try_desired_read(options->desired, try->once.state, &try->claims, &try->pairs,
                                         ret_sentence)) < 0 ||
                        (r = make_wanted(try, ret_sentence)) < 0)
                return r;
        (void) write_all(fd, BEGUN);
        if ((r = once_open(&try->once, ret_sentence)) < 0) {
                (void) write_all(fd, RELEASED);
                return r;
        }
        r = once_apply(&try->once, &try->wanted->desired, ret_sentence);
        if (r >= 0)
                say_applied(try);
        once_close(&try->once);
        /* Also after a failure: half of it may be there. Its own sentence is the first that went wrong. */
        released = once_release(&try->once, r >= 0 ? ret_sentence : NULL);
        (void) write_all(fd, RELEASED);
        if (released >= 0 && r >= 0)
                printf("released\n");
        return r < 0 ? r : released;
}

/* The second, after one that did not come to its end: as the next host would. */
static int work_again(Try *try, const Options *options, const char *name, int fd, char **ret_sentence) {
        int r = once_load(&try->once, options->file, name, true, ret_sentence);

        if (r >= 0)
                r = once_release(&try->once, ret_sentence);
        if (r >= 0) {
                (void) write_all(fd, RELEASED);
                printf("released, in a new process\n");
        }
        return r;
}

static void try_clear(Try *try) {
        wanted_free(try->wanted);
        values_free(try->standing);
        held_claims_clear(&try->claims);
        held_pairs_clear(&try->pairs);
        once_clear(&try->once);
}

/* ---- its processes ---- */

typedef int (*Work)(Try *try, const Options *options, const char *name, int fd, char **ret_sentence);

/* A process of its own. */
typedef struct Phase {
        bool begun, released;
        int status; /* as of waitpid() */
} Phase;

static int in_child(Work work_func, const Options *options, const char *name, const char *folder, int fd) {
        cleanup_(try_clear) Try try = { .once = { .folder = memory_copy(folder), .kept = true } };
        cleanup_free_ char *sentence = NULL;
        int r;

        (void) signal(SIGINT, SIG_DFL);
        r = work_func(&try, options, name, fd, &sentence);
        if (r < 0)
                return sentence_fail(sentence ?: strerror(-r));
        return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int run_phase(Work work_func, const Options *options, const char *name, const char *folder,
                Phase *ret_phase) {
        cleanup_close_ int reading = -1, writing = -1;
        Phase phase = {};
        int fds[2];
        char byte;
        pid_t pid;

        if (pipe2(fds, O_CLOEXEC) < 0)
                return -errno;
        reading = fds[0];
        writing = fds[1];
        pid = fork();
        if (pid < 0)
                return -errno;
        if (pid == 0)
                exit(in_child(work_func, options, name, folder, writing));
        while (waitpid(pid, &phase.status, 0) < 0)
                if (errno != EINTR)
                        return -errno;
        /* What the plugin forked may have the other end for long. */
        if (fcntl(reading, F_SETFL, O_NONBLOCK) < 0)
                return -errno;
        while (read(reading, &byte, sizeof(byte)) == (ssize_t) sizeof(byte)) {
                phase.begun = phase.begun || byte == BEGUN[0];
                phase.released = phase.released || byte == RELEASED[0];
        }
        *ret_phase = phase;
        return 0;
}

/* A crash or a hang the guard has told of, before it ended the process. */
static void say_ended(const char *name, int status) {
        if (WIFSIGNALED(status))
                note_error("%s was ended by SIG%s", name, sigabbrev_np(WTERMSIG(status)) ?: "?");
}

static int try_phases(const Options *options, const char *name, const char *folder, char **ret_sentence) {
        Phase first, second;
        int r = run_phase(work, options, name, folder, &first);

        if (r < 0)
                return sentence_set(ret_sentence, r, "cannot make a process for it: %s", strerror(-r));
        if (!first.begun || first.released)
                return WIFEXITED(first.status) ? WEXITSTATUS(first.status) : EXIT_FAILURE;
        say_ended(name, first.status);
        r = run_phase(work_again, options, name, folder, &second);
        if (r < 0)
                return sentence_set(ret_sentence, r, "cannot make a process for it: %s", strerror(-r));
        say_ended(name, second.status);
        if (!second.released)
                return sentence_set(ret_sentence, -EIO,
                                "what %s had changed is there still: release() failed in a new process, too",
                                name);
        return EXIT_FAILURE;
}

/* That of the file, for the folder of its state and for sentences. */
static char *name_of(const char *path) {
        const char *slash = strrchr(path, '/'), *file = slash ? slash + 1 : path;
        size_t n = strlen(file);

        return memory_copy_n(file, n > 3 && strcmp(file + n - 3, ".so") == 0 ? n - 3 : n);
}

int try_file(const Options *options) {
        cleanup_free_ char *name = name_of(options->file), *folder = NULL, *sentence = NULL;
        int r;

        note_begin(name);
        r = confine_take();
        if (r < 0)
                return sentence_fail("this process cannot give up what a plugin must not have");
        r = once_folder_new(&folder, &sentence);
        if (r < 0)
                return sentence_fail(sentence);
        /* Whoever looks at it and has seen enough ends the first process: the second takes it back. */
        (void) signal(SIGINT, SIG_IGN);
        r = try_phases(options, name, folder, &sentence);
        once_folder_remove(folder);
        return r < 0 ? sentence_fail(sentence) : r;
}
