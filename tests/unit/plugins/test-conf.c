/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/conf.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "common/caps.h"
#include "common/cleanup.h"
#include "plugins/host/conf-file.h"
#include "tests/unit/check.h"
#include "tests/unit/folder.h"

DEFINE_CLEANUP(Conf *, conf_free);

static PomoSetting settings[] = {
        { .key = "block", .type = POMO_NAMES },
        { .key = "sound", .type = POMO_YES_NO, .flags = POMO_STANDING, .fallback = "yes" },
        { .key = "wait", .type = POMO_DURATION, .flags = POMO_STANDING, .min = 1000000, .max = 60000000 },
        { .key = "file", .type = POMO_TEXT, .flags = POMO_STANDING },
        { .key = "always", .type = POMO_NAMES, .flags = POMO_STANDING },
};
static const Plugin plugin = { .name = (char *) "sites",
        .version = (char *) "1",
        .settings = settings,
        .n_settings = G_N_ELEMENTS(settings) };

static void write_file(const char *path, const char *text) {
        g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

/* key=text of each, and the mistakes, without the folder in front of them. */
static char *print(const Conf *conf, const char *folder) {
        const Values *values = conf_values(conf);
        GString *text = g_string_new(NULL);

        for (size_t i = 0; i < values->n; i++)
                g_string_append_printf(text, "%s%s=%s", i > 0 ? " " : "", values->list[i]->key,
                                values->list[i]->text);
        for (const char *const *mistake = conf_mistakes(conf); *mistake; mistake++)
                g_string_append_printf(text, "|%s",
                                g_str_has_prefix(*mistake, folder) ? *mistake + strlen(folder) + 1
                                                                   : *mistake);
        return g_string_free(text, FALSE);
}

static void check_conf_at(int line, const char *folder, const char *want) {
        const Places places = { .conf_dir = folder };
        cleanup_(conf_freep) Conf *conf = NULL;
        g_autofree char *text = NULL;

        g_assert_cmpint(conf_new(NULL, &places, &plugin, NULL, NULL, &conf), ==, 0);
        text = print(conf, folder);
        CHECK_STR(line, text, want);
}

static void test_lines(void) {
        static const struct {
                int line;
                const char *text, *want;
        } table[] = {
                { __LINE__, "", "sound=yes" },
                { __LINE__, "[Settings]\nSound=no\nfile=/x", "sound=no file=/x" },
                { __LINE__, "# what\n\n; for\n  [Settings] \r\n  sound =  no \r\n", "sound=no" },
                { __LINE__, "[Settings]\nfile=a=b # no comment\n", "sound=yes file=a=b # no comment" },
                { __LINE__, "[Settings]\nalways=a.com;b.com\n", "sound=yes always=a.com;b.com" },

                { __LINE__, "sound=no\n[Settings]\nfile=/x\n",
                                "sound=yes file=/x|sites.conf:1: \"sound=no\" stands before [Settings]; write that line first" },
                { __LINE__, "[Setting]\nsound=no\nfoo\n[Settings]\nfile=/x\n",
                                "sound=yes file=/x|sites.conf:1: there is no group [Setting]; the only one is [Settings]" },
                { __LINE__, "[Settings]\nsound\nfile=/x\n",
                                "sound=yes file=/x|sites.conf:2: \"sound\" is no key=value; a comment begins with #" },
                { __LINE__, "[Settings]\nsuond=no\nfile=/x\n",
                                "sound=yes file=/x|sites.conf:2: sites has no standing setting \"suond\"; did you mean sound?" },
                { __LINE__, "[Settings]\ncolour=no\nfile=/x\n",
                                "sound=yes file=/x|sites.conf:2: sites has no standing setting \"colour\"; see pomoctl plugin info" },
                { __LINE__, "[Settings]\nblock=a.com\nfile=/x\n",
                                "sound=yes file=/x|sites.conf:2: block is a key of profiles, sites.block; here are standing settings alone" },
                { __LINE__, "[Settings]\nsound=no\nsound=yes\nfile=/x\n",
                                "sound=no file=/x|sites.conf:3: sound is set in line 2 already, and that one holds" },
                { __LINE__, "[Settings]\n\nsound=maybe\nfile=/x\n",
                                "sound=yes file=/x|sites.conf:3: sound: \"maybe\" is neither yes nor no" },
                { __LINE__, "[Settings]\nwait=61s\nsound=x\nfile=/x\n",
                                "sound=yes file=/x|sites.conf:2: wait: 61s is out of range; it can be 1s to 1m|sites.conf:3: sound: \"x\" is neither yes nor no" },
                { __LINE__, "[Settings]\nalways=a.com;@social\n",
                                "sound=yes always=a.com;@social|sites.always holds in part: no list can be named here, such as @social; write the names" },
        };
        folder_ folder = folder_new();
        g_autofree char *path = folder_file(folder, "sites.conf");

        check_conf_at(__LINE__, folder, "sound=yes");
        for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
                write_file(path, table[i].text);
                check_conf_at(table[i].line, folder, table[i].want);
        }
}

