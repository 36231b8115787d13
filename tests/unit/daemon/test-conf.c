/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/conf.h"

#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "common/caps.h"
#include "common/cleanup.h"
#include "tests/unit/check.h"
#include "tests/unit/folder.h"

typedef struct Fixture {
        char *dir, *path, *passwd, *group;
        Conf *conf;
} Fixture;

static void fixture_init(Fixture *f) {
        f->dir = folder_new();
        f->path = folder_file(f->dir, "pomod.conf");
        f->passwd = folder_file(f->dir, "passwd");
        f->group = folder_file(f->dir, "group");
        f->conf = conf_new(f->path, f->passwd, f->group);
}

static void fixture_done(Fixture *f) {
        conf_free(f->conf);
        g_free(f->path);
        g_free(f->passwd);
        g_free(f->group);
        folder_free(f->dir);
}

/* By rename, as what edits these files does. */
static void put(const char *path, const char *text, gssize size) {
        g_assert_true(g_file_set_contents(path, text, size, NULL));
}

static void read_well(Fixture *f, const char *text) {
        put(f->path, text, -1);
        g_assert_null(conf_read(f->conf));
}

static void test_accounts(void) {
        cleanup_(fixture_done) Fixture f;

        fixture_init(&f);
        g_assert_null(conf_read(f.conf));
        g_assert_false(conf_blocks_for_everyone(f.conf, "alice"));
        read_well(&f, "\r\n; ours\n  [Consent]\t\n BlockForEveryone = alice ;; bob-2; carl.b; \n#BlockForEveryone=mallory");
        g_assert_true(conf_blocks_for_everyone(f.conf, "alice"));
        g_assert_true(conf_blocks_for_everyone(f.conf, "bob-2"));
        g_assert_true(conf_blocks_for_everyone(f.conf, "carl.b"));
        g_assert_false(conf_blocks_for_everyone(f.conf, "mallory"));
        g_assert_false(conf_blocks_for_everyone(f.conf, "Alice"));
        g_assert_false(conf_blocks_for_everyone(f.conf, ""));
        read_well(&f, "[Consent]\nBlockForEveryone=\n");
        g_assert_false(conf_blocks_for_everyone(f.conf, "alice"));
}

static void test_groups(void) {
        cleanup_(fixture_done) Fixture f;

        fixture_init(&f);
        put(f.passwd, "root:x:0:0::/:\nbob:x:1001:27::/:\ndora:x:1002:50::/:\nhalf:x:1003\n+nis:x:1:27::\n",
                        -1);
        put(f.group, "sudo:x:27:alice, carl\nother:x:50:mallory\nhalf:x:27\n#sudo:x:27:mallory\n", -1);
        read_well(&f, "[Consent]\nBlockForEveryone=%sudo\n");
        for (const char *const *name = (const char *const[]){ "alice", "bob", "carl", NULL }; *name; name++)
                g_assert_true(conf_blocks_for_everyone(f.conf, *name));
        for (const char *const *name = (const char *const[]){ "mallory", "dora", "sudo", "%sudo", "+nis",
                             NULL };
                        *name; name++)
                g_assert_false(conf_blocks_for_everyone(f.conf, *name));

        /* Who leaves the group, or whose file is gone, is not in it any more. */
        put(f.group, "sudo:x:27:carl\n", -1);
        g_assert_false(conf_blocks_for_everyone(f.conf, "alice"));
        g_assert_true(conf_blocks_for_everyone(f.conf, "carl"));
        put(f.passwd, "bob:x:1001:28::/:\n", -1);
        g_assert_false(conf_blocks_for_everyone(f.conf, "bob"));
        g_assert_cmpint(g_unlink(f.group), ==, 0);
        g_assert_false(conf_blocks_for_everyone(f.conf, "carl"));
}

