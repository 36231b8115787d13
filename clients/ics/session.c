/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/ics/session.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

#define ZONES "/usr/share/zoneinfo/"

/* What other programs know it by, if it is one that they can know. */
static char *zone_name(const char *tz) {
        g_autofree char *path = NULL;
        char link[PATH_MAX], *zones;
        ssize_t n;

        if (tz && *tz) {
                tz += *tz == ':';
                path = g_strconcat(ZONES, tz, NULL);
                return *tz != '/' && !strstr(tz, "..") && access(path, R_OK) == 0 ? g_strdup(tz) : NULL;
        }
        n = readlink("/etc/localtime", link, sizeof(link) - 1);
        if (n < 0)
                return NULL;
        link[n] = '\0';
        zones = strstr(link, "zoneinfo/");
        return zones ? g_strdup(zones + strlen("zoneinfo/")) : NULL;
}

int session_use_zone(IcsSession *session) {
        int r = program_use_zone(&session->program);

        if (r != 0)
                return r;
        g_free(session->zone);
        session->zone = zone_name(getenv("TZ"));
        return 0;
}
