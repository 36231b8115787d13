/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include "daemon/core/focus.h"

#include <string.h>

#include "daemon/core/focus-private.h"
#include "daemon/core/machine-private.h"

static const char *const claim_source_words[_CLAIM_SOURCE_MAX] = {
        [CLAIM_BY_USER] = "user",
        [CLAIM_BY_RULE] = "rule",
        [CLAIM_BY_INTERVAL] = "interval",
};
DEFINE_ENUM_WORDS(ClaimSource, claim_source, claim_source_words);

static const char *const claim_state_words[_CLAIM_STATE_MAX] = {
        [CLAIM_IN_FORCE] = "in-force",
        [CLAIM_ENDED] = "ended",
        [CLAIM_RELEASED] = "released",
        [CLAIM_VOID] = "void",
};
DEFINE_ENUM_WORDS(ClaimState, claim_state, claim_state_words);

/* ---- claims as values ---- */

#define FIELD_RECORD Claim
DEFINE_RECORD(claim, CLAIM_FIELDS);
#undef FIELD_RECORD

void claim_done(Claim *claim) {
        profile_done(&claim->profile);
        record_free_texts(&claim_record, claim);
        *claim = (Claim){};
}

Claim claim_copy(const Claim *claim) {
        Claim copy = *claim;

        copy.profile = profile_copy(&claim->profile);
        record_copy_texts(&claim_record, &copy);
        return copy;
}

/* A break ends at its deadline, which the claim's end is meanwhile; when a clock is trusted, nobody knows. */
static uint64_t rests_until(const Claim *claim, const Now *now) {
        if (!claim->resting)
                return 0;
        if (claim->source == CLAIM_BY_INTERVAL && claim->until_boot_usec > now->boot_usec)
                return claim->until_boot_usec;
        return UINT64_MAX;
}

void claim_show(Claim *claim, const Now *now) {
        const uint64_t release = claim->release_boot_usec;
        GString *text = g_string_new(NULL);

        lock_write(claim->lock, claim->lock_delay_usec, text);
        g_strlcpy(claim->lock_text, text->str, sizeof(claim->lock_text));
        g_string_free(text, TRUE);
        claim->release_real_usec = release > 0 ? now->real_usec + release - now->boot_usec : 0;
        claim->rests_until_boot_usec = rests_until(claim, now);
}

static void clear_claim(gpointer claim) {
        claim_done(claim);
}

GArray *claim_array_new(void) {
        GArray *claims = g_array_new(FALSE, FALSE, sizeof(Claim));

        g_array_set_clear_func(claims, clear_claim);
        return claims;
}

Claim *claim_array_find(const GArray *claims, int64_t id) {
        for (guint i = 0; i < claims->len; i++)
                if (g_array_index(claims, Claim, i).id == id)
                        return &g_array_index(claims, Claim, i);
        return NULL;
}

void claim_array_put(GArray *claims, const Claim *claim) {
        Claim *known = claim_array_find(claims, claim->id);
        Claim copy = claim_copy(claim);

        if (!known) {
                g_array_append_val(claims, copy);
                return;
        }
        claim_done(known);
        *known = copy;
}

bool claim_in_force(const Claim *claim, const Now *now) {
        return claim->state == CLAIM_IN_FORCE && now->boot_usec < claim->until_boot_usec;
}

bool claim_holds(const Claim *claim, const Now *now) {
        return claim_in_force(claim, now) && !claim->resting;
}

bool claim_names_plugin(const Claim *claim, const char *plugin) {
        return profile_names_plugin(&claim->profile, plugin);
}

void focus_change_init(FocusChange *ret_change) {
        *ret_change = (FocusChange){ .claims = claim_array_new() };
}

void focus_change_done(FocusChange *change) {
        if (change->claims)
                g_array_unref(change->claims);
        change->claims = NULL;
}

void focus_change_take(FocusChange *change, Claim *claim) {
        if (claim->id == 0)
                claim->id = change->next_id++;
        g_array_append_val(change->claims, *claim);
        *claim = (Claim){};
}

/* What it lacks is its failure. */
static void copy_granted(const Consent *consent, Claim *claim) {
        ConsentItems items = consent_items(consent, &claim->profile, claim->lists);

        claim->granted = consent_text(items.granted);
        if (items.left->len > 0)
                claim->failure = consent_failure(items.plugin, claim->profile.name, items.left);
        consent_items_done(&items);
}

Claim claim_new(const FocusEnv *env, ClaimSource source, const Profile *profile, uint64_t length_usec) {
        const Now *now = &env->now;
        Claim claim = {
                .source = source,
                .rule_kind = RULE_KIND_NONE,
                .date = DATE_NONE,
                .engaged_real_usec = now->real_usec,
                .engaged_boot_usec = now->boot_usec,
                .length_usec = length_usec,
                .until_real_usec = now->real_usec + length_usec,
                .until_boot_usec = now->boot_usec + length_usec,
                .firm = true,
        };

        if (profile) {
                claim.profile = profile_copy(profile);
                claim.lists = lists_pin(env->lists, profile);
                if (env->consent)
                        copy_granted(env->consent, &claim);
        }
        memcpy(claim.boot_id, now->boot_id, sizeof(claim.boot_id));
        return claim;
}

