/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/desired.h"

#include <glib.h>
#include <inttypes.h>
#include <string.h>

#include "daemon/bus/records.h"
#include "daemon/bus/values.h"
#include "daemon/engine/read.h"

/* The next claim in force, from a place on that begins at 0; its texts are the engine's. */
static bool next_claim(const User *user, unsigned *place, Claim *ret_claim) {
        const Now now = user_read_now(user);
        const Claim *claim = user_read_claim(user, place);

        if (!claim)
                return false;
        *ret_claim = *claim;
        claim_show(ret_claim, &now);
        return true;
}

/* ---- what changed ---- */

/* The table's, made where there is none. */
static GString *text_find(GHashTable *plugins, const char *plugin) {
        GString *text = g_hash_table_lookup(plugins, plugin);

        if (!text) {
                text = g_string_new(NULL);
                g_hash_table_insert(plugins, g_strdup(plugin), text);
        }
        return text;
}

/* A claim keeps what it copied, so that it is known by its id; the rest of what is told of it can change: of
 * what it was granted, it becomes more. */
static void note_plugin(GHashTable *plugins, const char *plugin, const Claim *claim) {
        GString *text = text_find(plugins, plugin);

        g_string_append_printf(text,
                        "%" PRIi64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %d %s %zu\n",
                        claim->id, claim->until_boot_usec, claim->until_real_usec, claim->length_usec,
                        claim->release_boot_usec, claim->rests_until_boot_usec, claim_follows_wall(claim),
                        claim->boot_id, claim->granted ? strlen(claim->granted) : 0);
}

static void string_free(void *string) {
        g_string_free(string, TRUE);
}

static void note_standing(GHashTable *plugins, const User *user) {
        const GArray *values = user_read_plugin_values(user);

        for (guint i = 0; values && i < values->len; i++) {
                const PluginValue *value = &g_array_index(values, PluginValue, i);
                GString *text = text_find(plugins, value->plugin);

                g_string_append_printf(text, "%s=%s\n", value->key, value->value);
        }
}

GHashTable *desired_look(const User *user) {
        GHashTable *plugins = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, string_free);
        unsigned place = 0;
        Claim claim;

        while (next_claim(user, &place, &claim))
                for (char **plugin = claim.profile.plugins; plugin && *plugin; plugin++)
                        if (user_read_plugin_enabled(user, *plugin))
                                note_plugin(plugins, *plugin, &claim);
        note_standing(plugins, user);
        return plugins;
}

static void compare(GHashTable *plugins, GHashTable *others, GHashTable *names) {
        GHashTableIter iter;
        void *plugin, *text;

        if (!plugins)
                return;
        g_hash_table_iter_init(&iter, plugins);
        while (g_hash_table_iter_next(&iter, &plugin, &text)) {
                const GString *other = others ? g_hash_table_lookup(others, plugin) : NULL;

                if (!other || !g_string_equal(text, other))
                        g_hash_table_add(names, g_strdup(plugin));
        }
}

void desired_compare(GHashTable *before, GHashTable *now, GHashTable *names) {
        compare(before, now, names);
        compare(now, before, names);
}

/* ---- Desired ---- */

const Param desired_params[1] = {
        { "plugin", ARG_PLUGIN, offsetof(DesiredParams, plugin) },
};

int desired_begin(Desired *desired, Call *call, uint64_t generation) {
        const DesiredParams *params = call->given;
        int r = reply_append(&call->reply, "t", generation);

        *desired = (Desired){ .reply = &call->reply, .plugin = params->plugin };
        if (call->bus->many_users)
                desired->felt = plugin_files_find_felt(call->bus->plugin_files, params->plugin);
        return r;
}

void desired_done(Desired *desired) {
        plugin_felt_done(&desired->felt);
}

int desired_open(Desired *desired) {
        return reply_open_records(desired->reply);
}

/* A claim, with the items that it was granted where that counts, else NULL. */
typedef struct GrantedClaim {
        const Claim *claim;
        GHashTable *granted;
} GrantedClaim;

/* Of what nothing is granted an empty value is left: without any the plugin would take its own. */
static int append_setting(Desired *desired, const GrantedClaim *part, const ProfileSetting *setting) {
        cleanup_free_ char *filtered = NULL;
        Field field = field_text(setting->key, setting->value);

        if (strcmp(setting->plugin, desired->plugin) != 0)
                return 0;
        if (plugin_felt_has(&desired->felt, setting->key)) {
                filtered = consent_filter(setting->value, part->claim->lists, part->granted);
                field.text = filtered;
        }
        return fields_append_entries(desired->reply, &field, 1);
}

static int append_settings(Desired *desired, const GrantedClaim *part) {
        const Profile *profile = &part->claim->profile;
        Reply *reply = desired->reply;
        int r = reply_open_entry(reply, "Settings", "a{sv}");

        if (r >= 0)
                r = reply_open_record(reply);
        for (unsigned i = 0; r == 0 && i < profile->n_settings; i++)
                r = append_setting(desired, part, &profile->settings[i]);
        if (r == 0)
                r = reply_close(reply);
        return r != 0 ? r : reply_close_entry(reply);
}

