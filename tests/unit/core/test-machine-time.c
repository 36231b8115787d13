/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* Deadlines and what follows them: breaks, the cycle, starts by themselves, and what nobody was there to see.
 */

#include "tests/unit/core/world.h"

#define POMODORO INTERVAL_POMODORO
#define SHORT    INTERVAL_SHORT_BREAK
#define LONG     INTERVAL_LONG_BREAK
#define FREEFORM INTERVAL_FREEFORM

static const Event stop = { .type = EVENT_STOP };

/* A pomodoro and the break after it, in full. */
static void live_round(World *world) {
        g_assert_cmpint(world_start(world, POMODORO), ==, 0);
        world_advance(world, world->settings.pomodoro_usec);
        world_advance(world, world->machine.running.planned_usec);
}

static void test_a_pomodoro_and_its_break(void) {
        cleanup_(world_freep) World *world = world_new();
        uint64_t start = world->now.real_usec, boot = world->now.boot_usec;
        TimerView view;

        world_do(world, (Event){ .type = EVENT_START, .kind = POMODORO, .task = 3 });
        view = world_view(world);
        g_assert_cmpint(view.state, ==, POMODORO);
        g_assert_cmpint(view.next, ==, SHORT);
        g_assert_cmpint(view.interval, ==, 1);
        g_assert_cmpint(view.task, ==, 3);
        g_assert_cmpuint(view.started_real_usec, ==, start);
        g_assert_cmpuint(view.started_boot_usec, ==, boot);
        g_assert_cmpuint(view.deadline_real_usec, ==, start + MIN_(25));
        g_assert_cmpuint(view.deadline_boot_usec, ==, boot + MIN_(25));
        g_assert_cmpuint(view.running_since_boot_usec, ==, boot);
        g_assert_cmpuint(view.worked_usec, ==, 0);

        world_advance(world, MIN_(25) - 1);
        CHECK_STATE(__LINE__, world, POMODORO);
        world_advance(world, 1);
        CHECK_RECORD(__LINE__, world_record(world, -1), POMODORO, OUTCOME_COMPLETED, MIN_(25));
        g_assert_cmpstr(world_record(world, -1)->reason, ==, "");
        g_assert_cmpint(world_happening(world, -1)->type, ==, HAPPENED_COMPLETED);
        g_assert_cmpint(world_happening(world, -1)->task, ==, 3);
        g_assert_cmpuint(world_happening(world, -1)->worked_usec, ==, MIN_(25));
        view = world_view(world);
        g_assert_cmpint(view.state, ==, SHORT);
        g_assert_cmpint(view.next, ==, POMODORO);
        g_assert_cmpint(view.cycle, ==, 1);
        g_assert_cmpint(view.task, ==, 0);
        g_assert_cmpuint(view.started_real_usec, ==, start + MIN_(25));
        g_assert_cmpuint(view.deadline_boot_usec, ==, boot + MIN_(30));

        world_advance(world, MIN_(5));
        CHECK_RECORD(__LINE__, world_record(world, 0), SHORT, OUTCOME_COMPLETED, MIN_(5));
        view = world_view(world);
        g_assert_cmpint(view.state, ==, INTERVAL_NONE);
        g_assert_cmpint(view.next, ==, POMODORO);
        g_assert_cmpuint(view.deadline_boot_usec, ==, 0);
        g_assert_cmpint(view.interval, ==, 0);
}

/* A wake-up that comes late changes nothing about when it rang. */
static void test_seen_late(void) {
        cleanup_(world_freep) World *world = world_new();

        world_start(world, POMODORO);
        virtual_clock_advance(&world->now, MIN_(25) + SEC(3));
        world_settle(world);
        CHECK_RECORD(__LINE__, world_record(world, -1), POMODORO, OUTCOME_COMPLETED, MIN_(25));
        g_assert_cmpuint(world_record(world, 0)->started_real_usec, ==,
                        world_record(world, -1)->started_real_usec + MIN_(25));
        g_assert_cmpuint(world_view(world).deadline_boot_usec, ==, world->now.boot_usec - SEC(3) + MIN_(5));
}

