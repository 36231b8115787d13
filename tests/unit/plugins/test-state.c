/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/caps.h"
#include "common/cleanup.h"
#include "plugins/host/sha256.h"
#include "plugins/host/state.h"
#include "tests/unit/check.h"
#include "tests/unit/folder.h"

typedef struct Fixture {
        char *folder, *state_dir, *boot_id;
        Places places;
} Fixture;

static void set_up(Fixture *fixture, gconstpointer data) {
        fixture->folder = folder_new();
        fixture->state_dir = folder_file(fixture->folder, "state");
        fixture->boot_id = folder_file(fixture->folder, "boot_id");
        g_assert_true(g_file_set_contents(fixture->boot_id, "0b\n", -1, NULL));
        fixture->places = (Places){ .state_dir = fixture->state_dir, .boot_id_path = fixture->boot_id };
}

static void tear_down(Fixture *fixture, gconstpointer data) {
        folder_free(fixture->folder);
        g_free(fixture->state_dir);
        g_free(fixture->boot_id);
}

static State *open_state(const Fixture *fixture) {
        cleanup_free_ char *sentence = NULL;
        State *state = NULL;

        if (state_open(&fixture->places, "sites", true, &state, &sentence) < 0)
                g_error("%s", sentence);
        return state;
}

static char *path_of(const Fixture *fixture, const char *name) {
        return g_build_filename(fixture->state_dir, "sites", name, NULL);
}

static bool exists(const Fixture *fixture, const char *name) {
        g_autofree char *path = path_of(fixture, name);

        return g_file_test(path, G_FILE_TEST_EXISTS);
}

static void put(const Fixture *fixture, const char *name, const char *text) {
        g_autofree char *path = path_of(fixture, name);
        cleanup_close_ int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

        g_assert_cmpint(write(fd, text, strlen(text)), ==, (ssize_t) strlen(text));
}

/* Holds one claim of an hour, with a list. */
static void write_one(State *state, const char *list) {
        HeldNow now = state_now(state);
        char digest[SHA256_HEX_MAX];
        HeldClaim *claim;
        Held held;

        sha256_hex(list, strlen(list), digest);
        g_assert_cmpint(state_put_list(state, digest, list), ==, 0);
        held_init(&held);
        held_follow(&held, &now);
        claim = held_claims_add(&held.claims, 1000, 7);
        held_text(&claim->profile, "deep");
        claim->end = (HeldEnd){ now.boottime_usec + USEC_PER_HOUR, now.realtime_usec + USEC_PER_HOUR,
                USEC_PER_HOUR, true, false };
        held_pairs_add(&claim->lists, "mine", digest);
        g_assert_cmpint(state_write(state, &held), ==, 0);
        held_clear(&held);
}

/* What state_read() says: how many claims, -1 for what could not be read, or its error. */
static int read_state(State *state, char **ret_sentence) {
        Held held;
        int r = state_read(state, &held, ret_sentence);

        if (r >= 0)
                r = held.unread.length_usec != 0 ? -1 : (int) held.claims.n;
        held_clear(&held);
        return r;
}

static void test_round(Fixture *fixture, gconstpointer data) {
        State *state = open_state(fixture);
        struct stat st;

        CHECK_INT(__LINE__, stat(fixture->state_dir, &st), 0);
        CHECK_INT(__LINE__, st.st_mode & 0777, 0700);
        CHECK_INT(__LINE__, read_state(state, NULL), 0);
        write_one(state, "a.example\n");
        CHECK_INT(__LINE__, read_state(state, NULL), 1);
        state = state_close(state);
        state = open_state(fixture);
        CHECK_INT(__LINE__, read_state(state, NULL), 1);
        state_close(state);
}

