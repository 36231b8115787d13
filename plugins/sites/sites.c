/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/*
 * Blocks web sites for everybody on this computer, in the ways that it has (the backends). One that fails
 * does not keep the others from their work.
 */
#include <errno.h>
#include <glib.h>
#include <pomo-plugin.h>
#include <string.h>

#include "plugins/sites/backend.h"
#include "plugins/sites/chromium.h"
#include "plugins/sites/hosts.h"
#include "plugins/sites/never.h"
#include "plugins/sites/probe.h"
#include "plugins/sites/wanted.h"

static const PomoValue *find_value(const PomoValue *const *values, const char *key) {
        for (; *values; values++)
                if (strcmp((*values)->key, key) == 0)
                        return *values;
        return NULL;
}

static bool is_on(const PomoDesired *desired, const char *key) {
        const PomoValue *value = find_value(desired->standing, key);

        return !value || value->number != 0;
}

static void say_claim(uint32_t uid, uint64_t id, const char *sentence, void *data) {
        backend_say_claim(data, uid, id, "%s", sentence);
}

static int apply_all(Backend *backend, const PomoDesired *desired) {
        const PomoValue *standing_never = find_value(desired->standing, "never");
        cleanup_free_ char *foreign = hosts_foreign(backend);
        cleanup_(never_freep) Never *never =
                        never_read(foreign, standing_never ? standing_never->names : NULL);
        cleanup_(wanted_freep) Wanted *wanted = wanted_new(desired, never);
        int first, second;

        wanted_each_left_out(wanted, say_claim, backend);
        first = is_on(desired, "chromium") ? chromium_apply(backend, wanted) : chromium_release(backend);
        second = is_on(desired, "hosts") ? hosts_apply(backend, wanted) : hosts_release(backend);
        return first ?: second;
}

/* ---- the plugin ---- */

static int sites_open(PomoHost *host, const PomoHostCalls *calls, void **ret_state) {
        Backend *backend = g_new0(Backend, 1);

        *backend = (Backend){ .host = host, .calls = calls };
        *ret_state = backend;
        return 0;
}

static int sites_apply(void *state, const PomoDesired *desired) {
        int r = apply_all(state, desired);

        backend_hand_over(state);
        return r;
}

static void sites_close(void *state) {
        chromium_close(state);
        hosts_close(state);
        backend_clear(state);
        g_free(state);
}

static int sites_release(PomoHost *host, const PomoHostCalls *calls) {
        Backend backend = { .host = host, .calls = calls };
        int first = chromium_release(&backend), second = hosts_release(&backend);

        backend_hand_over(&backend);
        return first ?: second;
}

static const PomoSetting settings[] = {
        { .size = sizeof(PomoSetting),
                        .key = "block",
                        .sentence = "Names of hosts that lead nowhere, and @lists of them",
                        .type = POMO_NAMES,
                        .flags = POMO_FOR_EVERYONE },
        { .size = sizeof(PomoSetting),
                        .key = "except",
                        .sentence = "Names that this profile leaves open, with all below them",
                        .type = POMO_NAMES },
        { .size = sizeof(PomoSetting),
                        .key = "hosts",
                        .fallback = "yes",
                        .sentence = "Whether names are blocked in /etc/hosts, for every program",
                        .type = POMO_YES_NO,
                        .flags = POMO_STANDING },
        { .size = sizeof(PomoSetting),
                        .key = "chromium",
                        .fallback = "yes",
                        .sentence = "Whether names are blocked by policy in Chromium, Chrome, Brave and Edge",
                        .type = POMO_YES_NO,
                        .flags = POMO_STANDING },
        { .size = sizeof(PomoSetting),
                        .key = "never",
                        .sentence = "Names that nobody can block, with all below them",
                        .type = POMO_NAMES,
                        .flags = POMO_STANDING },
};

const PomoPlugin pomo_plugin_1 = {
        .abi = POMO_PLUGIN_ABI,
        .scope = POMO_SYSTEM,
        .size = sizeof(PomoPlugin),
        .name = "sites",
        .version = POMOD_VERSION,
        .sentence = "Blocks web sites for everybody on this computer",
        .settings = settings,
        .n_settings = sizeof(settings) / sizeof(settings[0]),
        .open = sites_open,
        .apply = sites_apply,
        .close = sites_close,
        .release = sites_release,
        .probe = probe_subject,
};
