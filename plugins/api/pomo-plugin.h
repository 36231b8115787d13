/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
/*
 * pomo-plugin.h: the one header of a plugin of pomod. It needs libc alone, and there is nothing to link.
 *
 * A plugin is a shared object with one symbol, pomo_plugin_1, in a process of its own (pomod-plugin-host).
 *
 * Threads. The host calls from one thread, one call at a time, never from inside another call of the plugin.
 * The plugin calls the host from that thread alone; a call from elsewhere ends the process with the reason
 * kept. Threads of the plugin's own hand over through a descriptor and watch(). They are gone when close()
 * returns, or never call or touch anything again.
 *
 * Time. A call that takes longer than 250 ms is logged; longer than 5 s ends the process with the reason
 * kept, and lifts nothing. What takes longer is begun in apply(), which returns POMO_LATER. Only probe() may
 * block.
 *
 * Memory. Every pointer that the host passes is the host's, valid until the called function returns (also
 * when apply() returns POMO_LATER), and constant: copy what is needed later. What the plugin passes is copied
 * before the call returns; PomoPlugin, its settings and their strings are never freed or changed. Strings are
 * UTF-8 without control characters, and never NULL where "may be NULL" is not said.
 *
 * Growth. A struct grows at its end, and its size says how far it goes; what lies beyond is zero. Before a
 * member that came later than the first release of this ABI is used: POMO_HAS(). The host passes structs by
 * pointer only, also in lists, so that a struct which grew moves nothing. An unknown value of an enumeration
 * is treated as the one that its comment names. A change of meaning takes another ABI number, and another
 * symbol.
 */
#ifndef POMO_PLUGIN_H
#define POMO_PLUGIN_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

#define POMO_PLUGIN_ABI 1u

#define POMO_HAS(pointer, type, member) \
        ((pointer)->size >= offsetof(type, member) + sizeof(((type *) 0)->member))

/* ---- what a plugin says of itself ---- */

enum PomoScope {
        POMO_SESSION = 1, /* of one user, as that user */
        POMO_SYSTEM = 2,  /* of the whole computer, as root */
};

enum PomoType {          /* the host refuses others */
        POMO_TEXT = 1,   /* one line */
        POMO_WORDS = 2,  /* separated by semicolons: in names, without doubles, in the order given */
        POMO_YES_NO = 3, /* "yes" or "no" */
        POMO_NUMBER = 4,
        POMO_DURATION = 5, /* like 25m; the number is microseconds */
        POMO_CHOICE = 6,   /* one of choices */
        POMO_NAMES = 7,    /* host names and @lists: in names, as A-labels, lists resolved, sorted, without
                              doubles */
};

enum PomoSettingFlags {        /* the host refuses others */
        POMO_STANDING = 1,     /* holds always, and is no key of a profile. Of a system plugin: root's, in its
                                  .conf */
        POMO_FOR_EVERYONE = 2, /* POMO_SYSTEM, POMO_NAMES: everybody feels and sees it, so consent is asked */
};

typedef struct PomoSetting {
        size_t size;     /* sizeof(PomoSetting); the same in each of a list, the host steps by the first */
        const char *key; /* [a-z][a-z0-9-]*: PLUGIN.KEY of a profile, or the standing one of that name */
        const char *fallback;       /* the value where none is set, as it would be written; may be NULL */
        const char *sentence;       /* for people */
        uint32_t type;              /* PomoType */
        uint32_t flags;             /* PomoSettingFlags */
        const char *const *choices; /* POMO_CHOICE: NULL at the end; else NULL */
        int64_t min, max;           /* POMO_NUMBER, POMO_DURATION; both 0: any */
} PomoSetting;

/* ---- what should hold ---- */

typedef struct PomoValue { /* one that is set, or has a fallback; checked by the host against its PomoSetting
                            */
        size_t size;
        const char *key;
        const char *text;         /* as written */
        int64_t number;           /* POMO_NUMBER, POMO_DURATION; POMO_YES_NO: 0 or 1; else 0 */
        const char *const *names; /* POMO_NAMES, POMO_WORDS; NULL at the end; else NULL */
        size_t n_names;
} PomoValue;

typedef struct PomoClaim {
        size_t size;
        uint32_t uid;
        uint32_t flags;               /* none yet */
        uint64_t id;                  /* unique for a uid alone */
        uint64_t until_boottime_usec; /* of this boot; the host calls apply() at that time, the plugin sets no
                                         timer */
        const char *profile;
        const char *lock;               /* "none", "delay 10m", "admin" */
        const char *source;             /* "rule", "interval", "user" */
        const PomoValue *const *values; /* NULL at the end; of the profile, none that is POMO_STANDING */
        size_t n_values;
} PomoClaim;

