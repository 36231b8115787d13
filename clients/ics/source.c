/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/ics/source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/text.h"

static int refuse_errno(char sentence[ICS_SENTENCE_MAX], const char *path, int error) {
        char excerpt[TEXT_EXCERPT_MAX];

        ics_refuse(sentence, "cannot read %s: %s", text_excerpt(path, excerpt), strerror(error));
        return -error;
}

int source_read(const char *path, GString **ret_bytes, char sentence[ICS_SENTENCE_MAX]) {
        cleanup_(gstring_freep) GString *bytes = g_string_new(NULL);
        bool standard = strcmp(path, "-") == 0;
        cleanup_close_ int opened = -1;
        char excerpt[TEXT_EXCERPT_MAX], data[65536];
        ssize_t n;

        if (!standard) {
                opened = open(path, O_RDONLY | O_CLOEXEC);
                if (opened < 0)
                        return refuse_errno(sentence, path, errno);
        }
        while ((n = read(standard ? STDIN_FILENO : opened, data, sizeof(data))) != 0) {
                if (n < 0 && errno == EINTR)
                        continue;
                if (n < 0)
                        return refuse_errno(sentence, path, errno);
                g_string_append_len(bytes, data, n);
                if (bytes->len > ICS_FILE_MAX)
                        return ics_refuse(sentence,
                                        "%s is larger than %u MiB, which is the most; export fewer calendars or years into one file",
                                        standard ? "standard input" : text_excerpt(path, excerpt),
                                        ICS_FILE_MAX >> 20);
        }
        *ret_bytes = steal(bytes);
        return 0;
}

typedef struct Scan {
        unsigned depth;
        bool calendar; /* there was one */
} Scan;

static bool begins(const char *line, const char *word) {
        return g_ascii_strncasecmp(line, word, strlen(word)) == 0;
}

/* One property. The parser takes more than this lets through, and recurses as deep as it is told to. */
static int scan_line(
                Scan *scan, const char *line, size_t n, unsigned number, char sentence[ICS_SENTENCE_MAX]) {
        char excerpt[TEXT_EXCERPT_MAX];

        if (memchr(line, '\0', n) || !g_utf8_validate(line, (gssize) n, NULL))
                return ics_refuse(sentence,
                                "line %u is not UTF-8; convert the file first, as with: iconv -f ISO-8859-1 -t UTF-8",
                                number);
        if (n == 0)
                return 0;
        if (scan->depth == 0 && !begins(line, "BEGIN:VCALENDAR"))
                return ics_refuse(sentence, "line %u is \"%s\", and a calendar begins with BEGIN:VCALENDAR",
                                number, text_excerpt(line, excerpt));
        if (begins(line, "BEGIN:")) {
                scan->calendar = true;
                if (++scan->depth > ICS_DEPTH_MAX)
                        return ics_refuse(sentence,
                                        "line %u begins a component within %u others, and no calendar is so deep",
                                        number, ICS_DEPTH_MAX);
        } else if (begins(line, "END:"))
                scan->depth--;
        return 0;
}

int source_unfold(const char *bytes, size_t n, GString **ret_text, char sentence[ICS_SENTENCE_MAX]) {
        cleanup_(gstring_freep) GString *text = g_string_sized_new(n + 16);
        const char *p = bytes, *end = bytes + n;
        size_t start = 0; /* of the line that is being put together */
        unsigned number = 0, first = 1;
        Scan scan = {};
        int r;

        if (n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
                p += 3;
        while (p < end) {
                const char *newline = memchr(p, '\n', (size_t) (end - p));
                const char *stop = newline ? newline : end;
                bool folded = number > 0 && (*p == ' ' || *p == '\t');

                number++;
                if (folded)
                        p++;
                else if (number > 1) {
                        r = scan_line(&scan, text->str + start, text->len - start, first, sentence);
                        if (r < 0)
                                return r;
                        g_string_append(text, "\r\n");
                        start = text->len;
                        first = number;
                }
                if (stop > p && stop[-1] == '\r')
                        g_string_append_len(text, p, stop - p - 1);
                else
                        g_string_append_len(text, p, stop - p);
                p = newline ? newline + 1 : end;
        }
        r = scan_line(&scan, text->str + start, text->len - start, first, sentence);
        if (r < 0)
                return r;
        g_string_append(text, "\r\n");
        if (!scan.calendar)
                return ics_refuse(sentence,
                                "there is no calendar in it: a calendar begins with BEGIN:VCALENDAR");
        if (scan.depth > 0)
                return ics_refuse(sentence,
                                "it ends within a component, so it was cut off: a calendar ends with END:VCALENDAR");
        *ret_text = steal(text);
        return 0;
}
