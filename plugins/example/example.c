/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/*
 * Writes the names of all claims in force into $XDG_RUNTIME_DIR/pomod-example, a name a line; without a claim
 * there is no file. It also is C++, as a plugin of yours may be.
 */
#include <errno.h>
#include <pomo-plugin.h>
#include <stdlib.h>
#include <unistd.h>

#define PATH_BYTES 4096

static int find_paths(char path[PATH_BYTES], char other[PATH_BYTES]) {
        const char *folder = getenv("XDG_RUNTIME_DIR");

        if (!folder || snprintf(other, PATH_BYTES, "%s/pomod-example~", folder) >= PATH_BYTES)
                return -ENOENT;
        (void) snprintf(path, PATH_BYTES, "%s/pomod-example", folder);
        return 0;
}

/* All that there may be is known by its name, so that nothing was saved. */
static int example_release(PomoHost *host, const PomoHostCalls *calls) {
        char path[PATH_BYTES], other[PATH_BYTES];

        (void) host, (void) calls;
        if (find_paths(path, other) < 0)
                return 0;
        if (unlink(other) < 0 && errno != ENOENT)
                return -errno;
        return unlink(path) < 0 && errno != ENOENT ? -errno : 0;
}

/* The names of before or those of now are in the file, never half of them. */
static int example_apply(void *state, const PomoDesired *desired) {
        char path[PATH_BYTES], other[PATH_BYTES];
        int r = find_paths(path, other);
        FILE *file;

        (void) state;
        if (desired->n_claims == 0)
                return example_release(NULL, NULL);
        if (r < 0)
                return r;
        file = fopen(other, "we");
        if (!file)
                return -errno;
        for (size_t i = 0; i < desired->n_claims; i++)
                for (const PomoValue *const *value = desired->claims[i]->values; *value; value++)
                        for (size_t j = 0; j < (*value)->n_names; j++)
                                (void) fprintf(file, "%s\n", (*value)->names[j]);
        r = ferror(file) ? -EIO : 0;
        if (fclose(file) != 0 || r < 0)
                return r < 0 ? r : -errno;
        return rename(other, path) < 0 ? -errno : 0;
}

static const PomoSetting settings[] = {
        { sizeof(PomoSetting), "names", NULL, "The names to write", POMO_NAMES, 0, NULL, 0, 0 },
};

const PomoPlugin pomo_plugin_1 = { POMO_PLUGIN_ABI, POMO_SESSION, sizeof(PomoPlugin), "example", "1",
        "Writes the names that hold into a file", settings, sizeof(settings) / sizeof(settings[0]), NULL,
        example_apply, NULL, NULL, example_release, NULL };