/* Whether a setting that is told of names the list. */
static bool tells_of_list(const Desired *desired, const GrantedClaim *part, const NameList *list) {
        const Profile *profile = &part->claim->profile;

        for (unsigned i = 0; i < profile->n_settings; i++) {
                const ProfileSetting *setting = &profile->settings[i];

                if (strcmp(setting->plugin, desired->plugin) == 0 &&
                                lists_value_names(setting->value, list->name) &&
                                (!plugin_felt_has(&desired->felt, setting->key) ||
                                                consent_set_has_list(
                                                                part->granted, list->name, list->digest)))
                        return true;
        }
        return false;
}

/* The next list that the plugin's own settings name. */
static bool next_list(
                const Desired *desired, const GrantedClaim *part, const char **place, NameList *ret_list) {
        while (lists_pinned_next(place, ret_list))
                if (tells_of_list(desired, part, ret_list))
                        return true;
        return false;
}

/* Which text each of them is. */
static int append_lists(Desired *desired, const GrantedClaim *part) {
        Reply *reply = desired->reply;
        const char *place = part->claim->lists;
        NameList list;
        int r;

        if (!next_list(desired, part, &place, &list))
                return 0;
        place = part->claim->lists;
        r = reply_open_entry(reply, "Lists", "a{ss}");
        if (r >= 0)
                r = reply_open(reply, SD_BUS_TYPE_ARRAY, "{ss}");
        while (r >= 0 && next_list(desired, part, &place, &list)) {
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
        GrantedClaim part = { claim, desired->felt.any ? consent_set_new(claim->granted) : NULL };
        Reply *reply = desired->reply;
        Field fields[FIELDS_MAX];
        int r = reply_open_record(reply);

        if (r >= 0)
                r = fields_append_entries(reply, fields, desired_fields(claim, desired->plugin, uid, fields));
        if (r == 0)
                r = append_settings(desired, &part);
        if (r == 0)
                r = append_lists(desired, &part);
        g_clear_pointer(&part.granted, g_hash_table_unref);
        return r != 0 ? r : reply_close(reply);
}

int desired_append_user(User *user, void *userdata) {
        Desired *desired = userdata;
        unsigned place = 0;
        Claim claim;
        int r = 0;

        if (!user_read_plugin_enabled(user, desired->plugin))
                return 0;
        while (r == 0 && next_claim(user, &place, &claim))
                if (claim.profile.plugins && claim_names_plugin(&claim, desired->plugin))
                        r = append_claim(desired, &claim, engine_user_uid(user));
        return r;
}

/* ---- reports ---- */

const Param report_params[6] = {
        { "plugin", ARG_PLUGIN, offsetof(ReportParams, plugin) },
        { "generation", ARG_NUMBER, offsetof(ReportParams, generation) },
        { "state", ARG_TEXT, offsetof(ReportParams, state) },
        { "message", ARG_TEXT, offsetof(ReportParams, message), CAP_NOTE_BYTES },
        { "claims", OPTION_FAILURES, offsetof(ReportParams, claims) },
        { "uid", OPTION_NUMBER, offsetof(ReportParams, uid), UINT32_MAX - 1,
                        offsetof(ReportParams, has_uid) },
};

const Param released_params[2] = {
        { "plugin", ARG_PLUGIN, offsetof(ReleasedParams, plugin) },
        { "reason", ARG_TEXT, offsetof(ReleasedParams, reason), CAP_NOTE_BYTES },
};

PluginReport report_make(const ReportParams *params, char buf[SNIPPET_BYTES + 4]) {
        PluginReport report = {
                .uid = params->has_uid ? (uid_t) params->uid : REPORT_OF_NOBODY,
                .state = text_snippet(params->state, buf),
                .message = (char *) params->message,
                .generation = params->generation,
                .claims = params->claims,
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

        *list = (ReportList){ .engine = call->bus->engine, .about = about, .after = params->after };
        return page_begin(&list->page, call, params->limit, "a{sv}");
}

typedef struct ShownReport {
        const PluginReport *report;
        const char *state;
        bool with_uid;
} ShownReport;

static int append_shown(Reply *reply, const void *record) {
        const ShownReport *shown = record;
        const PluginReport *report = shown->report;
        const Field fields[] = {
                field_text("Plugin", report->plugin),
                field_text("State", shown->state),
                field_text("Message", report->message),
                field_number("Generation", "t", report->generation),
                field_number("AtRealtimeUSec", "t", report->at_real_usec),
                field_number("Uid", "u", report->uid),
        };

        return fields_append(reply, fields, ELEMENTSOF(fields) - (shown->with_uid ? 0 : 1));
}

int reports_append(ReportList *list, const GPtrArray *reports) {
        const uid_t *about = list->about;
        int r = 0;

        for (guint i = 0; r == 0 && reports && i < reports->len; i++) {
                const PluginReport *report = reports->pdata[i];

                if ((about && report->uid != *about) || list->at++ < list->after)
                        continue;
                r = page_append(&list->page, append_shown,
                                &(ShownReport){
                                                .report = report,
                                                .state = report_state(list->engine, report),
                                                /* who asks about one knows whom it is about */
                                                .with_uid = !about && report->uid != REPORT_OF_NOBODY,
                                });
        }
        return r;
}

int reports_end(ReportList *list, int r) {
        return page_end(&list->page, r, (Field[]){ field_number("after", "t", list->after + list->page.n) },
                        1);
}
