/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* How fast and how far one user's store grows by what is asked for, and a restore that is made elsewhere. */

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/store/store.h"
#include "tests/unit/engine/fixture.h"

#define EACH_USEC (USEC_PER_MIN / CAP_CHANGES_PER_MIN)

static int set_target(Fixture *f, unsigned n) {
        char text[8];

        g_snprintf(text, sizeof(text), "%u", n % 10 + 1);
        return fixture_request(
                        f, &(Request){ .type = REQUEST_SETTING_SET, .name = "target", .text = text }, NULL);
}

static void burst(Fixture *f, unsigned n) {
        for (unsigned i = 0; i < n; i++)
                g_assert_cmpint(set_target(f, i), ==, 0);
}

static void test_rate(void) {
        cleanup_(fixture_done) Fixture f;
        Request dry = {
                .type = REQUEST_RULES_IMPORT, .text = "[Rule a]\nHours=09:00-12:00\n", .dry_run = true
        };
        uint64_t seq;

        fixture_begin(&f);
        burst(&f, CAP_CHANGES_AT_ONCE - 1);
        /* What changes nothing counts for nothing. */
        g_assert_cmpint(fixture_request(&f, &(Request){ .type = REQUEST_TASK_REMOVE, .id = 7 }, NULL), ==,
                        REFUSAL_NO_SUCH_TASK);
        g_assert_cmpint(fixture_request(&f, &dry, NULL), ==, 0);
        burst(&f, 1);
        seq = fixture_timer(&f).seq;
        g_assert_cmpint(set_target(&f, 0), ==, REFUSAL_LIMITS_EXCEEDED);
        assert_refused(&f, REFUSAL_LIMITS_EXCEEDED, "600 changes a minute");
        assert_refused(&f, REFUSAL_LIMITS_EXCEEDED, "no more than 200 at once");
        assert_refused(&f, REFUSAL_LIMITS_EXCEEDED, "in 100 ms");
        g_assert_cmpuint(fixture_timer(&f).seq, ==, seq);
        g_assert_cmpint(fixture_request(&f, &dry, NULL), ==, 0);

        test_clocks_advance(f.clocks, EACH_USEC - 1);
        g_assert_cmpint(set_target(&f, 0), ==, REFUSAL_LIMITS_EXCEEDED);
        assert_refused(&f, REFUSAL_LIMITS_EXCEEDED, "in 1 ms");
        test_clocks_advance(f.clocks, 1);
        g_assert_cmpint(set_target(&f, 0), ==, 0);
        g_assert_cmpint(set_target(&f, 0), ==, REFUSAL_LIMITS_EXCEEDED);

        /* However long nothing was asked for, no more are made at once. */
        test_clocks_advance(f.clocks, USEC_PER_DAY);
        burst(&f, CAP_CHANGES_AT_ONCE);
        g_assert_cmpint(set_target(&f, 0), ==, REFUSAL_LIMITS_EXCEEDED);
        /* A clock that is set is no way around it. */
        test_clocks_step(f.clocks, (int64_t) USEC_PER_DAY);
        g_assert_cmpint(set_target(&f, 0), ==, REFUSAL_LIMITS_EXCEEDED);
}

/* Undoing is a change as well; a bell, and what it is stored with, is none. */
static void test_rate_of_all(void) {
        cleanup_(fixture_done) Fixture f;
        int64_t id;

        fixture_begin(&f);
        g_assert_cmpint(fixture_add(&f, -60, -30, NULL), ==, 1);
        id = fixture_start_interval(&f, INTERVAL_POMODORO, 5 * USEC_PER_SEC, NULL);
        burst(&f, CAP_CHANGES_AT_ONCE - 2);
        g_assert_cmpint(fixture_request(&f, &(Request){ .type = REQUEST_LOG_UNDO }, NULL), ==,
                        REFUSAL_LIMITS_EXCEEDED);
        test_clocks_advance(f.clocks, 5 * USEC_PER_SEC);
        g_assert_cmpuint(fixture_told(&f, HAPPENED_COMPLETED), ==, 1);
        g_assert_cmpint(fixture_interval(&f, id).outcome, ==, OUTCOME_COMPLETED);
        fixture_stop(&f);
        g_assert_cmpint(fixture_start(&f), ==, 0);
        g_assert_cmpint(fixture_interval(&f, id).outcome, ==, OUTCOME_COMPLETED);
}

/* ---- how large ---- */

