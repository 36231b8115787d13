/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "plugins/host/host.h"

/*
 * The plugin host with places that the environment names: system plugins without touching the computer, and
 * another boot. What is not named is the computer's, of a session.
 *
 *   POMOD_TEST_PLUGIN_DIR, POMOD_TEST_STATE_DIR, POMOD_TEST_CONF_DIR, POMOD_TEST_CATEGORY_DIR: folders;
 * POMOD_TEST_BOOT_ID: a file
 */

static int replace(const char **place, const char *variable) {
        const char *value = getenv(variable);
        char *copy;

        if (!value || !*value)
                return 0;
        copy = strdup(value);
        if (!copy)
                return -ENOMEM;
        free((char *) *place);
        *place = copy;
        return 0;
}

static int places_of_test(bool system, Places *ret_places) {
        Places places;
        int r;

        r = places_of_computer(system, &places);
        if (r < 0)
                return r;
        places.any_bus = true;
        r = replace(&places.plugin_dir, "POMOD_TEST_PLUGIN_DIR");
        if (r >= 0)
                r = replace(&places.state_dir, "POMOD_TEST_STATE_DIR");
        if (r >= 0 && system)
                r = replace(&places.conf_dir, "POMOD_TEST_CONF_DIR");
        if (r >= 0)
                r = replace(&places.category_dir, "POMOD_TEST_CATEGORY_DIR");
        if (r >= 0)
                r = replace(&places.boot_id_path, "POMOD_TEST_BOOT_ID");
        if (r < 0) {
                places_clear(&places);
                return r;
        }
        *ret_places = places;
        return 0;
}

int main(int argc, char **argv) {
        return host_main(argc, argv, places_of_test);
}
