/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/bus.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

#include "common/caps.h"
#include "common/names.h"
#include "daemon/bus/access.h"
#include "daemon/bus/calls.h"
#include "daemon/bus/errors.h"
#include "daemon/bus/export.h"
#include "daemon/bus/hosts.h"
#include "daemon/bus/interface.h"
#include "daemon/bus/internal.h"
#include "daemon/bus/listeners.h"
#include "daemon/bus/logind.h"
#include "daemon/bus/loop.h"
#include "daemon/bus/message-size.h"
#include "daemon/bus/names.h"
#include "daemon/bus/plugin-files.h"
#include "daemon/bus/polkit.h"
#include "daemon/bus/presence.h"
#include "daemon/bus/subscribers.h"
#include "daemon/bus/timer.h"
#include "daemon/bus/upload.h"
#include "daemon/engine/journal.h"
#include "daemon/engine/reports.h"

#define FLUSH_USEC       (1ULL * 1000000)
#define PROPERTIES_BYTES 2048u /* of all of Timer, with a title */
#define PROPERTY_BYTES   512u  /* of a call that names a property, at most */

/* ---- objects ---- */

static const Interface *const manager_interfaces[] = { &manager_interface };
static const Interface *const user_interfaces[] = {
        &timer_interface,
        &tasks_interface,
        &history_interface,
        &settings_interface,
        &schedules_interface,
        &focus_interface,
        &plugins_interface,
};

/* A reading of properties is no method: it is entered and left here, and the values stay as they are until
 * the engine is next entered. */
static int read_timer(Bus *bus, uid_t uid, TimerProperties *ret_timer, Refusal *ret_refusal) {
        User *user;
        int r;

        r = engine_enter(bus->engine, uid, "Timer.GetAll", &user, ret_refusal);
        if (r != 0)
                return r;
        timer_properties_get(user, ret_timer);
        return engine_leave(user, 0, ret_refusal);
}

/* Every interface of every object under user/: an error here refuses methods, properties and introspection
 * alike. */
static int find_user(sd_bus *sdbus, const char *path, const char *interface, void *userdata, void **ret_found,
                sd_bus_error *ret_error) {
        Bus *bus = userdata;
        UserObject *object = &bus->object;
        sd_bus_message *message = sd_bus_get_current_message(sdbus);
        Refusal refusal;
        uid_t uid;
        int r;

        if (!user_path_parse(path, &uid))
                return 0;
        if (!message)
                return -EACCES;
        if (!object->granted || object->uid != uid) {
                r = access_check(bus, bus->caller, uid, &refusal);
                if (r != 0)
                        return error_set(ret_error, r, &refusal);
                *object = (UserObject){ .uid = uid, .granted = true };
        }
        if (!object->has_timer && strcmp(interface, POMOD_INTERFACE_TIMER) == 0 &&
                        sd_bus_message_is_method_call(message, "org.freedesktop.DBus.Properties", NULL) > 0) {
                r = read_timer(bus, uid, &object->timer, &refusal);
                if (r != 0)
                        return error_set(ret_error, r, &refusal);
                object->has_timer = true;
                calls_charge(bus->calls, bus->caller, PROPERTIES_BYTES);
        }
        *ret_found = object;
        return 1;
}

/* The answer is made once; sd-bus would make it for each call. Who may not call an object may not introspect
 * it.
 */
static int introspect(Bus *bus, sd_bus_message *message, sd_bus_error *ret_error) {
        const char *path = sd_bus_message_get_path(message);
        Refusal refusal;
        uid_t uid;
        int r;

        if (strcmp(path, POMOD_OBJECT_PATH) == 0)
                return sd_bus_reply_method_return(message, "s", bus->manager_xml);
        if (!user_path_parse(path, &uid))
                return 0;
        r = access_check(bus, bus->caller, uid, &refusal);
        if (r != 0)
                return error_set(ret_error, r, &refusal);
        calls_charge(bus->calls, bus->caller, strlen(bus->user_xml));
        return sd_bus_reply_method_return(message, "s", bus->user_xml);
}

static bool is_introspection(sd_bus_message *message) {
        return sd_bus_message_is_method_call(message, "org.freedesktop.DBus.Introspectable", "Introspect") >
               0;
}

