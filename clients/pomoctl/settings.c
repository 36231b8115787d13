/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/settings.h"

#include <string.h>

int setting_week_start(const Ctl *ctl, int *ret_weekday) {
        static const char *const days[] = { "sunday", "monday", "tuesday", "wednesday", "thursday", "friday",
                "saturday" };
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        const char *text;
        int r;

        r = ctl_setting(ctl, "week-start", &reply, &text);
        if (r != 0)
                return r;

        *ret_weekday = 1;
        for (int i = 0; i < 7; i++)
                if (strcmp(text, days[i]) == 0)
                        *ret_weekday = i;
        return 0;
}
