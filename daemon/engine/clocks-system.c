/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/clocks.h"

#include <errno.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <sys/timex.h>
#include <systemd/sd-event.h>
#include <systemd/sd-id128.h>
#include <time.h>

#include "common/cleanup.h"
#include "common/duration.h"

/* Three clocks cannot be read at once. Read within this they are as good as at once: the core looks at
 * differences of ten times as much. */
#define SAMPLE_USEC  USEC_PER_MSEC
#define SAMPLE_TRIES 10

/* Whether the clock is synchronised is a system call: asked on wake-ups, and else once in a while. */
#define SYNCHRONISED_EVERY_USEC USEC_PER_MIN

#define FAR_AWAY_SEC 9000000000 /* in the year 2255 */

typedef struct SystemClocks {
        Clocks base;
        sd_event_source *timer;
        sd_event_source *steps;
        int steps_fd;
        char boot_id[33];
        bool synchronised; /* stays so for the boot */
        uint64_t synchronised_asked_usec;
        ClocksWake wake;
        void *userdata;
} SystemClocks;

static int read_clock(clockid_t clock, uint64_t *ret_usec) {
        struct timespec ts;

        if (clock_gettime(clock, &ts) < 0)
                return -errno;
        *ret_usec = (uint64_t) ts.tv_sec * USEC_PER_SEC + (uint64_t) ts.tv_nsec / 1000;
        return 0;
}

static void ask_synchronised(SystemClocks *clocks, uint64_t boot_usec) {
        struct timex tx = {};

        if (clocks->synchronised)
                return;
        clocks->synchronised_asked_usec = boot_usec;
        clocks->synchronised = adjtimex(&tx) >= 0 && !(tx.status & STA_UNSYNC);
}

static int system_now(Clocks *base, Now *ret_now) {
        SystemClocks *clocks = (SystemClocks *) base;
        uint64_t boot = 0, mono = 0, real = 0, after = 0;
        int r;

        for (unsigned i = 0; i < SAMPLE_TRIES; i++) {
                r = read_clock(CLOCK_MONOTONIC, &mono);
                if (r >= 0)
                        r = read_clock(CLOCK_REALTIME, &real);
                /* After the other, which it is never behind. */
                if (r >= 0)
                        r = read_clock(CLOCK_BOOTTIME, &boot);
                if (r >= 0)
                        r = read_clock(CLOCK_MONOTONIC, &after);
                if (r < 0)
                        return r;
                if (after - mono <= SAMPLE_USEC)
                        break;
        }

        if (!clocks->synchronised && boot - clocks->synchronised_asked_usec > SYNCHRONISED_EVERY_USEC)
                ask_synchronised(clocks, boot);

        ret_now->boot_usec = boot;
        ret_now->mono_usec = mono;
        ret_now->real_usec = real;
        ret_now->synchronised = clocks->synchronised;
        memcpy(ret_now->boot_id, clocks->boot_id, sizeof(clocks->boot_id));
        return 0;
}

static int system_arm(Clocks *base, uint64_t boot_usec) {
        SystemClocks *clocks = (SystemClocks *) base;
        int r;

        /* Who leaves as pomod ends changes deadlines that nobody waits for any more. */
        if (sd_event_get_state(sd_event_source_get_event(clocks->timer)) == SD_EVENT_FINISHED)
                return 0;
        if (boot_usec == UINT64_MAX)
                return sd_event_source_set_enabled(clocks->timer, SD_EVENT_OFF);

        r = sd_event_source_set_time(clocks->timer, boot_usec);
        if (r < 0)
                return r;
        return sd_event_source_set_enabled(clocks->timer, SD_EVENT_ONESHOT);
}

static void system_set_wake(Clocks *base, ClocksWake wake, void *userdata) {
        SystemClocks *clocks = (SystemClocks *) base;

        clocks->wake = wake;
        clocks->userdata = userdata;
}

static void wake(SystemClocks *clocks) {
        ask_synchronised(clocks, clocks->synchronised_asked_usec);
        if (clocks->wake)
                clocks->wake(clocks->userdata);
}

static int on_timer(sd_event_source *source, uint64_t usec, void *userdata) {
        wake(userdata);
        return 0;
}

/* Far away: it never comes due, but is cancelled when the clock is set and when the computer wakes up. */
static int arm_steps(int fd) {
        struct itimerspec spec = { .it_value.tv_sec = FAR_AWAY_SEC };

        /* It may be cancelled again by the time it is set; it is set all the same. */
        if (timerfd_settime(fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &spec, NULL) < 0 &&
                        errno != ECANCELED)
                return -errno;
        return 0;
}

static int on_steps(sd_event_source *source, int fd, uint32_t events, void *userdata) {
        SystemClocks *clocks = userdata;
        uint64_t expirations;
        int r;

        if (read(fd, &expirations, sizeof(expirations)) < 0 && errno != ECANCELED)
                return errno == EAGAIN ? 0 : -errno;
        /* Armed first: what happens from here on must wake us again. */
        r = arm_steps(fd);
        if (r < 0)
                return r;
        wake(clocks);
        return 0;
}

static Clocks *system_free(Clocks *base) {
        SystemClocks *clocks = (SystemClocks *) base;

        if (!clocks)
                return NULL;
        sd_event_source_disable_unref(clocks->timer);
        sd_event_source_disable_unref(clocks->steps);
        close_fd(clocks->steps_fd);
        free(clocks);
        return NULL;
}

static const ClocksVtable system_vtable = {
        .now = system_now,
        .arm = system_arm,
        .set_wake = system_set_wake,
        .free = system_free,
};

static void clocks_freep(Clocks **clocks) {
        system_free(*clocks);
}

int clocks_system_new(sd_event *event, Clocks **ret_clocks) {
        cleanup_(clocks_freep) Clocks *base = NULL;
        SystemClocks *clocks;
        uint64_t boot = 0;
        sd_id128_t id;
        int r;

        clocks = g_new0(SystemClocks, 1);
        base = &clocks->base;
        base->vtable = &system_vtable;
        clocks->steps_fd = -1;

        r = sd_id128_get_boot(&id);
        if (r < 0)
                return r;
        sd_id128_to_string(id, clocks->boot_id);

        /* Accuracy 1: 0 would stand for a quarter of a second. */
        r = sd_event_add_time(event, &clocks->timer, CLOCK_BOOTTIME, UINT64_MAX, 1, on_timer, clocks);
        if (r < 0)
                return r;
        r = sd_event_source_set_enabled(clocks->timer, SD_EVENT_OFF);
        if (r < 0)
                return r;
        /* The bell comes before whatever else is waiting. */
        (void) sd_event_source_set_priority(clocks->timer, SD_EVENT_PRIORITY_IMPORTANT);

        clocks->steps_fd = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);
        if (clocks->steps_fd < 0)
                return -errno;
        r = arm_steps(clocks->steps_fd);
        if (r < 0)
                return r;
        r = sd_event_add_io(event, &clocks->steps, clocks->steps_fd, EPOLLIN, on_steps, clocks);
        if (r < 0)
                return r;

        r = read_clock(CLOCK_BOOTTIME, &boot);
        if (r < 0)
                return r;
        ask_synchronised(clocks, boot);

        *ret_clocks = steal(base);
        return 0;
}
