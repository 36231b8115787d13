/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/check.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clients/lib/memory.h"
#include "common/caps.h"
#include "common/cleanup.h"
#include "plugins/host/describe.h"
#include "plugins/host/json-text.h"
#include "plugins/host/sentence.h"

/* How it is made anew. */
static char *remedy(const Plugin *plugin) {
        int n = (int) strlen(plugin->path) - 3; /* its name ends with .so, or it were no plugin */

        return memory_format("pomod-plugin-host --describe %s > %.*s.json", plugin->path, n, plugin->path);
}

static int read_json(int fd, char **ret_text) {
        cleanup_free_ char *text = memory_new(char, CAP_PLUGIN_FILE_BYTES + 2);
        size_t n = 0;
        ssize_t part;

        while (n <= CAP_PLUGIN_FILE_BYTES) {
                part = read(fd, text + n, CAP_PLUGIN_FILE_BYTES + 1 - n);
                if (part < 0)
                        return -errno;
                if (part == 0)
                        break;
                n += (size_t) part;
        }
        if (n > CAP_PLUGIN_FILE_BYTES)
                return -EFBIG;
        *ret_text = steal(text);
        return 0;
}

/* The order of the members of an object is nothing that it says. */
static bool says_the_same(const char *a, const char *b) {
        json_object *x = NULL, *y = NULL;
        bool same = json_text_parse(a, strlen(a), &x, NULL) >= 0 &&
                    json_text_parse(b, strlen(b), &y, NULL) >= 0 && x && y && json_object_equal(x, y);

        json_object_put(x);
        json_object_put(y);
        return same;
}

static int check_json(const Looked *looked) {
        const Plugin *plugin = looked->plugin;
        cleanup_free_ char *text = NULL, *should = describe_plugin(plugin), *how = remedy(plugin),
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
        r = looked->json_fd < 0 ? looked->json_fd : read_json(looked->json_fd, &text);
        if (r < 0)
                sentence_set(&sentence, r, "%s.json beside it cannot be read: %s; %s", plugin->name,
                                strerror(-r), how);
        else if (!says_the_same(text, should))
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
