/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* The table of requests and states, cell by cell, and what surrounds it: options, refusals, words. */

#include "tests/unit/core/world.h"

#define NOTHING _INTERVAL_OUTCOME_MAX /* what ran goes on, or nothing ran */

#define IDLE     INTERVAL_NONE
#define POMODORO INTERVAL_POMODORO
#define SHORT    INTERVAL_SHORT_BREAK
#define LONG     INTERVAL_LONG_BREAK
#define FREEFORM INTERVAL_FREEFORM

static const struct Cell {
        int line;
        IntervalKind state; /* for two minutes */
        Event event;
        const char *setting, *value;
        int r;
        IntervalOutcome outcome; /* of what ran */
        const char *reason;
        IntervalKind after;
} cells[] = {
        { __LINE__, IDLE, { EVENT_START }, NULL, NULL, 0, NOTHING, "", POMODORO },
        { __LINE__, IDLE, { EVENT_START, .kind = POMODORO }, NULL, NULL, 0, NOTHING, "", POMODORO },
        { __LINE__, IDLE, { EVENT_START, .kind = FREEFORM }, NULL, NULL, 0, NOTHING, "", FREEFORM },
        { __LINE__, IDLE, { EVENT_START, .kind = LONG }, NULL, NULL, 0, NOTHING, "", LONG },
        { __LINE__, IDLE, { EVENT_START, .any_break = true }, NULL, NULL, 0, NOTHING, "", SHORT },
        { __LINE__, IDLE, { EVENT_START, .switch_running = true }, NULL, NULL, 0, NOTHING, "", POMODORO },
        { __LINE__, POMODORO, { EVENT_START }, NULL, NULL, REFUSAL_BUSY, NOTHING, "", POMODORO },
        { __LINE__, POMODORO, { EVENT_START, .any_break = true }, NULL, NULL, REFUSAL_BUSY, NOTHING, "",
                        POMODORO },
        { __LINE__, POMODORO, { EVENT_START, .kind = FREEFORM }, NULL, NULL, REFUSAL_BUSY, NOTHING, "",
                        POMODORO },
        { __LINE__, POMODORO, { EVENT_START, .kind = FREEFORM, .switch_running = true }, NULL, NULL, 0,
                        OUTCOME_VOID, "switched", FREEFORM },
        { __LINE__, POMODORO, { EVENT_START, .kind = POMODORO, .switch_running = true }, NULL, NULL, 0,
                        OUTCOME_VOID, "switched", POMODORO },
        { __LINE__, SHORT, { EVENT_START }, NULL, NULL, 0, OUTCOME_SKIPPED, "started", POMODORO },
        { __LINE__, SHORT, { EVENT_START, .kind = FREEFORM }, NULL, NULL, 0, OUTCOME_SKIPPED, "started",
                        FREEFORM },
        { __LINE__, LONG, { EVENT_START, .kind = POMODORO }, NULL, NULL, 0, OUTCOME_SKIPPED, "started",
                        POMODORO },
        { __LINE__, FREEFORM, { EVENT_START }, NULL, NULL, REFUSAL_BUSY, NOTHING, "", FREEFORM },
        { __LINE__, FREEFORM, { EVENT_START, .kind = POMODORO, .switch_running = true }, NULL, NULL, 0,
                        OUTCOME_COMPLETED, "switched", POMODORO },

        { __LINE__, IDLE, { EVENT_STOP }, NULL, NULL, REFUSAL_NOT_RUNNING, NOTHING, "", IDLE },
        { __LINE__, POMODORO, { EVENT_STOP }, NULL, NULL, 0, OUTCOME_VOID, "stopped", IDLE },
        { __LINE__, POMODORO, { EVENT_STOP, .note = "fire alarm" }, NULL, NULL, 0, OUTCOME_VOID, "fire alarm",
                        IDLE },
        { __LINE__, SHORT, { EVENT_STOP }, NULL, NULL, 0, OUTCOME_SKIPPED, "stopped", IDLE },
        { __LINE__, SHORT, { EVENT_STOP }, "auto-start-pomodoro", "yes", 0, OUTCOME_SKIPPED, "stopped",
                        IDLE },
        { __LINE__, LONG, { EVENT_STOP }, NULL, NULL, 0, OUTCOME_SKIPPED, "stopped", IDLE },
        { __LINE__, FREEFORM, { EVENT_STOP }, NULL, NULL, 0, OUTCOME_COMPLETED, "stopped", IDLE },

        { __LINE__, IDLE, { EVENT_SKIP }, NULL, NULL, REFUSAL_NOT_RUNNING, NOTHING, "", IDLE },
        { __LINE__, POMODORO, { EVENT_SKIP }, NULL, NULL, REFUSAL_NOT_POSSIBLE, NOTHING, "", POMODORO },
        { __LINE__, SHORT, { EVENT_SKIP }, NULL, NULL, 0, OUTCOME_SKIPPED, "skipped", IDLE },
        { __LINE__, SHORT, { EVENT_SKIP }, "auto-start-pomodoro", "yes", 0, OUTCOME_SKIPPED, "skipped",
                        POMODORO },
        { __LINE__, LONG, { EVENT_SKIP }, "auto-start-pomodoro", "yes", 0, OUTCOME_SKIPPED, "skipped",
                        POMODORO },
        { __LINE__, FREEFORM, { EVENT_SKIP }, NULL, NULL, REFUSAL_NOT_POSSIBLE, NOTHING, "", FREEFORM },

        { __LINE__, IDLE, { EVENT_INTERRUPT }, NULL, NULL, REFUSAL_NOT_RUNNING, NOTHING, "", IDLE },
        { __LINE__, POMODORO, { EVENT_INTERRUPT }, NULL, NULL, 0, NOTHING, "", POMODORO },
        { __LINE__, POMODORO, { EVENT_INTERRUPT, .external = true }, NULL, NULL, 0, NOTHING, "", POMODORO },
        { __LINE__, SHORT, { EVENT_INTERRUPT }, NULL, NULL, REFUSAL_NOT_POSSIBLE, NOTHING, "", SHORT },
        { __LINE__, LONG, { EVENT_INTERRUPT }, NULL, NULL, REFUSAL_NOT_POSSIBLE, NOTHING, "", LONG },
        { __LINE__, FREEFORM, { EVENT_INTERRUPT }, NULL, NULL, 0, NOTHING, "", FREEFORM },

        { __LINE__, IDLE, { EVENT_PAUSE }, "pause", "yes", REFUSAL_NOT_RUNNING, NOTHING, "", IDLE },
        { __LINE__, POMODORO, { EVENT_PAUSE }, NULL, NULL, REFUSAL_NOT_POSSIBLE, NOTHING, "", POMODORO },
        { __LINE__, POMODORO, { EVENT_PAUSE }, "pause", "yes", 0, NOTHING, "", POMODORO },
        { __LINE__, SHORT, { EVENT_PAUSE }, "pause", "yes", REFUSAL_NOT_POSSIBLE, NOTHING, "", SHORT },
        { __LINE__, LONG, { EVENT_PAUSE }, "pause", "yes", REFUSAL_NOT_POSSIBLE, NOTHING, "", LONG },
        { __LINE__, FREEFORM, { EVENT_PAUSE }, NULL, NULL, 0, NOTHING, "", FREEFORM },
        { __LINE__, IDLE, { EVENT_RESUME }, NULL, NULL, REFUSAL_NOT_RUNNING, NOTHING, "", IDLE },
        { __LINE__, POMODORO, { EVENT_RESUME }, "pause", "yes", REFUSAL_NOT_POSSIBLE, NOTHING, "", POMODORO },
        { __LINE__, SHORT, { EVENT_RESUME }, "pause", "yes", REFUSAL_NOT_POSSIBLE, NOTHING, "", SHORT },
        { __LINE__, FREEFORM, { EVENT_RESUME }, NULL, NULL, REFUSAL_NOT_POSSIBLE, NOTHING, "", FREEFORM },

        { __LINE__, IDLE, { EVENT_EXTEND, .extend_usec = SEC(60) }, NULL, NULL, REFUSAL_NOT_RUNNING, NOTHING,
                        "", IDLE },
        { __LINE__, POMODORO, { EVENT_EXTEND, .extend_usec = SEC(60) }, NULL, NULL, 0, NOTHING, "",
                        POMODORO },
        { __LINE__, SHORT, { EVENT_EXTEND, .extend_usec = SEC(60) }, NULL, NULL, 0, NOTHING, "", SHORT },
        { __LINE__, LONG, { EVENT_EXTEND, .extend_usec = SEC(60) }, NULL, NULL, 0, NOTHING, "", LONG },
        { __LINE__, POMODORO, { EVENT_EXTEND }, NULL, NULL, REFUSAL_INVALID_ARGUMENT, NOTHING, "", POMODORO },
        { __LINE__, FREEFORM, { EVENT_EXTEND, .extend_usec = SEC(60) }, NULL, NULL, REFUSAL_NOT_POSSIBLE,
                        NOTHING, "", FREEFORM },

        { __LINE__, IDLE, { EVENT_TOGGLE }, NULL, NULL, 0, NOTHING, "", POMODORO },
        { __LINE__, POMODORO, { EVENT_TOGGLE }, NULL, NULL, 0, NOTHING, "", POMODORO },
        { __LINE__, SHORT, { EVENT_TOGGLE }, NULL, NULL, 0, OUTCOME_SKIPPED, "skipped", IDLE },
        { __LINE__, LONG, { EVENT_TOGGLE }, NULL, NULL, 0, OUTCOME_SKIPPED, "skipped", IDLE },
        { __LINE__, FREEFORM, { EVENT_TOGGLE }, NULL, NULL, 0, OUTCOME_COMPLETED, "stopped", IDLE },

        { __LINE__, IDLE, { EVENT_SET_TASK, .task = 5 }, NULL, NULL, REFUSAL_NOT_RUNNING, NOTHING, "", IDLE },
        { __LINE__, POMODORO, { EVENT_SET_TASK, .task = 5 }, NULL, NULL, 0, NOTHING, "", POMODORO },
        { __LINE__, FREEFORM, { EVENT_SET_TASK, .task = 5 }, NULL, NULL, 0, NOTHING, "", FREEFORM },
};

