/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/refusal.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include <time.h>

#include "clients/lib/memory.h"
#include "common/duration.h"
#include "plugins/host/bus.h"
#include "plugins/host/note.h"

#define RETRY_MIN_USEC USEC_PER_SEC
#define RETRY_MAX_USEC USEC_PER_MIN

struct Refusal {
        sd_event *event;
        Bus *bus;
        char *sentence;
        uint64_t generation, retry_usec;
        bool late, ended;
};

static void on_answered(void *userdata, HeldAnswer *answer) {
        Refusal *refusal = userdata;

        refusal->generation = answer->generation;
        bus_report(refusal->bus, refusal->generation, "failed", refusal->sentence, NULL, 0);
}

static void on_silent(void *userdata, const char *why) {
        note_info("pomod is not told: %s", why);
}

/* Names are of no use to who does nothing. */
static const char *on_missing(void *userdata, const HeldClaims *claims) {
        return NULL;
}

static int on_signal(sd_event_source *source, const struct signalfd_siginfo *info, void *userdata) {
        Refusal *refusal = userdata;

        refusal->ended = true;
        return 0;
}

static int on_late(sd_event_source *source, uint64_t usec, void *userdata) {
        Refusal *refusal = userdata;

        refusal->late = true;
        return 0;
}

int refusal_new(const char *name, const char *address, bool system, const char *version,
                Refusal **ret_refusal) {
        Refusal *refusal = memory_new(Refusal, 1);
        int r;

        refusal->retry_usec = RETRY_MIN_USEC;
        if ((r = sd_event_new(&refusal->event)) >= 0 &&
                        (r = sd_event_add_signal(refusal->event, NULL, SIGTERM, on_signal, refusal)) >= 0 &&
                        (r = sd_event_add_signal(refusal->event, NULL, SIGINT, on_signal, refusal)) >= 0)
                r = bus_new(&(BusConfig){ .event = refusal->event,
                                            .address = address,
                                            .name = name,
                                            .version = version,
                                            .system = system,
                                            .handler = { .answered = on_answered,
                                                            .silent = on_silent,
                                                            .missing = on_missing },
                                            .userdata = refusal },
                                &refusal->bus, NULL);
        if (r < 0) {
                refusal_free(refusal);
                return r;
        }
        *ret_refusal = refusal;
        return 0;
}

int refusal_wait(Refusal *refusal, const char *sentence) {
        sd_event_source *late = NULL;
        int r;

        free(refusal->sentence);
        refusal->sentence = memory_copy(sentence);
        refusal->late = false;
        bus_report(refusal->bus, refusal->generation, "failed", refusal->sentence, NULL, 0);
        /* Nobody is to wait for it. */
        (void) sd_notify(false, "READY=1");
        r = sd_event_add_time_relative(
                        refusal->event, &late, CLOCK_BOOTTIME, refusal->retry_usec, 1000, on_late, refusal);
        while (r >= 0 && !refusal->late && !refusal->ended)
                r = sd_event_run(refusal->event, UINT64_MAX);
        sd_event_source_disable_unref(late);
        refusal->retry_usec =
                        refusal->retry_usec < RETRY_MAX_USEC / 2 ? 2 * refusal->retry_usec : RETRY_MAX_USEC;
        return r < 0 ? r : refusal->ended ? -EINTR : 0;
}

Refusal *refusal_free(Refusal *refusal) {
        if (!refusal)
                return NULL;
        bus_unref(refusal->bus);
        sd_event_unref(refusal->event);
        free(refusal->sentence);
        free(refusal);
        return NULL;
}
