/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "clients/lib/memory.h"
#include "clients/lib/watcher.h"
#include "clients/pomoctl/days.h"
#include "clients/pomoctl/json.h"
#include "clients/pomoctl/verb-status.h"
#include "clients/pomoctl/verb.h"
#include "clients/pomoctl/watch-screen.h"
#include "common/cleanup.h"
#include "common/duration.h"
#include "common/names.h"
#include "common/timestamp.h"

#define SETTING_TIMEOUT_USEC USEC_PER_SEC
#define NOTICE_USEC          (10 * USEC_PER_SEC)

typedef struct Watch {
        Ctl *ctl;
        sd_event *event;
        sd_event_source *tick, *notice; /* notice: when what came of a key was shown for long enough */
        Watcher *watcher;
        Client *settings; /* asked for the length of a cycle only while the daemon is there */
        uint32_t long_break_every;
        bool screen, keys, bell;
        bool terminal_taken, raw;
        struct termios before;
        char *message;                 /* what came of the last key */
        const char *noted;             /* what to say once the last key was granted; static */
        uint64_t away_since_real_usec; /* of a running freeform, until it is answered or something else
                                          happens */
        bool told;
        /* What was shown last, to see what changed. */
        bool was_away;
        ClientState state;
        bool paused;
        uint64_t interval, deadline, task;
} Watch;

/* ---- the terminal ---- */

static void terminal_take(Watch *w) {
        struct termios raw;

        if (!w->screen || w->terminal_taken)
                return;

        if (w->keys && tcgetattr(STDIN_FILENO, &w->before) >= 0) {
                raw = w->before;
                raw.c_lflag &= ~(tcflag_t) (ICANON | ECHO); /* ^C and ^Z stay what they are */
                w->raw = tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) >= 0;
        }
        fputs("\033[?1049h\033[?25l", stdout); /* the other screen, no cursor */
        fflush(stdout);
        w->terminal_taken = true;
}

static void terminal_leave(Watch *w) {
        if (!w->terminal_taken)
                return;

        fputs("\033[?25h\033[?1049l", stdout);
        fflush(stdout);
        if (w->raw)
                tcsetattr(STDIN_FILENO, TCSADRAIN, &w->before);
        w->raw = false;
        w->terminal_taken = false;
}

static void watch_done(Watch *w) {
        terminal_leave(w);
        watcher_unref(w->watcher);
        client_unref(w->settings);
        sd_event_source_disable_unref(w->tick);
        sd_event_source_disable_unref(w->notice);
        sd_event_unref(w->event);
        free(w->message);
}

/* ---- what is shown ---- */

static void say(Watch *w, const char *message) {
        free(w->message);
        w->message = message ? memory_copy(message) : NULL;
        if (message) {
                sd_event_source_set_time(w->notice, boottime_now_usec() + NOTICE_USEC);
                sd_event_source_set_enabled(w->notice, SD_EVENT_ONESHOT);
        } else
                sd_event_source_set_enabled(w->notice, SD_EVENT_OFF);
}

static void draw(Watch *w) {
        const TimerState *timer = watcher_timer(w->watcher);
        uint64_t until_usec = watcher_schedule_until_usec(w->watcher);
        char until[DAY_TEXT_MAX] = "";
        struct winsize size = {};
        WatchView view = {
                .ctl = w->ctl,
                .timer = timer,
                .now_boot_usec = boottime_now_usec(),
                .long_break_every = w->long_break_every,
                .message = w->message
                                           ?: timer ? w->message
                                                    : watcher_message(w->watcher),
                .until = until,
                .keys = w->keys,
        };

        if (!w->screen)
                return;
        if (until_usec > 0)
                moment_label((time_t) (until_usec / USEC_PER_SEC), time(NULL), until);

        if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0)
                size.ws_col = 0;
        view.columns = size.ws_col > 0 ? size.ws_col : 80;
        view.rows = size.ws_row > 0 ? size.ws_row : 24;
        watch_draw(stdout, &view);
        fflush(stdout);
}

