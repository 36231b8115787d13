/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* Programs that a plugin runs: each in a process group of its own, with the limits that the host began with.
 */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "clients/lib/memory.h"
#include "common/cleanup.h"
#include "common/duration.h"
#include "plugins/host/calls-private.h"
#include "plugins/host/confine.h"
#include "plugins/host/manager.h"

#define TIMEOUT_USUAL_USEC (30 * USEC_PER_SEC)
#define KILL_AFTER_USEC    (5 * USEC_PER_SEC)
#define END_WITHIN_USEC    USEC_PER_SEC

/* What the service manager says to this process, and to nobody else. */
static const char *const own_variables[] = { "NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC", "LISTEN_PID",
        "LISTEN_FDS", "LISTEN_FDNAMES", "MAINPID", "INVOCATION_ID", "JOURNAL_STREAM" };
static const char *const system_variables[] = { "PATH", "HOME", "LANG" };

static bool is_among(const char *assignment, const char *const *names, size_t n) {
        size_t length = strcspn(assignment, "=");

        for (size_t i = 0; i < n; i++)
                if (strlen(names[i]) == length && strncmp(assignment, names[i], length) == 0)
                        return true;
        return false;
}

/* An array that the caller frees, of texts of another; of a session's without what is for this process alone.
 */
static const char **choose(char *const *all, bool session) {
        size_t n = 0, n_own = 0;
        const char **environment;

        while (all && all[n])
                n++;
        environment = memory_new(const char *, n + 1);
        for (size_t i = 0; i < n; i++)
                if (session ? !is_among(all[i], own_variables,
                                              sizeof(own_variables) / sizeof(own_variables[0]))
                            : is_among(all[i], system_variables,
                                              sizeof(system_variables) / sizeof(system_variables[0])))
                        environment[n_own++] = all[i];
        return environment;
}

static void texts_free(char ***texts) {
        for (char **text = *texts; text && *text; text++)
                free(*text);
        free(*texts);
}

/* ---- its end ---- */

static int wait_status(const siginfo_t *info) {
        switch (info->si_code) {
        case CLD_EXITED:
                return (info->si_status & 0xff) << 8;
        case CLD_DUMPED:
                return info->si_status | 0x80;
        default:
                return info->si_status;
        }
}

/* -ECHILD where the plugin has waited for it by itself. */
static int reap(PomoWatch *watch) {
        siginfo_t info = {};

        /* Before its number is free for another: the rest of a group that has run out of time. */
        if (watch->timed_out)
                (void) kill(-watch->pid, SIGKILL);
        if (waitid(P_PIDFD, (id_t) watch->pidfd, &info, WEXITED) < 0)
                return -errno;
        return watch->timed_out ? -ETIMEDOUT : wait_status(&info);
}

static int on_end(sd_event_source *source, int fd, uint32_t epoll_events, void *userdata) {
        PomoWatch *watch = userdata;
        int status = reap(watch);

        if (watch->forgotten || !watch->func.on_child) {
                calls_watch_free(watch);
                return 0;
        }
        calls_watch_begin(watch, "the function of run()");
        watch->func.on_child(status, watch->data);
        calls_watch_end(watch, true);
        return 0;
}

static int on_timeout(sd_event_source *source, uint64_t usec, void *userdata) {
        PomoWatch *watch = userdata;

        (void) kill(-watch->pid, watch->timed_out ? SIGKILL : SIGTERM);
        if (!watch->timed_out && sd_event_source_set_time_relative(source, KILL_AFTER_USEC) >= 0)
                (void) sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
        watch->timed_out = true;
        return 0;
}

static void end_one(const PomoWatch *watch, uint64_t until_usec) {
        struct pollfd ended = { .fd = watch->pidfd, .events = POLLIN };
        struct timespec now;
        int64_t left;

        (void) clock_gettime(CLOCK_MONOTONIC, &now);
        left = (int64_t) until_usec - (int64_t) now.tv_sec * 1000000 - now.tv_nsec / 1000;
        (void) poll(&ended, 1, left > 0 ? (int) (left / 1000) : 0);
        (void) kill(-watch->pid, SIGKILL);
        (void) waitid(P_PIDFD, (id_t) watch->pidfd, &(siginfo_t){}, WEXITED);
}

