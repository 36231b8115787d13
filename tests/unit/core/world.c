/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "tests/unit/core/world.h"

#include <string.h>

#define SETTLE_MAX 64 /* far more transitions than any one moment can hold */

World *world_new(void) {
        World *world = g_new0(World, 1);

        settings_init(&world->settings);
        world->zone = g_time_zone_new_utc();
        world->mode = INTERVAL_POMODORO;
        world->now = (Now){
                .boot_usec = HOUR(1),
                .mono_usec = HOUR(1),
                .real_usec = SEC(1782900000),
                .boot_id = "00000000000000000000000000000001",
        };
        world->log = g_array_new(FALSE, TRUE, sizeof(WorldRecord));
        world->happenings = g_array_new(FALSE, TRUE, sizeof(Happening));
        machine_init(&world->machine, &world->now);
        return world;
}

void world_free(World *world) {
        world_check_log(world);
        g_array_unref(world->log);
        g_array_unref(world->happenings);
        g_time_zone_unref(world->zone);
        g_free(world);
}

MachineEnv world_env(const World *world) {
        return (MachineEnv){
                .settings = &world->settings,
                .zone = world->zone,
                .now = world->now,
                .mode = world->mode,
                .rule = "",
                .off_hours = world->off_hours,
        };
}

static WorldRecord *find_record(const World *world, int64_t id) {
        for (guint i = world->log->len; i > 0; i--) {
                WorldRecord *record = &g_array_index(world->log, WorldRecord, i - 1);

                if (record->id == id)
                        return record;
        }
        g_assert_not_reached();
}

static void begin_record(World *world, const Row *row) {
        const Running *r = &row->running;
        WorldRecord record = { .id = row->id,
                .kind = r->kind,
                .outcome = OUTCOME_RUNNING,
                .started_real_usec = r->started_real_usec,
                .planned_usec = r->planned_usec,
                .offset_sec = r->offset_sec,
                .epoch = row->epoch,
                .task = r->task };

        if (world->log->len > 0) {
                const WorldRecord *before = &g_array_index(world->log, WorldRecord, world->log->len - 1);

                g_assert_cmpint(before->outcome, !=, OUTCOME_RUNNING);
                g_assert_cmpint(record.id, >, before->id);
                g_assert_cmpuint(record.epoch, >=, before->epoch);
        }
        g_assert_cmpint(r->id, ==, row->id);
        g_assert_cmpint(r->kind == INTERVAL_FREEFORM, ==, r->planned_usec == 0);
        g_array_append_val(world->log, record);
}

static void end_record(WorldRecord *record, const Row *row) {
        g_assert_false(record->pause_open);
        g_assert_cmpint(row->outcome, !=, OUTCOME_RUNNING);
        g_assert_cmpuint(record->paused_usec, <=, row->length_usec);
        /* Only breaks are skipped, only pomodoros void. */
        if (row->outcome == OUTCOME_SKIPPED)
                g_assert_true(interval_kind_is_break(record->kind));
        if (row->outcome == OUTCOME_VOID)
                g_assert_cmpint(record->kind, ==, INTERVAL_POMODORO);
        if (row->outcome == OUTCOME_COMPLETED && record->kind != INTERVAL_FREEFORM)
                g_assert_cmpuint(row->length_usec - record->paused_usec, ==, record->planned_usec);
        record->outcome = row->outcome;
        record->length_usec = row->length_usec;
        g_strlcpy(record->reason, row->reason ? row->reason : "", sizeof(record->reason));
}

static void take_row(World *world, const Row *row) {
        WorldRecord *record;

        if (row->type == ROW_BEGIN) {
                begin_record(world, row);
                return;
        }
        record = find_record(world, row->id);
        g_assert_cmpint(record->outcome, ==, OUTCOME_RUNNING);

        switch (row->type) {
        case ROW_UPDATE:
                record->started_real_usec = row->running.started_real_usec;
                record->planned_usec = row->running.planned_usec;
                record->task = row->running.task;
                record->length_usec = row->length_usec;
                record->epoch = row->epoch;
                break;
        case ROW_END:
                end_record(record, row);
                break;
        case ROW_PAUSE:
                g_assert_false(record->pause_open);
                record->pause_open = true;
                record->last_offset_usec = row->offset_usec;
                break;
        case ROW_RESUME:
                g_assert_true(record->pause_open);
                g_assert_cmpuint(row->offset_usec, ==, record->last_offset_usec);
                record->pause_open = false;
                record->paused_usec += row->length_usec;
                break;
        case ROW_INTERRUPT:
                record->interruptions++;
                break;
        case ROW_ABSENCE:
                record->absences++;
                break;
        case ROW_TAKE:
                record->interruptions = row->running.internal + row->running.external;
                find_record(world, row->from)->interruptions -= record->interruptions;
                break;
        default:
                g_assert_not_reached();
        }
}