static void test_mistakes(void) {
        static const struct {
                int line;
                unsigned at;
                const char *text, *what;
        } rows[] = {
                { __LINE__, 1, "nonsense", "\"nonsense\" is neither a group, like [Consent], nor KEY=VALUE" },
                { __LINE__, 3, "\n\n[consent]\n", "there is no group \"[consent]\"; there is [Consent]" },
                { __LINE__, 1, "[Consent\n", "there is no group \"[Consent\"" },
                { __LINE__, 2, "[Consent]\n[Consent]\n", "[Consent] is given twice" },
                { __LINE__, 1, "BlockForEveryone=a\n[Consent]\n", "stands before [Consent]" },
                { __LINE__, 2, "[Consent]\nblockforeveryone=a\n", "there is no key \"blockforeveryone\"" },
                { __LINE__, 2, "[Consent]\n=a\n", "there is no key \"\"" },
                { __LINE__, 3, "[Consent]\nBlockForEveryone=a\nBlockForEveryone=b\n", "is given twice" },
                { __LINE__, 2, "[Consent]\nBlockForEveryone=a,b\n", "\"a,b\" is neither an account" },
                { __LINE__, 2, "[Consent]\nBlockForEveryone=a;%\n", "\"%\" is neither an account" },
                { __LINE__, 2, "[Consent]\nBlockForEveryone=a;-x\n", "\"-x\" is neither an account" },
                { __LINE__, 2, "[Consent]\nBlockForEveryone=a;/b\n", "\"/b\" is neither an account" },
                { __LINE__, 2, "[Consent]\nBlockForEveryone=a;\xff\n", "is neither an account" },
        };
        cleanup_(fixture_done) Fixture f;

        fixture_init(&f);
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                cleanup_free_ char *where = g_strdup_printf("%s:%u: ", f.path, rows[i].at), *mistake = NULL;

                put(f.path, rows[i].text, -1);
                mistake = conf_read(f.conf);
                CHECK(rows[i].line, mistake && g_str_has_prefix(mistake, where));
                CHECK(rows[i].line, mistake && strstr(mistake, rows[i].what));
                CHECK(rows[i].line, mistake && !strchr(mistake, '\n'));
                CHECK(rows[i].line, !conf_blocks_for_everyone(f.conf, "a"));
        }
        read_well(&f, "[Consent]\nBlockForEveryone=a\n");
        g_assert_true(conf_blocks_for_everyone(f.conf, "a"));
}

static void test_files(void) {
        static const char text[] = "[Consent]\nBlockForEveryone=a\n#";
        cleanup_free_ char *large = g_strnfill(CAP_CONF_BYTES + 1, 'x'), *mistake = NULL, *pipe = NULL,
                           *nul = NULL, *open = NULL;
        cleanup_(fixture_done) Fixture f;

        fixture_init(&f);
        memcpy(large, text, strlen(text));
        put(f.path, large, CAP_CONF_BYTES);
        g_assert_null(conf_read(f.conf));
        g_assert_true(conf_blocks_for_everyone(f.conf, "a"));
        put(f.path, large, CAP_CONF_BYTES + 1);
        mistake = conf_read(f.conf);
        g_assert_nonnull(strstr(mistake, "it has more than 64 KiB"));
        g_assert_false(conf_blocks_for_everyone(f.conf, "a"));

        put(f.path, "[Consent]\nBlockForEveryone=a\0;b\n", 32);
        nul = conf_read(f.conf);
        g_assert_nonnull(strstr(nul, "it has a NUL in it"));
        read_well(&f, text);
        g_assert_cmpint(g_chmod(f.path, 0664), ==, 0);
        open = conf_read(f.conf);
        g_assert_nonnull(strstr(open, "others than root may write to it"));
        g_assert_false(conf_blocks_for_everyone(f.conf, "a"));
        g_assert_cmpint(g_unlink(f.path), ==, 0);
        g_assert_cmpint(mkfifo(f.path, 0600), ==, 0);
        pipe = conf_read(f.conf);
        g_assert_nonnull(strstr(pipe, "it is no ordinary file"));
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/daemon/conf/accounts", test_accounts);
        g_test_add_func("/daemon/conf/groups", test_groups);
        g_test_add_func("/daemon/conf/mistakes", test_mistakes);
        g_test_add_func("/daemon/conf/files", test_files);
        return g_test_run();
}
