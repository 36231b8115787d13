/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
/* The watcher on a real bus, with a daemon of a few lines on the same loop. */
#include "clients/lib/watcher.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/names.h"

#define DEADLINE_USEC (20ULL * 1000000) /* what is awaited comes much sooner, or not at all */

typedef struct Fake {
        sd_bus *bus;
        uint64_t seq;
        uint32_t cycle;
        unsigned subscribed, read;
        uint64_t asked_seq; /* of the last Toggle */
        bool refuse;        /* Subscribe */
        unsigned explained;
        uint64_t until_usec;
} Fake;

typedef struct Fixture {
        char folder[64], address[128];
        GPid bus;
        sd_event *event;
        Fake fake;
        Watcher *watcher;
        unsigned told, away;
        uint64_t seq;
        char *answer;
        bool answered;
} Fixture;

/* ---- the bus ---- */

static void bus_start(Fixture *f) {
        char *address = g_strdup_printf("--address=%s", f->address);
        char *argv[] = { (char *) "dbus-daemon", (char *) "--session", (char *) "--nofork",
                (char *) "--print-address", address, NULL };
        char line[512];
        int out;

        g_assert_true(g_spawn_async_with_pipes(NULL, argv, NULL,
                        G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &f->bus, NULL, &out,
                        NULL, NULL));
        g_assert_cmpint(read(out, line, sizeof(line)), >, 0); /* it listens */
        close(out);
        g_free(address);
}

static void bus_stop(Fixture *f) {
        kill(f->bus, SIGKILL);
        g_assert_cmpint(waitpid(f->bus, NULL, 0), ==, f->bus);
}

static sd_bus *bus_connect(Fixture *f) {
        sd_bus *bus = NULL;

        g_assert_cmpint(sd_bus_new(&bus), >=, 0);
        g_assert_cmpint(sd_bus_set_address(bus, f->address), >=, 0);
        g_assert_cmpint(sd_bus_set_bus_client(bus, true), >=, 0);
        g_assert_cmpint(sd_bus_start(bus), >=, 0);
        g_assert_cmpint(sd_bus_attach_event(bus, f->event, 0), >=, 0);
        return bus;
}

/* ---- the daemon ---- */

static void append_property(
                sd_bus_message *m, const char *name, const char *type, uint64_t value, const char *word) {
        g_assert_cmpint(sd_bus_message_open_container(m, 'e', "sv"), >=, 0);
        g_assert_cmpint(sd_bus_message_append(m, "s", name), >=, 0);
        if (word)
                g_assert_cmpint(sd_bus_message_append(m, "v", "s", word), >=, 0);
        else if (*type == 'u')
                g_assert_cmpint(sd_bus_message_append(m, "v", "u", (uint32_t) value), >=, 0);
        else
                g_assert_cmpint(sd_bus_message_append(m, "v", "t", value), >=, 0);
        g_assert_cmpint(sd_bus_message_close_container(m), >=, 0);
}

static int fake_call(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        Fake *fake = userdata;
        sd_bus_message *reply = NULL;

        if (sd_bus_message_is_method_call(call, POMOD_INTERFACE_MANAGER, "Subscribe")) {
                fake->subscribed++;
                if (fake->refuse)
                        return sd_bus_reply_method_errorf(
                                        call, POMOD_ERROR_PREFIX "LimitsExceeded", "too many watch already");
                return sd_bus_reply_method_return(call, "t", fake->seq);
        }
        if (sd_bus_message_is_method_call(call, "org.freedesktop.DBus.Properties", "GetAll")) {
                fake->read++;
                g_assert_cmpint(sd_bus_message_new_method_return(call, &reply), >=, 0);
                g_assert_cmpint(sd_bus_message_open_container(reply, 'a', "{sv}"), >=, 0);
                append_property(reply, "State", "s", 0, "pomodoro");
                append_property(reply, "Cycle", "u", fake->cycle, NULL);
                append_property(reply, "Seq", "t", fake->seq, NULL);
                g_assert_cmpint(sd_bus_message_close_container(reply), >=, 0);
                g_assert_cmpint(sd_bus_send(NULL, reply, NULL), >=, 0);
                sd_bus_message_unref(reply);
                return 1;
        }
        if (sd_bus_message_is_method_call(call, POMOD_INTERFACE_SCHEDULES, "Explain")) {
                fake->explained++;
                return sd_bus_reply_method_return(call, "a{sv}", 2, "State", "s", "window",
                                "UntilRealtimeUSec", "t", fake->until_usec);
        }
        if (sd_bus_message_is_method_call(call, POMOD_INTERFACE_TIMER, "Toggle")) {
                const char *key;

                g_assert_cmpint(sd_bus_message_enter_container(call, 'a', "{sv}"), >, 0);
                g_assert_cmpint(sd_bus_message_enter_container(call, 'e', "sv"), >, 0);
                g_assert_cmpint(sd_bus_message_read(call, "s", &key), >, 0);
                g_assert_cmpstr(key, ==, "if-seq");
                g_assert_cmpint(sd_bus_message_read(call, "v", "t", &fake->asked_seq), >, 0);
                if (fake->asked_seq != fake->seq)
                        return sd_bus_reply_method_errorf(
                                        call, POMOD_ERROR_PREFIX "StateChanged", "it moved on");
                return sd_bus_reply_method_return(call, "s", "interrupted");
        }
        return 0;
}

