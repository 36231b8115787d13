/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "clients/lib/host-ascii.h"
#include "clients/pomoctl/names-file.h"
#include "common/caps.h"
#include "tests/unit/check.h"
#include "tests/unit/folder.h"

#define LABEL_64 "a23456789012345678901234567890123456789012345678901234567890abcd"

static void parse(const char *text, size_t size, NamesFile *ret_file) {
        char *copy = g_malloc(size + 1);

        memcpy(copy, text, size);
        copy[size] = 'x'; /* what follows is not looked at */
        names_file_parse(copy, size, ret_file);
        g_free(copy);
}

static const struct {
        int line;
        const char *text, *names;
        size_t n_lines, n_wrong;
        const char *says; /* of the first wrong line */
} texts[] = {
        { __LINE__, "", "", 0, 0, NULL },
        { __LINE__, "\n\n", "", 2, 0, NULL },
        { __LINE__, "b.org\na.org", "a.org\nb.org\n", 2, 0, NULL },
        { __LINE__, "a.org\r\nA.ORG.\r\n\ta.org  \r\n", "a.org\n", 3, 0, NULL },
        { __LINE__, "\xEF\xBB\xBF# of 2026\n! of an ad blocker\n; old\na.org # why\nb.org#why\n",
                        "a.org\nb.org\n", 5, 0, NULL },
        { __LINE__, "0.0.0.0 a.org\n127.0.0.1\tb.org www.b.org # both\n::1 c.org\nfe80::1%lo0 d.org\n",
                        "a.org\nb.org\nc.org\nd.org\nwww.b.org\n", 4, 0, NULL },
        { __LINE__, "127.0.0.1 localhost\n255.255.255.255 broadcasthost\n::1 ip6-localhost ip6-loopback\n0.0.0.0 0.0.0.0\n",
                        "", 4, 0, NULL },
        /* IDN in both forms is one name. */
        { __LINE__, "müller.de\nxn--mller-kva.de\nMÜLLER.de\n0.0.0.0 mu\xCC\x88ller.de\n",
                        "xn--mller-kva.de\n", 4, 0, NULL },
        { __LINE__, "faß.de\n", "xn--fa-hia.de\n", 1, 0, NULL },
        { __LINE__, "p\xD0\xB0ypal.com\n", "xn--pypal-4ve.com\n", 1, 0, NULL },
        /* What is none. */
        { __LINE__, "a.org\n*.b.org\n", "a.org\n", 2, 1, "\"*.b.org\" is no host name" },
        { __LINE__, "a.org\n*\n..\n", "a.org\n", 3, 2, "\"*\" is no host name" },
        { __LINE__, "..\n", "", 1, 1, "\"..\" is no host name" },
        { __LINE__, "https://a.org/path\n", "", 1, 1, "\"https://a.org/path\" is no host name" },
        { __LINE__, "a.org/path\n", "", 1, 1, "it can have letters" },
        { __LINE__, "127.0.0.1\n", "", 1, 1, "it is an address" },
        { __LINE__, "::1\n", "", 1, 1, "\"::1\" is no host name" },
        { __LINE__, "a.org 127.0.0.1\n", "", 1, 1, "a line has one name" },
        { __LINE__, "read the terms first\na.org", "a.org\n", 2, 1, "a line has one name" },
        { __LINE__, "0.0.0.0 a.org * b.org ..\n", "a.org\nb.org\n", 1, 1, "\"*\" is no host name" },
        { __LINE__, LABEL_64 ".org\n", "", 1, 1, "1 to 63 bytes" },
        { __LINE__, "-a.org\n", "", 1, 1, "1 to 63 bytes" },
        { __LINE__, "a\xFF.org\n", "", 1, 1, "not UTF-8" },
        { __LINE__, "a\x01.org\n", "", 1, 1, "it can have letters" },
        { __LINE__, "||a.org^\n", "", 1, 1, "it can have letters" },
};

static void test_texts(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
                cleanup_(names_file_done) NamesFile file = {};

                parse(texts[i].text, strlen(texts[i].text), &file);
                CHECK_STR(texts[i].line, file.names, texts[i].names);
                CHECK_INT(texts[i].line, file.n_lines, texts[i].n_lines);
                CHECK_INT(texts[i].line, file.n_wrong, texts[i].n_wrong);
                if (texts[i].says &&
                                (!file.wrong[0].sentence || !strstr(file.wrong[0].sentence, texts[i].says)))
                        check_failed("line %d: \"%s\"", texts[i].line, file.wrong[0].sentence);
        }
}

