/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* The one way in and out: what a failure is called in the journal, and what leaving does of its own. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/engine/fixture.h"

/* The journal is standard error. */
typedef struct Journal {
        char *path;
        int stderr_fd;
} Journal;

static void journal_begin(Journal *journal, const Fixture *f) {
        cleanup_close_ int fd = -1;

        journal->path = g_build_filename(f->dir, "journal", NULL);
        fd = open(journal->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        g_assert_cmpint(fd, >=, 0);
        journal->stderr_fd = dup(STDERR_FILENO);
        g_assert_cmpint(dup2(fd, STDERR_FILENO), ==, STDERR_FILENO);
}

/* What was written since; free with g_free(). */
static char *journal_end(Journal *journal) {
        char *text = NULL;

        fflush(stderr);
        g_assert_cmpint(dup2(journal->stderr_fd, STDERR_FILENO), ==, STDERR_FILENO);
        close(journal->stderr_fd);
        g_assert_true(g_file_get_contents(journal->path, &text, NULL, NULL));
        g_free(journal->path);
        return text;
}

#define assert_has(text, words)                                   \
        do {                                                      \
                if (!strstr(text, words))                         \
                        g_error("no \"%s\" in: %s", words, text); \
        } while (0)

/* On a disk that is full, not in the journal itself. */
static void test_journal_names_the_call(void) {
        const Request set = { .type = REQUEST_SETTING_SET, .name = "target", .text = "3" };
        cleanup_(fixture_done) Fixture f;
        cleanup_free_ char *text = NULL;
        Journal journal;
        int r;

        fixture_begin(&f);
        fixture_set(&f, "target", "2");
        journal_begin(&journal, &f);
        disk_full();
        r = fixture_request(&f, &set, NULL);
        disk_free();
        text = journal_end(&journal);
        g_assert_cmpint(r, ==, REFUSAL_STORE_FAILED);
        assert_has(text, TEST_CALL ": the store of user 1000 in ");
        assert_has(text, " cannot be used: No space left on device");
}

/* What time does is in nobody's name but time's. */
static void test_journal_names_the_timer(void) {
        cleanup_(fixture_done) Fixture f;
        cleanup_free_ char *text = NULL;
        Journal journal;

        fixture_begin(&f);
        fixture_start_interval(&f, INTERVAL_POMODORO, 0, NULL);
        journal_begin(&journal, &f);
        disk_full();
        test_clocks_advance(f.clocks, MIN_USEC(26));
        disk_free();
        text = journal_end(&journal);
        g_assert_cmpuint(fixture_told(&f, HAPPENED_COMPLETED), ==, 1);
        assert_has(text, "The timer: the store of user 1000 in ");
        assert_has(text, " cannot be written: No space left on device");
}

/* What came from elsewhere than a store is handed back as it is, and no store is blamed. */
static void test_other_errors(void) {
        cleanup_(fixture_done) Fixture f;
        cleanup_free_ char *text = NULL;
        Journal journal;
        int r;

        fixture_begin(&f);
        fixture_set(&f, "target", "2");
        journal_begin(&journal, &f);
        r = fixture_in(&f, -ENOTCONN);
        text = journal_end(&journal);
        g_assert_cmpint(r, ==, -ENOTCONN);
        assert_has(text, TEST_CALL ": this failed for user 1000: ");
        g_assert_null(strstr(text, "store"));
        g_assert_cmpint(fixture_in(&f, REFUSAL_BUSY), ==, REFUSAL_BUSY);
        /* A store's is a sentence, whoever came upon it. */
        g_assert_cmpint(fixture_in(&f, -EROFS), ==, REFUSAL_STORE_FAILED);
        assert_refused(&f, REFUSAL_STORE_FAILED, "cannot be written: nothing was changed");
}

/* Damage is mended when the user is left, not under the feet of who came upon it. */
static void test_recovers_when_left(void) {
        cleanup_(fixture_done) Fixture f;
        unsigned calls = 0;
        uint64_t seq;
        User *user;

        fixture_begin(&f);
        g_assert_cmpint(fixture_add(&f, -60, -30, "Letter"), ==, 1);
        seq = fixture_timer(&f).seq;
        g_assert_cmpint(engine_enter(f.engine, f.uid, TEST_CALL, &user, &f.refusal), ==, 0);
        calls = f.calls;
        g_assert_cmpuint(fixture_told(&f, HAPPENED_HISTORY_CHANGED), ==, 1);
        g_assert_cmpuint(f.calls, ==, calls);
        g_assert_cmpint(engine_leave(user, -EUCLEAN, &f.refusal), ==, REFUSAL_STORE_FAILED);
        assert_refused(&f, REFUSAL_STORE_FAILED, "the store was damaged: it was set aside as ");
        g_assert_cmpuint(f.calls, ==, calls + 1);
        g_assert_cmpuint(fixture_timer(&f).seq, >, seq);
}

/* Neither a reading nor its end moves anything, or looks for work. */
static void test_reading_is_quiet(void) {
        cleanup_(fixture_done) Fixture f;
        uint64_t armed, seq;
        unsigned calls;

        fixture_begin(&f);
        fixture_start_interval(&f, INTERVAL_POMODORO, 0, NULL);
        armed = test_clocks_armed(f.clocks);
        calls = f.calls;
        seq = fixture_timer(&f).seq;
        for (unsigned i = 0; i < 100; i++)
                g_assert_cmpuint(fixture_timer(&f).seq, ==, seq);
        g_assert_cmpuint(f.calls, ==, calls);
        g_assert_cmpuint(test_clocks_armed(f.clocks), ==, armed);
}

/* A client that has its answer has been told of all that follows from what it asked for. */
static void test_told_before_the_answer(void) {
        static const char rules[] = "[Rule now]\nFocus=deep\n[Profile deep]\nPlugins=mute\n";
        const Request import = { .type = REQUEST_RULES_IMPORT, .text = rules };
        cleanup_(fixture_done) Fixture f;
        User *user;

        fixture_begin(&f);
        g_assert_cmpint(engine_enter(f.engine, f.uid, "Test.Import", &user, &f.refusal), ==, 0);
        g_assert_cmpint(user_request(user, &import, NULL, &f.refusal), ==, 0);
        g_assert_cmpuint(fixture_told(&f, HAPPENED_FOCUS_CHANGED), ==, 1);
        g_assert_cmpint(engine_leave(user, 0, &f.refusal), ==, 0);
        g_assert_cmpuint(fixture_told(&f, HAPPENED_FOCUS_CHANGED), ==, 1);
}

/* Nobody asks a user whom they have not entered, or have left. */
static void test_request_of_who_has_left(void) {
        Fixture f;
        User *user;

        if (g_test_subprocess()) {
                fixture_init(&f);
                g_assert_cmpint(fixture_start(&f), ==, 0);
                g_assert_cmpint(engine_enter(f.engine, f.uid, TEST_CALL, &user, NULL), ==, 0);
                g_assert_cmpint(engine_leave(user, 0, NULL), ==, 0);
                user_request(user, &(Request){ .type = REQUEST_TIMER }, NULL, NULL);
                return;
        }
        g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
        g_test_trap_assert_failed();
        g_test_trap_assert_stderr("*user->call*");
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/engine/enter/journal-names-the-call", test_journal_names_the_call);
        g_test_add_func("/engine/enter/journal-names-the-timer", test_journal_names_the_timer);
        g_test_add_func("/engine/enter/other-errors", test_other_errors);
        g_test_add_func("/engine/enter/request-of-who-has-left", test_request_of_who_has_left);
        g_test_add_func("/engine/enter/recovers-when-left", test_recovers_when_left);
        g_test_add_func("/engine/enter/told-before-the-answer", test_told_before_the_answer);
        g_test_add_func("/engine/enter/reading-is-quiet", test_reading_is_quiet);
        return g_test_run();
}
