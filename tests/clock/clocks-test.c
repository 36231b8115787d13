/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "tests/clock/clocks-test.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "tests/clock/virtual-clock.h"

#define LINE_MAX_BYTES 512

struct TestClocks {
        Clocks base;
        Now now;
        uint64_t armed_usec;
        uint64_t flow_usec; /* of every reading */
        uint64_t n_looks;
        bool gate_closed;
        bool obeying; /* what a command itself looks at is never held */
        bool held;
        ClocksWake wake;
        void *userdata;

        sd_event_source *listener;
        sd_event_source *connection;
        int listen_fd, connection_fd;
        char line[LINE_MAX_BYTES];
        size_t n_line;
};

static void wait_at_gate(TestClocks *clocks);

static int clocks_now(Clocks *base, Now *ret_now) {
        TestClocks *clocks = (TestClocks *) base;

        clocks->n_looks++;
        if (clocks->gate_closed && !clocks->obeying)
                wait_at_gate(clocks);
        virtual_clock_advance(&clocks->now, clocks->flow_usec);
        *ret_now = clocks->now;
        return 0;
}

static int clocks_arm(Clocks *base, uint64_t boot_usec) {
        ((TestClocks *) base)->armed_usec = boot_usec;
        return 0;
}

static void clocks_set_wake(Clocks *base, ClocksWake wake, void *userdata) {
        TestClocks *clocks = (TestClocks *) base;

        clocks->wake = wake;
        clocks->userdata = userdata;
}

static void hang_up(TestClocks *clocks) {
        clocks->connection = sd_event_source_disable_unref(clocks->connection);
        clocks->connection_fd = close_fd(clocks->connection_fd);
        clocks->n_line = 0;
        clocks->gate_closed = false;
}

static Clocks *clocks_free(Clocks *base) {
        TestClocks *clocks = (TestClocks *) base;

        if (!clocks)
                return NULL;
        hang_up(clocks);
        sd_event_source_disable_unref(clocks->listener);
        close_fd(clocks->listen_fd);
        free(clocks);
        return NULL;
}

static const ClocksVtable vtable = {
        .now = clocks_now,
        .arm = clocks_arm,
        .set_wake = clocks_set_wake,
        .free = clocks_free,
};

int test_clocks_new(const Now *now, TestClocks **ret_clocks) {
        TestClocks *clocks = calloc(1, sizeof(*clocks));

        if (!clocks)
                return -ENOMEM;
        clocks->base.vtable = &vtable;
        clocks->now = *now;
        clocks->armed_usec = UINT64_MAX;
        clocks->listen_fd = clocks->connection_fd = -1;
        *ret_clocks = clocks;
        return 0;
}

Clocks *test_clocks_base(TestClocks *clocks) {
        return &clocks->base;
}

const Now *test_clocks_get(const TestClocks *clocks) {
        return &clocks->now;
}

uint64_t test_clocks_armed(const TestClocks *clocks) {
        return clocks->armed_usec;
}

uint64_t test_clocks_looks(const TestClocks *clocks) {
        return clocks->n_looks;
}

void test_clocks_close_gate(TestClocks *clocks, bool closed) {
        clocks->gate_closed = closed;
}

bool test_clocks_held(const TestClocks *clocks) {
        return clocks->held;
}

static void wake(TestClocks *clocks) {
        if (clocks->wake)
                clocks->wake(clocks->userdata);
}

void test_clocks_flow(TestClocks *clocks, uint64_t usec_a_reading) {
        clocks->flow_usec = usec_a_reading;
}

void test_clocks_advance(TestClocks *clocks, uint64_t usec) {
        const uint64_t until = clocks->now.boot_usec + usec;

        while (virtual_clock_reach(&clocks->now, clocks->armed_usec, until)) {
                clocks->armed_usec = UINT64_MAX;
                wake(clocks);
        }
}

/* What the kernel tells by its timers: a wake-up, and a timerfd that was cancelled because the clock was set.
 */
static void jump(TestClocks *clocks) {
        if (clocks->armed_usec <= clocks->now.boot_usec)
                clocks->armed_usec = UINT64_MAX;
        wake(clocks);
        /* Another deadline can have come due by that alone. */
        test_clocks_advance(clocks, 0);
}

void test_clocks_set(TestClocks *clocks, const Now *now) {
        clocks->now = *now;
        jump(clocks);
}

void test_clocks_sleep(TestClocks *clocks, uint64_t usec) {
        virtual_clock_sleep(&clocks->now, usec);
        jump(clocks);
}

