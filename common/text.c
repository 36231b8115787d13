/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "common/text.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <locale.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */
#define ELLIPSIS    "\xe2\x80\xa6" /* U+2026 */

/* The bytes of the character at p, 0 for what is not UTF-8: too long a form, a surrogate, cut off. */
static size_t decode(const char *p, uint32_t *ret_code) {
        static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
        const unsigned char *s = (const unsigned char *) p;
        size_t n = s[0] < 0x80   ? 1
                   : s[0] < 0xc0 ? 0
                   : s[0] < 0xe0 ? 2
                   : s[0] < 0xf0 ? 3
                   : s[0] < 0xf8 ? 4
                                 : 0;
        uint32_t code = n == 1 ? s[0] : n > 1 ? s[0] & (0x7fu >> n) : 0;

        if (n == 0)
                return 0;
        /* The NUL at the end is no continuation, so this stops there. */
        for (size_t i = 1; i < n; i++) {
                if ((s[i] & 0xc0) != 0x80)
                        return 0;
                code = code << 6 | (s[i] & 0x3f);
        }
        if (code < least[n] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
                return 0;

        *ret_code = code;
        return n;
}

static bool is_control(uint32_t code) {
        return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x2028 || code == 0x2029 ||
               (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

int text_check(const char *text, size_t max_bytes) {
        if (!text)
                return -EINVAL;
        if (strnlen(text, max_bytes + 1) > max_bytes)
                return -E2BIG;

        for (const char *p = text; *p;) {
                uint32_t code;
                size_t n = decode(p, &code);

                if (n == 0)
                        return -EILSEQ;
                if (is_control(code))
                        return -EINVAL;
                p += n;
        }
        return 0;
}

/* One character that can be shown, from *p on, which moves past it. Returns its bytes. */
static const char *next_shown(const char **p, size_t *ret_bytes) {
        const char *at = *p;
        uint32_t code;
        size_t n = decode(at, &code);

        *p += n > 0 ? n : 1;
        if (n == 0 || is_control(code)) {
                *ret_bytes = strlen(REPLACEMENT);
                return REPLACEMENT;
        }
        *ret_bytes = n;
        return at;
}

char *text_for_terminal(const char *text) {
        size_t used = 0;
        char *copy;

        assert(text);
        copy = malloc(strlen(text) * strlen(REPLACEMENT) + 1);
        if (!copy)
                return NULL;
        while (*text) {
                size_t n;
                const char *shown = next_shown(&text, &n);

                memcpy(copy + used, shown, n);
                used += n;
        }
        copy[used] = '\0';
        return copy;
}

const char *text_excerpt(const char *text, char buf[TEXT_EXCERPT_MAX]) {
        const size_t room = TEXT_EXCERPT_MAX - 1 - strlen(ELLIPSIS);
        size_t used = 0;

        assert(text && buf);
        while (*text) {
                size_t n;
                const char *shown = next_shown(&text, &n);

                if (used + n > room) {
                        memcpy(buf + used, ELLIPSIS, strlen(ELLIPSIS));
                        used += strlen(ELLIPSIS);
                        break;
                }
                memcpy(buf + used, shown, n);
                used += n;
        }
        buf[used] = '\0';
        return buf;
}

#define FIRST_UNUSUAL 0x300 /* whatever comes before takes one column */

/* The C library knows characters by locale, and this program may run in the C locale, which knows none. One
 * of our own is opened when the first text asks for it, and serves until the process ends. */
static locale_t unicode_locale(void) {
        static locale_t locale;
        static bool tried;

        if (!tried)
                locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t) 0);
        tried = true;
        return locale;
}

static size_t code_width(uint32_t code) {
        locale_t unicode, before;
        int width;

        if (code < FIRST_UNUSUAL)
                return 1;
        unicode = unicode_locale();
        if (!unicode)
                return 1;

        before = uselocale(unicode);
        width = wcwidth((wchar_t) code);
        uselocale(before);
        return width < 0 ? 1 : (size_t) width;
}

size_t text_fitting_bytes(const char *text, size_t columns) {
        const char *at = text;

        assert(text);
        for (size_t width = 0; *at;) {
                uint32_t code = 0xfffd;
                size_t n = decode(at, &code);

                width += code_width(code);
                if (width > columns)
                        break;
                at += n > 0 ? n : 1;
        }
        return (size_t) (at - text);
}

size_t text_width(const char *text) {
        size_t width = 0;

        assert(text);
        while (*text) {
                uint32_t code = 0xfffd;
                size_t n = decode(text, &code);

                text += n > 0 ? n : 1;
                width += code_width(code);
        }
        return width;
}

#define NEAR_MAX 48 /* bytes; nobody mistypes a word of ours into more */

static char lower(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c - 'A' + 'a') : c;
}

static unsigned least_of(unsigned a, unsigned b) {
        return a < b ? a : b;
}

/* Letters to add, drop, change or swap with their neighbour to make one of the other. */
static unsigned distance(const char *a, size_t n_a, const char *b, size_t n_b) {
        unsigned rows[3][NEAR_MAX + 1];
        unsigned *before = rows[0], *above = rows[1], *row = rows[2];

        for (size_t j = 0; j <= n_b; j++)
                above[j] = (unsigned) j;
        for (size_t i = 1; i <= n_a; i++) {
                unsigned *spare = before;

                row[0] = (unsigned) i;
                for (size_t j = 1; j <= n_b; j++) {
                        char x = lower(a[i - 1]), y = lower(b[j - 1]);

                        row[j] = least_of(least_of(above[j], row[j - 1]) + 1, above[j - 1] + (x != y));
                        if (i > 1 && j > 1 && x == lower(b[j - 2]) && y == lower(a[i - 2]))
                                row[j] = least_of(row[j], before[j - 2] + 1);
                }
                before = above;
                above = row;
                row = spare;
        }
        return above[n_b];
}

unsigned text_slips(const char *typed, const char *word) {
        size_t n_typed, n_word;

        assert(typed && word);
        n_typed = strnlen(typed, NEAR_MAX + 1);
        n_word = strnlen(word, NEAR_MAX + 1);
        return n_typed > NEAR_MAX || n_word > NEAR_MAX ? UINT_MAX : distance(typed, n_typed, word, n_word);
}

const char *text_nearest(const char *typed, const char *const *words) {
        size_t n_typed = typed ? strnlen(typed, NEAR_MAX + 1) : 0;
        unsigned allowed = n_typed <= 2 ? 1 : n_typed <= 4 ? 2 : 3, best = allowed + 1;
        const char *nearest = NULL;

        assert(words);
        if (n_typed < 2 || n_typed > NEAR_MAX)
                return NULL;

        for (; *words; words++) {
                size_t n_word = strlen(*words);
                unsigned d;

                if (n_word > NEAR_MAX)
                        continue;
                d = distance(typed, n_typed, *words, n_word);
                /* The beginning of a word is as near as one slip. */
                if (n_word > n_typed && strncmp(typed, *words, n_typed) == 0)
                        d = least_of(d, 1);
                if (d < best && d < n_typed) {
                        best = d;
                        nearest = *words;
                }
        }
        return nearest;
}
