/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/core/lists.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/host-name.h"
#include "common/text.h"

#define NAME_LETTERS "abcdefghijklmnopqrstuvwxyz0123456789-"

int list_check_name(const char *name, Refusal *ret_refusal) {
        const size_t size = strspn(name, NAME_LETTERS);
        char buf[TEXT_EXCERPT_MAX];

        if (size > 0 && size <= CAP_RULE_BYTES && name[size] == '\0')
                return 0;
        return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                        "\"%s\" is no name of a list; it can have small letters, digits and dashes, %u at most",
                        text_excerpt(name, buf), CAP_RULE_BYTES);
}

bool list_is_digest(const char *text) {
        return strlen(text) == LIST_DIGEST_MAX - 1 && text[strspn(text, "0123456789abcdef")] == '\0';
}

NameList *lists_find(const GArray *lists, const char *name) {
        for (guint i = 0; i < lists->len; i++)
                if (strcmp(g_array_index(lists, NameList, i).name, name) == 0)
                        return &g_array_index(lists, NameList, i);
        return NULL;
}

/* ---- a text that comes bit by bit ---- */

struct ListReader {
        GStringChunk *texts;
        GPtrArray *names; /* of texts */
        GString *line;    /* not ended yet */
        size_t bytes;     /* that came */
        unsigned lines;
        bool sorted; /* what came so far is, and without doubles */
};

ListReader *list_reader_new(void) {
        ListReader *reader = g_new0(ListReader, 1);

        reader->texts = g_string_chunk_new(16384);
        reader->names = g_ptr_array_new();
        reader->line = g_string_new(NULL);
        reader->sorted = true;
        return reader;
}

ListReader *list_reader_free(ListReader *reader) {
        if (!reader)
                return NULL;
        g_string_chunk_free(reader->texts);
        g_ptr_array_unref(reader->names);
        g_string_free(reader->line, TRUE);
        g_free(reader);
        return NULL;
}

static int end_line(ListReader *reader, Refusal *ret_refusal) {
        char buf[TEXT_EXCERPT_MAX], *name = g_strstrip(reader->line->str);
        const size_t size = strlen(name);
        const char *before;

        reader->lines++;
        if (size == 0) {
                g_string_truncate(reader->line, 0);
                return 0;
        }
        if (!host_name_is_valid(name))
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "line %u of the list is \"%s\", which is no name of a host; it can be like reddit.com or xn--mnchen-3ya.de",
                                reader->lines, text_excerpt(name, buf));
        for (char *c = name; *c; c++)
                *c = g_ascii_tolower(*c);
        before = reader->names->len > 0 ? reader->names->pdata[reader->names->len - 1] : "";
        reader->sorted = reader->sorted && strcmp(before, name) < 0;
        if (strcmp(before, name) != 0)
                g_ptr_array_add(reader->names, g_string_chunk_insert_len(reader->texts, name, (gssize) size));
        g_string_truncate(reader->line, 0);
        return 0;
}

static int check_names(unsigned names, Refusal *ret_refusal) {
        if (names <= CAP_LIST_NAMES)
                return 0;
        return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                        "the list has more than %u names, which is the most there can be", CAP_LIST_NAMES);
}

int list_reader_feed(ListReader *reader, const char *data, size_t size, Refusal *ret_refusal) {
        int r = 0;

        reader->bytes += size;
        if (reader->bytes > CAP_LIST_BYTES)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "the list has more than %u KiB, which is the most there can be",
                                CAP_LIST_BYTES >> 10);
        while (r == 0 && size > 0) {
                const char *end = memchr(data, '\n', size);
                const size_t part = end ? (size_t) (end - data) : size;

                /* What has a NUL in it ends there for whoever judges it: it must not be taken for less. */
                if (memchr(data, '\0', part))
                        return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                        "line %u of the list is no text; it can be a name like reddit.com",
                                        reader->lines + 1);
                g_string_append_len(reader->line, data, (gssize) part);
                if (end)
                        r = end_line(reader, ret_refusal);
                data += part + (end ? 1 : 0);
                size -= part + (end ? 1 : 0);
        }
        return r;
}

static int compare_names(const void *a, const void *b) {
        return strcmp(*(char *const *) a, *(char *const *) b);
}