static void fake_start(Fixture *f) {
        f->fake.bus = bus_connect(f);
        g_assert_cmpint(sd_bus_add_filter(f->fake.bus, NULL, fake_call, &f->fake), >=, 0);
        g_assert_cmpint(sd_bus_request_name_async(f->fake.bus, NULL, POMOD_BUS_NAME, 0, NULL, NULL), >=, 0);
}

static void fake_stop(Fixture *f) {
        sd_bus_detach_event(f->fake.bus);
        f->fake.bus = sd_bus_close_unref(f->fake.bus);
}

static const char *own_path(void) {
        static char path[128];

        g_snprintf(path, sizeof(path), POMOD_USER_PATH "/_%u", geteuid());
        return path;
}

static void send_changed(Fixture *f, sd_bus *from, const char *path, uint64_t seq) {
        sd_bus_message *signal = NULL;

        g_assert_cmpint(sd_bus_message_new_signal(from, &signal, path, "org.freedesktop.DBus.Properties",
                                        "PropertiesChanged"),
                        >=, 0);
        g_assert_cmpint(sd_bus_message_append(
                                        signal, "sa{sv}as", POMOD_INTERFACE_TIMER, 1, "Seq", "t", seq, 0),
                        >=, 0);
        g_assert_cmpint(sd_bus_message_set_destination(signal, ":1.0"), >=,
                        0); /* the watcher's, which came first */
        g_assert_cmpint(sd_bus_send(from, signal, NULL), >=, 0);
        sd_bus_message_unref(signal);
}

static void send_event(Fixture *f, const char *kind) {
        sd_bus_message *signal = NULL;

        g_assert_cmpint(sd_bus_message_new_signal(
                                        f->fake.bus, &signal, own_path(), POMOD_INTERFACE_TIMER, "Event"),
                        >=, 0);
        g_assert_cmpint(sd_bus_message_append(signal, "tsa{sv}", f->fake.seq, kind, 0), >=, 0);
        g_assert_cmpint(sd_bus_message_set_destination(signal, ":1.0"), >=, 0);
        g_assert_cmpint(sd_bus_send(f->fake.bus, signal, NULL), >=, 0);
        sd_bus_message_unref(signal);
}

/* ---- the watcher ---- */

static void on_timer(Watcher *watcher, const TimerState *timer, void *userdata) {
        Fixture *f = userdata;

        g_assert_true(!f->watcher || timer == watcher_timer(watcher));
        f->told++;
        if (!timer) {
                f->away++;
                return;
        }
        f->seq = timer->seq;
        g_assert_cmpint(timer->state, ==, CLIENT_POMODORO);
        g_assert_cmpstr(timer->task, ==, "");
}

static void on_answer(Watcher *watcher, const char *error, const char *message, void *userdata) {
        Fixture *f = userdata;

        g_free(f->answer);
        f->answer = g_strdup(error);
        f->answered = true;
}

#define run_until(f, condition)                                                        \
        do {                                                                           \
                uint64_t until = (uint64_t) g_get_monotonic_time() + DEADLINE_USEC;    \
                while (!(condition)) {                                                 \
                        g_assert_cmpint(sd_event_run((f)->event, 1000000), >=, 0);     \
                        g_assert_cmpuint((uint64_t) g_get_monotonic_time(), <, until); \
                }                                                                      \
        } while (0)

static void setup(Fixture *f, gconstpointer unused) {
        strcpy(f->folder, "/tmp/watcher-XXXXXX");
        g_assert_nonnull(g_mkdtemp(f->folder));
        g_snprintf(f->address, sizeof(f->address), "unix:path=%s/bus", f->folder);
        g_assert_cmpint(sd_event_new(&f->event), >=, 0);
        f->fake.seq = 10;
}