/* So many bytes are in use from here on; they take no room on the disk. */
static void enlarge(Fixture *f, uint64_t bytes) {
        cleanup_free_ char *path = g_build_filename(f->dir, "pomod.db", NULL);
        cleanup_close_ int fd = -1;
        uint32_t pages, free_pages;

        fixture_stop(f);
        fd = open(path, O_RDWR | O_CLOEXEC);
        g_assert_cmpint(fd, >=, 0);
        g_assert_cmpint(pread(fd, &free_pages, sizeof(free_pages), 36), ==, sizeof(free_pages));
        bytes += (uint64_t) GUINT32_FROM_BE(free_pages) * 4096;
        pages = GUINT32_TO_BE((uint32_t) (bytes / 4096));
        g_assert_cmpint(ftruncate(fd, (off_t) bytes), ==, 0);
        g_assert_cmpint(pwrite(fd, &pages, sizeof(pages), 28), ==, sizeof(pages));
        g_assert_cmpint(fixture_start(f), ==, 0);
}

static int add_task(Fixture *f) {
        return fixture_request(f,
                        &(Request){ .type = REQUEST_TASK_ADD, .task.task.title = (char *) "Letter" }, NULL);
}

static int edit_note(Fixture *f, int64_t id, const char *note) {
        return fixture_request(f,
                        &(Request){ .type = REQUEST_LOG_EDIT,
                                        .id = id,
                                        .log = { .has_note = true, .note = note } },
                        NULL);
}

static void test_size(void) {
        cleanup_(fixture_done) Fixture f;
        int64_t id;

        fixture_begin(&f);
        g_assert_cmpint(fixture_add(&f, -60, -30, "Letter"), ==, 1);
        enlarge(&f, CAP_STORE_BYTES - 4096);
        fixture_start_interval(&f, INTERVAL_FREEFORM, 0, NULL);
        id = fixture_timer(&f).view.interval;
        enlarge(&f, CAP_STORE_BYTES);

        g_assert_cmpint(fixture_add(&f, -30, -20, NULL), ==, 0);
        assert_refused(&f, REFUSAL_LIMITS_EXCEEDED, "takes 512 MiB, and 512 MiB is the most");
        g_assert_cmpint(add_task(&f), ==, REFUSAL_LIMITS_EXCEEDED);
        g_assert_cmpint(edit_note(&f, 1, "longer"), ==, REFUSAL_LIMITS_EXCEEDED);
        g_assert_cmpint(fixture_request(&f,
                                        &(Request){ .type = REQUEST_TIMER, .event.type = EVENT_INTERRUPT },
                                        NULL),
                        ==, REFUSAL_LIMITS_EXCEEDED);

        /* What ends, makes smaller or is small goes on. */
        fixture_event(&f, EVENT_STOP);
        g_assert_cmpint(edit_note(&f, 1, ""), ==, 0);
        g_assert_cmpint(fixture_request(&f, &(Request){ .type = REQUEST_LOG_DELETE, .id = id }, NULL), ==, 0);
        fixture_set(&f, "target", "5");
        g_assert_cmpuint(fixture_count(&f), ==, 1);
        g_assert_cmpint(fixture_request(&f,
                                        &(Request){ .type = REQUEST_TIMER,
                                                        .event = { .type = EVENT_START,
                                                                        .kind = INTERVAL_FREEFORM } },
                                        NULL),
                        ==, REFUSAL_LIMITS_EXCEEDED);
}

/* A bell, and the break that follows by itself, are stored however large it is. */
static void test_size_and_time(void) {
        cleanup_(fixture_done) Fixture f;
        int64_t id;

        fixture_begin(&f);
        id = fixture_start_interval(&f, INTERVAL_POMODORO, USEC_PER_MIN, NULL);
        enlarge(&f, CAP_STORE_BYTES);
        test_clocks_advance(f.clocks, USEC_PER_MIN);
        g_assert_cmpuint(fixture_told(&f, HAPPENED_COMPLETED), ==, 1);
        fixture_stop(&f);
        g_assert_cmpint(fixture_start(&f), ==, 0);
        g_assert_cmpint(fixture_interval(&f, id).outcome, ==, OUTCOME_COMPLETED);
}

/* ---- what is in force ---- */

static void import_large(Fixture *f, const char *rules) {
        cleanup_free_ char *value = g_strnfill(CAP_DESIRED_SHARE_BYTES / 16 - 256, 'x');
        cleanup_free_ char *text = g_strdup_printf(
                        "[Profile large]\nPlugins=sites\nsites.A=%s\nsites.B=%s\nsites.C=%s\nsites.D=%s\n%s",
                        value, value, value, value, rules);

        ruled_import(f, text);
}

static int engage(Fixture *f) {
        return fixture_request(f,
                        &(Request){ .type = REQUEST_FOCUS_ENGAGE,
                                        .name = "large",
                                        .for_usec = USEC_PER_HOUR },
                        NULL);
}

