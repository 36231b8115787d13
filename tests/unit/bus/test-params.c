/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <glib.h>
#include <stdarg.h>
#include <string.h>
#include <systemd/sd-bus.h>

#include "common/caps.h"
#include "common/cleanup.h"
#include "daemon/bus/params.h"
#include "daemon/bus/values.h"
#include "common/date.h"
#include "tests/unit/bus/loopback.h"

static sd_bus_message *message_of(const Loopback *f, const char *types, ...) {
        sd_bus_message *m = loopback_message(f);
        va_list args;

        va_start(args, types);
        g_assert_cmpint(sd_bus_message_appendv(m, types, args), >=, 0);
        va_end(args);
        loopback_rewind(m);
        return m;
}

typedef struct Options {
        uint64_t number;
        bool has_number, flag;
        const char *text;
} Options;

static const Param rows[] = {
        { "number", OPTION_NUMBER, offsetof(Options, number), .given = offsetof(Options, has_number) },
        { "flag", OPTION_FLAG, offsetof(Options, flag) },
        { "text", OPTION_TEXT, offsetof(Options, text), 8 },
};
static const Params params = { .rows = rows, .n = G_N_ELEMENTS(rows), .size = sizeof(Options) };

static void assert_refused(sd_bus_message *m, RefusalCode code, const char *named) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *message = m;
        Options options = {};
        Refusal refusal = {};

        g_assert_cmpint(params_read(message, &params, &options, &refusal), ==, code);
        g_test_message("%s", refusal.message);
        g_assert_cmpint(refusal.code, ==, code);
        g_assert_nonnull(strstr(refusal.message, named));
        g_assert_true(g_utf8_validate(refusal.message, -1, NULL));
}

static void assert_number(sd_bus_message *m, uint64_t expected) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *message = m;
        Options options = {};
        Refusal refusal = {};

        g_assert_cmpint(params_read(message, &params, &options, &refusal), ==, 0);
        g_assert_true(options.has_number);
        g_assert_cmpuint(options.number, ==, expected);
}

static void test_every_integer_type(Loopback *f, gconstpointer data) {
        assert_number(message_of(f, "a{sv}", 1, "number", "y", 0xFF), 255);
        assert_number(message_of(f, "a{sv}", 1, "number", "n", 0x7FFF), 32767);
        assert_number(message_of(f, "a{sv}", 1, "number", "q", 0xFFFF), 65535);
        assert_number(message_of(f, "a{sv}", 1, "number", "i", INT32_MAX), INT32_MAX);
        assert_number(message_of(f, "a{sv}", 1, "number", "u", UINT32_MAX), UINT32_MAX);
        assert_number(message_of(f, "a{sv}", 1, "number", "x", INT64_MAX), INT64_MAX);
        assert_number(message_of(f, "a{sv}", 1, "number", "t", (uint64_t) INT64_MAX), INT64_MAX);
        assert_number(message_of(f, "a{sv}", 1, "number", "x", (int64_t) 0), 0);
}

static void test_negative_is_refused(Loopback *f, gconstpointer data) {
        assert_refused(message_of(f, "a{sv}", 1, "number", "n", -3), REFUSAL_INVALID_ARGUMENT, "-3");
        assert_refused(message_of(f, "a{sv}", 1, "number", "i", -3), REFUSAL_INVALID_ARGUMENT, "-3");
        assert_refused(message_of(f, "a{sv}", 1, "number", "x", INT64_MIN), REFUSAL_INVALID_ARGUMENT,
                        "-9223372036854775808");
}

static void test_too_large_is_refused(Loopback *f, gconstpointer data) {
        assert_refused(message_of(f, "a{sv}", 1, "number", "t", (uint64_t) INT64_MAX + 1),
                        REFUSAL_INVALID_ARGUMENT, "9223372036854775808");
}

static void test_other_types_are_refused(Loopback *f, gconstpointer data) {
        assert_refused(message_of(f, "a{sv}", 1, "number", "s", "5"), REFUSAL_INVALID_ARGUMENT, "number");
        assert_refused(message_of(f, "a{sv}", 1, "number", "d", 5.0), REFUSAL_INVALID_ARGUMENT, "\"d\"");
        assert_refused(message_of(f, "a{sv}", 1, "number", "ai", 1, 5), REFUSAL_INVALID_ARGUMENT, "number");
        assert_refused(message_of(f, "a{sv}", 1, "number", "v", "u", 5), REFUSAL_INVALID_ARGUMENT, "number");
        assert_refused(message_of(f, "a{sv}", 1, "flag", "u", 1), REFUSAL_INVALID_ARGUMENT, "flag");
        assert_refused(message_of(f, "a{sv}", 1, "text", "o", "/x"), REFUSAL_INVALID_ARGUMENT, "text");
}

