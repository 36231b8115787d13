/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/plugin.h"

#include <stdio.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "clients/pomoctl/json.h"
#include "clients/pomoctl/wrap.h"
#include "common/cleanup.h"
#include "common/names.h"

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

/* ---- what those in force do not cover ---- */

static bool has_text(struct json_object *record, const char *key, const char *text) {
        struct json_object *list = NULL;

        json_object_object_get_ex(record, key, &list);
        for (size_t i = 0; list && i < json_object_array_length(list); i++)
                if (strcmp(json_object_get_string(json_object_array_get_idx(list, i)), text) == 0)
                        return true;
        return false;
}

/* Another user's claims are what one of the whole computer speaks of as well. */
static int find_in_force(const Ctl *ctl, const char *name, bool *ret_found) {
        cleanup_(records_done) Records records =
                        records_ask(&ctl->program, POMOD_INTERFACE_FOCUS, "ListClaims", NULL, "");

        *ret_found = false;
        for (struct json_object *record; (record = records_next(&records));)
                *ret_found |= has_text(record, "Plugins", name);
        return records.status;
}

static int print_limits(const Ctl *ctl, struct json_object *record) {
        cleanup_free_ char *name = memory_safe_text(record_text(record, "Name")),
                           *message = memory_safe_text(record_text(record, "Message")), *text = NULL;
        bool found = false;
        int r = find_in_force(ctl, record_text(record, "Name"), &found);

        if (r != 0 || !found)
                return r;
        text = memory_format("%s: %s", name, message);
        wrap_print(stdout, text, 0, 2, ctl_columns());
        putchar('\n');
        return 0;
}

int plugin_print_limits(const Ctl *ctl) {
        cleanup_(records_done) Records records =
                        records_ask(&ctl->program, POMOD_INTERFACE_PLUGINS, "List", NULL, "");
        int r = 0;

        for (struct json_object *record; (record = records_next(&records));)
                if (r == 0 && strcmp(record_text(record, "State"), "engaged") == 0 &&
                                *record_text(record, "Message"))
                        r = print_limits(ctl, record);
        return r ?: records.status;
}
