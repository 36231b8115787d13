/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/release.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "plugins/host/conf.h"
#include "plugins/host/confine.h"
#include "plugins/host/held.h"
#include "plugins/host/load.h"
#include "plugins/host/note.h"
#include "plugins/host/once.h"
#include "plugins/host/release-by-hand.h"
#include "plugins/host/scope.h"
#include "plugins/host/sentence.h"
#include "plugins/host/state.h"
#include "plugins/host/wanted.h"

typedef struct Release {
        const Options *options;
        bool system;
        Places places;
        Held held;
        Once once;        /* its state is there from read_state() on, its plugin from load() on */
        Values *standing; /* of a session plugin */
        Conf *conf;       /* of a system plugin */
} Release;

/* ---- the plugin ---- */

static int make_standing(Release *release) {
        return release->system ? conf_new(NULL, &release->places, release->once.plugin, NULL, NULL,
                                                 &release->conf)
                               : wanted_standing(release->once.plugin, &release->held.standing,
                                                 &release->standing);
}

static int make_wanted(Release *release, const HeldList *list, Wanted **ret_wanted) {
        Wanted *wanted;
        int r;

        r = make_standing(release);
        if (r >= 0)
                r = wanted_make(release->once.plugin, release->once.state, list,
                                release->system ? conf_values(release->conf) : release->standing, &wanted);
        if (r < 0)
                return r;
        for (size_t i = 0; i < wanted->n_notes; i++)
                note_warning("%s", wanted->notes[i].sentence);
        wanted->desired.generation = 1;
        wanted->desired.reason = POMO_STOP;
        wanted->desired.flags = POMO_ALONE;
        *ret_wanted = wanted;
        return 0;
}

static int call_apply(Release *release, const HeldList *list, char **ret_sentence) {
        cleanup_(wanted_freep) Wanted *wanted = NULL;
        int r;

        r = once_open(&release->once, ret_sentence);
        if (r < 0)
                return r;
        r = make_wanted(release, list, &wanted);
        if (r < 0)
                sentence_set(ret_sentence, r, "cannot make what %s is given: %s", release->options->name,
                                strerror(-r));
        else
                r = once_apply(&release->once, &wanted->desired, ret_sentence);
        once_close(&release->once);
        return r;
}

static int load(Release *release, char **ret_sentence) {
        const char *name = release->options->name;
        cleanup_free_ char *path = NULL, *sentence = NULL;
        int r;

        r = load_find(&release->places, name, release->system, &path, &sentence);
        if (r < 0)
                return sentence_set(ret_sentence, r, "%s", sentence);
        r = once_load_with_state(&release->once, path, name, true, ret_sentence);
        return r < 0 ? r : load_check_scope(release->once.plugin, release->system, ret_sentence);
}

static int write_held(Release *release, char **ret_sentence) {
        int r = state_write(release->once.state, &release->held);

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
                r = once_release(&release->once, ret_sentence);
                if (r >= 0)
                        held_forget(&release->held);
        }
        return r < 0 ? r : write_held(release, ret_sentence);
}

static int release_ended(Release *release, char **ret_sentence) {
        const HeldNow now = state_now(release->once.state);
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
                r = once_release(&release->once, ret_sentence);
        if (r < 0)
                return r;
        /* The note first: what was lifted is on record whatever happens from here on. */
        if (is_held)
                r = state_write_released(release->once.state, "with pomod-plugin-host --release");
        if (r < 0)
                return sentence_set(ret_sentence, r, "cannot note that %s was released: %s",
                                release->options->name, strerror(-r));
        held_forget(&release->held);
        r = write_held(release, ret_sentence);
        if (r >= 0)
                release_by_hand_report(release->once.state, release->options, release->system);
        return r;
}

/* ---- from its beginning to its end ---- */

static int read_state(Release *release, char **ret_sentence) {
        cleanup_free_ char *sentence = NULL;
        int r;

        r = state_open_briefly(&release->places, release->options->name, release->system,
                        &release->once.state, ret_sentence);
        if (r < 0)
                return r;
        r = state_read(release->once.state, &release->held, &sentence);
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
        values_free(release->standing);
        conf_free(release->conf);
        held_clear(&release->held);
        once_clear(&release->once);
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
