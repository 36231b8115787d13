/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/hosts.h"

#include <errno.h>
#include <glib.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/caps.h"
#include "common/names.h"
#include "daemon/bus/desired.h"
#include "daemon/bus/errors.h"
#include "daemon/bus/options.h"
#include "daemon/bus/request.h"
#include "daemon/engine/journal.h"

struct Hosts {
        Bus *bus;
        sd_bus_track *track;
        sd_event_source *look; /* enabled while there are users to be looked at */
        GHashTable *told; /* uid → table of what hosts know of: plugin → text; while somebody is subscribed */
        GHashTable *changed; /* set of uids */
        GPtrArray *reports;  /* of SystemReport, owned */
};

/* What a host of root's said, with respect to one user, or to nobody: (uid_t) -1. */
typedef struct SystemReport {
        uid_t uid;
        PluginReport report;
} SystemReport;

static void system_report_free(void *p) {
        SystemReport *report = p;

        g_free(report->report.message);
        g_free(report);
}

static int on_look(sd_event_source *source, void *userdata);

int hosts_new(Bus *bus, Hosts **ret_hosts) {
        Hosts *hosts = calloc(1, sizeof(*hosts));
        int r;

        if (!hosts)
                return -ENOMEM;
        hosts->bus = bus;
        hosts->told = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify) g_hash_table_unref);
        hosts->changed = g_hash_table_new(NULL, NULL);
        hosts->reports = g_ptr_array_new_with_free_func(system_report_free);
        r = sd_bus_track_new(bus->bus, &hosts->track, NULL, NULL);
        if (r >= 0)
                r = sd_event_add_defer(bus->event, &hosts->look, on_look, hosts);
        if (r >= 0)
                r = sd_event_source_set_enabled(hosts->look, SD_EVENT_OFF);
        if (r < 0) {
                hosts_free(hosts);
                return r;
        }
        *ret_hosts = hosts;
        return 0;
}

Hosts *hosts_free(Hosts *hosts) {
        if (!hosts)
                return NULL;
        sd_event_source_unref(hosts->look);
        sd_bus_track_unref(hosts->track);
        g_ptr_array_unref(hosts->reports);
        g_hash_table_unref(hosts->changed);
        g_hash_table_unref(hosts->told);
        free(hosts);
        return NULL;
}

/* ---- who is told ---- */

/* A claim keeps what it copied, so that it is known by its id; its end and its lock are what can change. */
static void note_plugin(const char *plugin, const Claim *claim, void *userdata) {
        GString *text = g_hash_table_lookup(userdata, plugin);

        if (!text) {
                text = g_string_new(NULL);
                g_hash_table_insert(userdata, g_strdup(plugin), text);
        }
        g_string_append_printf(text, "%" PRIi64 " %" PRIu64 " %" PRIu64 " %s %d %" PRIu64 "\n", claim->id,
                        claim->until_boot_usec, claim->until_real_usec, claim->boot_id, (int) claim->lock,
                        claim->lock_delay_usec);
}

static void string_free(void *string) {
        g_string_free(string, TRUE);
}

/* NULL where it cannot be told. */
static GHashTable *look_at_user(Hosts *hosts, User *user) {
        GHashTable *plugins = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, string_free);

        if (desired_each_plugin(hosts->bus, user, note_plugin, plugins) == 0)
                return plugins;
        g_hash_table_unref(plugins);
        return NULL;
}

/* The plugins of one table of which the other says something else. */
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

static int tell(Hosts *hosts, const char *plugin) {
        int r = 0;

        for (const char *name = sd_bus_track_first(hosts->track); r >= 0 && name;
                        name = sd_bus_track_next(hosts->track)) {
                cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL;

                r = sd_bus_message_new_signal(hosts->bus->bus, &message, POMOD_OBJECT_PATH,
                                POMOD_INTERFACE_MANAGER, "DesiredChanged");
                if (r >= 0)
                        r = sd_bus_message_append_basic(message, SD_BUS_TYPE_STRING, plugin);
                if (r >= 0)
                        r = sd_bus_message_set_destination(message, name);
                if (r >= 0)
                        r = sd_bus_send(hosts->bus->bus, message, NULL);
        }
        return r;
}

