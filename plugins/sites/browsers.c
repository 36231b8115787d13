/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/sites/browsers.h"

#include <assert.h>
#include <glib.h>
#include <unistd.h>

const Browser browsers[] = {
        { .key = "chromium",
                        .name = "Chromium",
                        .folder = "/etc/chromium/policies/managed",
                        .programs = { "/usr/bin/chromium", "/usr/lib/chromium/chromium",
                                        "/usr/lib64/chromium-browser/chromium-browser",
                                        "/usr/local/bin/chromium" },
                        .flatpak = "org.chromium.Chromium" },
        /* Of Ubuntu, where it is a snap by now. */
        { .key = "chromium-browser",
                        .name = "Chromium",
                        .folder = "/etc/chromium-browser/policies/managed",
                        .programs = { "/usr/lib/chromium-browser/chromium-browser" },
                        .snap = "chromium" },
        { .key = "chrome",
                        .name = "Chrome",
                        .folder = "/etc/opt/chrome/policies/managed",
                        .programs = { "/opt/google/chrome/chrome", "/opt/google/chrome-beta/chrome",
                                        "/opt/google/chrome-unstable/chrome", "/usr/bin/google-chrome",
                                        "/usr/bin/google-chrome-stable" },
                        .flatpak = "com.google.Chrome" },
        { .key = "brave",
                        .name = "Brave",
                        .folder = "/etc/brave/policies/managed",
                        .programs = { "/opt/brave.com/brave/brave", "/usr/bin/brave-browser",
                                        "/usr/bin/brave", "/usr/bin/brave-browser-stable" },
                        .flatpak = "com.brave.Browser" },
        { .key = "edge",
                        .name = "Edge",
                        .folder = "/etc/opt/edge/policies/managed",
                        .programs = { "/opt/microsoft/msedge/msedge", "/usr/bin/microsoft-edge",
                                        "/usr/bin/microsoft-edge-stable" },
                        .flatpak = "com.microsoft.Edge" },
        /* Of its own snap, which sees no policies. */
        { .key = "brave-snap", .name = "Brave", .snap = "brave" },
        { .key = "firefox",
                        .name = "Firefox",
                        .programs = { "/usr/bin/firefox", "/usr/bin/firefox-esr", "/opt/firefox/firefox",
                                        "/usr/local/bin/firefox" },
                        .snap = "firefox",
                        .flatpak = "org.mozilla.firefox" },
        { .key = "epiphany",
                        .name = "GNOME Web",
                        .programs = { "/usr/bin/epiphany", "/usr/bin/epiphany-browser" },
                        .flatpak = "org.gnome.Epiphany" },
        { .key = "falkon", .name = "Falkon", .programs = { "/usr/bin/falkon" }, .flatpak = "org.kde.falkon" },
        { .key = "vivaldi",
                        .name = "Vivaldi",
                        .programs = { "/opt/vivaldi/vivaldi", "/usr/bin/vivaldi", "/usr/bin/vivaldi-stable" },
                        .flatpak = "com.vivaldi.Vivaldi" },
        { .key = "opera",
                        .name = "Opera",
                        .programs = { "/usr/bin/opera" },
                        .snap = "opera",
                        .flatpak = "com.opera.Opera" },
};
const size_t browsers_n = G_N_ELEMENTS(browsers);

const char *browser_kind_label(BrowserKind kind) {
        static const char *const labels[_BROWSER_KIND_MAX] = { "", "snap", "flatpak" };

        assert(kind < _BROWSER_KIND_MAX);
        return labels[kind];
}

/* A link into nowhere is none. */
static bool is_there(const char *folder, const char *name) {
        g_autofree char *path = g_build_filename(folder, name, NULL);

        return access(path, F_OK) == 0;
}

bool browser_is_installed(const Browser *browser, BrowserKind kind) {
        g_autofree char *of_user = NULL;

        if (kind == BROWSER_SNAP)
                return browser->snap &&
                       (is_there("/snap", browser->snap) || is_there("/var/lib/snapd/snap", browser->snap));
        if (kind == BROWSER_FLATPAK) {
                of_user = g_build_filename(g_get_user_data_dir(), "flatpak", "app", NULL);
                return browser->flatpak && (is_there("/var/lib/flatpak/app", browser->flatpak) ||
                                                           is_there(of_user, browser->flatpak));
        }
        for (size_t i = 0; i < G_N_ELEMENTS(browser->programs) && browser->programs[i]; i++)
                if (access(browser->programs[i], X_OK) == 0)
                        return true;
        return false;
}

bool browser_reads_folder(const Browser *browser) {
        return browser->folder && (browser_is_installed(browser, BROWSER_PACKAGE) ||
                                                  browser_is_installed(browser, BROWSER_SNAP));
}
