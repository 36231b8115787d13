/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <string.h>

#include "tests/unit/engine/fixture.h"

static void start_many(Fixture *f) {
        fixture_init(f);
        f->many_users = true;
        g_assert_cmpint(fixture_start(f), ==, 0);
}

static unsigned count_descriptors(void) {
        GDir *dir = g_dir_open("/proc/self/fd", 0, NULL);
        unsigned n = 0;

        g_assert_nonnull(dir);
        while (g_dir_read_name(dir))
                n++;
        g_dir_close(dir);
        return n;
}

static void test_apart(void) {
        cleanup_(fixture_done) Fixture f;
        TimerSnapshot timer;

        start_many(&f);
        f.uid = 1001;
        g_assert_cmpint(fixture_start_interval(&f, INTERVAL_POMODORO, 0, "Letter"), ==, 1);
        test_clocks_advance(f.clocks, MIN_USEC(10));
        f.uid = 1002;
        g_assert_cmpint(fixture_timer(&f).view.state, ==, INTERVAL_NONE);
        g_assert_cmpint(fixture_start_interval(&f, INTERVAL_FREEFORM, 0, "Other"), ==, 1);
        g_assert_cmpuint(test_clocks_armed(f.clocks), ==, START_BOOT_USEC + MIN_USEC(15));
        test_clocks_advance(f.clocks, MIN_USEC(15));

        timer = fixture_timer(&f);
        g_assert_cmpint(timer.view.state, ==, INTERVAL_FREEFORM);
        g_assert_cmpstr(timer.task_title, ==, "Other");
        g_assert_cmpuint(timer.seq, ==, 2);
        f.uid = 1001;
        timer = fixture_timer(&f);
        g_assert_cmpint(timer.view.state, ==, INTERVAL_SHORT_BREAK);
        g_assert_cmpuint(timer.completed_today, ==, 1);
        g_assert_cmpuint(fixture_count(&f), ==, 2);
}

static void test_who_has_none(void) {
        cleanup_(fixture_done) Fixture f;

        start_many(&f);
        g_assert_cmpint(engine_users_check(f.engine, 0, &f.refusal), ==, REFUSAL_NO_USER);
        assert_refused(&f, REFUSAL_NO_USER, "from 1000 on");
        assert_refused(&f, REFUSAL_NO_USER, "use --user=NAME, or run it without sudo");
        g_assert_cmpint(engine_users_check(f.engine, 999, &f.refusal), ==, REFUSAL_NO_USER);
        g_assert_cmpint(engine_users_check(f.engine, 4242, &f.refusal), ==, REFUSAL_NO_USER);
        assert_refused(&f, REFUSAL_NO_USER, "4242");
        for (uid_t uid = 60514; uid <= 65535; uid += uid == 60514 ? 5020 : 1) { /* 65534 is nobody */
                g_assert_cmpint(engine_users_check(f.engine, uid, &f.refusal), ==, REFUSAL_NO_USER);
                assert_refused(&f, REFUSAL_NO_USER, "system account");
        }
        g_assert_cmpint(engine_users_check(f.engine, 60513, &f.refusal), ==, 0);
        g_assert_cmpint(engine_users_check(f.engine, 65536, &f.refusal), ==, 0);
        g_assert_cmpint(engine_users_check(f.engine, 1000, &f.refusal), ==, 0);
        fixture_stop(&f);

        f.many_users = false;
        g_assert_cmpint(fixture_start(&f), ==, 0);
        g_assert_cmpint(engine_users_check(f.engine, 1000, &f.refusal), ==, 0);
        g_assert_cmpint(engine_users_check(f.engine, 1001, &f.refusal), ==, REFUSAL_NO_USER);
}

static void live_apart(Fixture *f) {
        for (f->uid = 1001; f->uid <= 1003; f->uid++) {
                fixture_start_interval(f, INTERVAL_POMODORO, MIN_USEC(f->uid - 1000), NULL);
                if (f->uid == 1002)
                        fixture_event(f, EVENT_STOP);
        }
}

/* After a crash the deadlines of all are armed again, whether anybody asks or not. */
static void test_all_go_on(void) {
        cleanup_(fixture_done) Fixture f;

        fixture_init(&f);
        f.many_users = true;
        fixture_crash(&f, live_apart);
        g_assert_cmpint(fixture_start(&f), ==, 0);
        g_assert_cmpuint(test_clocks_armed(f.clocks), ==, START_BOOT_USEC + MIN_USEC(1));
        test_clocks_advance(f.clocks, MIN_USEC(3));
        g_assert_cmpuint(fixture_told(&f, HAPPENED_COMPLETED), ==, 2);
        f.uid = 1002;
        g_assert_cmpuint(fixture_timer(&f).completed_today, ==, 0);
        f.uid = 1003;
        g_assert_cmpuint(fixture_timer(&f).completed_today, ==, 1);
}

/* Stores where nothing goes on are closed again; nobody notices. */
static void test_many_idle(void) {
        cleanup_(fixture_done) Fixture f;
        unsigned before;

        start_many(&f);
        before = count_descriptors();
        f.uid = 2000;
        fixture_start_interval(&f, INTERVAL_FREEFORM, 0, NULL);
        for (f.uid = 2001; f.uid < 2100; f.uid++) {
                fixture_set(&f, "target", "7");
                engine_backup_done(f.engine, f.uid, BACKUP_BY_TIME, 0, "made");
        }
        g_assert_cmpuint(count_descriptors(), <, before + 20 * 6);
        for (f.uid = 2001; f.uid < 2100; f.uid++) {
                g_assert_cmpuint(fixture_timer(&f).target_today, ==, 7);
                g_assert_cmpuint(fixture_timer(&f).seq, ==, 1);
        }
        f.uid = 2000;
        g_assert_cmpint(fixture_timer(&f).view.state, ==, INTERVAL_FREEFORM);
        g_assert_cmpuint(fixture_timer(&f).seq, ==, 1);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/engine/users/apart", test_apart);
        g_test_add_func("/engine/users/who-has-none", test_who_has_none);
        g_test_add_func("/engine/users/all-go-on", test_all_go_on);
        g_test_add_func("/engine/users/many-idle", test_many_idle);
        return g_test_run();
}