enum PomoReason {        /* of use for a log alone: apply() does the same for each. Unknown: POMO_CHANGE */
        POMO_START = 1,  /* the first of this process; the world may be in any state */
        POMO_CHANGE = 2, /* claims or standing settings */
        POMO_RETRY = 3,  /* the last one failed, or did not finish */
        POMO_ENDED = 4,  /* a claim is over: at its end, or released */
        POMO_WORLD = 5,  /* after look_again() */
        POMO_STOP = 6,   /* the process ends, or pomod-plugin-host --release --ended: close() follows */
};

enum PomoDesiredFlags {
        POMO_ALONE = 1, /* pomod does not answer: this is from the state folder */
};

typedef struct PomoDesired { /* everything that holds; nothing else does */
        size_t size;
        uint64_t generation;            /* the host's, grows by each apply(); for done() */
        uint32_t reason;                /* PomoReason */
        uint32_t flags;                 /* PomoDesiredFlags */
        const PomoClaim *const *claims; /* NULL at the end; by uid, then id. Users whom pomod cannot read are
                                           in it, as last known */
        size_t n_claims;
        const PomoValue *const *standing; /* NULL at the end */
        size_t n_standing;
} PomoDesired;

/* ---- what happens: a hint, for POMO_SESSION ---- */

typedef struct PomoEvent { /* some are lost; what must not be lost is desired */
        size_t size;
        const char *kind; /* of Timer.Event; or "state", after open() and after every gap: what is true now */
        const char *json; /* one object: the event's fields; of "state" those of `pomoctl status --json`.
                           * Times are numbers of microseconds with their clock in the name, as on the bus */
        uint64_t seq;
        uint64_t interval; /* the one that it is about, for act(); 0: none */
} PomoEvent;

/* ---- what the host does for a plugin ---- */

typedef struct PomoHost PomoHost;
typedef struct PomoWatch PomoWatch;

enum PomoResult {
        POMO_DONE = 0,
        POMO_LATER = 1, /* done() follows within 60 s, else it counts as failed */
}; /* negative: an errno, failed; tried again after 1 s, 2 s, 4 s … 60 s, and on any change */

typedef struct PomoRun {
        size_t size;                    /* sizeof(PomoRun) */
        const char *const *argv;        /* NULL at the end; an absolute path first; no shell */
        const char *const *environment; /* NULL at the end; NULL: PATH, HOME, LANG, and in a session what the
                                           user's manager has */
        int input_fd, output_fd; /* -1: /dev/null and the journal. The caller's, and may be closed after the
                                    call */
        uint64_t timeout_usec;   /* 0: 30 s. Then its process group gets SIGTERM, 5 s later SIGKILL, status is
                                    -ETIMEDOUT */
} PomoRun;

