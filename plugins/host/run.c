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

#include "clients/lib/memory.h"
#include "common/duration.h"
#include "plugins/host/act.h"
#include "plugins/host/bus.h"
#include "plugins/host/conf.h"
#include "plugins/host/event.h"
#include "plugins/host/note.h"
#include "plugins/host/sentence.h"
#include "plugins/host/start.h"
#include "plugins/host/world.h"

#define READY_EMPTY_USEC (3 * USEC_PER_SEC)
/* A getty (Type=idle) waits up to 5 s more while pomod is being started: the prompt comes within 10 s. */
#define READY_ANY_USEC  (4 * USEC_PER_SEC)
#define ASK_EVERY_USEC  USEC_PER_SEC
#define LOAD_RETRY_USEC USEC_PER_SEC
#define LOAD_RETRY_MAX  USEC_PER_MIN
#define CALM_AFTER_USEC USEC_PER_MIN

typedef struct Run {
        Start start;
        sd_event *event;
        World *world; /* NULL: the plugin is not loaded */
        Bus *bus;
        Conf *conf;                   /* root's standing settings; NULL: of a session's plugin */
        sd_event_source *look_timer;  /* when what is held has to be looked at */
        sd_event_source *soon;        /* … at once */
        sd_event_source *ready_timer; /* until when whoever waits for this host waits */
        sd_event_source *load_timer, *calm_timer, *clock_set;
        int clock_fd;
        uint64_t load_retry_usec;
        uint64_t begin_usec; /* of BOOTTIME */
        uint64_t asked_usec; /* when pomod was asked because of an end */
        uint64_t generation; /* of the last answer */
        bool waited;         /* pomod has answered, or was waited for long enough */
        bool begun;          /* the first apply() was asked for */
        bool ready;
        char *unloadable; /* why there is no plugin */
} Run;

static int timer_new(Run *run, sd_event_time_handler_t handler, sd_event_source **ret_timer) {
        int r = sd_event_add_time(run->event, ret_timer, CLOCK_BOOTTIME, UINT64_MAX, 1, handler, run);

        return r < 0 ? r : sd_event_source_set_enabled(*ret_timer, SD_EVENT_OFF);
}

static void timer_start(sd_event_source *timer, uint64_t after_usec) {
        if (sd_event_source_set_time_relative(timer, after_usec) >= 0)
                (void) sd_event_source_set_enabled(timer, SD_EVENT_ONESHOT);
}

static void ready(Run *run) {
        if (run->ready)
                return;
        run->ready = true;
        (void) sd_event_source_set_enabled(run->ready_timer, SD_EVENT_OFF);
        (void) sd_notify(false, "READY=1");
}

static int on_ready(sd_event_source *source, uint64_t usec, void *userdata) {
        ready(userdata);
        return 0;
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
                        sentence ?: (run->conf ? conf_mistakes(run->conf)[0] : NULL) ?: run->start.failure, said,
                        n);
}

static void report(Run *run) {
        if (run->world && world_outcome(run->world) != WORLD_UNTRIED)
                report_world(run);
        else if (run->unloadable || run->start.failure)
                bus_report(run->bus, run->generation, "failed", run->unloadable ?: run->start.failure, NULL,
                                0);
}

/* ---- looking at what is held ---- */

