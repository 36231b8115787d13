/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/caps.h"
#include "tests/unit/check.h"

/* In a process of its own, as nothing of it can be taken back. 0: it is as it should be; else a line. */
static void check_in_process_at(int line, int (*func)(void)) {
        pid_t pid = fork();
        int status;

        g_assert_cmpint(pid, >=, 0);
        if (pid == 0)
                _exit(func());
        g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
        CHECK_INT(line, WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status), 0);
}

#define WANT(condition)                        \
        do {                                   \
                if (!(condition))              \
                        return __LINE__ % 256; \
        } while (0)

static rlim_t soft(int resource, rlim_t *ret_hard) {
        struct rlimit limit = {};

        (void) getrlimit((__rlimit_resource_t) resource, &limit);
        *ret_hard = limit.rlim_max;
        return limit.rlim_cur;
}

static int take(void) {
        rlim_t hard, hard_before, before;

        before = soft(RLIMIT_NOFILE, &hard_before);
        WANT(before > HOST_DESCRIPTORS);
        WANT(dup2(STDOUT_FILENO, 100) == 100);
        close(STDIN_FILENO);
        WANT(confine_take() == 0);

        WANT(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
        WANT(fcntl(100, F_GETFD) < 0 && errno == EBADF);
        WANT(fcntl(STDIN_FILENO, F_GETFD) >= 0);
        WANT(soft(RLIMIT_NOFILE, &hard) == HOST_DESCRIPTORS && hard == hard_before);
        WANT(soft(RLIMIT_CORE, &hard) == 0);
        WANT(soft(RLIMIT_DATA, &hard) == CONFINE_DATA_BYTES);
        WANT(confine_restore_child() == 0);
        WANT(soft(RLIMIT_NOFILE, &hard) == before);
        return 0;
}

/* What is less already stays. */
static int take_less(void) {
        const struct rlimit less = { 64, 64 };
        rlim_t hard;

        WANT(setrlimit(RLIMIT_NOFILE, &less) == 0);
        WANT(confine_take() == 0);
        WANT(soft(RLIMIT_NOFILE, &hard) == 64);
        return 0;
}

static int drop(void) {
        uid_t uid = getuid();
        char *sentence = NULL;

        WANT(confine_take() == 0);
        WANT(confine_drop_root(&sentence) == 0);
        WANT(!sentence);
        if (uid != 0) {
                WANT(getuid() == uid);
                return 0;
        }
        WANT(getuid() == 65534 && geteuid() == 65534 && getgid() == 65534 && getegid() == 65534);
        WANT(getgroups(0, NULL) == 0);
        WANT(setuid(0) < 0 && setgid(0) < 0);
        WANT(access("/proc/self/fd/0", F_OK) == 0);
        return 0;
}

static void test_confine(void) {
        check_in_process_at(__LINE__, take);
        check_in_process_at(__LINE__, take_less);
        check_in_process_at(__LINE__, drop);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/confine", test_confine);
        return g_test_run();
}