static void test_table(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(cells); i++) {
                const struct Cell *cell = &cells[i];
                cleanup_(world_freep) World *world = world_new();
                guint before = 0;

                if (cell->setting)
                        g_assert_cmpint(settings_set(&world->settings, cell->setting, cell->value, NULL), ==,
                                        0);
                if (cell->state != IDLE) {
                        g_assert_cmpint(world_start(world, cell->state), ==, 0);
                        world_advance(world, MIN_(2));
                }
                before = world->log->len;

                CHECK_INT(cell->line, world_do(world, cell->event), cell->r);
                CHECK_STATE(cell->line, world, cell->after);
                if (cell->outcome != NOTHING) {
                        const WorldRecord *record = &g_array_index(world->log, WorldRecord, before - 1);

                        CHECK_RECORD(cell->line, record, cell->state, cell->outcome, MIN_(2));
                        CHECK_STR(cell->line, record->reason, cell->reason);
                } else if (cell->state != IDLE) {
                        CHECK_INT(cell->line, world->log->len, before);
                }
        }
}

static void test_toggle_says_what(void) {
        cleanup_(world_freep) World *world = world_new();

        g_assert_cmpint(world_do(world, (Event){ .type = EVENT_TOGGLE }), ==, 0);
        world_start(world, POMODORO);
        g_assert_cmpint(world_happening(world, 0)->type, ==, HAPPENED_STARTED);

        world_do(world, (Event){ .type = EVENT_TOGGLE });
        g_assert_cmpint(world_happening(world, 0)->type, ==, HAPPENED_INTERRUPTED);
        g_assert_cmpuint(world->machine.running.internal, ==, 1);
        g_assert_cmpuint(world->machine.running.external, ==, 0);

        world_do(world, (Event){ .type = EVENT_STOP });
        world->settings.pause = true;
        world_start(world, POMODORO);
        world_do(world, (Event){ .type = EVENT_TOGGLE });
        g_assert_cmpint(world_happening(world, 0)->type, ==, HAPPENED_PAUSED);
        world_do(world, (Event){ .type = EVENT_TOGGLE });
        g_assert_cmpint(world_happening(world, 0)->type, ==, HAPPENED_RESUMED);
}

