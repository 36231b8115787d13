/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/objects.h"

#include <errno.h>
#include <string.h>

#include "common/names.h"
#include "daemon/bus/access.h"
#include "daemon/bus/errors.h"
#include "daemon/bus/interface.h"
#include "daemon/bus/timer.h"

static const Interface *const manager_interfaces[] = { &manager_interface };
static const Interface *const user_interfaces[] = {
        &timer_interface,
        &tasks_interface,
        &history_interface,
        &settings_interface,
        &schedules_interface,
        &focus_interface,
};

struct Objects {
        GPtrArray *vtables; /* owned; sd-bus reads them all the time */
        GStringChunk *texts;
        char *manager_xml, *user_xml;
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
                return sd_bus_reply_method_return(message, "s", bus->objects->manager_xml);
        if (!user_path_parse(path, &uid))
                return 0;
        r = access_check(bus, message, uid, &refusal);
        if (r != 0)
                return error_set(ret_error, r, &refusal);
        return sd_bus_reply_method_return(message, "s", bus->objects->user_xml);
}

static bool is_introspection(sd_bus_message *message) {
        return sd_bus_message_is_method_call(message, "org.freedesktop.DBus.Introspectable", "Introspect") >
               0;
}

/* Before any handler sees a message: what the one before was granted or shown ends here. */
static int on_message(sd_bus_message *message, void *userdata, sd_bus_error *ret_error) {
        Bus *bus = userdata;

        bus->object.granted = false;
        bus->object.has_timer = false;
        return is_introspection(message) && sd_bus_message_is_empty(message) > 0
                               ? introspect(bus, message, ret_error)
                               : 0;
}

/* /user lists nobody: it exists, so that walking the tree meets no error, and it is empty. */
static int on_user_folder(sd_bus_message *message, void *userdata, sd_bus_error *ret_error) {
        return is_introspection(message) ? sd_bus_reply_method_return(message, "s", "<node>\n</node>\n") : 0;
}

static const sd_bus_vtable *vtable_keep(Objects *objects, const Interface *interface) {
        sd_bus_vtable *vtable = interface_vtable_new(interface, objects->texts);

        g_ptr_array_add(objects->vtables, vtable);
        return vtable;
}

static int objects_add(Bus *bus, Objects *objects) {
        int r;

        r = sd_bus_add_filter(bus->bus, NULL, on_message, bus);
        if (r >= 0)
                r = sd_bus_add_object_vtable(bus->bus, NULL, POMOD_OBJECT_PATH, manager_interface.name,
                                vtable_keep(objects, &manager_interface), bus);
        if (r >= 0)
                r = sd_bus_add_object(bus->bus, NULL, POMOD_USER_PATH, on_user_folder, bus);
        for (size_t i = 0; r >= 0 && i < ELEMENTSOF(user_interfaces); i++)
                r = sd_bus_add_fallback_vtable(bus->bus, NULL, POMOD_USER_PATH, user_interfaces[i]->name,
                                vtable_keep(objects, user_interfaces[i]), find_user, bus);
        return r < 0 ? r : 0;
}

int objects_new(Bus *bus, Objects **ret_objects) {
        Objects *objects = g_new0(Objects, 1);

        objects->vtables = g_ptr_array_new_with_free_func(g_free);
        objects->texts = g_string_chunk_new(4096);
        objects->manager_xml = interfaces_to_xml(manager_interfaces, ELEMENTSOF(manager_interfaces), "user");
        objects->user_xml = interfaces_to_xml(user_interfaces, ELEMENTSOF(user_interfaces), NULL);
        *ret_objects = objects; /* sd-bus has some of the tables, whatever fails */
        return objects_add(bus, objects);
}

Objects *objects_free(Objects *objects) {
        if (!objects)
                return NULL;
        g_ptr_array_unref(objects->vtables);
        g_string_chunk_free(objects->texts);
        g_free(objects->manager_xml);
        g_free(objects->user_xml);
        g_free(objects);
        return NULL;
}
