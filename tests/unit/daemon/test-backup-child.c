/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/*
 * Whose backup is made next. The processes are this program again: each notes that it has begun, and ends
 * when it is let go.
 */

#include "daemon/backup-child.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "tests/unit/folder.h"

typedef struct World {
        sd_event *event;
        BackupChildren *children;
        char *folder;
        GString *ended; /* "T1 " for each: its kind and whose it was */
} World;

static char kind_letter(BackupKind kind) {
        return kind == BACKUP_BY_TIME ? 'T' : kind == BACKUP_BY_HAND ? 'H' : 'R';
}

static void on_done(void *userdata, uid_t uid, BackupKind kind, int result, const char *name) {
        World *world = userdata;

        g_assert_cmpint(result, ==, 0);
        g_assert_cmpstr(name, ==, "made");
        g_string_append_printf(world->ended, "%c%u ", kind_letter(kind), uid);
}

static void world_begin(World *world) {
        sigset_t child;

        *world = (World){ .folder = folder_new(), .ended = g_string_new(NULL) };
        sigemptyset(&child);
        sigaddset(&child, SIGCHLD);
        sigprocmask(SIG_BLOCK, &child, NULL);
        g_assert_cmpint(sd_event_new(&world->event), >=, 0);
        world->children = backup_children_new(world->event, on_done, world);
}

static void world_end(World *world) {
        backup_children_free(world->children);
        sd_event_unref(world->event);
        g_string_free(world->ended, TRUE);
        folder_free(world->folder);
}

static char *folder_of(const World *world, uid_t uid) {
        return g_strdup_printf("%s/%u", world->folder, uid);
}

static void add(World *world, uid_t uid, BackupKind kind) {
        cleanup_free_ char *folder = folder_of(world, uid);
        const BackupJob job = {
                .uid = uid,
                .kind = kind,
                .folder = folder,
                .name = kind == BACKUP_RESTORE ? "x" : NULL,
        };

        (void) g_mkdir(folder, 0700);
        g_assert_cmpint(backup_children_add(world->children, &job), ==, 0);
}

static char *read_begun(const World *world) {
        cleanup_free_ char *path = folder_file(world->folder, "begun");
        char *text = NULL;

        return g_file_get_contents(path, &text, NULL, NULL) ? text : g_strdup("");
}

/* The last that began is that one, and none did after it. */
static void assert_begins(const World *world, const char *all) {
        for (;;) {
                cleanup_free_ char *text = read_begun(world);

                if (strlen(text) >= strlen(all)) {
                        g_assert_cmpstr(text, ==, all);
                        return;
                }
                g_usleep(1000);
        }
}

/* Lets it go, and sees its end. */
static void end_of(World *world, uid_t uid) {
        cleanup_free_ char *folder = folder_of(world, uid), *go = folder_file(folder, "go");
        const size_t before = world->ended->len;

        g_assert_true(g_file_set_contents(go, "", 0, NULL));
        while (world->ended->len == before)
                g_assert_cmpint(sd_event_run(world->event, UINT64_MAX), >=, 0);
        g_assert_cmpint(unlink(go), ==, 0);
}

/* Two run; of the others those that time asks for come first, then those by hand in their order. */
static void test_order(void) {
        World world;

        world_begin(&world);
        add(&world, 1, BACKUP_BY_HAND);
        assert_begins(&world, "1 ");
        add(&world, 2, BACKUP_BY_HAND);
        assert_begins(&world, "1 2 ");
        add(&world, 3, BACKUP_BY_HAND);
        add(&world, 4, BACKUP_RESTORE);
        add(&world, 5, BACKUP_BY_TIME);
        add(&world, 6, BACKUP_BY_HAND);
        add(&world, 7, BACKUP_BY_TIME);
        end_of(&world, 1);
        assert_begins(&world, "1 2 5 ");
        end_of(&world, 2);
        assert_begins(&world, "1 2 5 7 ");
        end_of(&world, 7);
        assert_begins(&world, "1 2 5 7 3 ");
        end_of(&world, 5);
        assert_begins(&world, "1 2 5 7 3 4 ");
        end_of(&world, 4);
        assert_begins(&world, "1 2 5 7 3 4 6 ");
        end_of(&world, 3);
        end_of(&world, 6);
        g_assert_cmpstr(world.ended->str, ==, "H1 H2 T7 T5 R4 H3 H6 ");
        world_end(&world);
}

/* Who asks again and again has one place, and the other is for others. */
static void test_one_each(void) {
        World world;

        world_begin(&world);
        add(&world, 1, BACKUP_BY_HAND);
        assert_begins(&world, "1 ");
        add(&world, 1, BACKUP_RESTORE);
        add(&world, 1, BACKUP_BY_TIME);
        add(&world, 2, BACKUP_BY_HAND);
        assert_begins(&world, "1 2 ");
        end_of(&world, 2);
        assert_begins(&world, "1 2 ");
        add(&world, 3, BACKUP_BY_HAND);
        assert_begins(&world, "1 2 3 ");
        end_of(&world, 1);
        assert_begins(&world, "1 2 3 1 ");
        end_of(&world, 1);
        assert_begins(&world, "1 2 3 1 1 ");
        end_of(&world, 1);
        g_assert_cmpstr(world.ended->str, ==, "H2 H1 T1 R1 ");
        world_end(&world);
}

/* At the end those that run are ended, and those that wait are forgotten. */
static void test_end(void) {
        World world;

        world_begin(&world);
        for (uid_t uid = 1; uid < 6; uid++)
                add(&world, uid, BACKUP_BY_HAND);
        g_assert_cmpuint(world.ended->len, ==, 0);
        world_end(&world);
}

/* pomod --make-backup FOLDER …, as a test needs it. */
static int be_child(const char *folder) {
        cleanup_free_ char *base = g_path_get_basename(folder), *all = g_path_get_dirname(folder);
        cleanup_free_ char *path = folder_file(all, "begun"), *go = folder_file(folder, "go");
        FILE *file = fopen(path, "a");

        if (!file || fprintf(file, "%s ", base) < 0 || fclose(file) != 0)
                return 1;
        while (access(go, F_OK) < 0)
                g_usleep(1000);
        return puts("made") < 0;
}

int main(int argc, char **argv) {
        if (argc > 2 && strcmp(argv[1], "--make-backup") == 0)
                return be_child(argv[2]);
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/daemon/backup-child/order", test_order);
        g_test_add_func("/daemon/backup-child/one-each", test_one_each);
        g_test_add_func("/daemon/backup-child/end", test_end);
        return g_test_run();
}
