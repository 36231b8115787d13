/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/*
 * Random lives of a machine: requests, time, sleep, clocks that are set, restarts and boots in any order. The
 * world holds every step against what must always be true. The seed is printed first; --seed=R02S… runs one
 * again.
 */

#include "tests/unit/core/world.h"

#define LIVES 300
#define STEPS 200

static uint64_t some_usec(void) {
        static const uint64_t spans[] = { 1, USEC_PER_MSEC * 5, USEC_PER_MSEC * 11, SEC(1), SEC(59), SEC(61),
                MIN_(3), MIN_(5), MIN_(24), MIN_(25), MIN_(26), MIN_(61), HOUR(3), HOUR(30) };

        return spans[g_test_rand_int_range(0, G_N_ELEMENTS(spans))] +
               (uint64_t) g_test_rand_int_range(0, 1000);
}

static Event some_event(const World *world) {
        bool coin = g_test_rand_int_range(0, 2) != 0;

        switch ((EventType) g_test_rand_int_range(EVENT_TIME + 1, _EVENT_TYPE_MAX)) {
        case EVENT_STOP:
                return (Event){ .type = EVENT_STOP,
                        .at_real_usec = coin ? 0 : world->now.real_usec - MIN(some_usec(), MIN_(30)) };
        case EVENT_SKIP:
                return (Event){ .type = EVENT_SKIP };
        case EVENT_INTERRUPT:
                return (Event){ .type = EVENT_INTERRUPT, .external = coin };
        case EVENT_PAUSE:
                return (Event){ .type = EVENT_PAUSE };
        case EVENT_RESUME:
                return (Event){ .type = EVENT_RESUME };
        case EVENT_EXTEND:
                return (Event){ .type = EVENT_EXTEND, .extend_usec = some_usec() };
        case EVENT_TOGGLE:
                return (Event){ .type = EVENT_TOGGLE };
        case EVENT_SET_TASK:
                return (Event){ .type = EVENT_SET_TASK, .task = g_test_rand_int_range(0, 5) };
        case EVENT_ABSENCE:
                return (Event){ .type = EVENT_ABSENCE,
                        .absence = coin ? ABSENCE_IDLE : ABSENCE_LOCKED,
                        .absent = g_test_rand_int_range(0, 2) != 0,
                        .absent_since_usec = coin ? 0 : world->now.boot_usec - MIN(some_usec(), MIN_(1)) };
        default:
                return (Event){ .type = EVENT_START,
                        .kind = (IntervalKind) g_test_rand_int_range(0, _INTERVAL_KIND_MAX),
                        .switch_running = coin,
                        .ago_usec = g_test_rand_int_range(0, 4) == 0 ? some_usec() : 0,
                        .planned_usec = g_test_rand_int_range(0, 4) == 0 ? some_usec() : 0 };
        }
}

static void some_settings(Settings *settings) {
        settings->pause = g_test_rand_int_range(0, 2) != 0;
        settings->auto_start_break = g_test_rand_int_range(0, 3) != 0;
        settings->auto_start_pomodoro = g_test_rand_int_range(0, 3) == 0;
        settings->long_break_every = (uint32_t) g_test_rand_int_range(1, 6);
        settings->suspend_grace_usec = g_test_rand_int_range(0, 3) == 0 ? 0 : SEC(60);
}

/* What a pomodoro worked holds no more sleep than the grace allows, whatever happened to it. */
static void sleep_within(World *world, uint64_t usec) {
        Running before = world->machine.running;
        guint records = world->log->len;

        world_sleep(world, usec);
        if (before.kind == INTERVAL_POMODORO && world->machine.running.id == before.id &&
                        world->machine.running.slept_usec > before.slept_usec)
                g_assert_cmpuint(world->machine.running.slept_usec, <=,
                                world->machine.running.suspend_grace_usec);
        if (before.kind == INTERVAL_POMODORO && world->machine.running.id != before.id) {
                const WorldRecord *record = &g_array_index(world->log, WorldRecord, records - 1);

                g_assert_cmpint(record->id, ==, before.id);
                if (record->outcome == OUTCOME_VOID)
                        g_assert_cmpuint(before.started_boot_usec + record->length_usec, <=,
                                        world->now.boot_usec - usec);
        }
}

static void check_view(const World *world) {
        const Running *r = &world->machine.running;
        TimerView view = world_view(world);

        g_assert_cmpint(view.state, ==, r->kind);
        g_assert_true(view.deadline_boot_usec == 0 || view.deadline_boot_usec > world->now.boot_usec);
        /* A deadline, or what is left of it while paused, only for what has an end. */
        if (r->kind == INTERVAL_NONE || r->kind == INTERVAL_FREEFORM)
                g_assert_true(view.deadline_boot_usec == 0 && view.paused_remaining_usec == 0);
        else
                g_assert_cmpint(view.paused, ==, view.deadline_boot_usec == 0);
        if (r->kind != INTERVAL_NONE) {
                uint64_t elapsed = world->now.boot_usec - r->started_boot_usec;

                g_assert_cmpuint(r->started_boot_usec, <=, world->now.boot_usec);
                g_assert_cmpuint(view.worked_usec, <=, elapsed);
        }
        g_assert_cmpint(world->machine.next_id, >, r->id);
}

static void live_step(World *world) {
        switch (g_test_rand_int_range(0, 24)) {
        case 0 ... 11:
                world_do(world, some_event(world));
                break;
        case 12 ... 16:
                world->watched = g_test_rand_int_range(0, 2) != 0;
                world_advance(world, some_usec());
                break;
        case 17:
                virtual_clock_advance(&world->now, some_usec());
                world_settle(world);
                break;
        case 18:
                sleep_within(world, some_usec());
                break;
        case 19:
                world_step(world, (int64_t) some_usec());
                break;
        case 20:
                world_step(world, -(int64_t) some_usec());
                break;
        case 21:
                /* Everything at once, and nobody there. */
                virtual_clock_advance(&world->now, some_usec());
                world->now.real_usec += some_usec() - some_usec();
                world_sleep(world, some_usec());
                break;
        case 22:
                if (g_test_rand_int_range(0, 2) != 0)
                        world_reboot(world, some_usec());
                else
                        world_restart(world, some_usec());
                break;
        default:
                some_settings(&world->settings);
        }
}

static void test_lives(void) {
        for (unsigned life = 0; life < LIVES; life++) {
                cleanup_(world_freep) World *world = world_new();

                /* Room for clocks to go back in. */
                world->now.real_usec += HOUR(24 * 365);
                world_settle(world);
                for (unsigned step = 0; step < STEPS; step++) {
                        live_step(world);
                        check_view(world);
                        world_check_log(world);
                }
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/machine/properties/lives", test_lives);
        return g_test_run();
}