static void test_busy_says_what_runs(void) {
        cleanup_(world_freep) World *world = world_new();

        world_start(world, POMODORO);
        world_advance(world, MIN_(2));
        g_assert_cmpint(world_start(world, FREEFORM), ==, REFUSAL_BUSY);
        g_assert_nonnull(strstr(world->refusal.message, "a pomodoro is running until 10:25 (#1)"));
        g_assert_nonnull(strstr(world->refusal.message, "; stop it first"));
}

static void test_start_options(void) {
        static const struct {
                int line;
                Event event;
                int r;
                uint64_t started_ago, planned;
        } table[] = {
                { __LINE__, { EVENT_START, .planned_usec = MIN_(50) }, 0, 0, MIN_(50) },
                { __LINE__, { EVENT_START, .planned_usec = SEC(1) }, 0, 0, SEC(1) },
                { __LINE__, { EVENT_START, .planned_usec = HOUR(24) }, 0, 0, HOUR(24) },
                { __LINE__, { EVENT_START, .planned_usec = SEC(1) - 1 }, REFUSAL_INVALID_ARGUMENT, 0, 0 },
                { __LINE__, { EVENT_START, .planned_usec = HOUR(24) + 1 }, REFUSAL_INVALID_ARGUMENT, 0, 0 },
                { __LINE__, { EVENT_START, .planned_usec = UINT64_MAX }, REFUSAL_INVALID_ARGUMENT, 0, 0 },
                { __LINE__, { EVENT_START, .kind = FREEFORM, .planned_usec = MIN_(50) },
                                REFUSAL_INVALID_ARGUMENT, 0, 0 },
                { __LINE__, { EVENT_START, .ago_usec = MIN_(10) }, 0, MIN_(10), MIN_(25) },
                { __LINE__, { EVENT_START, .kind = FREEFORM, .ago_usec = MIN_(50) }, 0, MIN_(50), 0 },
                { __LINE__, { EVENT_START, .ago_usec = MIN_(25) }, REFUSAL_INVALID_TIME, 0, 0 },
                { __LINE__, { EVENT_START, .kind = FREEFORM, .ago_usec = CAP_AGO_USEC + 1 },
                                REFUSAL_INVALID_TIME, 0, 0 },
                { __LINE__, { EVENT_START, .kind = FREEFORM, .ago_usec = UINT64_MAX }, REFUSAL_INVALID_TIME,
                                0, 0 },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
                cleanup_(world_freep) World *world = world_new();

                CHECK_INT(table[i].line, world_do(world, table[i].event), table[i].r);
                CHECK_INT(table[i].line, world->log->len, table[i].r == 0);
                if (table[i].r != 0)
                        continue;
                CHECK_INT(table[i].line, world->now.real_usec - world_record(world, 0)->started_real_usec,
                                table[i].started_ago);
                CHECK_INT(table[i].line, world->now.boot_usec - world->machine.running.started_boot_usec,
                                table[i].started_ago);
                CHECK_INT(table[i].line, world_record(world, 0)->planned_usec, table[i].planned);
        }
}

