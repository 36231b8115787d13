/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <glib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/duration.h"
#include "daemon/engine/clocks.h"
#include "tests/clock/clocks-test.h"

static void free_clocks(Clocks **clocks) {
        (*clocks)->vtable->free(*clocks);
}

static void note_wake(void *userdata) {
        unsigned *wakes = userdata;

        (*wakes)++;
}

static void test_kernel(void) {
        cleanup_(sd_event_unrefp) sd_event *event = NULL;
        cleanup_(free_clocks) Clocks *clocks = NULL;
        unsigned wakes = 0;
        Now before, after;

        g_assert_cmpint(sd_event_new(&event), >=, 0);
        g_assert_cmpint(clocks_system_new(event, &clocks), ==, 0);
        clocks->vtable->set_wake(clocks, note_wake, &wakes);
        g_assert_cmpint(clocks->vtable->now(clocks, &before), ==, 0);
        g_assert_cmpuint(strlen(before.boot_id), ==, 32);
        g_assert_cmpuint(before.boot_usec, >=, before.mono_usec);

        /* Exact, and never early. */
        g_assert_cmpint(clocks->vtable->arm(clocks, before.boot_usec + 20 * USEC_PER_MSEC), ==, 0);
        while (wakes == 0)
                g_assert_cmpint(sd_event_run(event, 10 * USEC_PER_SEC), >, 0);
        g_assert_cmpint(clocks->vtable->now(clocks, &after), ==, 0);
        g_assert_cmpuint(after.boot_usec, >=, before.boot_usec + 20 * USEC_PER_MSEC);

        /* A moment that has passed comes at once; it fires once, and not at all when it was taken back. */
        g_assert_cmpint(clocks->vtable->arm(clocks, before.boot_usec), ==, 0);
        g_assert_cmpint(sd_event_run(event, 10 * USEC_PER_SEC), >, 0);
        g_assert_cmpuint(wakes, ==, 2);
        g_assert_cmpint(sd_event_run(event, 0), ==, 0);
        g_assert_cmpint(clocks->vtable->arm(clocks, before.boot_usec), ==, 0);
        g_assert_cmpint(clocks->vtable->arm(clocks, UINT64_MAX), ==, 0);
        g_assert_cmpint(sd_event_run(event, 0), ==, 0);
        g_assert_cmpuint(wakes, ==, 2);
}

static void ask(TestClocks *clocks, const char *line, const char *answer) {
        char buf[512];

        test_clocks_command(clocks, line, buf, sizeof(buf));
        if (!g_str_has_prefix(buf, answer))
                g_error("%s: %s instead of %s", line, buf, answer);
        g_assert_true(g_str_has_suffix(buf, "\n"));
}

static void test_protocol(void) {
        const Now now = {
                .boot_usec = 1000,
                .mono_usec = 900,
                .real_usec = 5000,
                .boot_id = "0123456789abcdef0123456789abcdef",
        };
        cleanup_(free_clocks) Clocks *base = NULL;
        TestClocks *clocks;
        unsigned wakes = 0;

        g_assert_cmpint(test_clocks_new(&now, &clocks), ==, 0);
        base = test_clocks_base(clocks);
        base->vtable->set_wake(base, note_wake, &wakes);

        ask(clocks, "get",
                        "ok boot=1000 mono=900 real=5000 sync=0 boot-id=0123456789abcdef0123456789abcdef armed=never");
        base->vtable->arm(base, 1500);
        ask(clocks, "next",
                        "ok boot=1000 mono=900 real=5000 sync=0 boot-id=0123456789abcdef0123456789abcdef armed=1500");
        ask(clocks, "advance 400", "ok boot=1400 mono=1300 real=5400");
        g_assert_cmpuint(wakes, ==, 0);
        ask(clocks, "advance 400", "ok boot=1800 mono=1700 real=5800");
        g_assert_cmpuint(wakes, ==, 1);
        ask(clocks, "sleep 1000", "ok boot=2800 mono=1700 real=6800");
        g_assert_cmpuint(wakes, ==, 2);
        ask(clocks, "step -800", "ok boot=2800 mono=1700 real=6000");
        ask(clocks, "step 100", "ok boot=2800 mono=1700 real=6100");
        g_assert_cmpuint(wakes, ==, 4);
        ask(clocks, "set real=9 sync=1 boot-id=ffffffffffffffffffffffffffffffff",
                        "ok boot=2800 mono=1700 real=9 sync=1 boot-id=ffffffffffffffffffffffffffffffff");

        ask(clocks, "set real=9 boot-id=f", "error");
        ask(clocks, "set noon=9", "error");
        ask(clocks, "advance", "error");
        ask(clocks, "advance -1", "error");
        ask(clocks, "sleep x", "error");
        ask(clocks, "", "error");
        ask(clocks, "an-unknown-verb-that-is-long 1", "error");
        ask(clocks, "get", "ok boot=2800 mono=1700 real=9 sync=1");
}

