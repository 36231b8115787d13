/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/release-by-hand.h"

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clients/lib/client.h"
#include "clients/lib/memory.h"
#include "common/names.h"
#include "plugins/host/sentence.h"

/* ---- the unit ---- */

static int run_systemctl(const char *unit, bool system, int *ret_status) {
        const char *const argv[] = { "systemctl", system ? "--system" : "--user", "disable", "--now", unit,
                NULL };
        pid_t pid;
        int r = posix_spawnp(&pid, argv[0], NULL, NULL, (char *const *) argv, environ);

        if (r != 0)
                return -r;
        while (waitpid(pid, ret_status, 0) < 0)
                if (errno != EINTR)
                        return -errno;
        return 0;
}

int release_by_hand_stop(const char *name, bool system, char **ret_sentence) {
        cleanup_free_ char *unit = memory_format("pomod-plugin@%s.service", name);
        int status, r = run_systemctl(unit, system, &status);

        if (r < 0)
                return sentence_set(
                                ret_sentence, r, "cannot run systemctl to stop %s: %s", unit, strerror(-r));
        if (!WIFEXITED(status) || WEXITSTATUS(status) != EXIT_SUCCESS)
                return sentence_set(ret_sentence, -EIO, "systemctl did not stop %s, so nothing is released",
                                unit);
        return 0;
}

/* ---- the record ---- */

static int tell(Client *client, bool system, const char *name, const char *reason) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL;
        int r;

        if (!system)
                return client_call(client, POMOD_INTERFACE_FOCUS, "NoteReleased", NULL, NULL, "ss", name,
                                reason);
        r = client_connect(client);
        if (r >= 0)
                r = sd_bus_message_new_method_call(client_bus(client), &message, POMOD_BUS_NAME,
                                POMOD_OBJECT_PATH, POMOD_INTERFACE_MANAGER, "NoteReleased");
        if (r >= 0)
                r = sd_bus_message_append(message, "ssa{sv}", name, reason, 0);
        if (r >= 0)
                r = sd_bus_message_set_auto_start(message, false);
        return r < 0 ? client_fail(client, r, NULL) : client_send(client, message, NULL);
}

void release_by_hand_report(State *state, const Options *options, bool system) {
        const char *bus = system && !options->bus ? "system" : options->bus;
        cleanup_free_ char *reason = state_read_released(state), *why = NULL;
        cleanup_(client_unrefp) Client *client = NULL;

        if (!reason)
                return;
        client = client_new(bus, CLIENT_NO_AUTO_START);
        if (tell(client, system, options->name, reason) < 0) {
                why = memory_safe_text(client_error_message(client));
                printf("%s is released; pomod is told when its host starts: %s\n", options->name, why);
                return;
        }
        state_drop_released(state);
        printf("%s is released, and that is on record\n", options->name);
}
