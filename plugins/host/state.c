/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/state.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#include "clients/lib/memory.h"
#include "common/caps.h"
#include "common/paths.h"
#include "plugins/host/files.h"
#include "plugins/host/sentence.h"
#include "plugins/host/state-private.h"

bool state_name_is_valid(const char *name) {
        static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
        const size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");

        return n > 0 && n <= CAP_PLUGIN_NAME_BYTES && !name[n] && strchr(letters, name[0]);
}

int state_fail(const char *path, const char *file, int r, const char *verb, char **ret_sentence) {
        const char *slash = file ? "/" : "";

        if (!file)
                file = "";
        if (r == -EPERM)
                return sentence_set(ret_sentence, r,
                                "cannot %s %s%s%s: it is not this user's (uid %u), or others may write to it",
                                verb, path, slash, file, (unsigned) geteuid());
        return sentence_set(ret_sentence, r, "cannot %s %s%s%s: %s", verb, path, slash, file, strerror(-r));
}

/* ---- clocks ---- */

static uint64_t clock_usec(clockid_t clock) {
        struct timespec ts;

        if (clock_gettime(clock, &ts) < 0)
                return 0;
        return (uint64_t) ts.tv_sec * USEC_PER_SEC + (uint64_t) ts.tv_nsec / 1000;
}

static HeldNow now_in_boot(const char *boot_id) {
        struct timex tx = {};

        return (HeldNow){
                .boottime_usec = clock_usec(CLOCK_BOOTTIME),
                .realtime_usec = clock_usec(CLOCK_REALTIME),
                .synchronised = adjtimex(&tx) >= 0 && !(tx.status & STA_UNSYNC),
                .boot_id = boot_id,
        };
}

/* The place may be one of a test, which is any file. */
static int read_boot_id(const Places *places, char boot_id[HELD_BOOT_ID_MAX]) {
        cleanup_close_ int fd = open(places->boot_id_path, O_RDONLY | O_CLOEXEC);
        ssize_t n;

        if (fd < 0)
                return -errno;
        n = read(fd, boot_id, HELD_BOOT_ID_MAX - 1);
        if (n < 0)
                return -errno;
        boot_id[n] = 0;
        boot_id[strcspn(boot_id, "\n")] = 0;
        return *boot_id ? 0 : -ENODATA;
}

int state_now_at(const Places *places, char boot_id[HELD_BOOT_ID_MAX], HeldNow *ret_now) {
        int r = read_boot_id(places, boot_id);

        if (r == 0)
                *ret_now = now_in_boot(boot_id);
        return r;
}

HeldNow state_now(const State *state) {
        return now_in_boot(state->boot_id);
}

/* ---- the lock ---- */

/* A lock of the process: what a plugin forks has no share in it, and the kernel says whose it is. */
static int lock_file(int fd, int command, struct flock *lock) {
        *lock = (struct flock){ .l_type = F_WRLCK, .l_whence = SEEK_SET };
        return fcntl(fd, command, lock) < 0 ? -errno : 0;
}

static pid_t locked_by(int fd) {
        struct flock lock;
        int r = lock_file(fd, F_GETLK, &lock);

        if (r < 0)
                return r;
        /* Of a process that this one cannot see the number is -1. */
        return lock.l_type == F_UNLCK ? 0 : lock.l_pid > 0 ? lock.l_pid : INT32_MAX;
}

/* What a process that has the lock for a moment writes into it. */
static const char brief_mark[] = "brief\n";

static bool is_brief(int fd) {
        char mark[sizeof(brief_mark)];

        return pread(fd, mark, sizeof(mark), 0) == (ssize_t) sizeof(brief_mark) - 1 &&
               memcmp(mark, brief_mark, sizeof(brief_mark) - 1) == 0;
}

static int busy(int fd, const char *name, bool system, char **ret_sentence) {
        const pid_t pid = locked_by(fd);
        cleanup_free_ char *who = pid > 0 && pid != INT32_MAX ? memory_format("process %d", (int) pid)
                                                              : memory_copy("another process");

        if (is_brief(fd))
                return sentence_set(ret_sentence, -EAGAIN,
                                "%s is putting back what the plugin \"%s\" held: try again in a minute", who,
                                name);
        return sentence_set(ret_sentence, -EBUSY,
                        "%s looks after the plugin \"%s\": stop it first, with systemctl %sdisable --now pomod-plugin@%s",
                        who, name, system ? "" : "--user ", name);
}