static void look_soon(void *userdata) {
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
        if (run->begun || (!bus_is_answered(run->bus) && held_is_empty(&run->start.held)))
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

static void look(Run *run) {
        HeldNow now = state_now(run->start.state);

        if (held_follow(&run->start.held, &now) && run->world)
                world_changed(run->world);
        if (held_asks(&run->start.held, &now) && now.boottime_usec - run->asked_usec >= ASK_EVERY_USEC) {
                run->asked_usec = now.boottime_usec;
                bus_ask(run->bus);
        }
        if (has_waited(run, &now) && run->world) {
                begin(run);
                world_do(run->world, !bus_is_answered(run->bus));
        }
        arm(run);
}

static int on_soon(sd_event_source *source, void *userdata) {
        look(userdata);
        return 0;
}

static int on_look_timer(sd_event_source *source, uint64_t usec, void *userdata) {
        look(userdata);
        return 0;
}

/* Somebody set the clock, or the computer woke. */
static int on_clock_set(sd_event_source *source, int fd, uint32_t events, void *userdata) {
        uint64_t expirations;

        if (read(fd, &expirations, sizeof(expirations)) < 0 && errno != ECANCELED && errno != EAGAIN)
                note_warning("cannot read the timer that tells of a set clock: %s", strerror(errno));
        look(userdata);
        return 0;
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

        r = held_adopt(&run->start.held, bus_address(run->bus), "", &now, &sentence);
        if (r < 0) {
                (void) sentence_fail(sentence);
                (void) sd_event_exit(run->event, EXIT_FAILURE);
                return;
        }
        r = held_merge(&run->start.held, answer);
        if (r < 0)
                return;
        run->generation = generation;
        note_released(run);
        if (r > 0 && run->world)
                world_changed(run->world);
        if (r == 0 || !run->world)
                report(run);
        look_soon(run);
}

static void on_silent(void *userdata, const char *why) {
        note_info("pomod does not say what should hold: %s", why);
        look_soon(userdata);
}

static const char *on_missing(void *userdata, const HeldClaims *claims) {
        Run *run = userdata;

        return state_missing_list(run->start.state, claims);
}

static int on_list(void *userdata, const char *digest, const char *text) {
        Run *run = userdata;

        return state_put_list(run->start.state, digest, text);
}

/* ---- the plugin ---- */

static int on_calm(sd_event_source *source, uint64_t usec, void *userdata) {
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
        report(run);
        ready(run);
}

static void on_opened(void *userdata) {
        Run *run = userdata;

        bus_ask_timer(run->bus);
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
                .wanted = look_soon,
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
        timer_start(run->calm_timer, CALM_AFTER_USEC);
        look_soon(run);
        return 0;
}

static int on_load_timer(sd_event_source *source, uint64_t usec, void *userdata) {
        Run *run = userdata;

        free(steal(run->unloadable));
        if (start_load(&run->start, &run->unloadable) >= 0)
                return make_world(run);
        note_error("%s", run->unloadable);
        report(run);
        timer_start(source, run->load_retry_usec);
        run->load_retry_usec *= 2;
        if (run->load_retry_usec > LOAD_RETRY_MAX)
                run->load_retry_usec = LOAD_RETRY_MAX;
        return 0;
}

/* ---- the loop ---- */

static int on_signal(sd_event_source *source, const struct signalfd_siginfo *info, void *userdata) {
        Run *run = userdata;

        (void) sd_notify(false, "STOPPING=1");
        if (run->world)
                world_stop(run->world, !bus_is_answered(run->bus));
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
                        (r = timer_new(run, on_load_timer, &run->load_timer)) < 0 ||
                        (r = timer_new(run, on_calm, &run->calm_timer)) < 0 ||
                        (r = sd_event_add_defer(run->event, &run->soon, on_soon, run)) < 0)
                return r;
        run->begin_usec = state_now(run->start.state).boottime_usec;
        run->load_retry_usec = LOAD_RETRY_USEC;
        timer_start(run->load_timer, start_delay_usec(&run->start));
        timer_start(run->ready_timer, held_is_empty(&run->start.held) ? READY_EMPTY_USEC : READY_ANY_USEC);
        return watch_clock(run);
}

static int prepare(Run *run, const Options *options, PlacesFunc places, char **ret_sentence) {
        BusConfig bus = {
                .address = options->bus,
                .name = options->name,
                .handler = { .answered = on_answered,
                                .silent = on_silent,
                                .missing = on_missing,
                                .list = on_list,
                                .event = on_event,
                                .timer = on_timer },
                .userdata = run,
        };
        int r = start_prepare(&run->start, options->name, options->bus, places, ret_sentence);

        if (r < 0)
                return r;
        r = make_loop(run);
        if (r < 0)
                return sentence_set(ret_sentence, r, "cannot make its loop: %s", strerror(-r));
        bus.event = run->event;
        bus.system = run->start.system;
        if (bus.system && !bus.address)
                bus.address = "system";
        return bus_new(&bus, &run->bus, ret_sentence);
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
}

int run_plugin(const Options *options, PlacesFunc places) {
        cleanup_(run_clear) Run run = { .clock_fd = -1 };
        cleanup_free_ char *sentence = NULL;
        int r = prepare(&run, options, places, &sentence);

        if (r < 0)
                return sentence_fail(sentence);
        r = sd_event_loop(run.event);
        return r < 0 ? sentence_fail(strerror(-r)) : r;
}
