/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/guard.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/check.h"

/*
 * A process each, which does one thing that a plugin should not. Why it ended lies in memory that is shared
 * with it: some of them close all descriptors first.
 */
typedef struct Process {
        pid_t pid;
        char *sentence;
} Process;

#define SHARED_BYTES 1024

static void keep(const char *sentence, void *userdata) {
        strncpy((char *) userdata, sentence, SHARED_BYTES - 1);
}

static Process begin(void (*func)(Guard *guard)) {
        Process process = { .sentence = (char *) mmap(NULL, SHARED_BYTES, PROT_READ | PROT_WRITE,
                                            MAP_SHARED | MAP_ANONYMOUS, -1, 0) };
        Guard *guard;

        g_assert_true(process.sentence != MAP_FAILED);
        process.pid = fork();
        g_assert_cmpint(process.pid, >=, 0);
        if (process.pid > 0)
                return process;
        if (guard_new("sites", keep, process.sentence, &guard) < 0)
                _exit(99);
        func(guard);
        _exit(0);
}

/* How it ended: its status, or the negative number of a signal. */
static void check_end_at(int line, Process *process, int status, const char *sentence) {
        int got;

        g_assert_cmpint(waitpid(process->pid, &got, 0), ==, process->pid);
        CHECK_INT(line, WIFEXITED(got) ? WEXITSTATUS(got) : -WTERMSIG(got), status);
        CHECK_STR(line, process->sentence, sentence);
        munmap(process->sentence, SHARED_BYTES);
}

/* ---- crashes ---- */

static volatile int *volatile nothing = NULL;

/* A sanitizer would end the process in its own way. */
__attribute__((noinline, no_sanitize("undefined", "address"))) static void write_to_nothing(void) {
        *nothing = 1;
}

static void crash(Guard *guard) {
        guard_begin(guard, "apply()");
        write_to_nothing();
}

__attribute__((noinline)) static int fill_stack(volatile int *above) {
        volatile int here[256] = { *above };

        return *above == 0 ? fill_stack(here) + here[1] : 0;
}

static void overflow(Guard *guard) {
        volatile int here = 0;

        guard_begin(guard, "apply()");
        fill_stack(&here);
}

static void abort_inside(Guard *guard) {
        guard_begin(guard, "event()");
        abort();
}

static void abort_outside(Guard *guard) {
        guard_begin(guard, "event()");
        guard_end(guard);
        abort();
}

static void *crash_alone(void *userdata) {
        write_to_nothing();
        return NULL;
}

static void crash_in_thread(Guard *guard) {
        pthread_t thread;

        pthread_create(&thread, NULL, crash_alone, NULL);
        pthread_join(thread, NULL);
}

static void exit_inside(Guard *guard) {
        guard_begin(guard, "open()");
        exit(0);
}

static void exit_outside(Guard *guard) {
        guard_begin(guard, "open()");
        guard_end(guard);
        exit(0);
}

static void forked_crash(Guard *guard) {
        int status;

        guard_begin(guard, "apply()");
        if (fork() == 0)
                abort();
        wait(&status);
        guard_end(guard);
}

/* ---- what is not for plugins ---- */

static void *call_host(void *userdata) {
        guard_check_thread((Guard *) userdata, "log()");
        return NULL;
}

static void call_from_thread(Guard *guard) {
        pthread_t thread;

        guard_check_thread(guard, "log()");
        pthread_create(&thread, NULL, call_host, guard);
        pthread_join(thread, NULL);
}

static void close_all(Guard *guard) {
        guard_begin(guard, "apply()");
        close_range(3, ~0u, 0);
        guard_end(guard);
}

/* There is something else under the number by now. */
static void close_and_open(Guard *guard) {
        guard_begin(guard, "apply()");
        close_range(3, ~0u, 0);
        for (int i = 0; i < 64; i++)
                (void) !dup(STDERR_FILENO);
        guard_end(guard);
}

static void run_loop(Guard *guard) {
        guard_begin(guard, "apply()");
        guard_begin(guard, "the function of at()");
}

/* The child does not go on as a second host, nor does a call of its reach the host. */
static void fork_inside(Guard *guard) {
        int status = 0;
        pid_t pid;

        guard_begin(guard, "apply()");
        pid = fork();
        guard_end(guard);
        if (pid == 0)
                _exit(7);
        if (waitpid(pid, &status, 0) != pid || WEXITSTATUS(status) != EXIT_FAILURE)
                _exit(8);

        guard_begin(guard, "apply()");
        pid = fork();
        if (pid == 0) {
                guard_check_thread(guard, "log()");
                _exit(7);
        }
        guard_end(guard);
        if (waitpid(pid, &status, 0) != pid || WEXITSTATUS(status) != EXIT_FAILURE)
                _exit(9);
}

