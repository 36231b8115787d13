/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* What is held, on disk, and the lists that it names. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clients/lib/memory.h"
#include "common/caps.h"
#include "common/category.h"
#include "plugins/host/files.h"
#include "plugins/host/held-file.h"
#include "plugins/host/sentence.h"
#include "plugins/host/sha256.h"
#include "plugins/host/state-private.h"

/* ---- lists ---- */

static bool is_digest(const char *digest) {
        return strlen(digest) == SHA256_HEX_MAX - 1 &&
               strspn(digest, "0123456789abcdef") == SHA256_HEX_MAX - 1;
}

static bool has_digest(const char *names, size_t size, const char *digest) {
        char is[SHA256_HEX_MAX];

        return strcmp(sha256_hex(names, size, is), digest) == 0;
}

static bool is_known(const State *state, const char *digest) {
        for (size_t i = 0; i < state->n_known; i++)
                if (strcmp(state->known[i], digest) == 0)
                        return true;
        return false;
}

static void learn(State *state, const char *digest) {
        if (is_known(state, digest))
                return;
        state->known = memory_reserve(
                        state->known, state->n_known + 1, &state->n_known_allocated, sizeof(*state->known));
        state->known[state->n_known++] = memory_copy(digest);
}

static void forget(State *state, const char *digest) {
        for (size_t i = 0; i < state->n_known; i++)
                if (strcmp(state->known[i], digest) == 0) {
                        free(state->known[i]);
                        state->known[i] = state->known[--state->n_known];
                        return;
                }
}

int state_get_list(State *state, const char *digest, char **ret_names) {
        cleanup_free_ char *names = NULL;
        size_t size;
        int r;

        if (!is_digest(digest))
                return -ENOENT;
        r = files_read(state->lists_fd, digest, CAP_HELD_LIST_BYTES, &names, &size);
        if (r >= 0 && !has_digest(names, size, digest))
                r = -ENOENT; /* it is asked for again */
        if (r < 0) {
                forget(state, digest);
                return r;
        }
        *ret_names = steal(names);
        return 0;
}

int state_get_category(const State *state, const char *name, char **ret_names) {
        return state->category_dir ? category_read(state->category_dir, name, ret_names) : -ENOENT;
}

bool state_has_list(State *state, const char *digest) {
        cleanup_free_ char *names = NULL;

        if (is_known(state, digest))
                return true;
        if (state_get_list(state, digest, &names) < 0)
                return false;
        learn(state, digest);
        return true;
}

int state_put_list(State *state, const char *digest, const char *names) {
        const size_t size = strlen(names);
        int r;

        if (size > CAP_HELD_LIST_BYTES)
                return -EFBIG;
        if (!is_digest(digest) || !has_digest(names, size, digest))
                return -EBADMSG;
        r = files_replace(state->lists_fd, digest, names, size);
        if (r == 0)
                learn(state, digest);
        return r;
}

const char *state_missing_list(State *state, const HeldClaims *claims) {
        for (size_t i = 0; i < claims->n; i++)
                for (size_t k = 0; k < claims->list[i].lists.n; k++)
                        if (!state_has_list(state, claims->list[i].lists.list[k].text))
                                return claims->list[i].lists.list[k].text;
        return NULL;
}

typedef struct Named {
        State *state;
        const HeldClaims *claims;
} Named;

static int drop_unnamed(int folder_fd, const char *name, void *data) {
        const Named *named = data;
        const HeldClaims *claims = named->claims;

        for (size_t i = 0; i < claims->n; i++)
                for (size_t k = 0; k < claims->list[i].lists.n; k++)
                        if (strcmp(claims->list[i].lists.list[k].text, name) == 0)
                                return 0;
        forget(named->state, name);
        (void) unlinkat(folder_fd, name, 0);
        return 0;
}

/* ---- claims ---- */

int state_write(State *state, const Held *held) {
        Named named = { state, &held->claims };
        cleanup_free_ char *text = NULL;
        size_t size;
        int r;

        text = held_file_write(held, &size);
        if (size > CAP_HELD_BYTES)
                return -EFBIG;
        r = files_replace(state->folder_fd, CLAIMS_FILE, text, size);
        if (r == 0)
                (void) files_each(state->lists_fd, drop_unnamed, &named);
        return r;
}

