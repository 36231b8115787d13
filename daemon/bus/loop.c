/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/loop.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <linux/sockios.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>

#include "daemon/bus/calls.h"

/* Messages are taken from the socket before a call is served: for so long that who floods cannot keep others
 * waiting in the socket, even with long calls, so short that calls are served meanwhile. */
#define TAKE_MESSAGES_LEAST 256u
#define TAKE_USEC           10000u
/* How often it is looked whether the bus has answered, and what a look counts for at most: a computer that
 * slept, or pomod at work, has not listened. */
#define LISTEN_USEC 100000u

struct BusLoop {
        Bus *bus;
        void (*lost)(Bus *bus, BusLoss loss);
        bool is_lost;
        sd_event_source *io;
        sd_event_source *timeout; /* of what sd-bus waits for */
        sd_event_source *turn;    /* enabled while calls can be served */
        sd_event_source *rest;    /* until somebody who was sent too much may go on */
        bool was_untaken;         /* something was, when the loop last woke up */
        sd_bus_slot *asking;      /* whether the bus still takes what it is sent */
        sd_event_source *listening;
        uint64_t listened_usec; /* in vain, for its answer … */
        uint64_t last_usec;     /* … up to then */
};

#define UNTAKEN_BYTES (64u * 1024) /* so much is on its way at most times */

static void lose(BusLoop *loop, BusLoss loss) {
        if (loop->is_lost)
                return;
        loop->is_lost = true;
        (void) sd_event_source_set_enabled(loop->io, SD_EVENT_OFF); /* its end is there to be read for ever */
        loop->lost(loop->bus, loss);
}

/* 0: there was no more. */
static int take_messages(BusLoop *loop) {
        const uint64_t until = monotonic_usec() + TAKE_USEC;
        int r = 1;

        for (unsigned n = 1; r > 0 && (n % TAKE_MESSAGES_LEAST != 0 || monotonic_usec() < until); n++)
                r = sd_bus_process(loop->bus->bus, NULL);
        return r;
}

static void arm(sd_event_source *source, uint64_t usec) {
        if (usec != UINT64_MAX)
                (void) sd_event_source_set_time(source, usec);
        (void) sd_event_source_set_enabled(source, usec != UINT64_MAX ? SD_EVENT_ONESHOT : SD_EVENT_OFF);
}

static void look_who_waits(BusLoop *loop) {
        const Calls *calls = loop->bus->calls;

        (void) sd_event_source_set_enabled(loop->turn, calls_are_waiting(calls) ? SD_EVENT_ON : SD_EVENT_OFF);
        arm(loop->rest, calls_wake_usec(calls));
}

/* Where nothing is left to be read, the answer is not there either. */
static void listen_for_answer(BusLoop *loop, bool all_taken) {
        const uint64_t now = monotonic_usec();

        if (!loop->asking)
                return;
        if (all_taken)
                loop->listened_usec += MIN(now - loop->last_usec, LISTEN_USEC);
        loop->last_usec = now;
        if (loop->listened_usec >= BUS_DEAF_USEC)
                lose(loop, BUS_DEAF);
        else
                arm(loop->listening, now + LISTEN_USEC);
}

static void drive(BusLoop *loop) {
        int r = take_messages(loop);

        if (r >= 0)
                listen_for_answer(loop, r == 0);
        if (r >= 0 && !loop->is_lost)
                r = calls_serve(loop->bus->calls);
        if (r < 0)
                lose(loop, BUS_BROKEN);
        else
                look_who_waits(loop);
}

/* ---- whether the bus listens ---- */

/* Bytes that were sent and that the bus has not read: the kernel keeps some MiB for it. */
static size_t count_untaken(BusLoop *loop) {
        uint64_t unsent = 0;
        int bytes = 0;

        if (ioctl(sd_bus_get_fd(loop->bus->bus), SIOCOUTQ, &bytes) < 0)
                bytes = 0;
        if (sd_bus_get_n_queued_write(loop->bus->bus, &unsent) >= 0 && unsent > 0)
                return SIZE_MAX;
        return (size_t) MAX(bytes, 0);
}

/* The bus reads in order: it has answered once it has taken all that came before. */
static int on_bus_answer(sd_bus_message *answer, void *userdata, sd_bus_error *error) {
        BusLoop *loop = userdata;

        loop->asking = sd_bus_slot_unref(loop->asking);
        arm(loop->listening, UINT64_MAX);
        return 1;
}