static void test_next_wake(void) {
        cleanup_(world_freep) World *world = world_new();
        MachineEnv env = world_env(world);
        uint64_t rang;

        g_assert_true(machine_next(&world->machine, &env, true) == MACHINE_NEVER);
        world_start(world, POMODORO);
        env = world_env(world);
        g_assert_cmpuint(machine_next(&world->machine, &env, true), ==, world->now.boot_usec + MIN_(25));
        g_assert_cmpuint(machine_next(&world->machine, &env, false), ==, world->now.boot_usec + MIN_(25));
        world_advance(world, MIN_(30));
        rang = world->now.boot_usec - MIN_(5);

        /* The end of the cycle's rest wakes nobody up unless somebody looks. */
        env = world_env(world);
        g_assert_true(machine_next(&world->machine, &env, false) == MACHINE_NEVER);
        g_assert_cmpuint(machine_next(&world->machine, &env, true), ==, rang + MIN_(60));

        world->settings.pause = true;
        world_start(world, POMODORO);
        world_do(world, (Event){ .type = EVENT_PAUSE });
        env = world_env(world);
        g_assert_true(machine_next(&world->machine, &env, true) == MACHINE_NEVER);
}

static void test_without_starting_the_break(void) {
        cleanup_(world_freep) World *world = world_new();

        world->settings.auto_start_break = false;
        world_start(world, POMODORO);
        world_advance(world, MIN_(25));
        CHECK_STATE(__LINE__, world, INTERVAL_NONE);
        g_assert_cmpint(world_view(world).next, ==, SHORT);
        world_advance(world, MIN_(10));
        g_assert_cmpint(world_start(world, INTERVAL_NONE), ==, 0);
        CHECK_STATE(__LINE__, world, SHORT);
        world_advance(world, MIN_(5));
        g_assert_cmpint(world_view(world).next, ==, POMODORO);

        /* The one that is due can be passed over. */
        world_start(world, POMODORO);
        world_advance(world, MIN_(25));
        g_assert_cmpint(world_start(world, POMODORO), ==, 0);
        world_do(world, stop);
        g_assert_cmpint(world_view(world).next, ==, POMODORO);
        g_assert_cmpuint(world_view(world).cycle, ==, 2);
}

static void test_a_due_break_lapses(void) {
        cleanup_(world_freep) World *world = world_new();

        world->settings.auto_start_break = false;
        world_start(world, POMODORO);
        world_advance(world, MIN_(25));
        world_advance(world, MIN_(60) - 1);
        g_assert_cmpint(world_view(world).next, ==, SHORT);
        g_assert_cmpuint(world_view(world).cycle, ==, 1);
        world_advance(world, 1);
        g_assert_cmpint(world_view(world).next, ==, POMODORO);
        g_assert_cmpuint(world_view(world).cycle, ==, 0);
        g_assert_cmpint(world_happening(world, 0)->type, ==, HAPPENED_CYCLE_RESTARTED);
}

static void test_next_is_the_mode(void) {
        cleanup_(world_freep) World *world = world_new();

        world->mode = FREEFORM;
        g_assert_cmpint(world_view(world).next, ==, FREEFORM);
        world_start(world, INTERVAL_NONE);
        CHECK_STATE(__LINE__, world, FREEFORM);
}

static void test_starting_pomodoros_too(void) {
        cleanup_(world_freep) World *world = world_new();

        world->settings.auto_start_pomodoro = true;
        world_do(world, (Event){ .type = EVENT_START, .task = 3 });
        world_advance(world, MIN_(30));
        CHECK_STATE(__LINE__, world, POMODORO);
        g_assert_cmpint(world_view(world).task, ==, 3);
        g_assert_cmpuint(world_view(world).started_boot_usec, ==, world->now.boot_usec);
        /* Three more and the long break: a day that runs by itself. */
        world_advance(world, MIN_(30) * 2 + MIN_(25));
        CHECK_STATE(__LINE__, world, LONG);
        world_advance(world, MIN_(15));
        CHECK_STATE(__LINE__, world, POMODORO);
        g_assert_cmpuint(world_view(world).cycle, ==, 0);
        g_assert_cmpuint(world->log->len, ==, 9);
}

static void test_long_break_every(void) {
        static const struct {
                int line;
                unsigned every, rounds;
                IntervalKind kind; /* of the last round's break */
                unsigned cycle;    /* after it */
        } table[] = {
                { __LINE__, 4, 1, SHORT, 1 },
                { __LINE__, 4, 3, SHORT, 3 },
                { __LINE__, 4, 4, LONG, 0 },
                { __LINE__, 4, 5, SHORT, 1 },
                { __LINE__, 4, 8, LONG, 0 },
                { __LINE__, 1, 1, LONG, 0 },
                { __LINE__, 1, 2, LONG, 0 },
                { __LINE__, 2, 3, SHORT, 1 },
                { __LINE__, 99, 98, SHORT, 98 },
                { __LINE__, 99, 99, LONG, 0 },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
                cleanup_(world_freep) World *world = world_new();

                world->settings.long_break_every = table[i].every;
                for (unsigned n = 0; n < table[i].rounds; n++)
                        live_round(world);
                CHECK_RECORD(table[i].line, world_record(world, 0), table[i].kind, OUTCOME_COMPLETED,
                                table[i].kind == LONG ? MIN_(15) : MIN_(5));
                CHECK_INT(table[i].line, world_view(world).cycle, table[i].cycle);
        }
}

