/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/world.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "clients/lib/timer.h"
#include "common/caps.h"
#include "common/duration.h"
#include "plugins/host/given.h"
#include "plugins/host/looks.h"
#include "plugins/host/note.h"

#define DONE_WITHIN_USEC   USEC_PER_MIN
#define RETRY_MIN_USEC     USEC_PER_SEC
#define RETRY_MAX_USEC     USEC_PER_MIN
#define RELEASE_GENERATION 0u

struct World {
        WorldConfig config;
        Calls *calls;
        void *plugin_state;
        bool open, stopping;

        bool unwritten; /* the state folder does not say what is held */
        bool again;
        uint32_t reason;

        bool calling;                /* apply() or release() runs */
        bool pending, releasing;     /* done() is waited for; … of release() */
        sd_event_source *done_timer; /* how long it is waited for */
        sd_event_source *retry_timer;
        bool retrying; /* it is too early */
        uint64_t retry_usec;

        Looks *looks;
        Given given;

        WorldOutcome outcome;
        char *failure; /* in the words of the host; NULL: the plugin's own, or none */
};

static void timer_start(sd_event_source *timer, uint64_t usec) {
        if (sd_event_source_set_time_relative(timer, usec) >= 0)
                (void) sd_event_source_set_enabled(timer, SD_EVENT_ONESHOT);
}

static void timer_stop(sd_event_source *timer) {
        (void) sd_event_source_set_enabled(timer, SD_EVENT_OFF);
}

/* ---- how it ended ---- */

static int write_state(World *world) {
        int r = world->unwritten ? state_write(world->config.state, world->config.held) : 0;

        if (r >= 0)
                world->unwritten = false;
        return r;
}

/* sentence is taken over; NULL where the plugin's own is as good. */
static void failed(World *world, int r, char *sentence) {
        world->outcome = WORLD_FAILED;
        free(world->failure);
        world->failure = sentence;
        if (!world->failure && !calls_sentence(world->calls))
                world->failure = memory_copy(strerror(-r));
        world->again = true;
        world->reason = POMO_RETRY;
        world->retrying = true;
        timer_start(world->retry_timer, world->retry_usec);
        world->retry_usec *= 2;
        if (world->retry_usec > RETRY_MAX_USEC)
                world->retry_usec = RETRY_MAX_USEC;
}

static void succeeded(World *world) {
        bool over = world->releasing ? held_released(world->config.held) : held_applied(world->config.held);

        world->unwritten = world->unwritten || over;
        free(steal(world->failure));
        world->outcome = world->given.n > 0 ? WORLD_ENGAGED : WORLD_IDLE;
        world->retry_usec = RETRY_MIN_USEC;
        /* What is over stays in the folder until it can be written, and is lifted once more by whoever comes.
         */
        if (write_state(world) < 0)
                note_warning("cannot write the state folder; what has ended is looked at again");
}

static void ended(World *world, int r, char *sentence) {
        world->pending = false;
        timer_stop(world->done_timer);
        if (r < 0)
                failed(world, r, sentence);
        else
                succeeded(world);
        world->releasing = false;
        world->config.finished(world->config.userdata);
        world->config.wanted(world->config.userdata);
}

static void on_done(void *userdata, uint64_t generation, int result) {
        World *world = userdata;

        if (world->calling) {
                note_warning("done() from inside %s is ignored; return the result",
                                world->releasing ? "release()" : "apply()");
                return;
        }
        if (!world->pending ||
                        generation != (world->releasing ? RELEASE_GENERATION : world->given.generation)) {
                note_line(LOG_DEBUG, "done() of nothing that is pending is ignored");
                return;
        }
        ended(world, result < 0 ? result : 0, NULL);
}

static int on_done_timer(sd_event_source *source, uint64_t usec, void *userdata) {
        World *world = userdata;

        ended(world, -ETIMEDOUT,
                        memory_format("%s was begun, and its end was not told within 60 s",
                                        world->releasing ? "release()" : "apply()"));
        return 0;
}

static int on_retry_timer(sd_event_source *source, uint64_t usec, void *userdata) {
        World *world = userdata;

        world->retrying = false;
        world->config.wanted(world->config.userdata);
        return 0;
}

/* ---- what the plugin asks for ---- */

static void on_look_due(void *userdata) {
        world_again(userdata, POMO_WORLD);
}

static void on_fought(void *userdata) {
        World *world = userdata;

        world->config.finished(world->config.userdata);
}

static void on_look_again(void *userdata) {
        World *world = userdata;

        looks_add(world->looks, boottime_now_usec());
}

static int on_act(void *userdata, const char *const *words, uint64_t interval, CallsActed acted, void *data,
                sd_bus_slot **ret_slot) {
        World *world = userdata;

        return world->config.act ? world->config.act(world->config.userdata, words, interval, acted, data,
                                                   ret_slot)
                                 : -EPERM;
}

/* ---- the calls ---- */

static int open_plugin(World *world) {
        int r;

        if (world->open)
                return 0;
        calls_explain_anew(world->calls);
        r = guard_open(world->config.guard, calls_host(world->calls), calls_table(), &world->plugin_state);
        if (r < 0)
                return r;
        world->open = true;
        world->config.opened(world->config.userdata);
        return 0;
}

/* What is new must be on disk before the world has it; what has ended is lifted also where nothing can be
 * written. */
static bool may_go_unwritten(const HeldList *list) {
        for (size_t i = 0; i < list->n; i++)
                if (!list->claims[i]->applied)
                        return false;
        return true;
}

/* What a call came to that returned r: POMO_LATER, or how it ended. */
static void called(World *world, int r) {
        if (r != POMO_LATER) {
                ended(world, r, NULL);
                return;
        }
        world->pending = true;
        timer_start(world->done_timer, DONE_WITHIN_USEC);
}

