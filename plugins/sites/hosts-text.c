/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/sites/hosts-text.h"

#include <stdbool.h>
#include <string.h>

#include "plugins/sites/wanted.h"

/* What connects to these is told at once that there is no way, and no server of this computer is reached, as
 * 0.0.0.0 and :: would. A name with one family alone would be looked up for the other elsewhere. */
static const char *const addresses[] = { "255.255.255.255", "ff00::" };
#define N_ADDRESSES (sizeof(addresses) / sizeof(addresses[0]))

#define OURS " # pomod"
#define BEGIN \
        "# BEGIN pomod: names that lead nowhere until a focus ends, see pomoctl focus; they go by themselves"
#define BEGIN_JOINED \
        "# BEGIN pomod, after a line without an end: names that lead nowhere until a focus ends, see pomoctl focus; they go by themselves"
#define END "# END pomod"
/* What any version begins these with. */
#define BEGIN_ANY        "# BEGIN pomod: "
#define BEGIN_JOINED_ANY "# BEGIN pomod, after a line without an end: "

/* A reader that knows lines of 512 bytes at most is one of the C libraries. */
#define LINE_NAMES 8u
#define LINE_BYTES 500u

typedef enum LineKind {
        LINE_FOREIGN,
        LINE_OURS,
        LINE_JOINED, /* of ours, and the end of the line before it is, too */
} LineKind;

static bool begins_with(const char *line, gsize n, const char *prefix) {
        gsize length = strlen(prefix);

        return n >= length && memcmp(line, prefix, length) == 0;
}

static bool ends_with(const char *line, gsize n, const char *suffix) {
        gsize length = strlen(suffix);

        return n >= length && memcmp(line + n - length, suffix, length) == 0;
}

static bool has_our_address(const char *line, gsize n) {
        for (gsize i = 0; i < N_ADDRESSES; i++) {
                gsize length = strlen(addresses[i]);

                if (begins_with(line, n, addresses[i]) && n > length && line[length] == ' ')
                        return true;
        }
        return false;
}

/* Without its end. What an editor leaves behind a line (a carriage return, blanks) makes it nobody else's. */
static LineKind judge(const char *line, gsize n) {
        while (n > 0 && strchr(" \t\r", line[n - 1]))
                n--;
        if (begins_with(line, n, BEGIN_JOINED_ANY))
                return LINE_JOINED;
        if (begins_with(line, n, BEGIN_ANY) || (n == strlen(END) && begins_with(line, n, END)))
                return LINE_OURS;
        return has_our_address(line, n) && ends_with(line, n, OURS) ? LINE_OURS : LINE_FOREIGN;
}

/* ---- taken apart ---- */

void hosts_text_read(HostsText *ret_text, const char *data, gsize size) {
        HostsText text = { .foreign = g_string_sized_new(size) };
        gsize joined = 0; /* the length of foreign where a line has an end that is ours; 0: none has */
        bool found = false;

        for (gsize at = 0; at < size;) {
                const char *end = memchr(data + at, '\n', size - at);
                gsize n = end ? (gsize) (end - (data + at)) : size - at, whole = end ? n + 1 : n;
                LineKind kind = judge(data + at, n);

                if (kind == LINE_FOREIGN)
                        g_string_append_len(text.foreign, data + at, (gssize) whole);
                else if (!found) {
                        text.fence = text.foreign->len;
                        found = true;
                }
                if (kind == LINE_JOINED)
                        joined = text.foreign->len;
                at += whole;
        }
        /* With another line behind it that end is needed. */
        if (joined > 0 && joined == text.foreign->len && text.foreign->str[joined - 1] == '\n')
                g_string_truncate(text.foreign, joined - 1);
        if (!found || text.fence > text.foreign->len)
                text.fence = text.foreign->len;
        *ret_text = text;
}

void hosts_text_clear(HostsText *text) {
        if (text->foreign)
                g_string_free(text->foreign, TRUE);
        text->foreign = NULL;
}

/* ---- put together ---- */

/* Of the names from begin on, how many go into one line. */
static guint count_fitting(const GPtrArray *names, guint begin) {
        gsize bytes = strlen(addresses[0]) + strlen(OURS);
        guint n = 0;

        while (n < LINE_NAMES && begin + n < names->len) {
                const WantedName *name = g_ptr_array_index(names, begin + n);

                bytes += 1 + strlen(name->name);
                if (n > 0 && bytes > LINE_BYTES)
                        break;
                n++;
        }
        return n;
}

static void append_lines(GString *whole, const GPtrArray *names, guint begin, guint n) {
        for (gsize i = 0; i < N_ADDRESSES; i++) {
                g_string_append(whole, addresses[i]);
                for (guint j = begin; j < begin + n; j++) {
                        const WantedName *name = g_ptr_array_index(names, j);

                        g_string_append_c(whole, ' ');
                        g_string_append(whole, name->name);
                }
                g_string_append(whole, OURS "\n");
        }
}

GString *hosts_text_make(const HostsText *text, const GPtrArray *names) {
        GString *whole = g_string_new_len(text->foreign->str, (gssize) text->fence);
        bool joined = text->fence > 0 && whole->str[text->fence - 1] != '\n';

        if (names->len > 0) {
                g_string_append(whole, joined ? "\n" BEGIN_JOINED "\n" : BEGIN "\n");
                for (guint i = 0; i < names->len;) {
                        guint n = count_fitting(names, i);

                        append_lines(whole, names, i, n);
                        i += n;
                }
                g_string_append(whole, END "\n");
        }
        g_string_append_len(
                        whole, text->foreign->str + text->fence, (gssize) (text->foreign->len - text->fence));
        return whole;
}
