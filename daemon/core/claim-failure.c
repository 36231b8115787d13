/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/core/claim-failure.h"

#include <assert.h>
#include <glib.h>
#include <string.h>

#include "common/cleanup.h"

static const char *const phrases[] = {
        [CLAIM_FAILED] = "",
        [CLAIM_HOLDS_IN_PART] = ": holds in part",
        [CLAIM_LIFTED_BY_HAND] = ": released by hand",
};

char *claim_failure_make(ClaimFailureKind kind, const char *plugin, const char *message) {
        const bool says = message && message[0] != '\0';

        assert(plugin && plugin[0] != '\0');
        return g_strconcat(plugin, phrases[kind], says ? ": " : "", says ? message : "", NULL);
}

/* Behind the plugin's name, which has no colon. */
static const char *rest_of(const Claim *claim) {
        return claim->failure ? claim->failure + strcspn(claim->failure, ":") : "";
}

/* The phrase is whole: the end, or a message, follows it. */
static bool has_phrase(const char *rest, ClaimFailureKind kind) {
        const size_t n = strlen(phrases[kind]);

        return strncmp(rest, phrases[kind], n) == 0 && (rest[n] == '\0' || rest[n] == ':');
}

ClaimFailureKind claim_failure_kind(const Claim *claim) {
        const char *rest = rest_of(claim);

        return has_phrase(rest, CLAIM_HOLDS_IN_PART)    ? CLAIM_HOLDS_IN_PART
               : has_phrase(rest, CLAIM_LIFTED_BY_HAND) ? CLAIM_LIFTED_BY_HAND
                                                        : CLAIM_FAILED;
}

bool claim_failure_counts(const Claim *claim) {
        return claim->failure && claim_failure_kind(claim) != CLAIM_HOLDS_IN_PART;
}

char *claim_failure_plugin(const Claim *claim) {
        return claim->failure ? g_strndup(claim->failure, strcspn(claim->failure, ":")) : NULL;
}

char *claim_failure_in_part(const Claim *claim) {
        cleanup_free_ char *plugin = claim_failure_plugin(claim);

        if (!plugin || claim_failure_kind(claim) != CLAIM_HOLDS_IN_PART)
                return NULL;
        return g_strconcat(plugin, rest_of(claim) + strlen(phrases[CLAIM_HOLDS_IN_PART]), NULL);
}
