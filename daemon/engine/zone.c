/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/zone.h"

#include <glib.h>
#include <inttypes.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#define ZONE_FILE "/etc/localtime"

char *zone_mark(void) {
        char link[PATH_MAX] = "";
        struct stat st = {};

        /* Where there is no such file, or no link, all of it is empty. */
        (void) !readlink(ZONE_FILE, link, sizeof(link) - 1);
        (void) !stat(ZONE_FILE, &st);
        return g_strdup_printf("%s %s %" PRIu64 " %" PRIu64 " %" PRIi64 " %" PRIi64 ".%09ld",
                        g_getenv("TZ") ?: "", link, (uint64_t) st.st_dev, (uint64_t) st.st_ino,
                        (int64_t) st.st_size, (int64_t) st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
}
