/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* How much the claims in force may want of one plugin, so that its host can always be told all of it. */

#include <string.h>

#include "common/caps.h"
#include "daemon/core/focus-private.h"

/* What a record of Desired takes; 0 where the profile does not name the plugin. */
static size_t wanted_of(const Profile *profile, const char *plugin) {
        size_t size = CLAIM_DESIRED_BYTES;

        if (!profile_names_plugin(profile, plugin))
                return 0;
        for (unsigned i = 0; i < profile->n_settings; i++)
                if (strcmp(profile->settings[i].plugin, plugin) == 0)
                        size += strlen(profile->settings[i].key) + strlen(profile->settings[i].value);
        return size;
}

static bool would_fit(const GArray *claims, const Now *now, const Profile *profile, const char *plugin) {
        size_t size = wanted_of(profile, plugin);

        for (guint i = 0; i < claims->len; i++) {
                const Claim *claim = &g_array_index(claims, Claim, i);

                if (claim->state == CLAIM_IN_FORCE && now->boot_usec < claim->until_boot_usec)
                        size += wanted_of(&claim->profile, plugin);
        }
        return size <= CAP_DESIRED_SHARE_BYTES;
}

int focus_share_check(const GArray *claims, const Now *now, const Profile *profile, Refusal *ret_refusal) {
        if (claims->len >= CAP_CLAIMS_IN_FORCE)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "%u claims are in force, the most there can be; wait for the end of one",
                                claims->len);
        for (char **plugin = profile ? profile->plugins : NULL; plugin && *plugin; plugin++)
                if (!would_fit(claims, now, profile, *plugin))
                        return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                        "with the profile %s, what is in force would have more than %u KiB of settings for the plugin %s, which is the most there can be; release something, or make the profile smaller",
                                        profile->name, CAP_DESIRED_SHARE_BYTES >> 10, *plugin);
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

static void leave_out(Claim *claim, char **at) {
        char *plugin = *at;

        drop_settings(&claim->profile, plugin);
        memmove(at, at + 1, (g_strv_length(at + 1) + 1) * sizeof(*at));
        free(claim->failure);
        claim->failure = g_strdup_printf(
                        "%s: left out, because its settings would have more than %u KiB with those in force",
                        plugin, CAP_DESIRED_SHARE_BYTES >> 10);
        g_free(plugin);
}

void focus_share_fit(const GArray *claims, const Now *now, Claim *claim) {
        for (char **at = claim->profile.plugins; at && *at;)
                if (would_fit(claims, now, &claim->profile, *at))
                        at++;
                else
                        leave_out(claim, at);
}
