/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/accounts.h"

#include <assert.h>
#include <errno.h>
#include <glib.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <systemd/sd-event.h>

#include "common/caps.h"
#include "common/cleanup.h"
#include "common/duration.h"
#include "daemon/account-file.h"
#include "daemon/engine/journal.h"
#include "daemon/process.h"

#define CHILDREN_MAX 8 /* at once; one whose name service hangs is there for as long as it may wait */

#define WAIT_USEC   (10 * USEC_PER_SEC) /* for an answer, the time in line included */
#define FRESH_USEC  USEC_PER_MIN        /* an answer is not asked for again before */
#define FAILED_USEC (5 * USEC_PER_SEC)  /* … nor is one that was not to be had, or was "no account" */
#define STANDS_USEC USEC_PER_DAY        /* a name where no newer answer is to be had */

/* A uid that the file does not know. */
typedef struct Asked {
        Accounts *accounts;
        uid_t uid;
        char *name;             /* of the last answer; NULL: no account, or none was had */
        int result;             /* 0, -ENOENT, or why none was had */
        int failure;            /* why no newer one was had; 0 */
        uint64_t answered_usec; /* on MONOTONIC, as all here: when it was had, or given up */
        uint64_t failed_usec;
        uint64_t used;
        bool waits;
        uint64_t since_usec; /* … from then on */
        struct Child *child; /* NULL: in line */
} Asked;

typedef struct Child {
        Accounts *accounts;
        Asked *asked; /* NULL: nobody waits for it any more */
        sd_event_source *source;
        pid_t pid;
        int output;
} Child;

struct Accounts {
        sd_event *event;
        AccountsAnswered answered;
        void *userdata;
        AccountFile *file;
        GHashTable *by_uid; /* of Asked, owned */
        GQueue waiting;     /* of Asked, in the order they were asked for */
        sd_event_source *timer;
        uint64_t count;
        int file_error; /* that was journalled */
        Child child[CHILDREN_MAX];
};

static uint64_t now_usec(const Accounts *accounts) {
        uint64_t usec = 0;

        (void) sd_event_now(accounts->event, CLOCK_MONOTONIC, &usec);
        return usec;
}

static void asked_free(void *p) {
        Asked *asked = p;

        g_free(asked->name);
        g_free(asked);
}

/* ---- children ---- */

static void child_done(Child *child) {
        if (child->asked)
                child->asked->child = NULL;
        sd_event_source_disable_unref(child->source);
        close_fd(child->output);
        *child = (Child){};
}

/* A name as people have one: nothing that could make two lines of one. */
static bool is_name(const char *text) {
        if (*text == '\0' || strlen(text) > ACCOUNT_NAME_BYTES || !g_utf8_validate(text, -1, NULL))
                return false;
        for (; *text; text++)
                if (g_ascii_iscntrl(*text))
                        return false;
        return true;
}

static int read_answer(const Child *child, const siginfo_t *info, char ret_name[ACCOUNT_NAME_BYTES + 2]) {
        ssize_t n;

        if (info->si_code != CLD_EXITED)
                return -EIO;
        if (info->si_status != 0)
                return -info->si_status;
        n = read(child->output, ret_name, ACCOUNT_NAME_BYTES + 1);
        ret_name[n > 0 ? n : 0] = '\0';
        ret_name[strcspn(ret_name, "\n")] = '\0';
        return is_name(ret_name) ? 0 : -EPROTO;
}

static void note_answer(Asked *asked, int result, const char *name);
static void start_more(Accounts *accounts);

static int on_exit_of_child(sd_event_source *source, const siginfo_t *info, void *userdata) {
        Child *child = userdata;
        Accounts *accounts = child->accounts;
        Asked *asked = child->asked;
        char name[ACCOUNT_NAME_BYTES + 2];
        const uid_t uid = asked ? asked->uid : 0;
        int result = read_answer(child, info, name);

        child_done(child);
        /* Before the next is begun, of whom this one is none any more. */
        if (asked)
                note_answer(asked, result, name);
        start_more(accounts);
        if (asked)
                accounts->answered(accounts->userdata, uid);
        return 0;
}

static int child_start(Child *child, Accounts *accounts, Asked *asked) {
        char uid[11];
        const char *const argv[] = { "pomod", "--look-up-account", uid, NULL };
        int output, r;
        pid_t pid;

        snprintf(uid, sizeof(uid), "%" PRIu32, (uint32_t) asked->uid);
        r = process_start_self(argv, &output, &pid);
        if (r < 0)
                return r;
        *child = (Child){ .accounts = accounts, .asked = asked, .pid = pid, .output = output };
        asked->child = child;
        r = sd_event_add_child(accounts->event, &child->source, pid, WEXITED, on_exit_of_child, child);
        if (r < 0) {
                kill(pid, SIGKILL);
                waitpid(pid, NULL, 0);
                child_done(child);
        }
        return r;
}

