/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomobar/bar.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <systemd/sd-event.h>
#include <time.h>
#include <unistd.h>

#include "clients/lib/memory.h"
#include "clients/lib/watcher.h"
#include "clients/pomobar/clicks.h"
#include "clients/pomobar/shown.h"
#include "common/cleanup.h"
#include "common/write.h"

/* Both are ignored by whoever does not ask for them: a shell around this program stays alive. */
#define STOP_SIGNAL SIGURG
#define CONT_SIGNAL SIGCONT

typedef struct Bar {
        const Program *program;
        BarOptions options;
        sd_event *event;
        Watcher *watcher;
        sd_event_source *tick;   /* enabled only while what is shown changes by itself */
        sd_event_source *output; /* tells that the reader is gone, and when there is room again; NULL: a file
                                  */
        sd_event_source *input;
        sd_event_source *refusals; /* of clicks by command; NULL: nowhere to keep them */
        Clicks clicks;
        Shown shown;
        char *refusals_path;
        char *refusal; /* of the last click */
        uint64_t refusal_until_boot_usec;
        uint64_t rang_id; /* the break that a ring began */
        char *click_command;
        char *last; /* the line that was written last */
        bool hidden;
} Bar;

/* ---- output ---- */

/* Whether a line can be written without waiting: a pipe that polls as writable takes PIPE_BUF bytes. */
static bool output_has_room(void) {
        struct pollfd out = { .fd = STDOUT_FILENO, .events = POLLOUT };

        return poll(&out, 1, 0) > 0 && (out.revents & POLLOUT);
}

/* While the reader is slow only the newest state is kept for it, and nothing ticks. */
static void bar_write(Bar *bar, char **line) {
        if (bar->last && strcmp(bar->last, *line) == 0)
                return;
        if (bar->output && !output_has_room()) {
                (void) sd_event_source_set_io_events(bar->output, EPOLLOUT);
                (void) sd_event_source_set_enabled(bar->tick, SD_EVENT_OFF);
                return;
        }
        free(bar->last);
        bar->last = steal(*line);
        if (write_all(STDOUT_FILENO, bar->last) < 0)
                (void) sd_event_exit(bar->event, EXIT_SUCCESS);
}

static void bar_draw(Bar *bar) {
        const TimerState *timer = watcher_timer(bar->watcher);
        ViewOptions options = bar->options.view;
        cleanup_free_ char *line = NULL;
        View view;

        options.schedule_until_usec = watcher_schedule_until_usec(bar->watcher);
        options.now = time(NULL);
        options.refusal = bar->refusal;
        options.refusal_until_boot_usec = bar->refusal_until_boot_usec;
        options.rang_id = bar->rang_id;
        (void) sd_event_source_set_enabled(bar->tick, SD_EVENT_OFF);
        if (bar->hidden)
                return;
        view_make(timer, watcher_message(bar->watcher), &options, boottime_now_usec(), &view);
        line = format_line(bar->options.format, &view, bar->click_command);
        if (view.next_boot_usec != UINT64_MAX) {
                (void) sd_event_source_set_time(bar->tick, view.next_boot_usec);
                (void) sd_event_source_set_enabled(bar->tick, SD_EVENT_ONESHOT);
        }
        /* Before the line: a click can only be newer than what it says. */
        shown_set(&bar->shown, view.away, view.seq);
        bar_write(bar, &line);
        view_done(&view);
}

static void on_timer(Watcher *watcher, const TimerState *timer, void *userdata) {
        Bar *bar = userdata;

        if (!bar->watcher)
                return;
        if (timer)
                zone_use(timer->time_zone);
        bar_draw(bar);
}

/* The state that follows from an event is told first. */
static void on_event(Watcher *watcher, const WatcherEvent *event, void *userdata) {
        const TimerState *timer = watcher_timer(watcher);
        Bar *bar = userdata;

        if (!timer || strcmp(event->kind, "completed") != 0 || strcmp(event->interval, "pomodoro") != 0)
                return;
        bar->rang_id = timer->interval_id;
        bar_draw(bar);
}

static int on_tick(sd_event_source *source, uint64_t usec, void *userdata) {
        bar_draw(userdata);
        return 0;
}

static int on_output(sd_event_source *source, int fd, uint32_t events, void *userdata) {
        Bar *bar = userdata;

        if (events & (EPOLLERR | EPOLLHUP))
                return sd_event_exit(bar->event, EXIT_SUCCESS);
        (void) sd_event_source_set_io_events(source, 0);
        bar_draw(bar);
        return 0;
}

/* ---- clicks ---- */

/* Instead of what is shown, for a moment: it is where the person looks. */
static void bar_refuse(Bar *bar, const char *sentence) {
        free(bar->refusal);
        bar->refusal = memory_copy(sentence);
        bar->refusal_until_boot_usec = boottime_now_usec() + VIEW_REFUSAL_USEC;
        bar_draw(bar);
}

static int on_refusal(sd_event_source *source, const struct inotify_event *event, void *userdata) {
        char sentence[SHOWN_REFUSAL_BYTES];
        Bar *bar = userdata;

        if ((event->mask & IN_CLOSE_WRITE) && shown_refusal_read(bar->refusals_path, sentence) == 0)
                bar_refuse(bar, sentence);
        return 0;
}

static void on_answer(Watcher *watcher, const char *error, const char *message, void *userdata) {
        Bar *bar = userdata;

        /* A stale click did nothing, and what made it stale is on the bar by now. */
        if (!error || client_error_is(error, "StateChanged"))
                return;
        program_error(bar->program, error, message ?: error);
        bar_refuse(bar, message ?: error);
}