static void test_lists(Fixture *fixture, gconstpointer data) {
        State *state = open_state(fixture);
        cleanup_free_ char *names = NULL;
        char digest[SHA256_HEX_MAX], other[SHA256_HEX_MAX];
        g_autofree char *large = g_strnfill(CAP_HELD_LIST_BYTES, 'a'),
                        *larger = g_strconcat(large, "a", NULL);

        sha256_hex("a.example\n", 10, digest);
        write_one(state, "a.example\n");
        CHECK_INT(__LINE__, state_get_list(state, digest, &names), 0);
        CHECK_STR(__LINE__, names, "a.example\n");
        CHECK_INT(__LINE__, state_put_list(state, digest, "b.example\n"), -EBADMSG);
        CHECK_INT(__LINE__, state_put_list(state, "../claims", "b.example\n"), -EBADMSG);
        CHECK(__LINE__, !state_has_list(state, "../claims"));
        /* What nothing names goes with the next writing. */
        write_one(state, "b.example\n");
        CHECK(__LINE__, !state_has_list(state, digest));
        CHECK(__LINE__, state_has_list(state, sha256_hex("b.example\n", 10, other)));

        CHECK_INT(__LINE__, state_put_list(state, sha256_hex(large, CAP_HELD_LIST_BYTES, other), large), 0);
        CHECK_INT(__LINE__, state_put_list(state, sha256_hex(larger, CAP_HELD_LIST_BYTES + 1, other), larger),
                        -EFBIG);
        state_close(state);
}

/* Each is set aside, and lifts nothing. */
static void test_unreadable(Fixture *fixture, gconstpointer data) {
        static const struct {
                int line;
                const char *file, *text; /* text NULL: it is taken away */
        } rows[] = {
                { __LINE__, "claims", "" },
                { __LINE__, "claims", "nonsense\n" },
                { __LINE__, "claims", NULL },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                cleanup_free_ char *sentence = NULL;
                State *state = open_state(fixture);

                write_one(state, "a.example\n");
                g_assert_cmpint(state_save(state, "before", "x", 1), ==, 0);
                if (rows[i].text)
                        put(fixture, rows[i].file, rows[i].text);
                else {
                        g_autofree char *path = path_of(fixture, rows[i].file);

                        g_assert_cmpint(unlink(path), ==, 0);
                }
                CHECK_INT(rows[i].line, read_state(state, &sentence), -1);
                CHECK(rows[i].line,
                                sentence && strstr(sentence,
                                                            "/sites/claims, which is kept as claims-unreadable: "));
                if (rows[i].text)
                        CHECK(rows[i].line, exists(fixture, "claims-unreadable"));
                /* So it is at the next start, and its time goes on. */
                CHECK_INT(rows[i].line, read_state(state, NULL), -1);
                state_close(state);
        }
}

/* What is whole in it stays with what is not: also with the next start, and without a list that is damaged.
 */
static void test_legible(Fixture *fixture, gconstpointer data) {
        static const char *const lists[] = { "a.example\n", "a.exam\n" };

        for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
                g_autofree char *path = path_of(fixture, "claims"), *text = NULL, *list = NULL;
                State *state = open_state(fixture);
                char digest[SHA256_HEX_MAX];

                write_one(state, "a.example\n");
                list = g_strconcat("lists/", sha256_hex("a.example\n", 10, digest), NULL);
                put(fixture, list, lists[i]);
                g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
                *strchr(text, '\n') = '\0';
                put(fixture, "claims", text);
                state_close(state);
                state = open_state(fixture);
                for (unsigned k = 0; k < 2; k++) {
                        Held held;

                        CHECK_INT(__LINE__, state_read(state, &held, NULL), k == 0);
                        CHECK(__LINE__, held.unread.length_usec != 0);
                        CHECK_INT(__LINE__, held.claims.n, 1);
                        CHECK_STR(__LINE__, held.claims.list[0].profile, "deep");
                        CHECK_INT(__LINE__, held.claims.list[0].lists.n, 1 - i);
                        held_clear(&held);
                }
                state_close(state);
        }
}

static void test_damaged_list(Fixture *fixture, gconstpointer data) {
        cleanup_free_ char *sentence = NULL, *name = NULL;
        State *state = open_state(fixture);
        char digest[SHA256_HEX_MAX];

        write_one(state, "a.example\n");
        name = g_strconcat("lists/", sha256_hex("a.example\n", 10, digest), NULL);
        put(fixture, name, "a.exam\n");
        state_close(state);
        state = open_state(fixture);
        CHECK_INT(__LINE__, read_state(state, &sentence), -1);
        CHECK(__LINE__, sentence && strstr(sentence, "a list that it names is missing or damaged"));
        state_close(state);
}

