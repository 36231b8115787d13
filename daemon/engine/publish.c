/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/publish.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "daemon/engine/calendar.h"
#include "daemon/engine/claims.h"
#include "daemon/engine/enforce.h"
#include "daemon/engine/outbox.h"
#include "daemon/engine/running.h"
#include "daemon/engine/store-words.h"
#include "daemon/engine/today.h"

/* ---- counting and telling ---- */

/* Seq is a property of the timer, so that CHANGED_TIMER goes with every one. */
static void add_happening(News *news, unsigned changed, const Happening *happening) {
        assert(news->n < NEWS_MAX);
        news->changed |= changed | CHANGED_TIMER;
        news->happenings[news->n++] = *happening;
}

void publish_add_now(const User *user, News *news, unsigned changed, HappeningType type, int64_t id) {
        const bool of_task = type == HAPPENED_TASKS_CHANGED;

        add_happening(news, changed,
                        &(Happening){
                                        .type = type,
                                        .at_real_usec = user->engine->now.real_usec,
                                        .id = of_task ? 0 : id,
                                        .task = of_task ? id : 0,
                        });
}

static void add_change(News *news, const Change *change, unsigned changed) {
        for (unsigned i = 0; i < change->n_happenings; i++)
                add_happening(news, changed, &change->happenings[i]);
}

void publish_done(News *news) {
        told_done(news->told, news->n_told);
        news->n_told = 0;
}

void publish_add_told(const User *user, News *news, unsigned changed, const Told *told, unsigned n) {
        for (unsigned i = 0; i < n; i++) {
                Happening happening;

                assert(news->n_told < TOLD_MAX);
                news->told[news->n_told] = told[i];
                happening = told_happening(&news->told[news->n_told++], &user->engine->now);
                add_happening(news, changed, &happening);
        }
}

void publish_add_claims(User *user, News *news, unsigned changed, const FocusChange *change) {
        Told told[TOLD_MAX];
        unsigned n;

        publish_add_now(user, news, changed, HAPPENED_FOCUS_CHANGED,
                        g_array_index(change->claims, Claim, 0).id);
        n = told_of_claims(user->focus.claims, change, &user->engine->now, user_calendar_zone(user), told);
        publish_add_told(user, news, changed, told, n);
}

static void add_claims(User *user, News *news, const FocusChange *change) {
        if (user_claims_are_told(user, change))
                publish_add_claims(user, news, change->desired ? CHANGED_FOCUS : 0, change);
}

/* The number that the last of the news will have. */
static uint64_t publish_seq(const User *user, const News *news) {
        return user->seq + news->n;
}

int user_publish_stored(User *user, StoreWrite *write, int result, const News *news) {
        int r = store_write_end(write, result, publish_seq(user, news));

        int survived;

        if (r != 0)
                return r;
        survived = store_take_survived(user->store);
        if (survived < 0)
                store_words_journal(user, survived, "synced, though the change is stored");
        else
                user->failure = 0;
        user->stored = true;
        return 0;
}

static void tell(User *user, unsigned changed, const EngineEvent *events, unsigned n) {
        Engine *engine = user->engine;
        const bool telling = engine->telling;

        user->touched = true;
        /* Who is told reads the day's count; an edit may have changed it. */
        if (!user->today_known)
                (void) user_today_count(user);
        (void) user_enforce_look(user);
        if (!engine->listener)
                return;
        engine->telling = true;
        engine->listener(user, changed, events, n, engine->listener_userdata);
        engine->telling = telling;
}

void user_publish(User *user, const News *news) {
        EngineEvent events[NEWS_MAX];

        if (news->changed == 0)
                return;
        for (unsigned i = 0; i < news->n; i++) {
                events[i] = (EngineEvent){ .seq = ++user->seq, .happening = news->happenings[i] };
                replay_add(&user->replay, &events[i]);
        }
        tell(user, news->changed, events, news->n);
}

void user_publish_enforced(User *user) {
        if (user_enforce_look(user))
                tell(user, CHANGED_TIMER, NULL, 0);
}

void user_publish_anew(User *user, uint64_t told, const Happening *happening) {
        News news = { .changed = CHANGED_TIMER | CHANGED_TASKS | CHANGED_HISTORY | CHANGED_SETTINGS |
                                 CHANGED_SCHEDULES | CHANGED_FOCUS };

        user->seq = MAX(user->seq, told + 1);
        if (!happening) {
                replay_forget(&user->replay, user->seq);
                tell(user, news.changed, NULL, 0);
                return;
        }
        replay_forget(&user->replay, --user->seq);
        add_happening(&news, 0, happening);
        user_publish(user, &news);
}

/* ---- what is asked for ---- */

/* The task that was made in the same write has a number now. */
static void name_task(Change *change, int64_t id) {
        for (unsigned i = 0; i < change->n_rows; i++)
                if (change->rows[i].running.task == TASK_TO_MAKE)
                        change->rows[i].running.task = id;
        if (change->machine.running.task == TASK_TO_MAKE)
                change->machine.running.task = id;
        if (change->machine.carry_task == TASK_TO_MAKE)
                change->machine.carry_task = id;
        for (unsigned i = 0; i < change->n_happenings; i++)
                if (change->happenings[i].task == TASK_TO_MAKE)
                        change->happenings[i].task = id;
}