static void teardown(Fixture *f, gconstpointer unused) {
        char path[sizeof(f->folder) + 8];

        watcher_unref(f->watcher);
        if (f->fake.bus)
                fake_stop(f);
        sd_event_unref(f->event);
        g_snprintf(path, sizeof(path), "%s/bus", f->folder);
        g_unlink(path);
        g_rmdir(f->folder);
        g_free(f->answer);
}

static void watch(Fixture *f) {
        g_assert_cmpint(watcher_new(f->event, f->address, WATCHER_UID_OWN, on_timer, f, &f->watcher), ==, 0);
}

static void test_away_and_back(Fixture *f, gconstpointer unused) {
        bus_start(f);
        watch(f);
        g_assert_null(watcher_timer(f->watcher));
        run_until(f, f->away == 1);
        g_assert_null(watcher_message(f->watcher));

        fake_start(f);
        run_until(f, f->seq == 10);
        g_assert_cmpuint(f->fake.subscribed, ==, 1);
        g_assert_cmpuint(f->fake.read, ==, 1);

        fake_stop(f);
        run_until(f, f->away == 2);

        f->fake.seq = 20;
        fake_start(f);
        run_until(f, f->seq == 20);
        g_assert_cmpuint(f->fake.subscribed, ==, 2);
        g_assert_cmpuint(f->fake.read, ==, 2);
        g_assert_cmpuint(f->told, ==, 4);
        bus_stop(f);
}

static void test_changes(Fixture *f, gconstpointer unused) {
        sd_bus *stranger;

        bus_start(f);
        watch(f);
        fake_start(f);
        run_until(f, f->seq == 10);

        send_changed(f, f->fake.bus, own_path(), 11);
        run_until(f, f->seq == 11);

        /* Of another object, or of somebody who is not the daemon: the daemon's next one is the next it
         * takes. */
        stranger = bus_connect(f);
        send_changed(f, f->fake.bus, POMOD_USER_PATH "/_4294967294", 12);
        send_changed(f, stranger, own_path(), 13);
        g_assert_cmpint(sd_bus_flush(stranger), >=, 0);
        send_changed(f, f->fake.bus, own_path(), 14);
        run_until(f, f->seq != 11);
        g_assert_cmpuint(f->seq, ==, 14);
        g_assert_cmpuint(f->fake.read, ==, 1);

        sd_bus_detach_event(stranger);
        sd_bus_close_unref(stranger);
        bus_stop(f);
}

/* Asked once for what holds, and again only when that can be another end. */
static void test_schedule(Fixture *f, gconstpointer unused) {
        bus_start(f);
        watch(f);
        fake_start(f);
        run_until(f, f->seq == 10);
        g_assert_cmpuint(f->fake.explained, ==, 0);
        g_assert_cmpuint(watcher_schedule_until_usec(f->watcher), ==, 0);

        f->fake.until_usec = 1000;
        watcher_follow_schedule(f->watcher);
        run_until(f, watcher_schedule_until_usec(f->watcher) == 1000);

        send_changed(f, f->fake.bus, own_path(), 11);
        send_event(f, "tasks-changed");
        run_until(f, f->seq == 11);
        f->fake.until_usec = 2000;
        send_event(f, "schedule-changed");
        run_until(f, watcher_schedule_until_usec(f->watcher) == 2000);
        g_assert_cmpuint(f->fake.explained, ==, 2);

        fake_stop(f);
        run_until(f, f->away > 0 && !watcher_timer(f->watcher));
        g_assert_cmpuint(watcher_schedule_until_usec(f->watcher), ==, 0);
        bus_stop(f);
}

/* It did not read for too long, and is told no more until it subscribes again. */
static void test_unsubscribed(Fixture *f, gconstpointer unused) {
        bus_start(f);
        watch(f);
        fake_start(f);
        run_until(f, f->seq == 10);
        f->fake.seq = 20;
        send_event(f, "unsubscribed");
        run_until(f, f->seq == 20);
        g_assert_cmpuint(f->fake.subscribed, ==, 2);
        g_assert_cmpuint(f->fake.read, ==, 2);
        g_assert_cmpuint(f->away, ==, 1); /* before the daemon was there */
        bus_stop(f);
}

