/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * What a host holds: the claims that pomod last named, with all that is needed to go on without it, also in
 * another boot. Pure: clocks are arguments, and nothing here touches the disk, the bus or the world.
 *
 * A claim that pomod no longer names is *gone*, and one past its end *over*; both stay here, and so in the
 * state folder, until the world is without them: held_applied(). So a host that dies half way has left behind
 * what may still have to be lifted.
 *
 * The order for a host: held_follow(), held_merge() where an answer came, then the state is written, then
 * held_apply_list() and apply(), then held_applied() and the state is written.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/duration.h"

/* How long an answer is waited for, at the start and at an end; at the start in another boot. */
#define HELD_ANSWER_USEC (2 * USEC_PER_SEC)
#define HELD_BOOT_USEC   (30 * USEC_PER_SEC)
/* How long what could not be read is held without an answer. */
#define HELD_UNREAD_USEC (12 * USEC_PER_HOUR)
#define HELD_BOOT_ID_MAX 40 /* with the NUL */

typedef struct HeldNow {
        uint64_t boottime_usec, realtime_usec;
        bool synchronised;   /* the kernel says that the wall clock was set by a time service in this boot */
        const char *boot_id; /* of the host's own /proc: a sandbox may show another than pomod's; never NULL
                              */
} HeldNow;

typedef struct HeldPair { /* a setting and its text as written; a list's name and its digest */
        char *key, *text;
} HeldPair;

typedef struct HeldPairs {
        HeldPair *list;
        size_t n, n_allocated;
} HeldPairs;

typedef struct HeldEnd {
        uint64_t boottime_usec; /* of this boot: it counts */
        uint64_t realtime_usec; /* for another boot */
        uint64_t length_usec;   /* in full: more is never held after a boot */
        bool firm;              /* false: it follows a clock that nobody has vouched for yet */
        bool carried;           /* it came from another boot, and nobody has vouched for the clock since */
        bool suspended;         /* past by such a clock, which may be wrong: it rests, and may come back */
} HeldEnd;

typedef struct HeldClaim { /* texts are never NULL */
        uint32_t uid;
        uint64_t id; /* unique for a uid alone */
        char *profile, *lock, *source;
        HeldEnd end;
        uint64_t release_boottime_usec;     /* it is released then; 0: no release waits */
        uint64_t rests_until_boottime_usec; /* 0: it does not rest; UINT64_MAX: until pomod says so */
        HeldPairs settings, lists;
        bool gone;        /* pomod does not name it any more */
        bool given, over; /* of the last held_apply_list(): it was in it; the world is without it after it */
        bool applied;     /* the world has it, as far as this process knows */
} HeldClaim;

typedef struct HeldClaims { /* by uid, then id; no two of the same */
        HeldClaim *list;
        size_t n, n_allocated;
} HeldClaims;

typedef struct Held {
        char *bus, *store; /* whose word this is; "": not known */
        char boot_id[HELD_BOOT_ID_MAX], pomod_boot_id[HELD_BOOT_ID_MAX]; /* the host's own; as pomod says */
        uint64_t generation;                                             /* of the last answer */
        HeldPairs standing; /* in a session: settings that hold always */
        HeldClaims claims;
        HeldEnd unread;  /* length not 0: there was state that could not be read, kept until then */
        bool other_boot; /* nothing was heard of pomod since the computer was started; kept, as whoever looks
                          * first at what another boot left is not who asks pomod */
        uint64_t changes, given,
                        applied; /* counted: so far; of the last held_apply_list(); of held_applied() */
} Held;

/* ---- making one ---- */

void held_init(Held *held); /* holds nothing */
void held_clear(Held *held);
/* The state that could not be read, from now on. */
void held_set_unread(Held *held, const HeldNow *now);
/* What is legible of it: the claims are taken, and end with what cannot be read at the latest. Nothing is
 * done with them until pomod has answered; then they are what is known of users of whom it cannot speak. Held
 * has no claims yet. of_boot: their ends count in this boot. */
void held_add_legible(Held *held, HeldClaims *claims, bool of_boot, const HeldNow *now);

