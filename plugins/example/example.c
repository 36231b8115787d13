/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/*
 * Writes the names of all claims in force into a file, a name a line; without a claim there is no file. It
 * also is C++, as a plugin of yours may be.
 */
#include <errno.h>
#include <pomo-plugin.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static PomoHost *host;
static const PomoHostCalls *calls;

static const PomoValue *find(const PomoValue *const *values, const char *key) {
        while (*values && strcmp((*values)->key, key) != 0)
                values++;
        return *values;
}

static int remove_file(const char *path) {
        return unlink(path) == 0 || errno == ENOENT ? 0 : -errno;
}

/* The names of before or those of now are in it, never half of them. */
static int replace_file(const char *path, const PomoDesired *desired) {
        char other[4096];
        FILE *file;
        int r = 0;

        (void) snprintf(other, sizeof(other), "%s~", path);
        file = fopen(other, "we");
        if (!file)
                return -errno;
        for (size_t i = 0; i < desired->n_claims; i++) {
                const PomoValue *names = find(desired->claims[i]->values, "names");

                for (size_t j = 0; names && j < names->n_names && r == 0; j++)
                        r = fprintf(file, "%s\n", names->names[j]) < 0 ? -EIO : 0;
        }
        if (fclose(file) != 0)
                r = -errno;
        return r == 0 && rename(other, path) < 0 ? -errno : r;
}

/* Removes the file of whoever ran before, wherever that was. */
static int example_release(PomoHost *release_host, const PomoHostCalls *release_calls) {
        void *path;
        size_t size;
        int r;

        r = release_calls->load(release_host, "file", &path, &size);
        if (r < 0)
                return r == -ENOENT ? 0 : r;
        r = remove_file((const char *) path);
        free(path);
        return r < 0 ? r : release_calls->drop(release_host, "file");
}

/* The file of before, where it was to be elsewhere. */
static int forget_other(const char *path) {
        void *before;
        size_t size;
        int r = calls->load(host, "file", &before, &size);

        if (r < 0)
                return r == -ENOENT ? 0 : r;
        r = strcmp((const char *) before, path) == 0 ? 0 : example_release(host, calls);
        free(before);
        return r;
}

static int example_open(PomoHost *new_host, const PomoHostCalls *new_calls, void **ret_state) {
        host = new_host;
        calls = new_calls;
        *ret_state = NULL;
        return 0;
}

static int example_apply(void *state, const PomoDesired *desired) {
        const PomoValue *file = find(desired->standing, "file");
        const char *folder = getenv("XDG_RUNTIME_DIR");
        char path[4000];
        int r;

        (void) state;
        if (desired->n_claims == 0)
                return example_release(host, calls);
        if (!file && !folder) {
                calls->explain(host, "there is no XDG_RUNTIME_DIR to write into; set the path of the file");
                return -ENOENT;
        }
        (void) snprintf(path, sizeof(path), "%s%s", file ? file->text : folder, file ? "" : "/pomod-example");
        /* It is known where the file is before there is one. */
        r = forget_other(path);
        if (r == 0)
                r = calls->save(host, "file", path, strlen(path));
        return r < 0 ? r : replace_file(path, desired);
}

static const PomoSetting settings[] = {
        { sizeof(PomoSetting), "names", NULL, "The names to write", POMO_NAMES, 0, NULL, 0, 0 },
        { sizeof(PomoSetting), "file", NULL, "Where to write them, instead of into XDG_RUNTIME_DIR",
                        POMO_TEXT, POMO_STANDING, NULL, 0, 0 },
};

const PomoPlugin pomo_plugin_1 = { POMO_PLUGIN_ABI, POMO_SESSION, sizeof(PomoPlugin), "example", "1",
        "Writes the names that hold into a file", settings, sizeof(settings) / sizeof(settings[0]),
        example_open, example_apply, NULL, NULL, example_release, NULL };
