/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/sites/chromium-record.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"

#define SAVED   "chromium"
#define BROWSER "browser "
#define FOLDER  "folder "

static const char *after(const char *line, const char *word) {
        return g_str_has_prefix(line, word) ? line + strlen(word) : NULL;
}

bool chromium_record_has(const GPtrArray *texts, const char *text) {
        return g_ptr_array_find_with_equal_func((GPtrArray *) texts, text, g_str_equal, NULL);
}

bool chromium_record_add(GPtrArray *texts, const char *text) {
        if (chromium_record_has(texts, text))
                return false;
        g_ptr_array_add(texts, g_strdup(text));
        return true;
}

/* A later version may have written lines that this one does not know. */
void chromium_record_load(const Backend *backend, ChromiumRecord *ret_record) {
        cleanup_free_ void *data = NULL;
        g_auto(GStrv) lines = NULL;
        size_t size;

        ret_record->browsers = g_ptr_array_new_with_free_func(g_free);
        ret_record->folders = g_ptr_array_new_with_free_func(g_free);
        if (backend->calls->load(backend->host, SAVED, &data, &size) < 0)
                return;
        lines = g_strsplit(data, "\n", -1);
        for (size_t i = 0; lines[i]; i++) {
                const char *browser = after(lines[i], BROWSER), *folder = after(lines[i], FOLDER);

                if (browser)
                        (void) chromium_record_add(ret_record->browsers, browser);
                if (folder)
                        (void) chromium_record_add(ret_record->folders, folder);
        }
}

void chromium_record_clear(ChromiumRecord *record) {
        g_clear_pointer(&record->browsers, g_ptr_array_unref);
        g_clear_pointer(&record->folders, g_ptr_array_unref);
}

static void append_all(GString *text, const char *word, const GPtrArray *texts) {
        for (guint i = 0; i < texts->len; i++)
                g_string_append_printf(text, "%s%s\n", word, (const char *) g_ptr_array_index(texts, i));
}

int chromium_record_save(const Backend *backend, const ChromiumRecord *record) {
        g_autoptr(GString) text = g_string_new(NULL);
        int r;

        append_all(text, BROWSER, record->browsers);
        append_all(text, FOLDER, record->folders);
        r = backend->calls->save(backend->host, SAVED, text->str, text->len);
        return r < 0 ? r : 0;
}

int chromium_record_drop(const Backend *backend) {
        int r = backend->calls->drop(backend->host, SAVED);

        return r < 0 && r != -ENOENT ? r : 0;
}
