/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/release.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "clients/lib/memory.h"
#include "plugins/host/calls.h"
#include "plugins/host/conf.h"
#include "plugins/host/confine.h"
#include "plugins/host/guard.h"
#include "plugins/host/held.h"
#include "plugins/host/load.h"
#include "plugins/host/note.h"
#include "plugins/host/release-by-hand.h"
#include "plugins/host/scope.h"
#include "plugins/host/sentence.h"
#include "plugins/host/state.h"
#include "plugins/host/wanted.h"

#define DONE_WITHIN_USEC   USEC_PER_MIN
#define RELEASE_GENERATION 0u
#define APPLY_GENERATION   1u

typedef struct Release {
        const Options *options;
        bool system;
        Places places;
        State *state;
        Held held;
        Guard *guard;
        Plugin *plugin;
        sd_event *event;
        Calls *calls;
        uint64_t generation; /* of the call that is waited for */
        bool pending, calling;
        int result;
        Values *standing; /* of a session plugin */
        Conf *conf;       /* of a system plugin */
} Release;

/* ---- what the plugin is asked, and its answer ---- */

static void on_done(void *userdata, uint64_t generation, int result) {
        Release *release = userdata;

        if (release->calling || !release->pending || generation != release->generation)
                return;
        release->pending = false;
        release->result = result < 0 ? result : 0;
}

static int on_late(sd_event_source *source, uint64_t usec, void *userdata) {
        Release *release = userdata;

        release->pending = false;
        release->result = -ETIMEDOUT;
        return 0;
}

/* Runs the loop until done(). */
static int wait_for_done(Release *release) {
        sd_event_source *late = NULL;
        int r;

        release->pending = true;
        r = sd_event_add_time_relative(
                        release->event, &late, CLOCK_BOOTTIME, DONE_WITHIN_USEC, 1000, on_late, release);
        while (r >= 0 && release->pending)
                r = sd_event_run(release->event, UINT64_MAX);
        sd_event_source_disable_unref(late);
        return r < 0 ? r : release->result;
}

static int why(const Release *release, int r, const char *call, char **ret_sentence) {
        const char *sentence = calls_sentence(release->calls);

        if (r == -ETIMEDOUT && !sentence)
                return sentence_set(ret_sentence, r, "%s of %s began, and was not done within 60 s", call,
                                release->options->name);
        return sentence_set(ret_sentence, r, "%s of %s failed: %s", call, release->options->name,
                        sentence ? sentence : strerror(-r));
}

static int call_release(Release *release, char **ret_sentence) {
        int r;

        calls_explain_anew(release->calls);
        release->generation = RELEASE_GENERATION;
        release->calling = true;
        r = guard_release(release->guard, calls_host(release->calls), calls_table());
        release->calling = false;
        if (r == POMO_LATER)
                r = wait_for_done(release);
        return r < 0 ? why(release, r, "release()", ret_sentence) : 0;
}

static int make_standing(Release *release) {
        return release->system ? conf_new(NULL, &release->places, release->plugin, NULL, NULL, &release->conf)
                               : wanted_standing(release->plugin, &release->held.standing,
                                                 &release->standing);
}

static int give(Release *release, void *plugin_state, const HeldList *list) {
        cleanup_(wanted_freep) Wanted *wanted = NULL;
        int r;

        r = make_standing(release);
        if (r >= 0)
                r = wanted_make(release->plugin, release->state, list,
                                release->system ? conf_values(release->conf) : release->standing, &wanted);
        if (r < 0)
                return r;
        for (size_t i = 0; i < wanted->n_notes; i++)
                note_warning("%s", wanted->notes[i].sentence);
        wanted->desired.generation = release->generation = APPLY_GENERATION;
        wanted->desired.reason = POMO_STOP;
        wanted->desired.flags = POMO_ALONE;
        release->calling = true;
        r = guard_apply(release->guard, plugin_state, &wanted->desired);
        release->calling = false;
        return r == POMO_LATER ? wait_for_done(release) : r;
}

static int call_apply(Release *release, const HeldList *list, char **ret_sentence) {
        void *plugin_state = NULL;
        int r;

        calls_explain_anew(release->calls);
        r = guard_open(release->guard, calls_host(release->calls), calls_table(), &plugin_state);
        if (r < 0)
                return why(release, r, "open()", ret_sentence);
        calls_explain_anew(release->calls);
        r = give(release, plugin_state, list);
        if (r < 0)
                (void) why(release, r, "apply()", ret_sentence);
        guard_close(release->guard, plugin_state);
        calls_forget_all(release->calls);
        return r;
}

/* ---- the plugin, made ready ---- */

/* It ends this process right after. */
static void on_guard_failed(const char *sentence, void *userdata) {
        sentence_write(sentence);
}