static int tick_arm(Watch *w) {
        const TimerState *timer = watcher_timer(w->watcher);
        uint64_t now = boottime_now_usec(),
                 in = timer && w->screen ? watch_next_usec(timer, now) : UINT64_MAX;

        if (in == UINT64_MAX)
                return sd_event_source_set_enabled(w->tick, SD_EVENT_OFF);

        sd_event_source_set_time(w->tick, now + in);
        return sd_event_source_set_enabled(w->tick, SD_EVENT_ONESHOT);
}

static int on_tick(sd_event_source *source, uint64_t usec, void *userdata) {
        Watch *w = userdata;

        draw(w);
        return tick_arm(w);
}

static int on_notice(sd_event_source *source, uint64_t usec, void *userdata) {
        say(userdata, NULL);
        draw(userdata);
        return 0;
}

/* How many pomodoros make a cycle: only for the dots, so nothing is said where it cannot be known. */
static void settings_read(Watch *w) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        uint32_t every;

        if (client_connect(w->settings) < 0)
                return;
        sd_bus_set_method_call_timeout(client_bus(w->settings), SETTING_TIMEOUT_USEC);
        if (client_call(w->settings, POMOD_INTERFACE_SETTINGS, "Get", NULL, &reply, "s",
                            "long-break-every") >= 0 &&
                        sd_bus_message_read(reply, "v", "u", &every) >= 0)
                w->long_break_every = every;
        /* By the next time pomod may be on another bus. */
        client_disconnect(w->settings);
}

/* A line each time that something changed, for a pipe or a terminal that can do no more. */
static void print_change(Watch *w, const TimerState *timer) {
        struct tm tm = {};
        time_t now = time(NULL);

        if (w->ctl->program.json && timer)
                json_print_and_put(stdout, json_of_status(timer, boottime_now_usec()));
        else if (w->ctl->program.json)
                json_say("s", "state", "away");
        else {
                if (localtime_r(&now, &tm))
                        printf("%02d:%02d:%02d  ", tm.tm_hour, tm.tm_min, tm.tm_sec);
                if (timer) {
                        status_print_line(w->ctl, timer);
                        status_print_not_enforced(w->ctl, timer);
                } else
                        printf("pomod is away; waiting for it\n");
        }
        fflush(stdout);
}

static bool rang(const Watch *w, const TimerState *timer) {
        return w->told && !w->was_away && w->state != CLIENT_IDLE && !w->paused &&
               timer->interval_id != w->interval && w->deadline > 0 && boottime_now_usec() >= w->deadline;
}

static bool remember(Watch *w, const TimerState *timer) {
        bool changed;

        if (!timer) {
                changed = !w->told || !w->was_away;
                w->was_away = true;
        } else {
                changed = !w->told || w->was_away || w->state != timer->state || w->paused != timer->paused ||
                          w->interval != timer->interval_id || w->deadline != timer->deadline_boot_usec ||
                          w->task != timer->task_id;
                w->was_away = false;
                w->state = timer->state;
                w->paused = timer->paused;
                w->interval = timer->interval_id;
                w->deadline = timer->deadline_boot_usec;
                w->task = timer->task_id;
        }

        w->told = true;
        return changed;
}

static void on_change(Watcher *watcher, const TimerState *timer, void *userdata) {
        Watch *w = userdata;
        bool bell = w->bell && w->screen && timer && rang(w, timer), changed = remember(w, timer);

        if (timer)
                zone_use(timer->time_zone);
        if (changed) {
                say(w, NULL);
                w->away_since_real_usec = 0;
        }
        if (bell)
                fputc('\a', stdout);
        if (w->screen) {
                if (changed && timer)
                        settings_read(w);
                draw(w);
        } else if (changed || w->ctl->program.json)
                print_change(w, timer);
        tick_arm(w);
}

static void say_at(Watch *w, const char *before, uint64_t real_usec, const char *after) {
        char at[TIMESTAMP_TEXT_MAX];
        time_t sec = (time_t) (real_usec / USEC_PER_SEC);
        struct tm local;

        if (!localtime_r(&sec, &local) || strftime(at, sizeof(at), "%H:%M", &local) == 0)
                return;
        say(w, NULL); /* a question stays until it is answered */
        w->message = memory_format("%s %s%s", before, at, after);
}

