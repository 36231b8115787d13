/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What the files of run.h share among themselves. Nobody else includes it. */

#include "common/duration.h"
#include "plugins/host/bus.h"
#include "plugins/host/conf.h"
#include "plugins/host/start.h"
#include "plugins/host/world.h"

typedef struct Run {
        Start start;
        sd_event *event;
        World *world; /* NULL: the plugin is not loaded */
        Bus *bus;
        Conf *conf;                   /* root's standing settings; NULL: of a session's plugin */
        sd_event_source *look_timer;  /* when what is held has to be looked at */
        sd_event_source *soon;        /* … at once */
        sd_event_source *ready_timer; /* until when whoever waits for this host waits */
        sd_event_source *load_timer, *calm_timer, *clock_set;
        int clock_fd;
        uint64_t load_retry_usec;
        uint64_t begin_usec; /* of BOOTTIME */
        uint64_t asked_usec; /* when pomod was asked because of an end */
        uint64_t generation; /* of the last answer */
        bool waited;         /* pomod has answered, or was waited for long enough */
        bool begun;          /* the first apply() was asked for */
        bool ready;
        char *unloadable; /* why there is no plugin; NULL: it is loaded, or that was not tried yet */
        char *foreign; /* why pomod's word is not taken: claims of another store have not ended; NULL: it is
                        */
} Run;

static inline void run_timer_start(sd_event_source *timer, uint64_t after_usec) {
        if (sd_event_source_set_time_relative(timer, after_usec) >= 0)
                (void) sd_event_source_set_enabled(timer, SD_EVENT_ONESHOT);
}

/* ---- run-look.c: what is held, and pomod's word ---- */

extern const BusHandler run_bus_handler;

/* Does what there is to do; soon: from the loop, once. */
void run_look(Run *run);
void run_look_soon(void *userdata);
/* Tells pomod what became of its word, where there is something to tell. */
void run_report(Run *run);
/* Whoever waits for this host waits no longer. */
void run_ready(Run *run);

/* ---- run-plugin.c ---- */

/* Loads the plugin, and tries again later where that fails: a handler of load_timer. */
int run_load(sd_event_source *source, uint64_t usec, void *userdata);
/* The plugin has worked for a while: one of calm_timer. */
int run_calm(sd_event_source *source, uint64_t usec, void *userdata);