/* ---- what time does ---- */

/* What changed of a claim that settling can change. */
static bool is_same(const Claim *a, const Claim *b) {
        return a->state == b->state && a->resting == b->resting && a->until_boot_usec == b->until_boot_usec &&
               a->until_real_usec == b->until_real_usec && a->length_usec == b->length_usec &&
               a->release_boot_usec == b->release_boot_usec && a->firm == b->firm &&
               a->carried == b->carried && a->interval == b->interval && strcmp(a->boot_id, b->boot_id) == 0;
}

/* What hosts are told of it is another thing: whether it is in force, holds or rests, and until when. */
static bool is_other_desire(const Claim *before, const Claim *after) {
        if (before->state != after->state)
                return true;
        return after->state == CLAIM_IN_FORCE &&
               (before->resting != after->resting || before->until_boot_usec != after->until_boot_usec ||
                               before->until_real_usec != after->until_real_usec ||
                               before->length_usec != after->length_usec ||
                               before->release_boot_usec != after->release_boot_usec ||
                               claim_follows_wall(before) != claim_follows_wall(after) ||
                               strcmp(before->boot_id, after->boot_id) != 0);
}

/* What runs without an end, or is paused, claims so much; it is extended long before that is over. */
static uint64_t interval_until(const Claim *claim, const FocusEnv *env) {
        const uint64_t deadline = running_deadline(env->running), now = env->now.boot_usec;

        if (deadline != MACHINE_NEVER)
                return deadline;
        if (claim->until_boot_usec > now + FOCUS_EXTEND_USEC)
                return MIN(claim->until_boot_usec, now + FOCUS_OPEN_ENDED_USEC);
        return now + FOCUS_OPEN_ENDED_USEC;
}

/* It goes from a pomodoro into its break and on into the next one, and ends where that chain does. */
static void follow_interval(Claim *claim, const FocusEnv *env) {
        const Running *running = env->running;
        const bool in_break = running && interval_kind_is_break(running->kind);
        const Now *now = &env->now;
        uint64_t until;

        if (!running || running->kind == INTERVAL_NONE ||
                        (running->id != claim->interval &&
                                        (env->interval_profile || (!in_break && !env->was_break)))) {
                claim_end(claim, now, CLAIM_ENDED, MIN(claim->until_boot_usec, now->boot_usec));
                return;
        }
        claim->interval = running->id;
        claim->resting = in_break && !claim->profile.breaks;
        until = interval_until(claim, env);
        if (until == claim->until_boot_usec)
                return;
        claim->until_boot_usec = until;
        claim->length_usec = usec_sub(until, claim->engaged_boot_usec);
        claim_rebase(claim, now);
}

static void settle_end(Claim *claim, const Now *now) {
        bool over = now->boot_usec >= claim->until_boot_usec;

        if (claim->release_boot_usec != 0 && now->boot_usec >= claim->release_boot_usec &&
                        claim->release_boot_usec < claim->until_boot_usec)
                claim_end(claim, now, CLAIM_RELEASED, claim->release_boot_usec);
        /* Over by a clock that may be wrong: it rests until that clock is trusted. */
        else if (over && claim_follows_wall(claim) && now->real_usec >= claim->until_real_usec)
                claim->resting = true;
        else if (over)
                claim_end(claim, now, CLAIM_ENDED, claim->until_boot_usec);
        else
                claim->resting = false;
}

static void settle_claim(Claim *claim, const FocusEnv *env) {
        if (claim->source == CLAIM_BY_INTERVAL) {
                /* The timer knows what became of it in another boot, and when the clock was set. */
                claim_follow_clocks(claim, env);
                follow_interval(claim, env);
                return;
        }
        claim_follow_clocks(claim, env);
        if (claim->state == CLAIM_IN_FORCE)
                settle_end(claim, &env->now);
}

/* ---- what engages by itself ---- */

/* Which of the hours of its rule a window is, by their start as written. */
static uint32_t window_start_sec(Calendar *calendar, const Window *window) {
        const Rule *rule = window->rule;
        uint64_t start;

        for (unsigned i = 0; i < rule->n_hours; i++)
                if (calendar_resolve(calendar, window->date, rule->hours[i].start_sec, &start) &&
                                start == window->from_real_usec)
                        return rule->hours[i].start_sec;
        return 0;
}

