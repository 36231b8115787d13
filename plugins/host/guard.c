/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/guard.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/caps.h"
#include "common/duration.h"
#include "plugins/host/load.h"
#include "plugins/host/note.h"

#define SLOW_MSEC        250
#define CALL_USEC        (5 * USEC_PER_SEC)
#define PROBE_USEC       (10 * USEC_PER_SEC)
#define ERRNO_MAX        4095
#define TIMER_STACK      (128u << 10)
#define ALTERNATE_STACK  (64u << 10) /* a crash may be that of a full stack */
#define SENTENCE_MAX     512u
#define CONSTRUCTORS     "its constructors"
#define THREAD_OF_PLUGIN "a thread of its own"

struct Guard {
        char name[CAP_PLUGIN_NAME_BYTES + 1];
        GuardFailedFunc failed;
        void *userdata;
        const Plugin *plugin;
        pid_t pid, thread; /* of who made it, and makes all calls */
        pthread_t *own;    /* the same thread, on a page that a fork empties: asked without a system call */

        int canary; /* of nobody's use: a plugin that closes it closed those of the loop as well */
        dev_t canary_device;
        ino_t canary_inode;

        timer_t timer;
        pid_t timer_thread;
        sem_t started;

        /* Written by the thread that calls, read by the timer thread. */
        _Atomic(const char *) what; /* the call that runs; NULL: none */
        atomic_uint_least64_t begun_usec;
        atomic_uint_least64_t limit_usec;
        sigset_t mask;
        atomic_bool failing;
};

/* Handlers of signals and of exit() are given nothing by which to find it. */
static Guard the_guard;
static char alternate_stack[ALTERNATE_STACK];

static uint64_t now_usec(void) {
        struct timespec now;

        clock_gettime(CLOCK_MONOTONIC, &now);
        return (uint64_t) now.tv_sec * USEC_PER_SEC + (uint64_t) now.tv_nsec / 1000;
}

/* ---- the end of the process ---- */

/* Neither memory nor locks: the plugin may have been in the middle of either. */
static void say(char sentence[static SENTENCE_MAX], const char *const *pieces) {
        size_t used = 0;

        for (; *pieces; pieces++) {
                size_t n = strnlen(*pieces, SENTENCE_MAX);

                if (n > SENTENCE_MAX - 1 - used)
                        n = SENTENCE_MAX - 1 - used;
                memcpy(sentence + used, *pieces, n);
                used += n;
        }
        sentence[used] = '\0';
}

/* Of several threads that fail at once, the first says why. */
static _Noreturn void fail(Guard *guard, const char *const *pieces) {
        char sentence[SENTENCE_MAX];

        if (atomic_exchange(&guard->failing, true))
                for (;;)
                        pause();
        say(sentence, pieces);
        guard->failed(sentence, guard->userdata);
        _exit(EXIT_FAILURE);
}

#define FAIL(guard, ...) fail(guard, (const char *const[]){ (guard)->name, __VA_ARGS__, NULL })

static void *watch_calls(void *userdata) {
        Guard *guard = (Guard *) userdata;
        sigset_t set;

        guard->timer_thread = gettid();
        sem_post(&guard->started);
        sigemptyset(&set);
        sigaddset(&set, SIGRTMAX);
        for (;;) {
                const char *what;
                uint64_t limit;
                int signal;

                if (sigwait(&set, &signal) != 0)
                        continue;
                /* The call may have returned meanwhile, and the next have begun. */
                limit = atomic_load(&guard->limit_usec);
                what = atomic_load(&guard->what);
                if (what && now_usec() - atomic_load(&guard->begun_usec) >= limit)
                        FAIL(guard, " did not return from ", what, " within ",
                                        limit == PROBE_USEC ? "10 s" : "5 s");
        }
        return NULL;
}

static void on_crash(int signal, siginfo_t *info, void *context) {
        Guard *guard = &the_guard;
        const char *what = atomic_load(&guard->what), *name = sigabbrev_np(signal);

        if (getpid() != guard->pid)
                _exit(EXIT_FAILURE); /* a child that the plugin forked */
        name = name ? name : "?";
        if (info->si_code <= 0 && info->si_pid != guard->pid)
                FAIL(guard, " was ended by SIG", name, " of another process");
        if (gettid() != guard->thread)
                FAIL(guard, " crashed in ", THREAD_OF_PLUGIN, ": SIG", name);
        if (what)
                FAIL(guard, " crashed in ", what, ": SIG", name);
        FAIL(guard, ": its host crashed outside of the plugin's calls: SIG", name);
}