static void test_newer(Fixture *fixture, gconstpointer data) {
        static const char json[] = "{\"format\":2,\"claims\":{}}\n";
        cleanup_free_ char *sentence = NULL;
        char digest[SHA256_HEX_MAX];
        g_autofree char *text = g_strconcat(json, sha256_hex(json, strlen(json), digest), "\n", NULL);
        State *state = open_state(fixture);

        put(fixture, "claims", text);
        CHECK_INT(__LINE__, read_state(state, &sentence), -EPROTONOSUPPORT);
        CHECK(__LINE__, sentence && strstr(sentence, "it is of format 2, from a newer pomod"));
        CHECK(__LINE__, exists(fixture, "claims") && !exists(fixture, "claims-unreadable"));
        state_close(state);
}

static int locked(const Fixture *fixture, char **ret_sentence) {
        State *state = NULL;
        int r = state_open(&fixture->places, "sites", true, &state, ret_sentence);

        state_close(state);
        return r;
}

/* The lock is a process's, and what it forks has no share in it. */
static void test_lock(Fixture *fixture, gconstpointer data) {
        cleanup_free_ char *sentence = NULL;
        g_autofree char *who = NULL;
        int begun[2], end[2], status;
        char byte;
        pid_t child;

        CHECK_INT(__LINE__, state_locked_by(&fixture->places, "sites"), -ENOENT);
        g_assert_cmpint(pipe(begun), ==, 0);
        g_assert_cmpint(pipe(end), ==, 0);
        child = fork();
        if (child == 0) {
                (void) open_state(fixture);
                if (fork() == 0) {
                        /* The grandchild has all its descriptors, and lives on. */
                        close(begun[1]);
                        close(end[1]);
                        (void) read(end[0], &byte, 1);
                        _exit(0);
                }
                (void) write(begun[1], "b", 1);
                pause();
        }
        close(end[0]);
        g_assert_cmpint(read(begun[0], &byte, 1), ==, 1);
        CHECK_INT(__LINE__, locked(fixture, &sentence), -EBUSY);
        who = g_strdup_printf("process %d looks after the plugin \"sites\"", (int) child);
        CHECK(__LINE__, sentence && g_str_has_prefix(sentence, who));
        CHECK(__LINE__, sentence && strstr(sentence, "systemctl disable --now pomod-plugin@sites"));
        CHECK_INT(__LINE__, state_locked_by(&fixture->places, "sites"), child);
        g_assert_cmpint(kill(child, SIGKILL), ==, 0);
        g_assert_cmpint(waitpid(child, &status, 0), ==, child);
        CHECK_INT(__LINE__, state_locked_by(&fixture->places, "sites"), 0);
        CHECK_INT(__LINE__, locked(fixture, NULL), 0);
        close(end[1]);
        close(begun[0]);
        close(begun[1]);
}

/* Whoever has it for a moment says so, and whoever has it next does not. */
static void test_brief_lock(Fixture *fixture, gconstpointer data) {
        cleanup_free_ char *sentence = NULL;
        int begun[2], status;
        char byte;
        pid_t child;

        g_assert_cmpint(pipe(begun), ==, 0);
        child = fork();
        if (child == 0) {
                State *state;

                if (state_open_briefly(&fixture->places, "sites", true, &state, NULL) < 0)
                        _exit(1);
                (void) !write(begun[1], "b", 1);
                for (;;)
                        pause();
        }
        g_assert_cmpint(read(begun[0], &byte, 1), ==, 1);
        CHECK_INT(__LINE__, locked(fixture, &sentence), -EAGAIN);
        CHECK(__LINE__, sentence && strstr(sentence, "is putting back what the plugin \"sites\" held"));
        g_assert_cmpint(kill(child, SIGKILL), ==, 0);
        g_assert_cmpint(waitpid(child, &status, 0), ==, child);
        CHECK_INT(__LINE__, locked(fixture, NULL), 0);
        {
                g_autofree char *path = path_of(fixture, "lock");
                struct stat st;

                CHECK_INT(__LINE__, stat(path, &st), 0);
                CHECK_INT(__LINE__, st.st_size, 0);
        }
        close(begun[0]);
        close(begun[1]);
}

