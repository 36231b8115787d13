/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/check.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "common/caps.h"
#include "common/cleanup.h"
#include "plugins/host/describe.h"
#include "plugins/host/files.h"
#include "plugins/host/sentence.h"

/* How it is made anew. */
static char *remedy(const Plugin *plugin) {
        int n = (int) strlen(plugin->path) - 3; /* its name ends with .so, or it were no plugin */

        return memory_format("pomod-plugin-host --describe %s > %.*s.json", plugin->path, n, plugin->path);
}

/* NULL: it is no JSON, or has something behind it. */
static json_object *parse_all(const char *text) {
        json_tokener *tokener = (json_tokener *) memory_check(json_tokener_new());
        size_t n = strlen(text);
        json_object *object;

        while (n > 0 && strchr(" \t\r\n", text[n - 1]))
                n--;
        json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
        object = json_tokener_parse_ex(tokener, text, (int) n);
        if (object && json_tokener_get_parse_end(tokener) != n) {
                json_object_put(object);
                object = NULL;
        }
        json_tokener_free(tokener);
        return object;
}

/* The order of the members of an object is nothing that it says. */
static bool says_the_same(const char *a, const char *b) {
        json_object *x = parse_all(a), *y = parse_all(b);
        bool same = x && y && json_object_equal(x, y);

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
        r = looked->json_fd < 0 ? looked->json_fd
                                : files_read_rest(looked->json_fd, CAP_PLUGIN_FILE_BYTES, &text, NULL);
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