void calls_end_children(PomoHost *host) {
        struct timespec now;
        uint64_t until_usec;

        for (PomoWatch *watch = host->watches; watch; watch = watch->next)
                if (watch->kind == WATCH_CHILD)
                        (void) kill(-watch->pid, SIGTERM);
        (void) clock_gettime(CLOCK_MONOTONIC, &now);
        until_usec = (uint64_t) now.tv_sec * USEC_PER_SEC + (uint64_t) now.tv_nsec / 1000 + END_WITHIN_USEC;
        for (PomoWatch *watch = host->watches; watch; watch = watch->next)
                if (watch->kind == WATCH_CHILD)
                        end_one(watch, until_usec);
}

/* ---- its beginning ---- */

/* In the child: nothing but what is safe behind fork() while there are threads. */
static _Noreturn void become(const PomoRun *run, char *const *environment, int null_fd, int error_fd) {
        sigset_t none;
        int error;

        (void) setpgid(0, 0);
        for (int number = 1; number < NSIG; number++)
                (void) signal(number, SIG_DFL);
        sigemptyset(&none);
        (void) sigprocmask(SIG_SETMASK, &none, NULL);
        if (dup2(run->input_fd >= 0 ? run->input_fd : null_fd, STDIN_FILENO) >= 0 &&
                        dup2(run->output_fd >= 0 ? run->output_fd : STDERR_FILENO, STDOUT_FILENO) >= 0 &&
                        close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) >= 0 && confine_restore_child() >= 0)
                (void) execve(run->argv[0], (char *const *) run->argv, environment);
        error = errno;
        (void) !write(error_fd, &error, sizeof(error));
        _exit(127);
}

/* 0 when the program runs, a negative errno when it could not be begun, and nothing is left of it. */
static int start(const PomoRun *run, bool session, pid_t *ret_pid, int *ret_pidfd) {
        cleanup_(texts_free) char **managers = session && !run->environment ? manager_environment() : NULL;
        cleanup_free_ const char **own = run->environment ? NULL : choose(managers ?: environ, session);
        const char *const *environment = run->environment ?: own;
        cleanup_close_ int null_fd = -1, read_fd = -1, write_fd = -1, pidfd = -1;
        int fds[2], error;
        pid_t pid;

        null_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
        if (null_fd < 0 || pipe2(fds, O_CLOEXEC) < 0)
                return -errno;
        read_fd = fds[0];
        write_fd = fds[1];

        pid = fork();
        if (pid < 0)
                return -errno;
        if (pid == 0)
                become(run, (char *const *) environment, null_fd, write_fd);
        write_fd = close_fd(write_fd);
        /* In both, as it is not known who is first. */
        (void) setpgid(pid, pid);
        pidfd = pidfd_open(pid, 0);
        if (pidfd < 0 || read(read_fd, &error, sizeof(error)) == (ssize_t) sizeof(error)) {
                if (pidfd < 0)
                        error = errno;
                (void) kill(-pid, SIGKILL);
                (void) waitpid(pid, NULL, 0);
                return -error;
        }
        *ret_pid = pid;
        *ret_pidfd = steal_fd(pidfd);
        return 0;
}

static int watch_child(PomoWatch *watch, uint64_t timeout_usec) {
        sd_event *event = watch->host->config.event;
        int r;

        r = sd_event_add_io(event, &watch->source, watch->pidfd, EPOLLIN, on_end, watch);
        return r < 0 ? r
                     : sd_event_add_time_relative(event, &watch->timeout, CLOCK_BOOTTIME,
                                       timeout_usec > 0 ? timeout_usec : TIMEOUT_USUAL_USEC, 1, on_timeout,
                                       watch);
}

int calls_run(PomoHost *host, const PomoRun *run, void (*func)(int wait_status, void *data), void *data,
                PomoWatch **ret_watch) {
        PomoRun known = { .input_fd = -1, .output_fd = -1 };
        PomoWatch *watch;
        int r;

        guard_check_thread(host->config.guard, "run()");
        if (!run || run->size < offsetof(PomoRun, timeout_usec) + sizeof(run->timeout_usec))
                return -EINVAL;
        memcpy(&known, run, run->size < sizeof(known) ? run->size : sizeof(known));
        if (!known.argv || !known.argv[0] || known.argv[0][0] != '/')
                return -EINVAL;
        r = calls_watch_new(host, WATCH_CHILD, data, &watch);
        if (r < 0)
                return r;
        watch->func.on_child = func;
        r = start(&known, host->config.session, &watch->pid, &watch->pidfd);
        if (r >= 0) {
                r = watch_child(watch, known.timeout_usec);
                if (r < 0)
                        end_one(watch, 0);
        }
        if (r < 0) {
                calls_watch_free(watch);
                return r;
        }
        if (ret_watch)
                *ret_watch = watch;
        return 0;
}