/* What a person should be asked: the night is not counted, and a lunch need not be. */
static void on_event(Watcher *watcher, const WatcherEvent *event, void *userdata) {
        Watch *w = userdata;

        if (strcmp(event->reason, "suspend") == 0 && strcmp(event->kind, "void") == 0)
                say_at(w, "void since", event->at_real_usec, ", when the computer slept; space starts anew");
        else if (strcmp(event->reason, "suspend") == 0)
                say_at(w, "ended at", event->at_real_usec, ", when the computer slept; space goes on");
        else if (strcmp(event->kind, "back") == 0) {
                w->away_since_real_usec = event->since_real_usec;
                say_at(w, "away since", event->since_real_usec, "; b ends it there");
        } else
                return;
        if (w->screen)
                draw(w);
        else if (w->message && !w->ctl->program.json) {
                puts(w->message);
                fflush(stdout);
        }
}

/* ---- keys ---- */

static void on_reply(Watcher *watcher, const char *error, const char *message, void *userdata) {
        Watch *w = userdata;

        if (client_error_is(error, "StateChanged"))
                message = "it has just changed; look again";
        say(w, error ? message : w->noted);
        draw(w);
}

/* What a key asks for now; verb NULL: nothing. */
typedef struct KeyMeaning {
        const char *verb, *option;
        const char *noted; /* what to say once it was granted; NULL: nothing */
} KeyMeaning;

static KeyMeaning key_meaning(char key, const TimerState *timer) {
        switch (key) {
        case ' ':
        case 't':
                return (KeyMeaning){ "Toggle" };
        case 'i':
                return (KeyMeaning){ "Interrupt", .noted = "noted: interrupted" };
        case 'e':
                return (KeyMeaning){ "Interrupt", "external", "noted: interrupted by others" };
        case 's':
                return (KeyMeaning){ "Skip" };
        case 'x':
                return (KeyMeaning){ "Stop" };
        case 'p':
                return (KeyMeaning){ timer->paused ? "Resume" : "Pause" };
        case 'a':
                return (KeyMeaning){ watch_starts_anyway(timer) ? "Start" : NULL, "anyway" };
        default:
                return (KeyMeaning){};
        }
}

static void key_pressed(Watch *w, char key) {
        const TimerState *timer = watcher_timer(w->watcher);
        KeyMeaning meaning = {};
        int r = 0;

        if (key == 'q' || key == 'Q') {
                sd_event_exit(w->event, 0);
                return;
        }

        say(w, NULL);
        if (timer)
                meaning = key_meaning(key, timer);
        else if (key == ' ' || key == 't')
                watcher_wake(w->watcher);
        w->noted = meaning.noted;
        if (timer && key == 'b' && w->away_since_real_usec > 0)
                r = watcher_stop_at(w->watcher, w->away_since_real_usec, timer->seq, on_reply, w);
        else if (meaning.verb)
                r = watcher_request(w->watcher, meaning.verb, timer->seq, meaning.option, on_reply, w);
        if (r < 0)
                say(w, "pomod is not there");
        draw(w);
}

static int on_key(sd_event_source *source, int fd, uint32_t events, void *userdata) {
        Watch *w = userdata;
        char keys[32];
        ssize_t n;

        n = read(fd, keys, sizeof(keys));
        if (n < 0)
                return errno == EAGAIN || errno == EINTR ? 0 : sd_event_exit(w->event, 0);
        if (n == 0) /* the terminal is gone */
                return sd_event_exit(w->event, 0);

        /* An arrow or a function key is one key of several bytes, none of which was meant. */
        if (keys[0] == '\033')
                return 0;
        for (ssize_t i = 0; i < n; i++)
                key_pressed(w, keys[i]);
        return 0;
}

/* ---- signals ---- */

static int on_winch(sd_event_source *source, const struct signalfd_siginfo *info, void *userdata) {
        draw(userdata);
        return 0;
}

static int on_stop(sd_event_source *source, const struct signalfd_siginfo *info, void *userdata) {
        Watch *w = userdata;

        /* The shell gets its terminal as it was; when it lets us go on, we take it again. */
        terminal_leave(w);
        raise(SIGSTOP);
        terminal_take(w);
        draw(w);
        return tick_arm(w);
}