/* A start that is dated back does not reach into what is already in the log. */
/* What was noted since then is of what was begun then. */
static void test_start_ago_takes_interruptions(void) {
        cleanup_(world_freep) World *world = world_new();

        world_start(world, FREEFORM);
        world_do(world, (Event){ .type = EVENT_INTERRUPT });
        world_advance(world, MIN_(20));
        world_do(world, (Event){ .type = EVENT_INTERRUPT, .external = true });
        world_do(world, (Event){ .type = EVENT_INTERRUPT });
        world_advance(world, MIN_(5));
        g_assert_cmpint(world_do(world, (Event){ .type = EVENT_START,
                                                        .kind = POMODORO,
                                                        .switch_running = true,
                                                        .ago_usec = MIN_(10),
                                                        .later_internal = 1,
                                                        .later_external = 1 }),
                        ==, 0);
        g_assert_cmpuint(world->machine.running.internal, ==, 1);
        g_assert_cmpuint(world->machine.running.external, ==, 1);
        g_assert_cmpuint(world_record(world, 0)->interruptions, ==, 2);
        CHECK_RECORD(__LINE__, world_record(world, -1), FREEFORM, OUTCOME_COMPLETED, MIN_(15));
        g_assert_cmpuint(world_record(world, -1)->interruptions, ==, 1);
}

