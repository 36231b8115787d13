/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/backup-child.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <systemd/sd-event.h>
#include <time.h>

#include "common/cleanup.h"
#include "common/duration.h"
#include "daemon/engine/journal.h"
#include "daemon/store/store.h"

#define CHILDREN_MAX 2 /* each keeps a disk and a processor busy */

typedef struct Child {
        BackupChildren *children;
        sd_event_source *source;
        pid_t pid;
        uid_t uid;
        int output;
} Child;

struct BackupChildren {
        sd_event *event;
        BackupChildDone done;
        void *userdata;
        Child child[CHILDREN_MAX];
};

BackupChildren *backup_children_new(sd_event *event, BackupChildDone done, void *userdata) {
        BackupChildren *children = g_new0(BackupChildren, 1);

        assert(event && done);
        children->event = sd_event_ref(event);
        children->done = done;
        children->userdata = userdata;
        return children;
}

static void child_done(Child *child) {
        sd_event_source_disable_unref(child->source);
        close_fd(child->output);
        *child = (Child){};
}

BackupChildren *backup_children_free(BackupChildren *children) {
        if (!children)
                return NULL;
        for (unsigned i = 0; i < CHILDREN_MAX; i++)
                if (children->child[i].pid > 0) {
                        /* What it was making has no name yet, so nobody takes it for a backup. */
                        kill(children->child[i].pid, SIGKILL);
                        waitpid(children->child[i].pid, NULL, 0);
                        child_done(&children->child[i]);
                }
        sd_event_unref(children->event);
        g_free(children);
        return NULL;
}

static int on_exit_of_child(sd_event_source *source, const siginfo_t *info, void *userdata) {
        Child *child = userdata;
        BackupChildren *children = child->children;
        const uid_t uid = child->uid;
        char name[BACKUP_NAME_MAX] = "";
        ssize_t n;
        int result = 0;

        n = read(child->output, name, sizeof(name) - 1);
        name[n > 0 ? strcspn(name, "\n") : 0] = '\0';
        if (info->si_code != CLD_EXITED)
                result = -EIO;
        else if (info->si_status != 0)
                result = -info->si_status;
        else if (name[0] == '\0')
                result = -EPROTO;
        child_done(child);
        children->done(children->userdata, uid, result, result < 0 ? NULL : name);
        return 0;
}

static int start(const char *folder, int output, pid_t *ret_pid) {
        char *const argv[] = { (char *) "pomod", (char *) "--make-backup", (char *) folder, NULL };
        posix_spawn_file_actions_t actions;
        posix_spawnattr_t attributes;
        sigset_t none, pipe_signal;
        int r;

        sigemptyset(&none);
        sigemptyset(&pipe_signal);
        sigaddset(&pipe_signal, SIGPIPE);
        r = posix_spawn_file_actions_init(&actions);
        if (r != 0)
                return -r;
        r = posix_spawnattr_init(&attributes);
        if (r != 0) {
                posix_spawn_file_actions_destroy(&actions);
                return -r;
        }
        (void) posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
        (void) posix_spawnattr_setsigmask(&attributes, &none);
        (void) posix_spawnattr_setsigdefault(&attributes, &pipe_signal);
        r = posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
        if (r == 0)
                r = posix_spawn(ret_pid, "/proc/self/exe", &actions, &attributes, argv, environ);
        posix_spawnattr_destroy(&attributes);
        posix_spawn_file_actions_destroy(&actions);
        return -r;
}

int backup_children_spawn(BackupChildren *children, uid_t uid, const char *folder) {
        cleanup_close_ int output = -1, input = -1;
        Child *child = NULL;
        int fds[2], r;
        pid_t pid;

        for (unsigned i = 0; i < CHILDREN_MAX && !child; i++)
                if (children->child[i].pid == 0)
                        child = &children->child[i];
        if (!child)
                return -EAGAIN;
        if (pipe2(fds, O_CLOEXEC | O_NONBLOCK) < 0)
                return -errno;
        input = fds[0];
        output = fds[1];
        r = start(folder, output, &pid);
        if (r < 0)
                return r;
        *child = (Child){ .children = children, .pid = pid, .uid = uid, .output = steal_fd(input) };
        r = sd_event_add_child(children->event, &child->source, pid, WEXITED, on_exit_of_child, child);
        if (r < 0) {
                kill(pid, SIGKILL);
                waitpid(pid, NULL, 0);
                child_done(child);
        }
        return r;
}

int backup_child_main(const char *folder) {
        char name[BACKUP_NAME_MAX];
        struct timespec ts;
        int r;

        clock_gettime(CLOCK_REALTIME, &ts);
        r = store_backup_make(
                        folder, (uint64_t) ts.tv_sec * USEC_PER_SEC + (uint64_t) ts.tv_nsec / 1000, name);
        if (r < 0) {
                journal_error("No backup of %s: %s", folder, strerror(-r));
                return -r;
        }
        return printf("%s\n", name) < 0 || fflush(stdout) != 0 ? EIO : 0;
}