static int on_end(sd_event_source *source, const struct signalfd_siginfo *info, void *userdata) {
        Watch *w = userdata;

        return sd_event_exit(w->event, 0);
}

/* ---- the verb ---- */

/* A timer that is not armed yet. */
static int timer_add(Watch *w, sd_event_source **source, sd_event_time_handler_t handler) {
        int r = sd_event_add_time(w->event, source, CLOCK_BOOTTIME, UINT64_MAX, 1, handler, w);

        return r < 0 ? r : sd_event_source_set_enabled(*source, SD_EVENT_OFF);
}

static int set_up(Watch *w) {
        static const int ends[] = { SIGINT, SIGTERM, SIGHUP, 0 };
        const Program *program = &w->ctl->program;
        int r;

        if ((r = sd_event_new(&w->event)) < 0 ||
                        (r = program_catch(w->event, (const int[]){ SIGWINCH, 0 }, on_winch, w)) < 0 ||
                        (r = program_catch(w->event, (const int[]){ SIGTSTP, 0 }, on_stop, w)) < 0 ||
                        (r = program_catch(w->event, ends, on_end, w)) < 0 ||
                        (r = timer_add(w, &w->tick, on_tick)) < 0 ||
                        (r = timer_add(w, &w->notice, on_notice)) < 0)
                return r;
        if (w->keys) {
                r = sd_event_add_io(w->event, NULL, STDIN_FILENO, EPOLLIN, on_key, w);
                if (r < 0)
                        return r;
        }

        w->settings = client_new(program->bus, CLIENT_NO_AUTO_START);
        if (program->other_user)
                client_set_uid(w->settings, program->uid);
        r = watcher_new(w->event, program->bus, program->other_user ? program->uid : WATCHER_UID_OWN,
                        on_change, w, &w->watcher);
        if (r < 0)
                return r;
        watcher_set_event_callback(w->watcher, on_event, w);
        if (w->screen)
                watcher_follow_schedule(w->watcher);
        return 0;
}

static int verb_watch(Ctl *ctl, const Args *args) {
        const Program *program = &ctl->program;
        const char *terminal = getenv("TERM");
        cleanup_(watch_done) Watch w = { .ctl = ctl, .bell = !args_has(args, "no-bell") };
        int r;

        w.screen = !ctl->program.json && isatty(STDOUT_FILENO) && terminal && strcmp(terminal, "dumb") != 0;
        w.keys = w.screen && isatty(STDIN_FILENO);
        r = set_up(&w);
        if (r == -EINVAL)
                return program_bad_bus(program);
        if (r < 0)
                return program_errno(program, r, "cannot watch");

        terminal_take(&w);
        draw(&w);
        r = sd_event_loop(w.event);
        return r < 0 ? program_errno(program, r, "cannot watch any longer") : 0;
}

/* ---- the rows of the table of verbs ---- */

/* clang-format off */
const Verb verbs_of_watch[] = {
        { .name = "watch", .usage = "[--no-bell]", .run = verb_watch,
          .brief = "see it count down, with keys for what happens",
          .sentence = "see it count down, and say what happens with a key",
          .details = DETAILS("It waits for a daemon that is away, and never starts one by itself. On a pipe it prints a line for every change, with --json an object, whose state is away while there is no daemon."),
          .options = OPTIONS({ "no-bell", NULL, "let the terminal be silent when it rings" }, ),
          .terms = ITEMS(
                  { "space, t", "the one thing that fits, as pomoctl toggle" },
                  { "i, e", "interrupted: by yourself, by others" },
                  { "s", "skip the break" },
                  { "x", "stop; nothing is asked" },
                  { "p", "pause, resume, where the setting pause allows it" },
                  { "a", "start anyway, outside the hours of your rules" },
                  { "b", "end freeform work when you went away, where it asks" },
                  { "q", "quit; the timer goes on" }, ), .terms_title = "Keys",
          .examples = ITEMS({ "pomoctl watch", "in a corner of the screen" }, ) },
        {},
};
/* clang-format on */
