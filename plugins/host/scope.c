/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/scope.h"

#include <errno.h>
#include <json-c/json.h>
#include <string.h>
#include <unistd.h>

#include "clients/lib/memory.h"
#include "common/cleanup.h"
#include "plugins/host/sentence.h"

/*
 * Whether NAME.json in root's folder of plugins says that NAME acts on the whole computer. 0: it does not, or
 * there is none. 1: it does. -EBADMSG: it says nothing that can be understood.
 */
static int is_system(const char *plugin_dir, const char *name) {
        cleanup_free_ char *path = memory_format("%s/%s.json", plugin_dir, name);
        struct json_object *json, *scope;
        int r;

        if (access(path, F_OK) < 0)
                return 0;
        json = json_object_from_file(path);
        if (!json_object_object_get_ex(json, "scope", &scope) ||
                        !json_object_is_type(scope, json_type_string))
                r = -EBADMSG;
        else
                r = strcmp(json_object_get_string(scope), "system") == 0;
        json_object_put(json);
        return r;
}

/* installed_dir: where root looked, too; NULL: nowhere else. */
static int find_session(PlacesFunc places, const char *name, const char *installed_dir, Places *ret_places,
                char **ret_sentence) {
        int r = places(false, ret_places);

        if (r >= 0)
                return r;
        if (installed_dir)
                return sentence_set(ret_sentence, r, "the plugin '%s' is not installed in %s", name,
                                installed_dir);
        return sentence_set(ret_sentence, r,
                        "there is no place for its state: neither HOME nor XDG_STATE_HOME is set");
}

int scope_find(PlacesFunc places, const char *name, bool *ret_system, Places *ret_places,
                char **ret_sentence) {
        cleanup_(places_clear) Places system = {};
        int r = geteuid() == 0 ? places(true, &system) : 0;

        if (r >= 0 && system.plugin_dir)
                r = is_system(system.plugin_dir, name);
        if (r < 0)
                return sentence_set(ret_sentence, r,
                                "%s.json does not say for whom the plugin acts; make it with: pomod-plugin-host --describe %s.so",
                                name, name);
        if (r == 0) {
                r = find_session(places, name, system.plugin_dir, ret_places, ret_sentence);
                if (r >= 0)
                        *ret_system = false;
                return r;
        }
        *ret_places = system;
        system = (Places){};
        *ret_system = true;
        return 0;
}