static int load(Release *release, char **ret_sentence) {
        cleanup_free_ char *path = NULL, *sentence = NULL;
        int r;

        r = load_find(&release->places, release->options->name, release->system, &path, &sentence);
        if (r < 0)
                return sentence_set(ret_sentence, r, "%s", sentence);
        r = guard_new(release->options->name, on_guard_failed, release, &release->guard);
        if (r >= 0)
                r = sd_event_new(&release->event);
        if (r < 0)
                return sentence_set(ret_sentence, r, "cannot watch over %s: %s", path, strerror(-r));
        r = guard_load(release->guard, path, geteuid() == 0, &release->plugin, ret_sentence);
        if (r >= 0)
                r = load_check_scope(release->plugin, release->system, ret_sentence);
        if (r < 0)
                return r;
        release->calls = calls_new(&(CallsConfig){
                        .event = release->event,
                        .guard = release->guard,
                        .state = release->state,
                        .session = !release->system,
                        .hooks = { .done = on_done },
                        .userdata = release,
        });
        return 0;
}

static int write_held(Release *release, char **ret_sentence) {
        int r = state_write(release->state, &release->held);

        return r < 0 ? sentence_set(ret_sentence, r, "cannot write what %s holds: %s", release->options->name,
                                       strerror(-r))
                     : 0;
}

/* ---- --ended ---- */

static bool is_nothing_left(const Held *held) {
        for (size_t i = 0; i < held->claims.n; i++)
                if (!held->claims.list[i].over)
                        return false;
        return true;
}

static int put_back(Release *release, HeldTodo todo, const HeldList *list, char **ret_sentence) {
        int r = load(release, ret_sentence);

        if (r < 0)
                return r;
        if (todo != HELD_RELEASE && !is_nothing_left(&release->held)) {
                r = call_apply(release, list, ret_sentence);
                if (r >= 0)
                        (void) held_applied(&release->held);
        } else {
                r = call_release(release, ret_sentence);
                if (r >= 0)
                        held_forget(&release->held);
        }
        return r < 0 ? r : write_held(release, ret_sentence);
}

static int release_ended(Release *release, char **ret_sentence) {
        const HeldNow now = state_now(release->state);
        cleanup_(held_list_clear) HeldList list = {};
        HeldTodo todo;

        if (held_follow(&release->held, &now)) {
                int r = write_held(release, ret_sentence);

                if (r < 0)
                        return r;
        }
        todo = held_todo(&release->held, &now);
        if (held_is_empty(&release->held) || todo == HELD_WAIT)
                return 0;
        held_apply_list(&release->held, &now, &list);
        return put_back(release, todo, &list, ret_sentence);
}

/* ---- all at once ---- */

static int release_all(Release *release, char **ret_sentence) {
        const bool is_held = !held_is_empty(&release->held);
        int r;

        r = load(release, ret_sentence);
        if (r >= 0)
                r = call_release(release, ret_sentence);
        if (r < 0)
                return r;
        /* The note first: what was lifted is on record whatever happens from here on. */
        if (is_held)
                r = state_write_released(release->state, "with pomod-plugin-host --release");
        if (r < 0)
                return sentence_set(ret_sentence, r, "cannot note that %s was released: %s",
                                release->options->name, strerror(-r));
        held_forget(&release->held);
        r = write_held(release, ret_sentence);
        if (r >= 0)
                release_by_hand_report(release->state, release->options, release->system);
        return r;
}

/* ---- from its beginning to its end ---- */

static int read_state(Release *release, char **ret_sentence) {
        cleanup_free_ char *sentence = NULL;
        int r;

        r = state_open_briefly(&release->places, release->options->name, release->system, &release->state,
                        ret_sentence);
        if (r < 0)
                return r;
        r = state_read(release->state, &release->held, &sentence);
        if (r > 0)
                note_warning("%s", sentence);
        else if (r < 0)
                *ret_sentence = steal(sentence);
        return r;
}

static int do_it(Release *release, PlacesFunc places, char **ret_sentence) {
        int r = scope_find(places, release->options->name, &release->system, &release->places, ret_sentence);

        if (r >= 0 && release->options->stop)
                r = release_by_hand_stop(release->options->name, release->system, ret_sentence);
        if (r >= 0)
                r = read_state(release, ret_sentence);
        if (r < 0)
                return r;
        return release->options->ended ? release_ended(release, ret_sentence)
                                       : release_all(release, ret_sentence);
}

static void release_clear(Release *release) {
        calls_unref(release->calls);
        values_free(release->standing);
        conf_free(release->conf);
        sd_event_unref(release->event);
        held_clear(&release->held);
        state_close(release->state);
        places_clear(&release->places);
}

int release_run(const Options *options, PlacesFunc places) {
        cleanup_(release_clear) Release release = { .options = options };
        cleanup_free_ char *sentence = NULL;
        int r = confine_take();

        assert(options->name);
        if (r < 0)
                return sentence_fail(strerror(-r));
        note_begin(options->name);
        (void) signal(SIGPIPE, SIG_IGN);
        r = do_it(&release, places, &sentence);
        return r < 0 ? sentence_fail(sentence ? sentence : strerror(-r)) : EXIT_SUCCESS;
}
