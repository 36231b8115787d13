/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/backup-child.h"

#include <assert.h>
#include <errno.h>
#include <glib.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <systemd/sd-event.h>
#include <time.h>

#include "common/cleanup.h"
#include "common/duration.h"
#include "daemon/engine/journal.h"
#include "daemon/process.h"
#include "daemon/store/store.h"

#define CHILDREN_MAX 2 /* each keeps a disk and a processor busy */

/* A job that waits, or runs in a child. */
typedef struct Job {
        uid_t uid;
        BackupKind kind;
        char *folder;
        char *name; /* NULL: none */
} Job;

typedef struct Child {
        BackupChildren *children;
        sd_event_source *source;
        pid_t pid; /* 0: none */
        Job *job;
        int output;
} Child;

struct BackupChildren {
        sd_event *event;
        BackupChildDone done;
        void *userdata;
        Child child[CHILDREN_MAX];
        GQueue waiting; /* of Job, whose turn is first first */
};

static void job_free(gpointer data) {
        Job *job = data;

        g_free(job->folder);
        g_free(job->name);
        g_free(job);
}

static void job_freep(Job **job) {
        if (*job)
                job_free(*job);
}

BackupChildren *backup_children_new(sd_event *event, BackupChildDone done, void *userdata) {
        BackupChildren *children = g_new0(BackupChildren, 1);

        assert(event && done);
        children->event = sd_event_ref(event);
        children->done = done;
        children->userdata = userdata;
        g_queue_init(&children->waiting);
        return children;
}

static void child_done(Child *child) {
        sd_event_source_disable_unref(child->source);
        close_fd(child->output);
        job_free(child->job);
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
        g_queue_clear_full(&children->waiting, job_free);
        sd_event_unref(children->event);
        g_free(children);
        return NULL;
}

/* ---- the process ---- */

static int spawn(const Job *job, int *ret_output, pid_t *ret_pid) {
        const char *argv[6] = { "pomod", "--make-backup", job->folder };

        if (job->kind == BACKUP_BY_HAND)
                argv[3] = "--by-hand";
        if (job->kind == BACKUP_RESTORE) {
                argv[3] = "--restore";
                argv[4] = job->name;
        }
        return process_start_self(argv, ret_output, ret_pid);
}

static int on_exit_of_child(sd_event_source *source, const siginfo_t *info, void *userdata);

/* Takes the job over, and leaves it where it fails. */
static int child_start(BackupChildren *children, Child *child, Job *job) {
        int output, r;
        pid_t pid;

        r = spawn(job, &output, &pid);
        if (r < 0)
                return r;
        *child = (Child){ .children = children, .pid = pid, .job = job, .output = output };
        r = sd_event_add_child(children->event, &child->source, pid, WEXITED, on_exit_of_child, child);
        if (r < 0) {
                kill(pid, SIGKILL);
                waitpid(pid, NULL, 0);
                child->job = NULL;
                child_done(child);
        }
        return r;
}

/* ---- turns ---- */

static Child *find_place(BackupChildren *children) {
        for (unsigned i = 0; i < CHILDREN_MAX; i++)
                if (children->child[i].pid == 0)
                        return &children->child[i];
        return NULL;
}

static bool runs_for(const BackupChildren *children, uid_t uid) {
        for (unsigned i = 0; i < CHILDREN_MAX; i++)
                if (children->child[i].pid > 0 && children->child[i].job->uid == uid)
                        return true;
        return false;
}

static GList *find_next(BackupChildren *children) {
        for (GList *l = children->waiting.head; l; l = l->next)
                if (!runs_for(children, ((const Job *) l->data)->uid))
                        return l;
        return NULL;
}

/* Those whose turn has come; who waited in vain is told so. */
static void start_next(BackupChildren *children) {
        Child *place;
        GList *next;

        while ((place = find_place(children)) && (next = find_next(children))) {
                cleanup_(job_freep) Job *job = next->data;
                int r;

                g_queue_delete_link(&children->waiting, next);
                r = child_start(children, place, job);
                if (r < 0)
                        children->done(children->userdata, job->uid, job->kind, r, NULL);
                else
                        job = NULL;
        }
}

/* Behind all, but for what time asks for: behind others of that kind. */
static void put_into_line(BackupChildren *children, Job *job) {
        GList *l = children->waiting.head;

        while (l && (job->kind != BACKUP_BY_TIME || ((const Job *) l->data)->kind == BACKUP_BY_TIME))
                l = l->next;
        g_queue_insert_before(&children->waiting, l, job);
}

int backup_children_add(BackupChildren *children, const BackupJob *asked) {
        cleanup_(job_freep) Job *job = g_new0(Job, 1);
        Child *place = find_place(children);
        int r;

        assert(asked->folder && (asked->kind != BACKUP_RESTORE || asked->name));
        *job = (Job){ asked->uid, asked->kind, g_strdup(asked->folder), g_strdup(asked->name) };
        if (!place || runs_for(children, job->uid)) {
                put_into_line(children, steal(job));
                return 0;
        }
        r = child_start(children, place, job);
        if (r == 0)
                job = NULL;
        return r;
}

static int on_exit_of_child(sd_event_source *source, const siginfo_t *info, void *userdata) {
        Child *child = userdata;
        BackupChildren *children = child->children;
        const uid_t uid = child->job->uid;
        const BackupKind kind = child->job->kind;
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
        start_next(children);
        children->done(children->userdata, uid, kind, result, result < 0 ? NULL : name);
        return 0;
}

/* ---- what the child does ---- */

/* Nobody waits for what it makes once pomod is gone, and the next pomod makes its own. */
static bool is_orphan(void) {
        struct pollfd output = { .fd = STDOUT_FILENO };

        (void) prctl(PR_SET_PDEATHSIG, SIGKILL);
        return poll(&output, 1, 0) > 0 && (output.revents & POLLERR);
}

int backup_child_main(const BackupJob *job) {
        char name[BACKUP_NAME_MAX];
        struct timespec ts;
        uint64_t now;
        int r;

        if (is_orphan())
                return EPIPE;
        clock_gettime(CLOCK_REALTIME, &ts);
        now = (uint64_t) ts.tv_sec * USEC_PER_SEC + (uint64_t) ts.tv_nsec / 1000;
        if (job->kind == BACKUP_RESTORE) {
                g_strlcpy(name, job->name, sizeof(name));
                r = store_restore_prepare(job->folder, job->name, now);
        } else if (job->kind == BACKUP_BY_HAND)
                r = store_backup_make_by_hand(job->folder, now, name);
        else
                r = store_backup_make(job->folder, now, name);
        if (r < 0 && job->kind != BACKUP_RESTORE)
                journal_error("No backup of %s: %s", job->folder, strerror(-r));
        if (r < 0)
                return -r;
        return printf("%s\n", name) < 0 || fflush(stdout) != 0 ? EIO : 0;
}