void test_clocks_step(TestClocks *clocks, int64_t usec) {
        virtual_clock_step(&clocks->now, usec);
        jump(clocks);
}

/* ---- the socket ---- */

static int send_line(TestClocks *clocks, const char *line) {
        return send(clocks->connection_fd, line, strlen(line), MSG_NOSIGNAL) < 0 ? -errno : 0;
}

static int answer_line(TestClocks *clocks, const char *line) {
        char answer[LINE_MAX_BYTES];

        clocks->obeying = true;
        test_clocks_command(clocks, line, answer, sizeof(answer));
        clocks->obeying = false;
        return send_line(clocks, answer);
}

static int answer_lines(TestClocks *clocks) {
        char *end;
        int r;

        while ((end = memchr(clocks->line, '\n', clocks->n_line))) {
                *end = '\0';
                r = answer_line(clocks, clocks->line);
                if (r < 0)
                        return r;
                clocks->n_line -= (size_t) (end + 1 - clocks->line);
                memmove(clocks->line, end + 1, clocks->n_line);
        }
        return clocks->n_line == sizeof(clocks->line) ? -EMSGSIZE : 0;
}

/* Byte by byte: what comes behind the line stays in the socket, where the loop finds it. */
static int read_held_line(TestClocks *clocks, char line[LINE_MAX_BYTES]) {
        struct pollfd readable = { .fd = clocks->connection_fd, .events = POLLIN };
        size_t n = 0;
        ssize_t got;

        while (n < LINE_MAX_BYTES) {
                if (poll(&readable, 1, -1) < 0 && errno != EINTR)
                        return -errno;
                got = recv(clocks->connection_fd, &line[n], 1, 0);
                if (got < 0 && (errno == EAGAIN || errno == EINTR))
                        continue;
                if (got <= 0)
                        return -EPIPE;
                if (line[n] == '\n') {
                        line[n] = '\0';
                        return 0;
                }
                n++;
        }
        return -EMSGSIZE;
}

static void wait_at_gate(TestClocks *clocks) {
        char line[LINE_MAX_BYTES];
        int r;

        clocks->held = true;
        r = send_line(clocks, "held\n");
        while (r == 0 && clocks->gate_closed) {
                r = read_held_line(clocks, line);
                if (r == 0)
                        r = answer_line(clocks, line);
        }
        clocks->held = false;
        /* The loop will see that nobody is there any more. */
        if (r < 0)
                clocks->gate_closed = false;
}

static int on_input(sd_event_source *source, int fd, uint32_t events, void *userdata) {
        TestClocks *clocks = userdata;
        ssize_t n;

        n = recv(fd, clocks->line + clocks->n_line, sizeof(clocks->line) - clocks->n_line, 0);
        if (n < 0 && (errno == EAGAIN || errno == EINTR))
                return 0;
        if (n > 0) {
                clocks->n_line += (size_t) n;
                if (answer_lines(clocks) == 0)
                        return 0;
        }
        hang_up(clocks);
        return sd_event_source_set_enabled(clocks->listener, SD_EVENT_ON);
}

/* One connection at a time: the next waits until this one has hung up. */
static int on_connection(sd_event_source *source, int fd, uint32_t events, void *userdata) {
        TestClocks *clocks = userdata;
        int r;

        clocks->connection_fd = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (clocks->connection_fd < 0)
                return errno == EAGAIN ? 0 : -errno;
        r = sd_event_add_io(sd_event_source_get_event(source), &clocks->connection, clocks->connection_fd,
                        EPOLLIN, on_input, clocks);
        /* As the kernel's timer: before whoever waits for an answer. */
        if (r >= 0)
                r = sd_event_source_set_priority(clocks->connection, SD_EVENT_PRIORITY_IMPORTANT);
        if (r < 0)
                return r;
        return sd_event_source_set_enabled(clocks->listener, SD_EVENT_OFF);
}

int test_clocks_listen(TestClocks *clocks, sd_event *event, const char *path) {
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        cleanup_close_ int fd = -1;
        int r;

        if (strlen(path) >= sizeof(address.sun_path))
                return -ENAMETOOLONG;
        strcpy(address.sun_path, path);
        /* One that was killed left its socket behind. */
        (void) unlink(path);
        fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (fd < 0 || bind(fd, (struct sockaddr *) &address, sizeof(address)) < 0 || listen(fd, 16) < 0)
                return -errno;
        r = sd_event_add_io(event, &clocks->listener, fd, EPOLLIN, on_connection, clocks);
        if (r < 0)
                return r;
        clocks->listen_fd = steal_fd(fd);
        return 0;
}