static void test_flags_and_texts(Loopback *f, gconstpointer data) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *message =
                        message_of(f, "a{sv}", 2, "flag", "b", 1, "text", "s", "Größe");
        Options options = {};
        Refusal refusal = {};

        g_assert_cmpint(params_read(message, &params, &options, &refusal), ==, 0);
        g_assert_true(options.flag);
        g_assert_cmpstr(options.text, ==, "Größe");
        g_assert_false(options.has_number);
        g_assert_cmpuint(options.number, ==, 0);
}

static void test_nothing_given(Loopback *f, gconstpointer data) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *message = message_of(f, "a{sv}", 0);
        Options options = {};
        Refusal refusal = {};

        g_assert_cmpint(params_read(message, &params, &options, &refusal), ==, 0);
        g_assert_null(options.text);
}

static void test_unknown_keys_are_named(Loopback *f, gconstpointer data) {
        cleanup_free_ char *long_key = g_strnfill(1000, 'k');
        cleanup_free_ char *wide_key = g_strconcat(long_key, "ä", NULL);
        cleanup_(sd_bus_message_unrefp) sd_bus_message *message =
                        message_of(f, "a{sv}", 1, "if-sec", "t", 5ULL);
        Refusal refusal = {};

        assert_refused(message_of(f, "a{sv}", 1, "if-sec", "t", 5ULL), REFUSAL_INVALID_ARGUMENT, "if-sec");
        assert_refused(message_of(f, "a{sv}", 1, "", "t", 5ULL), REFUSAL_INVALID_ARGUMENT, "\"\"");
        assert_refused(message_of(f, "a{sv}", 1, wide_key, "t", 5ULL), REFUSAL_INVALID_ARGUMENT, "kkkk…\"");
        g_assert_cmpint(params_read(message, &(Params){}, NULL, &refusal), ==, REFUSAL_INVALID_ARGUMENT);
        g_assert_nonnull(strstr(refusal.message, "takes none"));
}

static void test_duplicates_are_refused(Loopback *f, gconstpointer data) {
        assert_refused(message_of(f, "a{sv}", 2, "number", "u", 1, "number", "u", 1),
                        REFUSAL_INVALID_ARGUMENT, "number is given twice");
}

static void test_text_caps(Loopback *f, gconstpointer data) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *message =
                        message_of(f, "a{sv}", 1, "text", "s", "12345678");
        cleanup_free_ char *ten_megabytes = g_strnfill(10 * 1000 * 1000, 'x');
        Options options = {};
        Refusal refusal = {};

        g_assert_cmpint(params_read(message, &params, &options, &refusal), ==, 0);
        assert_refused(message_of(f, "a{sv}", 1, "text", "s", "123456789"), REFUSAL_LIMITS_EXCEEDED,
                        "8 bytes");
        assert_refused(message_of(f, "a{sv}", 1, "text", "s", ten_megabytes), REFUSAL_LIMITS_EXCEEDED,
                        "8 bytes");
        assert_refused(message_of(f, "a{sv}", 1, "text", "s", "a\nb"), REFUSAL_INVALID_ARGUMENT, "\"a b\"");
}

static sd_bus_message *many_options(const Loopback *f, unsigned n) {
        sd_bus_message *m = NULL;

        sd_bus_message_new_method_call(f->bus, &m, "org.x", "/x", "org.x", "X");
        sd_bus_message_open_container(m, 'a', "{sv}");
        for (unsigned i = 0; i < n; i++) {
                cleanup_free_ char *key = g_strdup_printf("k%u", i);
                sd_bus_message_append(m, "{sv}", key, "u", i);
        }
        sd_bus_message_close_container(m);
        sd_bus_message_seal(m, 1, 0);
        sd_bus_message_rewind(m, 1);
        return m;
}

DEFINE_CLEANUP(GPtrArray *, g_ptr_array_unref);

static int read_many(const Loopback *f, unsigned n) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *message = many_options(f, n);
        cleanup_free_ Param *many = g_new0(Param, n);
        cleanup_(g_ptr_array_unrefp) GPtrArray *keys = g_ptr_array_new_with_free_func(g_free);
        Refusal refusal;
        uint64_t number;

        for (unsigned i = 0; i < n; i++) {
                g_ptr_array_add(keys, g_strdup_printf("k%u", i));
                many[i] = (Param){ .name = g_ptr_array_index(keys, i), .type = OPTION_NUMBER };
        }
        return params_read(message, &(Params){ .rows = many, .n = n }, &number, &refusal);
}

static void test_as_many_as_the_cap(Loopback *f, gconstpointer data) {
        g_assert_cmpint(read_many(f, CAP_OPTIONS), ==, 0);
        g_assert_cmpint(read_many(f, CAP_OPTIONS + 1), ==, REFUSAL_LIMITS_EXCEEDED);
}

/* What follows the options can still be read. */
static void test_goes_on_behind(Loopback *f, gconstpointer data) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *message =
                        message_of(f, "a{sv}s", 2, "number", "y", 1, "flag", "b", 0, "behind");
        Options options = {};
        const char *text = NULL;
        Refusal refusal;

        g_assert_cmpint(params_read(message, &params, &options, &refusal), ==, 0);
        g_assert_cmpint(sd_bus_message_read(message, "s", &text), >=, 0);
        g_assert_cmpstr(text, ==, "behind");
}