/* The cycle restarts after a long break however that ends; a short one leaves it. */
static void test_cycle_after_breaks_that_did_not_last(void) {
        static const struct {
                int line;
                unsigned every;
                Event event;
                unsigned cycle;
        } table[] = {
                { __LINE__, 1, { EVENT_SKIP }, 0 },
                { __LINE__, 1, { EVENT_STOP }, 0 },
                { __LINE__, 1, { EVENT_START }, 0 },
                { __LINE__, 4, { EVENT_SKIP }, 1 },
                { __LINE__, 4, { EVENT_STOP }, 1 },
                { __LINE__, 4, { EVENT_START }, 1 },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
                cleanup_(world_freep) World *world = world_new();

                world->settings.long_break_every = table[i].every;
                world_start(world, POMODORO);
                world_advance(world, MIN_(26));
                CHECK_INT(table[i].line, world_do(world, table[i].event), 0);
                CHECK_INT(table[i].line, world_view(world).cycle, table[i].cycle);
        }
}

static void test_fewer_in_a_cycle_than_there_were(void) {
        cleanup_(world_freep) World *world = world_new();

        for (unsigned n = 0; n < 3; n++)
                live_round(world);
        world->settings.long_break_every = 2;
        world_start(world, POMODORO);
        world_advance(world, MIN_(25));
        CHECK_STATE(__LINE__, world, LONG);
}

static void test_cycle_and_the_hour(void) {
        cleanup_(world_freep) World *world = world_new();

        /* Begun before the hour is over, it belongs to the cycle, although it rings after it. */
        live_round(world);
        world_advance(world, MIN_(50));
        world_start(world, POMODORO);
        world_advance(world, MIN_(25));
        g_assert_cmpuint(world_view(world).cycle, ==, 2);

        /* One that is void at that time does not hold it. */
        world_advance(world, MIN_(50));
        world_start(world, POMODORO);
        world_advance(world, MIN_(15));
        g_assert_cmpuint(world_view(world).cycle, ==, 2);
        world_do(world, stop);
        g_assert_cmpuint(world_view(world).cycle, ==, 0);

        /* Freeform holds nothing either. */
        live_round(world);
        world_start(world, FREEFORM);
        world_advance(world, MIN_(54));
        g_assert_cmpuint(world_view(world).cycle, ==, 1);
        world_advance(world, MIN_(2));
        g_assert_cmpuint(world_view(world).cycle, ==, 0);
        CHECK_STATE(__LINE__, world, FREEFORM);
}

static void test_settings_from_the_next_on(void) {
        cleanup_(world_freep) World *world = world_new();

        world_start(world, POMODORO);
        world->settings.pomodoro_usec = MIN_(50);
        world->settings.short_break_usec = MIN_(10);
        world_advance(world, MIN_(25));
        CHECK_STATE(__LINE__, world, SHORT);
        world->settings.short_break_usec = MIN_(1);
        world_advance(world, MIN_(10));
        CHECK_RECORD(__LINE__, world_record(world, 0), SHORT, OUTCOME_COMPLETED, MIN_(10));
        world_start(world, POMODORO);
        g_assert_cmpuint(world_view(world).deadline_boot_usec, ==, world->now.boot_usec + MIN_(50));
}