static void test_start_ago_overlaps(void) {
        cleanup_(world_freep) World *world = world_new();

        world_start(world, FREEFORM);
        world_advance(world, MIN_(10));
        world_do(world, (Event){ .type = EVENT_STOP });
        world_advance(world, MIN_(5));
        g_assert_cmpint(world_do(world, (Event){ .type = EVENT_START, .ago_usec = MIN_(6) }), ==,
                        REFUSAL_OVERLAP);
        g_assert_cmpint(world_do(world, (Event){ .type = EVENT_START, .ago_usec = MIN_(5) }), ==, 0);

        /* Switching in the past ends what ran there, and not before it began. */
        g_assert_cmpint(world_do(world, (Event){ .type = EVENT_START,
                                                        .kind = FREEFORM,
                                                        .ago_usec = MIN_(6),
                                                        .switch_running = true }),
                        ==, REFUSAL_OVERLAP);
        g_assert_cmpint(world_do(world, (Event){ .type = EVENT_START,
                                                        .kind = FREEFORM,
                                                        .ago_usec = MIN_(2),
                                                        .switch_running = true }),
                        ==, 0);
        CHECK_RECORD(__LINE__, world_record(world, -1), POMODORO, OUTCOME_VOID, MIN_(3));
        g_assert_cmpuint(world_record(world, 0)->epoch, ==, 1);
}

static void test_off_hours(void) {
        cleanup_(world_freep) World *world = world_new();

        world->off_hours = true;
        g_assert_cmpint(world_start(world, POMODORO), ==, REFUSAL_OFF_HOURS);
        g_assert_cmpint(world_do(world, (Event){ .type = EVENT_START, .anyway = true }), ==, 0);
        /* Nobody needs leave to rest. */
        g_assert_cmpint(world_do(world, (Event){ .type = EVENT_START,
                                                        .any_break = true,
                                                        .switch_running = true }),
                        ==, 0);
        g_assert_cmpint(world->machine.running.kind, ==, SHORT);
}

static void test_stop_earlier(void) {
        cleanup_(world_freep) World *world = world_new();
        uint64_t start = world->now.real_usec;

        world_start(world, FREEFORM);
        world_advance(world, HOUR(2));
        g_assert_cmpint(world_do(world, (Event){ .type = EVENT_STOP,
                                                        .at_real_usec = world->now.real_usec + 1 }),
                        ==, REFUSAL_INVALID_TIME);
        g_assert_cmpint(world_do(world, (Event){ .type = EVENT_STOP, .at_real_usec = start }), ==,
                        REFUSAL_INVALID_TIME);
        g_assert_cmpint(world_do(world, (Event){ .type = EVENT_STOP, .at_real_usec = 1 }), ==,
                        REFUSAL_INVALID_TIME);
        g_assert_cmpint(world_do(world, (Event){ .type = EVENT_STOP, .at_real_usec = UINT64_MAX }), ==,
                        REFUSAL_INVALID_TIME);
        g_assert_cmpint(world_do(world, (Event){ .type = EVENT_STOP, .at_real_usec = start + MIN_(70) }), ==,
                        0);
        CHECK_RECORD(__LINE__, world_record(world, 0), FREEFORM, OUTCOME_COMPLETED, MIN_(70));

        world_start(world, POMODORO);
        world_advance(world, MIN_(5));
        g_assert_cmpint(world_do(world, (Event){ .type = EVENT_STOP,
                                                        .at_real_usec = world->now.real_usec - 1 }),
                        ==, REFUSAL_NOT_POSSIBLE);
}

static void test_pause(void) {
        cleanup_(world_freep) World *world = world_new();
        TimerView view;

        world->settings.pause = true;
        world_start(world, POMODORO);
        world_advance(world, MIN_(10));
        g_assert_cmpint(world_do(world, (Event){ .type = EVENT_PAUSE }), ==, 0);
        g_assert_cmpint(world_do(world, (Event){ .type = EVENT_PAUSE }), ==, REFUSAL_NOT_POSSIBLE);
        world_advance(world, HOUR(1));
        view = world_view(world);
        g_assert_true(view.paused);
        g_assert_cmpuint(view.deadline_boot_usec, ==, 0);
        g_assert_cmpuint(view.deadline_real_usec, ==, 0);
        g_assert_cmpuint(view.running_since_boot_usec, ==, 0);
        g_assert_cmpuint(view.worked_usec, ==, MIN_(10));
        g_assert_cmpuint(view.paused_remaining_usec, ==, MIN_(15));

        g_assert_cmpint(world_do(world, (Event){ .type = EVENT_RESUME }), ==, 0);
        view = world_view(world);
        g_assert_false(view.paused);
        g_assert_cmpuint(view.deadline_boot_usec, ==, world->now.boot_usec + MIN_(15));
        g_assert_cmpuint(view.running_since_boot_usec, ==, world->now.boot_usec);
        g_assert_cmpuint(view.worked_usec, ==, MIN_(10));
        world_advance(world, MIN_(15));
        CHECK_RECORD(__LINE__, world_record(world, -1), POMODORO, OUTCOME_COMPLETED, MIN_(85));
        g_assert_cmpuint(world_record(world, -1)->paused_usec, ==, HOUR(1));
}