static void change_signals(Guard *guard) {
        struct sigaction child;
        sigset_t all, now;
        pid_t pid;

        sigfillset(&all);
        sigprocmask(SIG_UNBLOCK, &all, NULL);
        guard_begin(guard, "apply()");
        sigprocmask(SIG_BLOCK, &all, NULL);
        signal(SIGCHLD, SIG_IGN);
        guard_end(guard);
        sigprocmask(SIG_SETMASK, NULL, &now);
        sigaction(SIGCHLD, NULL, &child);
        if (sigismember(&now, SIGTERM) || child.sa_handler != SIG_DFL)
                _exit(7);
        pid = fork();
        if (pid == 0)
                _exit(0);
        if (waitpid(pid, NULL, 0) != pid)
                _exit(8);
}

static void test_ends(void) {
        static const struct {
                int line;
                void (*func)(Guard *guard);
                int status;
                const char *sentence;
        } table[] = {
                { __LINE__, crash, 1, "sites crashed in apply(): SIGSEGV" },
                { __LINE__, overflow, 1, "sites crashed in apply(): SIGSEGV" },
                { __LINE__, abort_inside, 1, "sites crashed in event(): SIGABRT" },
                { __LINE__, abort_outside, 1,
                                "sites: its host crashed outside of the plugin's calls: SIGABRT" },
                { __LINE__, crash_in_thread, 1, "sites crashed in a thread of its own: SIGSEGV" },
                { __LINE__, exit_inside, 1, "sites ended the process in open()" },
                { __LINE__, exit_outside, 0, "" },
                { __LINE__, forked_crash, 0, "" },
                { __LINE__, call_from_thread, 1, "sites called log() from a thread of its own" },
                { __LINE__, close_all, 1, "sites closed descriptors of its host in apply()" },
                { __LINE__, close_and_open, 1, "sites closed descriptors of its host in apply()" },
                { __LINE__, run_loop, 1, "sites ran the loop of its host inside of apply()" },
                { __LINE__, fork_inside, 0, "" },
                { __LINE__, change_signals, 0, "" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
                Process process = begin(table[i].func);

                check_end_at(table[i].line, &process, table[i].status, table[i].sentence);
        }
}

/* A signal of the process next door is no crash of the plugin. */
static void wait_for_signal(Guard *guard) {
        guard_begin(guard, "apply()");
        raise(SIGSTOP);
        for (;;)
                pause();
}

static void test_killed(void) {
        Process process = begin(wait_for_signal);
        int status;

        g_assert_cmpint(waitpid(process.pid, &status, WUNTRACED), ==, process.pid);
        kill(process.pid, SIGABRT);
        kill(process.pid, SIGCONT);
        check_end_at(__LINE__, &process, 1, "sites was ended by SIGABRT of another process");
}

/* ---- the five seconds ---- */

static void hang(Guard *guard) {
        guard_begin(guard, "apply()");
        for (;;)
                pause();
}

/* It takes whatever there is to take. */
static void hang_for_good(Guard *guard) {
        sigset_t all;

        guard_begin(guard, "close()");
        close_range(0, ~0u, 0);
        sigfillset(&all);
        sigprocmask(SIG_BLOCK, &all, NULL);
        for (int i = 1; i < NSIG; i++)
                signal(i, SIG_IGN);
        for (;;)
                continue;
}

static void never_return(void) {
        for (;;)
                pause();
}

static void hang_at_exit(Guard *guard) {
        guard_begin(guard, "apply()");
        guard_end(guard);
        exit(0);
}

/* One that ended in time leaves nothing behind that ends the next, which is as long. */
static void two_slow_ones(Guard *guard) {
        for (int i = 0; i < 2; i++) {
                guard_begin(guard, "apply()");
                g_usleep(3 * G_USEC_PER_SEC);
                guard_end(guard);
        }
}

static void test_hangs(void) {
        Process hanging, for_good, at_exit_process, slow;
        gint64 began = g_get_monotonic_time();

        hanging = begin(hang);
        for_good = begin(hang_for_good);
        slow = begin(two_slow_ones);
        atexit(never_return);
        at_exit_process = begin(hang_at_exit);

        check_end_at(__LINE__, &hanging, 1, "sites did not return from apply() within 5 s");
        CHECK(__LINE__, g_get_monotonic_time() - began >= 5 * G_USEC_PER_SEC);
        check_end_at(__LINE__, &for_good, 1, "sites did not return from close() within 5 s");
        check_end_at(__LINE__, &at_exit_process, 1, "sites did not return from its destructors within 5 s");
        check_end_at(__LINE__, &slow, 0, "");
}

int main(int argc, char **argv) {
        int r;

        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/guard/ends", test_ends);
        g_test_add_func("/guard/killed", test_killed);
        g_test_add_func("/guard/hangs", test_hangs);
        r = g_test_run();
        /* Past what a test had registered to hang there. */
        fflush(stdout);
        _exit(r);
}