static int write_change(StoreWrite *write, const Change *change) {
        int r = write_rows(write, change->rows, change->n_rows);

        return r < 0 ? r : write_machine(write, &change->machine);
}

static int write_change_of_claims(StoreWrite *write, const FocusChange *change) {
        return write_claims(write, (const Claim *) (void *) change->claims->data, change->claims->len,
                        change->next_id);
}

static int write_decision(StoreWrite *write, Decision *decision) {
        int r = 0;

        if (decision->new_task) {
                Task task = *decision->new_task; /* its strings are borrowed */

                r = write_task_new(write, &task);
                if (r < 0)
                        return r;
                decision->made_task = task.id;
                name_task(&decision->change, task.id);
        }
        r = write_change(write, &decision->change);
        if (r == 0 && decision->focus.claims)
                r = write_change_of_claims(write, &decision->focus);
        return r;
}

int user_publish_decision(User *user, Decision *decision) {
        cleanup_(publish_done) News news = {};
        StoreWrite write;
        int r;

        assert(user->store);
        assert(user->call);
        r = store_write_begin(user->store, &write);
        if (r < 0)
                return r;
        r = write_decision(&write, decision);
        if (r == 0 && decision->new_task)
                publish_add_now(user, &news, CHANGED_TASKS, HAPPENED_TASKS_CHANGED, decision->made_task);
        if (r == 0)
                add_change(&news, &decision->change, CHANGED_HISTORY);
        if (r == 0 && decision->focus.claims)
                add_claims(user, &news, &decision->focus);
        r = user_publish_stored(user, &write, r, &news);
        if (r < 0)
                return r;
        user_running_adopt(user, &decision->change);
        if (decision->focus.claims) {
                user_outbox_drop_claims(user, decision->focus.claims);
                user_claims_adopt(user, &decision->focus);
                user->focus.was_break = interval_kind_is_break(user->machine.running.kind);
        }
        user_publish(user, &news);
        return 0;
}

/* ---- what time did ---- */

/* When the pomodoro that rings in a change had begun; 0 where none rings. */
static uint64_t completed_start(const User *user, const Change *change) {
        for (unsigned i = 0; i < change->n_rows; i++)
                if (change->rows[i].type == ROW_END && change->rows[i].outcome == OUTCOME_COMPLETED &&
                                user->machine.running.kind == INTERVAL_POMODORO)
                        return user->machine.running.started_real_usec;
        return 0;
}

static int store_change(User *user, const Change *change, const News *news) {
        StoreWrite write;
        int r = store_write_begin(user->store, &write);

        return r < 0 ? r : user_publish_stored(user, &write, write_change(&write, change), news);
}

static int store_claims(User *user, const FocusChange *claims, const News *news) {
        StoreWrite write;
        int r = store_write_begin(user->store, &write);

        return r < 0 ? r : user_publish_stored(user, &write, write_change_of_claims(&write, claims), news);
}

/*
 * It follows from what is on the disk: so the machine goes on, and what could not be stored is kept. A ring
 * is told before it is stored: a busy disk delays no bell.
 */
int user_publish_fact(User *user, const Change *change, unsigned changed) {
        char window_date[sizeof(user->machine.running.window_date)];
        const uint64_t completed = completed_start(user, change);
        News news = {};
        int r = 0;

        if (!user->store) {
                user_running_adopt(user, change);
                return 0;
        }
        memcpy(window_date, user->machine.running.window_date, sizeof(window_date));
        add_change(&news, change, changed);
        if (change->rang || user_outbox_is_due(user))
                user_outbox_add_change(user, change, completed, window_date);
        else {
                r = store_change(user, change, &news);
                if (r < 0) {
                        store_words_journal(user, r, "written");
                        user_outbox_add_change(user, change, completed, window_date);
                }
        }
        if (user->today_known && completed > 0 && user_today_has(user, completed, window_date))
                user->completed_today++;
        user_running_adopt(user, change);
        user_publish(user, &news);
        return r == -EUCLEAN ? r : 0;
}

int user_publish_happenings(User *user, unsigned changed, const Happening *happenings, unsigned n) {
        Change change = { .changed = true, .machine = user->machine, .n_happenings = n };

        assert(n <= CHANGE_HAPPENINGS_MAX);
        memcpy(change.happenings, happenings, n * sizeof(*happenings));
        return user_publish_fact(user, &change, changed);
}

int user_publish_happening(User *user, unsigned changed, const Happening *happening) {
        return user_publish_happenings(user, changed, happening, 1);
}

int user_publish_claims(User *user, const FocusChange *change) {
        cleanup_(publish_done) News news = {};
        int r = -EAGAIN;

        assert(change->claims->len > 0);
        add_claims(user, &news, change);
        if (!user_outbox_is_due(user)) {
                r = store_claims(user, change, &news);
                if (r < 0)
                        store_words_journal(user, r, "written");
        }
        if (r == 0)
                user_outbox_drop_claims(user, change->claims);
        for (guint i = 0; r < 0 && i < change->claims->len; i++)
                user_outbox_add_claim(user, &g_array_index(change->claims, Claim, i),
                                user->engine->now.boot_usec + OUTBOX_FIRST_USEC);
        user_claims_adopt(user, change);
        user_publish(user, &news);
        return r == -EUCLEAN ? r : 0;
}
