/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* How much the claims in force may want of one plugin, so that its host can always be told all of it, and
 * gives its plugin all of it. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/caps.h"
#include "daemon/core/focus-private.h"

/* What a plugin is told of claims. */
typedef struct Share {
        size_t bytes;
        uint64_t names; /* of lists */
} Share;

/* What a claim with that profile, and these lists pinned, adds; nothing where the profile does not name the
 * plugin. */
static void share_add(Share *share, const Profile *profile, const char *pins, const char *plugin) {
        if (!profile_names_plugin(profile, plugin))
                return;
        share->bytes += CLAIM_DESIRED_BYTES;
        for (unsigned i = 0; i < profile->n_settings; i++)
                if (strcmp(profile->settings[i].plugin, plugin) == 0)
                        share->bytes += strlen(profile->settings[i].key) + strlen(profile->settings[i].value);
        share->names += lists_pinned_names(pins, profile, plugin);
}

static Share share_with(const GArray *claims, const Now *now, const Profile *profile, const char *pins,
                const char *plugin) {
        Share share = {};

        share_add(&share, profile, pins, plugin);
        for (guint i = 0; i < claims->len; i++) {
                const Claim *claim = &g_array_index(claims, Claim, i);

                if (claim->state == CLAIM_IN_FORCE && now->boot_usec < claim->until_boot_usec)
                        share_add(&share, &claim->profile, claim->lists, plugin);
        }
        return share;
}

int focus_share_check(const GArray *claims, const Now *now, const Profile *profile, const GArray *lists,
                Refusal *ret_refusal) {
        cleanup_free_ char *pins = profile ? lists_pin(lists, profile) : NULL;

        if (claims->len >= CAP_CLAIMS_IN_FORCE)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "%u claims are in force, the most there can be; wait for the end of one",
                                claims->len);
        for (char **plugin = profile ? profile->plugins : NULL; plugin && *plugin; plugin++) {
                const Share share = share_with(claims, now, profile, pins, *plugin);

                if (share.bytes > CAP_DESIRED_SHARE_BYTES)
                        return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                        "with the profile %s, what is in force would have more than %u KiB of settings for the plugin %s, which is the most there can be; release something, or make the profile smaller",
                                        profile->name, CAP_DESIRED_SHARE_BYTES >> 10, *plugin);
                if (share.names > CAP_GIVEN_LIST_NAMES)
                        return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                        "with the profile %s, what is in force would have %" PRIu64
                                        " names of lists for the plugin %s; it can have %u, and a list counts with each claim and setting that names it: release something, or name fewer or smaller lists",
                                        profile->name, share.names, *plugin, CAP_GIVEN_LIST_NAMES);
        }
        return 0;
}

static void drop_settings(Profile *profile, const char *plugin) {
        unsigned kept = 0;

        for (unsigned i = 0; i < profile->n_settings; i++) {
                ProfileSetting *setting = &profile->settings[i];

                if (strcmp(setting->plugin, plugin) != 0) {
                        profile->settings[kept++] = *setting;
                        continue;
                }
                g_free(setting->plugin);
                g_free(setting->key);
                g_free(setting->value);
        }
        profile->n_settings = kept;
}

static char *why_left_out(const Share *share, const char *plugin) {
        if (share->bytes > CAP_DESIRED_SHARE_BYTES)
                return g_strdup_printf(
                                "%s: left out, because its settings would have more than %u KiB with those in force",
                                plugin, CAP_DESIRED_SHARE_BYTES >> 10);
        return g_strdup_printf("%s: left out, because it would have %" PRIu64
                               " names of lists with what is in force, and can have %u",
                        plugin, share->names, CAP_GIVEN_LIST_NAMES);
}

static void leave_out(Claim *claim, const Share *share, char **at) {
        char *plugin = *at;

        drop_settings(&claim->profile, plugin);
        memmove(at, at + 1, (g_strv_length(at + 1) + 1) * sizeof(*at));
        free(claim->failure);
        claim->failure = why_left_out(share, plugin);
        g_free(plugin);
}

void focus_share_fit(const GArray *claims, const Now *now, Claim *claim) {
        if (!claim->profile.plugins)
                return;
        for (char **at = claim->profile.plugins; *at;) {
                const Share share = share_with(claims, now, &claim->profile, claim->lists, *at);

                if (share.bytes <= CAP_DESIRED_SHARE_BYTES && share.names <= CAP_GIVEN_LIST_NAMES)
                        at++;
                else
                        leave_out(claim, &share, at);
        }
}
