/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/looks.h"

#include <stdlib.h>

#include "clients/lib/memory.h"
#include "common/duration.h"
#include "plugins/host/note.h"

#define LOOKS_PER_MIN 10u

struct Looks {
        LooksConfig config;
        sd_event_source *timer; /* until the minute is over */
        uint64_t begin_usec;    /* on BOOTTIME, of the minute that is counted */
        unsigned n;
        bool often; /* the minute before had more than it may: once a minute */
};

void looks_add(Looks *looks, uint64_t now_usec) {
        if (now_usec - looks->begin_usec >= USEC_PER_MIN) {
                looks->often = looks->n > LOOKS_PER_MIN && now_usec - looks->begin_usec < 2 * USEC_PER_MIN;
                looks->begin_usec = now_usec;
                looks->n = 0;
        }
        looks->n++;
        if (!looks->often && looks->n <= LOOKS_PER_MIN) {
                looks->config.due(looks->config.userdata);
                return;
        }
        if (looks->n == LOOKS_PER_MIN + 1 && !looks->often) {
                note_warning("the plugin saw its work undone more than 10 times in a minute; from now on it is done again once a minute");
                looks->config.fought(looks->config.userdata);
        }
        if (sd_event_source_set_time(looks->timer, looks->begin_usec + USEC_PER_MIN) >= 0)
                (void) sd_event_source_set_enabled(looks->timer, SD_EVENT_ONESHOT);
}

bool looks_are_fought(const Looks *looks, uint64_t now_usec) {
        return (looks->often || looks->n > LOOKS_PER_MIN) && now_usec - looks->begin_usec < 2 * USEC_PER_MIN;
}

static int on_timer(sd_event_source *source, uint64_t usec, void *userdata) {
        Looks *looks = userdata;

        looks->config.due(looks->config.userdata);
        return 0;
}

int looks_new(const LooksConfig *config, Looks **ret_looks) {
        cleanup_(looks_unrefp) Looks *looks = memory_new(Looks, 1);
        int r;

        looks->config = *config;
        r = sd_event_add_time(
                        config->event, &looks->timer, CLOCK_BOOTTIME, UINT64_MAX, 1000, on_timer, looks);
        if (r >= 0)
                r = sd_event_source_set_enabled(looks->timer, SD_EVENT_OFF);
        if (r < 0)
                return r;
        *ret_looks = steal(looks);
        return 0;
}

Looks *looks_unref(Looks *looks) {
        if (!looks)
                return NULL;
        sd_event_source_disable_unref(looks->timer);
        free(looks);
        return NULL;
}