/* /user lists nobody: it exists, so that walking the tree meets no error, and it is empty. */
static int on_user_folder(sd_bus_message *message, void *userdata, sd_bus_error *ret_error) {
        return is_introspection(message) ? sd_bus_reply_method_return(message, "s", "<node>\n</node>\n") : 0;
}

static const sd_bus_vtable *vtable_keep(Bus *bus, const Interface *interface) {
        sd_bus_vtable *vtable = g_hash_table_lookup(bus->vtables, interface);

        if (!vtable) {
                vtable = interface_vtable_new(interface, bus->texts);
                g_hash_table_insert(bus->vtables, (void *) interface, vtable);
        }
        return vtable;
}

/* Puts up Manager and the interfaces of every user's object. */
static int put_up_objects(Bus *bus) {
        int r;

        r = sd_bus_add_object_vtable(bus->bus, NULL, POMOD_OBJECT_PATH, manager_interface.name,
                        vtable_keep(bus, &manager_interface), bus);
        if (r >= 0)
                r = sd_bus_add_object(bus->bus, NULL, POMOD_USER_PATH, on_user_folder, bus);
        for (size_t i = 0; r >= 0 && i < ELEMENTSOF(user_interfaces); i++)
                r = sd_bus_add_fallback_vtable(bus->bus, NULL, POMOD_USER_PATH, user_interfaces[i]->name,
                                vtable_keep(bus, user_interfaces[i]), find_user, bus);
        return r;
}

/* ---- the connection ---- */

Bus *bus_new(const BusConfig *config) {
        Bus *bus = g_new0(Bus, 1);

        bus->event = sd_event_ref(config->event);
        bus->engine = config->engine;
        bus->many_users = config->many_users;
        bus->plugin_files = config->plugin_files;
        bus->category_dir = config->category_dir;
        bus->version = POMOD_VERSION;
        bus->own_uid = getuid();
        bus->address = g_strdup(config->address);
        bus->vtables = g_hash_table_new_full(NULL, NULL, NULL, g_free);
        bus->texts = g_string_chunk_new(4096);
        bus->manager_xml = interfaces_to_xml(manager_interfaces, ELEMENTSOF(manager_interfaces), "user");
        bus->user_xml = interfaces_to_xml(user_interfaces, ELEMENTSOF(user_interfaces), NULL);
        bus->exports = g_ptr_array_new();
        bus->uploads = uploads_new(bus);
        return bus;
}

static int connect_address(const char *address, sd_bus **ret_bus) {
        cleanup_(sd_bus_unrefp) sd_bus *sdbus = NULL;
        int r = sd_bus_new(&sdbus);

        if (r >= 0)
                r = sd_bus_set_address(sdbus, address);
        if (r >= 0)
                r = sd_bus_set_bus_client(sdbus, 1);
        if (r >= 0)
                r = sd_bus_start(sdbus);
        if (r >= 0)
                *ret_bus = steal(sdbus);
        return r < 0 ? r : 0;
}

static int connect_bus(const char *address, sd_bus **ret_bus) {
        if (strcmp(address, "system") == 0)
                return sd_bus_open_system_with_description(ret_bus, "pomod");
        if (strcmp(address, "session") == 0)
                return sd_bus_open_user_with_description(ret_bus, "pomod");
        return connect_address(address, ret_bus);
}

/*
 * A match rule is no proof of who sent a signal: anybody may send one to a unique name, and sd-bus would
 * believe that a subscriber has left. All that pomod listens to is told to everybody; to it alone speaks only
 * the bus.
 */
static bool is_forged(sd_bus_message *message) {
        const char *sender = sd_bus_message_get_sender(message);

        /* No sender: of sd-bus itself, that the connection has ended. */
        if (!sender || strcmp(sender, "org.freedesktop.DBus") == 0 ||
                        sd_bus_message_is_signal(message, NULL, NULL) <= 0)
                return false;
        return sd_bus_message_get_destination(message) ||
               sd_bus_message_is_signal(message, "org.freedesktop.DBus", NULL) > 0;
}

/* Nobody asks for an answer to it, and it would do nothing else. */
static bool is_idle_talk(sd_bus_message *message) {
        const char *interface = sd_bus_message_get_interface(message);
        const char *member = sd_bus_message_get_member(message);

        return sd_bus_message_get_expect_reply(message) <= 0 &&
               interfaces_only_read(manager_interfaces, ELEMENTSOF(manager_interfaces), interface, member) &&
               interfaces_only_read(user_interfaces, ELEMENTSOF(user_interfaces), interface, member);
}