static void on_exit_of_process(int status, void *userdata) {
        Guard *guard = (Guard *) userdata;
        const char *what = atomic_load(&guard->what);

        if (getpid() != guard->pid)
                return;
        if (gettid() != guard->thread)
                FAIL(guard, " called exit() in ", THREAD_OF_PLUGIN);
        if (what)
                FAIL(guard, " ended the process in ", what);
        /* Only this is left, and nobody ends it. */
        guard_begin(guard, "its destructors");
}

/* ---- once ---- */

static int catch_crashes(void) {
        static const int signals[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGSYS };
        const stack_t stack = { .ss_sp = alternate_stack, .ss_size = sizeof(alternate_stack) };
        struct sigaction action = { .sa_sigaction = on_crash,
                .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESETHAND };

        if (sigaltstack(&stack, NULL) < 0)
                return -errno;
        sigfillset(&action.sa_mask);
        for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
                if (sigaction(signals[i], &action, NULL) < 0)
                        return -errno;
        return 0;
}

/* A thread that no signal is for. */
static int start_thread(Guard *guard) {
        pthread_attr_t attributes;
        sigset_t all, before;
        pthread_t thread;
        int error;

        if (sem_init(&guard->started, 0, 0) < 0)
                return -errno;
        error = pthread_attr_init(&attributes);
        if (error != 0)
                return -error;
        pthread_attr_setstacksize(&attributes, TIMER_STACK);
        pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before);
        error = pthread_create(&thread, &attributes, watch_calls, guard);
        pthread_sigmask(SIG_SETMASK, &before, NULL);
        pthread_attr_destroy(&attributes);
        if (error != 0)
                return -error;
        while (sem_wait(&guard->started) < 0)
                continue;
        return 0;
}

static int open_canary(Guard *guard) {
        struct stat st;

        guard->canary = memfd_create("guard", MFD_CLOEXEC);
        if (guard->canary < 0 || fstat(guard->canary, &st) < 0)
                return -errno;
        guard->canary_device = st.st_dev;
        guard->canary_inode = st.st_ino;
        return 0;
}

static bool has_canary(const Guard *guard) {
        struct stat st;

        return fstat(guard->canary, &st) == 0 && st.st_dev == guard->canary_device &&
               st.st_ino == guard->canary_inode;
}

/* Plugins call their host a hundred times in a millisecond: gettid() took longer than what was asked for. */
static int map_own(Guard *guard) {
        const size_t size = (size_t) sysconf(_SC_PAGESIZE);

        guard->own = aligned_alloc(size, size);
        if (!guard->own)
                return -ENOMEM;
        if (madvise(guard->own, size, MADV_WIPEONFORK) < 0)
                return -errno;
        *guard->own = pthread_self();
        return 0;
}

int guard_new(const char *name, GuardFailedFunc failed, void *userdata, Guard **ret_guard) {
        struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGRTMAX };
        Guard *guard = &the_guard;
        int r;

        assert(name && failed && ret_guard && !guard->failed);
        strncpy(guard->name, name, sizeof(guard->name) - 1);
        guard->failed = failed;
        guard->userdata = userdata;
        guard->pid = getpid();
        guard->thread = gettid();

        r = open_canary(guard);
        if (r >= 0)
                r = map_own(guard);
        if (r >= 0)
                r = start_thread(guard);
        if (r < 0)
                return r;
        /* A signal, and no descriptor: plugins close descriptors that are not theirs. */
        event._sigev_un._tid = guard->timer_thread;
        if (timer_create(CLOCK_MONOTONIC, &event, &guard->timer) < 0)
                return -errno;
        r = catch_crashes();
        if (r < 0)
                return r;
        if (on_exit(on_exit_of_process, guard) != 0)
                return -ENOMEM;
        *ret_guard = guard;
        return 0;
}

/* ---- a call ---- */

static void arm(Guard *guard, uint64_t usec) {
        const struct itimerspec spec = { .it_value = { .tv_sec = (time_t) (usec / USEC_PER_SEC),
                                                         .tv_nsec = (long) (usec % USEC_PER_SEC * 1000) } };

        timer_settime(guard->timer, 0, &spec, NULL);
}

static void begin(Guard *guard, const char *what, uint64_t limit_usec) {
        const char *running = atomic_load(&guard->what);

        if (running)
                FAIL(guard, " ran the loop of its host inside of ", running);
        pthread_sigmask(SIG_SETMASK, NULL, &guard->mask);
        atomic_store(&guard->begun_usec, now_usec());
        atomic_store(&guard->limit_usec, limit_usec);
        atomic_store(&guard->what, what);
        arm(guard, limit_usec);
}

