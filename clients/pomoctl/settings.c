/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/settings.h"

#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"

int setting_week_start(const Program *program, int *ret_weekday) {
        static const char *const days[] = { "sunday", "monday", "tuesday", "wednesday", "thursday", "friday",
                "saturday" };
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        const char *text;
        int r;

        r = program_setting(program, "week-start", &reply, &text);
        if (r != 0)
                return r;

        *ret_weekday = 1;
        for (int i = 0; i < 7; i++)
                if (strcmp(text, days[i]) == 0)
                        *ret_weekday = i;
        return 0;
}

int setting_day_start(const Program *program, uint32_t *ret_sec) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        unsigned hours, minutes;
        const char *text;
        int r;

        r = program_setting(program, "day-start", &reply, &text);
        if (r != 0)
                return r;

        *ret_sec = sscanf(text, "%2u:%2u", &hours, &minutes) == 2 ? hours * 3600 + minutes * 60 : 0;
        return 0;
}