static void look_again(Hosts *hosts, uid_t uid, GHashTable *names) {
        GHashTable *before = g_hash_table_lookup(hosts->told, GUINT_TO_POINTER(uid));
        GHashTable *now = NULL;
        User *user;

        if (engine_enter(hosts->bus->engine, uid, "Manager.DesiredChanged", &user, NULL) == 0) {
                now = look_at_user(hosts, user);
                (void) engine_leave(user, 0, NULL);
        }
        compare(before, now, names);
        compare(now, before, names);
        if (now)
                g_hash_table_insert(hosts->told, GUINT_TO_POINTER(uid), now);
        else
                g_hash_table_remove(hosts->told, GUINT_TO_POINTER(uid));
}

/* From the loop, not from the engine's midst: here, it can be asked. */
static int on_look(sd_event_source *source, void *userdata) {
        Hosts *hosts = userdata;
        GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        GHashTableIter iter;
        void *key;
        int r = 0;

        g_hash_table_iter_init(&iter, hosts->changed);
        while (g_hash_table_iter_next(&iter, &key, NULL)) {
                uid_t uid = GPOINTER_TO_UINT(key);

                g_hash_table_iter_remove(&iter);
                look_again(hosts, uid, names);
                g_hash_table_iter_init(&iter, hosts->changed); /* asking may have made another one */
        }
        g_hash_table_iter_init(&iter, names);
        while (r >= 0 && g_hash_table_iter_next(&iter, &key, NULL))
                r = tell(hosts, key);
        if (r < 0 && r != -ENOTCONN)
                journal_error("Could not tell the plugin hosts of a change: %s.", strerror(-r));
        g_hash_table_unref(names);
        return 0;
}

void hosts_desired_changed(Hosts *hosts, uid_t uid) {
        if (sd_bus_track_count(hosts->track) == 0) {
                g_hash_table_remove_all(hosts->told);
                return;
        }
        g_hash_table_add(hosts->changed, GUINT_TO_POINTER(uid));
        (void) sd_event_source_set_enabled(hosts->look, SD_EVENT_ONESHOT);
}

static int note_user(User *user, void *userdata) {
        Hosts *hosts = userdata;
        GHashTable *now = look_at_user(hosts, user);

        if (now)
                g_hash_table_insert(hosts->told, GUINT_TO_POINTER(engine_user_uid(user)), now);
        return 0;
}

int hosts_add(Hosts *hosts, sd_bus_message *message, Refusal *ret_refusal) {
        const unsigned most = hosts->bus->many_users ? CAP_SUBSCRIBERS_PER_UID : CAP_SUBSCRIBERS_PRIVATE;
        int r;

        if (sd_bus_track_count_sender(hosts->track, message) > 0)
                return 0;
        if (sd_bus_track_count(hosts->track) >= most)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "%u connections of root are subscribed, which is the most there can be; end one",
                                most);
        if (sd_bus_track_count(hosts->track) == 0) {
                g_hash_table_remove_all(hosts->told);
                (void) engine_each_user(hosts->bus->engine, "Manager.Subscribe", note_user, hosts, NULL);
        }
        r = sd_bus_track_add_sender(hosts->track, message);
        return r < 0 ? r : 0;
}

int hosts_remove(Hosts *hosts, sd_bus_message *message) {
        return sd_bus_track_remove_sender(hosts->track, message);
}

/* ---- what they said ---- */

static SystemReport *find_report(const Hosts *hosts, uid_t uid, const char *plugin) {
        for (guint i = 0; i < hosts->reports->len; i++) {
                SystemReport *report = hosts->reports->pdata[i];

                if (report->uid == uid && strcmp(report->report.plugin, plugin) == 0)
                        return report;
        }
        return NULL;
}

static void note_failure(Hosts *hosts, uid_t uid, const PluginReport *said) {
        User *user;

        if (engine_enter(hosts->bus->engine, uid, "Manager.Report", &user, NULL) != 0)
                return;
        user_reports_note_failure(user, said);
        (void) engine_leave(user, 0, NULL);
}

static int keep_report(Hosts *hosts, uid_t uid, const PluginReport *said, Refusal *ret_refusal) {
        SystemReport *report = find_report(hosts, uid, said->plugin);

        if (report && said->generation < report->report.generation)
                return 0;
        if (!report && hosts->reports->len >= CAP_PLUGIN_REPORTS)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "%u reports of plugins are kept already, which is the most there can be",
                                CAP_PLUGIN_REPORTS);
        if (!report) {
                report = g_new0(SystemReport, 1);
                report->uid = uid;
                g_ptr_array_add(hosts->reports, report);
        }
        g_free(report->report.message);
        report->report = *said;
        report->report.message = g_strdup(said->message);
        /* What was said is kept, whether there is such a user or not. */
        if (uid != (uid_t) -1 && strcmp(said->state, "failed") == 0)
                note_failure(hosts, uid, said);
        return 0;
}

