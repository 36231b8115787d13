/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/core/told.h"

#include <assert.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/duration.h"
#include "common/timestamp.h"
#include "daemon/core/claim-failure.h"
#include "daemon/core/days.h"

/* Beyond this, an hour of the day alone could be taken for today's. */
#define HOURS_ALONE_USEC (20 * USEC_PER_HOUR)

void told_done(Told *told, unsigned n) {
        for (unsigned i = 0; i < n; i++) {
                g_free(told[i].message);
                told[i].message = NULL;
        }
}

/* "17:00", or "Monday 17:00" where that is a day away. */
static const char *clock_text(
                uint64_t real_usec, const Now *now, GTimeZone *zone, char buf[TIMESTAMP_TEXT_MAX]) {
        const int32_t offset = zone_offset_at(zone, real_usec);

        return real_usec > now->real_usec + HOURS_ALONE_USEC
                               ? timestamp_format_local(real_usec, offset, "%A %H:%M", buf)
                               : timestamp_format_local(real_usec, offset, "%H:%M", buf);
}

/* ---- claims ---- */

static bool is_office_day(const Claim *claim) {
        return claim->source == CLAIM_BY_RULE && claim->rule_kind == RULE_OFFICE_DAY;
}

/* What happened to it, in the order of the kinds; _HAPPENING_TYPE_MAX: nothing that is told. */
static HappeningType kind_of(const Claim *before, const Claim *after) {
        const bool pends = before && before->release_boot_usec != 0;

        switch (after->state) {
        case CLAIM_ENDED:
                return HAPPENED_FOCUS_ENDED;
        case CLAIM_RELEASED:
                return HAPPENED_FOCUS_RELEASED;
        case CLAIM_VOID:
                return _HAPPENING_TYPE_MAX;
        default:
                if (!before)
                        return HAPPENED_FOCUS_ENGAGED;
                if (pends == (after->release_boot_usec != 0))
                        return _HAPPENING_TYPE_MAX;
                return pends ? HAPPENED_RELEASE_WITHDRAWN : HAPPENED_RELEASE_PENDING;
        }
}

/* "Focus deep", or "The office day mondays" where that has no profile. */
static char *name_of(const Claim *claim) {
        return claim->profile.name[0] != '\0' ? g_strdup_printf("Focus \"%s\"", claim->profile.name)
                                              : g_strdup_printf("The office day \"%s\"", claim->rule);
}

static char *sentence_of(const Claim *claim, HappeningType type, const Now *now, GTimeZone *zone) {
        cleanup_free_ char *name = name_of(claim);
        char at[TIMESTAMP_TEXT_MAX];

        switch (type) {
        case HAPPENED_FOCUS_ENGAGED:
                /* Its end is the interval's, which may have none. */
                if (claim->source == CLAIM_BY_INTERVAL)
                        return g_strdup_printf("%s has begun.", name);
                return g_strdup_printf("%s has begun, until %s.", name,
                                clock_text(claim->until_real_usec, now, zone, at));
        case HAPPENED_FOCUS_ENDED:
                return g_strdup_printf("%s is over.", name);
        case HAPPENED_FOCUS_RELEASED:
                return g_strdup_printf("%s was released before its end.", name);
        case HAPPENED_RELEASE_PENDING:
                return g_strdup_printf("%s is released at %s, unless that is taken back.", name,
                                clock_text(now->real_usec + claim->release_boot_usec - now->boot_usec, now,
                                                zone, at));
        default:
                return g_strdup_printf("%s stays in force: its release was taken back.", name);
        }
}

/* Of several at once, the first is named and the others counted. */
static void count_others(Told *told, unsigned others) {
        cleanup_free_ char *alone = told->message;

        told->message = others == 1 ? g_strdup_printf("%s The same of one more.", alone)
                                    : g_strdup_printf("%s The same of %u more.", alone, others);
}

static void tell_of_kind(const GArray *before, const FocusChange *change, HappeningType type, const Now *now,
                GTimeZone *zone, Told *told, unsigned *n_told) {
        unsigned others = 0;
        Told *one = NULL;

        for (guint i = 0; i < change->claims->len; i++) {
                const Claim *claim = &g_array_index(change->claims, Claim, i);

                if (kind_of(claim_array_find(before, claim->id), claim) != type)
                        continue;
                if (one) {
                        others++;
                        continue;
                }
                one = &told[(*n_told)++];
                *one = (Told){ .type = type, .claim = claim->id, .word = "" };
                g_strlcpy(one->subject, claim->profile.name[0] != '\0' ? claim->profile.name : claim->rule,
                                sizeof(one->subject));
                one->message = sentence_of(claim, type, now, zone);
        }
        if (one && others > 0)
                count_others(one, others);
}