/* The settings are those that it began with. */
static void test_settings_from_the_next_on(void) {
        cleanup_(world_freep) World *world = world_new();

        world_start(world, POMODORO);
        world->settings.pause = true;
        g_assert_cmpint(world_do(world, (Event){ .type = EVENT_PAUSE }), ==, REFUSAL_NOT_POSSIBLE);
        g_assert_nonnull(strstr(world->refusal.message, "the next one can be paused"));
        g_assert_cmpint(world_do(world, (Event){ .type = EVENT_TOGGLE }), ==, 0);
        g_assert_cmpint(world_happening(world, 0)->type, ==, HAPPENED_INTERRUPTED);
        world_do(world, (Event){ .type = EVENT_STOP });

        world_start(world, POMODORO);
        world->settings.pause = false;
        g_assert_cmpint(world_do(world, (Event){ .type = EVENT_TOGGLE }), ==, 0);
        g_assert_cmpint(world_happening(world, 0)->type, ==, HAPPENED_PAUSED);
        g_assert_true(world_view(world).paused);
}

static void test_stop_while_paused(void) {
        cleanup_(world_freep) World *world = world_new();

        world_start(world, FREEFORM);
        world_advance(world, MIN_(10));
        world_do(world, (Event){ .type = EVENT_PAUSE });
        world_advance(world, MIN_(5));
        world_do(world, (Event){ .type = EVENT_STOP });
        CHECK_RECORD(__LINE__, world_record(world, 0), FREEFORM, OUTCOME_COMPLETED, MIN_(15));
        g_assert_cmpuint(world_record(world, 0)->paused_usec, ==, MIN_(5));
        g_assert_cmpuint(world_happening(world, 0)->worked_usec, ==, MIN_(10));
}

static void test_extend_up_to_the_cap(void) {
        cleanup_(world_freep) World *world = world_new();

        world_start(world, POMODORO);
        g_assert_cmpint(world_do(world, (Event){ .type = EVENT_EXTEND, .extend_usec = HOUR(3) }), ==, 0);
        g_assert_cmpint(world_do(world, (Event){ .type = EVENT_EXTEND, .extend_usec = HOUR(1) + 1 }), ==,
                        REFUSAL_LIMITS_EXCEEDED);
        g_assert_cmpint(world_do(world, (Event){ .type = EVENT_EXTEND, .extend_usec = UINT64_MAX }), ==,
                        REFUSAL_LIMITS_EXCEEDED);
        g_assert_cmpint(world_do(world, (Event){ .type = EVENT_EXTEND, .extend_usec = HOUR(1) }), ==, 0);
        g_assert_cmpint(world_do(world, (Event){ .type = EVENT_EXTEND, .extend_usec = 1 }), ==,
                        REFUSAL_LIMITS_EXCEEDED);
        world_advance(world, HOUR(4) + MIN_(25) - 1);
        CHECK_STATE(__LINE__, world, POMODORO);
        world_advance(world, 1);
        CHECK_STATE(__LINE__, world, SHORT);
        CHECK_RECORD(__LINE__, world_record(world, -1), POMODORO, OUTCOME_COMPLETED, HOUR(4) + MIN_(25));
}

