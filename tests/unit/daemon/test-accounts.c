/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* Whom the file of accounts does not know: a process is begun for each that is asked for, and no other. */

#include "daemon/accounts.h"

#include <errno.h>
#include <glib.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "daemon/process.h"

#define FIRST 1800000001u
#define N     12u /* more than are asked for at once */

static unsigned n_started;

/* In the place of the real one, which would begin this test anew. */
int process_start_self(const char *const argv[], int *ret_output, pid_t *ret_pid) {
        int fds[2];
        pid_t pid;

        g_assert_cmpint(pipe(fds), ==, 0);
        pid = fork();
        g_assert_cmpint(pid, >=, 0);
        if (pid == 0) {
                dprintf(fds[1], "u%s\n", argv[2]);
                _exit(EXIT_SUCCESS);
        }
        close(fds[1]);
        n_started++;
        *ret_output = fds[0];
        *ret_pid = pid;
        return 0;
}

static void on_answered(void *userdata, uid_t uid) {
        unsigned *n_answered = userdata;

        (*n_answered)++;
}

static void test_one_process_each(void) {
        cleanup_(sd_event_unrefp) sd_event *event = NULL;
        unsigned n_answered = 0;
        Accounts *accounts;
        sigset_t child;

        sigemptyset(&child);
        sigaddset(&child, SIGCHLD);
        sigprocmask(SIG_BLOCK, &child, NULL);
        g_assert_cmpint(sd_event_new(&event), >=, 0);
        accounts = accounts_new(event, on_answered, &n_answered);
        for (uid_t uid = FIRST; uid < FIRST + N; uid++)
                g_assert_cmpint(accounts_look(accounts, uid), ==, 0);
        while (n_answered < N)
                g_assert_cmpint(sd_event_run(event, UINT64_MAX), >=, 0);
        g_assert_cmpuint(n_started, ==, N);
        for (uid_t uid = FIRST; uid < FIRST + N; uid++) {
                cleanup_free_ char *name = NULL, *expected = g_strdup_printf("u%u", uid);

                g_assert_cmpint(accounts_look(accounts, uid), ==, 1);
                g_assert_cmpint(accounts_name(accounts, uid, &name), ==, 0);
                g_assert_cmpstr(name, ==, expected);
        }
        accounts_free(accounts);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/daemon/accounts/one-process-each", test_one_process_each);
        return g_test_run();
}
