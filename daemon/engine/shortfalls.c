/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/shortfalls.h"

#include <string.h>

#include "daemon/core/claim-failure.h"
#include "daemon/engine/enforce.h"
#include "daemon/engine/presence.h"

/* A sentence about one claim. */
typedef struct Shortfall {
        char plugin[CAP_RULE_BYTES + 1];
        int64_t claim;
        bool failed; /* else it holds in part */
        char *message;
} Shortfall;

static void shortfall_free(gpointer data) {
        Shortfall *shortfall = data;

        g_free(shortfall->message);
        g_free(shortfall);
}

/* The one in force that a host may speak of; NULL: none. */
static const Claim *find_claim(const User *user, int64_t id, const char *plugin) {
        const Claim *claim = user->focus.claims ? claim_array_find(user->focus.claims, id) : NULL;

        return claim && claim_in_force(claim, &user->engine->now) && claim_names_plugin(claim, plugin) ? claim
                                                                                                       : NULL;
}

/* One for each plugin and claim: the last that is said. */
static Shortfall *make(User *user, const char *plugin, int64_t claim) {
        Shortfall *shortfall;

        if (!user->focus.shortfalls)
                user->focus.shortfalls = g_ptr_array_new_with_free_func(shortfall_free);
        for (guint i = 0; i < user->focus.shortfalls->len; i++) {
                shortfall = user->focus.shortfalls->pdata[i];
                if (shortfall->claim == claim && strcmp(shortfall->plugin, plugin) == 0)
                        return shortfall;
        }
        shortfall = g_new0(Shortfall, 1);
        g_strlcpy(shortfall->plugin, plugin, sizeof(shortfall->plugin));
        shortfall->claim = claim;
        g_ptr_array_add(user->focus.shortfalls, shortfall);
        return shortfall;
}

static void add(User *user, const PluginReport *report, const ClaimFailure *said) {
        Shortfall *shortfall;

        if (said->uid != user->uid || !find_claim(user, said->claim, report->plugin))
                return;
        shortfall = make(user, report->plugin, said->claim);
        shortfall->failed = strcmp(report->state, "failed") == 0;
        g_free(shortfall->message);
        shortfall->message = g_strdup(said->message);
}

void user_shortfalls_put(User *user, const PluginReport *report) {
        GPtrArray *shortfalls = user->focus.shortfalls;

        for (guint i = shortfalls ? shortfalls->len : 0; i > 0; i--) {
                const Shortfall *shortfall = shortfalls->pdata[i - 1];

                if (strcmp(shortfall->plugin, report->plugin) == 0 ||
                                !find_claim(user, shortfall->claim, shortfall->plugin))
                        g_ptr_array_remove_index(shortfalls, i - 1);
        }
        for (guint i = 0; report->claims && i < report->claims->len; i++)
                add(user, report, &g_array_index(report->claims, ClaimFailure, i));
}

/* ---- readings ---- */

/* An answer is no place for what many plugins say at length. */
static void append(GString *text, const char *plugin, const char *message) {
        if (text->len >= CAP_NOTE_BYTES)
                return;
        g_string_append_printf(
                        text, "%s%s%s%s", text->len > 0 ? "; " : "", plugin, *message ? ": " : "", message);
}

static bool does_all(const User *user, const Claim *claim) {
        for (char **plugin = claim->profile.plugins; plugin && *plugin; plugin++)
                if (!user_enforce_does(user, *plugin))
                        return false;
        return true;
}

/* A failure on record that is true for as long as the claim is in force: a plugin was left out of it, or what
 * it held was lifted by hand and is not back. */
static bool is_lasting(const User *user, const Claim *claim) {
        cleanup_free_ char *plugin = claim_failure_counts(claim) ? claim_failure_plugin(claim) : NULL;

        if (!plugin || !claim_names_plugin(claim, plugin))
                return plugin;
        return claim_failure_kind(claim) == CLAIM_LIFTED_BY_HAND && !user_enforce_does(user, plugin);
}

void user_shortfalls_show(const User *user, const Claim *claim, ClaimShortfall *ret_shortfall) {
        const GPtrArray *shortfalls = user->focus.shortfalls;
        GString *failing = g_string_new(is_lasting(user, claim) ? claim->failure : NULL),
                *in_part = g_string_new(NULL);

        for (guint i = 0; shortfalls && i < shortfalls->len; i++) {
                const Shortfall *shortfall = shortfalls->pdata[i];

                if (shortfall->claim == claim->id && presence_has(user->engine, user->uid, shortfall->plugin))
                        append(shortfall->failed ? failing : in_part, shortfall->plugin, shortfall->message);
        }
        ret_shortfall->enforced = failing->len == 0 &&
                                  (!claim_holds(claim, &user->engine->now) || does_all(user, claim));
        ret_shortfall->failing = g_string_free(failing, FALSE);
        ret_shortfall->in_part = g_string_free(in_part, FALSE);
}