typedef struct PomoHostCalls { /* 0 or positive: done. Negative errno, and nothing was done */
        size_t size;

        /* To the journal; priority as of syslog, 3 (error) to 7 (debug). More than 100 lines in 10 s are
         * counted instead. */
        void (*log)(PomoHost *host, int priority, const char *text);
        /* A sentence for people that goes with the result of open(), apply(), release() or the next done():
         * why it failed, or, with success, what it does not cover. NULL takes it back. */
        void (*explain)(PomoHost *host, const char *sentence);
        /* The same about one claim, which fails or is covered in part while the rest succeeds. */
        void (*explain_claim)(PomoHost *host, uint32_t uid, uint64_t id, const char *sentence);
        /* The end of an apply() or release() that returned POMO_LATER, never from inside it. Another
         * generation than that of the pending one is ignored; of release() it is 0. */
        void (*done)(PomoHost *host, uint64_t generation, int result);

        /* A file of the plugin's own in the state folder, replaced as a whole and on disk when save()
         * returns: what the world was is saved *before* it is changed. name: [a-z0-9-]{1,64}; 1 MiB each, 8
         * MiB in all. */
        int (*save)(PomoHost *host, const char *name, const void *data, size_t size);
        int (*load)(PomoHost *host, const char *name, void **ret_data,
                        size_t *ret_size);             /* free() it; a 0 byte follows. -ENOENT */
        int (*drop)(PomoHost *host, const char *name); /* -ENOENT */

        /* ret_watch may be NULL where nothing will be forgotten. What at(), run() and act() return is gone
         * after its func. All are forgotten when close() returns; run()'s process group is ended then. */
        int (*watch)(PomoHost *host, int fd, uint32_t epoll_events,
                        void (*func)(int fd, uint32_t epoll_events, void *data), void *data,
                        PomoWatch **ret_watch);
        int (*at)(PomoHost *host, uint64_t boottime_usec, void (*func)(void *data), void *data,
                        PomoWatch **ret_watch);
        int (*run)(PomoHost *host, const PomoRun *run, void (*func)(int wait_status, void *data), void *data,
                        PomoWatch **ret_watch);
        void (*forget)(PomoHost *host, PomoWatch *watch); /* its func is not called any more, also from inside
                                                             it; NULL is fine */

        /* POMO_SESSION: asks pomod, as the user. words: a verb and its arguments as of pomoctl ("extend",
         * "5m"), NULL at the end; the list is in docs/PLUGINS.md. interval: only while that one runs, or was
         * the last whose deadline came; 0: whatever runs. func: 0 or a negative errno, with pomod's sentence
         * (may be NULL); -ENOTCONN where pomod is away. */
        int (*act)(PomoHost *host, const char *const *words, uint64_t interval,
                        void (*func)(int result, const char *sentence, void *data), void *data,
                        PomoWatch **ret_watch);

        /* Somebody else changed the world: apply() soon, POMO_WORLD; after 10 in a minute once a minute, and
         * it is reported. */
        void (*look_again)(PomoHost *host);
        /* The sd_event * of the host, for a plugin that links libsystemd.so.0 itself. NULL in --release,
         * --try and probe(). */
        void *(*event_loop)(PomoHost *host);
} PomoHostCalls;

/* ---- the plugin ---- */

enum PomoFinding {
        POMO_BLOCKED = 1,
        POMO_OPEN = 2,
        POMO_UNKNOWN = 3,
};

typedef void (*PomoFindingFunc)(const char *place, uint32_t finding, const char *sentence, void *data);

typedef struct PomoPlugin {
        uint32_t abi;     /* POMO_PLUGIN_ABI */
        uint32_t scope;   /* PomoScope */
        size_t size;      /* sizeof(PomoPlugin) */
        const char *name; /* [a-z][a-z0-9-]{0,31}, and the file is NAME.so */
        const char *version, *sentence;
        const PomoSetting *settings;
        size_t n_settings;

        /* Once, before the first apply(). No result but 0 or a negative errno; it is tried again. May be
         * NULL. */
        int (*open)(PomoHost *host, const PomoHostCalls *calls, void **ret_state);
        /* Makes the world as desired, whatever it was: called again at any time, with the same, after a crash
         * half way. Never while one is pending: what changes meanwhile comes in one apply() afterwards. */
        int (*apply)(void *state, const PomoDesired *desired);
        void (*event)(void *state, const PomoEvent *event); /* may be NULL */
        /* After a last apply() (POMO_STOP) where a claim ended. It lifts nothing. May be NULL. */
        void (*close)(void *state);
        /* Puts everything back, from what was saved and from nothing else: without open(), without pomod,
         * perhaps as the first thing after a crash of an older version. 0 also where there is nothing to do.
         */
        int (*release)(PomoHost *host, const PomoHostCalls *calls);
        /* What becomes of subject here and now (a host name, for sites), in a process of its own, as the user
         * who asks, for 10 s at most; it may block. desired: that user's claims alone. It changes nothing:
         * save(), act() are -EPERM. May be NULL. */
        int (*probe)(PomoHost *host, const PomoHostCalls *calls, const char *subject,
                        const PomoDesired *desired, PomoFindingFunc func, void *data);
} PomoPlugin;

#define POMO_PLUGIN_EXPORT __attribute__((visibility("default")))
extern POMO_PLUGIN_EXPORT const PomoPlugin pomo_plugin_1; /* the one symbol */

__attribute__((format(printf, 4, 5), unused)) static inline void pomo_logf(
                PomoHost *host, const PomoHostCalls *calls, int priority, const char *format, ...) {
        char text[1024];
        va_list arguments;

        va_start(arguments, format);
        (void) vsnprintf(text, sizeof(text), format, arguments);
        va_end(arguments);
        calls->log(host, priority, text);
}

#ifdef __cplusplus
}
#endif

#endif
