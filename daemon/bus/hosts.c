/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/hosts.h"

#include <errno.h>
#include <glib.h>
#include <inttypes.h>
#include <string.h>

#include "common/caps.h"
#include "common/names.h"
#include "daemon/bus/desired.h"
#include "daemon/bus/failures.h"
#include "daemon/bus/listeners.h"
#include "daemon/bus/names.h"
#include "daemon/bus/pace.h"
#include "daemon/bus/presence.h"
#include "daemon/bus/records.h"
#include "daemon/engine/journal.h"
#include "daemon/engine/reports.h"

#define DESIRED_CHANGED_BYTES 160u /* of the signal, but for the name of the plugin */

typedef struct HostUser {
        uid_t uid;
        GHashTable *told; /* what hosts know of, owned: plugin → text; NULL nothing */
        Pace pace;        /* of looks */
        bool changed;     /* waits in the queue */
} HostUser;

struct Hosts {
        Bus *bus;
        NameSet *members;
        GHashTable *wants;      /* name of a member → Wants, both owned */
        sd_event_source *look;  /* enabled while there are users to be looked at */
        sd_event_source *later; /* while each of them has changed too often to be looked at now */
        GHashTable *users;      /* uid → HostUser, which it owns; while somebody is subscribed */
        GQueue changed;         /* of HostUser, in the order of their changes */
};

static int on_look(sd_event_source *source, void *userdata);

static int on_later(sd_event_source *source, uint64_t usec, void *userdata) {
        return on_look(source, userdata);
}

static void user_free(void *p) {
        HostUser *user = p;

        if (user->told)
                g_hash_table_unref(user->told);
        g_free(user);
}

static HostUser *user_find(Hosts *hosts, uid_t uid) {
        HostUser *user = g_hash_table_lookup(hosts->users, GUINT_TO_POINTER(uid));

        if (!user) {
                user = g_new0(HostUser, 1);
                user->uid = uid;
                g_hash_table_insert(hosts->users, GUINT_TO_POINTER(uid), user);
        }
        return user;
}

static void forget_users(Hosts *hosts) {
        g_queue_clear(&hosts->changed);
        g_hash_table_remove_all(hosts->users);
}

static void on_left(NameSet *members, const char *name, void *userdata) {
        const Hosts *hosts = userdata;

        g_hash_table_remove(hosts->wants, name);
}

int hosts_new(Bus *bus, Hosts **ret_hosts) {
        Hosts *hosts = g_new0(Hosts, 1);
        int r;

        hosts->bus = bus;
        hosts->users = g_hash_table_new_full(NULL, NULL, NULL, user_free);
        g_queue_init(&hosts->changed);
        hosts->wants = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        hosts->members = names_set_new(bus->names, on_left, hosts);
        r = sd_event_add_defer(bus->event, &hosts->look, on_look, hosts);
        if (r >= 0)
                r = sd_event_source_set_enabled(hosts->look, SD_EVENT_OFF);
        if (r >= 0)
                r = sd_event_add_time(bus->event, &hosts->later, CLOCK_MONOTONIC, 0, USEC_PER_MSEC, on_later,
                                hosts);
        if (r >= 0)
                r = sd_event_source_set_enabled(hosts->later, SD_EVENT_OFF);
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
        sd_event_source_disable_unref(hosts->look);
        sd_event_source_disable_unref(hosts->later);
        names_set_free(hosts->members);
        g_hash_table_unref(hosts->wants);
        forget_users(hosts);
        g_hash_table_unref(hosts->users);
        g_free(hosts);
        return NULL;
}

/* ---- who is told ---- */

static int signal_to(const Hosts *hosts, const char *name, const char *member, const char *text,
                sd_bus_message **ret_message) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL;
        int r = sd_bus_message_new_signal(
                        hosts->bus->bus, &message, POMOD_OBJECT_PATH, POMOD_INTERFACE_MANAGER, member);

        if (r >= 0)
                r = sd_bus_message_append_basic(message, SD_BUS_TYPE_STRING, text);
        if (r >= 0)
                r = sd_bus_message_set_destination(message, name);
        if (r >= 0)
                *ret_message = steal(message);
        return r;
}

static int tell(Hosts *hosts, const char *plugin) {
        int r = 0;

        for (unsigned i = 0; r >= 0 && i < names_set_count(hosts->members); i++) {
                cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL;
                const char *name = names_set_get(hosts->members, i);

                if (!wants_told(g_hash_table_lookup(hosts->wants, name), WANTS_DESIRED, plugin))
                        continue;
                r = signal_to(hosts, name, "DesiredChanged", plugin, &message);
                if (r >= 0)
                        r = listeners_send(hosts->bus->listeners, message,
                                        DESIRED_CHANGED_BYTES + strlen(plugin));
        }
        return r;
}

/* NULL: nothing is told of the user, who is among the unknown. */
static GHashTable *look_at_known(const User *user) {
        return engine_user_is_known(user) ? desired_look(user) : NULL;
}

