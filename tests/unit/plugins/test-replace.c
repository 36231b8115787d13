/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/sites/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "tests/unit/check.h"
#include "tests/unit/folder.h"

static char *read_text(const char *path) {
        char *text = NULL;

        g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
        return text;
}

static void test_replaces(void) {
        folder_ folder = folder_new();
        cleanup_free_ char *path = folder_file(folder, "file"),
                           *temporary = folder_file(folder, REPLACE_TEMPORARY);
        cleanup_free_ char *sentence = NULL, *text = NULL;
        struct stat st, before;

        g_assert_true(g_file_set_contents(temporary, "of one that was killed", -1, NULL));
        g_assert_cmpint(replace_file(path, "one", 3, &sentence), ==, 0);
        g_assert_cmpint(stat(path, &st), ==, 0);
        g_assert_cmpint(st.st_mode & 07777, ==, 0644);
        g_assert_cmpint(chmod(path, 0600), ==, 0);
        g_assert_cmpint(stat(path, &before), ==, 0);
        g_assert_cmpint(replace_file(path, "another", 7, &sentence), ==, 0);
        g_assert_cmpint(stat(path, &st), ==, 0);
        g_assert_cmpint(st.st_mode & 07777, ==, 0600);
        g_assert_false(replace_is_same(&st, &before));
        text = read_text(path);
        g_assert_cmpstr(text, ==, "another");
        g_assert_false(g_file_test(temporary, G_FILE_TEST_EXISTS));
        g_assert_null(sentence);
}

static int note_in_place(const char *path, size_t n_same, void *userdata) {
        *(size_t *) userdata = n_same;
        return 0;
}

static int refuse(const char *path, size_t n_same, void *userdata) {
        return -ENOSPC;
}

static void test_in_place(void) {
        folder_ folder = folder_new();
        cleanup_free_ char *path = folder_file(folder, "file"), *other = folder_file(folder, "other");
        cleanup_free_ char *sentence = NULL, *text = NULL, *refused = NULL;
        size_t n_same = 0;

        g_assert_true(g_file_set_contents(path, "one two three", -1, NULL));
        g_assert_cmpint(link(path, other), ==, 0);
        g_assert_cmpint(replace_file_how(path, "one 2", 5,
                                        &(ReplaceHow){ .in_place = note_in_place, .userdata = &n_same },
                                        &sentence),
                        ==, 0);
        g_assert_cmpuint(n_same, ==, 4);
        text = read_text(other);
        g_assert_cmpstr(text, ==, "one 2");
        g_assert_cmpint(replace_file_how(path, "x", 1, &(ReplaceHow){ .in_place = refuse }, &sentence), ==,
                        -ENOSPC);
        refused = read_text(path);
        g_assert_cmpstr(refused, ==, "one 2");
        g_assert_nonnull(strstr(sentence, "/file cannot be changed: No space left on device"));
}

/* What was read is not there any more: nothing is done. */
static void test_another_file(void) {
        folder_ folder = folder_new();
        cleanup_free_ char *path = folder_file(folder, "file"),
                           *temporary = folder_file(folder, REPLACE_TEMPORARY);
        cleanup_free_ char *sentence = NULL, *text = NULL, *there = NULL;
        struct stat seen = {};

        g_assert_true(g_file_set_contents(path, "one", -1, NULL));
        g_assert_cmpint(replace_file_how(path, "two", 3, &(ReplaceHow){ .seen = &seen }, &there), ==,
                        -ESTALE);
        g_assert_cmpint(stat(path, &seen), ==, 0);
        g_assert_true(g_file_set_contents(path, "three", -1, NULL));
        g_assert_cmpint(replace_file_how(path, "two", 3, &(ReplaceHow){ .seen = &seen }, &sentence), ==,
                        -ESTALE);
        text = read_text(path);
        g_assert_cmpstr(text, ==, "three");
        g_assert_false(g_file_test(temporary, G_FILE_TEST_EXISTS));
}

