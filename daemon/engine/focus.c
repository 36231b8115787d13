/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/focus.h"

#include <errno.h>
#include <string.h>

#include "daemon/core/presets.h"
#include "daemon/engine/attendance.h"
#include "daemon/engine/claims.h"
#include "daemon/engine/outbox.h"
#include "daemon/engine/publish.h"
#include "daemon/engine/store-words.h"

static int store_synchronised(User *user) {
        StoreWrite write;
        int r = store_write_begin(user->store, &write);

        if (r < 0)
                return r;
        return store_write_end(&write, write_synchronised_boot(&write, user->focus.synchronised_boot), 0);
}

/* Only as long as it makes a difference: a clock is trusted anyway when the computer has been up for a while.
 */
static void latch_synchronised(User *user) {
        const Now *now = &user->engine->now;
        int r;

        if (!now->synchronised || now->boot_usec >= FOCUS_UNSYNCHRONISED_USEC ||
                        strcmp(user->focus.synchronised_boot, now->boot_id) == 0)
                return;
        memcpy(user->focus.synchronised_boot, now->boot_id, sizeof(user->focus.synchronised_boot));
        if (!user->has_duty && !user_claims_any(user))
                return;
        r = store_synchronised(user);
        if (r < 0)
                store_words_journal(user, r, "written");
}

static int settle_once(User *user) {
        FocusChange change;
        FocusEnv env;
        int r;

        user_claims_env(user, &env);
        r = focus_settle(user->focus.claims, &env, &change);
        if (r < 0) {
                store_words_journal(user, r, "read");
                return r == -EUCLEAN ? r : 0;
        }
        if (change.claims->len > 0)
                r = user_publish_claims(user, &change);
        focus_change_done(&change);
        return r;
}

int user_focus_settle(User *user) {
        int r;

        if (!user->store || !user->focus.claims)
                return 0;
        r = settle_once(user);
        user_attendance_settle(user);
        /* After the claims: the step that brought the right time is one that they still follow. */
        latch_synchronised(user);
        user->focus.was_break = interval_kind_is_break(user->machine.running.kind);
        return r;
}

uint64_t user_focus_next(User *user) {
        const Focus *focus = &user->focus;
        FocusEnv env;

        if (!user->store || !focus->claims)
                return MACHINE_NEVER;
        if (focus->claims->len == 0 && !user->has_duty)
                return user_attendance_next(user);
        user_claims_env(user, &env);
        return MIN(focus_next(focus->claims, &env), user_attendance_next(user));
}

int user_focus_check(User *user, const char *profile, Refusal *ret_refusal) {
        const Profile *found = profile ? rule_set_find_profile(&user->rules, profile) : NULL;

        if (found && user->focus.claims)
                return focus_share_check(
                                user->focus.claims, &user->engine->now, found, user->lists, ret_refusal);
        if (found || !profile)
                return 0;
        return presets_refuse_profile(profile, ret_refusal);
}

int user_focus_decide(User *user, const Machine *machine, const char *profile, FocusChange *ret_change) {
        FocusChange change = {};
        FocusEnv env;
        int r;

        if (profile || user_claims_any(user)) {
                user_claims_env(user, &env);
                env.running = &machine->running;
                env.interval_profile = profile;
                r = focus_settle(user->focus.claims, &env, &change);
                if (r < 0)
                        return r;
                if (change.claims->len == 0)
                        focus_change_done(&change);
        }
        *ret_change = change;
        return 0;
}
