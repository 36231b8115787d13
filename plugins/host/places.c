/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/places.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/category.h"
#include "common/cleanup.h"
#include "common/paths.h"

#define SYSTEM_STATE_DIR "/var/lib/pomod-plugins"
#define SYSTEM_CONF_DIR  "/etc/pomod/plugins"
#define BOOT_ID_PATH     "/proc/sys/kernel/random/boot_id"

static int below(int r, char **folder, const char *name, char **ret_path) {
        if (r < 0)
                return r;
        r = asprintf(ret_path, "%s/%s", *folder, name) < 0 ? -ENOMEM : 0;
        free(*folder);
        return r;
}

/* A tree that was installed elsewhere, or is built and not installed, has its plugins beside itself. */
static int find_plugin_dir(char **ret_path) {
        static const char *const from_program[] = { POMOD_PLUGIN_DIR_FROM_LIBEXEC,
                POMOD_PLUGIN_DIR_FROM_BUILD };

        for (size_t i = 0; i < sizeof(from_program) / sizeof(from_program[0]); i++) {
                cleanup_free_ char *path = NULL;
                int r = path_from_program(from_program[i], &path);

                if (r < 0)
                        return r;
                if (access(path, X_OK) == 0) {
                        *ret_path = steal(path);
                        return 0;
                }
        }
        *ret_path = strdup(POMOD_PLUGIN_DIR);
        return *ret_path ? 0 : -ENOMEM;
}

static int places_of_session(Places *ret_places) {
        cleanup_free_ char *plugins = NULL, *own = NULL, *state = NULL, *categories = NULL, *boot_id = NULL;
        char *folder = NULL;
        int r;

        r = find_plugin_dir(&plugins);
        if (r >= 0)
                r = below(path_data_home(&folder), &folder, "plugins", &own);
        if (r >= 0)
                r = below(path_state_home(&folder), &folder, "plugins", &state);
        if (r >= 0)
                r = category_find_dir(&categories);
        if (r < 0)
                return r;
        boot_id = strdup(BOOT_ID_PATH);
        if (!boot_id)
                return -ENOMEM;
        *ret_places = (Places){ .plugin_dir = steal(plugins),
                .user_plugin_dir = steal(own),
                .state_dir = steal(state),
                .category_dir = steal(categories),
                .boot_id_path = steal(boot_id) };
        return 0;
}

int places_of_computer(bool system, Places *ret_places) {
        Places places;

        if (!system)
                return places_of_session(ret_places);
        places = (Places){ .plugin_dir = strdup(POMOD_PLUGIN_DIR),
                .state_dir = strdup(SYSTEM_STATE_DIR),
                .conf_dir = strdup(SYSTEM_CONF_DIR),
                .category_dir = strdup(category_package_dir()),
                .boot_id_path = strdup(BOOT_ID_PATH) };
        if (!places.plugin_dir || !places.state_dir || !places.conf_dir || !places.category_dir ||
                        !places.boot_id_path) {
                places_clear(&places);
                return -ENOMEM;
        }
        *ret_places = places;
        return 0;
}

void places_clear(Places *places) {
        free((char *) places->plugin_dir);
        free((char *) places->user_plugin_dir);
        free((char *) places->state_dir);
        free((char *) places->conf_dir);
        free((char *) places->category_dir);
        free((char *) places->boot_id_path);
        *places = (Places){};
}
