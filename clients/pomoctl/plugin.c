/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/plugin.h"

#include <string.h>

#include "clients/lib/memory.h"
#include "clients/pomoctl/json.h"

bool plugin_is_absent(struct json_object *record) {
        return strcmp(record_text(record, "State"), "absent") == 0;
}

const char *plugin_state_label(struct json_object *record) {
        return plugin_is_absent(record) ? "not running" : record_text(record, "State");
}

bool plugin_is_elsewhere(const Ctl *ctl, struct json_object *record) {
        return plugin_is_absent(record) && strcmp(record_text(record, "Scope"), "system") == 0 &&
               !client_is_on_system_bus(ctl->program.client);
}

char *plugin_why(const Ctl *ctl, struct json_object *record) {
        const char *problem = record_text(record, "Problem");
        const bool failed = strcmp(record_text(record, "State"), "failed") == 0;

        if (plugin_is_elsewhere(ctl, record))
                return memory_copy("acts on the whole computer, which the pomod of one user has no say in");
        if (*problem)
                return memory_copy(problem);
        return memory_copy(failed || plugin_is_absent(record) ? record_text(record, "Message") : "");
}

char *plugin_says(const Ctl *ctl, struct json_object *record) {
        cleanup_free_ char *why = plugin_why(ctl, record);

        return *why ? steal(why) : memory_copy(record_text(record, "Message"));
}

struct json_object *plugin_json(const Ctl *ctl, struct json_object *record) {
        struct json_object *o = json_new();
        cleanup_free_ char *why = plugin_why(ctl, record);

        json_add_text(o, "name", record_text(record, "Name"));
        json_add_text(o, "scope", record_text(record, "Scope"));
        json_add_text(o, "state", record_text(record, "State"));
        json_add_text(o, "error", why);
        json_add_text(o, "message", record_text(record, "Message"));
        json_add_id(o, "pid", record_u64(record, "Pid"));
        json_add_text(o, "version", record_text(record, "Version"));
        json_add_flag(o, "enabled", record_bool(record, "Enabled"));
        json_add_flag(o, "installed", record_bool(record, "Installed"));
        json_add_text(o, "sentence", record_text(record, "Sentence"));
        return o;
}
