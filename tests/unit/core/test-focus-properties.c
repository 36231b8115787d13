/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/*
 * Random lives of locked claims: clocks that are set, sleep, boots, other rules, other claims, releases of
 * others. Nothing but its own release or time itself brings the end of a firm claim nearer. The seed is
 * printed first;
 * --seed=R02S… runs one again.
 */

#include "tests/unit/core/focus-world.h"

#define LIVES 200
#define STEPS 60

static const char *const rule_texts[] = {
        "[Profile deep]\nPlugins=sites\n",
        "[Profile deep]\nPlugins=sites\n[Rule day]\nHours=09:00-12:00;14:00-18:00\nFocus=deep\nLock=admin\n",
        ("[Profile deep]\nPlugins=sites\n[Rule day]\nHours=10:00-11:00\nFocus=deep\nLock=delay 10m\n"
         "[Rule night]\nHours=22:00-06:00\nFocus=deep\nLock=admin\n"),
        "[Profile deep]\nPlugins=mute\n[Rule off]\nKind=away\nDates=2026-07-01..2026-08-01\n",
};

static int64_t some_usec(void) {
        static const uint64_t spans[] = { 1, SEC(1), MIN_(3), MIN_(11), HOUR(1), HOUR(3), HOUR(30),
                HOUR(24 * 400) };

        return (int64_t) spans[g_test_rand_int_range(0, G_N_ELEMENTS(spans))] +
               g_test_rand_int_range(0, 1000);
}

static uint64_t some_day_part(void) {
        const uint64_t usec = (uint64_t) some_usec();

        return MIN(usec, HOUR(24));
}

static int64_t some_step(void) {
        return g_test_rand_int_range(0, 2) == 0 ? some_usec() : -some_usec();
}

static void live(FocusWorld *world) {
        switch (g_test_rand_int_range(0, 9)) {
        case 0:
                focus_world_wait(world, some_day_part());
                break;
        case 1:
                focus_world_sleep(world, some_day_part());
                break;
        case 2:
        case 3:
                focus_world_step(world, some_step());
                break;
        case 4:
                focus_world_reboot(
                                world, some_day_part(), g_test_rand_int_range(0, 2) == 0 ? 0 : some_step());
                break;
        case 5:
                focus_world_synchronise(world, some_step());
                break;
        case 6:
                focus_world_set_rules(world, rule_texts[g_test_rand_int_range(0, G_N_ELEMENTS(rule_texts))]);
                focus_world_settle(world);
                break;
        case 7:
                (void) focus_world_engage(world, "deep", some_day_part(),
                                (LockKind) g_test_rand_int_range(0, _LOCK_KIND_MAX), MIN_(10));
                break;
        default:
                /* Without what an admin lock asks for. */
                (void) focus_world_release(world, g_test_rand_int_range(0, (gint32) world->record->len + 2),
                                "bored", false);
                break;
        }
}

static void check_life(void) {
        FocusWorld *world = focus_world_new(rule_texts[g_test_rand_int_range(0, G_N_ELEMENTS(rule_texts))]);

        /* The tests set the clock across years, and never before 1970. */
        world->now.real_usec += HOUR(24ULL * 400 * STEPS);
        world->now.real_usec -= HOUR(24ULL * 400 * STEPS) % HOUR(24);
        focus_world_settle(world);
        for (unsigned i = 0; i < STEPS; i++) {
                GArray *before = claim_array_new();
                Now then = world->now;

                for (guint n = 0; n < world->claims->len; n++) {
                        Claim copy = claim_copy(&g_array_index(world->claims, Claim, n));
                        g_array_append_val(before, copy);
                }
                live(world);
                for (guint n = 0; n < before->len; n++) {
                        const Claim *was = &g_array_index(before, Claim, n);
                        const Claim *is = focus_world_record(world, was->id);
                        bool same_boot = strcmp(then.boot_id, world->now.boot_id) == 0;

                        if (was->lock != LOCK_ADMIN || !was->firm || was->carried || !same_boot)
                                continue;
                        g_assert_cmpuint(is->until_boot_usec, ==, was->until_boot_usec);
                        g_assert_cmpint(is->state, !=, CLAIM_RELEASED);
                        g_assert_cmpint(is->state, !=, CLAIM_VOID);
                        if (world->now.boot_usec < was->until_boot_usec)
                                g_assert_true(claim_holds(is, &world->now));
                }
                /* In any boot, nobody is locked in for longer than was asked for. */
                for (guint n = 0; n < world->claims->len; n++) {
                        const Claim *claim = &g_array_index(world->claims, Claim, n);

                        g_assert_true(claim->until_boot_usec <= world->now.boot_usec + claim->length_usec);
                        g_assert_cmpuint(claim->length_usec, <=, HOUR(24));
                }
                g_array_unref(before);
        }
        focus_world_free(world);
}

static void test_lives(void) {
        for (unsigned i = 0; i < LIVES; i++)
                check_life();
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/focus/properties/lives", test_lives);
        return g_test_run();
}