/* ---- who waits ---- */

static void arm(Accounts *accounts);

static Asked *first_in_line(const Accounts *accounts) {
        for (const GList *l = accounts->waiting.head; l; l = l->next)
                if (!((const Asked *) l->data)->child)
                        return l->data;
        return NULL;
}

static void end_waiting(Asked *asked) {
        asked->waits = false;
        g_queue_remove(&asked->accounts->waiting, asked);
        if (asked->child) {
                /* Its place is free once it is gone. */
                kill(asked->child->pid, SIGKILL);
                asked->child->asked = NULL;
                asked->child = NULL;
        }
        arm(asked->accounts);
}

/* A name that is no news stands; that there is no account is to be said anew each time. */
static void note_failure(Asked *asked, int error, uint64_t now) {
        if (asked->failure == 0)
                journal_warning("Who has the uid %" PRIu32 " cannot be found out now: %s",
                                (uint32_t) asked->uid, strerror(-error));
        asked->failure = error;
        asked->failed_usec = now;
        if (asked->name && now - asked->answered_usec < STANDS_USEC)
                return;
        g_clear_pointer(&asked->name, g_free);
        asked->result = error;
}

static void note_answer(Asked *asked, int result, const char *name) {
        const uint64_t now = now_usec(asked->accounts);

        end_waiting(asked);
        if (result < 0 && result != -ENOENT) {
                note_failure(asked, result, now);
                return;
        }
        g_free(asked->name);
        asked->name = result == 0 ? g_strdup(name) : NULL;
        asked->result = result;
        asked->failure = 0;
        asked->answered_usec = now;
}

static void answer(Asked *asked, int result, const char *name) {
        note_answer(asked, result, name);
        asked->accounts->answered(asked->accounts->userdata, asked->uid);
}

static Child *free_child(Accounts *accounts) {
        for (unsigned i = 0; i < CHILDREN_MAX; i++)
                if (accounts->child[i].pid == 0)
                        return &accounts->child[i];
        return NULL;
}

static void start_more(Accounts *accounts) {
        Child *child;
        Asked *asked;

        while ((child = free_child(accounts)) && (asked = first_in_line(accounts))) {
                int r = child_start(child, accounts, asked);

                if (r < 0)
                        answer(asked, r, NULL);
        }
}

/* Nobody is told of an answer in here: whoever asks is in the middle of something. */
static int begin_waiting(Asked *asked) {
        Accounts *accounts = asked->accounts;
        Child *child = free_child(accounts);
        int r;

        asked->waits = true;
        asked->since_usec = now_usec(accounts);
        g_queue_push_tail(&accounts->waiting, asked);
        arm(accounts);
        if (!child)
                return 0;
        r = child_start(child, accounts, asked);
        if (r < 0)
                note_answer(asked, r, NULL);
        return r;
}

static int on_timer(sd_event_source *source, uint64_t usec, void *userdata) {
        Accounts *accounts = userdata;
        Asked *first;

        while ((first = g_queue_peek_head(&accounts->waiting)) &&
                        first->since_usec + WAIT_USEC <= now_usec(accounts))
                answer(first, -ETIMEDOUT, NULL);
        arm(accounts);
        return 0;
}

/* All wait equally long, so the first is the first to have waited enough. */
static void arm(Accounts *accounts) {
        const Asked *first = g_queue_peek_head(&accounts->waiting);
        int r;

        if (!first) {
                (void) sd_event_source_set_enabled(accounts->timer, SD_EVENT_OFF);
                return;
        }
        r = sd_event_source_set_time(accounts->timer, first->since_usec + WAIT_USEC);
        if (r >= 0)
                r = sd_event_source_set_enabled(accounts->timer, SD_EVENT_ONESHOT);
        if (r < 0)
                journal_error("A name service that hangs will not be given up: %s", strerror(-r));
}

/* ---- what is asked ---- */

/* Those used longest ago give way. */
static bool make_room(Accounts *accounts) {
        Asked *oldest = NULL;
        GHashTableIter iter;
        gpointer value;

        if (g_hash_table_size(accounts->by_uid) < CAP_ACCOUNTS_ASKED)
                return true;
        g_hash_table_iter_init(&iter, accounts->by_uid);
        while (g_hash_table_iter_next(&iter, NULL, &value)) {
                Asked *asked = value;

                if (!asked->waits && (!oldest || asked->used < oldest->used))
                        oldest = asked;
        }
        return oldest && g_hash_table_remove(accounts->by_uid, GUINT_TO_POINTER(oldest->uid));
}

