/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/desired.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "daemon/bus/options.h"
#include "daemon/bus/records.h"
#include "daemon/engine/read.h"

int plugin_read(sd_bus_message *message, const char **ret_plugin, Refusal *ret_refusal) {
        char buf[SNIPPET_BYTES + 4];
        const char *plugin, *p;
        int r;

        r = sd_bus_message_read_basic(message, SD_BUS_TYPE_STRING, &plugin);
        if (r < 0)
                return r;
        r = text_validate(plugin, CAP_RULE_BYTES, "plugin's name", ret_refusal);
        if (r != 0)
                return r;
        for (p = plugin; g_ascii_islower(*p) || (p > plugin && (g_ascii_isdigit(*p) || *p == '-')); p++)
                ;
        if (p == plugin || *p != '\0')
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "\"%s\" is no plugin's name: small letters, digits and dashes, a letter first",
                                text_snippet(plugin, buf));
        *ret_plugin = plugin;
        return 0;
}

/* ---- Desired ---- */

typedef struct Holding {
        Now now;
        ClaimFunc func;
        void *userdata;
} Holding;

static int each_holding(const Claim *claim, void *userdata) {
        const Holding *holding = userdata;
        Claim shown = *claim; /* its texts are the claim's */

        if (!claim_holds(claim, &holding->now))
                return 0;
        claim_show(&shown, &holding->now);
        return holding->func(&shown, holding->userdata);
}

static int each_claim_that_holds(Bus *bus, User *user, ClaimFunc func, void *userdata) {
        Holding holding = { .func = func, .userdata = userdata };
        int r = engine_get_now(bus->engine, &holding.now);

        return r < 0 ? r : user_read_claims(user, each_holding, &holding);
}

typedef struct Appending {
        Desired *desired;
        uid_t uid;
} Appending;

static int append_settings(Desired *desired, const Profile *profile) {
        sd_bus_message *reply = desired->reply;
        int r;

        r = sd_bus_message_open_container(reply, SD_BUS_TYPE_DICT_ENTRY, "sv");
        if (r >= 0)
                r = sd_bus_message_append_basic(reply, SD_BUS_TYPE_STRING, "Settings");
        if (r >= 0)
                r = sd_bus_message_open_container(reply, SD_BUS_TYPE_VARIANT, "a{sv}");
        if (r >= 0)
                r = sd_bus_message_open_container(reply, SD_BUS_TYPE_ARRAY, "{sv}");
        for (unsigned i = 0; r >= 0 && i < profile->n_settings; i++) {
                const ProfileSetting *setting = &profile->settings[i];
                Field field = field_text(setting->key, setting->value);
                size_t size = strlen(setting->value);

                if (strcmp(setting->plugin, desired->plugin) != 0)
                        continue;
                if (size > desired->room)
                        return refuse(desired->refusal, REFUSAL_LIMITS_EXCEEDED,
                                        "the settings of what should hold for %s have more than %u MiB, which is the most that one answer can carry",
                                        desired->plugin, CAP_DESIRED_BYTES >> 20);
                desired->room -= size;
                r = field_append(reply, &field);
        }
        for (int i = 0; r >= 0 && i < 3; i++)
                r = sd_bus_message_close_container(reply);
        return r < 0 ? r : 0;
}

static int append_claim(const Claim *claim, void *userdata) {
        const Appending *appending = userdata;
        Desired *desired = appending->desired;
        Field fields[FIELDS_MAX];
        size_t n;
        int r;

        if (!claim->profile.plugins ||
                        !g_strv_contains((const char *const *) claim->profile.plugins, desired->plugin))
                return 0;
        n = desired_fields(claim, desired->plugin, appending->uid, fields);
        r = sd_bus_message_open_container(desired->reply, SD_BUS_TYPE_ARRAY, "{sv}");
        for (size_t i = 0; r >= 0 && i < n; i++)
                r = field_append(desired->reply, &fields[i]);
        if (r >= 0)
                r = append_settings(desired, &claim->profile);
        if (r != 0)
                return r;
        r = sd_bus_message_close_container(desired->reply);
        return r < 0 ? r : 0;
}

int desired_append(Desired *desired, User *user) {
        Appending appending = { .desired = desired, .uid = engine_user_uid(user) };

        return each_claim_that_holds(desired->bus, user, append_claim, &appending);
}

int desired_reply_new(sd_bus_message *call, uint64_t generation, sd_bus_message **ret_reply) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        int r;

        r = sd_bus_message_new_method_return(call, &reply);
        if (r >= 0)
                r = sd_bus_message_append(reply, "t", generation);
        if (r >= 0)
                r = sd_bus_message_open_container(reply, SD_BUS_TYPE_ARRAY, "a{sv}");
        if (r < 0)
                return r;
        *ret_reply = steal(reply);
        return 0;
}

typedef struct PluginWalk {
        DesiredPluginFunc func;
        void *userdata;
} PluginWalk;

static int walk_plugins(const Claim *claim, void *userdata) {
        const PluginWalk *walk = userdata;

        for (char **plugin = claim->profile.plugins; plugin && *plugin; plugin++)
                walk->func(*plugin, claim, walk->userdata);
        return 0;
}

int desired_each_plugin(Bus *bus, User *user, DesiredPluginFunc func, void *userdata) {
        PluginWalk walk = { .func = func, .userdata = userdata };

        return each_claim_that_holds(bus, user, walk_plugins, &walk);
}

/* ---- reports ---- */

static int state_check(const char *state, Refusal *ret_refusal) {
        static const char *const states[] = { "idle", "engaged", "released", "failed", NULL };
        char buf[SNIPPET_BYTES + 4];

        if (g_strv_contains(states, state))
                return 0;
        return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                        "\"%s\" is no state of a plugin; it can be idle, engaged, released or failed",
                        text_snippet(state, buf));
}

int report_read(sd_bus_message *message, PluginReport *ret_report, Refusal *ret_refusal) {
        PluginReport report = {};
        const char *plugin, *state, *text;
        int r;

        r = plugin_read(message, &plugin, ret_refusal);
        if (r != 0)
                return r;
        r = sd_bus_message_read(message, "tss", &report.generation, &state, &text);
        if (r < 0)
                return r;
        r = state_check(state, ret_refusal);
        if (r == 0)
                r = text_validate(text, CAP_NOTE_BYTES, "message", ret_refusal);
        if (r != 0)
                return r;
        snprintf(report.plugin, sizeof(report.plugin), "%s", plugin);
        snprintf(report.state, sizeof(report.state), "%s", state);
        report.message = (char *) text;
        *ret_report = report;
        return 0;
}

int report_append(sd_bus_message *reply, const PluginReport *report, uid_t uid) {
        Field fields[FIELDS_MAX];

        return fields_append(reply, fields, report_fields(report, uid, fields));
}