/* A disk that is full: what was there is there. */
static void test_full(Fixture *fixture, gconstpointer data) {
        State *state = open_state(fixture);
        struct rlimit before, none;
        cleanup_free_ void *back = NULL;
        size_t size;
        Held held;

        write_one(state, "a.example\n");
        g_assert_cmpint(state_save(state, "before", "x", 1), ==, 0);
        (void) signal(SIGXFSZ, SIG_IGN);
        g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &before), ==, 0);
        none = (struct rlimit){ 4, before.rlim_max };
        g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &none), ==, 0);
        held_init(&held);
        CHECK(__LINE__, state_write(state, &held) < 0);
        CHECK(__LINE__, state_save(state, "before", "0123456789", 10) < 0);
        held_clear(&held);
        g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &before), ==, 0);
        CHECK_INT(__LINE__, read_state(state, NULL), 1);
        CHECK_INT(__LINE__, state_load(state, "before", &back, &size), 0);
        CHECK_STR(__LINE__, back, "x");
        CHECK(__LINE__, !exists(fixture, ".new-claims") && !exists(fixture, "saved/.new-before"));
        state_close(state);
}

/* One claim with so many control characters, and so many that are written as one byte. */
static int write_large(State *state, size_t n, size_t n_plain) {
        g_autofree char *many = g_strnfill(n, '\x01'), *plain = g_strnfill(n_plain, 'a'),
                        *text = g_strconcat(many, plain, NULL);
        HeldNow now = state_now(state);
        Held held;
        int r;

        held_init(&held);
        held_follow(&held, &now);
        held_pairs_add(&held_claims_add(&held.claims, 1000, 7)->settings, "block", text);
        r = state_write(state, &held);
        held_clear(&held);
        return r;
}

/* What counts is the file, of which a control character takes six bytes. Whatever is written can be read, and
 * what cannot be written leaves what was there. */
static void test_held_cap(Fixture *fixture, gconstpointer data) {
        g_autofree char *path = g_build_filename(fixture->places.state_dir, "sites", "claims", NULL);
        State *state = open_state(fixture);
        struct stat status;
        size_t left;

        CHECK_INT(__LINE__, write_large(state, 0, 0), 0);
        g_assert_cmpint(stat(path, &status), ==, 0);
        left = CAP_HELD_BYTES - (size_t) status.st_size;
        CHECK_INT(__LINE__, write_large(state, left / 6, left % 6), 0);
        g_assert_cmpint(stat(path, &status), ==, 0);
        CHECK_INT(__LINE__, status.st_size, CAP_HELD_BYTES);
        CHECK_INT(__LINE__, write_large(state, left / 6, left % 6 + 1), -EFBIG);
        CHECK_INT(__LINE__, read_state(state, NULL), 1);
        state_close(state);
}

/* Also where a plugin closed the folder under it. */
static void test_failure_without_descriptors(Fixture *fixture, gconstpointer data) {
        cleanup_free_ char *failure = NULL;
        State *state;
        int status;
        pid_t child = fork();

        if (child == 0) {
                state = open_state(fixture);
                (void) close_range(3, ~0U, 0);
                state_write_failure(state, "it closed all");
                _exit(0);
        }
        g_assert_cmpint(waitpid(child, &status, 0), ==, child);
        state = open_state(fixture);
        failure = state_take_failure(state);
        CHECK_STR(__LINE__, failure, "it closed all");
        state_close(state);
}

