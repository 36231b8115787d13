/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <string.h>

#include "daemon/core/focus.h"

static size_t count_bytes(const Profile *profile, const char *plugin) {
        size_t bytes = 0;

        for (unsigned i = 0; i < profile->n_settings; i++)
                if (strcmp(profile->settings[i].plugin, plugin) == 0)
                        bytes += strlen(profile->settings[i].value);
        return bytes;
}

static int check_plugin(
                const GArray *claims, const Profile *profile, const char *plugin, Refusal *ret_refusal) {
        size_t bytes = count_bytes(profile, plugin);

        for (guint i = 0; i < claims->len; i++)
                bytes += count_bytes(&g_array_index(claims, Claim, i).profile, plugin);
        if (bytes <= CAP_IN_FORCE_BYTES)
                return 0;
        return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                        "%s: with the profile \"%s\", %zu bytes of its settings would be in force, and %u are the most; make the profile smaller, or wait for the end of another",
                        plugin, profile->name, bytes, CAP_IN_FORCE_BYTES);
}

int focus_check_room(const GArray *claims, const Profile *profile, Refusal *ret_refusal) {
        int r = 0;

        if (claims->len >= CAP_CLAIMS_IN_FORCE)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "%u claims are in force, the most there can be; wait for the end of one",
                                claims->len);
        for (char **plugin = profile ? profile->plugins : NULL; r == 0 && plugin && *plugin; plugin++)
                r = check_plugin(claims, profile, *plugin, ret_refusal);
        return r;
}
