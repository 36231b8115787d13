/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/load.h"

#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "common/cleanup.h"
#include "plugins/host/object.h"
#include "tests/unit/check.h"
#include "tests/unit/folder.h"

/* Refused with a sentence, which names the path as it was asked for. */
static void check_refused_at(int line, const char *path, bool as_root, int r, const char *sentence) {
        g_autofree char *want = g_strconcat(path, sentence, NULL);
        cleanup_free_ char *got = NULL;
        Plugin *plugin = NULL;

        CHECK_INT(line, load_plugin(path, as_root, &plugin, &got), r);
        CHECK_STR(line, got, want);
        CHECK(line, !plugin);
}

static void write_file(const char *path, const void *data, size_t n) {
        g_assert_true(g_file_set_contents(path, (const char *) data, (gssize) n, NULL));
}

/* ---- files that are none ---- */

static void test_no_object(void) {
        folder_ folder = folder_new();
        g_autofree char *path = folder_file(folder, "sites.so");

        check_refused_at(__LINE__, path, false, -ENOENT, " cannot be loaded: No such file or directory");
        write_file(path, "#!/bin/sh\n", 10);
        check_refused_at(__LINE__, path, false, -ENOEXEC,
                        " is no ELF file, so that it is no plugin; gcc -shared -fPIC makes one");
        write_file(path, "", 0);
        check_refused_at(__LINE__, path, false, -ENOEXEC,
                        " is no ELF file, so that it is no plugin; gcc -shared -fPIC makes one");
        write_file(path, ELFMAG, SELFMAG);
        check_refused_at(__LINE__, path, false, -ENOEXEC,
                        " is cut off within its ELF header; install it again");
        check_refused_at(__LINE__, folder, false, -EINVAL, " is no plain file, so that it is no plugin");

        g_assert_cmpint(unlink(path), ==, 0);
        g_assert_cmpint(mkfifo(path, 0600), ==, 0);
        check_refused_at(__LINE__, path, false, -EINVAL, " is no plain file, so that it is no plugin");
}

static Elf64_Phdr *last_part(char *program, uint32_t type) {
        const Elf64_Ehdr *header = (const Elf64_Ehdr *) (const void *) program;
        Elf64_Phdr *parts = (Elf64_Phdr *) (void *) (program + header->e_phoff), *last = NULL;

        for (unsigned i = 0; i < header->e_phnum; i++)
                if (parts[i].p_type == type)
                        last = &parts[i];
        g_assert_nonnull(last);
        return last;
}

/* This program with something changed in its header. */
static void test_header(void) {
        folder_ folder = folder_new();
        g_autofree char *path = folder_file(folder, "sites.so"), *program = NULL;
        Elf64_Ehdr *header;
        Elf64_Ehdr sound;
        size_t n;

        g_assert_true(g_file_get_contents("/proc/self/exe", &program, &n, NULL));
        header = (Elf64_Ehdr *) (void *) program;
        sound = *header;
        g_assert_cmpint(sizeof(void *), ==, 8);

        header->e_machine = sound.e_machine == EM_AARCH64 ? EM_RISCV : EM_AARCH64;
        write_file(path, program, n);
        {
                cleanup_free_ char *got = NULL;
                Plugin *plugin;

                CHECK_INT(__LINE__, load_plugin(path, false, &plugin, &got), -ENOEXEC);
                CHECK(__LINE__, strstr(got, " is built for another processor, "));
                CHECK(__LINE__, strstr(got, sound.e_machine == EM_AARCH64 ? "RISC-V" : "AArch64"));
        }
        *header = sound;
        header->e_type = ET_REL;
        write_file(path, program, n);
        check_refused_at(__LINE__, path, false, -ENOEXEC,
                        " is no shared object: it is an object file; link it with -shared");
        *header = sound;
        header->e_phnum = 0;
        write_file(path, program, n);
        check_refused_at(__LINE__, path, false, -ENOEXEC,
                        " has an ELF header, and nothing behind it that can be loaded");
        *header = sound;
        /* The last part begins before the others do; it has less in memory than in the file; it has all; what
         * is protected afterwards is more than there is. */
        for (unsigned i = 0; i < 4; i++) {
                Elf64_Phdr *last = last_part(program, i < 3 ? PT_LOAD : PT_GNU_RELRO), whole = *last;

                if (i == 0)
                        last->p_vaddr = 0;
                else
                        last->p_memsz = i == 1 ? last->p_filesz - 1 : i == 2 ? UINT64_MAX : 9 << 20;
                write_file(path, program, n);
                check_refused_at(__LINE__, path, false, -ENOEXEC,
                                " is damaged: what its headers say lies over each other; install it again");
                *last = whole;
        }
        *header = sound;
        header->e_phoff = UINT64_MAX - 8;
        write_file(path, program, n);
        {
                cleanup_free_ char *got = NULL;
                Plugin *plugin;

                CHECK_INT(__LINE__, load_plugin(path, false, &plugin, &got), -ENOEXEC);
                CHECK(__LINE__, strstr(got, " is cut off: it has "));
        }
}