static int start_with_focus(Fixture *f) {
        return fixture_request(f,
                        &(Request){ .type = REQUEST_TIMER,
                                        .event = { .type = EVENT_START, .kind = INTERVAL_FREEFORM },
                                        .focus = "large" },
                        NULL);
}

/* By hand and with an interval it is refused; by a rule the window is on record with why. */
static void test_in_force(void) {
        cleanup_(fixture_done) Fixture f;
        const Claim *claim = NULL;
        unsigned place = 0;

        ruled_begin(&f, "");
        import_large(&f, "");
        for (unsigned i = 0; i < 4; i++)
                g_assert_cmpint(engage(&f), ==, 0);
        g_assert_cmpint(engage(&f), ==, REFUSAL_LIMITS_EXCEEDED);
        assert_refused(&f, REFUSAL_LIMITS_EXCEEDED, "more than 256 KiB of settings for the plugin sites");
        g_assert_cmpint(start_with_focus(&f), ==, REFUSAL_LIMITS_EXCEEDED);
        g_assert_cmpint(fixture_timer(&f).view.state, ==, INTERVAL_NONE);
        import_large(&f, "[Rule now]\nHours=00:00-24:00\nFocus=large\n");
        g_assert_cmpint(fixture_in(&f, ({
                const Claim *next;

                while ((next = user_read_claim(user, &place)))
                        claim = next;
                0;
        })),
                        ==, 0);
        g_assert_cmpint(claim->source, ==, CLAIM_BY_RULE);
        g_assert_nonnull(strstr(claim->failure, "more than 256 KiB"));
        g_assert_cmpuint(g_strv_length(claim->profile.plugins), ==, 0);
}

static void test_number_in_force(void) {
        GArray *claims = claim_array_new();
        const Claim none = {};
        const Now now = {};
        Refusal refusal;

        while (claims->len < CAP_CLAIMS_IN_FORCE - 1)
                g_array_append_val(claims, none);
        g_assert_cmpint(focus_share_check(claims, &now, NULL, NULL, &refusal), ==, 0);
        g_array_append_val(claims, none);
        g_assert_cmpint(focus_share_check(claims, &now, NULL, NULL, &refusal), ==, REFUSAL_LIMITS_EXCEEDED);
        g_array_unref(claims);
}

/* ---- backups by hand ---- */

static void ignore_result(int result, const Refusal *refusal, const char *name, void *userdata) {
}

static int ask_backup(Fixture *f) {
        return fixture_in(f, user_request_backup(user, ignore_result, NULL, &f->refusal));
}

static void test_backup_a_minute(void) {
        cleanup_(fixture_done) Fixture f;

        fixture_begin(&f);
        fixture_set(&f, "target", "5");
        engine_backup_done(f.engine, f.uid, BACKUP_BY_TIME, 0, "made");
        g_assert_cmpint(ask_backup(&f), ==, 0);
        g_assert_cmpint(ask_backup(&f), ==, REFUSAL_BUSY);
        engine_backup_done(f.engine, f.uid, BACKUP_BY_HAND, 0, "made");
        g_assert_cmpint(ask_backup(&f), ==, REFUSAL_LIMITS_EXCEEDED);
        assert_refused(&f, REFUSAL_LIMITS_EXCEEDED,
                        "one a minute, and the last was asked for 0 s ago; try again in 60 s");
        test_clocks_advance(f.clocks, CAP_BACKUP_EVERY_USEC - 1);
        g_assert_cmpint(ask_backup(&f), ==, REFUSAL_LIMITS_EXCEEDED);
        test_clocks_advance(f.clocks, 1);
        g_assert_cmpint(ask_backup(&f), ==, 0);
}

/* ---- a restore, which is made elsewhere ---- */

#define FOCUS                                                                                     \
        "[Profile work]\nPlugins=sites\nsites.Block=reddit.com\n[Rule noon]\nHours=12:00-13:00\n" \
        "Focus=work\n"

static char *begin_restorable(Fixture *f) {
        char name[BACKUP_NAME_MAX];

        ruled_begin(f, FOCUS);
        fixture_set(f, "target", "5");
        g_assert_cmpint(store_backup_make(f->dir, START_REAL_USEC, name), ==, 0);
        fixture_set(f, "target", "6");
        return g_strdup(name);
}

static unsigned in_force(Fixture *f) {
        unsigned place = 0, n = 0;

        g_assert_cmpint(fixture_in(f, ({
                while (user_read_claim(user, &place))
                        n++;
                0;
        })),
                        ==, 0);
        return n;
}

