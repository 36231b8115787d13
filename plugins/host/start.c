/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/start.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include <time.h>
#include <unistd.h>

#include "common/caps.h"
#include "common/cleanup.h"
#include "common/duration.h"
#include "plugins/host/confine.h"
#include "plugins/host/described.h"
#include "plugins/host/load.h"
#include "plugins/host/note.h"
#include "plugins/host/scope.h"
#include "plugins/host/sentence.h"

#define DELAY_MAX_USEC USEC_PER_MIN
#define LOCK_TRIES     70u /* a second apart */

/* Behind the sentence of a process that ended: the next one reads it again. */
#define ROW_FORMAT " (%u in a row)"

/* ---- why a process ended ---- */

/* In a handler of signals, or in the timer thread: no memory is taken. */
static void on_guard_failed(const char *sentence, void *userdata) {
        static char text[CAP_FAILURE_BYTES];
        const Start *start = userdata;
        size_t n = strnlen(sentence, sizeof(text) - sizeof(start->suffix));

        memcpy(text, sentence, n);
        memcpy(text + n, start->suffix, strlen(start->suffix) + 1);
        state_write_failure(start->state, text);
        /* In one piece, and without what stdio locks. */
        text[n + strlen(start->suffix)] = '\n';
        (void) !write(STDERR_FILENO, text, n + strlen(start->suffix) + 1);
}

static unsigned count_failures(const char *failure) {
        const char *bracket = failure ? strrchr(failure, '(') : NULL;
        unsigned n;

        if (!failure)
                return 0;
        return bracket && sscanf(bracket, "(%u in a row)", &n) == 1 ? n : 1;
}

static void take_failure(Start *start) {
        start->failure = state_take_failure(start->state);
        start->n_failures = count_failures(start->failure);
        if (start->n_failures > 0)
                snprintf(start->suffix, sizeof(start->suffix), ROW_FORMAT, start->n_failures + 1);
        if (start->failure)
                note_warning("the process before this one ended: %s", start->failure);
}

uint64_t start_delay_usec(const Start *start) {
        unsigned doublings = start->n_failures < 8 ? start->n_failures : 8;
        uint64_t delay_usec = doublings > 0 ? USEC_PER_SEC << (doublings - 1) : 0;

        return delay_usec < DELAY_MAX_USEC ? delay_usec : DELAY_MAX_USEC;
}

void start_calm(Start *start) {
        start->suffix[0] = '\0';
        start->n_failures = 0;
}

/* ---- bus and state ---- */

/* On another bus than that of the computer it would hear of one user, and act on all. */
static int check_bus(const Start *start, const char *bus, char **ret_sentence) {
        if (!start->system || start->places.any_bus || !bus || strcmp(bus, "system") == 0)
                return 0;
        return sentence_set(ret_sentence, -EPERM,
                        "%s acts on the whole computer, and so listens to the system bus alone, not to '%s'",
                        start->name, bus);
}

/* A --release has the lock for a minute at most: nobody waits for this host meanwhile, and it does not use up
 * its starts. -EINTR: it is to end. */
static int open_state(Start *start, char **ret_sentence) {
        const struct timespec second = { .tv_sec = 1 };
        sigset_t ending;

        sigemptyset(&ending);
        sigaddset(&ending, SIGTERM);
        sigaddset(&ending, SIGINT);
        for (unsigned tries = 0;; tries++) {
                cleanup_free_ char *sentence = NULL;
                int r = state_open(&start->places, start->name, start->system, &start->state, &sentence);

                if (r >= 0)
                        return r;
                if (r != -EAGAIN || tries == LOCK_TRIES)
                        return sentence_set(ret_sentence, r, "%s", sentence);
                if (tries == 0)
                        note_info("waiting: %s", sentence);
                (void) sd_notify(false, "READY=1");
                if (sigtimedwait(&ending, NULL, &second) >= 0)
                        return -EINTR;
        }
}

/* SIGPIPE says nothing that write() does not say. */
static void block_signals(void) {
        sigset_t signals;

        sigemptyset(&signals);
        sigaddset(&signals, SIGTERM);
        sigaddset(&signals, SIGINT);
        sigaddset(&signals, SIGCHLD);
        (void) sigprocmask(SIG_BLOCK, &signals, NULL);
        (void) signal(SIGPIPE, SIG_IGN);
}

/*
 * Who waits before it loads a plugin, or cannot, is asked for its version all the same. Where there is none a
 * service waits, as it may be installed yet; who sits at a terminal has mistyped its name.
 */
static int find_version(Start *start, char **ret_sentence) {
        cleanup_free_ char *path = NULL, *sentence = NULL;
        int r = load_find(&start->places, start->name, start->system, &path, &sentence);

        if (r >= 0)
                start->version = described_version(path);
        else if (isatty(STDERR_FILENO))
                return sentence_set(ret_sentence, r, "%s", sentence);
        return 0;
}

int start_begin(Start *start, const char *name, const char *bus, PlacesFunc places, char **ret_sentence) {
        int r = confine_take();

        start->name = name;
        note_begin(name);
        if (r < 0)
                return sentence_set(ret_sentence, r, "cannot limit this process: %s", strerror(-r));
        block_signals();
        r = scope_find(places, name, &start->system, &start->places, ret_sentence);
        if (r >= 0)
                r = check_bus(start, bus, ret_sentence);
        if (r >= 0)
                r = find_version(start, ret_sentence);
        if (r < 0)
                return r;
        r = guard_new(name, on_guard_failed, start, &start->guard);
        return r < 0 ? sentence_set(ret_sentence, r, "cannot watch over the plugin: %s", strerror(-r)) : 0;
}

int start_state(Start *start, char **ret_sentence) {
        cleanup_free_ char *sentence = NULL;
        int r;

        r = open_state(start, ret_sentence);
        if (r < 0)
                return r;
        r = state_read(start->state, &start->held, &sentence);
        if (r < 0) {
                *ret_sentence = steal(sentence);
                held_clear(&start->held);
                held_init(&start->held);
                start->state = state_close(start->state);
                return r;
        }
        if (r > 0)
                note_warning("%s", sentence);
        take_failure(start);
        return 0;
}

/* ---- the plugin ---- */

int start_load(Start *start, char **ret_sentence) {
        cleanup_free_ char *path = NULL, *sentence = NULL;
        Plugin *plugin;
        int r;

        r = load_find(&start->places, start->name, start->system, &path, &sentence);
        if (r > 0)
                note_warning("%s", sentence);
        if (r < 0)
                return sentence_set(ret_sentence, r, "%s", sentence);
        r = guard_load(start->guard, path, geteuid() == 0, &plugin, ret_sentence);
        if (r < 0)
                return r;
        r = load_check_scope(plugin, start->system, ret_sentence);
        if (r < 0) {
                load_drop(plugin);
                return r;
        }
        start->plugin = plugin;
        start->stale = described_stale(plugin);
        if (start->stale)
                note_warning("%s", start->stale);
        return 0;
}

void start_clear(Start *start) {
        table_free(start->plugin);
        state_close(start->state);
        held_clear(&start->held);
        places_clear(&start->places);
        free(start->failure);
        free(start->version);
        free(start->stale);
}