/* Wherever it is cut off, nothing is mapped that is not there. */
static void test_cut_off(void) {
        folder_ folder = folder_new();
        g_autofree char *path = folder_file(folder, "sites.so"), *program = NULL;
        size_t n;

        g_assert_true(g_file_get_contents("/proc/self/exe", &program, &n, NULL));
        for (size_t left = 5; left < 4096; left += 97) {
                cleanup_free_ char *got = NULL;
                Plugin *plugin;

                write_file(path, program, left);
                CHECK_INT(__LINE__, load_plugin(path, false, &plugin, &got), -ENOEXEC);
                CHECK(__LINE__, strstr(got, " is cut off"));
        }
}

/* ---- whose it is ---- */

static void test_trust(void) {
        folder_ folder = folder_new();
        g_autofree char *path = folder_file(folder, "sites.so"), *link = folder_file(folder, "link.so"),
                        *beside = NULL, *library = NULL;
        cleanup_free_ char *got = NULL, *resolved = NULL;
        Dl_info info;
        Plugin *plugin;

        write_file(path, "x", 1);
        g_assert_cmpint(chmod(folder, 0777), ==, 0);
        CHECK_INT(__LINE__, load_plugin(path, true, &plugin, &got), -EPERM);
        CHECK(__LINE__, got && strstr(got, " is not loaded as root: "));
        free(steal(got));
        g_assert_cmpint(chmod(folder, 0755) | chmod(path, 0664), ==, 0);
        CHECK_INT(__LINE__, load_plugin(path, true, &plugin, &got), -EPERM);
        CHECK(__LINE__, got && strstr(got, " is not loaded as root: "));
        /* Somebody's, if there is somebody. */
        if (geteuid() == 0) {
                free(steal(got));
                g_assert_cmpint(chmod(path, 0644) | chown(path, 1000, 0), ==, 0);
                CHECK_INT(__LINE__, load_plugin(path, true, &plugin, &got), -EPERM);
                CHECK(__LINE__, got && strstr(got, " belongs to uid 1000; chown root "));
                g_assert_cmpint(chown(path, 0, 0) | chown(folder, 1000, 0), ==, 0);
                free(steal(got));
                CHECK_INT(__LINE__, load_plugin(path, true, &plugin, &got), -EPERM);
                /* Also in a folder that is for everybody, as long as what lies in it is root's. */
                g_assert_cmpint(chown(folder, 0, 0) | chmod(folder, 01777), ==, 0);
                check_refused_at(__LINE__, path, true, -ENOEXEC,
                                " is no ELF file, so that it is no plugin; gcc -shared -fPIC makes one");
        }

        /* A library of the computer is root's all along its path, and no plugin. What was refused is not
         * kept. */
        g_assert_true(dladdr(dlsym(RTLD_DEFAULT, "gnu_get_libc_version"), &info));
        beside = g_path_get_dirname(info.dli_fname);
        library = g_build_filename(beside, "libanl.so.1", NULL);
        resolved = realpath(library, NULL);
        g_assert_nonnull(resolved);
        check_refused_at(__LINE__, resolved, true, -EINVAL,
                        " has no symbol pomo_plugin_1, so that it is no plugin; is it declared as pomo-plugin.h does?");
        /* By where a link leads to, and not where it lies. */
        g_assert_cmpint(symlink(resolved, link), ==, 0);
        check_refused_at(__LINE__, link, true, -EINVAL,
                        " has no symbol pomo_plugin_1, so that it is no plugin; is it declared as pomo-plugin.h does?");
}

