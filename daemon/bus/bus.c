/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/bus.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

#include "common/names.h"
#include "daemon/bus/access.h"
#include "daemon/bus/errors.h"
#include "daemon/bus/export.h"
#include "daemon/bus/hosts.h"
#include "daemon/bus/interface.h"
#include "daemon/bus/internal.h"
#include "daemon/bus/logind.h"
#include "daemon/bus/polkit.h"
#include "daemon/bus/subscribers.h"
#include "daemon/bus/timer.h"
#include "daemon/engine/journal.h"

/* ---- objects ---- */

static const Interface *const manager_interfaces[] = { &manager_interface };
static const Interface *const user_interfaces[] = {
        &timer_interface,
        &tasks_interface,
        &history_interface,
        &settings_interface,
        &schedules_interface,
        &focus_interface,
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
                r = access_check(bus, message, uid, &refusal);
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
        r = access_check(bus, message, uid, &refusal);
        if (r != 0)
                return error_set(ret_error, r, &refusal);
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
        sd_bus_vtable *vtable = interface_vtable_new(interface, bus->texts);

        g_ptr_array_add(bus->vtables, vtable);
        return vtable;
}

/* Puts up Manager and the interfaces of every user's object. */
static int put_up_objects(Bus *bus) {
        int r;

        bus->vtables = g_ptr_array_new_with_free_func(g_free);
        bus->texts = g_string_chunk_new(4096);
        bus->manager_xml = interfaces_to_xml(manager_interfaces, ELEMENTSOF(manager_interfaces), "user");
        bus->user_xml = interfaces_to_xml(user_interfaces, ELEMENTSOF(user_interfaces), NULL);
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
        bus->plugin_dirs = config->plugin_dirs;
        bus->version = POMOD_VERSION;
        bus->own_uid = getuid();
        bus->address = g_strdup(config->address);
        bus->creds = creds_cache_new(CREDS_CACHE_ENTRIES);
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

static int on_disconnected(sd_bus_message *message, void *userdata, sd_bus_error *ret_error) {
        Bus *bus = userdata;

        journal_info("The bus %s is gone. Everything is stored; pomod ends here, to be started again.",
                        bus->address);
        sd_event_exit(bus->event, 0);
        return 0;
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

/* Before any handler sees a message: what the one before was granted or shown ends here. */
static int on_message(sd_bus_message *message, void *userdata, sd_bus_error *ret_error) {
        Bus *bus = userdata;

        if (is_forged(message))
                return 1;
        bus->object.granted = false;
        bus->object.has_timer = false;
        return is_introspection(message) && sd_bus_message_is_empty(message) > 0
                               ? introspect(bus, message, ret_error)
                               : 0;
}

static void on_change(
                User *user, unsigned changed, const EngineEvent *events, unsigned n_events, void *userdata) {
        Bus *bus = userdata;

        subscribers_announce(bus, user, changed, events, n_events);
        if (changed & CHANGED_FOCUS)
                hosts_desired_changed(bus->hosts, engine_user_uid(user));
}

int bus_start(Bus *bus) {
        int r = connect_bus(bus->address, &bus->bus);

        /* Whoever still waits is answered behind the loop. */
        if (r >= 0)
                r = sd_bus_set_close_on_exit(bus->bus, false);
        if (r >= 0)
                r = sd_bus_add_filter(bus->bus, NULL, on_message, bus);
        if (r >= 0)
                r = sd_bus_match_signal(bus->bus, NULL, "org.freedesktop.DBus.Local",
                                "/org/freedesktop/DBus/Local", "org.freedesktop.DBus.Local", "Disconnected",
                                on_disconnected, bus);
        if (r < 0)
                return r;
        bus->subscribers = subscribers_new();
        bus->questions = polkit_questions_new();
        bus->exports = g_ptr_array_new();
        r = hosts_new(bus, &bus->hosts);
        if (r >= 0)
                r = put_up_objects(bus);
        if (r >= 0)
                r = sd_bus_request_name(bus->bus, POMOD_BUS_NAME, 0);
        if (r >= 0)
                r = sd_bus_attach_event(bus->bus, bus->event, SD_EVENT_PRIORITY_NORMAL);
        if (r < 0)
                return r;
        engine_set_listener(bus->engine, on_change, bus);
        bus->logind = logind_start(bus);
        return 0;
}

Bus *bus_free(Bus *bus) {
        if (!bus)
                return NULL;
        if (bus->subscribers)
                engine_set_listener(bus->engine, NULL, NULL);
        bus->logind = logind_free(bus->logind);
        if (bus->exports)
                exports_end(bus);
        g_clear_pointer(&bus->exports, g_ptr_array_unref);
        g_clear_pointer(&bus->questions, g_ptr_array_unref);
        bus->hosts = hosts_free(bus->hosts);
        g_clear_pointer(&bus->subscribers, g_hash_table_unref);
        sd_bus_flush_close_unref(bus->bus);
        /* sd-bus reads the tables all the time, and has some of them whatever failed. */
        g_clear_pointer(&bus->vtables, g_ptr_array_unref);
        g_clear_pointer(&bus->texts, g_string_chunk_free);
        g_free(bus->manager_xml);
        g_free(bus->user_xml);
        creds_cache_free(bus->creds);
        sd_event_unref(bus->event);
        g_free(bus->address);
        g_free(bus);
        return NULL;
}