/* Changes that were told as one: any of those that were not told can have moved the end of what holds. */
static void test_schedule_after_a_leap(Fixture *f, gconstpointer unused) {
        bus_start(f);
        watch(f);
        fake_start(f);
        run_until(f, f->seq == 10);
        f->fake.until_usec = 1000;
        watcher_follow_schedule(f->watcher);
        run_until(f, watcher_schedule_until_usec(f->watcher) == 1000);

        f->fake.until_usec = 2000;
        f->fake.seq = 11;
        send_event(f, "tasks-changed");
        send_changed(f, f->fake.bus, own_path(), 11);
        run_until(f, f->seq == 11);
        g_assert_cmpuint(f->fake.explained, ==, 1);
        f->fake.seq = 14;
        send_event(f, "tasks-changed");
        run_until(f, watcher_schedule_until_usec(f->watcher) == 2000);
        g_assert_cmpuint(f->fake.explained, ==, 2);
        bus_stop(f);
}

static void test_requests(Fixture *f, gconstpointer unused) {
        bus_start(f);
        watch(f);
        g_assert_cmpint(watcher_request(f->watcher, "Toggle", 10, NULL, on_answer, f), ==, -ENOTCONN);
        fake_start(f);
        run_until(f, f->seq == 10);

        g_assert_cmpint(watcher_request(f->watcher, "Toggle", 10, NULL, on_answer, f), ==, 0);
        run_until(f, f->answered);
        g_assert_null(f->answer);
        g_assert_cmpuint(f->fake.asked_seq, ==, 10);

        f->answered = false;
        g_assert_cmpint(watcher_request(f->watcher, "Toggle", 9, NULL, on_answer, f), ==, 0);
        run_until(f, f->answered);
        g_assert_cmpstr(f->answer, ==, POMOD_ERROR_PREFIX "StateChanged");

        /* Whoever asked is gone before the answer. */
        g_assert_cmpint(watcher_request(f->watcher, "Toggle", 10, NULL, on_answer, f), ==, 0);
        bus_stop(f);
}

static void test_refused(Fixture *f, gconstpointer unused) {
        bus_start(f);
        f->fake.refuse = true;
        fake_start(f);
        run_until(f, sd_bus_is_ready(f->fake.bus) > 0);
        watch(f);
        run_until(f, f->fake.subscribed >= 2); /* it tries again */
        g_assert_cmpuint(f->away, >=, 1);
        g_assert_cmpstr(watcher_message(f->watcher), ==, "too many watch already");

        f->fake.refuse = false;
        run_until(f, f->seq == 10);
        g_assert_null(watcher_message(f->watcher));
        bus_stop(f);
}

static void test_bus_comes_and_goes(Fixture *f, gconstpointer unused) {
        watch(f);
        run_until(f, f->away == 1);
        g_assert_nonnull(strstr(watcher_message(f->watcher), f->address));

        bus_start(f);
        fake_start(f);
        run_until(f, f->seq == 10);

        bus_stop(f);
        f->away = 0;
        run_until(f, f->away > 0);
        g_assert_nonnull(watcher_message(f->watcher));
        fake_stop(f);

        f->fake.seq = 30;
        bus_start(f);
        fake_start(f);
        run_until(f, f->seq == 30);
        bus_stop(f);
}

static void test_no_address(Fixture *f, gconstpointer unused) {
        g_assert_cmpint(watcher_new(f->event, "nonsense", WATCHER_UID_OWN, on_timer, f, &f->watcher), ==,
                        -EINVAL);
        g_assert_null(f->watcher);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add("/watcher/away-and-back", Fixture, NULL, setup, test_away_and_back, teardown);
        g_test_add("/watcher/changes", Fixture, NULL, setup, test_changes, teardown);
        g_test_add("/watcher/schedule", Fixture, NULL, setup, test_schedule, teardown);
        g_test_add("/watcher/unsubscribed", Fixture, NULL, setup, test_unsubscribed, teardown);
        g_test_add("/watcher/schedule-after-a-leap", Fixture, NULL, setup, test_schedule_after_a_leap,
                        teardown);
        g_test_add("/watcher/requests", Fixture, NULL, setup, test_requests, teardown);
        g_test_add("/watcher/refused", Fixture, NULL, setup, test_refused, teardown);
        g_test_add("/watcher/bus-comes-and-goes", Fixture, NULL, setup, test_bus_comes_and_goes, teardown);
        g_test_add("/watcher/no-address", Fixture, NULL, setup, test_no_address, teardown);
        return g_test_run();
}
