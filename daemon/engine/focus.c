/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/*
 * The claims of a user. What time does to them is a fact, whether it can be stored or not, as with the timer:
 * it holds, is told, and is stored when the store can be written again. What people ask for is stored first.
 */

#include <errno.h>
#include <string.h>

#include "daemon/engine/engine-private.h"

/* ---- loading ---- */

static void report_free(gpointer data) {
        PluginReport *report = data;

        g_free(report->message);
        g_free(report);
}

void user_focus_done(User *user) {
        if (user->focus.claims)
                g_array_unref(user->focus.claims);
        user->focus.claims = NULL;
        if (user->focus.kept)
                g_array_unref(user->focus.kept);
        user->focus.kept = NULL;
        if (user->focus.reports)
                g_hash_table_unref(user->focus.reports);
        user->focus.reports = NULL;
}

bool user_has_focus(const User *user) {
        return user->focus.claims && user->focus.claims->len > 0;
}

static gint find_claim(const GArray *claims, int64_t id) {
        for (guint i = 0; claims && i < claims->len; i++)
                if (g_array_index(claims, Claim, i).id == id)
                        return (gint) i;
        return -1;
}

/* Puts a copy in the place of the one with its number, or at the end. */
static void put_copy(GArray *claims, const Claim *claim) {
        Claim copy = claim_copy(claim);
        gint i = find_claim(claims, claim->id);

        if (i < 0) {
                g_array_append_val(claims, copy);
                return;
        }
        claim_done(&g_array_index(claims, Claim, i));
        g_array_index(claims, Claim, i) = copy;
}

static void adopt(Focus *focus, const GArray *changed) {
        for (guint i = 0; i < changed->len; i++) {
                const Claim *claim = &g_array_index(changed, Claim, i);
                gint at = find_claim(focus->claims, claim->id);

                if (claim->state == CLAIM_IN_FORCE)
                        put_copy(focus->claims, claim);
                else if (at >= 0)
                        g_array_remove_index(focus->claims, (guint) at);
        }
}

static int is_same(const Claim *claim, void *userdata) {
        return claim->id == *(const int64_t *) userdata;
}

/*
 * A store that could not be read any more knows nothing of what is in force: we do, and it stays so. Of a
 * claim that it knows, it knows the newest.
 */
static int keep_unknown(User *user, GArray *claims) {
        const GArray *had = user->focus.claims;

        for (guint i = 0; had && i < had->len; i++) {
                const Claim *claim = &g_array_index(had, Claim, i);
                int r = store_each_claim(user->store, claim->engaged_real_usec, claim->engaged_real_usec + 1,
                                is_same, (void *) &claim->id);

                if (r < 0)
                        return r;
                if (r > 0)
                        continue;
                put_copy(claims, claim);
                if (!user->focus.kept)
                        user->focus.kept = claim_array_new();
                put_copy(user->focus.kept, claim);
        }
        return 0;
}

int user_load_focus(User *user) {
        Focus *focus = &user->focus;
        GArray *claims = claim_array_new();
        int64_t next_id = 1;
        int r;

        r = store_load_claims(user->store, claims, &next_id);
        if (r == 0)
                r = store_load_synchronised_boot(user->store, focus->synchronised_boot);
        if (r == 0)
                r = keep_unknown(user, claims);
        if (r < 0) {
                g_array_unref(claims);
                return r;
        }
        if (focus->claims)
                g_array_unref(focus->claims);
        focus->claims = claims;
        focus->next_id = MAX(next_id, focus->next_id);
        focus->generation = MAX(user->seq, focus->generation + 1);
        if (focus->kept)
                adopt(focus, focus->kept);
        return 0;
}

/* ---- storing and telling ---- */

/* What could not be stored is tried again, before anything else is. */
int user_flush_focus(User *user) {
        Focus *focus = &user->focus;
        int r;

        if (!focus->kept)
                return 0;
        if (user->pending.length > 0)
                return -EAGAIN;
        r = store_put_claims(user->store, (const Claim *) (void *) focus->kept->data, focus->kept->len,
                        focus->next_id, user->seq);
        if (r < 0) {
                user_log_store(user, r, "written");
                focus->retry_usec = user->engine->now.boot_usec + ENGINE_RETRY_LAST_USEC;
                return r;
        }
        if (focus->kept)
                g_array_unref(focus->kept);
        focus->kept = NULL;
        return 0;
}

