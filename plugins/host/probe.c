/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/probe.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/lib/client.h"
#include "clients/lib/memory.h"
#include "common/caps.h"
#include "common/names.h"
#include "plugins/host/answer.h"
#include "plugins/host/conf.h"
#include "plugins/host/confine.h"
#include "plugins/host/files.h"
#include "plugins/host/load.h"
#include "plugins/host/note.h"
#include "plugins/host/once.h"
#include "plugins/host/scope.h"
#include "plugins/host/sentence.h"
#include "plugins/host/wanted.h"

typedef struct Probe {
        const Options *options;
        PlacesFunc find_places;
        Places places;
        Places computer; /* those of a plugin for the system, of which an ordinary user may ask, too */
        Once once;
        Client *client;
        HeldAnswer answer;
        Values *own; /* of a session's plugin */
        Conf *conf;  /* of one for the system */
        Wanted *wanted;
} Probe;

/* ---- what the user wants ---- */

static int no_answer(Probe *probe, int r, char **ret_sentence) {
        return sentence_set(ret_sentence, r, "%s", client_error_message(probe->client));
}

static int fetch_list(Probe *probe, const HeldPair *list, char **ret_sentence) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        cleanup_free_ char *text = NULL;
        int fd, r;

        r = client_call(probe->client, POMOD_INTERFACE_FOCUS, "GetList",
                        CLIENT_OPTIONS(client_option_text("digest", list->text)), &reply, "s", list->key);
        if (r < 0)
                return no_answer(probe, r, ret_sentence);
        r = sd_bus_message_read(reply, "h", &fd);
        if (r >= 0)
                r = files_read_rest(fd, CAP_HELD_LIST_BYTES, &text, NULL);
        if (r >= 0)
                r = state_put_list(probe->once.state, list->text, text);
        return r < 0 ? sentence_set(ret_sentence, r, "cannot read the list '%s': %s", list->key, strerror(-r))
                     : 0;
}

static int fetch_lists(Probe *probe, char **ret_sentence) {
        const HeldClaims *claims = &probe->answer.claims;

        for (size_t i = 0; i < claims->n; i++)
                for (size_t j = 0; j < claims->list[i].lists.n; j++) {
                        const HeldPair *list = &claims->list[i].lists.list[j];
                        int r = state_has_list(probe->once.state, list->text)
                                                ? 0
                                                : fetch_list(probe, list, ret_sentence);

                        if (r < 0)
                                return r;
                }
        return 0;
}

static int ask(Probe *probe, char **ret_sentence) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        int r;

        probe->client = client_new(probe->options->bus, CLIENT_NO_AUTO_START);
        r = client_call(probe->client, POMOD_INTERFACE_FOCUS, "Desired", NULL, &reply, "s",
                        probe->options->name);
        if (r < 0)
                return no_answer(probe, r, ret_sentence);
        r = answer_read(reply, probe->options->name, &probe->answer);
        if (r < 0)
                return sentence_set(ret_sentence, r, "pomod answered in a form that this host does not know");
        return fetch_lists(probe, ret_sentence);
}

/* ---- what the plugin is given ---- */

static int make_standing(Probe *probe, const Values **ret_standing) {
        int r;

        if (probe->once.plugin->system) {
                r = probe->find_places(true, &probe->computer);
                if (r >= 0)
                        r = conf_new(NULL, &probe->computer, probe->once.plugin, NULL, NULL, &probe->conf);
                if (r >= 0)
                        *ret_standing = conf_values(probe->conf);
                return r;
        }
        r = wanted_standing(probe->once.plugin, &probe->answer.standing, &probe->own);
        if (r >= 0)
                *ret_standing = probe->own;
        return r;
}

/* A claim that rests is none here and now. */
static int make_wanted(Probe *probe, char **ret_sentence) {
        const HeldClaims *claims = &probe->answer.claims;
        cleanup_free_ const HeldClaim **list = memory_new(const HeldClaim *, claims->n);
        uint64_t now_usec = state_now(probe->once.state).boottime_usec;
        HeldList given = { .claims = list };
        const Values *standing = NULL;
        int r;

        for (size_t i = 0; i < claims->n; i++)
                if (claims->list[i].rests_until_boottime_usec <= now_usec)
                        list[given.n++] = &claims->list[i];
        r = make_standing(probe, &standing);
        if (r >= 0)
                r = wanted_make(probe->once.plugin, probe->once.state, &given, standing, &probe->wanted);
        if (r < 0)
                return sentence_set(ret_sentence, r, "cannot make what it is given: %s", strerror(-r));
        probe->wanted->desired.generation = 1;
        probe->wanted->desired.reason = POMO_CHANGE;
        return 0;
}

/* ---- its answer ---- */

static void on_finding(const char *place, uint32_t finding, const char *sentence, void *data) {
        cleanup_free_ char *where = memory_safe_text(place), *why = memory_safe_text(sentence);

        printf("%s: %s%s%s\n", where,
                        finding == POMO_BLOCKED ? "blocked"
                        : finding == POMO_OPEN  ? "open"
                                                : "unknown",
                        *why ? ", " : "", why);
}

static int work(Probe *probe, char **ret_sentence) {
        cleanup_free_ char *path = NULL, *sentence = NULL;
        const Options *options = probe->options;
        bool system;
        int r;

        r = scope_find(probe->find_places, options->name, &system, &probe->places, ret_sentence);
        if (r < 0)
                return r;
        r = load_find(&probe->places, options->name, system, &path, &sentence);
        if (r < 0)
                return sentence_set(ret_sentence, r, "%s", sentence);
        r = confine_take();
        if (r < 0)
                return sentence_set(ret_sentence, r, "cannot limit this process: %s", strerror(-r));
        if ((r = once_load(&probe->once, path, options->name, false, ret_sentence)) < 0 ||
                        (r = ask(probe, ret_sentence)) < 0 || (r = make_wanted(probe, ret_sentence)) < 0)
                return r;
        r = guard_probe(probe->once.guard, calls_host(probe->once.calls), calls_table(), options->subject,
                        &probe->wanted->desired, on_finding, probe);
        if (r == -EOPNOTSUPP)
                return sentence_set(ret_sentence, r, "%s cannot be asked: it has no probe()", options->name);
        return r < 0 ? sentence_set(ret_sentence, r, "%s cannot say: %s", options->name,
                                       calls_sentence(probe->once.calls) ?: strerror(-r))
                     : 0;
}

static void probe_clear(Probe *probe) {
        wanted_free(probe->wanted);
        values_free(probe->own);
        conf_free(probe->conf);
        answer_clear(&probe->answer);
        client_unref(probe->client);
        once_clear(&probe->once);
        places_clear(&probe->computer);
        places_clear(&probe->places);
}

int probe_subject(const Options *options, PlacesFunc places) {
        cleanup_(probe_clear) Probe probe = { .options = options, .find_places = places };
        cleanup_free_ char *sentence = NULL;
        int r;

        note_begin(options->name);
        r = work(&probe, &sentence);
        if (r < 0)
                return sentence_fail(sentence ?: strerror(-r));
        return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
