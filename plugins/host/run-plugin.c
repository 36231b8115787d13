/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* The plugin of a host: loaded, given its settings, and what becomes of it handed on. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "plugins/host/act.h"
#include "plugins/host/note.h"
#include "plugins/host/run-private.h"

#define LOAD_RETRY_MAX_USEC USEC_PER_MIN
#define CALM_AFTER_USEC     USEC_PER_MIN
#define TOLD_WITHIN_USEC    (5 * USEC_PER_SEC)
#define TOLD_EVERY_USEC     (100 * USEC_PER_MSEC)

int run_calm(sd_event_source *source, uint64_t usec, void *userdata) {
        Run *run = userdata;

        start_calm(&run->start);
        return 0;
}

static void on_finished(void *userdata) {
        Run *run = userdata;

        if (world_outcome(run->world) == WORLD_FAILED) {
                cleanup_free_ char *sentence = world_sentence(run->world);

                note_warning("it failed: %s", sentence ?: "");
        }
        run_report(run);
        run_ready(run);
        /* What ended may have been the last that kept pomod's word out. */
        if (run->foreign)
                bus_ask(run->bus);
}

static void on_opened(void *userdata) {
        Run *run = userdata;

        bus_ask_timer(run->bus);
}

static void take_conf(Run *run) {
        for (const char *const *mistake = conf_mistakes(run->conf); *mistake; mistake++)
                note_warning("%s", *mistake);
        world_set_standing(run->world, conf_values(run->conf));
}

static void on_conf_changed(void *userdata) {
        take_conf(userdata);
}

static int read_conf(Run *run) {
        int r;

        if (!run->start.system)
                return 0;
        r = conf_new(run->event, &run->start.places, run->start.plugin, on_conf_changed, run, &run->conf);
        if (r >= 0)
                take_conf(run);
        return r;
}

static int on_act(void *userdata, const char *const *words, uint64_t interval, CallsActed acted, void *data,
                sd_bus_slot **ret_slot) {
        Run *run = userdata;
        cleanup_free_ char *sentence = NULL;
        int r;

        if (run->start.system)
                return -EPERM;
        r = act_send(run->bus, words, interval, acted, data, ret_slot, &sentence);
        if (sentence)
                note_warning("%s", sentence);
        return r;
}

static int make_world(Run *run) {
        const WorldConfig config = {
                .event = run->event,
                .guard = run->start.guard,
                .plugin = run->start.plugin,
                .state = run->start.state,
                .held = &run->start.held,
                .session = !run->start.system,
                .finished = on_finished,
                .wanted = run_look_soon,
                .opened = on_opened,
                .act = on_act,
                .userdata = run,
        };
        int r;

        if ((r = world_new(&config, &run->world)) < 0 || (r = read_conf(run)) < 0)
                return r;
        /* Until it is known that the state folder says so. */
        world_changed(run->world);
        bus_set_plugin(run->bus, run->start.plugin->version,
                        !run->start.system && run->start.plugin->table.event);
        /* Who has failed not once is not woken for it. */
        if (run->start.n_failures > 0)
                run_timer_start(run->calm_timer, CALM_AFTER_USEC);
        run_look_soon(run);
        return 0;
}

/* A plugin that ended the process before may end this one: pomod is told of that first, where it is there. */
static bool may_be_told(Run *run) {
        return run->start.failure && !bus_is_answered(run->bus) &&
               state_now(run->start.state).boottime_usec - run->begin_usec < TOLD_WITHIN_USEC;
}

int run_load(sd_event_source *source, uint64_t usec, void *userdata) {
        Run *run = userdata;

        if (may_be_told(run)) {
                run_timer_start(source, TOLD_EVERY_USEC);
                return 0;
        }
        free(steal(run->unloadable));
        if (start_load(&run->start, &run->unloadable) >= 0)
                return make_world(run);
        note_error("%s", run->unloadable);
        run_report(run);
        run_timer_start(source, run->load_retry_usec);
        run->load_retry_usec *= 2;
        if (run->load_retry_usec > LOAD_RETRY_MAX_USEC)
                run->load_retry_usec = LOAD_RETRY_MAX_USEC;
        return 0;
}