/* sd-bus looks for an object by each part of its path, and repeats in its errors what was asked for: what is
 * longer than any name of ours ends before. */
static int refuse_long_names(sd_bus_message *message, sd_bus_error *ret_error) {
        if (strlen(sd_bus_message_get_path(message)) >= USER_PATH_MAX)
                return sd_bus_error_set(ret_error, SD_BUS_ERROR_UNKNOWN_OBJECT,
                                "no object here has a path as long as that");
        if (sd_bus_message_is_method_call(message, "org.freedesktop.DBus.Properties", NULL) > 0 &&
                        message_size(message) > PROPERTY_BYTES)
                return sd_bus_error_set(ret_error, SD_BUS_ERROR_UNKNOWN_PROPERTY,
                                "no property and no interface here has a name as long as that");
        return 0;
}

/* Before any handler sees a message. A call waits first; when it comes here again, it is served, and what the
 * one before was granted or shown ends. */
static int on_message(sd_bus_message *message, void *userdata, sd_bus_error *ret_error) {
        Bus *bus = userdata;
        int r;

        if (is_forged(message))
                return 1;
        if (sd_bus_message_is_method_call(message, NULL, NULL) <= 0)
                return 0;
        if (is_idle_talk(message) || !calls_pass(bus->calls, message))
                return 1;
        bus->object.granted = false;
        bus->object.has_timer = false;
        r = refuse_long_names(message, ret_error);
        if (r < 0)
                return r;
        return is_introspection(message) && sd_bus_message_is_empty(message) > 0
                               ? introspect(bus, message, ret_error)
                               : 0;
}

static void on_change(
                User *user, unsigned changed, const EngineEvent *events, unsigned n_events, void *userdata) {
        Bus *bus = userdata;

        subscribers_announce(bus, user, changed, events, n_events);
        if (changed & CHANGED_ACCOUNT) {
                subscribers_let_out(bus, engine_user_uid(user));
                exports_end_of_user(bus, engine_user_uid(user));
                uploads_end_of_user(bus->uploads, engine_user_uid(user));
                engine_hosts_let_out(bus->engine, engine_user_uid(user));
        }
        if (changed & CHANGED_FOCUS)
                hosts_desired_changed(bus->hosts, engine_user_uid(user));
}

static void on_deaf(Bus *bus, const char *name) {
        hosts_expel(bus->hosts, name);
        subscribers_expel(bus, name);
}

static void on_account(uid_t uid, void *userdata) {
        const Bus *bus = userdata;

        if (!bus->loop)
                return;
        calls_account_known(bus->calls, uid);
        bus_loop_wake(bus->loop);
}

static int connection_open(Bus *bus) {
        int r = connect_bus(bus->address, &bus->bus);

        if (r >= 0)
                r = sd_bus_add_filter(bus->bus, NULL, on_message, bus);
        if (r < 0)
                return r;
        bus->calls = calls_new(bus);
        bus->names = names_new(bus->bus);
        bus->listeners = listeners_new(bus, ANSWER_WITHIN_USEC, on_deaf);
        if (!bus->listeners)
                return -ENOMEM;
        bus->subscribers = subscribers_new();
        presence_start(bus);
        bus->questions = polkit_questions_new(bus);
        r = hosts_new(bus, &bus->hosts);
        return r < 0 ? r : put_up_objects(bus);
}

/* What the bus has not taken for so long is let go: it may never take it. */
static void flush(sd_bus *sdbus) {
        const uint64_t until = monotonic_usec() + FLUSH_USEC;
        uint64_t unsent = 0, now;

        while (sd_bus_get_n_queued_write(sdbus, &unsent) >= 0 && unsent > 0 &&
                        (now = monotonic_usec()) < until)
                if (sd_bus_wait(sdbus, until - now) < 0 || sd_bus_process(sdbus, NULL) < 0)
                        return;
}

/* Of whoever waited for an answer on that connection, nobody gets one. */
static void connection_close(Bus *bus) {
        bus->has_name = false;
        bus->asking_name = sd_bus_slot_unref(bus->asking_name);
        bus->logind = logind_free(bus->logind);
        bus->loop = bus_loop_free(bus->loop);
        bus->questions = polkit_questions_free(bus->questions);
        presence_end(bus);
        bus->hosts = hosts_free(bus->hosts);
        if (bus->subscribers)
                subscribers_end(bus);
        bus->listeners = listeners_free(bus->listeners);
        bus->names = names_free(bus->names);
        bus->calls = calls_free(bus->calls);
        sd_bus_close(bus->bus);
        bus->bus = sd_bus_unref(bus->bus);
}