/* Who writes to it goes on in the file that has the name. */
static void test_being_written(void) {
        folder_ folder = folder_new();
        cleanup_free_ char *path = folder_file(folder, "file"), *other = folder_file(folder, "other");
        cleanup_free_ char *sentence = NULL, *again = NULL, *text = NULL;
        struct stat seen;
        int fd;

        for (unsigned in_place = 0; in_place < 2; in_place++) {
                fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
                g_assert_cmpint(fd, >=, 0);
                g_assert_cmpint(in_place ? link(path, other) : 0, ==, 0);
                g_assert_cmpint(stat(path, &seen), ==, 0);
                g_clear_pointer(&sentence, free);
                g_assert_cmpint(replace_file_how(path, "ours", 4, &(ReplaceHow){ .seen = &seen }, &sentence),
                                ==, -ETXTBSY);
                g_assert_cmpint(write(fd, "theirs", 6), ==, 6);
                g_assert_cmpint(close(fd), ==, 0);
                g_clear_pointer(&text, free);
                text = read_text(path);
                g_assert_cmpstr(text, ==, "theirs");
                g_assert_cmpint(stat(path, &seen), ==, 0);
                g_assert_cmpint(replace_file_how(path, "ours", 4, &(ReplaceHow){ .seen = &seen }, &again), ==,
                                0);
        }
        /* Who only reads it keeps nobody from it. */
        fd = open(path, O_RDONLY | O_CLOEXEC);
        g_assert_cmpint(stat(path, &seen), ==, 0);
        g_assert_cmpint(replace_file_how(path, "x", 1, &(ReplaceHow){ .seen = &seen }, &again), ==, 0);
        g_assert_cmpint(close(fd), ==, 0);
}

static void test_links(void) {
        folder_ folder = folder_new();
        cleanup_free_ char *path = folder_file(folder, "file"), *link = folder_file(folder, "link");
        cleanup_free_ char *nowhere = folder_file(folder, "nowhere"), *sentence = NULL, *text = NULL,
                           *kept = NULL;

        g_assert_true(g_file_set_contents(path, "one", -1, NULL));
        g_assert_cmpint(symlink("file", link), ==, 0);
        g_assert_cmpint(symlink("gone", nowhere), ==, 0);
        g_assert_cmpint(replace_file(link, "two", 3, &sentence), ==, 0);
        g_assert_true(g_file_test(link, G_FILE_TEST_IS_SYMLINK));
        text = read_text(path);
        g_assert_cmpstr(text, ==, "two");
        g_assert_cmpint(replace_file(nowhere, "x", 1, &sentence), ==, -ENOENT);
        g_assert_nonnull(strstr(sentence, "/nowhere leads to a file that is not there"));
        /* The link alone is removed. */
        g_assert_cmpint(replace_remove(link, &sentence), ==, 0);
        g_assert_cmpint(replace_remove(link, &sentence), ==, 0);
        kept = read_text(path);
        g_assert_cmpstr(kept, ==, "two");
}

static void test_what_is_no_file(void) {
        folder_ folder = folder_new();
        cleanup_free_ char *sentence = NULL, *path = folder_file(folder, "pipe"), *below = NULL;

        g_assert_cmpint(replace_file(folder, "x", 1, &sentence), ==, -EISDIR);
        g_free(steal(sentence));
        g_assert_cmpint(mkfifo(path, 0600), ==, 0);
        g_assert_cmpint(replace_file(path, "x", 1, &sentence), ==, -EISDIR);
        g_free(steal(sentence));
        below = folder_file(path, "file");
        g_assert_cmpint(replace_file(below, "x", 1, &sentence), <, 0);
        g_assert_nonnull(sentence);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/replace/replaces", test_replaces);
        g_test_add_func("/replace/in place", test_in_place);
        g_test_add_func("/replace/another file", test_another_file);
        g_test_add_func("/replace/being-written", test_being_written);
        g_test_add_func("/replace/links", test_links);
        g_test_add_func("/replace/what is no file", test_what_is_no_file);
        return g_test_run();
}
