/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/plugin-host.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clients/lib/memory.h"
#include "clients/pomoctl/helper.h"
#include "common/cleanup.h"
#include "common/names.h"

#define UNIT "pomod-plugin@%s.service"

bool plugin_host_has_file(const char *name) {
        cleanup_free_ char *file = helper_find_plugin(name);

        return file;
}

char *plugin_host_by_hand(const Ctl *ctl, const char *name) {
        cleanup_free_ char *host = helper_find(PLUGIN_HOST, "../../plugins/host");
        const char *bus = client_is_on_private_bus(ctl->program.client)
                                          ? ctl->program.bus ?: getenv(POMOD_BUS_ENV)
                                          : NULL;

        return memory_format("%s%s%s %.64s", host ?: POMOD_LIBEXECDIR "/" PLUGIN_HOST, bus ? " --bus=" : "",
                        bus ?: "", name);
}

/* As systemctl looks for it. */
static bool has_user_manager(void) {
        const char *runtime = getenv("XDG_RUNTIME_DIR");
        cleanup_free_ char *path = memory_format("%s/systemd/private", runtime ?: "");

        return runtime && access(path, F_OK) == 0;
}

/* What is missing, and what to type. message: of systemctl, may be NULL. */
static char *remedy(const Ctl *ctl, const char *name, bool of_user, int r, const char *message) {
        cleanup_free_ char *by_hand = plugin_host_by_hand(ctl, name);
        size_t n = message ? strlen(message) : 0;

        if (r == -ENOENT)
                return memory_format("there is no systemctl that would start its host; start it with: %s%s",
                                of_user ? "" : "sudo ", by_hand);
        if (of_user && !has_user_manager() && !ctl->program.other_user)
                return memory_format(
                                "no systemd of yours runs here that would start its host; start it with: %s",
                                by_hand);
        /* Some of its sentences end in a dot. */
        if (n > 0 && message[n - 1] == '.')
                n--;
        return memory_format("systemd does not run its host%s%.*s; start it with: %s enable --now " UNIT,
                        n > 0 ? ": " : "", (int) n, message ?: "",
                        of_user ? "systemctl --user" : "sudo systemctl", name);
}

static int refuse(const Ctl *ctl, const char *name, bool of_user, int r, const char *message) {
        cleanup_free_ char *missing = remedy(ctl, name, of_user, r, message);
        cleanup_free_ char *sentence = memory_format("%.64s is enabled for you, but %s", name, missing);

        return program_refused(&ctl->program, sentence);
}

int plugin_host_start(const Ctl *ctl, const char *name, bool of_user) {
        cleanup_free_ char *unit = memory_format(UNIT, name), *message = NULL;
        int r;

        if (of_user && ctl->program.other_user)
                return refuse(ctl, name, true, -EPERM, "it is a service of that user");
        r = helper_systemctl(of_user, (const char *const[]){ "enable", "--now", unit, NULL }, &message);
        return r < 0 ? refuse(ctl, name, of_user, r, message) : 0;
}

void plugin_host_leave(const char *name) {
        cleanup_free_ char *unit = memory_format(UNIT, name), *message = NULL;

        (void) helper_systemctl(true, (const char *const[]){ "disable", unit, NULL }, &message);
}