static void look_at(Hosts *hosts, HostUser *host_user, GHashTable *names) {
        GHashTable *now = NULL;
        User *user;

        if (engine_enter(hosts->bus->engine, host_user->uid, "Manager.DesiredChanged", &user, NULL) == 0) {
                now = look_at_known(user);
                (void) engine_leave(user, 0, NULL);
        }
        desired_compare(host_user->told, now, names);
        if (host_user->told)
                g_hash_table_unref(host_user->told);
        host_user->told = now;
}

/* Each who changed once, in order, for the time of a slice. Returns for how long the rest has to wait. */
static uint64_t look_at_those_who_changed(Hosts *hosts, GHashTable *names) {
        const uint64_t begin_usec = monotonic_usec();
        uint64_t wait_usec = PACE_STEP_USEC;

        for (unsigned n = hosts->changed.length; n > 0; n--) {
                const uint64_t now_usec = monotonic_usec();
                HostUser *user = g_queue_pop_head(&hosts->changed);
                const uint64_t wait = pace_wait(&user->pace, now_usec);

                if (now_usec - begin_usec >= SLICE_USEC) {
                        g_queue_push_head(&hosts->changed, user);
                        return 0;
                }
                if (wait > 0) {
                        wait_usec = MIN(wait_usec, wait);
                        g_queue_push_tail(&hosts->changed, user);
                        continue;
                }
                pace_take(&user->pace, now_usec);
                user->changed = false; /* asking may change it again */
                look_at(hosts, user, names);
        }
        return wait_usec;
}

/* From the loop, not from the engine's midst: here, it can be asked. */
static int on_look(sd_event_source *source, void *userdata) {
        Hosts *hosts = userdata;
        GHashTable *names = NULL;
        GHashTableIter iter;
        uint64_t wait_usec;
        void *name;
        int r = 0;

        if (names_set_count(hosts->members) == 0) {
                forget_users(hosts);
                return 0;
        }
        names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        wait_usec = look_at_those_who_changed(hosts, names);
        g_hash_table_iter_init(&iter, names);
        while (r >= 0 && g_hash_table_iter_next(&iter, &name, NULL))
                r = tell(hosts, name);
        g_hash_table_unref(names);
        if (r < 0 && r != -ENOTCONN)
                journal_error("Could not tell the plugin hosts of a change: %s.", strerror(-r));
        if (hosts->changed.length == 0)
                return 0;
        if (wait_usec == 0 || sd_event_source_set_time_relative(hosts->later, wait_usec) < 0)
                return sd_event_source_set_enabled(hosts->look, SD_EVENT_ONESHOT);
        return sd_event_source_set_enabled(hosts->later, SD_EVENT_ONESHOT);
}

void hosts_desired_changed(Hosts *hosts, uid_t uid) {
        HostUser *user;

        if (names_set_count(hosts->members) == 0)
                return;
        user = user_find(hosts, uid);
        if (user->changed)
                return;
        user->changed = true;
        g_queue_push_tail(&hosts->changed, user);
        (void) sd_event_source_set_enabled(hosts->look, SD_EVENT_ONESHOT);
}

static int note_user(User *user, void *userdata) {
        Hosts *hosts = userdata;

        user_find(hosts, engine_user_uid(user))->told = look_at_known(user);
        return 0;
}

static void set_wants(Hosts *hosts, const char *name, const Wants *wants) {
        g_hash_table_replace(hosts->wants, g_strdup(name), g_memdup2(wants, sizeof(*wants)));
}

int hosts_add(Hosts *hosts, sd_bus_message *message, const Wants *wants, Refusal *ret_refusal) {
        const unsigned most = hosts->bus->many_users ? CAP_SUBSCRIBERS_PER_UID : CAP_SUBSCRIBERS_PRIVATE;
        const char *name = sd_bus_message_get_sender(message);
        int r;

        if (!name)
                return -ENXIO;
        if (names_set_has(hosts->members, name)) {
                set_wants(hosts, name, wants);
                return 0;
        }
        r = listeners_add(hosts->bus->listeners, name, hosts->bus->caller, ret_refusal);
        if (r != 0)
                return r;
        if (names_set_count(hosts->members) >= most)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "%u connections of root are subscribed, which is the most there can be; end one",
                                most);
        if (names_set_count(hosts->members) == 0) {
                forget_users(hosts);
                (void) engine_each_user(hosts->bus->engine, "Manager.Subscribe", note_user, hosts, NULL);
        }
        r = result_of(names_set_add(hosts->members, name));
        if (r == 0)
                set_wants(hosts, name, wants);
        return r;
}

void hosts_remove(Hosts *hosts, sd_bus_message *message) {
        const char *name = sd_bus_message_get_sender(message);

        if (name && names_set_remove(hosts->members, name))
                g_hash_table_remove(hosts->wants, name);
}

void hosts_expel(Hosts *hosts, const char *name) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL;

        if (!names_set_remove(hosts->members, name))
                return;
        g_hash_table_remove(hosts->wants, name);
        if (signal_to(hosts, name, "Unsubscribed", listeners_sentence(), &message) >= 0)
                (void) sd_bus_send(hosts->bus->bus, message, NULL);
}

/* ---- methods of Manager ---- */

