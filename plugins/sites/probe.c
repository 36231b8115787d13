/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/sites/probe.h"

#include <errno.h>
#include <glib.h>

#include "common/host-name.h"
#include "common/text.h"
#include "plugins/sites/browsers.h"
#include "plugins/sites/policy-folder.h"
#include "plugins/sites/probe-names.h"

typedef struct Probe {
        const char *name;
        uint32_t names; /* the finding about all programs */
        PomoFindingFunc func;
        void *data;
} Probe;

__attribute__((format(printf, 4, 5))) static void tell(
                const Probe *probe, const char *place, uint32_t finding, const char *format, ...) {
        g_autofree char *sentence = NULL;
        va_list ap;

        va_start(ap, format);
        sentence = g_strdup_vprintf(format, ap);
        va_end(ap);
        probe->func(place, finding, sentence, probe->data);
}

/* ---- a browser without policies of ours: it goes where names lead ---- */

static void tell_by_names(const Probe *probe, const char *place, const char *own_way) {
        if (probe->names == POMO_BLOCKED)
                tell(probe, place, POMO_BLOCKED, "as names lead nowhere, unless %s", own_way);
        else if (probe->names == POMO_OPEN)
                tell(probe, place, POMO_OPEN, "as names lead there, and no policy of pomod reaches it");
        else
                tell(probe, place, POMO_UNKNOWN,
                                "as it is unknown where names lead, and no policy of pomod reaches it");
}

/* ---- one that reads policies ---- */

static void tell_open(const Probe *probe, const char *place, const Browser *browser, const char *file) {
        g_autofree char *why = file ? g_strdup_printf("%s/%s allows it", browser->folder, file)
                                    : g_strdup_printf("no policy in %s blocks it", browser->folder);

        if (probe->names == POMO_BLOCKED)
                tell(probe, place, POMO_BLOCKED,
                                "as names lead nowhere, unless it asks a name server or a proxy of its own; %s",
                                why);
        else
                tell(probe, place, probe->names, "%s%s", why,
                                probe->names == POMO_OPEN ? "" : ", and it is unknown where names lead");
}

static void tell_by_policy(const Probe *probe, const char *place, const Browser *browser, BrowserKind kind) {
        g_autoptr(Policy) policy = NULL;
        const char *file;
        int r = policy_folder_read(browser->folder, &policy);

        if (r < 0)
                tell(probe, place, POMO_UNKNOWN, "its policies in %s cannot be read: %s", browser->folder,
                                g_strerror(-r));
        else if (!policy_blocks(policy, probe->name, &file))
                tell_open(probe, place, browser, file);
        else if (kind == BROWSER_SNAP)
                tell(probe, place, probe->names == POMO_BLOCKED ? POMO_BLOCKED : POMO_UNKNOWN,
                                "%s/%s blocks it, which this snap reads only while its plug etc-chromium-browser-policies is connected",
                                browser->folder, file);
        else
                tell(probe, place, POMO_BLOCKED, "by its policy in %s/%s; a page that is open stays open",
                                browser->folder, file);
}

/* ---- all of them ---- */

static const char *const own_ways[_BROWSER_KIND_MAX] = {
        [BROWSER_PACKAGE] = "it asks a name server or a proxy of its own",
        [BROWSER_SNAP] = "it asks a name server or a proxy of its own",
        [BROWSER_FLATPAK] =
                        "it asks a name server or a proxy of its own, or its sandbox has an older /etc/hosts",
};

static void tell_browser(const Probe *probe, const Browser *browser, BrowserKind kind) {
        const char *label = browser_kind_label(kind);
        g_autofree char *place =
                        *label ? g_strdup_printf("%s (%s)", browser->name, label) : g_strdup(browser->name);

        if (!browser_is_installed(browser, kind))
                return;
        if (browser->folder && kind != BROWSER_FLATPAK)
                tell_by_policy(probe, place, browser, kind);
        else
                tell_by_names(probe, place, own_ways[kind]);
}

/* "Example.ORG." as names are compared; NULL for what is none. */
static char *read_subject(const char *subject) {
        g_autofree char *ascii = g_hostname_to_ascii(subject),
                        *small = ascii ? g_ascii_strdown(ascii, -1) : NULL;

        if (small && g_str_has_suffix(small, "."))
                small[strlen(small) - 1] = '\0';
        return small && host_name_is_valid(small) ? g_steal_pointer(&small) : NULL;
}

int probe_subject(PomoHost *host, const PomoHostCalls *calls, const char *subject, const PomoDesired *desired,
                PomoFindingFunc func, void *data) {
        g_autofree char *name = read_subject(subject), *sentence = NULL;
        Probe probe = { .name = name, .func = func, .data = data };
        char excerpt[TEXT_EXCERPT_MAX];

        if (!name) {
                sentence = g_strdup_printf(
                                "'%s' is no name of a host: it is like www.example.org, without https:// and path",
                                text_excerpt(subject, excerpt));
                calls->explain(host, sentence);
                return -EINVAL;
        }
        probe.names = probe_names(name, &sentence);
        tell(&probe, "names", probe.names, "%s", sentence);
        for (size_t i = 0; i < browsers_n; i++)
                for (BrowserKind kind = 0; kind < _BROWSER_KIND_MAX; kind++)
                        tell_browser(&probe, &browsers[i], kind);
        return 0;
}
