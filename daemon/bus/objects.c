/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/objects.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/names.h"
#include "daemon/bus/errors.h"
#include "daemon/bus/timer.h"

const char *user_path(uid_t uid, char buf[USER_PATH_MAX]) {
        snprintf(buf, USER_PATH_MAX, POMOD_USER_PATH "/_%" PRIu32, (uint32_t) uid);
        return buf;
}

bool user_path_parse(const char *path, uid_t *ret_uid) {
        const size_t prefix = sizeof(POMOD_USER_PATH "/_") - 1;
        uint64_t uid = 0;
        const char *p;

        if (strncmp(path, POMOD_USER_PATH "/_", prefix) != 0)
                return false;
        p = path + prefix;
        if (*p == '\0' || (*p == '0' && p[1] != '\0'))
                return false;
        for (; *p; p++) {
                if (*p < '0' || *p > '9')
                        return false;
                uid = uid * 10 + (uint64_t) (*p - '0');
                if (uid >= UINT32_MAX) /* which is no uid, but the kernel's word for none */
                        return false;
        }
        *ret_uid = (uid_t) uid;
        return true;
}

int access_check(Bus *bus, sd_bus_message *message, uid_t uid, Refusal *ret_refusal) {
        uid_t caller;
        int r;

        r = creds_sender_uid(bus->creds, message, &caller);
        if (r < 0)
                return refuse(ret_refusal, REFUSAL_ACCESS_DENIED,
                                "the bus does not say who is calling, so nothing can be shown");
        if (caller != 0 && caller != uid)
                return refuse(ret_refusal, REFUSAL_ACCESS_DENIED,
                                "what belongs to the user with the uid %" PRIu32
                                " is for that user and root; you are calling with the uid %" PRIu32,
                                (uint32_t) uid, (uint32_t) caller);
        if (caller != 0 && !bus->many_users && caller != bus->own_uid)
                return refuse(ret_refusal, REFUSAL_ACCESS_DENIED,
                                "this pomod serves the user with the uid %" PRIu32
                                " alone; you are calling with the uid %" PRIu32,
                                (uint32_t) bus->own_uid, (uint32_t) caller);
        return engine_users_check(bus->engine, uid, ret_refusal);
}

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
        UserCall *call = &bus->call;
        sd_bus_message *message = sd_bus_get_current_message(sdbus);
        Refusal refusal;
        uid_t uid;
        int r;

        if (!user_path_parse(path, &uid))
                return 0;
        if (!message)
                return -EACCES;
        if (!call->granted || call->uid != uid) {
                r = access_check(bus, message, uid, &refusal);
                if (r != 0)
                        return error_set(ret_error, r, &refusal);
                *call = (UserCall){ .bus = bus, .uid = uid, .granted = true };
        }
        if (!call->has_timer && strcmp(interface, POMOD_INTERFACE_TIMER) == 0 &&
                        sd_bus_message_is_method_call(message, "org.freedesktop.DBus.Properties", NULL) > 0) {
                r = read_timer(bus, uid, &call->timer, &refusal);
                if (r != 0)
                        return error_set(ret_error, r, &refusal);
                call->has_timer = true;
        }
        *ret_found = call;
        return 1;
}

/* Before any handler sees a message: what the one before was granted or shown ends here. */
static int on_message(sd_bus_message *message, void *userdata, sd_bus_error *ret_error) {
        Bus *bus = userdata;

        bus->call.granted = false;
        bus->call.has_timer = false;
        return 0;
}

/* /user lists nobody: it exists, so that walking the tree meets no error, and it is empty. */
static int on_user_folder(sd_bus_message *message, void *userdata, sd_bus_error *ret_error) {
        if (sd_bus_message_is_method_call(message, "org.freedesktop.DBus.Introspectable", "Introspect") > 0)
                return sd_bus_reply_method_return(message, "s", "<node>\n</node>\n");
        return 0;
}

int objects_add(Bus *bus) {
        static const struct {
                const char *interface;
                const sd_bus_vtable *vtable;
        } interfaces[] = {
                { POMOD_INTERFACE_TIMER, timer_vtable },
                { POMOD_INTERFACE_TASKS, tasks_vtable },
                { POMOD_INTERFACE_HISTORY, history_vtable },
                { POMOD_INTERFACE_SETTINGS, settings_vtable },
                { POMOD_INTERFACE_SCHEDULES, schedules_vtable },
                { POMOD_INTERFACE_FOCUS, focus_vtable },
        };
        int r;

        r = sd_bus_add_filter(bus->bus, NULL, on_message, bus);
        if (r < 0)
                return r;
        r = sd_bus_add_object_vtable(
                        bus->bus, NULL, POMOD_OBJECT_PATH, POMOD_INTERFACE_MANAGER, manager_vtable, bus);
        if (r < 0)
                return r;
        r = sd_bus_add_object(bus->bus, NULL, POMOD_USER_PATH, on_user_folder, bus);
        if (r < 0)
                return r;
        for (size_t i = 0; i < ELEMENTSOF(interfaces); i++) {
                r = sd_bus_add_fallback_vtable(bus->bus, NULL, POMOD_USER_PATH, interfaces[i].interface,
                                interfaces[i].vtable, find_user, bus);
                if (r < 0)
                        return r;
        }
        return 0;
}