static int ask_bus(BusLoop *loop) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *question = NULL;
        int r = sd_bus_message_new_method_call(loop->bus->bus, &question, "org.freedesktop.DBus",
                        "/org/freedesktop/DBus", "org.freedesktop.DBus", "GetId");

        /* It is not waited for by the clock of sd-bus, which knows nothing of what lies in the socket. */
        if (r >= 0)
                r = sd_bus_call_async(
                                loop->bus->bus, &loop->asking, question, on_bus_answer, loop, UINT64_MAX);
        if (r < 0)
                return r;
        loop->listened_usec = 0;
        loop->last_usec = monotonic_usec();
        arm(loop->listening, loop->last_usec + LISTEN_USEC);
        return 0;
}

static void look_what_is_untaken(BusLoop *loop) {
        const size_t untaken = count_untaken(loop);

        if (loop->asking || !loop->bus->has_name ||
                        (untaken <= UNTAKEN_BYTES && !(untaken > 0 && loop->was_untaken)))
                return;
        if (ask_bus(loop) < 0)
                lose(loop, BUS_BROKEN);
}

/* ---- the loop ---- */

static int on_io(sd_event_source *source, int fd, uint32_t events, void *userdata) {
        BusLoop *loop = userdata;

        loop->was_untaken = count_untaken(loop) > 0;
        drive(loop);
        return 0;
}

static int on_time(sd_event_source *source, uint64_t usec, void *userdata) {
        drive(userdata);
        return 0;
}

static int on_turn(sd_event_source *source, void *userdata) {
        drive(userdata);
        return 0;
}

/* Before the loop waits: what sd-bus wants to be woken for. */
static int prepare(sd_event_source *source, void *userdata) {
        BusLoop *loop = userdata;
        uint64_t until = UINT64_MAX;
        int events;

        if (loop->is_lost)
                return 0;
        look_what_is_untaken(loop);
        events = sd_bus_get_events(loop->bus->bus);
        if (events < 0 || sd_bus_get_timeout(loop->bus->bus, &until) < 0) {
                lose(loop, BUS_BROKEN);
                return 0;
        }
        (void) sd_event_source_set_io_events(loop->io, (uint32_t) events);
        arm(loop->timeout, until);
        return 0;
}

static int add_timer(BusLoop *loop, sd_event_time_handler_t handler, sd_event_source **ret_source) {
        int r = sd_event_add_time(loop->bus->event, ret_source, CLOCK_MONOTONIC, 0, 1, handler, loop);

        return r < 0 ? r : sd_event_source_set_enabled(*ret_source, SD_EVENT_OFF);
}

/* sd-bus closes its descriptor as soon as it notices the end, and epoll knows no descriptors but sockets:
 * while anybody else has that one, it would tell of a source that is gone. So the source has a descriptor of
 * its own.
 */
static int add_io(BusLoop *loop) {
        cleanup_close_ int fd = fcntl(sd_bus_get_fd(loop->bus->bus), F_DUPFD_CLOEXEC, 3);
        int r;

        if (fd < 0)
                return -errno;
        r = sd_event_add_io(loop->bus->event, &loop->io, fd, EPOLLIN, on_io, loop);
        if (r >= 0)
                r = sd_event_source_set_io_fd_own(loop->io, true);
        if (r >= 0)
                fd = -1;
        return r;
}

static int add_sources(BusLoop *loop) {
        int r = add_io(loop);

        if (r >= 0)
                r = sd_event_source_set_prepare(loop->io, prepare);
        if (r >= 0)
                r = add_timer(loop, on_time, &loop->timeout);
        if (r >= 0)
                r = add_timer(loop, on_time, &loop->rest);
        if (r >= 0)
                r = add_timer(loop, on_time, &loop->listening);
        if (r >= 0)
                r = sd_event_add_defer(loop->bus->event, &loop->turn, on_turn, loop);
        return r;
}

int bus_loop_new(Bus *bus, void (*lost)(Bus *bus, BusLoss loss), BusLoop **ret_loop) {
        BusLoop *loop = g_new0(BusLoop, 1);
        int r;

        assert(bus->bus && bus->calls && lost);
        loop->bus = bus;
        loop->lost = lost;
        r = add_sources(loop); /* the turn is on: what came before the loop is looked at */
        if (r < 0) {
                bus_loop_free(loop);
                return r;
        }
        *ret_loop = loop;
        return 0;
}

BusLoop *bus_loop_free(BusLoop *loop) {
        if (!loop)
                return NULL;
        sd_event_source_disable_unref(loop->io);
        sd_event_source_disable_unref(loop->timeout);
        sd_event_source_disable_unref(loop->turn);
        sd_event_source_disable_unref(loop->rest);
        sd_event_source_disable_unref(loop->listening);
        sd_bus_slot_unref(loop->asking);
        g_free(loop);
        return NULL;
}

void bus_loop_wake(BusLoop *loop) {
        (void) sd_event_source_set_enabled(loop->turn, SD_EVENT_ON);
}
