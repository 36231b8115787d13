/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * What the daemon says no with: the conditions of our own API. A function that can refuse returns 0, a
 * negative errno that came from the environment, or one of these positive codes, with a sentence in
 * ret_refusal that names the value that was wrong and what would be right. Only the bus turns a code into a
 * D-Bus error name.
 */

#include <stdbool.h>
#include <stddef.h>

#include "common/caps.h"

typedef enum RefusalCode {
        REFUSAL_NONE = 0,
        REFUSAL_ACCESS_DENIED, /* not yours */
        REFUSAL_BUSY,          /* an interval runs already; start with switch */
        REFUSAL_NOT_RUNNING,   /* nothing runs */
        REFUSAL_NOT_POSSIBLE,  /* not in this state: skip a pomodoro, extend freeform, pause where not allowed
                                */
        REFUSAL_STATE_CHANGED, /* if-seq did not match */
        REFUSAL_OFF_HOURS,     /* outside the hours of the day's rules; start with anyway */
        REFUSAL_INVALID_ARGUMENT, /* a value, an option or a kind that makes no sense */
        REFUSAL_INVALID_TIME,     /* in the future, before 1970, end before start */
        REFUSAL_OVERLAP,          /* two intervals at one time; the sentence names the one in the way */
        REFUSAL_NO_SUCH_INTERVAL,
        REFUSAL_NO_SUCH_TASK,
        REFUSAL_NO_SUCH_SETTING,
        REFUSAL_NO_SUCH_BACKUP,
        REFUSAL_NO_SUCH_RULE,
        REFUSAL_NO_SUCH_PROFILE,
        REFUSAL_NO_SUCH_CLAIM,
        REFUSAL_NO_SUCH_PLUGIN,
        REFUSAL_NO_SUCH_LIST,
        REFUSAL_LOCKED,         /* a claim whose lock wants more than was given */
        REFUSAL_AMBIGUOUS_TASK, /* a title that fits two tasks */
        REFUSAL_NOTHING_TO_UNDO,
        REFUSAL_NOTHING_TO_REDO,
        REFUSAL_LIMITS_EXCEEDED, /* one past a cap of common/caps.h */
        REFUSAL_NO_USER,       /* this account has no user object here: a system account on the system bus */
        REFUSAL_LOOKUP_FAILED, /* who has a uid could not be found out: no answer is not "no account" */
        REFUSAL_STORE_FAILED,  /* not stored, so it did not happen, or the sentence says that nobody knows */
        REFUSAL_STORE_NEWER,   /* the store was written by a newer pomod */
        _REFUSAL_MAX,
} RefusalCode;

#define REFUSAL_MESSAGE_MAX 768

typedef struct Refusal {
        RefusalCode code;
        char message[REFUSAL_MESSAGE_MAX]; /* whole UTF-8 characters, always terminated */
        bool needs_admin;                  /* the same with an administrator's word would not be refused */
        char profile[CAP_RULE_BYTES + 1];  /* needs_admin: what it is about */
} Refusal;

/* Fills in ret_refusal (which may be NULL) and returns code. A message cut at the end is cut between
 * characters. */
int refuse(Refusal *ret_refusal, RefusalCode code, const char *format, ...)
                __attribute__((format(printf, 3, 4)));

/* Says of a refusal that was just filled in that an administrator may do it. NULL is fine. */
void refuse_without_admin(Refusal *refusal, const char *profile);

/* Refuses a text that is no date. The empty one is fine: no date. */
int refuse_date(Refusal *ret_refusal, const char *text);