/* What one user wants of the plugin. */
typedef struct Part {
        uid_t uid;
        size_t size;
} Part;

typedef struct Parts {
        const Desired *desired; /* that is being made */
        GArray *parts;          /* of Part */
        GArray *unknown;        /* of uid_t */
} Parts;

static int measure_part(User *user, void *userdata) {
        Parts *parts = userdata;
        Reply counted = {};
        Desired desired = *parts->desired;
        Part part = { .uid = engine_user_uid(user) };
        int r;

        desired.reply = &counted;
        r = desired_append_user(user, &desired);
        part.size = counted.size;
        if (r == 0 && part.size > 0)
                g_array_append_val(parts->parts, part);
        return r;
}

static gint compare_parts(gconstpointer a, gconstpointer b) {
        const Part *x = a, *y = b;

        return (x->size > y->size) - (x->size < y->size);
}

static int append_part(Call *call, Desired *desired, uid_t uid) {
        Engine *engine = call->bus->engine;
        User *user;
        int r = engine_enter(engine, uid, call->method->name, &user, &call->refusal);

        return r != 0 ? r : engine_leave(user, desired_append_user(user, desired), &call->refusal);
}

/* Beside the parts: the list of those who are unknown, of whom there may be as many as there are users. */
#define UNKNOWN_BYTES (CAP_USERS * sizeof(uint32_t) + 1024u)

/* The smallest first: whoever wants much is the one that does not fit. */
static int append_parts(Call *call, Desired *desired, Parts *parts) {
        const bool is_host = presence_is_host(call, PRESENCE_OF_COMPUTER, desired->plugin);
        int r = 0;

        call->most = is_host ? CAP_DESIRED_BYTES : CAP_ANSWER_BYTES;
        g_array_sort(parts->parts, compare_parts);
        for (guint i = 0; r == 0 && i < parts->parts->len; i++) {
                const Part *part = &g_array_index(parts->parts, Part, i);

                if (part->size > CAP_USER_DESIRED_BYTES ||
                                desired->reply->size + part->size > call->most - UNKNOWN_BYTES)
                        g_array_append_val(parts->unknown, part->uid);
                else
                        r = append_part(call, desired, part->uid);
        }
        return r;
}

static int append_unknown(Reply *reply, const GArray *unknown) {
        int r = reply_open(reply, SD_BUS_TYPE_ARRAY, "u");

        for (guint i = 0; r == 0 && i < unknown->len; i++)
                r = reply_append(reply, "u", (uint32_t) g_array_index(unknown, uid_t, i));
        return r != 0 ? r : reply_close(reply);
}

int hosts_desired(Call *call) {
        cleanup_(desired_done) Desired desired = {};
        Engine *engine = call->bus->engine;
        Parts parts = {};
        int r = desired_begin(&desired, call, engine_desired_generation(engine));

        if (r == 0)
                r = desired_open(&desired);
        if (r != 0)
                return r;
        parts = (Parts){
                .desired = &desired,
                .parts = g_array_new(FALSE, FALSE, sizeof(Part)),
                .unknown = g_array_new(FALSE, FALSE, sizeof(uid_t)),
        };
        r = engine_each_user(engine, call->method->name, measure_part, &parts, parts.unknown);
        if (r == 0)
                r = append_parts(call, &desired, &parts);
        if (r == 0)
                r = reply_close(&call->reply);
        if (r == 0)
                r = append_unknown(&call->reply, parts.unknown);
        g_array_unref(parts.parts);
        g_array_unref(parts.unknown);
        return r;
}

/* Of all users' claims, each has to say whose it is. */
static int check_failures(const GArray *claims, Refusal *ret_refusal) {
        for (guint i = 0; claims && i < claims->len; i++)
                if (g_array_index(claims, ClaimFailure, i).uid == FAILURE_OF_CALLED)
                        return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                        "a record of the option claims has no Uid; it has to say whose claim it is");
        return 0;
}

int hosts_report(Call *call) {
        char state[SNIPPET_BYTES + 4];
        const PluginReport report = report_make(call->given, state);
        int r = presence_check_host(call, PRESENCE_OF_COMPUTER, report.plugin);

        if (r == 0)
                r = check_failures(report.claims, &call->refusal);
        return r != 0 ? r : engine_reports_put(call->bus->engine, &report, &call->refusal);
}

int hosts_note_released(Call *call) {
        const ReleasedParams *params = call->given;

        return engine_reports_note_released(call->bus->engine, params->plugin, params->reason);
}

static int append_user_reports(User *user, void *list) {
        int r = reports_append(list, user_reports(user));

        /* A page that is over is no failure of the user's. */
        return ((const ReportList *) list)->page.more ? 0 : r;
}

int hosts_list_reports(Call *call) {
        Engine *engine = call->bus->engine;
        ReportList list;
        int r = reports_begin(&list, call, NULL);

        if (r == 0)
                r = reports_append(&list, engine_reports(engine));
        if (r == 0)
                r = engine_each_user(engine, call->method->name, append_user_reports, &list, NULL);
        return reports_end(&list, r);
}
