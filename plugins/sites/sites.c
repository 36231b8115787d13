/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/*
 * Blocks web sites for everybody on this computer, in the ways that it has (the backends). One that fails
 * does not keep the others from their work.
 */
#include <glib.h>
#include <pomo-plugin.h>
#include <stdbool.h>
#include <string.h>

#include "common/cleanup.h"
#include "plugins/sites/backend.h"
#include "plugins/sites/chromium-patterns.h"
#include "plugins/sites/chromium.h"
#include "plugins/sites/hosts.h"
#include "plugins/sites/never.h"
#include "plugins/sites/pins.h"
#include "plugins/sites/probe.h"
#include "plugins/sites/standing.h"
#include "plugins/sites/wanted.h"
#include "plugins/sites/watch.h"

#define PINNED_SAID 3u

typedef struct Sites {
        Backend backend;
        Pins *pins;
        Watch *watch; /* NULL: nothing is blocked */
} Sites;

/* ---- what others change ---- */

/* Our own write is no change; of all else the next apply() sees whether it matters. */
static void on_change(const char *path, void *data) {
        Sites *sites = data;

        if (strcmp(path, HOSTS_PATH) != 0 || hosts_changed(&sites->backend))
                sites->backend.calls->look_again(sites->backend.host);
}

/* What is watched while names are blocked: where they are, and what says which of them never are. */
static const char *const watched[] = {
        HOSTS_PATH,
        "/etc/hostname",
        "/etc/resolv.conf",
        "/etc/nsswitch.conf",
        "/etc/apt/sources.list",
        "/etc/apt/sources.list.d/",
        "/etc/apt/apt.conf.d/",
        "/etc/systemd/timesyncd.conf",
        "/etc/systemd/timesyncd.conf.d/",
        "/etc/systemd/resolved.conf",
        "/etc/systemd/resolved.conf.d/",
        "/etc/chrony/",
        "/etc/chrony/conf.d/",
        "/etc/chrony/sources.d/",
        NULL,
};

/* Before it is read, so that nothing happens unseen. */
static void watch_world(Sites *sites, const PomoDesired *desired) {
        if (desired->n_claims == 0) {
                sites->watch = watch_free(sites->watch);
                return;
        }
        if (!sites->watch)
                sites->watch = watch_new(&sites->backend, on_change, sites);
        if (sites->watch)
                watch_set(sites->watch, watched);
        else
                backend_say(&sites->backend,
                                "changes of " HOSTS_PATH
                                " are followed late, as this computer has no watch left: raise fs.inotify.max_user_instances");
}

/* ---- what is to hold ---- */

/* Of two results; a positive one would be a word of the host's. */
static int failure_of(int first, int second) {
        return first < 0 ? first : second < 0 ? second : 0;
}

static void say_claim(uint32_t uid, uint64_t id, const char *sentence, void *data) {
        backend_say_claim(data, uid, id, "%s", sentence);
}

/* Each text once, and nobody is named: everybody is told what goes with the result. */
typedef struct Pinned {
        Backend *backend;
        GHashTable *said;
} Pinned;

static void say_pinned(uint32_t uid, uint64_t id, const char *names, void *data) {
        Pinned *pinned = data;

        if (g_hash_table_add(pinned->said, g_strdup(names)) && g_hash_table_size(pinned->said) <= PINNED_SAID)
                backend_say(pinned->backend, "Never= of sites.conf opens %s when a locked focus ends", names);
}

static void say_all_pinned(Backend *backend, const Wanted *wanted) {
        cleanup_(g_hash_table_unrefp) GHashTable *said =
                        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

        wanted_each_pinned(wanted, say_pinned, &(Pinned){ backend, said });
}

/* Whether a backend is on; a change that turns it off waits for who has a lock. */
static bool is_on(Sites *sites, const PomoDesired *desired, const char *key, const char *written,
                const Pin *pin) {
        if (standing_is_on(desired, key))
                return true;
        if (pin)
                backend_say(&sites->backend, "%s=no of sites.conf waits for the end of a locked focus",
                                written);
        return pin != NULL;
}

static void say_missing(uint32_t uid, uint64_t id, const char *names, void *data) {
        backend_say_claim(data, uid, id,
                        "%s beyond what policies of browsers take, while Hosts=no of sites.conf leaves /etc/hosts alone",
                        names);
}

/* Where browsers alone block, and take the first n patterns: whom that is not enough for. */
static void say_what_is_open(Backend *backend, const Wanted *wanted, guint n) {
        cleanup_(g_hash_table_unrefp) GHashTable *taken = chromium_patterns_cover(wanted, n);

        wanted_each_missing(wanted, taken, say_missing, backend);
}

static int apply_wanted(Sites *sites, const PomoDesired *desired, const Wanted *wanted) {
        Backend *backend = &sites->backend;
        guint n = 0;
        int first, second;

        first = is_on(sites, desired, "chromium", "Chromium", pins_with_chromium(sites->pins))
                                ? chromium_apply(backend, wanted, &n)
                                : chromium_release(backend);
        if (is_on(sites, desired, "hosts", "Hosts", pins_with_hosts(sites->pins)))
                second = hosts_apply(backend, wanted);
        else {
                say_what_is_open(backend, wanted, n);
                second = hosts_release(backend);
        }
        return failure_of(first, second);
}

static int apply_all(Sites *sites, const PomoDesired *desired) {
        Backend *backend = &sites->backend;
        const PomoValue *standing = standing_value(desired, "never");
        cleanup_free_ char *foreign = hosts_foreign(backend);
        cleanup_(never_freep) Never *never = never_read(foreign, standing ? standing->names : NULL);
        cleanup_(wanted_freep) Wanted *wanted = wanted_new_pinned(desired, never, sites->pins);

        wanted_each_left_out(wanted, say_claim, backend);
        say_all_pinned(backend, wanted);
        return apply_wanted(sites, desired, wanted);
}

/* ---- the plugin ---- */

static int sites_open(PomoHost *host, const PomoHostCalls *calls, void **ret_state) {
        Sites *sites = g_new0(Sites, 1);

        sites->backend = (Backend){ .host = host, .calls = calls };
        sites->pins = pins_load(&sites->backend);
        *ret_state = sites;
        return 0;
}

static int sites_apply(void *state, const PomoDesired *desired) {
        Sites *sites = state;
        int r;

        watch_world(sites, desired);
        r = pins_update(sites->pins, &sites->backend, desired);
        if (r < 0)
                backend_say(&sites->backend,
                                "what root's settings were when a locked focus began cannot be written down: %s",
                                strerror(-r));
        r = apply_all(sites, desired);
        backend_hand_over(&sites->backend);
        return r;
}

static void sites_close(void *state) {
        Sites *sites = state;

        watch_free(sites->watch);
        chromium_close(&sites->backend);
        hosts_close(&sites->backend);
        backend_clear(&sites->backend);
        pins_free(sites->pins);
        g_free(sites);
}

static int sites_release(PomoHost *host, const PomoHostCalls *calls) {
        Backend backend = { .host = host, .calls = calls };
        int first = chromium_release(&backend), second = hosts_release(&backend);

        pins_drop(&backend);
        backend_hand_over(&backend);
        return failure_of(first, second);
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