static char *fate_of(const Claim *claim, const char **ret_word) {
        if (claim->state == CLAIM_RELEASED) {
                *ret_word = "broken";
                return g_strdup_printf("The office day \"%s\" was broken: it was released before its end.",
                                claim->rule);
        }
        if (claim_failure_counts(claim)) {
                *ret_word = "not-enforced";
                return g_strdup_printf("The office day \"%s\" was kept, but not enforced: %s", claim->rule,
                                claim->failure);
        }
        *ret_word = "kept";
        return g_strdup_printf("The office day \"%s\" was kept.", claim->rule);
}

static void tell_of_office_days(const FocusChange *change, Told *told, unsigned *n_told) {
        unsigned others = 0;
        Told *one = NULL;

        for (guint i = 0; i < change->claims->len; i++) {
                const Claim *claim = &g_array_index(change->claims, Claim, i);

                if (!is_office_day(claim) || (claim->state != CLAIM_ENDED && claim->state != CLAIM_RELEASED))
                        continue;
                if (one) {
                        others++;
                        continue;
                }
                one = &told[(*n_told)++];
                *one = (Told){ .type = HAPPENED_OFFICE_DAY_ENDED, .claim = claim->id };
                g_strlcpy(one->subject, claim->rule, sizeof(one->subject));
                one->message = fate_of(claim, &one->word);
        }
        if (one && others > 0)
                count_others(one, others);
}

unsigned told_of_claims(const GArray *before, const FocusChange *change, const Now *now, GTimeZone *zone,
                Told told[TOLD_MAX]) {
        static const HappeningType kinds[] = {
                HAPPENED_FOCUS_ENDED,
                HAPPENED_FOCUS_RELEASED,
                HAPPENED_FOCUS_ENGAGED,
                HAPPENED_RELEASE_PENDING,
                HAPPENED_RELEASE_WITHDRAWN,
        };
        unsigned n = 0;

        for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
                tell_of_kind(before, change, kinds[i], now, zone, told, &n);
        tell_of_office_days(change, told, &n);
        return n;
}

/* ---- windows ---- */

static char *window_sentence(const Schedule *schedule, const Now *now, GTimeZone *zone) {
        const Window *window = &schedule->window;
        char at[TIMESTAMP_TEXT_MAX];

        clock_text(window->to_real_usec, now, zone, at);
        if (schedule->state == SCHEDULE_AWAY)
                return g_strdup_printf("Away by the rule \"%s\", until %s.", window->rule->name, at);
        return g_strdup_printf("The hours of the rule \"%s\" have begun: %s until %s.", window->rule->name,
                        schedule->mode == INTERVAL_FREEFORM ? "freeform" : "pomodoros", at);
}

unsigned told_of_windows(const char *left, const Schedule *entered, const Now *now, GTimeZone *zone,
                Told told[TOLD_MAX]) {
        unsigned n = 0;

        if (left[0] != '\0') {
                told[n] = (Told){ .type = HAPPENED_WINDOW_LEFT, .word = "" };
                g_strlcpy(told[n].subject, left, sizeof(told[n].subject));
                told[n++].message = g_strdup_printf("The hours of the rule \"%s\" are over.", left);
        }
        if (entered->window.rule) {
                told[n] = (Told){ .type = HAPPENED_WINDOW_ENTERED, .word = "" };
                g_strlcpy(told[n].subject, entered->window.rule->name, sizeof(told[n].subject));
                told[n++].message = window_sentence(entered, now, zone);
        }
        return n;
}

/* ---- plugins ---- */

void told_of_plugin(const char *plugin, bool failed, const char *message, Told *ret_told) {
        Told told = { .type = failed ? HAPPENED_PLUGIN_FAILED : HAPPENED_PLUGIN_RECOVERED, .word = "" };

        assert(message);
        g_strlcpy(told.subject, plugin, sizeof(told.subject));
        if (!failed)
                told.message = g_strdup_printf("The plugin %s works again.", plugin);
        else if (message[0] == '\0')
                told.message = g_strdup_printf(
                                "The plugin %s failed: what it should do is not enforced.", plugin);
        else
                told.message = g_strdup_printf("The plugin %s failed: %s", plugin, message);
        *ret_told = told;
}

Happening told_happening(const Told *told, const Now *now) {
        Happening happening = {
                .type = told->type,
                .claim = told->claim,
                .subject = told->subject,
                .message = told->message,
                .at_real_usec = now->real_usec,
        };

        g_strlcpy(happening.reason, told->word, sizeof(happening.reason));
        return happening;
}