static void keep(User *user, const GArray *changed) {
        Focus *focus = &user->focus;

        if (!focus->kept)
                focus->kept = claim_array_new();
        for (guint i = 0; i < changed->len; i++)
                put_copy(focus->kept, &g_array_index(changed, Claim, i));
        focus->retry_usec = user->engine->now.boot_usec + ENGINE_RETRY_FIRST_USEC;
}

static bool names_plugin(const Claim *claim, const char *plugin) {
        return claim->profile.plugins &&
               g_strv_contains((const char *const *) claim->profile.plugins, plugin);
}

/*
 * It is known at once and stored a little later, once for all that was said meanwhile, and what replaces a
 * failure that is on record much later: a plugin that fails all the time delays nobody.
 */
void user_note_failure(User *user, const PluginReport *report) {
        const bool says = report->message && report->message[0] != '\0';
        Focus *focus = &user->focus;

        for (guint i = 0; focus->claims && i < focus->claims->len; i++) {
                Claim *claim = &g_array_index(focus->claims, Claim, i);
                const uint64_t delay = claim->failure ? ENGINE_RETRY_LAST_USEC : ENGINE_RETRY_FIRST_USEC;
                const uint64_t then = user->engine->now.boot_usec + delay;
                cleanup_free_ char *failure = NULL;

                if (!claim_in_force(claim, &user->engine->now) || !names_plugin(claim, report->plugin))
                        continue;
                failure = g_strconcat(report->plugin, says ? ": " : "", says ? report->message : "", NULL);
                if (claim->failure && strcmp(claim->failure, failure) == 0)
                        continue;
                free(claim->failure);
                claim->failure = steal(failure);
                focus->retry_usec = focus->kept ? MIN(focus->retry_usec, then) : then;
                if (!focus->kept)
                        focus->kept = claim_array_new();
                put_copy(focus->kept, claim);
        }
        user_rearm(user);
        engine_arm(user->engine);
}

void user_adopt_focus(User *user, const FocusChange *change, uint64_t seq) {
        Focus *focus = &user->focus;

        adopt(focus, change->claims);
        focus->next_id = change->next_id;
        if (!change->desired)
                return;
        focus->generation = MAX(seq, focus->generation + 1);
        user->engine->desired_generation++;
}

/* That a clock was set, or is trusted now, is nothing that people or hosts are told of. */
static bool is_told(const Focus *focus, const FocusChange *change) {
        if (change->desired)
                return true;
        for (guint i = 0; i < change->claims->len; i++) {
                const Claim *claim = &g_array_index(change->claims, Claim, i);

                if (claim->state != CLAIM_IN_FORCE || find_claim(focus->claims, claim->id) < 0)
                        return true;
        }
        return false;
}

static int apply(User *user, const FocusChange *change) {
        const bool told = is_told(&user->focus, change);
        const uint64_t seq = user->seq + told;
        Happening happening = {
                .type = HAPPENED_FOCUS_CHANGED,
                .id = g_array_index(change->claims, Claim, 0).id,
                .at_real_usec = user->engine->now.real_usec,
        };
        int r = user_flush_focus(user);

        if (r == 0 && user->pending.length > 0)
                r = -EAGAIN;
        if (r == 0) {
                r = store_put_claims(user->store, (const Claim *) (void *) change->claims->data,
                                change->claims->len, change->next_id, seq);
                if (r < 0)
                        user_log_store(user, r, "written");
        }
        if (r < 0)
                keep(user, change->claims);
        user_adopt_focus(user, change, seq);
        if (told)
                user_announce(user, CHANGED_TIMER | (change->desired ? CHANGED_FOCUS : 0), &happening, 1,
                                seq);
        return r == -EUCLEAN ? r : 0;
}

/* ---- settling ---- */