/* Nobody was there: what rang rang, the one break that follows it counts, and no pomodoro begins. */
static void test_settling(void) {
        static const struct {
                int line;
                uint64_t away;
                IntervalKind state;
                unsigned records;
        } table[] = {
                { __LINE__, MIN_(24), POMODORO, 1 },
                { __LINE__, MIN_(25), SHORT, 2 },
                { __LINE__, MIN_(29), SHORT, 2 },
                { __LINE__, MIN_(30), INTERVAL_NONE, 2 },
                { __LINE__, MIN_(30) + 1, INTERVAL_NONE, 2 },
                { __LINE__, MIN_(31), INTERVAL_NONE, 2 },
                { __LINE__, HOUR(24 * 30), INTERVAL_NONE, 2 },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
                for (int restarted = 0; restarted < 2; restarted++) {
                        cleanup_(world_freep) World *world = world_new();

                        world->settings.auto_start_pomodoro = true;
                        world_start(world, POMODORO);
                        if (restarted) {
                                world_restart(world, table[i].away);
                        } else {
                                /* The same without a start, as after SIGSTOP: short delays are lived through.
                                 */
                                if (table[i].away > MIN_(29) && table[i].away <= MIN_(31))
                                        continue;
                                virtual_clock_advance(&world->now, table[i].away);
                                world_settle(world);
                        }
                        CHECK_STATE(table[i].line, world, table[i].state);
                        CHECK_INT(table[i].line, world->log->len, table[i].records);
                        if (table[i].records == 2)
                                CHECK_RECORD(table[i].line, world_record(world, -1), POMODORO,
                                                OUTCOME_COMPLETED, MIN_(25));
                        if (table[i].state == INTERVAL_NONE)
                                CHECK_RECORD(table[i].line, world_record(world, 0), SHORT, OUTCOME_COMPLETED,
                                                MIN_(5));
                }
}

/* A break that ended while nobody looked begins no pomodoro, though its own deadline is a moment ago. */
static void test_settling_in_one_go(void) {
        cleanup_(world_freep) World *world = world_new();

        world->settings.auto_start_pomodoro = true;
        world_start(world, POMODORO);
        virtual_clock_advance(&world->now, MIN_(30) + SEC(20));
        world_settle(world);
        CHECK_STATE(__LINE__, world, INTERVAL_NONE);
        g_assert_cmpuint(world->log->len, ==, 2);
}

static void test_freeform_has_no_end(void) {
        cleanup_(world_freep) World *world = world_new();
        MachineEnv env;

        world_start(world, FREEFORM);
        env = world_env(world);
        g_assert_cmpuint(machine_next(&world->machine, &env, false), ==, world->now.boot_usec + MIN_(5));
        world_advance(world, MIN_(5));
        g_assert_cmpuint(world_record(world, 0)->length_usec, ==, MIN_(5));
        env = world_env(world);
        g_assert_cmpuint(machine_next(&world->machine, &env, false), ==, world->now.boot_usec + MIN_(5));
        world_advance(world, HOUR(24 * 40));
        CHECK_STATE(__LINE__, world, FREEFORM);
        g_assert_cmpuint(world_view(world).deadline_boot_usec, ==, 0);
        g_assert_cmpuint(world_view(world).paused_remaining_usec, ==, 0);
        g_assert_cmpuint(world->happenings->len, ==, 1);

        world_do(world, (Event){ .type = EVENT_PAUSE });
        env = world_env(world);
        g_assert_true(machine_next(&world->machine, &env, true) == MACHINE_NEVER);
        world_do(world, stop);
        CHECK_RECORD(__LINE__, world_record(world, 0), FREEFORM, OUTCOME_COMPLETED, HOUR(24 * 40) + MIN_(5));
}

static void test_off_hours_start_nothing(void) {
        cleanup_(world_freep) World *world = world_new();

        world->settings.auto_start_pomodoro = true;
        world_start(world, POMODORO);
        world->off_hours = true;
        world_advance(world, MIN_(30));
        CHECK_STATE(__LINE__, world, INTERVAL_NONE);
        CHECK_RECORD(__LINE__, world_record(world, 0), SHORT, OUTCOME_COMPLETED, MIN_(5));
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/machine/time/a-pomodoro-and-its-break", test_a_pomodoro_and_its_break);
        g_test_add_func("/machine/time/seen-late", test_seen_late);
        g_test_add_func("/machine/time/next-wake", test_next_wake);
        g_test_add_func("/machine/time/without-starting-the-break", test_without_starting_the_break);
        g_test_add_func("/machine/time/a-due-break-lapses", test_a_due_break_lapses);
        g_test_add_func("/machine/time/next-is-the-mode", test_next_is_the_mode);
        g_test_add_func("/machine/time/starting-pomodoros-too", test_starting_pomodoros_too);
        g_test_add_func("/machine/time/long-break-every", test_long_break_every);
        g_test_add_func("/machine/time/cycle-after-short-lived-breaks",
                        test_cycle_after_breaks_that_did_not_last);
        g_test_add_func("/machine/time/fewer-in-a-cycle-than-there-were",
                        test_fewer_in_a_cycle_than_there_were);
        g_test_add_func("/machine/time/cycle-and-the-hour", test_cycle_and_the_hour);
        g_test_add_func("/machine/time/settings-from-the-next-on", test_settings_from_the_next_on);
        g_test_add_func("/machine/time/settling", test_settling);
        g_test_add_func("/machine/time/settling-in-one-go", test_settling_in_one_go);
        g_test_add_func("/machine/time/freeform-has-no-end", test_freeform_has_no_end);
        g_test_add_func("/machine/time/off-hours-start-nothing", test_off_hours_start_nothing);
        return g_test_run();
}
