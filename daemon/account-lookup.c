/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/account-lookup.h"

#include <errno.h>
#include <glib.h>
#include <nss.h>
#include <pwd.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"

#define CONFIGURATION "/etc/nsswitch.conf"
#define PASSWD_BYTES  65536

/* 0 found, ENOENT there is none, or what a service failed with. name may be NULL. */
static int look_up(uid_t uid, char **ret_name) {
        char buf[PASSWD_BYTES];
        struct passwd pw, *found = NULL;
        int r = getpwuid_r(uid, &pw, buf, sizeof(buf), &found);

        if (found && ret_name)
                *ret_name = g_strdup(found->pw_name);
        if (found)
                return 0;
        if (r == 0 || r == ESRCH)
                return ENOENT;
        /* Of a service that is away, this is its socket. */
        return r == ENOENT ? ENODEV : r;
}

/* The services of a line of nsswitch.conf(5), which may end with a comment; NULL: it is of another database.
 */
static char **parse_services(const char *line) {
        cleanup_free_ char *text = g_strndup(line, strcspn(line, "#\n"));
        const char *const database = "passwd:";
        char *p = g_strchug(text);

        if (strncmp(p, database, strlen(database)) != 0)
                return NULL;
        p += strlen(database);
        /* What is to be done after an answer is no service. */
        for (char *c = strchr(p, '['); c; c = strchr(c, '['))
                while (*c && *c != ']')
                        *c++ = ' ';
        g_strdelimit(p, "]\t", ' ');
        return g_strsplit(p, " ", -1);
}

/* NULL: the usual ones. */
static char **read_services(void) {
        cleanup_free_ char *text = NULL;
        char **lines, **services = NULL;

        if (!g_file_get_contents(CONFIGURATION, &text, NULL, NULL))
                return NULL;
        lines = g_strsplit(text, "\n", -1);
        for (char **line = lines; *line && !services; line++)
                services = parse_services(*line);
        g_strfreev(lines);
        return services;
}

/* The last service speaks for those before it, which may have been away: so each is asked again, alone. */
static int look_for_failures(uid_t uid) {
        char **services = read_services();
        int r = ENOENT;

        for (char **service = services; service && *service && r == ENOENT; service++) {
                if (**service == '\0' || __nss_configure_lookup("passwd", *service) != 0)
                        continue;
                r = look_up(uid, NULL);
                /* It is not asked where one before it is to have the last word. */
                if (r == 0)
                        r = ENOENT;
        }
        g_strfreev(services);
        return r;
}

int account_lookup_main(const char *text) {
        cleanup_free_ char *name = NULL;
        char *end;
        guint64 uid;
        int r;

        errno = 0;
        uid = g_ascii_strtoull(text, &end, 10);
        if (!g_ascii_isdigit(*text) || *end || errno != 0 || uid >= UINT32_MAX)
                return EINVAL;
        r = look_up((uid_t) uid, &name);
        if (r == ENOENT)
                r = look_for_failures((uid_t) uid);
        if (r != 0)
                return r;
        return printf("%s\n", name) < 0 || fflush(stdout) != 0 ? EIO : 0;
}