static void on_click(const Click *click, void *userdata) {
        Bar *bar = userdata;
        const char *verb = click_verb(click->button);

        if (!verb)
                return;
        if (click->away) {
                if (click->button == 1 && !watcher_timer(bar->watcher))
                        (void) watcher_wake(bar->watcher);
                return;
        }
        (void) watcher_request(bar->watcher, verb, click->seq, NULL, on_answer, bar);
}

static int on_input(sd_event_source *source, int fd, uint32_t events, void *userdata) {
        Bar *bar = userdata;
        char data[4096];
        ssize_t n;

        n = read(fd, data, sizeof(data));
        if (n > 0)
                clicks_feed(&bar->clicks, data, (size_t) n, on_click, bar);
        else if (n == 0 || (errno != EAGAIN && errno != EINTR))
                bar->input = sd_event_source_disable_unref(bar->input);
        return 0;
}

/* ---- the loop ---- */

static int on_signal(sd_event_source *source, const struct signalfd_siginfo *info, void *userdata) {
        Bar *bar = userdata;

        if (info->ssi_signo == STOP_SIGNAL || info->ssi_signo == CONT_SIGNAL) {
                bar->hidden = info->ssi_signo == STOP_SIGNAL;
                bar_draw(bar);
                return 0;
        }
        return sd_event_exit(bar->event, EXIT_SUCCESS);
}

/* -EPERM: a plain file or /dev/null, which has always room and never anything to tell. */
static int add_io(sd_event *event, sd_event_source **source, int fd, uint32_t events,
                sd_event_io_handler_t handler, Bar *bar) {
        int r = sd_event_add_io(event, source, fd, events, handler, bar);

        return r == -EPERM || r == -EBADF ? 0 : r;
}

/* Without a runtime folder, or where nothing more can be watched, they are told on standard error alone. */
static void bar_follow_refusals(Bar *bar) {
        if (shown_refusals_path(bar->program->bus, &bar->refusals_path) >= 0)
                (void) sd_event_add_inotify(bar->event, &bar->refusals, bar->refusals_path, IN_CLOSE_WRITE,
                                on_refusal, bar);
}

static int bar_follow_files(Bar *bar) {
        char header[128];
        int r = add_io(bar->event, &bar->output, STDOUT_FILENO, 0, on_output, bar);

        if (r >= 0 && bar->options.format == BAR_I3BAR)
                r = add_io(bar->event, &bar->input, STDIN_FILENO, EPOLLIN, on_input, bar);
        if (r >= 0 && format_header(bar->options.format, STOP_SIGNAL, CONT_SIGNAL, header, sizeof(header)))
                r = write_all(STDOUT_FILENO, header);
        return r;
}

static int bar_start(Bar *bar) {
        static const int signals[] = { SIGTERM, SIGINT, STOP_SIGNAL, CONT_SIGNAL, 0 };
        int r;

        if ((r = sd_event_new(&bar->event)) < 0 ||
                        (r = program_catch(bar->event, signals, on_signal, bar)) < 0 ||
                        (r = sd_event_add_time(bar->event, &bar->tick, CLOCK_BOOTTIME, UINT64_MAX, 1, on_tick,
                                         bar)) < 0 ||
                        (r = sd_event_source_set_enabled(bar->tick, SD_EVENT_OFF)) < 0 ||
                        (r = bar_follow_files(bar)) < 0)
                return r;
        bar_follow_refusals(bar);
        r = watcher_new(bar->event, bar->program->bus, WATCHER_UID_OWN, on_timer, bar, &bar->watcher);
        if (r < 0)
                return r;
        watcher_follow_schedule(bar->watcher);
        /* Only these have a way to say that something should be seen. */
        if (bar->options.format == BAR_I3BAR || bar->options.format == BAR_WAYBAR)
                watcher_set_event_callback(bar->watcher, on_event, bar);
        return 0;
}

/* By its full path, as the bar may have another PATH, or none that names it. */
static char *click_command_make(const char *bus) {
        cleanup_free_ char *program = NULL, *address = format_shell_word(bus ?: "");
        char path[PATH_MAX];
        ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

        path[n > 0 ? n : 0] = '\0';
        program = format_shell_word(n > 0 ? path : "pomobar");
        return memory_format("%s%s%s click", program, bus ? " --bus=" : "", bus ? address : "");
}

static void bar_free(Bar *bar) {
        watcher_unref(bar->watcher);
        shown_close(&bar->shown);
        sd_event_source_disable_unref(bar->refusals);
        sd_event_source_disable_unref(bar->input);
        sd_event_source_disable_unref(bar->output);
        sd_event_source_disable_unref(bar->tick);
        sd_event_unref(bar->event);
        free(bar->click_command);
        free(bar->refusals_path);
        free(bar->refusal);
        free(bar->last);
        free(bar);
}

int bar_run(const Program *program, const BarOptions *options) {
        Bar *bar = memory_new(Bar, 1); /* the buffer for clicks is large for a stack */
        int r;

        bar->program = program;
        bar->options = *options;
        shown_open(&bar->shown, program->bus);
        bar->click_command = click_command_make(program->bus);
        r = bar_start(bar);
        if (r == -EINVAL)
                r = program_bad_bus(program);
        else if (r < 0)
                r = program_errno(program, r, "cannot start");
        else if ((r = sd_event_loop(bar->event)) < 0)
                r = CLIENT_EXIT_REFUSED;
        bar_free(bar);
        return r;
}