static void test_snippets(Loopback *f, gconstpointer data) {
        char buf[SNIPPET_BYTES + 4], text[SNIPPET_BYTES + 3];

        g_assert_cmpstr(text_snippet("tab\there", buf), ==, "tab here");
        memset(text, 'x', sizeof(text));
        text[SNIPPET_BYTES] = '\0';
        g_assert_cmpuint(strlen(text_snippet(text, buf)), ==, SNIPPET_BYTES);
        memcpy(text + SNIPPET_BYTES - 1, "ä!", sizeof("ä!"));
        text_snippet(text, buf);
        g_assert_true(g_utf8_validate(buf, -1, NULL));
        g_assert_true(g_str_has_suffix(buf, "x…"));
}

/* ---- arguments ---- */

typedef struct Arguments {
        const char *title, *plugin;
        int64_t id;
        uint64_t time;
        Date date;
        uint64_t number;
} Arguments;

static const Param argument_rows[] = {
        { "title", ARG_TEXT, offsetof(Arguments, title), 8 },
        { "plugin", ARG_PLUGIN, offsetof(Arguments, plugin) },
        { "id", ARG_ID, offsetof(Arguments, id) },
        { "time", ARG_TIME, offsetof(Arguments, time) },
        { "date", ARG_DATE, offsetof(Arguments, date) },
        { "number", OPTION_NUMBER, offsetof(Arguments, number) },
};
static const Params arguments = {
        .rows = argument_rows, .n = G_N_ELEMENTS(argument_rows), .size = sizeof(Arguments)
};

static void test_arguments(Loopback *f, gconstpointer data) {
        static const struct {
                int line;
                const char *title, *plugin, *date;
                RefusalCode code;
                const char *named;
        } cases[] = {
                { __LINE__, "12345678", "sites", "", REFUSAL_NONE, "" },
                { __LINE__, "123456789", "sites", "", REFUSAL_LIMITS_EXCEEDED, "title" },
                { __LINE__, "a\nb", "sites", "", REFUSAL_INVALID_ARGUMENT, "a b" },
                { __LINE__, "", "Sites", "", REFUSAL_INVALID_ARGUMENT, "Sites" },
                { __LINE__, "", "", "", REFUSAL_INVALID_ARGUMENT, "plugin" },
                { __LINE__, "", "sites", "2026-02-30", REFUSAL_INVALID_ARGUMENT, "2026-02-30" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                Arguments got = {};
                Refusal refusal = {};
                cleanup_(sd_bus_message_unrefp) sd_bus_message *message =
                                message_of(f, "ssttsa{sv}", cases[i].title, cases[i].plugin, UINT64_MAX,
                                                UINT64_MAX, cases[i].date, 1, "number", "y", 7);
                int r = params_read(message, &arguments, &got, &refusal);

                g_test_message("line %d: %s", cases[i].line, refusal.message);
                g_assert_cmpint(r, ==, cases[i].code);
                g_assert_nonnull(strstr(refusal.message, cases[i].named));
                if (r != 0)
                        continue;
                g_assert_cmpstr(got.title, ==, cases[i].title);
                g_assert_cmpint(got.id, ==, -1);
                g_assert_cmpuint(got.time, ==, INT64_MAX);
                g_assert_cmpint(got.date, ==, DATE_NONE);
                g_assert_cmpuint(got.number, ==, 7);
        }
}

/* A table of more rows than can be remembered as given. */
static void test_too_many_rows(Loopback *f, gconstpointer data) {
        if (g_test_subprocess()) {
                cleanup_(sd_bus_message_unrefp) sd_bus_message *message = message_of(f, "a{sv}", 0);
                static const Param none[65];

                (void) params_read(message, &(Params){ .rows = none, .n = 65 }, NULL, NULL);
                return;
        }
        g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
        g_test_trap_assert_failed();
        g_test_trap_assert_stderr("*params->n <= 64*");
}

#define ADD(name, func) \
        g_test_add("/bus/params/" name, Loopback, NULL, loopback_set_up, func, loopback_tear_down)

int main(int argc, char *argv[]) {
        g_test_init(&argc, &argv, NULL);
        ADD("integers", test_every_integer_type);
        ADD("negative", test_negative_is_refused);
        ADD("large", test_too_large_is_refused);
        ADD("types", test_other_types_are_refused);
        ADD("flags-texts", test_flags_and_texts);
        ADD("none", test_nothing_given);
        ADD("unknown", test_unknown_keys_are_named);
        ADD("duplicates", test_duplicates_are_refused);
        ADD("text-caps", test_text_caps);
        ADD("options-cap", test_as_many_as_the_cap);
        ADD("behind", test_goes_on_behind);
        ADD("snippets", test_snippets);
        ADD("arguments", test_arguments);
        ADD("too-many-rows", test_too_many_rows);
        return g_test_run();
}
