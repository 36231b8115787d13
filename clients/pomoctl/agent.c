/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/agent.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/duration.h"

#define NOTIFY_FD       3
#define READY_WITHIN_MS 10000
#define WAIT_USEC       USEC_PER_HOUR /* for a person */

static int spawn(int notify, pid_t *ret_pid) {
        static char *const argv[] = { (char *) "pkttyagent", (char *) "--notify-fd=3", (char *) "--fallback",
                NULL };
        posix_spawn_file_actions_t actions;
        int r = posix_spawn_file_actions_init(&actions);

        if (r != 0)
                return -r;
        r = posix_spawn_file_actions_adddup2(&actions, notify, NOTIFY_FD)
                            ?: posix_spawnp(ret_pid, argv[0], &actions, NULL, argv, environ);
        posix_spawn_file_actions_destroy(&actions);
        return -r;
}

/* It closes the descriptor once polkit knows it, or ends. */
static pid_t start(void) {
        int fds[2];
        pid_t pid = 0;

        if (pipe2(fds, O_CLOEXEC) < 0)
                return 0;
        /* One that is 3 already would not be handed on by a dup2() of itself. */
        if (fds[1] == NOTIFY_FD) {
                fds[1] = fcntl(NOTIFY_FD, F_DUPFD_CLOEXEC, NOTIFY_FD + 1);
                (void) close(NOTIFY_FD);
        }
        if (fds[1] < 0 || spawn(fds[1], &pid) < 0)
                pid = 0;
        (void) close_fd(fds[1]);
        if (pid > 0)
                while (poll(&(struct pollfd){ .fd = fds[0], .events = POLLIN }, 1, READY_WITHIN_MS) < 0 &&
                                errno == EINTR)
                        ;
        (void) close_fd(fds[0]);
        return pid;
}

Agent agent_begin(const Ctl *ctl) {
        Client *client = ctl->program.client;
        Agent agent = { .ctl = ctl };

        if (client_connect(client) < 0 || !client_is_on_system_bus(client))
                return agent;
        (void) sd_bus_set_allow_interactive_authorization(client_bus(client), true);
        (void) sd_bus_set_method_call_timeout(client_bus(client), WAIT_USEC);
        if (geteuid() != 0 && isatty(STDIN_FILENO) && isatty(STDERR_FILENO))
                agent.pid = start();
        return agent;
}

void agent_end(Agent *agent) {
        sd_bus *bus = client_bus(agent->ctl->program.client);

        if (bus) {
                (void) sd_bus_set_allow_interactive_authorization(bus, false);
                (void) sd_bus_set_method_call_timeout(bus, 0);
        }
        if (agent->pid <= 0)
                return;
        /* One that waits for its terminal is woken to end. */
        (void) kill(agent->pid, SIGTERM);
        (void) kill(agent->pid, SIGCONT);
        while (waitpid(agent->pid, NULL, 0) < 0 && errno == EINTR)
                ;
        agent->pid = 0;
}
