/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>

#include "daemon/bus/errors.h"
#include "daemon/bus/hosts.h"
#include "daemon/bus/objects.h"
#include "daemon/bus/options.h"
#include "daemon/bus/request.h"
#include "daemon/bus/subscribers.h"

static int get_version(sd_bus *sdbus, const char *path, const char *interface, const char *property,
                sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        return sd_bus_message_append(reply, "s", POMOD_VERSION);
}

/* Whom a call is about. */
typedef struct Caller {
        uid_t uid;
        bool known; /* whether uid is a user that the caller may ask about; else only host is true */
        bool host;  /* root, for the whole computer: the option uid was not given */
} Caller;

/* The caller, or for root the option uid. Root without it has no user of its own on the system bus. */
static int read_caller(
                Bus *bus, sd_bus_message *message, bool computer, Caller *ret_caller, Refusal *ret_refusal) {
        Option options[] = { { "uid", OPTION_NUMBER, UINT32_MAX - 1 } };
        Caller caller = { .known = true };
        int r;

        r = options_read(message, options, ELEMENTSOF(options), ret_refusal);
        if (r != 0)
                return r;
        if (options[0].given)
                caller.uid = (uid_t) options[0].number;
        else if (creds_sender_uid(bus->creds, message, &caller.uid) < 0)
                return refuse(ret_refusal, REFUSAL_ACCESS_DENIED,
                                "the bus does not say who is calling, so nothing can be shown");
        else if (caller.uid == 0) {
                caller.host = computer;
                if (!bus->many_users) /* there is one user: root means that one */
                        caller.uid = bus->own_uid;
                else if (computer)
                        caller.known = false;
        }
        r = caller.known ? access_check(bus, message, caller.uid, ret_refusal) : 0;
        if (r == 0)
                *ret_caller = caller;
        return r;
}

static int method_get_user(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        Bus *bus = userdata;
        char path[USER_PATH_MAX];
        Refusal refusal;
        Caller caller = {};
        int r;

        r = read_caller(bus, message, false, &caller, &refusal);
        if (r != 0)
                return error_set(error, r, &refusal);
        return sd_bus_reply_method_return(message, "o", user_path(caller.uid, path));
}

static int subscribe(Bus *bus, sd_bus_message *message, uid_t uid, uint64_t *ret_seq, Refusal *ret_refusal) {
        User *user;
        int r;

        r = engine_enter(bus->engine, uid, "Manager.Subscribe", &user, ret_refusal);
        if (r != 0)
                return r;
        r = subscribers_add(bus->subscribers, message, user, ret_seq, ret_refusal);
        return engine_leave(user, r, ret_refusal);
}

static int method_subscribe(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        Bus *bus = userdata;
        Refusal refusal;
        uint64_t seq = 0;
        Caller caller = {};
        int r;

        r = read_caller(bus, message, true, &caller, &refusal);
        if (r == 0 && caller.host) {
                seq = engine_desired_generation(bus->engine);
                r = hosts_add(bus->hosts, message, &refusal);
        }
        if (r == 0 && caller.known)
                r = subscribe(bus, message, caller.uid, &seq, &refusal);
        if (r != 0)
                return error_set(error, r, &refusal);
        return sd_bus_reply_method_return(message, "t", seq);
}

static int method_unsubscribe(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        Bus *bus = userdata;
        Refusal refusal;
        Caller caller = {};
        int r;

        r = read_caller(bus, message, true, &caller, &refusal);
        if (r != 0)
                return error_set(error, r, &refusal);
        r = caller.host ? hosts_remove(bus->hosts, message) : 0;
        if (r >= 0 && caller.known)
                r = subscribers_remove(bus->subscribers, message, caller.uid);
        if (r < 0)
                return error_set(error, r, NULL);
        return sd_bus_reply_method_return(message, NULL);
}

const sd_bus_vtable manager_vtable[] = {
        SD_BUS_VTABLE_START(0),
        SD_BUS_PROPERTY("Version", "s", get_version, 0, SD_BUS_VTABLE_PROPERTY_CONST),
        SD_BUS_METHOD_WITH_ARGS("GetUser", SD_BUS_ARGS(OPTIONS), SD_BUS_RESULT("o", user), method_get_user,
                        SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("Subscribe", SD_BUS_ARGS(OPTIONS), SD_BUS_RESULT("t", seq), method_subscribe,
                        SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("Unsubscribe", SD_BUS_ARGS(OPTIONS), SD_BUS_NO_RESULT, method_unsubscribe,
                        SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("Desired", SD_BUS_ARGS("s", plugin, OPTIONS),
                        SD_BUS_RESULT("t", generation, "aa{sv}", desired), hosts_method_desired,
                        SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("Report",
                        SD_BUS_ARGS("s", plugin, "t", generation, "s", state, "s", message, OPTIONS),
                        SD_BUS_NO_RESULT, hosts_method_report, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("ListReports", SD_BUS_ARGS(OPTIONS), SD_BUS_RESULT("aa{sv}", reports),
                        hosts_method_list_reports, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_SIGNAL_WITH_ARGS("DesiredChanged", SD_BUS_ARGS("s", plugin), 0),
        SD_BUS_VTABLE_END,
};
