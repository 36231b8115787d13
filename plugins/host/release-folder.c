/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/release-folder.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clients/lib/memory.h"
#include "common/cleanup.h"
#include "plugins/host/sentence.h"
#include "plugins/host/state.h"

#define RETRY_USEC_LEAST USEC_PER_SEC
#define RETRY_USEC_MOST  USEC_PER_MIN
/* Of a boot: by then a host has asked pomod, or there is none. */
#define SETTLED_USEC (2 * HELD_BOOT_USEC)

struct ReleaseFolder {
        sd_event *event;
        sd_event_source *look;
        char *name;
        const Places *places;
        bool system;
        bool refused;        /* that it cannot be read was said */
        bool seen;           /* n_holding is of an earlier look */
        size_t n_holding;    /* claims that neither rest nor are over */
        uint64_t retry_usec; /* how long it is waited for the next try; 0: none failed */
        uint64_t not_before; /* on BOOTTIME, of that */
        uint64_t next_usec;  /* on BOOTTIME, when this look wants the next one */
        sd_event_source *watch, *child;
};

static void look_again(ReleaseFolder *folder) {
        (void) sd_event_source_set_enabled(folder->look, SD_EVENT_ONESHOT);
}

/* ---- trying again ---- */

static void wake_at(ReleaseFolder *folder, uint64_t boottime_usec) {
        if (boottime_usec < folder->next_usec)
                folder->next_usec = boottime_usec;
}

/* After 1 s, 2 s, 4 s … 60 s. */
static void put_off(ReleaseFolder *folder, const HeldNow *now) {
        folder->retry_usec = folder->retry_usec == 0                     ? RETRY_USEC_LEAST
                             : folder->retry_usec >= RETRY_USEC_MOST / 2 ? RETRY_USEC_MOST
                                                                         : folder->retry_usec * 2;
        folder->not_before = now->boottime_usec + folder->retry_usec;
        wake_at(folder, folder->not_before);
}

/* ---- the plugin, in a process of its own ---- */

static int on_child(sd_event_source *source, const siginfo_t *info, void *userdata) {
        ReleaseFolder *folder = userdata;
        char boot_id[HELD_BOOT_ID_MAX];
        HeldNow now;

        folder->child = sd_event_source_disable_unref(folder->child);
        if (info->si_code == CLD_EXITED && info->si_status == EXIT_SUCCESS)
                folder->retry_usec = folder->not_before = 0;
        else if (state_now_at(folder->places, boot_id, &now) == 0) {
                folder->n_holding = SIZE_MAX; /* so that it is due again */
                put_off(folder, &now);
        }
        look_again(folder);
        return 0;
}

static int spawn(ReleaseFolder *folder) {
        const char *const argv[] = { "pomod-plugin-host", "--release", folder->name, "--ended", NULL };
        posix_spawnattr_t attributes;
        sigset_t none;
        pid_t pid;
        int r;

        r = posix_spawnattr_init(&attributes);
        if (r != 0)
                return -r;
        sigemptyset(&none);
        (void) posix_spawnattr_setsigmask(&attributes, &none);
        (void) posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
        r = -posix_spawn(&pid, "/proc/self/exe", NULL, &attributes, (char *const *) argv, environ);
        posix_spawnattr_destroy(&attributes);
        if (r < 0)
                return r;
        r = sd_event_add_child(folder->event, &folder->child, pid, WEXITED, on_child, folder);
        if (r < 0)
                (void) waitpid(pid, NULL, 0);
        return r;
}

static void release(ReleaseFolder *folder, const HeldNow *now) {
        const pid_t pid = state_locked_by(folder->places, folder->name);

        /* A host that has it asks pomod first, and needs its time. */
        if (pid > 0 || spawn(folder) < 0)
                put_off(folder, now);
}

/* ---- one folder ---- */

/* What another boot left, or what cannot be read, is written as of now, so that its time goes on whatever
 * becomes of the clock. Not where a host is there, which does that. */
static void settle(ReleaseFolder *folder, const HeldNow *now) {
        cleanup_free_ char *sentence = NULL, *why = NULL;
        cleanup_(state_closep) State *state = NULL;
        Held held;
        int r;

        r = state_locked_by(folder->places, folder->name) > 0
                            ? -EBUSY
                            : state_open_briefly(folder->places, folder->name, folder->system, &state,
                                              &sentence);
        if (r < 0) {
                put_off(folder, now);
                return;
        }
        r = state_read(state, &held, &why);
        if (why)
                sentence_fail(why);
        if (r == 0 && held_follow(&held, now))
                r = state_write(state, &held);
        if (r < 0)
                put_off(folder, now);
        held_clear(&held);
}

