/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/scope.h"

#include <errno.h>
#include <json-c/json.h>
#include <string.h>
#include <unistd.h>

#include "clients/lib/memory.h"
#include "common/cleanup.h"

int scope_is_system(const char *plugin_dir, const char *name) {
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