static int take_lock(State *state, bool system, bool brief, char **ret_sentence) {
        struct flock lock;
        int r;

        state->lock_fd = openat(state->folder_fd, "lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (state->lock_fd < 0)
                return state_fail(state->path, "lock", -errno, "open", ret_sentence);
        r = lock_file(state->lock_fd, F_SETLK, &lock);
        if (r == -EAGAIN || r == -EACCES)
                return busy(state->lock_fd, state->name, system, ret_sentence);
        if (r < 0)
                return state_fail(state->path, "lock", r, "lock", ret_sentence);
        /* Where it cannot be marked, the others only say another sentence. */
        if (ftruncate(state->lock_fd, 0) == 0 && brief)
                (void) !pwrite(state->lock_fd, brief_mark, sizeof(brief_mark) - 1, 0);
        return 0;
}

pid_t state_locked_by(const Places *places, const char *name) {
        cleanup_free_ char *path = memory_format("%s/%s/lock", places->state_dir, name);
        cleanup_close_ int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

        return fd < 0 ? -errno : locked_by(fd);
}

/* ---- the folder ---- */

static int open_folders(State *state, const Places *places, char **ret_sentence) {
        cleanup_close_ int above_fd = -1;
        int r;

        r = path_make_folder(places->state_dir);
        if (r == 0) {
                above_fd = open(places->state_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
                r = above_fd < 0 ? -errno : 0;
        }
        if (r < 0)
                return state_fail(places->state_dir, NULL, r, "make the folder", ret_sentence);
        r = files_folder(above_fd, state->name, &state->folder_fd);
        if (r < 0)
                return state_fail(state->path, NULL, r, "use the folder", ret_sentence);
        r = files_folder(state->folder_fd, "saved", &state->saved_fd);
        if (r < 0)
                return state_fail(state->path, "saved", r, "use the folder", ret_sentence);
        r = files_folder(state->folder_fd, "lists", &state->lists_fd);
        if (r < 0)
                return state_fail(state->path, "lists", r, "use the folder", ret_sentence);
        return 0;
}

static int open_state(const Places *places, const char *name, bool system, bool brief, State **ret_state,
                char **ret_sentence) {
        cleanup_(state_closep) State *state = memory_new(State, 1);
        int r;

        state->folder_fd = state->lock_fd = state->saved_fd = state->lists_fd = -1;
        if (!state_name_is_valid(name))
                return sentence_set(ret_sentence, -EINVAL,
                                "\"%s\" is no name of a plugin: it is of small letters, digits and dashes, at most 32 of them",
                                name);
        state->name = memory_copy(name);
        state->path = memory_format("%s/%s", places->state_dir, name);
        state->category_dir = places->category_dir ? memory_copy(places->category_dir) : NULL;
        state->failure_path = memory_format("%s/" FAILURE_FILE, state->path);
        r = read_boot_id(places, state->boot_id);
        if (r < 0)
                return state_fail(places->boot_id_path, NULL, r, "read", ret_sentence);
        r = open_folders(state, places, ret_sentence);
        if (r == 0)
                r = take_lock(state, system, brief, ret_sentence);
        if (r < 0)
                return r;
        files_sweep(state->folder_fd);
        files_sweep(state->saved_fd);
        files_sweep(state->lists_fd);
        *ret_state = steal(state);
        return 0;
}

int state_open(const Places *places, const char *name, bool system, State **ret_state, char **ret_sentence) {
        return open_state(places, name, system, false, ret_state, ret_sentence);
}

int state_open_briefly(
                const Places *places, const char *name, bool system, State **ret_state, char **ret_sentence) {
        return open_state(places, name, system, true, ret_state, ret_sentence);
}

State *state_close(State *state) {
        if (!state)
                return NULL;
        close_fd(state->saved_fd);
        close_fd(state->lists_fd);
        close_fd(state->lock_fd);
        close_fd(state->folder_fd);
        for (size_t i = 0; i < state->n_known; i++)
                free(state->known[i]);
        free(state->known);
        free(state->failure_path);
        free(state->category_dir);
        free(state->path);
        free(state->name);
        free(state);
        return NULL;
}
