/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "tests/unit/core/focus-world.h"

#include <string.h>

FocusWorld *focus_world_new(const char *rules) {
        FocusWorld *world = g_new0(FocusWorld, 1);

        world->now = (Now){
                .boot_usec = HOUR(1),
                .mono_usec = HOUR(1),
                .real_usec = WORLD_REAL_USEC,
                .synchronised = true,
                .boot_id = "00000000000000000000000000000001",
        };
        world->latched = true;
        world->zone = g_time_zone_new_utc();
        world->claims = claim_array_new();
        world->record = claim_array_new();
        rule_set_init(&world->rules);
        focus_world_set_rules(world, rules);
        focus_world_settle(world);
        return world;
}

void focus_world_free(FocusWorld *world) {
        calendar_free(world->calendar);
        rule_set_done(&world->rules);
        g_array_unref(world->claims);
        g_array_unref(world->record);
        g_time_zone_unref(world->zone);
        g_free(world);
}

void focus_world_set_rules(FocusWorld *world, const char *rules) {
        RuleSet set;

        g_assert_cmpint(rule_set_parse(rules, &set, &world->refusal), ==, 0);
        world->calendar = calendar_free(world->calendar);
        rule_set_done(&world->rules);
        world->rules = set;
        world->calendar = calendar_new(&world->rules, world->zone);
}

static int engaged_before(const char *rule, Date date, uint32_t start_sec, void *userdata) {
        const FocusWorld *world = userdata;

        for (guint i = 0; i < world->record->len; i++) {
                const Claim *claim = &g_array_index(world->record, Claim, i);

                if (claim->source == CLAIM_BY_RULE && claim->state != CLAIM_VOID && claim->date == date &&
                                claim->window_start_sec == start_sec && strcmp(claim->rule, rule) == 0)
                        return 1;
        }
        return 0;
}

FocusEnv focus_world_env(FocusWorld *world) {
        g_assert_cmpint(calendar_at(world->calendar, world->now.real_usec, &world->schedule), ==, 0);
        return (FocusEnv){
                .now = world->now,
                .synchronised = world->latched,
                .calendar = world->calendar,
                .schedule = &world->schedule,
                .rules = &world->rules,
                .lists = world->lists,
                .running = &world->running,
                .interval_profile = world->start_profile,
                .was_break = world->was_break,
                .next_id = (int64_t) world->record->len + 1,
                .engaged_before = engaged_before,
                .userdata = world,
        };
}

static void put(GArray *claims, guint i, const Claim *claim) {
        Claim copy = claim_copy(claim);

        if (i == claims->len) {
                g_array_append_val(claims, copy);
                return;
        }
        claim_done(&g_array_index(claims, Claim, i));
        g_array_index(claims, Claim, i) = copy;
}

void focus_world_take(FocusWorld *world, FocusChange *change) {
        for (guint i = 0; i < change->claims->len; i++) {
                const Claim *claim = &g_array_index(change->claims, Claim, i);

                g_assert_cmpint(claim->id, >, 0);
                g_assert_cmpint(claim->id, <=, world->record->len + 1);
                put(world->record, (guint) claim->id - 1, claim);
        }
        g_assert_cmpint(change->next_id, ==, world->record->len + 1);
        world->desires += change->desired;
        focus_change_done(change);

        g_array_set_size(world->claims, 0);
        for (guint i = 0; i < world->record->len; i++)
                if (g_array_index(world->record, Claim, i).state == CLAIM_IN_FORCE)
                        put(world->claims, world->claims->len, &g_array_index(world->record, Claim, i));
}

/* Looking twice finds nothing new: else a daemon would never come to rest. */
void focus_world_settle(FocusWorld *world) {
        FocusEnv env = focus_world_env(world);
        FocusChange change;

        g_assert_cmpint(focus_settle(world->claims, &env, &change), ==, 0);
        focus_world_take(world, &change);
        world->latched |= world->now.synchronised;
        world->was_break = interval_kind_is_break(world->running.kind);
        world->start_profile = NULL;

        env = focus_world_env(world);
        g_assert_cmpint(focus_settle(world->claims, &env, &change), ==, 0);
        g_assert_cmpint(change.claims->len, ==, 0);
        focus_change_done(&change);
}

/* The moment of the next look. */
static uint64_t next_of(FocusWorld *world) {
        FocusEnv env = focus_world_env(world);
        uint64_t next = focus_next(world->claims, &env);

        /* The schedule's own edges are asked of the calendar. */
        if (world->schedule.until_real_usec > 0)
                next = MIN(next, world->now.boot_usec + world->schedule.until_real_usec -
                                                 world->now.real_usec);
        return MAX(next, world->now.boot_usec + 1);
}

void focus_world_wait(FocusWorld *world, uint64_t usec) {
        const uint64_t end = world->now.boot_usec + usec;

        while (virtual_clock_reach(&world->now, next_of(world), end))
                focus_world_settle(world);
        focus_world_settle(world);
}

void focus_world_sleep(FocusWorld *world, uint64_t usec) {
        virtual_clock_sleep(&world->now, usec);
        focus_world_settle(world);
}

void focus_world_step(FocusWorld *world, int64_t usec) {
        virtual_clock_step(&world->now, usec);
        focus_world_settle(world);
}

void focus_world_synchronise(FocusWorld *world, int64_t usec) {
        world->now.synchronised = true;
        focus_world_step(world, usec);
}

void focus_world_reboot(FocusWorld *world, uint64_t off_usec, int64_t wrong_by_usec) {
        virtual_clock_boot(&world->now, off_usec + (uint64_t) wrong_by_usec, SEC(20));
        world->latched = false;
        focus_world_settle(world);
}

int focus_world_engage(FocusWorld *world, const char *profile, uint64_t length_usec, LockKind lock,
                uint64_t delay_usec) {
        FocusEnv env = focus_world_env(world);
        FocusChange change;
        int r = focus_engage(world->claims, &env, profile, length_usec, lock, delay_usec, &change,
                        &world->refusal);

        if (r == 0)
                focus_world_take(world, &change);
        return r;
}

int focus_world_release(FocusWorld *world, int64_t id, const char *reason, bool admin) {
        FocusEnv env = focus_world_env(world);
        FocusChange change;
        uint64_t at;
        int r = focus_release(world->claims, &env, id, reason, &(AdminWord){ .all = admin }, &change, &at,
                        &world->refusal);

        if (r == 0)
                focus_world_take(world, &change);
        return r;
}

const Claim *focus_world_claim(const FocusWorld *world, unsigned n) {
        for (guint i = 0; i < world->claims->len; i++) {
                const Claim *claim = &g_array_index(world->claims, Claim, i);

                if (claim_in_force(claim, &world->now) && n-- == 0)
                        return claim;
        }
        return NULL;
}

const Claim *focus_world_record(const FocusWorld *world, int64_t id) {
        return &g_array_index(world->record, Claim, (guint) id - 1);
}

uint64_t focus_world_left(const FocusWorld *world) {
        const Claim *claim = focus_world_claim(world, 0);

        return claim ? claim->until_boot_usec - world->now.boot_usec : 0;
}
