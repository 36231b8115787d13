/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/desired.h"

#include <glib.h>
#include <string.h>

#include "daemon/bus/records.h"
#include "daemon/bus/values.h"
#include "daemon/engine/read.h"

/* ---- what holds ---- */

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

/* ---- Desired ---- */

const Param desired_params[1] = {
        { "plugin", ARG_PLUGIN, offsetof(DesiredParams, plugin) },
};

int desired_begin(Desired *desired, Call *call, uint64_t generation) {
        const DesiredParams *params = call->given;
        int r = reply_append(call->reply, "t", generation);

        *desired = (Desired){ .call = call, .plugin = params->plugin, .room = CAP_DESIRED_BYTES };
        return r < 0 ? r : records_open(call->reply);
}

typedef struct Appending {
        Desired *desired;
        uid_t uid;
} Appending;

static int append_setting(Desired *desired, const ProfileSetting *setting) {
        const size_t size = strlen(setting->value);

        if (strcmp(setting->plugin, desired->plugin) != 0)
                return 0;
        if (size > desired->room)
                return refuse(&desired->call->refusal, REFUSAL_LIMITS_EXCEEDED,
                                "the settings of what should hold for %s have more than %u MiB, which is the most that one answer can carry",
                                desired->plugin, CAP_DESIRED_BYTES >> 20);
        desired->room -= size;
        return reply_append(desired->call->reply, "{sv}", setting->key, "s", setting->value);
}

static int append_settings(Desired *desired, const Profile *profile) {
        sd_bus_message *reply = desired->call->reply;
        int r = sd_bus_message_open_container(reply, SD_BUS_TYPE_DICT_ENTRY, "sv");

        if (r >= 0)
                r = sd_bus_message_append_basic(reply, SD_BUS_TYPE_STRING, "Settings");
        if (r >= 0)
                r = sd_bus_message_open_container(reply, SD_BUS_TYPE_VARIANT, "a{sv}");
        if (r >= 0)
                r = MIN(sd_bus_message_open_container(reply, SD_BUS_TYPE_ARRAY, "{sv}"), 0);
        for (unsigned i = 0; r == 0 && i < profile->n_settings; i++)
                r = append_setting(desired, &profile->settings[i]);
        for (unsigned i = 0; r == 0 && i < 3; i++)
                r = reply_close(reply);
        return r;
}

static int append_claim(const Claim *claim, void *userdata) {
        const Appending *appending = userdata;
        Desired *desired = appending->desired;
        sd_bus_message *reply = desired->call->reply;
        Field fields[FIELDS_MAX];
        int r;

        if (!claim->profile.plugins ||
                        !g_strv_contains((const char *const *) claim->profile.plugins, desired->plugin))
                return 0;
        r = sd_bus_message_open_container(reply, SD_BUS_TYPE_ARRAY, "{sv}");
        if (r >= 0)
                r = fields_append_entries(reply, fields,
                                desired_fields(claim, desired->plugin, appending->uid, fields));
        if (r == 0)
                r = append_settings(desired, &claim->profile);
        return r != 0 ? r : reply_close(reply);
}

int desired_append_user(User *user, void *userdata) {
        Appending appending = { .desired = userdata, .uid = engine_user_uid(user) };

        return each_claim_that_holds(appending.desired->call->bus, user, append_claim, &appending);
}

/* ---- reports ---- */

const Param report_params[5] = {
        { "plugin", ARG_PLUGIN, offsetof(ReportParams, plugin) },
        { "generation", ARG_NUMBER, offsetof(ReportParams, generation) },
        { "state", ARG_TEXT, offsetof(ReportParams, state) },
        { "message", ARG_TEXT, offsetof(ReportParams, message), CAP_NOTE_BYTES },
        { "uid", OPTION_NUMBER, offsetof(ReportParams, uid), UINT32_MAX - 1,
                        offsetof(ReportParams, has_uid) },
};

PluginReport report_make(const ReportParams *params, char buf[SNIPPET_BYTES + 4]) {
        PluginReport report = {
                .uid = params->has_uid ? (uid_t) params->uid : REPORT_OF_NOBODY,
                .state = text_snippet(params->state, buf),
                .message = (char *) params->message,
                .generation = params->generation,
        };

        g_strlcpy(report.plugin, params->plugin, sizeof(report.plugin));
        return report;
}

void report_append(const PluginReport *report, void *userdata) {
        ReportsReply *reply = userdata;
        const bool with_uid = reply->with_uid && report->uid != REPORT_OF_NOBODY;

        if (reply->r < 0)
                return;
        reply->r = reply_append(reply->message, "a{sv}", with_uid ? 6 : 5, "Plugin", "s", report->plugin,
                        "State", "s", report->state, "Message", "s", report->message, "Generation", "t",
                        report->generation, "AtRealtimeUSec", "t", report->at_real_usec, "Uid", "u",
                        (uint32_t) report->uid);
}
