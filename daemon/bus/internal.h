/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What the files of this room share: the bus itself. */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-bus.h>
#include <systemd/sd-event.h>
#include <time.h>

#include "common/cleanup.h"
#include "common/duration.h"
#include "daemon/bus/bus.h"

#define ELEMENTSOF(x) (sizeof(x) / sizeof((x)[0]))

/* What a function of sd-bus returned, without its kinds of success: 0 or a negative errno. */
static inline int result_of(int r) {
        return r < 0 ? r : 0;
}

static inline uint64_t monotonic_usec(void) {
        return (uint64_t) g_get_monotonic_time();
}

/* µs of the processor that pomod has had: a busy computer and a slow disk are nobody's fault. */
static inline uint64_t worked_usec(void) {
        struct timespec t;

        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
        return (uint64_t) t.tv_sec * USEC_PER_SEC + (uint64_t) t.tv_nsec / 1000;
}

typedef struct BusLoop BusLoop;
typedef struct Calls Calls;
typedef struct Hosts Hosts;
typedef struct Listeners Listeners;
typedef struct Logind Logind;
typedef struct Names Names;
typedef struct NameSet NameSet;
typedef struct PluginFiles PluginFiles;
typedef struct Questions Questions;
typedef struct Uploads Uploads;

/* Timer's properties as sd-bus reads them: 's' const char *, 'b' int, 'u' uint32_t, 't' uint64_t. */
typedef struct TimerProperties {
        const char *state, *next, *task, *mode, *rule, *schedule_state, *time_zone, *boot_id;
        const char *not_enforced;
        int paused, can_pause;
        uint32_t cycle, completed_today, target_today;
        uint64_t interval_id, task_id, seq;
        uint64_t started_real_usec, started_boot_usec, deadline_real_usec, deadline_boot_usec;
        uint64_t running_since_boot_usec, worked_usec, paused_remaining_usec;
} TimerProperties;

/*
 * Whose object the message at hand is for. Made by the find callback, read by sd-bus for its properties, and
 * valid while that one message is handled: sd-bus asks find once for every interface of an object, and all of
 * them, and all getters of one GetAll, share one look at the engine.
 */
typedef struct UserObject {
        uid_t uid;
        bool granted;
        bool has_timer;
        TimerProperties timer;
} UserObject;

struct Bus {
        sd_event *event;
        Engine *engine;
        char *address;
        const char *version;
        bool many_users;
        PluginFiles *plugin_files; /* see plugin-files.h */
        const char *category_dir;  /* see common/category.h; NULL: there are none */
        uid_t own_uid;
        sd_bus *bus;
        BusLoop *loop;
        sd_event_source *anew; /* enabled to connect anew */
        bool has_name;
        sd_bus_slot *asking_name;
        Calls *calls;
        uid_t caller;            /* of the call that is being served */
        Names *names;            /* see names.h */
        Listeners *listeners;    /* see listeners.h */
        GHashTable *subscribers; /* see subscribers.h */
        GPtrArray *exports;      /* of those under way: see export.h; each is freed by itself */
        Uploads *uploads;        /* see upload.h */
        Logind *logind;
        Hosts *hosts;
        NameSet *registered;  /* connections that have a plugin: see presence.h */
        Questions *questions; /* see polkit.h */
        GHashTable *vtables;  /* Interface → its table; owned, as all below */
        GStringChunk *texts;  /* of the tables */
        char *manager_xml, *user_xml;
        UserObject object;
};
