/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "common/site-name.h"

#include <ctype.h>
#include <dlfcn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/host-name.h"

/* Of libpsl. */
#define LIBRARY        "libpsl.so.5"
#define PSL_TYPE_ICANN 1

struct SiteNames {
        void *library; /* NULL: there is none */
        void *suffixes;
        void (*free)(void *suffixes);
        int (*is_suffix)(const void *suffixes, const char *name, int type);
};

static void find(void *library, const char *symbol, void *ret_func) {
        *(void **) ret_func = dlsym(library, symbol);
}

SiteNames *site_names_new(void) {
        SiteNames *names = calloc(1, sizeof(*names));
        void *(*latest)(const char *path) = NULL;

        if (!names)
                return NULL;
        names->library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
        if (!names->library)
                return names;
        find(names->library, "psl_latest", &latest);
        find(names->library, "psl_free", &names->free);
        find(names->library, "psl_is_public_suffix2", &names->is_suffix);
        if (latest && names->free && names->is_suffix)
                names->suffixes = latest(NULL);
        return names;
}

SiteNames *site_names_free(SiteNames *names) {
        if (!names)
                return NULL;
        if (names->suffixes)
                names->free(names->suffixes);
        if (names->library)
                dlclose(names->library);
        free(names);
        return NULL;
}

/* Those of private owners are sites: what is below github.io is written by somebody else. */
static bool is_suffix(const SiteNames *names, const char *name) {
        if (!strchr(name, '.'))
                return true;
        return names && names->suffixes && names->is_suffix(names->suffixes, name, PSL_TYPE_ICANN) != 0;
}

static bool is_in(const char *name, const char *domain) {
        size_t n = strlen(name), n_domain = strlen(domain);

        return n >= n_domain && strcmp(name + n - n_domain, domain) == 0 &&
               (n == n_domain || name[n - n_domain - 1] == '.');
}

const char *site_names_why_not(const SiteNames *names, const char *name) {
        static const struct {
                const char *domain, *why;
        } domains[] = {
                { "localhost", "it is this computer" },
                { "localdomain", "it is this computer" },
                { "use-application-dns.net", "browsers ask it how to look names up" },
                { "pool.ntp.org", "computers have the time from there" },
        };
        char small[HOST_NAME_BYTES + 2];
        size_t n = strlen(name);

        if (n > 1 && name[n - 1] == '.')
                n--;
        if (n >= sizeof(small))
                return NULL;
        for (size_t i = 0; i < n; i++)
                small[i] = (char) tolower((unsigned char) name[i]);
        small[n] = '\0';
        for (size_t i = 0; i < sizeof(domains) / sizeof(domains[0]); i++)
                if (is_in(small, domains[i].domain))
                        return domains[i].why;
        return is_suffix(names, small) ? "a public suffix is no site" : NULL;
}
