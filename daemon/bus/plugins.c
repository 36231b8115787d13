/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/plugins.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "daemon/bus/hosts.h"

static bool is_installed(const Bus *bus, const char *plugin) {
        char path[PATH_MAX];

        for (char *const *dir = bus->plugin_dirs; dir && *dir; dir++)
                if (snprintf(path, sizeof(path), "%s/%s.so", *dir, plugin) < (int) sizeof(path) &&
                                access(path, F_OK) == 0)
                        return true;
        return false;
}

typedef struct Search {
        const char *plugin;
        bool found;
} Search;

static void compare_report(const PluginReport *report, void *userdata) {
        Search *search = userdata;

        search->found |= strcmp(report->plugin, search->plugin) == 0;
}

static bool has_reported(const UserCall *call, const char *plugin) {
        Search search = { .plugin = plugin };

        user_reports_each(call->user, compare_report, &search);
        hosts_each_report(call->bus->hosts, (uid_t) -1, compare_report, &search);
        hosts_each_report(call->bus->hosts, call->uid, compare_report, &search);
        return search.found;
}

bool plugin_is_known(const UserCall *call, const char *plugin) {
        return is_installed(call->bus, plugin) || has_reported(call, plugin);
}

int profile_warn(const Profile *profile, void *userdata) {
        const ProfileWarnings *to = userdata;

        for (char **plugin = profile->plugins; plugin && *plugin; plugin++)
                if (!plugin_is_known(to->call, *plugin))
                        warnings_add(to->warnings,
                                        g_strdup_printf("the profile %s names the plugin %s, which is not installed here: that part of it does nothing",
                                                        profile->name, *plugin));
        return 0;
}
