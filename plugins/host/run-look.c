/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* What a host holds, and what pomod says of it: looked at whenever one of them changed, or a time has come.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>

#include "clients/lib/memory.h"
#include "plugins/host/event.h"
#include "plugins/host/note.h"
#include "plugins/host/run-private.h"

#define ASK_EVERY_USEC USEC_PER_SEC

void run_ready(Run *run) {
        if (run->ready)
                return;
        run->ready = true;
        (void) sd_event_source_set_enabled(run->ready_timer, SD_EVENT_OFF);
        (void) sd_notify(false, "READY=1");
}

/* ---- what pomod is told ---- */

static void report_world(Run *run) {
        static const char *const words[] = {
                [WORLD_IDLE] = "idle",
                [WORLD_ENGAGED] = "engaged",
                [WORLD_FAILED] = "failed",
        };
        cleanup_free_ char *sentence = world_sentence(run->world);
        cleanup_free_ CallsClaim *claims = NULL;
        cleanup_free_ BusClaim *said = NULL;
        size_t n;

        claims = world_claims(run->world, &n);
        said = memory_new(BusClaim, n);
        for (size_t i = 0; i < n; i++)
                said[i] = (BusClaim){ claims[i].uid, claims[i].id, claims[i].sentence };
        bus_report(run->bus, run->generation, words[world_outcome(run->world)],
                        sentence ?: (run->conf ? conf_mistakes(run->conf)[0] : NULL) ?: run->start.failure ?: run->start.stale, said,
                        n);
}

void run_report(Run *run) {
        if (run->foreign)
                bus_report(run->bus, run->generation, "failed", run->foreign, NULL, 0);
        else if (run->world && world_outcome(run->world) != WORLD_UNTRIED)
                report_world(run);
        else if (run->unloadable || run->start.failure)
                bus_report(run->bus, run->generation, "failed", run->unloadable ?: run->start.failure, NULL,
                                0);
}

/* ---- looking at what is held ---- */

void run_look_soon(void *userdata) {
        Run *run = userdata;

        (void) sd_event_source_set_enabled(run->soon, SD_EVENT_ONESHOT);
}

static bool has_waited(Run *run, const HeldNow *now) {
        if (!run->waited)
                run->waited = bus_is_answered(run->bus) ||
                              now->boottime_usec - run->begin_usec >= held_wait_usec(&run->start.held);
        return run->waited;
}

/* Without an answer there is something to do only where something is held: no answer is never an empty one.
 */
static void begin(Run *run) {
        if (run->begun || ((run->foreign || !bus_is_answered(run->bus)) && held_is_empty(&run->start.held)))
                return;
        run->begun = true;
        world_again(run->world, POMO_START);
}

static void arm(Run *run) {
        HeldNow now = state_now(run->start.state);
        uint64_t next_usec = held_next(&run->start.held, &now);
        uint64_t waited_usec = run->begin_usec + held_wait_usec(&run->start.held);

        if (!run->waited && waited_usec < next_usec)
                next_usec = waited_usec;
        if (next_usec == UINT64_MAX)
                (void) sd_event_source_set_enabled(run->look_timer, SD_EVENT_OFF);
        else if (sd_event_source_set_time(run->look_timer, next_usec) >= 0)
                (void) sd_event_source_set_enabled(run->look_timer, SD_EVENT_ONESHOT);
}

void run_look(Run *run) {
        HeldNow now = state_now(run->start.state);

        if (held_follow(&run->start.held, &now) && run->world)
                world_changed(run->world);
        if (held_asks(&run->start.held, &now) && now.boottime_usec - run->asked_usec >= ASK_EVERY_USEC) {
                run->asked_usec = now.boottime_usec;
                bus_ask(run->bus);
        }
        if (has_waited(run, &now) && run->world) {
                begin(run);
                world_do(run->world, run->foreign || !bus_is_answered(run->bus));
        }
        arm(run);
}

/* ---- what pomod says ---- */

static void on_released_noted(void *userdata) {
        Run *run = userdata;

        state_drop_released(run->start.state);
}

/* What somebody released while there was no pomod to be told. */
static void note_released(Run *run) {
        cleanup_free_ char *reason = state_read_released(run->start.state);

        if (reason)
                bus_note_released(run->bus, reason, on_released_noted);
}

static void on_answered(void *userdata, HeldAnswer *answer) {
        Run *run = userdata;
        HeldNow now = state_now(run->start.state);
        cleanup_free_ char *sentence = NULL;
        uint64_t generation = answer->generation;
        int r;

        r = held_adopt(&run->start.held, bus_address(run->bus), bus_store(run->bus), &now, &sentence);
        if (r < 0) {
                if (!run->foreign)
                        note_warning("%s", sentence);
                free(run->foreign);
                run->foreign = steal(sentence);
                run->generation = generation;
                run_report(run);
                run_look_soon(run);
                return;
        }
        free(steal(run->foreign));
        r = held_merge(&run->start.held, answer);
        if (r < 0)
                return;
        run->generation = generation;
        note_released(run);
        if (r > 0 && run->world)
                world_changed(run->world);
        if (r == 0 || !run->world)
                run_report(run);
        run_look_soon(run);
}

static void on_silent(void *userdata, const char *why) {
        note_info("pomod does not say what should hold: %s", why);
        run_look_soon(userdata);
}

static const char *on_missing(void *userdata, const HeldClaims *claims) {
        Run *run = userdata;

        return state_missing_list(run->start.state, claims);
}

static int on_list(void *userdata, const char *digest, const char *text) {
        Run *run = userdata;

        return state_put_list(run->start.state, digest, text);
}

static void give_event(void *userdata, const PomoEvent *event) {
        Run *run = userdata;

        if (run->world)
                world_event(run->world, event);
}

static void on_event(void *userdata, uint64_t seq, const char *kind, sd_bus_message *details) {
        if (event_of_signal(seq, kind, details, give_event, userdata) < 0)
                note_warning("pomod told of an event in a form that this host does not know");
}

static void on_timer(void *userdata, sd_bus_message *properties) {
        if (event_of_timer(properties, give_event, userdata) < 0)
                note_warning("pomod told of its timer in a form that this host does not know");
}

const BusHandler run_bus_handler = {
        .answered = on_answered,
        .silent = on_silent,
        .missing = on_missing,
        .list = on_list,
        .event = on_event,
        .timer = on_timer,
};
