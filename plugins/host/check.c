/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "common/caps.h"
#include "common/cleanup.h"
#include "plugins/host/describe.h"
#include "plugins/host/described.h"
#include "plugins/host/sentence.h"

static int check_json(const Looked *looked) {
        const Plugin *plugin = looked->plugin;
        cleanup_free_ char *text = NULL, *should = described_text(plugin), *how = described_remedy(plugin),
                           *sentence = NULL;
        int r;

        if (strlen(should) > CAP_PLUGIN_FILE_BYTES) {
                sentence_set(&sentence, -E2BIG,
                                "%s says %zu bytes of itself in its NAME.json, and pomod reads %u; make it fewer settings, or shorter sentences",
                                plugin->path, strlen(should), CAP_PLUGIN_FILE_BYTES);
                return sentence_fail(sentence);
        }
        if (looked->json_fd == -ENOENT) {
                printf("%s %s: a host takes it; pomod knows its settings once its NAME.json is there: %s\n",
                                plugin->name, plugin->version, how);
                return EXIT_SUCCESS;
        }
        r = looked->json_fd < 0 ? looked->json_fd : described_read(looked->json_fd, &text);
        if (r < 0)
                sentence_set(&sentence, r, "%s.json beside it cannot be read: %s; %s", plugin->name,
                                strerror(-r), how);
        else if (!described_fits(plugin, text))
                sentence_set(&sentence, -EINVAL, "%s.json beside it says something else than the plugin; %s",
                                plugin->name, how);
        if (sentence)
                return sentence_fail(sentence);
        printf("%s %s: a host takes it\n", plugin->name, plugin->version);
        return EXIT_SUCCESS;
}

static int check(const char *path) {
        Looked looked;
        int r;

        r = describe_load(path, &looked);
        if (r != EXIT_SUCCESS)
                return r;
        r = check_json(&looked);
        close_fd(looked.json_fd);
        table_free(looked.plugin);
        return fflush(stdout) == 0 ? r : sentence_fail("what was found cannot be written to standard output");
}

int check_file(const char *path) {
        return describe_watched(check, path);
}