static void take_change(World *world, const Change *change) {
        for (unsigned i = 0; i < change->n_rows; i++)
                take_row(world, &change->rows[i]);
        g_array_append_vals(world->happenings, change->happenings, change->n_happenings);
        world->machine = change->machine;
        world->did = change->did;
}

void world_settle(World *world) {
        MachineEnv env = world_env(world);
        Event event = { .type = EVENT_TIME, .settling = world->settling };
        unsigned n = 0;

        for (bool changed = true; changed; n++) {
                Change change;

                g_assert_cmpuint(n, <, SETTLE_MAX);
                g_assert_cmpint(machine_dispatch(&world->machine, &event, &env, &change, NULL), ==, 0);
                take_change(world, &change);
                changed = change.changed;
        }
        g_assert_cmpuint(machine_next(&world->machine, &env, true), >, world->now.boot_usec);
        g_assert_cmpuint(machine_next(&world->machine, &env, false), >, world->now.boot_usec);
}

int world_do(World *world, Event event) {
        MachineEnv env = world_env(world);
        Change change;
        int r;

        world_settle(world);
        memset(&change, 0xaa, sizeof(change));
        world->refusal = (Refusal){};
        r = machine_dispatch(&world->machine, &event, &env, &change, &world->refusal);
        g_assert_cmpint(r, ==, world->refusal.code);
        if (r == 0) {
                take_change(world, &change);
                world_settle(world);
        } else {
                g_assert_cmpuint(strlen(world->refusal.message), >, 0);
        }
        return r;
}

void world_advance(World *world, uint64_t usec) {
        const uint64_t end = world->now.boot_usec + usec;
        MachineEnv env = world_env(world);

        while (virtual_clock_reach(&world->now, machine_next(&world->machine, &env, world->watched), end)) {
                world_settle(world);
                env = world_env(world);
        }
        world_settle(world);
}

void world_sleep(World *world, uint64_t usec) {
        virtual_clock_sleep(&world->now, usec);
        world_settle(world);
}

void world_step(World *world, int64_t usec) {
        virtual_clock_step(&world->now, usec);
        world_settle(world);
}

static void settle_start(World *world) {
        world->settling = true;
        world_settle(world);
        world->settling = false;
}

void world_reboot(World *world, uint64_t off_usec) {
        virtual_clock_boot(&world->now, off_usec, SEC(30));
        settle_start(world);
}

void world_restart(World *world, uint64_t down_usec) {
        virtual_clock_advance(&world->now, down_usec);
        settle_start(world);
}

const WorldRecord *world_record(const World *world, int from_newest) {
        g_assert_cmpint((int) world->log->len + from_newest, >, 0);
        return &g_array_index(world->log, WorldRecord, (guint) ((int) world->log->len - 1 + from_newest));
}

const Happening *world_happening(const World *world, int from_newest) {
        g_assert_cmpint((int) world->happenings->len + from_newest, >, 0);
        return &g_array_index(world->happenings, Happening,
                        (guint) ((int) world->happenings->len - 1 + from_newest));
}

TimerView world_view(const World *world) {
        MachineEnv env = world_env(world);
        TimerView view;

        machine_view(&world->machine, &env, &view);
        return view;
}

void world_check_log(const World *world) {
        for (guint i = 0; i < world->log->len; i++) {
                const WorldRecord *a = &g_array_index(world->log, WorldRecord, i);

                g_assert_cmpint(a->outcome == OUTCOME_RUNNING, ==, a->id == world->machine.running.id);
                g_assert_cmpuint(a->paused_usec, <=,
                                a->outcome == OUTCOME_RUNNING ? UINT64_MAX : a->length_usec);
                /* They are in the order in which they began, so each has only its neighbour to run into. */
                for (guint j = i + 1; j < world->log->len && j <= i + 16; j++) {
                        const WorldRecord *b = &g_array_index(world->log, WorldRecord, j);

                        if (a->epoch == b->epoch)
                                g_assert_cmpuint(a->started_real_usec + a->length_usec, <=,
                                                b->started_real_usec);
                }
        }
}