/* ---- a connection that is lost ---- */

static void end(Bus *bus) {
        journal_info("The bus %s is gone. Everything is stored; pomod ends here, to be started again.",
                        bus->address);
        sd_event_exit(bus->event, 0);
}

static int on_name(sd_bus_message *answer, void *userdata, sd_bus_error *error) {
        Bus *bus = userdata;

        bus->asking_name = sd_bus_slot_unref(bus->asking_name);
        if (sd_bus_message_is_method_error(answer, NULL) > 0) {
                end(bus);
                return 1;
        }
        bus->has_name = true;
        journal_info("pomod has connected to the bus anew.");
        return 1;
}

static void on_lost(Bus *bus, BusLoss loss) {
        cleanup_free_ char *sent = calls_who_was_sent_most(bus->calls);

        /* One that is lost before it had the name is lost with its bus. */
        if (!bus->has_name) {
                end(bus);
                return;
        }
        if (loss == BUS_DEAF)
                journal_warning("The bus has taken nothing from pomod for 2 s, so pomod connects anew. Sent most, by uid: %s",
                                *sent ? sent : "nobody");
        (void) sd_event_source_set_enabled(bus->anew, SD_EVENT_ONESHOT);
}

static int begin_anew(Bus *bus) {
        int r;

        connection_close(bus);
        r = connection_open(bus);
        /* The connection before may have the name until the bus has noticed its end. */
        if (r >= 0)
                r = sd_bus_request_name_async(bus->bus, &bus->asking_name, POMOD_BUS_NAME,
                                SD_BUS_NAME_REPLACE_EXISTING | SD_BUS_NAME_ALLOW_REPLACEMENT |
                                                SD_BUS_NAME_QUEUE,
                                on_name, bus);
        if (r >= 0)
                r = bus_loop_new(bus, on_lost, &bus->loop);
        if (r >= 0)
                bus->logind = logind_start(bus);
        return r;
}

/* From the loop: whoever noticed was called by the connection that goes. */
static int on_anew(sd_event_source *source, void *userdata) {
        Bus *bus = userdata;

        if (begin_anew(bus) < 0)
                end(bus);
        return 0;
}

/* ---- the beginning and the end ---- */

static bool is_installed(const char *plugin, void *userdata) {
        const Bus *bus = userdata;

        return plugin_files_find(bus->plugin_files, plugin).installed;
}

int bus_start(Bus *bus) {
        int r = connection_open(bus);

        if (r >= 0)
                r = sd_bus_request_name(bus->bus, POMOD_BUS_NAME, SD_BUS_NAME_ALLOW_REPLACEMENT);
        if (r >= 0)
                r = sd_event_add_defer(bus->event, &bus->anew, on_anew, bus);
        if (r >= 0)
                r = sd_event_source_set_enabled(bus->anew, SD_EVENT_OFF);
        if (r >= 0)
                r = bus_loop_new(bus, on_lost, &bus->loop);
        if (r < 0)
                return r;
        bus->has_name = true;
        engine_set_listener(bus->engine, on_change, bus);
        engine_set_account_listener(bus->engine, on_account, bus);
        engine_set_plugin_look(bus->engine, is_installed, bus);
        bus->logind = logind_start(bus);
        return 0;
}

Bus *bus_free(Bus *bus) {
        if (!bus)
                return NULL;
        engine_set_listener(bus->engine, NULL, NULL);
        engine_set_account_listener(bus->engine, NULL, NULL);
        engine_set_plugin_look(bus->engine, NULL, NULL);
        exports_end(bus);
        uploads_free(bus->uploads);
        g_ptr_array_unref(bus->exports);
        sd_event_source_disable_unref(bus->anew);
        if (bus->bus)
                flush(bus->bus);
        connection_close(bus);
        /* sd-bus reads the tables all the time. */
        g_hash_table_unref(bus->vtables);
        g_string_chunk_free(bus->texts);
        g_free(bus->manager_xml);
        g_free(bus->user_xml);
        sd_event_unref(bus->event);
        g_free(bus->address);
        g_free(bus);
        return NULL;
}