static void test_files(void) {
        folder_ folder = folder_new();
        g_autofree char *path = folder_file(folder, "sites.conf"),
                        *drop_ins = folder_file(folder, "sites.conf.d"),
                        *ten = folder_file(drop_ins, "10-a.conf"), *nine = folder_file(drop_ins, "9-b.conf"),
                        *hidden = folder_file(drop_ins, ".x.conf"), *other = folder_file(drop_ins, "x.conf~");

        write_file(path, "[Settings]\nsound=no\nfile=/a\nwait=1s\n");
        g_assert_cmpint(mkdir(drop_ins, 0755), ==, 0);
        write_file(ten, "[Settings]\nfile=/ten\nwait=2s\n");
        write_file(nine, "[Settings]\nfile=/nine\n");
        write_file(hidden, "[Settings]\nfile=/hidden\n");
        write_file(other, "[Settings]\nfile=/other\n");
        check_conf_at(__LINE__, folder, "sound=no wait=2s file=/nine");
        write_file(nine, "[Settings]\nfile=/nine\nwait=1h\n");
        check_conf_at(__LINE__, folder,
                        "sound=no wait=2s file=/nine|sites.conf.d/9-b.conf:3: wait: 1h is out of range; it can be 1s to 1m");

        g_assert_cmpint(chmod(nine, 0666), ==, 0);
        check_conf_at(__LINE__, folder,
                        "sound=no wait=2s file=/ten|sites.conf.d/9-b.conf is left out, as others than root may write to it; chown root, chmod 644");
        g_assert_cmpint(unlink(nine), ==, 0);
        g_assert_cmpint(mkdir(nine, 0755), ==, 0);
        check_conf_at(__LINE__, folder,
                        "sound=no wait=2s file=/ten|sites.conf.d/9-b.conf is no plain file, and is left out");
        g_assert_cmpint(rmdir(nine), ==, 0);
        g_assert_true(g_file_set_contents(nine, "[Settings]\0file=/x", 18, NULL));
        check_conf_at(__LINE__, folder,
                        "sound=no wait=2s file=/ten|sites.conf.d/9-b.conf is left out, as it has zero bytes and is no text");
}

static void test_caps(void) {
        folder_ folder = folder_new();
        g_autofree char *path = folder_file(folder, "sites.conf"),
                        *drop_ins = folder_file(folder, "sites.conf.d"),
                        *filler = g_strnfill(CAP_PLUGIN_CONF_BYTES - strlen("[Settings]\nfile=/x\n#"), 'a'),
                        *most = g_strconcat("[Settings]\nfile=/x\n#", filler, NULL),
                        *more = g_strconcat(most, "a", NULL);
        ConfTexts texts = {};

        write_file(path, most);
        check_conf_at(__LINE__, folder, "sound=yes file=/x");
        write_file(path, more);
        check_conf_at(__LINE__, folder, "sound=yes|sites.conf is left out, as it has more than 65536 bytes");

        g_assert_cmpint(unlink(path), ==, 0);
        g_assert_cmpint(mkdir(drop_ins, 0755), ==, 0);
        for (unsigned i = 1; i <= CAP_PLUGIN_CONF_FILES + 1; i++) {
                g_autofree char *name = g_strdup_printf("%s/%03u.conf", drop_ins, i);
                g_autofree char *text = g_strdup_printf("[Settings]\nfile=%u\n", i);

                write_file(name, text);
                if (i == CAP_PLUGIN_CONF_FILES)
                        check_conf_at(__LINE__, folder, "sound=yes file=64");
        }
        check_conf_at(__LINE__, folder,
                        "sound=yes file=64|sites.conf.d has 65 files, of which the first 64 are read");

        for (unsigned i = 0; i <= CAP_PLUGIN_CONF_MISTAKES; i++) {
                conf_file_mistake(&texts, "mistake %u", i);
                CHECK_INT(__LINE__, texts.n_mistakes, MIN(i + 1, CAP_PLUGIN_CONF_MISTAKES));
        }
        conf_file_clear(&texts);
}

/* ---- changes ---- */

typedef struct Watched {
        sd_event *event;
        Conf *conf;
        const char *folder;
        unsigned changes;
} Watched;

