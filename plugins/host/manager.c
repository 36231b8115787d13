/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/manager.h"

#include <stdlib.h>
#include <systemd/sd-bus.h>

#include "common/cleanup.h"
#include "common/duration.h"

/* Whoever runs a program is within a call of a plugin, which has no more than a quarter of a second. */
#define ANSWER_USEC (100 * USEC_PER_MSEC)

char **manager_environment(void) {
        cleanup_(sd_bus_close_unrefp) sd_bus *bus = NULL;
        char **environment;

        if (!getenv("MANAGERPID") || sd_bus_open_user(&bus) < 0 ||
                        sd_bus_set_method_call_timeout(bus, ANSWER_USEC) < 0)
                return NULL;
        if (sd_bus_get_property_strv(bus, "org.freedesktop.systemd1", "/org/freedesktop/systemd1",
                            "org.freedesktop.systemd1.Manager", "Environment", NULL, &environment) < 0)
                return NULL;
        return environment;
}
