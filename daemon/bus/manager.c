/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>

#include "daemon/bus/errors.h"
#include "daemon/bus/objects.h"
#include "daemon/bus/options.h"
#include "daemon/bus/request.h"
#include "daemon/bus/subscribers.h"

static int get_version(sd_bus *sdbus, const char *path, const char *interface, const char *property,
                sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        return sd_bus_message_append(reply, "s", POMOD_VERSION);
}

/* Whom a call is about: the caller, or for root the option uid. */
static int read_user(Bus *bus, sd_bus_message *message, uid_t *ret_uid, Refusal *ret_refusal) {
        Option options[] = { { "uid", OPTION_NUMBER, UINT32_MAX - 1 } };
        uid_t uid;
        int r;

        r = options_read(message, options, ELEMENTSOF(options), ret_refusal);
        if (r != 0)
                return r;
        if (options[0].given)
                uid = (uid_t) options[0].number;
        else if (creds_sender_uid(bus->creds, message, &uid) < 0)
                return refuse(ret_refusal, REFUSAL_ACCESS_DENIED,
                                "the bus does not say who is calling, so nothing can be shown");
        /* Root has no user of its own off the system bus, unless it is who runs pomod: it means that one. */
        else if (uid == 0 && !bus->many_users)
                uid = bus->own_uid;
        r = access_check(bus, message, uid, ret_refusal);
        if (r == 0)
                *ret_uid = uid;
        return r;
}

static int method_get_user(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        Bus *bus = userdata;
        char path[USER_PATH_MAX];
        Refusal refusal;
        uid_t uid;
        int r;

        r = read_user(bus, message, &uid, &refusal);
        if (r != 0)
                return error_set(error, r, &refusal);
        return sd_bus_reply_method_return(message, "o", user_path(uid, path));
}

static int method_subscribe(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        Bus *bus = userdata;
        Refusal refusal;
        uint64_t seq;
        uid_t uid;
        int r;

        r = read_user(bus, message, &uid, &refusal);
        if (r == 0)
                r = subscribers_add(bus->subscribers, message, uid, &seq, &refusal);
        if (r != 0)
                return error_set(error, r, &refusal);
        return sd_bus_reply_method_return(message, "t", seq);
}

static int method_unsubscribe(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        Bus *bus = userdata;
        Refusal refusal;
        uid_t uid;
        int r;

        r = read_user(bus, message, &uid, &refusal);
        if (r != 0)
                return error_set(error, r, &refusal);
        r = subscribers_remove(bus->subscribers, message, uid);
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
        SD_BUS_VTABLE_END,
};