static void test_names(Fixture *fixture, gconstpointer data) {
        static const struct {
                int line;
                const char *name;
                bool valid;
        } rows[] = {
                { __LINE__, "sites", true },
                { __LINE__, "a-1", true },
                { __LINE__, "a2345678901234567890123456789012", true },
                { __LINE__, "a23456789012345678901234567890123", false },
                { __LINE__, "", false },
                { __LINE__, "1a", false },
                { __LINE__, "-a", false },
                { __LINE__, "Sites", false },
                { __LINE__, "../x", false },
                { __LINE__, ".", false },
                { __LINE__, "a/b", false },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                cleanup_free_ char *sentence = NULL;
                State *state = NULL;

                CHECK_INT(rows[i].line, state_name_is_valid(rows[i].name), rows[i].valid);
                CHECK_INT(rows[i].line, state_open(&fixture->places, rows[i].name, true, &state, &sentence),
                                rows[i].valid ? 0 : -EINVAL);
                CHECK(rows[i].line, rows[i].valid == !sentence);
                state_close(state);
        }
}

/* A folder that others may write to is nobody's word, and is refused. */
static void test_others(Fixture *fixture, gconstpointer data) {
        cleanup_free_ char *sentence = NULL, *link = path_of(fixture, "claims"),
                           *target = folder_file(fixture->folder, "claims");
        State *state = open_state(fixture);

        /* A link, wherever it leads. */
        g_assert_true(g_file_set_contents(target, "", 0, NULL));
        g_assert_cmpint(symlink(target, link), ==, 0);
        CHECK_INT(__LINE__, read_state(state, &sentence), -1);
        state = state_close(state);
        free(sentence);
        sentence = NULL;
        {
                g_autofree char *folder = g_build_filename(fixture->state_dir, "sites", NULL);

                g_assert_cmpint(chmod(folder, 0777), ==, 0);
        }
        CHECK_INT(__LINE__, state_open(&fixture->places, "sites", true, &state, &sentence), -EPERM);
        CHECK(__LINE__, sentence && strstr(sentence, "others may write to it"));
}

static void test_saved(Fixture *fixture, gconstpointer data) {
        static const struct {
                int line;
                const char *name;
                int want;
        } rows[] = {
                { __LINE__, "hosts", 0 },
                { __LINE__, "0-9", 0 },
                { __LINE__, "a234567890123456789012345678901234567890123456789012345678901234", 0 },
                { __LINE__, "a2345678901234567890123456789012345678901234567890123456789012345", -EINVAL },
                { __LINE__, "", -EINVAL },
                { __LINE__, ".", -EINVAL },
                { __LINE__, "../claims", -EINVAL },
                { __LINE__, "A", -EINVAL },
                { __LINE__, "a b", -EINVAL },
        };
        State *state = open_state(fixture);

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                cleanup_free_ void *back = NULL;
                size_t size = 0;

                CHECK_INT(rows[i].line, state_save(state, rows[i].name, "a\0b", 3), rows[i].want);
                CHECK_INT(rows[i].line, state_load(state, rows[i].name, &back, &size), rows[i].want);
                if (rows[i].want == 0)
                        CHECK(rows[i].line, size == 3 && memcmp(back, "a\0b", 4) == 0);
                CHECK_INT(rows[i].line, state_drop(state, rows[i].name), rows[i].want);
                CHECK_INT(rows[i].line, state_drop(state, rows[i].name),
                                rows[i].want == 0 ? -ENOENT : rows[i].want);
        }
        state_close(state);
}

static void test_saved_caps(Fixture *fixture, gconstpointer data) {
        g_autofree char *bytes = g_malloc0(CAP_SAVED_BYTES + 1);
        State *state = open_state(fixture);

        CHECK_INT(__LINE__, state_save(state, "one", bytes, CAP_SAVED_BYTES), 0);
        CHECK_INT(__LINE__, state_save(state, "one", bytes, CAP_SAVED_BYTES + 1), -EFBIG);
        for (unsigned i = 1; i < CAP_SAVED_ALL_BYTES / CAP_SAVED_BYTES; i++) {
                g_autofree char *name = g_strdup_printf("more-%u", i);

                CHECK_INT(__LINE__, state_save(state, name, bytes, CAP_SAVED_BYTES), 0);
        }
        CHECK_INT(__LINE__, state_save(state, "past", bytes, 1), -EDQUOT);
        /* What is replaced makes room for itself. */
        CHECK_INT(__LINE__, state_save(state, "one", bytes, CAP_SAVED_BYTES), 0);
        CHECK_INT(__LINE__, state_drop(state, "one"), 0);
        CHECK_INT(__LINE__, state_save(state, "past", bytes, 1), 0);
        state_close(state);
}