static Asked *asked_find(const Accounts *accounts, uid_t uid) {
        return g_hash_table_lookup(accounts->by_uid, GUINT_TO_POINTER(uid));
}

static Asked *asked_get(Accounts *accounts, uid_t uid) {
        Asked *asked = asked_find(accounts, uid);

        if (!asked && make_room(accounts)) {
                asked = g_new0(Asked, 1);
                asked->accounts = accounts;
                asked->uid = uid;
                asked->result = -EINPROGRESS;
                g_hash_table_insert(accounts->by_uid, GUINT_TO_POINTER(uid), asked);
        }
        if (asked)
                asked->used = ++accounts->count;
        return asked;
}

static bool is_fresh(const Asked *asked, uint64_t now) {
        if (asked->failure != 0)
                return now - asked->failed_usec < FAILED_USEC;
        return asked->result != -EINPROGRESS &&
               now - asked->answered_usec < (asked->name ? FRESH_USEC : FAILED_USEC);
}

/* Whoever was moved between the file and a name service is asked for anew. */
static void forget_answers(Accounts *accounts) {
        GHashTableIter iter;
        gpointer value;

        g_hash_table_iter_init(&iter, accounts->by_uid);
        while (g_hash_table_iter_next(&iter, NULL, &value))
                if (!((const Asked *) value)->waits)
                        g_hash_table_iter_remove(&iter);
}

static void look_at_file(Accounts *accounts) {
        int r = account_file_refresh(accounts->file);

        if (r > 0)
                forget_answers(accounts);
        if (r < 0 && r != accounts->file_error)
                journal_warning("The accounts of this computer cannot be read, so each is asked for: %s",
                                strerror(-r));
        accounts->file_error = r < 0 ? r : 0;
}

int accounts_look(Accounts *accounts, uid_t uid) {
        Asked *asked;

        look_at_file(accounts);
        if (account_file_find(accounts->file, uid))
                return 1;
        asked = asked_get(accounts, uid);
        if (!asked)
                return 1;
        if (asked->waits)
                return 0;
        if (is_fresh(asked, now_usec(accounts)))
                return 1;
        return begin_waiting(asked) == 0 ? 0 : 1;
}

int accounts_name(const Accounts *accounts, uid_t uid, char **ret_name) {
        const char *name = account_file_find(accounts->file, uid);
        const Asked *asked;

        if (!name) {
                asked = asked_find(accounts, uid);
                if (!asked)
                        return -EAGAIN;
                if (asked->result < 0)
                        return asked->result;
                name = asked->name;
        }
        *ret_name = g_strdup(name);
        return 0;
}

/* ---- the beginning and the end ---- */

Accounts *accounts_new(sd_event *event, AccountsAnswered answered, void *userdata) {
        Accounts *accounts = g_new0(Accounts, 1);
        int r;

        assert(event && answered);
        accounts->event = sd_event_ref(event);
        accounts->answered = answered;
        accounts->userdata = userdata;
        accounts->by_uid = g_hash_table_new_full(NULL, NULL, NULL, asked_free);
        accounts->file = account_file_new("/etc/passwd");
        g_queue_init(&accounts->waiting);
        r = sd_event_add_time(event, &accounts->timer, CLOCK_MONOTONIC, UINT64_MAX, 0, on_timer, accounts);
        if (r >= 0)
                r = sd_event_source_set_enabled(accounts->timer, SD_EVENT_OFF);
        if (r < 0)
                journal_error("A name service that hangs will not be given up: %s", strerror(-r));
        look_at_file(accounts);
        return accounts;
}

Accounts *accounts_free(Accounts *accounts) {
        if (!accounts)
                return NULL;
        for (unsigned i = 0; i < CHILDREN_MAX; i++)
                if (accounts->child[i].pid > 0) {
                        kill(accounts->child[i].pid, SIGKILL);
                        waitpid(accounts->child[i].pid, NULL, 0);
                        child_done(&accounts->child[i]);
                }
        sd_event_source_disable_unref(accounts->timer);
        g_queue_clear(&accounts->waiting);
        g_hash_table_unref(accounts->by_uid);
        account_file_free(accounts->file);
        sd_event_unref(accounts->event);
        g_free(accounts);
        return NULL;
}