/* Nothing that is asked for is written meanwhile, and everything is read. */
static void test_restore_meanwhile(void) {
        cleanup_(fixture_done) Fixture f;
        cleanup_free_ char *name = begin_restorable(&f);

        g_assert_cmpint(fixture_restore_begin(&f, name), ==, 0);
        g_assert_cmpint(f.restored, ==, 1000);
        g_assert_cmpint(set_target(&f, 7), ==, REFUSAL_BUSY);
        assert_refused(&f, REFUSAL_BUSY, name);
        g_assert_cmpint(fixture_restore_begin(&f, name), ==, REFUSAL_BUSY);
        g_assert_cmpuint(fixture_timer(&f).target_today, ==, 6);
        f.restored = 1000;
        fixture_restore_end(&f, name);
        g_assert_cmpint(f.restored, ==, 0);
        g_assert_cmpuint(fixture_timer(&f).target_today, ==, 5);
        g_assert_cmpuint(f.restores, ==, 1);
        g_assert_cmpint(set_target(&f, 7), ==, 0);
}

/* What time wrote meanwhile is in what takes the store's place: it is made anew. */
static void test_restore_and_time(void) {
        cleanup_(fixture_done) Fixture f;
        cleanup_free_ char *name = begin_restorable(&f);

        g_assert_cmpint(fixture_restore_begin(&f, name), ==, 0);
        g_assert_cmpint(store_restore_prepare(f.dir, name, START_REAL_USEC), ==, 0);
        test_clocks_advance(f.clocks, USEC_PER_HOUR);
        g_assert_cmpuint(in_force(&f), ==, 1);
        engine_backup_done(f.engine, f.uid, BACKUP_RESTORE, 0, NULL);
        g_assert_cmpint(f.restored, ==, 1000);
        g_assert_cmpuint(f.restores, ==, 2);
        fixture_restore_end(&f, name);
        g_assert_cmpint(f.restored, ==, 0);
        fixture_stop(&f);
        g_assert_cmpint(fixture_start(&f), ==, 0);
        g_assert_cmpuint(fixture_timer(&f).target_today, ==, 5);
        g_assert_cmpuint(in_force(&f), ==, 1);
}

/* A process that failed leaves everything as it was, and what can be asked for again. */
static void test_restore_failed(void) {
        cleanup_(fixture_done) Fixture f;
        cleanup_free_ char *name = begin_restorable(&f);

        g_assert_cmpint(fixture_restore_begin(&f, name), ==, 0);
        engine_backup_done(f.engine, f.uid, BACKUP_RESTORE, -ENOSPC, NULL);
        g_assert_cmpint(f.restored, ==, REFUSAL_STORE_FAILED);
        assert_refused(&f, REFUSAL_STORE_FAILED, "the disk is full: nothing was changed");
        g_assert_cmpint(fixture_restore_begin(&f, name), ==, 0);
        engine_backup_done(f.engine, f.uid, BACKUP_RESTORE, -EUCLEAN, NULL);
        g_assert_cmpint(f.restored, ==, REFUSAL_STORE_FAILED);
        assert_refused(&f, REFUSAL_STORE_FAILED, "is damaged itself: nothing was changed");
        g_assert_cmpuint(fixture_timer(&f).target_today, ==, 6);
        g_assert_cmpint(fixture_restore(&f, name), ==, 0);
        g_assert_cmpuint(fixture_timer(&f).target_today, ==, 5);
}

/* Whoever waits is told at the end. */
static void test_restore_cancelled(void) {
        cleanup_(fixture_done) Fixture f;
        cleanup_free_ char *name = begin_restorable(&f);

        g_assert_cmpint(fixture_restore_begin(&f, name), ==, 0);
        engine_backup_cancel(f.engine);
        g_assert_cmpint(f.restored, ==, -ECANCELED);
        f.restored = 1000;
        fixture_stop(&f);
        g_assert_cmpint(f.restored, ==, 1000);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/engine/budgets/rate", test_rate);
        g_test_add_func("/engine/budgets/rate-of-all", test_rate_of_all);
        g_test_add_func("/engine/budgets/size", test_size);
        g_test_add_func("/engine/budgets/size-and-time", test_size_and_time);
        g_test_add_func("/engine/budgets/in-force", test_in_force);
        g_test_add_func("/engine/budgets/number-in-force", test_number_in_force);
        g_test_add_func("/engine/budgets/backup-a-minute", test_backup_a_minute);
        g_test_add_func("/engine/budgets/restore-meanwhile", test_restore_meanwhile);
        g_test_add_func("/engine/budgets/restore-and-time", test_restore_and_time);
        g_test_add_func("/engine/budgets/restore-failed", test_restore_failed);
        g_test_add_func("/engine/budgets/restore-cancelled", test_restore_cancelled);
        return g_test_run();
}