static void on_changed(void *userdata) {
        Watched *watched = (Watched *) userdata;

        watched->changes++;
}

static void watched_end(Watched *watched) {
        conf_free(watched->conf);
        sd_event_unref(watched->event);
}

/* Waits until something changed, once, and what holds then. */
static void check_change_at(int line, Watched *watched, const char *want) {
        unsigned before = watched->changes;
        g_autofree char *text = NULL;

        while (watched->changes == before)
                if (sd_event_run(watched->event, 10000000) <= 0) {
                        check_failed("line %d: no change is heard of", line);
                        return;
                }
        text = print(watched->conf, watched->folder);
        CHECK_STR(line, text, want);
}

static void watch(Watched *watched, const char *folder) {
        const Places places = { .conf_dir = folder };

        *watched = (Watched){ .folder = folder };
        g_assert_cmpint(sd_event_new(&watched->event), ==, 0);
        g_assert_cmpint(conf_new(watched->event, &places, &plugin, on_changed, watched, &watched->conf), ==,
                        0);
}

static void test_changes(void) {
        folder_ above = folder_new();
        g_autofree char *folder = g_build_filename(above, "pomod", "plugins", NULL),
                        *path = folder_file(folder, "sites.conf"), *other = folder_file(folder, "mute.conf"),
                        *drop_ins = folder_file(folder, "sites.conf.d"),
                        *drop_in = folder_file(drop_ins, "a.conf"), *elsewhere = folder_file(above, "a");
        cleanup_(watched_end) Watched watched;
        FILE *file;

        /* Nothing is there yet, not even the folder. */
        watch(&watched, folder);
        g_assert_cmpint(g_mkdir_with_parents(folder, 0755), ==, 0);
        write_file(path, "[Settings]\nfile=/a\n");
        check_change_at(__LINE__, &watched, "sound=yes file=/a");

        /* Replaced by a rename, written in place, linked to. */
        write_file(path, "[Settings]\nfile=/b\n");
        check_change_at(__LINE__, &watched, "sound=yes file=/b");
        file = fopen(path, "we");
        g_assert_true(fputs("[Settings]\nfile=/c\n", file) >= 0 && fclose(file) == 0);
        check_change_at(__LINE__, &watched, "sound=yes file=/c");
        g_assert_cmpint(unlink(path), ==, 0);
        check_change_at(__LINE__, &watched, "sound=yes");
        write_file(elsewhere, "[Settings]\nfile=/linked\n");
        g_assert_cmpint(symlink(elsewhere, path), ==, 0);
        check_change_at(__LINE__, &watched, "sound=yes file=/linked");

        /* A drop-in, a mistake in it, and its folder gone. */
        g_assert_cmpint(mkdir(drop_ins, 0755), ==, 0);
        write_file(drop_in, "[Settings]\nsound=no\n");
        check_change_at(__LINE__, &watched, "sound=no file=/linked");
        write_file(drop_in, "[Settings]\nsound=x\n");
        check_change_at(__LINE__, &watched,
                        "sound=yes file=/linked|sites.conf.d/a.conf:2: sound: \"x\" is neither yes nor no");
        g_assert_cmpint(unlink(drop_in) | rmdir(drop_ins), ==, 0);
        check_change_at(__LINE__, &watched, "sound=yes file=/linked");

        /* Another plugin's, and the same once more, are no change. */
        write_file(other, "[Settings]\nfile=/other\n");
        g_assert_cmpint(unlink(path), ==, 0);
        write_file(path, "[Settings]\nfile=/linked\n");
        while (sd_event_run(watched.event, 0) > 0)
                continue;
        CHECK_INT(__LINE__, watched.changes, 8);
}

/* What was known stays where a file that is there cannot be read. */
static void test_unreadable(void) {
        folder_ folder = folder_new();
        g_autofree char *path = folder_file(folder, "sites.conf");
        cleanup_(watched_end) Watched watched;

        write_file(path, "[Settings]\nfile=/a\n");
        watch(&watched, folder);
        g_assert_cmpint(unlink(path), ==, 0);
        g_assert_cmpint(symlink("sites.conf", path), ==, 0);
        check_change_at(__LINE__, &watched,
                        "sound=yes file=/a|sites.conf cannot be read: Too many levels of symbolic links");
        g_assert_cmpint(unlink(path), ==, 0);
        check_change_at(__LINE__, &watched, "sound=yes");
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/conf/lines", test_lines);
        g_test_add_func("/conf/files", test_files);
        g_test_add_func("/conf/caps", test_caps);
        g_test_add_func("/conf/changes", test_changes);
        g_test_add_func("/conf/unreadable", test_unreadable);
        return g_test_run();
}
