/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * The one place that counts a user's seq and tells of what became true. Each event has a number of its own,
 * so that a replay can begin after any of them; the last is the state's. What is asked for is stored, then
 * adopted, then told; what time did is a fact, stored or not.
 */

#include "daemon/core/told.h"
#include "daemon/engine/user.h"

/* A change, with a task made for it and claims, which are told in words, too. */
#define NEWS_MAX (CHANGE_HAPPENINGS_MAX + 2 + TOLD_MAX)

/* What is to be told together, in order. Zero-initialised: nothing. */
typedef struct News {
        unsigned changed; /* a set of ChangedKind */
        Happening happenings[NEWS_MAX];
        unsigned n;
        Told told[TOLD_MAX]; /* whose texts happenings have: see publish_add_claims() */
        unsigned n_told;
} News;
/* Of news that publish_add_claims() or publish_add_told() added to. */
void publish_done(News *news);

/* A happening that is of now and says only which record it is about; 0 none. */
void publish_add_now(const User *user, News *news, unsigned changed, HappeningType type, int64_t id);

/* What becomes of claims, before the change is adopted: that some did, and in words what. */
void publish_add_claims(User *user, News *news, unsigned changed, const FocusChange *change);
/* Takes over what is told. */
void publish_add_told(const User *user, News *news, unsigned changed, const Told *told, unsigned n);

/* store_write_end() with the number of the news, which are not told yet: the caller adopts what was stored.
 */
int user_publish_stored(User *user, StoreWrite *write, int result, const News *news);
/* Counts, remembers and tells. */
void user_publish(User *user, const News *news);
/* Of a plugin something else is known: tells, where that is another sentence about what is not enforced. */
void user_publish_enforced(User *user);
/* Everything may be another thing than before, with that one event or (NULL) none. told: the number that was
 * told last. A store that took another's place has a higher number already, which is then the one
 * that is told: told and stored are the same. */
void user_publish_anew(User *user, uint64_t told, const Happening *happening);

/* Something that somebody asked for, or a window began, and that is true only if it can be stored. */
typedef struct Decision {
        Change change;
        const Task *new_task; /* for the rows that say TASK_TO_MAKE; NULL none */
        FocusChange focus;    /* owned; its claims NULL: none of them is touched */
        int64_t made_task;    /* filled in: the number of the new task */
} Decision;
/* In one write, then adopted, then told at once. A negative errno of the store, and then nothing happened. */
int user_publish_decision(User *user, Decision *decision);

/* What time did. 0, or -EUCLEAN: what cannot be stored for another reason waits in the outbox. */
int user_publish_fact(User *user, const Change *change, unsigned changed);
int user_publish_happenings(User *user, unsigned changed, const Happening *happenings, unsigned n);
int user_publish_happening(User *user, unsigned changed, const Happening *happening);
/* The same of claims. */
int user_publish_claims(User *user, const FocusChange *change);
