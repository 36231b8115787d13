/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/focus-request.h"

#include <errno.h>

#include "daemon/engine/claims.h"
#include "daemon/engine/focus.h"
#include "daemon/engine/outbox.h"
#include "daemon/engine/publish.h"

static int commit(User *user, const FocusChange *change) {
        cleanup_(publish_done) News news = {};
        StoreWrite write;
        int r;

        r = store_write_begin(user->store, &write);
        if (r < 0)
                return r;
        publish_add_claims(user, &news, change->desired ? CHANGED_FOCUS : 0, change);
        r = write_claims(&write, (const Claim *) (void *) change->claims->data, change->claims->len,
                        change->next_id);
        r = user_publish_stored(user, &write, r, &news);
        if (r < 0)
                return r;
        user_outbox_drop_claims(user, change->claims);
        user_claims_adopt(user, change);
        user_publish(user, &news);
        return 0;
}

static int decide(User *user, const FocusEnv *env, const Request *request, FocusChange *ret_change,
                uint64_t *ret_release_boot_usec, Refusal *ret_refusal) {
        const GArray *claims = user->focus.claims;

        switch (request->type) {
        case REQUEST_FOCUS_ENGAGE:
                return focus_engage(claims, env, request->name ?: "", request->for_usec, request->lock,
                                request->lock_delay_usec, ret_change, ret_refusal);
        case REQUEST_FOCUS_RELEASE:
                return focus_release(claims, env, request->id, request->text, &request->admin, ret_change,
                                ret_release_boot_usec, ret_refusal);
        default:
                return focus_withdraw(claims, env, request->id, ret_change, ret_refusal);
        }
}

int user_focus_request(User *user, const Request *request, Answer *answer, Refusal *ret_refusal) {
        uint64_t release_boot = 0;
        FocusChange change;
        FocusEnv env;
        int r;

        /* What people see is what they ask about: the claims as they are at this moment. */
        r = user_focus_settle(user);
        if (r < 0)
                return r;
        user_claims_env(user, &env);
        r = decide(user, &env, request, &change, &release_boot, ret_refusal);
        if (r != 0)
                return r;
        answer->id = g_array_index(change.claims, Claim, 0).id;
        if (release_boot > 0)
                answer->release_real_usec = env.now.real_usec + (release_boot - env.now.boot_usec);
        r = commit(user, &change);
        focus_change_done(&change);
        return r;
}