static int engaged_before(const char *rule, Date date, uint32_t start_sec, void *userdata) {
        User *user = userdata;

        for (guint i = 0; user->focus.kept && i < user->focus.kept->len; i++) {
                const Claim *claim = &g_array_index(user->focus.kept, Claim, i);

                if (claim->source == CLAIM_BY_RULE && claim->date == date &&
                                claim->window_start_sec == start_sec && claim->state != CLAIM_VOID &&
                                strcmp(claim->rule, rule) == 0)
                        return 1;
        }
        return store_claimed_before(user->store, rule, date, start_sec);
}

void user_focus_env(User *user, FocusEnv *ret_env) {
        const bool ruled = user->rules.rules->len > 0;

        *ret_env = (FocusEnv){
                .now = user->engine->now,
                .synchronised = strcmp(user->focus.synchronised_boot, user->engine->now.boot_id) == 0,
                .calendar = ruled ? user_calendar(user) : NULL,
                .schedule = ruled ? user_schedule(user) : NULL,
                .rules = &user->rules,
                .running = &user->machine.running,
                .interval_profile = user->focus.start_profile,
                .was_break = user->focus.was_break,
                .next_id = user->focus.next_id,
                .engaged_before = engaged_before,
                .userdata = user,
        };
}

/* Only as long as it makes a difference: a clock is trusted anyway when the computer has been up for a while.
 */
static void latch_synchronised(User *user) {
        const Now *now = &user->engine->now;
        int r;

        if (!now->synchronised || now->boot_usec >= FOCUS_UNSYNCHRONISED_USEC ||
                        strcmp(user->focus.synchronised_boot, now->boot_id) == 0)
                return;
        memcpy(user->focus.synchronised_boot, now->boot_id, sizeof user->focus.synchronised_boot);
        if (!user->has_duty && !user_has_focus(user))
                return;
        r = store_put_synchronised_boot(user->store, now->boot_id);
        if (r < 0)
                user_log_store(user, r, "written");
}

static int settle_once(User *user) {
        FocusChange change;
        FocusEnv env;
        int r;

        user_focus_env(user, &env);
        r = focus_settle(user->focus.claims, &env, &change);
        if (r < 0) {
                user_log_store(user, r, "read");
                return r == -EUCLEAN ? r : 0;
        }
        if (change.claims->len > 0)
                r = apply(user, &change);
        focus_change_done(&change);
        return r;
}

int user_settle_focus(User *user) {
        Focus *focus = &user->focus;
        int r;

        if (!user->store || !focus->claims || focus->busy)
                return 0;
        focus->busy = true;
        if (focus->kept && user->engine->now.boot_usec >= focus->retry_usec)
                (void) user_flush_focus(user);
        r = settle_once(user);
        /* After the claims: the step that brought the right time is one that they still follow. */
        latch_synchronised(user);
        focus->was_break = interval_kind_is_break(user->machine.running.kind);
        focus->busy = false;
        return r;
}

uint64_t user_focus_next(User *user) {
        Focus *focus = &user->focus;
        uint64_t next = MACHINE_NEVER;
        FocusEnv env;

        if (!user->store || !focus->claims)
                return next;
        if (focus->claims->len > 0 || user->has_duty) {
                user_focus_env(user, &env);
                next = focus_next(focus->claims, &env);
        }
        return focus->kept ? MIN(next, focus->retry_usec) : next;
}

/* ---- an interval with a profile ---- */

int user_check_focus(User *user, const char *profile, Refusal *ret_refusal) {
        if (rule_set_find_profile(&user->rules, profile))
                return 0;
        return refuse(ret_refusal, REFUSAL_NO_SUCH_PROFILE, "there is no profile \"%s\"; make it first",
                        profile);
}

int user_start_focus(User *user, const char *profile) {
        int r;

        user->focus.start_profile = profile;
        r = user_settle_focus(user);
        user->focus.start_profile = NULL;
        return r;
}

GHashTable *focus_reports_new(void) {
        return g_hash_table_new_full(g_str_hash, g_str_equal, NULL, report_free);
}