static size_t count_holding(Held *held, const HeldNow *now) {
        HeldList list;
        size_t n;

        held_apply_list(held, now, &list);
        n = list.n;
        held_list_clear(&list);
        return n;
}

/* By a clock that may be wrong, some are past already, and the world may have them still. */
static bool is_suspended(const Held *held) {
        for (size_t i = 0; i < held->claims.n; i++)
                if (held->claims.list[i].end.suspended)
                        return true;
        return false;
}

/* true: something is over, or another number of claims holds than before, as rests begin and end without an
 * answer. */
static bool is_due(ReleaseFolder *folder, Held *held, const HeldNow *now) {
        const size_t n = count_holding(held, now);
        bool differs;

        /* The clock of the first moment is wrong on many a computer, and a block that files keep is lifted
         * once. */
        if (!folder->seen && held->other_boot && is_suspended(held) && now->boottime_usec < SETTLED_USEC) {
                wake_at(folder, SETTLED_USEC);
                return false;
        }
        differs = folder->seen ? n != folder->n_holding : is_suspended(held);

        folder->n_holding = n;
        folder->seen = true;
        return differs || held_has_ended(held, now);
}

/* As it is on disk, followed up to now. 0; 1: it has to be settled first; -ENOENT: nothing is held, or
 * nothing that is understood; another errno: it cannot be seen now. */
static int peek(ReleaseFolder *folder, const HeldNow *now, Held *ret_held) {
        cleanup_free_ char *sentence = NULL;
        int r = state_peek(folder->places, folder->name, ret_held, &sentence);

        if (r == -EPROTONOSUPPORT && !folder->refused) {
                cleanup_free_ char *whole = memory_format("%s: %s", folder->name, sentence);

                folder->refused = true;
                sentence_fail(whole);
        }
        if (r == -EBADMSG)
                return 1;
        if (r < 0)
                return r == -EPROTONOSUPPORT ? -ENOENT : r;
        if (held_is_empty(ret_held))
                r = -ENOENT;
        else if (held_follow(ret_held, now))
                r = 1;
        if (r != 0)
                held_clear(ret_held);
        return r;
}

/* true: something is held, or that cannot be told. */
static bool look_now(ReleaseFolder *folder, const HeldNow *now) {
        Held held;
        int r = peek(folder, now, &held);

        if (r == 1) {
                settle(folder, now);
                r = now->boottime_usec < folder->not_before ? 1 : peek(folder, now, &held);
                if (r == 1 && now->boottime_usec >= folder->not_before)
                        put_off(folder, now);
        }
        if (r < 0 && r != -ENOENT)
                put_off(folder, now);
        if (r != 0)
                return r != -ENOENT;
        if (is_due(folder, &held, now))
                release(folder, now);
        else
                wake_at(folder, held_next(&held, now));
        held_clear(&held);
        return true;
}

bool release_folder_look(ReleaseFolder *folder, uint64_t *ret_next_usec) {
        char boot_id[HELD_BOOT_ID_MAX];
        bool is_left = true;
        HeldNow now;

        folder->next_usec = UINT64_MAX;
        if (!folder->child && state_now_at(folder->places, boot_id, &now) == 0) {
                if (now.boottime_usec < folder->not_before)
                        wake_at(folder, folder->not_before);
                else
                        is_left = look_now(folder, &now);
        }
        *ret_next_usec = folder->next_usec;
        return is_left;
}

/* ---- its life ---- */

/* A host has written what it holds, or has gone. */
static int on_folder(sd_event_source *source, const struct inotify_event *event, void *userdata) {
        ReleaseFolder *folder = userdata;

        if (event->len > 0 && (strcmp(event->name, "claims") == 0 || strcmp(event->name, "lock") == 0))
                look_again(folder);
        return 0;
}

ReleaseFolder *release_folder_new(
                sd_event *event, sd_event_source *look, const Places *places, bool system, const char *name) {
        cleanup_free_ char *path = memory_format("%s/%s", places->state_dir, name);
        ReleaseFolder *folder = memory_new(ReleaseFolder, 1);

        *folder = (ReleaseFolder){
                .event = event, .look = look, .name = memory_copy(name), .places = places, .system = system
        };
        (void) sd_event_add_inotify(event, &folder->watch, path, IN_MOVED_TO | IN_CLOSE_WRITE | IN_DELETE,
                        on_folder, folder);
        return folder;
}

void release_folder_free(ReleaseFolder *folder) {
        sd_event_source_disable_unref(folder->watch);
        sd_event_source_disable_unref(folder->child);
        free(folder->name);
        free(folder);
}

bool release_folder_is_of(const ReleaseFolder *folder, const Places *places, const char *name) {
        return folder->places == places && strcmp(folder->name, name) == 0;
}

bool release_folder_is_busy(const ReleaseFolder *folder) {
        return folder->child;
}
