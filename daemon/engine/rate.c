/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/rate.h"

/* Each change takes that long from what lies ahead; no more may lie ahead than a burst takes. */
#define CHANGE_USEC (USEC_PER_MIN / CAP_CHANGES_PER_MIN)
#define BURST_USEC  (CAP_CHANGES_AT_ONCE * CHANGE_USEC)

static uint64_t ahead(const User *user) {
        const uint64_t now = user->engine->now.boot_usec;

        return user->changes_usec > now ? user->changes_usec - now : 0;
}

int user_rate_check(const User *user, Refusal *ret_refusal) {
        const uint64_t after = ahead(user) + CHANGE_USEC;

        if (after <= BURST_USEC)
                return 0;
        return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                        "%u changes a minute are made for a user, and no more than %u at once, which were made just now; the next can be made in %u ms",
                        CAP_CHANGES_PER_MIN, CAP_CHANGES_AT_ONCE,
                        (unsigned) ((after - BURST_USEC + 999) / 1000));
}

void user_rate_count(User *user) {
        user->changes_usec = user->engine->now.boot_usec + ahead(user) + CHANGE_USEC;
}

bool user_rate_is_used(const User *user) {
        return ahead(user) > BURST_USEC / 2;
}