/* ---- where it is ---- */

static void check_found_at(
                int line, const Places *places, bool system, int r, const char *path, const char *sentence) {
        cleanup_free_ char *got = NULL, *got_sentence = NULL;

        CHECK_INT(line, load_find(places, "sites", system, &got, &got_sentence), r);
        CHECK_STR(line, got, path);
        CHECK_STR(line, got_sentence, sentence);
}

static void test_find(void) {
        folder_ roots = folder_new();
        folder_ own = folder_new();
        g_autofree char *roots_so = folder_file(roots, "sites.so"), *own_so = folder_file(own, "sites.so"),
                        *script = folder_file(own, "sites"), *sentence = NULL;
        const Places places = { .plugin_dir = roots, .user_plugin_dir = own };

        sentence = g_strdup_printf(
                        "there is no plugin sites: %s or %s is not there; install it, or see what there is with pomoctl plugin list",
                        roots_so, own_so);
        check_found_at(__LINE__, &places, false, -ENOENT, NULL, sentence);

        write_file(script, "x", 1);
        g_free(sentence);
        sentence = g_strdup_printf(
                        "%s is a program, and this pomod runs no programs as plugins; it needs a sites.so",
                        script);
        check_found_at(__LINE__, &places, false, -ENOENT, NULL, sentence);

        write_file(own_so, "x", 1);
        check_found_at(__LINE__, &places, false, 0, own_so, NULL);
        g_free(sentence);
        sentence = g_strdup_printf(
                        "there is no plugin sites: %s is not there; install it, or see what there is with pomoctl plugin list",
                        roots_so);
        check_found_at(__LINE__, &places, true, -ENOENT, NULL, sentence);

        write_file(roots_so, "x", 1);
        check_found_at(__LINE__, &places, true, 0, roots_so, NULL);
        g_free(sentence);
        sentence = g_strdup_printf(
                        "%s is not used, as the computer has a plugin of that name; give yours another name",
                        own_so);
        check_found_at(__LINE__, &places, false, 1, roots_so, sentence);
}

static void test_scope(void) {
        const Plugin session = { .name = (char *) "mute" },
                     system = { .name = (char *) "sites", .system = true };
        cleanup_free_ char *a = NULL, *b = NULL;

        CHECK_INT(__LINE__, load_check_scope(&session, false, NULL), 0);
        CHECK_INT(__LINE__, load_check_scope(&system, true, NULL), 0);
        CHECK_INT(__LINE__, load_check_scope(&session, true, &a), -EPERM);
        CHECK_STR(__LINE__, a,
                        "mute is a plugin of a session, and does not run as root; systemctl --user enable --now pomod-plugin@mute.service");
        CHECK_INT(__LINE__, load_check_scope(&system, false, &b), -EPERM);
        CHECK_STR(__LINE__, b,
                        "sites acts on the whole computer, and runs as root alone; sudo systemctl enable --now pomod-plugin@sites.service");
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/load/no-object", test_no_object);
        g_test_add_func("/load/header", test_header);
        g_test_add_func("/load/cut-off", test_cut_off);
        g_test_add_func("/load/trust", test_trust);
        g_test_add_func("/load/find", test_find);
        g_test_add_func("/load/scope", test_scope);
        return g_test_run();
}