/* What the plugin may have changed of the process, and the loop needs. */
static void mend(Guard *guard) {
        struct sigaction child;

        pthread_sigmask(SIG_SETMASK, &guard->mask, NULL);
        /* Else the kernel reaps children of run() before anybody has seen how they ended. */
        if (sigaction(SIGCHLD, NULL, &child) == 0 &&
                        (child.sa_handler == SIG_IGN || child.sa_flags & SA_NOCLDWAIT)) {
                child = (struct sigaction){ .sa_handler = SIG_DFL };
                sigaction(SIGCHLD, &child, NULL);
        }
}

void guard_begin(Guard *guard, const char *what) {
        begin(guard, what, CALL_USEC);
}

void guard_end(Guard *guard) {
        const char *what = atomic_load(&guard->what);
        uint64_t took_msec;

        if (gettid() != guard->thread) {
                /* Two processes would do what one should, with one lock. */
                note_warning("%s forked in %s, and the child came back; it is ended", guard->name, what);
                _exit(EXIT_FAILURE);
        }
        if (!has_canary(guard))
                FAIL(guard, " closed descriptors of its host in ", what);
        arm(guard, 0);
        atomic_store(&guard->what, NULL);
        mend(guard);
        took_msec = (now_usec() - atomic_load(&guard->begun_usec)) / USEC_PER_MSEC;
        if (took_msec > SLOW_MSEC && atomic_load(&guard->limit_usec) == CALL_USEC)
                note_warning("%s took %" PRIu64 " ms in %s, which should be less than 250 ms", guard->name,
                                took_msec, what);
}

void guard_check_thread(Guard *guard, const char *call) {
        if (pthread_equal(pthread_self(), *guard->own))
                return;
        if (getpid() != guard->pid)
                _exit(EXIT_FAILURE);
        FAIL(guard, " called ", call, " from ", THREAD_OF_PLUGIN);
}

/* ---- the calls ---- */

static int loaded(Guard *guard, int r, Plugin *const *plugin, Plugin **ret_plugin) {
        guard_end(guard);
        if (r < 0)
                return r;
        guard->plugin = *ret_plugin = *plugin;
        return 0;
}

int guard_load(Guard *guard, const char *path, bool as_root, Plugin **ret_plugin, char **ret_sentence) {
        Plugin *plugin = NULL;

        guard_begin(guard, CONSTRUCTORS);
        return loaded(guard, load_plugin(path, as_root, &plugin, ret_sentence), &plugin, ret_plugin);
}

int guard_load_descriptor(Guard *guard, int fd, const char *path, Plugin **ret_plugin, char **ret_sentence) {
        Plugin *plugin = NULL;

        guard_begin(guard, CONSTRUCTORS);
        return loaded(guard, load_descriptor(fd, path, &plugin, ret_sentence), &plugin, ret_plugin);
}

static int result(int r, int most) {
        return r > most || r < -ERRNO_MAX ? -EPROTO : r;
}

int guard_open(Guard *guard, PomoHost *host, const PomoHostCalls *calls, void **ret_state) {
        void *state = NULL;
        int r = 0;

        if (guard->plugin->table.open) {
                guard_begin(guard, "open()");
                r = result(guard->plugin->table.open(host, calls, &state), POMO_DONE);
                guard_end(guard);
        }
        if (r >= 0)
                *ret_state = state;
        return r;
}

int guard_apply(Guard *guard, void *state, const PomoDesired *desired) {
        int r;

        guard_begin(guard, "apply()");
        r = result(guard->plugin->table.apply(state, desired), POMO_LATER);
        guard_end(guard);
        return r;
}

void guard_event(Guard *guard, void *state, const PomoEvent *event) {
        if (!guard->plugin->table.event)
                return;
        guard_begin(guard, "event()");
        guard->plugin->table.event(state, event);
        guard_end(guard);
}

void guard_close(Guard *guard, void *state) {
        if (!guard->plugin->table.close)
                return;
        guard_begin(guard, "close()");
        guard->plugin->table.close(state);
        guard_end(guard);
}

int guard_release(Guard *guard, PomoHost *host, const PomoHostCalls *calls) {
        int r;

        guard_begin(guard, "release()");
        r = result(guard->plugin->table.release(host, calls), POMO_LATER);
        guard_end(guard);
        return r;
}

int guard_probe(Guard *guard, PomoHost *host, const PomoHostCalls *calls, const char *subject,
                const PomoDesired *desired, PomoFindingFunc func, void *data) {
        int r;

        if (!guard->plugin->table.probe)
                return -EOPNOTSUPP;
        begin(guard, "probe()", PROBE_USEC);
        r = result(guard->plugin->table.probe(host, calls, subject, desired, func, data), POMO_DONE);
        guard_end(guard);
        return r;
}
