/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/settings.h"

#include <string.h>

#include "common/names.h"

int setting_week_start(const Ctl *ctl, int *ret_weekday) {
        static const char *const days[] = { "sunday", "monday", "tuesday", "wednesday", "thursday", "friday",
                "saturday" };
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        const char *text;
        int r;

        if (client_call(ctl->client, POMOD_INTERFACE_SETTINGS, "Get", &reply, "sa{sv}", "week-start", 0) < 0)
                return ctl_failed(ctl);
        r = sd_bus_message_read(reply, "v", "s", &text);
        if (r < 0)
                return ctl_unreadable(ctl, r);

        *ret_weekday = 1;
        for (int i = 0; i < 7; i++)
                if (strcmp(text, days[i]) == 0)
                        *ret_weekday = i;
        return 0;
}
