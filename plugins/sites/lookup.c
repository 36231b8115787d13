/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/sites/lookup.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

#include "common/cleanup.h"
#include "plugins/sites/conf.h"

#define NSSWITCH "/etc/nsswitch.conf"

/* The services that are asked for names of hosts, first to last; NULL: nobody says. */
static char *read_services(void) {
        cleanup_free_ char *text = conf_read(NSSWITCH);
        char *services = NULL;

        for (const char *line = text; line && *line; line += strcspn(line, "\n"), line += *line == '\n') {
                size_t n = strcspn(line, "\n#");

                if (n > strlen("hosts:") && strncmp(line, "hosts:", strlen("hosts:")) == 0) {
                        g_free(services);
                        services = g_strndup(line + strlen("hosts:"), n - strlen("hosts:"));
                }
        }
        return services;
}

static void find_setting(const char *key, const char *value, void *data) {
        if (strcmp(key, "ReadEtcHosts") == 0)
                *(bool *) data = strcmp(value, "no") == 0 || strcmp(value, "false") == 0 ||
                                 strcmp(value, "off") == 0 || strcmp(value, "0") == 0;
}

/* What systemd-resolved is told, last word last. */
static bool resolved_passes_by(void) {
        bool passes_by = false;

        conf_each_setting("resolved.conf", find_setting, &passes_by);
        return passes_by;
}

char *lookup_passes_by(void) {
        cleanup_free_ char *services = read_services();
        bool files = false;
        char **words;

        if (!services)
                return NULL;
        words = g_strsplit_set(services, " \t", -1);
        for (char **word = words; *word && !files; word++) {
                files = strcmp(*word, "files") == 0;
                /* It is asked before, and reads the file itself. */
                if (strcmp(*word, "resolve") == 0)
                        break;
        }
        for (char **word = words; *word && !files; word++)
                if (strcmp(*word, "resolve") == 0) {
                        files = !resolved_passes_by();
                        if (!files) {
                                g_strfreev(words);
                                return g_strdup("systemd-resolved is asked first, and has ReadEtcHosts=no");
                        }
                }
        g_strfreev(words);
        return files ? NULL : g_strdup("hosts: of " NSSWITCH " has no \"files\"");
}