void hosts_each_report(const Hosts *hosts, uid_t uid, PluginReportFunc func, void *userdata) {
        for (guint i = 0; i < hosts->reports->len; i++) {
                const SystemReport *report = hosts->reports->pdata[i];

                if (report->uid == uid)
                        func(&report->report, userdata);
        }
}

/* ---- methods of Manager ---- */

static int check_root(Bus *bus, sd_bus_message *message, Refusal *ret_refusal) {
        uid_t caller;

        if (creds_sender_uid(bus->creds, message, &caller) < 0 || caller != 0)
                return refuse(ret_refusal, REFUSAL_ACCESS_DENIED,
                                "what should hold because of all users is for root; ask the interface Focus of your own object");
        return 0;
}

static int append_user(User *user, void *userdata) {
        return desired_append(userdata, user);
}

int hosts_method_desired(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        Bus *bus = userdata;
        Refusal refusal;
        Desired desired = { .bus = bus, .room = CAP_DESIRED_BYTES, .refusal = &refusal };
        int r;

        r = check_root(bus, message, &refusal);
        if (r == 0)
                r = plugin_read(message, &desired.plugin, &refusal);
        if (r == 0)
                r = options_read_none(message, &refusal);
        if (r != 0)
                return error_set(error, r, &refusal);
        r = desired_reply_new(message, engine_desired_generation(bus->engine), &reply);
        if (r < 0)
                return r;
        desired.reply = reply;
        r = engine_each_user(bus->engine, "Manager.Desired", append_user, &desired, &refusal);
        if (r != 0)
                return error_set(error, r, &refusal);
        return records_reply_send(reply);
}

int hosts_method_report(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        Option uid = { "uid", OPTION_NUMBER, UINT32_MAX - 1 };
        Bus *bus = userdata;
        PluginReport report;
        Refusal refusal;
        Now now;
        int r;

        r = check_root(bus, message, &refusal);
        if (r == 0)
                r = report_read(message, &report, &refusal);
        if (r == 0)
                r = options_read(message, &uid, 1, &refusal);
        if (r == 0)
                r = engine_get_now(bus->engine, &now);
        if (r == 0) {
                report.at_real_usec = now.real_usec;
                /* A generation that is not here yet is one of a daemon that is gone: as old as can be. */
                if (report.generation <= engine_desired_generation(bus->engine))
                        r = keep_report(bus->hosts, uid.given ? (uid_t) uid.number : (uid_t) -1, &report,
                                        &refusal);
        }
        if (r != 0)
                return error_set(error, r, &refusal);
        return sd_bus_reply_method_return(message, NULL);
}

typedef struct UserReports {
        sd_bus_message *reply;
        uid_t uid;
        int r;
} UserReports;

static void append_report(const PluginReport *report, void *userdata) {
        UserReports *reports = userdata;

        if (reports->r >= 0)
                reports->r = report_append(reports->reply, report, reports->uid);
}

static int append_user_reports(User *user, void *userdata) {
        UserReports *reports = userdata;

        reports->uid = engine_user_uid(user);
        user_reports_each(user, append_report, reports);
        return 0;
}

int hosts_method_list_reports(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        Bus *bus = userdata;
        UserReports reports = {};
        Refusal refusal;
        int r;

        r = check_root(bus, message, &refusal);
        if (r == 0)
                r = options_read_none(message, &refusal);
        if (r == 0)
                r = records_reply_new(message, &reply);
        if (r != 0)
                return error_set(error, r, &refusal);
        reports.reply = reply;
        for (guint i = 0; i < bus->hosts->reports->len; i++) {
                const SystemReport *report = bus->hosts->reports->pdata[i];

                reports.uid = report->uid;
                append_report(&report->report, &reports);
        }
        r = engine_each_user(bus->engine, "Manager.ListReports", append_user_reports, &reports, NULL);
        if (r == 0 && reports.r < 0)
                r = reports.r;
        if (r != 0)
                return error_set(error, r < 0 ? r : -EIO, NULL);
        return records_reply_send(reply);
}