static void test_a_zero_byte(void) {
        cleanup_(names_file_done) NamesFile file = {};

        parse("a.org\nb.org\0c.org\nd.org\n", 24, &file);
        g_assert_cmpstr(file.names, ==, "a.org\nd.org\n");
        g_assert_cmpuint(file.n_wrong, ==, 1);
        g_assert_cmpuint(file.wrong[0].line, ==, 2);
}

/* As lists are on the web: many lines, some names again and again, one line that makes no sense. */
static void test_many(void) {
        cleanup_(names_file_done) NamesFile file = {};
        GString *text = g_string_new("# hosts\n");

        for (unsigned i = 0; i < 99998; i++)
                g_string_append_printf(text, "0.0.0.0 n%u.example.org\n", i % 18000);
        g_string_append(text, "<html>\n");
        parse(text->str, text->len, &file);
        g_assert_cmpuint(file.n_lines, ==, 100000);
        g_assert_cmpuint(file.n_names, ==, 18000);
        g_assert_cmpuint(file.n_wrong, ==, 1);
        g_assert_cmpuint(file.wrong[0].line, ==, 100000);
        g_assert_true(g_str_has_prefix(file.names, "n0.example.org\nn1.example.org\nn10.example.org\n"));
        g_string_free(text, TRUE);
}

/* The first are named, all are counted. */
static void test_many_wrong(void) {
        cleanup_(names_file_done) NamesFile file = {};
        const char *text = "*\n*\n*\n*\n*\n*\n*\na.org\n";

        parse(text, strlen(text), &file);
        g_assert_cmpuint(file.n_wrong, ==, 7);
        g_assert_cmpuint(file.wrong[NAMES_FILE_WRONG_MAX - 1].line, ==, NAMES_FILE_WRONG_MAX);
        g_assert_nonnull(file.wrong[NAMES_FILE_WRONG_MAX - 1].sentence);
        g_assert_cmpstr(file.names, ==, "a.org\n");
}

static void test_files(void) {
        char sentence[NAMES_FILE_SENTENCE_MAX] = "", *text = NULL;
        folder_ folder = folder_new();
        cleanup_free_ char *path = folder_file(folder, "list");
        size_t size = 1;

        g_assert_cmpint(names_file_read(path, &text, &size, sentence), ==, -ENOENT);
        g_assert_cmpint(names_file_read(folder, &text, &size, sentence), ==, -EISDIR);
        g_assert_true(g_file_set_contents(path, "a\0b", 3, NULL));
        g_assert_cmpint(names_file_read(path, &text, &size, sentence), ==, 0);
        g_assert_cmpuint(size, ==, 3);
        g_assert_cmpmem(text, 3, "a\0b", 3);
        g_clear_pointer(&text, free);
        g_assert_cmpint(truncate(path, CAP_NAMES_FILE_BYTES), ==, 0);
        g_assert_cmpint(names_file_read(path, &text, &size, sentence), ==, 0);
        g_assert_cmpuint(size, ==, CAP_NAMES_FILE_BYTES);
        g_clear_pointer(&text, free);
        g_assert_cmpint(truncate(path, CAP_NAMES_FILE_BYTES + 1), ==, 0);
        g_assert_cmpint(names_file_read(path, &text, &size, sentence), ==, -EINVAL);
        g_assert_nonnull(strstr(sentence, "64 MiB"));
        g_assert_null(text);
}

static void test_shown(void) {
        static const struct {
                int line;
                const char *name, *shown;
        } table[] = {
                { __LINE__, "xn--mller-kva.de", "müller.de" },
                { __LINE__, "www.xn--fa-hia.de", "www.faß.de" },
                { __LINE__, "a.org", NULL },
                { __LINE__, "xn--a.org", NULL },
                { __LINE__, "", NULL },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
                cleanup_free_ char *shown = host_ascii_shown(table[i].name);

                CHECK_STR(table[i].line, shown, table[i].shown);
        }
}

int main(int argc, char *argv[]) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/pomoctl/names/texts", test_texts);
        g_test_add_func("/pomoctl/names/zero", test_a_zero_byte);
        g_test_add_func("/pomoctl/names/many", test_many);
        g_test_add_func("/pomoctl/names/wrong", test_many_wrong);
        g_test_add_func("/pomoctl/names/files", test_files);
        g_test_add_func("/pomoctl/names/shown", test_shown);
        return g_test_run();
}