static char *why_unwritten(int r) {
        if (r == -EFBIG)
                return memory_format(
                                "what should hold is more than %u MiB as it is written into the state folder, the most that is read again; what is new does not hold until it is less",
                                CAP_HELD_BYTES >> 20);
        return memory_format("cannot write what should hold into the state folder: %s", strerror(-r));
}

static void apply(World *world, bool alone, uint32_t reason) {
        cleanup_(held_list_clear) HeldList list = {};
        HeldNow now = state_now(world->config.state);
        int r;

        held_apply_list(world->config.held, &now, &list);
        r = write_state(world);
        if (r < 0 && !may_go_unwritten(&list)) {
                ended(world, r, why_unwritten(r));
                return;
        }
        r = open_plugin(world);
        if (r >= 0) {
                world->calling = true;
                r = given_apply(&world->given, world->plugin_state, &list, &world->config.held->standing,
                                alone, reason);
                world->calling = false;
        }
        called(world, r);
}

static void release(World *world) {
        int r;

        calls_explain_anew(world->calls);
        given_none(&world->given);
        world->releasing = world->calling = true;
        r = guard_release(world->config.guard, calls_host(world->calls), calls_table());
        world->calling = false;
        called(world, r);
}

/* What changed is nothing of the world: an end on the wall clock, say. */
static void write_alone(World *world) {
        int r = write_state(world);

        if (r >= 0)
                return;
        note_warning("cannot write the state folder: %s", strerror(-r));
        timer_start(world->retry_timer, RETRY_MAX_USEC);
}

static void do_next(World *world, bool alone) {
        HeldNow now = state_now(world->config.state);
        HeldTodo todo = held_todo(world->config.held, &now);
        uint32_t reason = world->again                               ? world->reason
                          : held_has_ended(world->config.held, &now) ? (uint32_t) POMO_ENDED
                                                                     : (uint32_t) POMO_CHANGE;

        if (todo == HELD_WAIT || (todo == HELD_NOTHING && !world->again)) {
                write_alone(world);
                return;
        }
        world->again = false;
        if (todo == HELD_RELEASE)
                release(world);
        else
                apply(world, alone, reason);
}

/* ---- from outside ---- */

void world_changed(World *world) {
        world->unwritten = true;
        /* "… and on any change": what failed is tried at once with what is new. */
        world->retrying = false;
        timer_stop(world->retry_timer);
}

void world_again(World *world, uint32_t reason) {
        world->again = true;
        world->reason = reason;
        world->config.wanted(world->config.userdata);
}

void world_set_standing(World *world, const Values *standing) {
        world->given.standing = standing;
        if (world->outcome != WORLD_UNTRIED)
                world_again(world, POMO_CHANGE);
}

void world_do(World *world, bool alone) {
        if (!world->pending && !world->retrying && !world->calling)
                do_next(world, alone);
}

void world_stop(World *world, bool alone) {
        HeldNow now = state_now(world->config.state);

        world->stopping = true;
        if (!world->pending && !world->calling && held_has_ended(world->config.held, &now))
                apply(world, alone, POMO_STOP);
}

void world_event(World *world, const PomoEvent *event) {
        if (world->open && !world->stopping)
                guard_event(world->config.guard, world->plugin_state, event);
}

WorldOutcome world_outcome(const World *world) {
        return world->outcome;
}

char *world_sentence(const World *world) {
        const char *sentence = world->failure ?: calls_sentence(world->calls);

        if (!looks_are_fought(world->looks, boottime_now_usec()))
                return sentence ? memory_copy(sentence) : NULL;
        return memory_format(
                        "something undoes this more than 10 times in a minute, and it is done again once a minute%s%s",
                        sentence ? "; " : "", sentence ?: "");
}

CallsClaim *world_claims(const World *world, size_t *ret_n) {
        return given_claims(&world->given, ret_n);
}

static int timer_new(World *world, sd_event_time_handler_t handler, sd_event_source **ret_timer) {
        int r = sd_event_add_time(
                        world->config.event, ret_timer, CLOCK_BOOTTIME, UINT64_MAX, 1000, handler, world);

        return r < 0 ? r : sd_event_source_set_enabled(*ret_timer, SD_EVENT_OFF);
}

int world_new(const WorldConfig *config, World **ret_world) {
        cleanup_(world_unrefp) World *world = memory_new(World, 1);
        int r;

        world->config = *config;
        world->retry_usec = RETRY_MIN_USEC;
        world->calls = calls_new(&(CallsConfig){
                        .event = config->event,
                        .guard = config->guard,
                        .state = config->state,
                        .event_loop = true,
                        .session = config->session,
                        .hooks = { .done = on_done, .look_again = on_look_again, .act = on_act },
                        .userdata = world,
        });
        world->given = (Given){ .guard = config->guard,
                .plugin = config->plugin,
                .state = config->state,
                .calls = world->calls };
        if ((r = timer_new(world, on_done_timer, &world->done_timer)) < 0 ||
                        (r = timer_new(world, on_retry_timer, &world->retry_timer)) < 0 ||
                        (r = looks_new(&(LooksConfig){ .event = config->event,
                                                       .due = on_look_due,
                                                       .fought = on_fought,
                                                       .userdata = world },
                                         &world->looks)) < 0)
                return r;
        *ret_world = steal(world);
        return 0;
}

World *world_unref(World *world) {
        if (!world)
                return NULL;
        if (world->open)
                guard_close(world->config.guard, world->plugin_state);
        calls_unref(world->calls);
        sd_event_source_disable_unref(world->done_timer);
        sd_event_source_disable_unref(world->retry_timer);
        looks_unref(world->looks);
        given_clear(&world->given);
        free(world->failure);
        free(world);
        return NULL;
}
