/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/run.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <systemd/sd-daemon.h>
#include <time.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "plugins/host/note.h"
#include "plugins/host/refusal.h"
#include "plugins/host/run-private.h"
#include "plugins/host/sentence.h"

#define READY_EMPTY_USEC (3 * USEC_PER_SEC)
/* A getty (Type=idle) waits up to 5 s more while pomod is being started: the prompt comes within 10 s. */
#define READY_ANY_USEC  (4 * USEC_PER_SEC)
#define LOAD_RETRY_USEC USEC_PER_SEC

static int timer_new(Run *run, sd_event_time_handler_t handler, sd_event_source **ret_timer) {
        int r = sd_event_add_time(run->event, ret_timer, CLOCK_BOOTTIME, UINT64_MAX, 1, handler, run);

        return r < 0 ? r : sd_event_source_set_enabled(*ret_timer, SD_EVENT_OFF);
}

static int on_ready(sd_event_source *source, uint64_t usec, void *userdata) {
        run_ready(userdata);
        return 0;
}

static int on_soon(sd_event_source *source, void *userdata) {
        run_look(userdata);
        return 0;
}

static int on_look_timer(sd_event_source *source, uint64_t usec, void *userdata) {
        run_look(userdata);
        return 0;
}

/* Somebody set the clock, or the computer woke. */
static int on_clock_set(sd_event_source *source, int fd, uint32_t events, void *userdata) {
        uint64_t expirations;

        if (read(fd, &expirations, sizeof(expirations)) < 0 && errno != ECANCELED && errno != EAGAIN)
                note_warning("cannot read the timer that tells of a set clock: %s", strerror(errno));
        run_look(userdata);
        return 0;
}

static int on_signal(sd_event_source *source, const struct signalfd_siginfo *info, void *userdata) {
        Run *run = userdata;

        (void) sd_notify(false, "STOPPING=1");
        if (run->world)
                world_stop(run->world, run->foreign || !bus_is_answered(run->bus));
        return sd_event_exit(run->event, EXIT_SUCCESS);
}

static int watch_clock(Run *run) {
        const struct itimerspec never = { .it_value = { .tv_sec = (time_t) 1 << 40 } };

        run->clock_fd = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
        if (run->clock_fd < 0 || timerfd_settime(run->clock_fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET,
                                                 &never, NULL) < 0)
                return -errno;
        return sd_event_add_io(run->event, &run->clock_set, run->clock_fd, EPOLLIN, on_clock_set, run);
}

static int make_loop(Run *run) {
        int r;

        if ((r = sd_event_new(&run->event)) < 0 ||
                        (r = sd_event_add_signal(run->event, NULL, SIGTERM, on_signal, run)) < 0 ||
                        (r = sd_event_add_signal(run->event, NULL, SIGINT, on_signal, run)) < 0 ||
                        (r = timer_new(run, on_look_timer, &run->look_timer)) < 0 ||
                        (r = timer_new(run, on_ready, &run->ready_timer)) < 0 ||
                        (r = timer_new(run, run_load, &run->load_timer)) < 0 ||
                        (r = timer_new(run, run_calm, &run->calm_timer)) < 0 ||
                        (r = sd_event_add_defer(run->event, &run->soon, on_soon, run)) < 0)
                return r;
        run->begin_usec = state_now(run->start.state).boottime_usec;
        run->load_retry_usec = LOAD_RETRY_USEC;
        run_timer_start(run->load_timer, start_delay_usec(&run->start));
        run_timer_start(run->ready_timer,
                        held_is_empty(&run->start.held) ? READY_EMPTY_USEC : READY_ANY_USEC);
        return watch_clock(run);
}

/* The bus that it listens to; NULL: it is found. */
static const char *address_of(const Run *run, const Options *options) {
        return run->start.system && !options->bus ? "system" : options->bus;
}

/* Where its state folder keeps a host from beginning, `plugin list` says why, and it begins as soon as it
 * can. Another host of that plugin is the one that pomod hears of. */
static int begin_state(Run *run, const Options *options, char **ret_sentence) {
        cleanup_(refusal_freep) Refusal *refusal = NULL;
        int r;

        for (;;) {
                free(steal(*ret_sentence));
                r = start_state(&run->start, ret_sentence);
                if (r >= 0 || r == -EBUSY || r == -EINTR)
                        return r;
                (void) sentence_fail(*ret_sentence);
                if (!refusal)
                        r = refusal_new(options->name, address_of(run, options), run->start.system,
                                        run->start.version, &refusal);
                if (refusal)
                        r = refusal_wait(refusal, *ret_sentence);
                if (r < 0)
                        return r;
        }
}

static int prepare(Run *run, const Options *options, PlacesFunc places, char **ret_sentence) {
        int r = start_begin(&run->start, options->name, options->bus, places, ret_sentence);

        if (r >= 0)
                r = begin_state(run, options, ret_sentence);
        if (r < 0)
                return r;
        r = make_loop(run);
        if (r < 0)
                return sentence_set(ret_sentence, r, "cannot make its loop: %s", strerror(-r));
        return bus_new(&(BusConfig){ .event = run->event,
                                       .address = address_of(run, options),
                                       .name = options->name,
                                       .version = run->start.version,
                                       .system = run->start.system,
                                       .handler = run_bus_handler,
                                       .userdata = run },
                        &run->bus, ret_sentence);
}

static void run_clear(Run *run) {
        world_unref(run->world);
        conf_free(run->conf);
        bus_unref(run->bus);
        sd_event_source_disable_unref(run->look_timer);
        sd_event_source_disable_unref(run->soon);
        sd_event_source_disable_unref(run->ready_timer);
        sd_event_source_disable_unref(run->load_timer);
        sd_event_source_disable_unref(run->calm_timer);
        sd_event_source_disable_unref(run->clock_set);
        close_fd(run->clock_fd);
        sd_event_unref(run->event);
        start_clear(&run->start);
        free(run->unloadable);
        free(run->foreign);
}

int run_plugin(const Options *options, PlacesFunc places) {
        cleanup_(run_clear) Run run = { .clock_fd = -1 };
        cleanup_free_ char *sentence = NULL;
        int r = prepare(&run, options, places, &sentence);

        if (r == -EINTR)
                return EXIT_SUCCESS;
        if (r < 0)
                return sentence_fail(sentence ?: strerror(-r));
        r = sd_event_loop(run.event);
        return r < 0 ? sentence_fail(strerror(-r)) : r;
}
