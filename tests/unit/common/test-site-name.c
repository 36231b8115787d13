/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "common/site-name.h"

#include <glib.h>

#include "tests/unit/check.h"

#define SUFFIX "a public suffix is no site"
#define OWN    "it is this computer"

static void test_why_not(void) {
        static const struct {
                int line;
                const char *name, *why, *without; /* NULL: nothing is known against it; without libpsl */
        } rows[] = {
                { __LINE__, "reddit.com", NULL, NULL },
                { __LINE__, "github.io", NULL, NULL },
                { __LINE__, "com", SUFFIX, SUFFIX },
                { __LINE__, "social", SUFFIX, SUFFIX },
                { __LINE__, "co.uk", SUFFIX, NULL },
                { __LINE__, "CO.UK.", SUFFIX, NULL },
                { __LINE__, "bbc.co.uk", NULL, NULL },
                { __LINE__, "anything.ck", SUFFIX, NULL },
                { __LINE__, "www.ck", NULL, NULL },
                { __LINE__, "localhost", OWN, OWN },
                { __LINE__, "a.b.LocalHost", OWN, OWN },
                { __LINE__, "mylocalhost.org", NULL, NULL },
                { __LINE__, "localhost.localdomain", OWN, OWN },
                { __LINE__, "use-application-dns.net", "browsers ask it how to look names up",
                                "browsers ask it how to look names up" },
                { __LINE__, "2.debian.pool.ntp.org", "computers have the time from there",
                                "computers have the time from there" },
                { __LINE__, "ntp.org", NULL, NULL },
                { __LINE__, "", SUFFIX, SUFFIX },
        };
        cleanup_(site_names_freep) SiteNames *names = site_names_new();
        cleanup_free_ char *longest = g_strnfill(300, 'a');

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                CHECK_STR(rows[i].line, site_names_why_not(names, rows[i].name) ?: "", rows[i].why ?: "");
                CHECK_STR(rows[i].line, site_names_why_not(NULL, rows[i].name) ?: "", rows[i].without ?: "");
        }
        g_assert_null(site_names_why_not(names, longest));
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/site-name/why-not", test_why_not);
        return g_test_run();
}
