/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/sites/never.h"

#include <assert.h>
#include <glib.h>
#include <libpsl.h>
#include <string.h>
#include <unistd.h>

#include "common/host-name.h"
#include "plugins/sites/conf.h"
#include "plugins/sites/names.h"

#define BLANKS " \t\r\f\v"

/* Each is the end of "NAME stays open: ". */
#define WHY_SUFFIX   "a public suffix is no site"
#define WHY_COMPUTER "this computer has that name"
#define WHY_HOSTS    "another line of /etc/hosts names it"
#define WHY_PACKAGES "packages of this computer come from there"
#define WHY_TIME     "this computer has the time from there"
#define WHY_CANARY   "browsers ask it how to look names up"
#define WHY_ROOT     "Never= of sites.conf has it"

struct Never {
        psl_ctx_t *suffixes;
        char *hosts;           /* the text that in_hosts points into */
        GHashTable *in_hosts;  /* names of its lines */
        GHashTable *names;     /* the others, with why each is never blocked */
        GHashTable *domains;   /* the same, with all below them … */
        Names *domain_names;   /* … and its keys */
        char **standing_texts; /* root's … */
        Names *standing;       /* … with all below them */
        GHashTable *above;     /* names with one below them that people go to */
};

/* ---- adding ---- */

/* Takes the name; what is none is none of ours to block either. */
static void add(GHashTable *names, char *name, const char *why) {
        size_t n = strlen(name);

        if (n > 1 && name[n - 1] == '.')
                name[n - 1] = '\0';
        for (char *p = name; *p; p++)
                *p = g_ascii_tolower(*p);
        if (host_name_is_valid(name) && !g_hash_table_contains(names, name))
                g_hash_table_insert(names, name, (gpointer) why);
        else
                g_free(name);
}

/* People go there, so that what is above it is not blocked with all below. */
static void keep_open_above(GHashTable *above, const char *name) {
        while ((name = strchr(name, '.')))
                g_hash_table_add(above, g_strdup(++name));
}

/* ---- lines of /etc/hosts ---- */

/* A list of somebody else's leads names nowhere by these: no server has them. */
static bool leads_nowhere(const char *address) {
        static const char *const nowhere[] = { "0.0.0.0", "::", "255.255.255.255", "ff00::", "0" };

        for (size_t i = 0; i < sizeof(nowhere) / sizeof(nowhere[0]); i++)
                if (strcmp(address, nowhere[i]) == 0)
                        return true;
        return false;
}

static bool leads_here(const char *address) {
        return g_str_has_prefix(address, "127.") || strcmp(address, "::1") == 0;
}

/* The next word of a line, ended by a 0 byte; NULL: it has no more. */
static char *next_word(char **line) {
        char *word = *line + strspn(*line, BLANKS);
        size_t n = strcspn(word, BLANKS);

        if (n == 0)
                return NULL;
        *line = word[n] ? word + n + 1 : word + n;
        word[n] = '\0';
        return word;
}

/* The names stay where they are: a file of hosts may have a great many. */
static void read_hosts_line(Never *never, char *line) {
        const char *address;
        char *name;

        line[strcspn(line, "#")] = '\0';
        address = next_word(&line);
        if (!address || leads_nowhere(address))
                return;
        while ((name = next_word(&line))) {
                for (char *p = name; *p; p++)
                        *p = g_ascii_tolower(*p);
                g_hash_table_add(never->in_hosts, name);
                if (!leads_here(address))
                        keep_open_above(never->above, name);
        }
}

static void read_hosts(Never *never, const char *text) {
        const char *end;

        never->hosts = g_strdup(text);
        end = never->hosts + strlen(never->hosts);
        for (char *line = never->hosts, *next; line < end; line = next) {
                char *line_end = memchr(line, '\n', (size_t) (end - line));

                next = line_end ? line_end + 1 : line + strlen(line);
                if (line_end)
                        *line_end = '\0';
                read_hosts_line(never, line);
        }
}

/* ---- this computer ---- */

typedef struct Adding {
        Never *never;
        const char *name; /* of this computer */
} Adding;

static void add_own(const Adding *adding, const char *name) {
        add(adding->never->names, g_strdup(name), WHY_COMPUTER);
        keep_open_above(adding->never->above, name);
}

/* Of resolv.conf: with each domain that is searched, since no name service is asked what the whole name is.
 */
static void on_resolver_line(char *line, void *data) {
        const Adding *adding = data;
        char *rest = line, *word = next_word(&rest);

        if (strcmp(word, "search") != 0 && strcmp(word, "domain") != 0)
                return;
        while ((word = next_word(&rest))) {
                cleanup_free_ char *whole = g_strdup_printf("%s.%s", adding->name, word);

                add_own(adding, whole);
        }
}

static void read_own_names(Never *never) {
        cleanup_free_ char *resolver = conf_read("/etc/resolv.conf"), *file = conf_read("/etc/hostname");
        cleanup_free_ char *local = NULL;
        char name[HOST_NAME_BYTES + 2] = "";
        Adding adding = { .never = never, .name = name };

        if (file)
                add_own(&adding, g_strstrip(file));
        if (gethostname(name, sizeof(name) - 1) < 0 || !name[0])
                return;
        local = g_strdup_printf("%s.local", name);
        add_own(&adding, name);
        add_own(&adding, local);
        if (resolver)
                conf_each_line(resolver, on_resolver_line, &adding);
}

/* ---- packages ---- */