/* Adds a pair; the texts are copied, and never NULL. */
void held_pairs_add(HeldPairs *pairs, const char *key, const char *text);
const char *held_pairs_get(const HeldPairs *pairs, const char *key); /* NULL: none */
/* key, text, key, text, NULL: the array is the caller's to free(), its texts are the pairs'. */
const char **held_pairs_texts(const HeldPairs *pairs);
void held_pairs_drop(HeldPairs *pairs, const char *text); /* all that have it */
void held_pairs_clear(HeldPairs *pairs);

/* The claim of that name, a new one where there is none: texts are "", all else is 0. It lives until the next
 * one is added. */
HeldClaim *held_claims_add(HeldClaims *claims, uint32_t uid, uint64_t id);
/* NULL: none. */
HeldClaim *held_claims_find(const HeldClaims *claims, uint32_t uid, uint64_t id);
void held_claims_clear(HeldClaims *claims);
/* Takes another text. */
void held_text(char **text, const char *value);

/* ---- pomod's word ---- */

/* Of Desired; an error or no answer is none. answer_clear() of answer.h gives it back. */
typedef struct HeldAnswer {
        uint64_t generation;
        bool same_run;             /* of the pomod that gave the answer before */
        const char *pomod_boot_id; /* NULL: not said */
        HeldClaims claims;
        HeldPairs standing;
        const uint32_t *unknown; /* users of whom pomod cannot say what holds */
        size_t n_unknown;
} HeldAnswer;

/* Makes pomod's word ours, and takes claims and standing settings out of the answer. What is held for users
 * who are unknown stays. 1: something changed, so that the state has to be written; 0: nothing did; -ESTALE:
 * the answer is older than the last, and nothing was taken. */
int held_merge(Held *held, HeldAnswer *answer);

/* From now on this is the word of that bus and store ("": not known); where both are known, it is the store
 * that counts. -EXDEV with a sentence where claims of a different one have not ended: nothing changed then.
 */
int held_adopt(Held *held, const char *bus, const char *store, const HeldNow *now, char **ret_sentence);

/* ---- clocks ---- */

/* Takes over from another boot, and follows the wall clock where it was set. To be called before anything
 * that looks at an end, also whenever the clock was set. true: the state has to be written. */
bool held_follow(Held *held, const HeldNow *now);

/* How long after its start a host waits for an answer before it does what is held. */
uint64_t held_wait_usec(const Held *held);

/* When to look again, on BOOTTIME: an end or the end of a rest; UINT64_MAX: never. */
uint64_t held_next(const Held *held, const HeldNow *now);
/* A claim has come to its end, and holds on for HELD_ANSWER_USEC: pomod is to be asked. */
bool held_asks(const Held *held, const HeldNow *now);
/* Nothing is left: no claim that the world may have, also none that rests, and nothing that could not be
 * read. */
bool held_is_empty(const Held *held);
/* Something is over, and the world may still have it. */
bool held_has_ended(const Held *held, const HeldNow *now);
/* The last of all ends on the wall clock, 0 where nothing is held. */
uint64_t held_last_realtime_usec(const Held *held);

/* ---- the world ---- */

typedef enum HeldTodo {
        HELD_WAIT,    /* what is held could not be read: no apply() and no release() */
        HELD_NOTHING, /* the world is as it should be, as far as this process knows */
        HELD_APPLY,
        HELD_RELEASE, /* what could not be read has had its time, and nothing else is known: release() */
} HeldTodo;
HeldTodo held_todo(const Held *held, const HeldNow *now);

typedef struct HeldList {
        const HeldClaim **claims; /* by uid, then id; they are held's, and stay until it changes */
        size_t n;
} HeldList;

/* What a plugin is to be given now: nothing that rests, is gone or over. */
void held_apply_list(Held *held, const HeldNow *now, HeldList *ret_list);
void held_list_clear(HeldList *list);
/* The world is as the last held_apply_list() said: what is over by then is forgotten. true: the state has to
 * be written. */
bool held_applied(Held *held);
/* The world is without everything, also without what came since. As above. */
bool held_released(Held *held);
/* Nothing is held any more. */
void held_forget(Held *held);