static void write_line(int fd, const char *line) {
        g_assert_cmpint(send(fd, line, strlen(line), 0), ==, (ssize_t) strlen(line));
}

/* Lines that have been answered, up to the last one that is wanted. */
static void await_answers(int fd, const char *const *wanted) {
        char byte, line[512];
        size_t n;

        for (; *wanted; wanted++) {
                for (n = 0; recv(fd, &byte, 1, 0) == 1 && byte != '\n'; n++)
                        line[n] = byte;
                line[n] = '\0';
                if (!g_str_has_prefix(line, *wanted))
                        g_error("\"%s\" instead of \"%s\"", line, *wanted);
        }
}

/* Who looks at the clocks is held until the gate opens; what is said behind that waits for the loop. */
static void test_gate(void) {
        const Now begin = { .boot_usec = 1000, .boot_id = "0123456789abcdef0123456789abcdef" };
        g_autofree char *folder = g_dir_make_tmp("pomod-gate-XXXXXX", NULL);
        g_autofree char *path = g_build_filename(folder, "clock", NULL);
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        cleanup_(sd_event_unrefp) sd_event *event = NULL;
        cleanup_(free_clocks) Clocks *base = NULL;
        cleanup_close_ int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        TestClocks *clocks;
        Now now;

        g_strlcpy(address.sun_path, path, sizeof(address.sun_path));
        g_assert_cmpint(sd_event_new(&event), >=, 0);
        g_assert_cmpint(test_clocks_new(&begin, &clocks), ==, 0);
        base = test_clocks_base(clocks);
        g_assert_cmpint(test_clocks_listen(clocks, event, path), ==, 0);
        g_assert_cmpint(connect(fd, (struct sockaddr *) &address, sizeof(address)), ==, 0);
        g_assert_cmpint(sd_event_run(event, 10 * USEC_PER_SEC), >, 0);

        write_line(fd, "gate ajar\ngate close\n");
        g_assert_cmpint(sd_event_run(event, 10 * USEC_PER_SEC), >, 0);
        write_line(fd, "advance 5\ngate open\nadvance 7\n");
        g_assert_cmpint(base->vtable->now(base, &now), ==, 0);
        g_assert_cmpuint(now.boot_usec, ==, 1000);
        g_assert_cmpint(sd_event_run(event, 10 * USEC_PER_SEC), >, 0);
        await_answers(fd,
                        (const char *const[]){ "error", "ok", "held", "error", "ok", "ok boot=1007", NULL });

        /* Nobody is held by who has gone. */
        write_line(fd, "gate close\n");
        g_assert_cmpint(sd_event_run(event, 10 * USEC_PER_SEC), >, 0);
        g_assert_cmpint(shutdown(fd, SHUT_WR), ==, 0);
        g_assert_cmpint(base->vtable->now(base, &now), ==, 0);
        g_assert_cmpuint(test_clocks_looks(clocks), ==, 2);

        g_assert_cmpint(unlink(path), ==, 0);
        g_assert_cmpint(rmdir(folder), ==, 0);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/clocks/kernel", test_kernel);
        g_test_add_func("/clocks/protocol", test_protocol);
        g_test_add_func("/clocks/gate", test_gate);
        return g_test_run();
}