/* The host of each address in it, as in "deb [arch=amd64] https://deb.debian.org/debian bookworm main". */
static void on_source_line(char *line, void *data) {
        for (char *at = line; (at = strstr(at, "://"));) {
                size_t n;
                char *user;

                at += strlen("://");
                n = strcspn(at, "/ \t\"");
                user = memchr(at, '@', n);
                if (user) {
                        n -= (size_t) (user + 1 - at);
                        at = user + 1;
                }
                add(data, g_strndup(at, MIN(n, strcspn(at, ":"))), WHY_PACKAGES);
        }
}

static void on_source_file(const char *text, void *data) {
        conf_each_line(text, on_source_line, data);
}

static void read_packages(Never *never) {
        cleanup_free_ char *text = conf_read("/etc/apt/sources.list");

        if (text)
                on_source_file(text, never->names);
        conf_each_file("/etc/apt/sources.list.d", ".list", on_source_file, never->names);
        conf_each_file("/etc/apt/sources.list.d", ".sources", on_source_file, never->names);
        /* Proxies. */
        conf_each_file("/etc/apt/apt.conf.d", "", on_source_file, never->names);
}

/* ---- the time ---- */

static void on_timesyncd_setting(const char *key, const char *value, void *data) {
        cleanup_free_ char *copy = g_strdup(value);
        char *rest = copy, *word;

        if (strcmp(key, "NTP") != 0 && strcmp(key, "FallbackNTP") != 0)
                return;
        while ((word = next_word(&rest)))
                add(data, g_strdup(word), WHY_TIME);
}

static void on_ntp_line(char *line, void *data) {
        char *rest = line, *verb = next_word(&rest), *name = verb ? next_word(&rest) : NULL;

        if (name && (strcmp(verb, "server") == 0 || strcmp(verb, "pool") == 0 || strcmp(verb, "peer") == 0))
                add(data, g_strdup(name), WHY_TIME);
}

static void on_ntp_file(const char *text, void *data) {
        conf_each_line(text, on_ntp_line, data);
}

static void read_time(Never *never) {
        static const char *const files[] = { "/etc/chrony/chrony.conf", "/etc/chrony.conf", "/etc/ntp.conf",
                "/etc/ntpsec/ntp.conf" };

        for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
                cleanup_free_ char *text = conf_read(files[i]);

                if (text)
                        on_ntp_file(text, never->names);
        }
        conf_each_file("/etc/chrony/conf.d", ".conf", on_ntp_file, never->names);
        conf_each_file("/etc/chrony/sources.d", ".sources", on_ntp_file, never->names);
        conf_each_setting("timesyncd.conf", on_timesyncd_setting, never->names);
        /* What is compiled into each of them. */
        add(never->domains, g_strdup("pool.ntp.org"), WHY_TIME);
}

/* ---- all of them ---- */

static Names *names_of(GHashTable *table) {
        cleanup_free_ const char **keys = (const char **) g_hash_table_get_keys_as_array(table, NULL);

        return names_new(keys);
}

Never *never_read(const char *hosts_text, const char *const *standing_never) {
        Never *never = g_new0(Never, 1);

        *never = (Never){
                .suffixes = psl_latest(NULL),
                .in_hosts = g_hash_table_new(g_str_hash, g_str_equal),
                .names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                .domains = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                .standing_texts = g_strdupv((char **) standing_never),
                .above = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
        };
        add(never->domains, g_strdup("localhost"), WHY_COMPUTER);
        add(never->domains, g_strdup("localdomain"), WHY_COMPUTER);
        add(never->names, g_strdup("use-application-dns.net"), WHY_CANARY);
        if (hosts_text)
                read_hosts(never, hosts_text);
        read_own_names(never);
        read_packages(never);
        read_time(never);
        never->domain_names = names_of(never->domains);
        never->standing = names_new((const char *const *) never->standing_texts);
        return never;
}

Never *never_free(Never *never) {
        if (!never)
                return NULL;
        psl_free(never->suffixes);
        g_hash_table_unref(never->in_hosts);
        g_hash_table_unref(never->names);
        names_free(never->domain_names);
        g_hash_table_unref(never->domains);
        names_free(never->standing);
        g_strfreev(never->standing_texts);
        g_hash_table_unref(never->above);
        g_free(never->hosts);
        g_free(never);
        return NULL;
}

/* Those of private owners are sites: what is below github.io is written by somebody else, and blocked with
 * it. */
static bool is_suffix(const Never *never, const char *name) {
        return never->suffixes ? psl_is_public_suffix2(never->suffixes, name, PSL_TYPE_ICANN)
                               : !strchr(name, '.');
}

static const char *why_not(const Never *never, const char *name) {
        const char *domain = names_cover(never->domain_names, name);

        if (domain)
                return g_hash_table_lookup(never->domains, domain);
        if (g_hash_table_contains(never->names, name))
                return g_hash_table_lookup(never->names, name);
        if (g_hash_table_contains(never->in_hosts, name))
                return WHY_HOSTS;
        return is_suffix(never, name) ? WHY_SUFFIX : NULL;
}

bool never_has(const Never *never, const char *name, const char **ret_why) {
        const char *why;

        assert(never && name && ret_why);
        why = why_not(never, name);
        if (!why && names_cover(never->standing, name))
                why = WHY_ROOT;
        if (why)
                *ret_why = why;
        return why != NULL;
}

const char *never_standing(const Never *never, const char *name) {
        assert(never && name);
        return why_not(never, name) ? NULL : names_cover(never->standing, name);
}

bool never_below(const Never *never, const char *name) {
        assert(never && name);
        return g_hash_table_contains(never->above, name) || names_below(never->standing, name);
}

bool never_standing_below(const Never *never, const char *name) {
        assert(never && name);
        return !g_hash_table_contains(never->above, name) && names_below(never->standing, name);
}
