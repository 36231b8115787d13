/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <glib.h>
#include <string.h>

#include "clients/lib/host-ascii.h"
#include "clients/pomoctl/names-file.h"
#include "common/host-name.h"
#include "daemon/core/lists.h"
#include "tests/fuzz/fuzz.h"

static NamesFile parse(const void *data, size_t size) {
        char *text = g_malloc(size + 1);
        NamesFile file;

        memcpy(text, data, size);
        names_file_parse(text, size, &file);
        g_free(text);
        return file;
}

/* What is made of a file, the daemon takes as it is. */
static void check_list(const NamesFile *file) {
        cleanup_(list_reader_freep) ListReader *reader = list_reader_new();
        char *text = NULL;
        Refusal refusal;
        NameList list;

        if (file->n_names > CAP_LIST_NAMES || strlen(file->names) > CAP_LIST_BYTES)
                return;
        g_assert_cmpint(list_reader_feed(reader, file->names, strlen(file->names), &refusal), ==, 0);
        g_assert_cmpint(list_reader_end(reader, &list, &text, &refusal), ==, 0);
        g_assert_cmpstr(text, ==, file->names);
        g_assert_cmpuint(list.names, ==, file->n_names);
        g_free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        cleanup_(names_file_done) NamesFile file = parse(data, size), again = {};

        g_assert_cmpuint(file.n_wrong, <=, file.n_lines);
        g_assert_cmpint(file.n_wrong > 0, ==, file.wrong[0].sentence != NULL);
        check_list(&file);
        again = parse(file.names, strlen(file.names));
        g_assert_cmpstr(again.names, ==, file.names);
        g_assert_cmpuint(again.n_wrong, ==, 0);
        return 0;
}
