/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* Runs a target over the files of its corpus: what a fuzzer once found is an ordinary test from then on. */

#include <glib.h>

#include "tests/fuzz/fuzz.h"

static void replay(const void *path) {
        char *bytes = NULL;
        gsize size = 0;

        g_assert_true(g_file_get_contents(path, &bytes, &size, NULL));
        LLVMFuzzerTestOneInput((const uint8_t *) bytes, size);
        g_free(bytes);
}

static int by_name(const void *a, const void *b) {
        return g_strcmp0(*(char *const *) a, *(char *const *) b);
}

int main(int argc, char **argv) {
        GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
        const char *name;
        GDir *folder;
        int r;

        g_test_init(&argc, &argv, NULL);
        g_assert_cmpint(argc, ==, 2);
        folder = g_dir_open(argv[1], 0, NULL);
        g_assert_nonnull(folder);
        while ((name = g_dir_read_name(folder)))
                g_ptr_array_add(paths, g_build_filename(argv[1], name, NULL));
        g_dir_close(folder);
        g_assert_cmpuint(paths->len, >, 0);
        g_ptr_array_sort(paths, by_name);

        for (guint i = 0; i < paths->len; i++) {
                char *path = g_ptr_array_index(paths, i), *base = g_path_get_basename(path);
                char *test = g_strconcat("/corpus/", base, NULL);

                g_test_add_data_func(test, path, replay);
                g_free(test);
                g_free(base);
        }
        r = g_test_run();
        g_ptr_array_unref(paths);
        return r;
}