static bool is_claimed(const GArray *claims, const char *rule, Date date, uint32_t start_sec) {
        for (guint i = 0; i < claims->len; i++) {
                const Claim *claim = &g_array_index(claims, Claim, i);

                if (claim->source == CLAIM_BY_RULE && claim->date == date &&
                                claim->window_start_sec == start_sec && strcmp(claim->rule, rule) == 0)
                        return true;
        }
        return false;
}

/* The window that holds now and that somebody wants a claim of; NULL for none. */
static const Window *claiming_window(const FocusEnv *env) {
        const Schedule *schedule = env->schedule;
        const Rule *rule;

        if (!schedule || !env->calendar || schedule->state != SCHEDULE_WINDOW)
                return NULL;
        rule = schedule->window.rule;
        if (rule->focus[0] == '\0' && rule->kind != RULE_OFFICE_DAY)
                return NULL;
        return env->now.real_usec < schedule->window.to_real_usec ? &schedule->window : NULL;
}

static int engage_rule(const GArray *claims, const FocusEnv *env, FocusChange *change) {
        const Window *window = claiming_window(env);
        const Profile *profile;
        uint32_t start_sec;
        Claim claim;
        int r;

        if (!window || claims->len >= CAP_CLAIMS_IN_FORCE)
                return 0;
        start_sec = window_start_sec(env->calendar, window);
        if (is_claimed(claims, window->rule->name, window->date, start_sec))
                return 0;
        r = env->engaged_before(window->rule->name, window->date, start_sec, env->userdata);
        if (r != 0)
                return MIN(r, 0);

        profile = window->rule->focus[0] != '\0' ? rule_set_find_profile(env->rules, window->rule->focus)
                                                 : NULL;
        claim = claim_new(env, CLAIM_BY_RULE, profile, window->to_real_usec - env->now.real_usec);
        g_strlcpy(claim.rule, window->rule->name, sizeof(claim.rule));
        claim.rule_kind = window->rule->kind;
        claim.date = window->date;
        claim.window_start_sec = start_sec;
        claim.lock = window->rule->lock;
        claim.lock_delay_usec = window->rule->lock_delay_usec;
        claim.firm = focus_clock_trusted(env);
        focus_share_fit(claims, &env->now, &claim);
        focus_change_take(change, &claim);
        change->desired = true;
        return 0;
}

static void engage_interval(const GArray *claims, const FocusEnv *env, FocusChange *change) {
        const Profile *profile;
        Claim claim;

        if (!env->interval_profile || !env->running || env->running->kind == INTERVAL_NONE)
                return;
        profile = rule_set_find_profile(env->rules, env->interval_profile);
        if (!profile)
                return;
        claim = claim_new(env, CLAIM_BY_INTERVAL, profile, 0);
        claim.interval = env->running->id;
        follow_interval(&claim, env);
        focus_share_fit(claims, &env->now, &claim);
        focus_change_take(change, &claim);
        change->desired = true;
}

int focus_settle(const GArray *claims, const FocusEnv *env, FocusChange *ret_change) {
        FocusChange change;
        int r;

        focus_change_init(&change);
        change.next_id = env->next_id;
        for (guint i = 0; i < claims->len; i++) {
                const Claim *before = &g_array_index(claims, Claim, i);
                Claim after = claim_copy(before);

                settle_claim(&after, env);
                if (is_same(before, &after)) {
                        claim_done(&after);
                        continue;
                }
                change.desired |= is_other_desire(before, &after);
                focus_change_take(&change, &after);
        }
        r = engage_rule(claims, env, &change);
        if (r < 0) {
                focus_change_done(&change);
                return r;
        }
        engage_interval(claims, env, &change);
        *ret_change = change;
        return 0;
}

uint64_t focus_next(const GArray *claims, const FocusEnv *env) {
        const Window *window = claiming_window(env);
        const Now *now = &env->now;
        uint64_t next = MACHINE_NEVER;

        /* Touching windows of one rule are no edge of the schedule, but each is claimed. */
        if (window)
                next = now->boot_usec + (window->to_real_usec - now->real_usec);
        for (guint i = 0; i < claims->len; i++) {
                const Claim *claim = &g_array_index(claims, Claim, i);
                bool follows = claim_follows_wall(claim);

                if (claim->state != CLAIM_IN_FORCE)
                        continue;
                if (claim->source == CLAIM_BY_INTERVAL && env->running &&
                                running_deadline(env->running) == MACHINE_NEVER)
                        next = MIN(next, usec_sub(claim->until_boot_usec, FOCUS_EXTEND_USEC));
                else if (now->boot_usec < claim->until_boot_usec)
                        next = MIN(next, claim->until_boot_usec);
                if (claim->release_boot_usec != 0)
                        next = MIN(next, claim->release_boot_usec);
                if (follows)
                        next = MIN(next, MAX(now->boot_usec, FOCUS_UNSYNCHRONISED_USEC));
        }
        return next;
}
