/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/ics/session.h"

#include <errno.h>
#include <json-c/json.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/names.h"
#include "common/text.h"

#define ZONES "/usr/share/zoneinfo/"

static void say(const Session *session, const char *name, const char *message) {
        cleanup_free_ char *safe = text_for_terminal(message);
        struct json_object *o;

        if (!session->json) {
                fprintf(stderr, "pomoctl: %s\n", safe ? safe : "out of memory");
                return;
        }
        o = json_object_new_object();
        json_object_object_add(o, "error", json_object_new_string(name));
        json_object_object_add(o, "message", json_object_new_string(safe ? safe : "out of memory"));
        fprintf(stderr, "%s\n",
                        json_object_to_json_string_ext(
                                        o, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
        json_object_put(o);
}

int session_usage(const Session *session, const char *format, ...) {
        char message[2 * ICS_SENTENCE_MAX];
        va_list ap;

        va_start(ap, format);
        vsnprintf(message, sizeof(message), format, ap);
        va_end(ap);
        say(session, POMOD_ERROR_PREFIX "InvalidArgument", message);
        return CLIENT_EXIT_USAGE;
}

int session_failed(const Session *session) {
        say(session, client_error_name(session->client), client_error_message(session->client));
        return client_exit_status(session->client);
}

int session_refused(const Session *session, const char *sentence) {
        say(session, SD_BUS_ERROR_FAILED, sentence);
        return CLIENT_EXIT_REFUSED;
}

int session_errno(const Session *session, int r, const char *what) {
        char message[2 * ICS_SENTENCE_MAX];

        snprintf(message, sizeof(message), "%s: %s", what, strerror(-r));
        say(session, SD_BUS_ERROR_FAILED, message);
        return CLIENT_EXIT_REFUSED;
}

int session_open(Session *session, ClientFlags flags) {
        int r;

        session->first_tz = g_strdup(getenv("TZ"));
        r = client_new(session->bus, flags, &session->client);
        if (r < 0)
                return session_errno(session, r, "cannot begin");
        if (session->other_user)
                client_set_uid(session->client, session->uid);
        return 0;
}

void session_done(Session *session) {
        client_unref(session->client);
        g_free(session->first_tz);
        g_free(session->zone);
        *session = (Session){};
}

/* What other programs know it by, if it is one that they can know. */
static char *zone_name(const char *tz) {
        char link[PATH_MAX], *path, *zones;
        bool known;
        ssize_t n;

        if (tz && *tz) {
                tz += *tz == ':';
                path = g_strconcat(ZONES, tz, NULL);
                known = *tz != '/' && !strstr(tz, "..") && access(path, R_OK) == 0;
                g_free(path);
                return known ? g_strdup(tz) : NULL;
        }
        n = readlink("/etc/localtime", link, sizeof(link) - 1);
        if (n < 0)
                return NULL;
        link[n] = '\0';
        zones = strstr(link, "zoneinfo/");
        return zones ? g_strdup(zones + strlen("zoneinfo/")) : NULL;
}

int session_use_zone(Session *session) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        const char *zone;
        int r;

        r = client_call(session->client, POMOD_INTERFACE_SETTINGS, "Get", &reply, "sa{sv}", "time-zone", 0);
        if (r >= 0) {
                r = sd_bus_message_read(reply, "v", "s", &zone);
                if (r < 0)
                        client_fail(session->client, r, NULL);
        }
        if (r < 0)
                return session_failed(session);

        if (!*zone)
                zone = session->first_tz;
        r = zone ? setenv("TZ", zone, 1) : unsetenv("TZ");
        if (r < 0)
                return session_errno(session, -errno, "cannot set the time zone");
        tzset();
        g_free(session->zone);
        session->zone = zone_name(zone);
        return 0;
}