/* Sorted, without doubles. */
static GString *join(ListReader *reader) {
        GString *text = g_string_sized_new(reader->bytes + 2);
        const char *before = "";
        unsigned kept = 0;

        if (!reader->sorted)
                g_ptr_array_sort(reader->names, compare_names);
        for (guint i = 0; i < reader->names->len; i++) {
                const char *name = reader->names->pdata[i];

                if (strcmp(before, name) == 0)
                        continue;
                g_string_append(text, name);
                g_string_append_c(text, '\n');
                before = name;
                kept++;
        }
        reader->names->len = kept;
        return text;
}

int list_reader_end(ListReader *reader, NameList *ret_list, char **ret_text, Refusal *ret_refusal) {
        cleanup_free_ char *digest = NULL;
        GString *text;
        NameList list = {};
        int r = end_line(reader, ret_refusal);

        if (r != 0)
                return r;
        text = join(reader);
        r = check_names(reader->names->len, ret_refusal);
        if (r != 0) {
                g_string_free(text, TRUE);
                return r;
        }
        digest = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *) text->str, text->len);
        g_strlcpy(list.digest, digest, sizeof(list.digest));
        list.names = reader->names->len;
        list.bytes = (uint32_t) text->len;
        *ret_list = list;
        *ret_text = g_string_free(text, FALSE);
        return 0;
}

/* ---- what claims pin ---- */

bool lists_value_names(const char *value, const char *name) {
        const size_t size = strlen(name);

        for (const char *at = value; (at = strchr(at, '@')); at++)
                if ((at == value || strchr(";, \t", at[-1])) && strncmp(at + 1, name, size) == 0 &&
                                (at[1 + size] == '\0' || strchr(";, \t", at[1 + size])))
                        return true;
        return false;
}

static bool is_of(const ProfileSetting *setting, const char *plugin) {
        return !plugin || strcmp(setting->plugin, plugin) == 0;
}

bool lists_are_named(const Profile *profile, const char *plugin, const char *name) {
        for (unsigned i = 0; i < profile->n_settings; i++)
                if (is_of(&profile->settings[i], plugin) &&
                                lists_value_names(profile->settings[i].value, name))
                        return true;
        return false;
}

char *lists_pin(const GArray *lists, const Profile *profile) {
        GString *pins = g_string_new(NULL);

        for (guint i = 0; lists && i < lists->len; i++) {
                const NameList *list = &g_array_index(lists, NameList, i);

                if (lists_are_named(profile, NULL, list->name))
                        g_string_append_printf(pins, "%s%s %s %" PRIu32, pins->len > 0 ? "\n" : "",
                                        list->name, list->digest, list->names);
        }
        return g_string_free(pins, pins->len == 0);
}

bool lists_pinned_next(const char **place, NameList *ret_list) {
        const char *line = *place, *blank, *digest;
        NameList list = {};
        size_t size, left;

        if (!line || line[0] == '\0')
                return false;
        size = strcspn(line, "\n");
        blank = memchr(line, ' ', size);
        if (!blank || (size_t) (blank - line) >= sizeof(list.name))
                return false;
        digest = blank + 1;
        left = size - (size_t) (digest - line);
        if (left < LIST_DIGEST_MAX - 1 || (left > LIST_DIGEST_MAX - 1 && digest[LIST_DIGEST_MAX - 1] != ' '))
                return false;
        memcpy(list.name, line, (size_t) (blank - line));
        memcpy(list.digest, digest, LIST_DIGEST_MAX - 1);
        if (left > LIST_DIGEST_MAX)
                list.names = (uint32_t) strtoul(digest + LIST_DIGEST_MAX, NULL, 10);
        *place = line + size + (line[size] == '\n');
        *ret_list = list;
        return true;
}

uint64_t lists_pinned_names(const char *pins, const Profile *profile, const char *plugin) {
        uint64_t names = 0;
        NameList list;

        while (lists_pinned_next(&pins, &list))
                for (unsigned i = 0; i < profile->n_settings; i++)
                        if (is_of(&profile->settings[i], plugin) &&
                                        lists_value_names(profile->settings[i].value, list.name))
                                names += list.names;
        return names;
}
