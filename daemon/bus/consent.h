/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * What a profile blocks for everyone on the computer takes an administrator's word. A handler that has stored
 * a profile calls consent_begin(); where somebody has to be asked, call->consent is there from then on,
 * method.c asks polkit, and the handler is called again, once, with what was answered: then it calls
 * consent_end(). Nothing that was stored depends on the answer.
 */

#include "daemon/bus/warnings.h"

typedef struct ConsentQuestion ConsentQuestion;
ConsentQuestion *consent_question_free(ConsentQuestion *question); /* NULL is fine; returns NULL */

/* ---- for handlers ---- */

/*
 * Of these profiles, NULL at the end. Takes over the warnings where it asks; the answer (may be NULL) is what
 * the request came to, and is there again when the handler is called again. must: where nobody allows it, the
 * call fails. 0 or a negative errno, or, with must, a RefusalCode.
 */
int consent_begin(
                Call *call, const char *const *profiles, Warnings *warnings, const Answer *answer, bool must);
/* Whether the handler is called again. */
bool consent_is_answered(const Call *call);
/* Grants it where it was allowed; what is left is a warning. ret_answer may be NULL; the warnings are the
 * caller's. */
int consent_end(Call *call, Warnings *ret_warnings, Answer *ret_answer);
/* A warning of what a profile may not block for everyone; NULL: nothing. */
void consent_warn(Call *call, const char *profile, Warnings *warnings);

/* Entries Granted and NotGranted, as far as an answer has room for them. */
int consent_append_entries(Reply *reply, const User *user, const Profile *profile);

extern const Param grant_params[2], revoke_params[2];
int consent_handle_grant(Call *call);

/* ---- for method.c ---- */

/* What polkit is told of it: key, value, …, NULL; the question's. */
const char *const *consent_question_details(const ConsentQuestion *question);
bool consent_question_is_answered(
                const ConsentQuestion *question); /* NULL: there is none, which is as good */
/* r 0: it was allowed; else why not, in a sentence. */
void consent_question_answer(ConsentQuestion *question, int r, const char *why);
bool consent_question_must(const ConsentQuestion *question);
