/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/described.h"

#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clients/lib/memory.h"
#include "common/caps.h"
#include "common/cleanup.h"
#include "common/text.h"
#include "plugins/host/json-text.h"
#include "plugins/host/sentence.h"

DEFINE_CLEANUP(json_object *, json_object_put);

/* ---- what it should be ---- */

static const char *const types[] = {
        [POMO_TEXT] = "text",
        [POMO_WORDS] = "words",
        [POMO_YES_NO] = "yes-no",
        [POMO_NUMBER] = "number",
        [POMO_DURATION] = "duration",
        [POMO_CHOICE] = "choice",
        [POMO_NAMES] = "names",
};

static void add(json_object *object, const char *key, json_object *value) {
        if (json_object_object_add(object, key, value) < 0)
                memory_check(NULL);
}

static json_object *text_or_null(const char *text) {
        return text ? memory_check(json_object_new_string(text)) : NULL;
}

static json_object *choices_of(const PomoSetting *setting) {
        json_object *choices = memory_check(json_object_new_array());

        for (const char *const *choice = setting->choices; *choice; choice++)
                json_object_array_add(choices, text_or_null(*choice));
        return choices;
}

static json_object *describe_setting(const PomoSetting *setting) {
        json_object *object = memory_check(json_object_new_object());

        add(object, "key", text_or_null(setting->key));
        add(object, "type", text_or_null(types[setting->type]));
        add(object, "sentence", text_or_null(setting->sentence));
        add(object, "fallback", text_or_null(setting->fallback));
        add(object, "standing", json_object_new_boolean(!!(setting->flags & POMO_STANDING)));
        add(object, "for-everyone", json_object_new_boolean(!!(setting->flags & POMO_FOR_EVERYONE)));
        if (setting->choices)
                add(object, "choices", choices_of(setting));
        if (setting->min != 0 || setting->max != 0) {
                add(object, "min", json_object_new_int64(setting->min));
                add(object, "max", json_object_new_int64(setting->max));
        }
        return object;
}

char *described_text(const Plugin *plugin) {
        json_object *object = memory_check(json_object_new_object()),
                    *settings = memory_check(json_object_new_array());
        char *text;

        for (size_t i = 0; i < plugin->n_settings; i++)
                json_object_array_add(settings, describe_setting(&plugin->settings[i]));
        add(object, "name", text_or_null(plugin->name));
        add(object, "version", text_or_null(plugin->version));
        add(object, "abi", json_object_new_int64(plugin->table.abi));
        add(object, "scope", text_or_null(plugin->system ? "system" : "session"));
        add(object, "sentence", text_or_null(plugin->sentence));
        add(object, "settings", settings);
        text = memory_format("%s\n", json_object_to_json_string_ext(object,
                                                     JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
                                                                     JSON_C_TO_STRING_NOSLASHESCAPE));
        json_object_put(object);
        return text;
}

/* ---- what it is ---- */

char *described_path(const char *path) {
        size_t n = strlen(path);

        return memory_format(
                        "%.*s.json", (int) (n > 3 && strcmp(path + n - 3, ".so") == 0 ? n - 3 : n), path);
}

char *described_remedy(const Plugin *plugin) {
        int n = (int) strlen(plugin->path) - 3; /* its name ends with .so, or it were no plugin */

        return memory_format("pomod-plugin-host --describe %s > %.*s.json", plugin->path, n, plugin->path);
}

int described_read(int fd, char **ret_text) {
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
bool described_fits(const Plugin *plugin, const char *text) {
        cleanup_free_ char *should = described_text(plugin);
        cleanup_(json_object_putp) json_object *x = NULL, *y = NULL;

        return json_text_parse(text, strlen(text), &x, NULL) >= 0 &&
               json_text_parse(should, strlen(should), &y, NULL) >= 0 && x && y && json_object_equal(x, y);
}

/* Whatever is beside that file; NULL: nothing that can be read. */
static char *read_beside(const char *path) {
        cleanup_free_ char *json = described_path(path), *text = NULL;
        cleanup_close_ int fd = open(json, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

        return fd >= 0 && described_read(fd, &text) >= 0 ? steal(text) : NULL;
}

char *described_stale(const Plugin *plugin) {
        cleanup_free_ char *text = read_beside(plugin->path), *how = NULL;

        if (!text || described_fits(plugin, text))
                return NULL;
        how = described_remedy(plugin);
        return memory_format(
                        "%s.json says something else than %s.so beside it, and pomod goes by it; make it anew with: %s",
                        plugin->name, plugin->name, how);
}

char *described_version(const char *path) {
        cleanup_free_ char *text = read_beside(path);
        cleanup_(json_object_putp) json_object *object = NULL;
        json_object *version;
        const char *said;

        if (!text || json_text_parse(text, strlen(text), &object, NULL) < 0 ||
                        !json_object_object_get_ex(object, "version", &version) ||
                        !json_object_is_type(version, json_type_string))
                return NULL;
        said = json_object_get_string(version);
        return *said && text_check(said, CAP_VERSION_BYTES) == 0 ? memory_copy(said) : NULL;
}
