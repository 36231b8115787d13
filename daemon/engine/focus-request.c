/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* What people ask of focus, decided by core: stored, then true, then told. */

#include <errno.h>

#include "daemon/engine/engine-private.h"

static int commit(User *user, const FocusChange *change, Refusal *ret_refusal) {
        const uint64_t seq = user->seq + 1;
        int r;

        r = user_flush_focus(user);
        if (r == 0)
                r = store_put_claims(user->store, (const Claim *) (void *) change->claims->data,
                                change->claims->len, change->next_id, seq);
        if (r < 0)
                return user_refuse_store(user, r, ret_refusal);
        user_adopt_focus(user, change, seq);
        user_announce_stored(user, change->desired ? CHANGED_FOCUS : 0, HAPPENED_FOCUS_CHANGED,
                        g_array_index(change->claims, Claim, 0).id, seq);
        return 0;
}

int user_request_focus(User *user, const Request *request, Answer *answer, Refusal *ret_refusal) {
        uint64_t release_boot = 0;
        FocusChange change;
        FocusEnv env;
        int r;

        /* What people see is what they ask about: the claims as they are at this moment. */
        r = user_settle_focus(user);
        if (r < 0)
                return user_refuse_store(user, r, ret_refusal);
        user_focus_env(user, &env);
        switch (request->type) {
        case REQUEST_FOCUS_ENGAGE:
                r = focus_engage(user->focus.claims, &env, request->name ?: "", request->for_usec,
                                request->lock, request->lock_delay_usec, &change, ret_refusal);
                break;
        case REQUEST_FOCUS_RELEASE:
                r = refuse_text(ret_refusal, "the reason", request->text, CAP_NOTE_BYTES);
                if (r == 0)
                        r = focus_release(user->focus.claims, &env, request->id, request->text,
                                        request->admin, &change, &release_boot, ret_refusal);
                break;
        case REQUEST_FOCUS_WITHDRAW:
                r = focus_withdraw(user->focus.claims, &env, request->id, &change, ret_refusal);
                break;
        default:
                return -EINVAL;
        }
        if (r != 0)
                return r;

        answer->id = g_array_index(change.claims, Claim, 0).id;
        if (release_boot > 0)
                answer->release_real_usec = env.now.real_usec + (release_boot - env.now.boot_usec);
        r = commit(user, &change, ret_refusal);
        focus_change_done(&change);
        return r;
}