static void test_notes(Fixture *fixture, gconstpointer data) {
        g_autofree char *large = g_strnfill(CAP_FAILURE_BYTES + 10, 'a');
        cleanup_free_ char *failure = NULL, *cut = NULL, *released = NULL;
        State *state = open_state(fixture);

        CHECK(__LINE__, state_take_failure(state) == NULL);
        state_write_failure(state, "apply() took longer than 5 s");
        failure = state_take_failure(state);
        CHECK_STR(__LINE__, failure, "apply() took longer than 5 s");
        CHECK(__LINE__, state_take_failure(state) == NULL);
        state_write_failure(state, large);
        cut = state_take_failure(state);
        CHECK_INT(__LINE__, cut ? strlen(cut) : 0, CAP_FAILURE_BYTES);

        CHECK(__LINE__, state_read_released(state) == NULL);
        CHECK_INT(__LINE__, state_write_released(state, "by hand"), 0);
        released = state_read_released(state);
        CHECK_STR(__LINE__, released, "by hand");
        state_drop_released(state);
        CHECK(__LINE__, state_read_released(state) == NULL);
        state_close(state);
}

/* What a process left that died while it wrote. */
static void test_swept(Fixture *fixture, gconstpointer data) {
        State *state = open_state(fixture);

        write_one(state, "a.example\n");
        put(fixture, ".new-claims", "half");
        put(fixture, "saved/.new-hosts", "half");
        state_close(state);
        state = open_state(fixture);
        CHECK(__LINE__, !exists(fixture, ".new-claims") && !exists(fixture, "saved/.new-hosts"));
        CHECK_INT(__LINE__, read_state(state, NULL), 1);
        state_close(state);
}

static void test_peek(Fixture *fixture, gconstpointer data) {
        State *state;
        Held held;

        CHECK_INT(__LINE__, state_peek(&fixture->places, "sites", &held, NULL), -ENOENT);
        state = open_state(fixture);
        CHECK_INT(__LINE__, state_peek(&fixture->places, "sites", &held, NULL), -ENOENT);
        g_assert_cmpint(state_save(state, "before", "x", 1), ==, 0);
        CHECK_INT(__LINE__, state_peek(&fixture->places, "sites", &held, NULL), -EBADMSG);
        write_one(state, "a.example\n");
        g_assert_cmpint(state_peek(&fixture->places, "sites", &held, NULL), ==, 0);
        CHECK_INT(__LINE__, held.claims.n, 1);
        held_clear(&held);
        put(fixture, "claims", "nonsense");
        CHECK_INT(__LINE__, state_peek(&fixture->places, "sites", &held, NULL), -EBADMSG);
        CHECK(__LINE__, !exists(fixture, "claims-unreadable"));
        state_close(state);
}

static void add(const char *path, void (*func)(Fixture *fixture, gconstpointer data)) {
        g_test_add(path, Fixture, NULL, set_up, func, tear_down);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        add("/state/there and back", test_round);
        add("/state/lists", test_lists);
        add("/state/what cannot be read", test_unreadable);
        add("/state/what is legible of a torn state", test_legible);
        add("/state/a damaged list", test_damaged_list);
        add("/state/a newer format", test_newer);
        add("/state/the lock", test_lock);
        add("/state/the lock for a moment", test_brief_lock);
        add("/state/a full disk", test_full);
        add("/state/the cap of what is held", test_held_cap);
        add("/state/a failure, and no descriptors", test_failure_without_descriptors);
        add("/state/names of plugins", test_names);
        add("/state/somebody else's", test_others);
        add("/state/saved files", test_saved);
        add("/state/caps of saved files", test_saved_caps);
        add("/state/notes", test_notes);
        add("/state/half a file", test_swept);
        add("/state/a look without the lock", test_peek);
        return g_test_run();
}
