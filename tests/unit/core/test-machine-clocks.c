/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* Sleep, a clock that is set, another boot: what happens to what runs. */

#include "tests/unit/core/world.h"

#define POMODORO INTERVAL_POMODORO
#define SHORT    INTERVAL_SHORT_BREAK
#define LONG     INTERVAL_LONG_BREAK
#define FREEFORM INTERVAL_FREEFORM
#define IDLE     INTERVAL_NONE

static const Event stop = { .type = EVENT_STOP };
static const Event pause_it = { .type = EVENT_PAUSE };

/* ---- sleep ---- */

/* One sleep, after some time of an interval. */
static void test_sleep(void) {
        static const struct {
                int line;
                IntervalKind kind;
                uint64_t awake, slept;
                const char *grace;
                IntervalKind state; /* on waking */
                IntervalOutcome outcome;
                uint64_t length;
                const char *reason;
        } table[] = {
                { __LINE__, POMODORO, MIN_(10), SEC(30), "60s", POMODORO, OUTCOME_RUNNING, 0, "" },
                { __LINE__, POMODORO, MIN_(10), SEC(60), "60s", POMODORO, OUTCOME_RUNNING, 0, "" },
                { __LINE__, POMODORO, MIN_(10), SEC(60) + 1, "60s", IDLE, OUTCOME_VOID, MIN_(10), "suspend" },
                { __LINE__, POMODORO, MIN_(10), HOUR(8), "60s", IDLE, OUTCOME_VOID, MIN_(10), "suspend" },
                { __LINE__, POMODORO, MIN_(10), MIN_(14), "24h", POMODORO, OUTCOME_RUNNING, 0, "" },
                { __LINE__, POMODORO, MIN_(10), USEC_PER_MSEC * 5, "0s", POMODORO, OUTCOME_RUNNING, 0, "" },
                { __LINE__, POMODORO, MIN_(10), USEC_PER_MSEC * 20, "0s", IDLE, OUTCOME_VOID, MIN_(10),
                                "suspend" },
                { __LINE__, POMODORO, MIN_(25) - SEC(10), SEC(30), "60s", SHORT, OUTCOME_COMPLETED, MIN_(25),
                                "" },
                { __LINE__, POMODORO, MIN_(25) - SEC(10), SEC(61), "60s", IDLE, OUTCOME_VOID,
                                MIN_(25) - SEC(10), "suspend" },
                { __LINE__, POMODORO, MIN_(25) - SEC(10), HOUR(8), "24h", IDLE, OUTCOME_COMPLETED, MIN_(25),
                                "" },
                { __LINE__, SHORT, MIN_(1), MIN_(2), "60s", SHORT, OUTCOME_RUNNING, 0, "" },
                { __LINE__, SHORT, MIN_(1), MIN_(4), "60s", IDLE, OUTCOME_COMPLETED, MIN_(5), "" },
                { __LINE__, SHORT, MIN_(1), HOUR(8), "60s", IDLE, OUTCOME_COMPLETED, MIN_(5), "" },
                { __LINE__, LONG, MIN_(1), HOUR(8), "0s", IDLE, OUTCOME_COMPLETED, MIN_(15), "" },
                { __LINE__, FREEFORM, MIN_(12), SEC(60), "60s", FREEFORM, OUTCOME_RUNNING, 0, "" },
                { __LINE__, FREEFORM, MIN_(12), SEC(61), "60s", IDLE, OUTCOME_COMPLETED, MIN_(12),
                                "suspend" },
                { __LINE__, FREEFORM, MIN_(12), HOUR(72), "60s", IDLE, OUTCOME_COMPLETED, MIN_(12),
                                "suspend" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
                cleanup_(world_freep) World *world = world_new();

                world->settings.auto_start_pomodoro = true;
                g_assert_cmpint(settings_set(&world->settings, "suspend-grace", table[i].grace, NULL), ==, 0);
                world_start(world, table[i].kind);
                world_advance(world, table[i].awake);
                world_sleep(world, table[i].slept);
                CHECK_STATE(table[i].line, world, table[i].state);
                if (table[i].outcome == OUTCOME_RUNNING)
                        continue;
                CHECK_RECORD(table[i].line, &g_array_index(world->log, WorldRecord, 0), table[i].kind,
                                table[i].outcome, table[i].length);
                CHECK_STR(table[i].line, g_array_index(world->log, WorldRecord, 0).reason, table[i].reason);
        }
}

static void test_sleep_adds_up(void) {
        cleanup_(world_freep) World *world = world_new();

        world_start(world, POMODORO);
        world_advance(world, MIN_(5));
        world_sleep(world, SEC(40));
        world_advance(world, MIN_(5));
        world_sleep(world, SEC(40));
        CHECK_RECORD(__LINE__, world_record(world, 0), POMODORO, OUTCOME_VOID, MIN_(10) + SEC(40));
        g_assert_cmpint(world_happening(world, 0)->type, ==, HAPPENED_VOID);
        g_assert_cmpstr(world_happening(world, 0)->reason, ==, "suspend");

        /* Of freeform each sleep is judged by itself, and the next pomodoro counts anew. */
        world_start(world, FREEFORM);
        for (unsigned n = 0; n < 10; n++)
                world_sleep(world, SEC(40));
        CHECK_STATE(__LINE__, world, FREEFORM);
        world_do(world, stop);
        world_start(world, POMODORO);
        world_sleep(world, SEC(40));
        CHECK_STATE(__LINE__, world, POMODORO);
        /* It goes on to its deadline on the clock that did not stop. */
        world_advance(world, MIN_(25) - SEC(40));
        CHECK_STATE(__LINE__, world, SHORT);
}

/* It rang, and before anybody could look the computer went to sleep: the sleep is not the pomodoro's. */
static void test_rang_before_the_sleep(void) {
        cleanup_(world_freep) World *world = world_new();

        world->settings.auto_start_pomodoro = true;
        world_start(world, POMODORO);
        virtual_clock_advance(&world->now, MIN_(25) + USEC_PER_MSEC);
        world_sleep(world, HOUR(8));
        CHECK_STATE(__LINE__, world, IDLE);
        CHECK_RECORD(__LINE__, world_record(world, -1), POMODORO, OUTCOME_COMPLETED, MIN_(25));
        CHECK_RECORD(__LINE__, world_record(world, 0), SHORT, OUTCOME_COMPLETED, MIN_(5));
}

static void test_grace_from_the_next_on(void) {
        cleanup_(world_freep) World *world = world_new();

        world_start(world, POMODORO);
        world->settings.suspend_grace_usec = 0;
        world_sleep(world, SEC(50));
        CHECK_STATE(__LINE__, world, POMODORO);
        world_do(world, stop);

        world_start(world, FREEFORM);
        world->settings.suspend_grace_usec = HOUR(1);
        world_sleep(world, SEC(50));
        CHECK_STATE(__LINE__, world, IDLE);
}

static void test_sleep_while_paused(void) {
        cleanup_(world_freep) World *world = world_new();

        world->settings.pause = true;
        world_start(world, POMODORO);
        world_advance(world, MIN_(10));
        world_do(world, pause_it);
        world_sleep(world, HOUR(8));
        CHECK_STATE(__LINE__, world, POMODORO);
        g_assert_cmpuint(world_view(world).paused_remaining_usec, ==, MIN_(15));
        world_do(world, (Event){ .type = EVENT_RESUME });
        world_advance(world, MIN_(15));
        CHECK_RECORD(__LINE__, world_record(world, -1), POMODORO, OUTCOME_COMPLETED, HOUR(8) + MIN_(25));
        world_do(world, stop);

        world_start(world, FREEFORM);
        world_do(world, pause_it);
        world_sleep(world, HOUR(8));
        CHECK_STATE(__LINE__, world, FREEFORM);
}

static void test_sleep_while_idle(void) {
        cleanup_(world_freep) World *world = world_new();

        world_sleep(world, HOUR(8));
        world_start(world, POMODORO);
        world_advance(world, MIN_(1));
        CHECK_STATE(__LINE__, world, POMODORO);
        world_advance(world, MIN_(30));
        world_sleep(world, HOUR(8));
        g_assert_cmpuint(world_view(world).cycle, ==, 0);
}

/* ---- a clock that is set ---- */

static void test_step_forward(void) {
        cleanup_(world_freep) World *world = world_new();
        uint64_t boot = world->now.boot_usec;

        world_start(world, POMODORO);
        world_advance(world, MIN_(10));
        world_step(world, (int64_t) HOUR(3));
        CHECK_STATE(__LINE__, world, POMODORO);
        g_assert_cmpint(world_happening(world, 0)->type, ==, HAPPENED_CLOCK_SET);
        g_assert_cmpuint(world_record(world, 0)->started_real_usec, ==, world->now.real_usec - MIN_(10));
        g_assert_cmpuint(world_record(world, 0)->epoch, ==, 1);
        g_assert_cmpuint(world_view(world).deadline_boot_usec, ==, boot + MIN_(25));
        g_assert_cmpuint(world_view(world).deadline_real_usec, ==, world->now.real_usec + MIN_(15));
        world_advance(world, MIN_(15));
        CHECK_RECORD(__LINE__, world_record(world, -1), POMODORO, OUTCOME_COMPLETED, MIN_(25));
}

static void test_step_back(void) {
        cleanup_(world_freep) World *world = world_new();

        /* With nothing in the log there is nothing to run into. */
        world_start(world, POMODORO);
        world_advance(world, MIN_(10));
        world_step(world, -(int64_t) HOUR(3));
        g_assert_cmpuint(world_record(world, 0)->epoch, ==, 1);
        g_assert_cmpuint(world_record(world, 0)->started_real_usec, ==, world->now.real_usec - MIN_(10));
        world_do(world, stop);

        /* Back by less than what lies between: the same epoch. */
        world_advance(world, MIN_(30));
        world_start(world, POMODORO);
        world_advance(world, MIN_(10));
        world_step(world, -(int64_t) MIN_(20));
        g_assert_cmpuint(world_record(world, 0)->epoch, ==, 1);

        /* And by more: its start would lie within the one before. */
        world_step(world, -(int64_t) MIN_(11));
        g_assert_cmpuint(world_record(world, 0)->epoch, ==, 2);
        world_advance(world, MIN_(15));
        CHECK_RECORD(__LINE__, world_record(world, -1), POMODORO, OUTCOME_COMPLETED, MIN_(25));
        g_assert_cmpuint(world_record(world, 0)->epoch, ==, 2);
}

static void test_step_back_while_idle(void) {
        cleanup_(world_freep) World *world = world_new();

        world_start(world, FREEFORM);
        world_advance(world, HOUR(2));
        world_do(world, stop);
        world_step(world, -(int64_t) HOUR(1));
        world_start(world, POMODORO);
        g_assert_cmpuint(world_record(world, 0)->epoch, ==, 2);
        world_do(world, stop);
        /* Set right again: what is later than everything needs no epoch of its own. */
        world_step(world, (int64_t) HOUR(1));
        world_start(world, POMODORO);
        g_assert_cmpuint(world_record(world, 0)->epoch, ==, 2);
}

/* Read one after the other, clocks differ by a little; that sets nothing. */
static void test_small_differences(void) {
        cleanup_(world_freep) World *world = world_new();
        guint happenings;

        world_start(world, POMODORO);
        happenings = world->happenings->len;
        world_step(world, 5000);
        world_step(world, -5000);
        world_step(world, 9999);
        g_assert_cmpuint(world->happenings->len, ==, happenings);
        g_assert_cmpuint(world_record(world, 0)->started_real_usec, ==, SEC(1782900000));
        world_step(world, 10001);
        g_assert_cmpint(world_happening(world, 0)->type, ==, HAPPENED_CLOCK_SET);
}

static void test_sleep_and_step_in_one(void) {
        cleanup_(world_freep) World *world = world_new();

        /* Asleep for 30 s and three hours wrong on waking. */
        world_start(world, POMODORO);
        world_advance(world, MIN_(10));
        world->now.real_usec += HOUR(3);
        world_sleep(world, SEC(30));
        CHECK_STATE(__LINE__, world, POMODORO);
        g_assert_cmpuint(world_record(world, 0)->started_real_usec, ==,
                        world->now.real_usec - MIN_(10) - SEC(30));

        /* Void by the sleep, and the clock is seen to be set all the same: the next one is in an epoch of its
         * own. */
        world->now.real_usec -= HOUR(6);
        world_sleep(world, HOUR(1));
        g_assert_cmpint(world_record(world, 0)->outcome, ==, OUTCOME_VOID);
        world_start(world, POMODORO);
        g_assert_cmpuint(world_record(world, 0)->epoch, ==, 2);
}

static void test_start_in_a_wrong_year(void) {
        cleanup_(world_freep) World *world = world_new();

        world_start(world, FREEFORM);
        world_advance(world, MIN_(10));
        world_do(world, stop);
        world_reboot(world, 0);
        world_step(world, -(int64_t) world->now.real_usec + (int64_t) SEC(60));
        world_start(world, POMODORO);
        g_assert_cmpuint(world_record(world, 0)->epoch, ==, 2);
        /* The network is up. */
        world_step(world, (int64_t) SEC(1782900000) + (int64_t) HOUR(5));
        world_advance(world, MIN_(25));
        CHECK_RECORD(__LINE__, world_record(world, -1), POMODORO, OUTCOME_COMPLETED, MIN_(25));
        g_assert_cmpuint(world_record(world, -1)->started_real_usec, >, SEC(1782900000));
}

static void test_cycle_follows_no_clock_that_is_set(void) {
        cleanup_(world_freep) World *world = world_new();

        world_start(world, POMODORO);
        world_advance(world, MIN_(30));
        world_step(world, (int64_t) HOUR(24));
        g_assert_cmpuint(world_view(world).cycle, ==, 1);
        world_step(world, -(int64_t) HOUR(48));
        world_advance(world, MIN_(54));
        g_assert_cmpuint(world_view(world).cycle, ==, 1);
        world_advance(world, MIN_(1));
        g_assert_cmpuint(world_view(world).cycle, ==, 0);
}

static void test_offset_of_the_zone(void) {
        cleanup_(world_freep) World *world = world_new();

        g_time_zone_unref(world->zone);
        world->zone = g_time_zone_new_identifier("Asia/Kathmandu");
        world_start(world, POMODORO);
        g_assert_cmpint(world_record(world, 0)->offset_sec, ==, 20700);
}

/* ---- restarts and boots ---- */

static void test_restart_in_the_same_boot(void) {
        cleanup_(world_freep) World *world = world_new();

        world_start(world, FREEFORM);
        world_restart(world, HOUR(3));
        CHECK_STATE(__LINE__, world, FREEFORM);
        world_do(world, stop);
        CHECK_RECORD(__LINE__, world_record(world, 0), FREEFORM, OUTCOME_COMPLETED, HOUR(3));

        world->settings.pause = true;
        world_start(world, POMODORO);
        world_do(world, pause_it);
        world_restart(world, HOUR(3));
        g_assert_true(world_view(world).paused);
}

static void test_another_boot(void) {
        static const struct {
                int line;
                IntervalKind kind;
                uint64_t awake;
                bool paused;
                uint64_t off;
                IntervalOutcome outcome;
                uint64_t length;
                const char *reason;
        } table[] = {
                { __LINE__, POMODORO, MIN_(10), false, MIN_(1), OUTCOME_VOID, MIN_(10), "reboot" },
                { __LINE__, POMODORO, MIN_(10), false, HOUR(99), OUTCOME_VOID, MIN_(10), "reboot" },
                { __LINE__, POMODORO, MIN_(10), true, HOUR(99), OUTCOME_VOID, MIN_(10), "reboot" },
                { __LINE__, FREEFORM, MIN_(12), false, HOUR(1), OUTCOME_COMPLETED, MIN_(10), "reboot" },
                { __LINE__, FREEFORM, MIN_(3), false, HOUR(1), OUTCOME_COMPLETED, 0, "reboot" },
                { __LINE__, SHORT, MIN_(1), false, MIN_(3), OUTCOME_SKIPPED, MIN_(1), "reboot" },
                { __LINE__, SHORT, MIN_(1), false, MIN_(4), OUTCOME_COMPLETED, MIN_(5), "" },
                { __LINE__, LONG, MIN_(1), false, HOUR(9), OUTCOME_COMPLETED, MIN_(15), "" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
                cleanup_(world_freep) World *world = world_new();

                world->settings.pause = true;
                world->settings.auto_start_pomodoro = true;
                world_start(world, table[i].kind);
                world_advance(world, table[i].awake);
                if (table[i].paused)
                        world_do(world, pause_it);
                world_reboot(world, table[i].off);
                CHECK_STATE(table[i].line, world, IDLE);
                CHECK_RECORD(table[i].line, world_record(world, 0), table[i].kind, table[i].outcome,
                                table[i].length);
                CHECK_STR(table[i].line, world_record(world, 0)->reason, table[i].reason);
                CHECK_INT(table[i].line, world_record(world, 0)->epoch, 1);
        }
}

static void test_cycle_over_boots(void) {
        cleanup_(world_freep) World *world = world_new();

        world_start(world, POMODORO);
        world_advance(world, MIN_(30));
        world_reboot(world, MIN_(10));
        g_assert_cmpuint(world_view(world).cycle, ==, 1);
        world_reboot(world, MIN_(60));
        g_assert_cmpuint(world_view(world).cycle, ==, 0);
}

/* BOOTTIME of two boots compares with nothing: also when it is greater than before. */
static void test_boots_that_look_alike(void) {
        cleanup_(world_freep) World *world = world_new();

        world_start(world, POMODORO);
        world_advance(world, MIN_(1));
        world->now.boot_usec += HOUR(2);
        world->now.mono_usec += HOUR(1);
        world->now.real_usec += HOUR(2);
        g_snprintf(world->now.boot_id, sizeof(world->now.boot_id), "%032x", 99u);
        world_settle(world);
        CHECK_RECORD(__LINE__, world_record(world, 0), POMODORO, OUTCOME_VOID, MIN_(1));
        g_assert_cmpstr(world_record(world, 0)->reason, ==, "reboot");
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/machine/clocks/sleep", test_sleep);
        g_test_add_func("/machine/clocks/sleep-adds-up", test_sleep_adds_up);
        g_test_add_func("/machine/clocks/rang-before-the-sleep", test_rang_before_the_sleep);
        g_test_add_func("/machine/clocks/grace-from-the-next-on", test_grace_from_the_next_on);
        g_test_add_func("/machine/clocks/sleep-while-paused", test_sleep_while_paused);
        g_test_add_func("/machine/clocks/sleep-while-idle", test_sleep_while_idle);
        g_test_add_func("/machine/clocks/step-forward", test_step_forward);
        g_test_add_func("/machine/clocks/step-back", test_step_back);
        g_test_add_func("/machine/clocks/step-back-while-idle", test_step_back_while_idle);
        g_test_add_func("/machine/clocks/small-differences", test_small_differences);
        g_test_add_func("/machine/clocks/sleep-and-step-in-one", test_sleep_and_step_in_one);
        g_test_add_func("/machine/clocks/start-in-a-wrong-year", test_start_in_a_wrong_year);
        g_test_add_func("/machine/clocks/cycle-follows-no-clock-that-is-set",
                        test_cycle_follows_no_clock_that_is_set);
        g_test_add_func("/machine/clocks/offset-of-the-zone", test_offset_of_the_zone);
        g_test_add_func("/machine/clocks/restart-in-the-same-boot", test_restart_in_the_same_boot);
        g_test_add_func("/machine/clocks/another-boot", test_another_boot);
        g_test_add_func("/machine/clocks/cycle-over-boots", test_cycle_over_boots);
        g_test_add_func("/machine/clocks/boots-that-look-alike", test_boots_that_look_alike);
        return g_test_run();
}
