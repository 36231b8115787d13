/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/desired.h"

#include <glib.h>
#include <string.h>

#include "daemon/bus/records.h"
#include "daemon/bus/values.h"
#include "daemon/engine/read.h"

bool desired_next(const User *user, unsigned *place, Claim *ret_claim) {
        const Now now = user_read_now(user);
        const Claim *claim;

        while ((claim = user_read_claim(user, place)))
                if (claim_holds(claim, &now)) {
                        *ret_claim = *claim;
                        claim_show(ret_claim, &now);
                        return true;
                }
        return false;
}

/* ---- Desired ---- */

const Param desired_params[1] = {
        { "plugin", ARG_PLUGIN, offsetof(DesiredParams, plugin) },
};

int desired_begin(Desired *desired, Call *call, uint64_t generation) {
        const DesiredParams *params = call->given;
        int r = reply_append(&call->reply, "t", generation);

        *desired = (Desired){ .reply = &call->reply, .plugin = params->plugin };
        return r < 0 ? r : reply_open_records(&call->reply);
}

static int append_setting(Desired *desired, const ProfileSetting *setting) {
        const Field field = field_text(setting->key, setting->value);

        if (strcmp(setting->plugin, desired->plugin) != 0)
                return 0;
        return fields_append_entries(desired->reply, &field, 1);
}

static int append_settings(Desired *desired, const Profile *profile) {
        Reply *reply = desired->reply;
        int r = reply_open_entry(reply, "Settings", "a{sv}");

        if (r >= 0)
                r = reply_open_record(reply);
        for (unsigned i = 0; r == 0 && i < profile->n_settings; i++)
                r = append_setting(desired, &profile->settings[i]);
        if (r == 0)
                r = reply_close(reply);
        return r != 0 ? r : reply_close_entry(reply);
}

/* Which text each list is that the plugin's own settings name. */
static int append_lists(Desired *desired, const Claim *claim) {
        Reply *reply = desired->reply;
        const char *place = claim->lists;
        NameList list;
        int r = reply_open_entry(reply, "Lists", "a{ss}");

        if (r >= 0)
                r = reply_open(reply, SD_BUS_TYPE_ARRAY, "{ss}");
        while (r >= 0 && lists_pinned_next(&place, &list)) {
                if (!lists_are_named(&claim->profile, desired->plugin, list.name))
                        continue;
                r = reply_open(reply, SD_BUS_TYPE_DICT_ENTRY, "ss");
                if (r >= 0)
                        r = reply_append(reply, "ss", list.name, list.digest);
                if (r >= 0)
                        r = reply_close(reply);
        }
        if (r >= 0)
                r = reply_close(reply);
        return r < 0 ? r : reply_close_entry(reply);
}

static int append_claim(Desired *desired, const Claim *claim, uid_t uid) {
        Reply *reply = desired->reply;
        Field fields[FIELDS_MAX];
        int r = reply_open_record(reply);

        if (r >= 0)
                r = fields_append_entries(reply, fields, desired_fields(claim, desired->plugin, uid, fields));
        if (r == 0)
                r = append_settings(desired, &claim->profile);
        if (r == 0 && claim->lists)
                r = append_lists(desired, claim);
        return r != 0 ? r : reply_close(reply);
}

int desired_append_user(User *user, void *userdata) {
        Desired *desired = userdata;
        unsigned place = 0;
        Claim claim;
        int r = 0;

        if (!user_read_plugin_enabled(user, desired->plugin))
                return 0;
        while (r == 0 && desired_next(user, &place, &claim))
                if (claim.profile.plugins &&
                                g_strv_contains((const char *const *) claim.profile.plugins, desired->plugin))
                        r = append_claim(desired, &claim, engine_user_uid(user));
        return r;
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

const Param report_list_params[2] = {
        { "after", OPTION_NUMBER, offsetof(ReportListParams, after) },
        { "limit", OPTION_PAGE, offsetof(ReportListParams, limit) },
};

int reports_begin(ReportList *list, Call *call, const uid_t *about) {
        const ReportListParams *params = call->given;

        *list = (ReportList){ .about = about, .after = params->after };
        return page_begin(&list->page, call, params->limit, "a{sv}");
}

static int append_with_uid(Reply *reply, const void *record) {
        const PluginReport *report = record;
        const Field fields[] = {
                field_text("Plugin", report->plugin),
                field_text("State", report->state),
                field_text("Message", report->message),
                field_number("Generation", "t", report->generation),
                field_number("AtRealtimeUSec", "t", report->at_real_usec),
                field_number("Uid", "u", report->uid),
        };

        return fields_append(reply, fields, ELEMENTSOF(fields) - (report->uid == REPORT_OF_NOBODY));
}

/* To those who know whom it is about. */
static int append_without_uid(Reply *reply, const void *record) {
        PluginReport report = *(const PluginReport *) record;

        report.uid = REPORT_OF_NOBODY;
        return append_with_uid(reply, &report);
}

int reports_append(ReportList *list, const GPtrArray *reports) {
        const uid_t *about = list->about;
        int r = 0;

        for (guint i = 0; r == 0 && reports && i < reports->len; i++) {
                const PluginReport *report = reports->pdata[i];

                if ((about && report->uid != *about) || list->at++ < list->after)
                        continue;
                r = page_append(&list->page, about ? append_without_uid : append_with_uid, report);
        }
        return r;
}

int reports_end(ReportList *list, int r) {
        return page_end(&list->page, r, (Field[]){ field_number("after", "t", list->after + list->page.n) },
                        1);
}
