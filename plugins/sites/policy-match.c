/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/sites/policy-match.h"

#include <string.h>
#include <strings.h>

#define SCHEME "https"
#define PORT   "443"

static bool is(const char *text, size_t n, const char *word) {
        return strlen(word) == n && strncasecmp(text, word, n) == 0;
}

/* Behind the scheme of a pattern, which must be one of a web page; NULL where it is another. */
static const char *skip_scheme(const char *pattern) {
        const char *mark = strstr(pattern, "://");
        size_t n = mark ? (size_t) (mark - pattern) : 0;

        if (!mark)
                return pattern;
        return is(pattern, n, SCHEME) ? mark + strlen("://") : NULL;
}

static PolicyMatch match_host(const char *text, size_t n, const char *host) {
        PolicyMatch match = { .this_host_alone = n > 0 && text[0] == '.' };
        size_t host_bytes = strlen(host);

        if (is(text, n, "*"))
                return (PolicyMatch){ .fits = true };
        if (match.this_host_alone) {
                text++;
                n--;
        }
        match.host_bytes = (unsigned) n;
        if (n == 0 || n > host_bytes || strncasecmp(host + host_bytes - n, text, n) != 0)
                return match;
        match.fits = n == host_bytes || (!match.this_host_alone && host[host_bytes - n - 1] == '.');
        return match;
}

PolicyMatch policy_match(const char *pattern, const char *host) {
        const char *begin = skip_scheme(pattern), *path, *port;
        PolicyMatch match;
        size_t n;

        if (!begin)
                return (PolicyMatch){};
        n = strcspn(begin, "/?#");
        path = begin + n;
        port = memchr(begin, ':', n);
        match = match_host(begin, port ? (size_t) (port - begin) : n, host);
        if (port && !is(port + 1, (size_t) (path - port - 1), PORT) &&
                        !is(port + 1, (size_t) (path - port - 1), "*"))
                match.fits = false;
        /* The first page has no path but "/", and no query. */
        if (*path && strcmp(path, "/") != 0)
                match.fits = false;
        match.path_bytes = (unsigned) strlen(path);
        return match;
}

bool policy_match_is_before(PolicyMatch a, PolicyMatch b) {
        if (!a.fits || !b.fits)
                return a.fits;
        if (a.this_host_alone != b.this_host_alone)
                return a.this_host_alone;
        if (a.host_bytes != b.host_bytes)
                return a.host_bytes > b.host_bytes;
        return a.path_bytes > b.path_bytes;
}