/* A claim that is legible does not wait for a list that is not. */
static void drop_missing_lists(State *state, HeldClaims *claims) {
        for (size_t i = 0; i < claims->n; i++) {
                HeldPairs *lists = &claims->list[i].lists;

                for (size_t k = lists->n; k > 0; k--)
                        if (k <= lists->n && !state_has_list(state, lists->list[k - 1].text)) {
                                cleanup_free_ char *digest = memory_copy(lists->list[k - 1].text);

                                held_pairs_drop(lists, digest);
                        }
        }
}

static void take_legible(State *state, Held *held, const HeldNow *now) {
        cleanup_free_ char *text = NULL;
        HeldClaims claims = {};
        size_t size;
        bool of_boot;

        if (files_read(state->folder_fd, CLAIMS_FILE, CAP_HELD_BYTES, &text, &size) < 0)
                return;
        of_boot = held_file_read_legible(text, size, now->boot_id, &claims);
        drop_missing_lists(state, &claims);
        held_add_legible(held, &claims, of_boot, now);
}

/* Kept for whoever wants to know, as long as no other one takes its place. Where it cannot be, its like will
 * be met at the next start, and again nothing is lifted. */
static void set_aside(State *state, Held *held) {
        const HeldNow now = state_now(state);

        held_set_unread(held, &now);
        take_legible(state, held, &now);
        (void) unlinkat(state->folder_fd, UNREADABLE_FILE, 0);
        if (linkat(state->folder_fd, CLAIMS_FILE, state->folder_fd, UNREADABLE_FILE, 0) < 0 &&
                        errno != ENOENT)
                (void) renameat(state->folder_fd, CLAIMS_FILE, state->folder_fd, UNREADABLE_FILE);
        (void) state_write(state, held);
}

static int exists(int folder_fd, const char *name, void *data) {
        return 1;
}

/* Claims are on disk before anything is saved, so that saved files without them are the rest of a state. */
static bool is_rest(int folder_fd) {
        cleanup_close_ int saved_fd =
                        openat(folder_fd, "saved", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

        return (saved_fd >= 0 && files_each(saved_fd, exists, NULL) != 0) ||
               faccessat(folder_fd, UNREADABLE_FILE, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static int read_claims(int folder_fd, Held *held, char **ret_sentence) {
        cleanup_free_ char *text = NULL;
        size_t size;
        int r;

        r = files_read(folder_fd, CLAIMS_FILE, CAP_HELD_BYTES, &text, &size);
        if (r == -ENOMEM || r == -ENOENT)
                return r;
        if (r < 0)
                return sentence_set(ret_sentence, -EBADMSG, "%s",
                                r == -EPERM ? "it is no file of this user's alone" : strerror(-r));
        return held_file_read(text, size, held, ret_sentence);
}

int state_read(State *state, Held *ret_held, char **ret_sentence) {
        cleanup_free_ char *why = NULL;
        Held held;
        int r;

        held_init(ret_held);
        r = read_claims(state->folder_fd, &held, &why);
        if (r == -ENOENT) {
                if (!is_rest(state->folder_fd))
                        return 0;
                why = memory_copy("it is missing, and other files are there");
        } else if (r == -ENOMEM)
                return state_fail(state->path, CLAIMS_FILE, r, "read", ret_sentence);
        else if (r == -EPROTONOSUPPORT)
                return sentence_set(ret_sentence, r, "cannot use %s/" CLAIMS_FILE ": %s", state->path, why);
        else if (r == 0) {
                held_clear(ret_held);
                *ret_held = held;
                if (!state_missing_list(state, &ret_held->claims))
                        return 0;
                why = memory_copy("a list that it names is missing or damaged");
                held_clear(ret_held);
                held_init(ret_held);
        }
        set_aside(state, ret_held);
        return sentence_set(ret_sentence, 1,
                        "cannot read %s/" CLAIMS_FILE ", which is kept as " UNREADABLE_FILE
                        ": %s; what holds is left as it is until pomod answers, for 12 hours at most",
                        state->path, why);
}

int state_peek(const Places *places, const char *name, Held *ret_held, char **ret_sentence) {
        cleanup_free_ char *path = memory_format("%s/%s", places->state_dir, name);
        cleanup_close_ int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        int r;

        if (fd < 0)
                return -errno;
        r = read_claims(fd, ret_held, ret_sentence);
        return r == -ENOENT && is_rest(fd) ? -EBADMSG : r;
}