static void test_caps_of_one_interval(void) {
        cleanup_(world_freep) World *world = world_new();

        world_start(world, FREEFORM);
        for (unsigned i = 0; i < CAP_INTERRUPTIONS; i++)
                g_assert_cmpint(world_do(world, (Event){ .type = EVENT_INTERRUPT, .external = i % 2 == 0 }),
                                ==, 0);
        g_assert_cmpint(world_do(world, (Event){ .type = EVENT_INTERRUPT }), ==, REFUSAL_LIMITS_EXCEEDED);
        g_assert_cmpuint(world_record(world, 0)->interruptions, ==, CAP_INTERRUPTIONS);

        for (unsigned i = 0; i < CAP_PAUSES; i++) {
                g_assert_cmpint(world_do(world, (Event){ .type = EVENT_PAUSE }), ==, 0);
                world_advance(world, 1);
                g_assert_cmpint(world_do(world, (Event){ .type = EVENT_RESUME }), ==, 0);
        }
        g_assert_cmpint(world_do(world, (Event){ .type = EVENT_PAUSE }), ==, REFUSAL_LIMITS_EXCEEDED);

        /* Nobody asked for these, so nobody is refused; they are not noted any more. */
        for (unsigned i = 0; i < CAP_ABSENCES + 1; i++) {
                g_assert_cmpint(world_do(world, (Event){ .type = EVENT_ABSENCE, .absent = true }), ==, 0);
                world_advance(world, 1);
                g_assert_cmpint(world_do(world, (Event){ .type = EVENT_ABSENCE, .absent = false }), ==, 0);
        }
        g_assert_cmpuint(world_record(world, 0)->absences, ==, CAP_ABSENCES);
}

static void test_absence(void) {
        cleanup_(world_freep) World *world = world_new();
        uint64_t left;

        world_start(world, FREEFORM);
        world_advance(world, MIN_(10));
        left = world->now.real_usec - MIN_(1);
        world_do(world, (Event){ .type = EVENT_ABSENCE,
                                        .absence = ABSENCE_IDLE,
                                        .absent = true,
                                        .absent_since_usec = world->now.boot_usec - MIN_(1) });
        world_advance(world, MIN_(30));
        world_do(world, (Event){ .type = EVENT_ABSENCE, .absence = ABSENCE_IDLE });
        g_assert_cmpint(world_happening(world, 0)->type, ==, HAPPENED_BACK);
        g_assert_cmpuint(world_happening(world, 0)->since_real_usec, ==, left);
        g_assert_cmpuint(world_record(world, 0)->absences, ==, 1);
        g_assert_cmpint(world_do(world, (Event){ .type = EVENT_STOP, .at_real_usec = left }), ==, 0);
        CHECK_RECORD(__LINE__, world_record(world, 0), FREEFORM, OUTCOME_COMPLETED, MIN_(9));
}

static void test_task(void) {
        cleanup_(world_freep) World *world = world_new();

        world_do(world, (Event){ .type = EVENT_START, .task = 3 });
        g_assert_cmpint(world_record(world, 0)->task, ==, 3);
        world_do(world, (Event){ .type = EVENT_SET_TASK, .task = 4 });
        g_assert_cmpint(world_record(world, 0)->task, ==, 4);
        g_assert_cmpint(world_happening(world, 0)->type, ==, HAPPENED_TASK);
        world_do(world, (Event){ .type = EVENT_SET_TASK, .task = 0 });
        g_assert_cmpint(world_view(world).task, ==, 0);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/machine/requests/table", test_table);
        g_test_add_func("/machine/requests/toggle-says-what", test_toggle_says_what);
        g_test_add_func("/machine/requests/busy-says-what-runs", test_busy_says_what_runs);
        g_test_add_func("/machine/requests/start-options", test_start_options);
        g_test_add_func("/machine/requests/start-ago-takes-interruptions",
                        test_start_ago_takes_interruptions);
        g_test_add_func("/machine/requests/start-ago-overlaps", test_start_ago_overlaps);
        g_test_add_func("/machine/requests/off-hours", test_off_hours);
        g_test_add_func("/machine/requests/stop-earlier", test_stop_earlier);
        g_test_add_func("/machine/requests/pause", test_pause);
        g_test_add_func("/machine/requests/settings-from-the-next-on", test_settings_from_the_next_on);
        g_test_add_func("/machine/requests/stop-while-paused", test_stop_while_paused);
        g_test_add_func("/machine/requests/extend-up-to-the-cap", test_extend_up_to_the_cap);
        g_test_add_func("/machine/requests/caps-of-one-interval", test_caps_of_one_interval);
        g_test_add_func("/machine/requests/absence", test_absence);
        g_test_add_func("/machine/requests/task", test_task);
        return g_test_run();
}
