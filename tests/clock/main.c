/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-event.h>

#include "daemon/run.h"
#include "tests/clock/clocks-test.h"

/*
 * pomod with clocks that a test drives:
 *   pomod-test-clock --clock-socket=PATH [--clock-start="boot=… real=…"] and what pomod takes.
 */

typedef struct ClockArguments {
        const char *socket;
        const char *start; /* what differs from the kernel's clocks */
} ClockArguments;

static int read_kernel(sd_event *event, Now *ret_now) {
        Clocks *clocks;
        int r;

        r = clocks_system_new(event, &clocks);
        if (r < 0)
                return r;
        r = clocks->vtable->now(clocks, ret_now);
        clocks->vtable->free(clocks);
        return r;
}

static int make_clocks(sd_event *event, void *userdata, Clocks **ret_clocks) {
        const ClockArguments *arguments = userdata;
        TestClocks *clocks;
        Now now;
        int r;

        r = read_kernel(event, &now);
        if (r >= 0 && arguments->start)
                r = test_clocks_parse(arguments->start, &now);
        if (r >= 0)
                r = test_clocks_new(&now, &clocks);
        if (r < 0)
                return r;
        if (arguments->socket) {
                r = test_clocks_listen(clocks, event, arguments->socket);
                if (r < 0) {
                        test_clocks_base(clocks)->vtable->free(test_clocks_base(clocks));
                        return r;
                }
        }
        *ret_clocks = test_clocks_base(clocks);
        return 0;
}

/* Takes our own options out, so that pomod sees only its. */
static int take_arguments(int argc, char **argv, ClockArguments *ret_arguments) {
        static const char socket_option[] = "--clock-socket=", start_option[] = "--clock-start=";
        int n = 0;

        for (int i = 0; i < argc; i++)
                if (strncmp(argv[i], socket_option, strlen(socket_option)) == 0)
                        ret_arguments->socket = argv[i] + strlen(socket_option);
                else if (strncmp(argv[i], start_option, strlen(start_option)) == 0)
                        ret_arguments->start = argv[i] + strlen(start_option);
                else
                        argv[n++] = argv[i];
        argv[n] = NULL;
        return n;
}

int main(int argc, char **argv) {
        ClockArguments arguments = {};

        argc = take_arguments(argc, argv, &arguments);
        return pomod_run(argc, argv, make_clocks, &arguments);
}
