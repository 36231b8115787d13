/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/values.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "common/caps.h"
#include "common/cleanup.h"
#include "common/host-name.h"
#include "plugins/host/names.h"
#include "plugins/host/value.h"
#include "tests/unit/check.h"

DEFINE_CLEANUP(Values *, values_free);

static void test_names(void) {
        static const struct {
                int line;
                const char *text, *name, *why;
        } table[] = {
                { __LINE__, "reddit.com", "reddit.com", NULL },
                { __LINE__, "Reddit.COM.", "reddit.com", NULL },
                { __LINE__, "localhost", "localhost", NULL },
                { __LINE__, "_dmarc.example.com", "_dmarc.example.com", NULL },
                { __LINE__, "xn--mller-kva.de", "xn--mller-kva.de", NULL },
                { __LINE__, "müller.de", "xn--mller-kva.de", NULL },
                { __LINE__, "MÜLLER.de", "xn--mller-kva.de", NULL },
                { __LINE__, "straße.de", "xn--strae-oqa.de", NULL }, /* as browsers do, not strasse.de */

                { __LINE__, "", NULL, "\"\" is no host name: it has to have 1 to 253 bytes" },
                { __LINE__, ".", NULL,
                                "\".\" is no host name: between dots there are 1 to 63 bytes, and none begins or ends with -" },
                { __LINE__, "a..b", NULL,
                                "\"a..b\" is no host name: between dots there are 1 to 63 bytes, and none begins or ends with -" },
                { __LINE__, "-a.com", NULL,
                                "\"-a.com\" is no host name: between dots there are 1 to 63 bytes, and none begins or ends with -" },
                { __LINE__, "a-.com", NULL,
                                "\"a-.com\" is no host name: between dots there are 1 to 63 bytes, and none begins or ends with -" },
                { __LINE__, "a/b.com", NULL,
                                "\"a/b.com\" is no host name: it can have letters, digits, - and dots, as in example.com" },
                { __LINE__, "https://a.com", NULL,
                                "\"https://a.com\" is no host name: it can have letters, digits, - and dots, as in example.com" },
                { __LINE__, "1.2.3.4", NULL,
                                "\"1.2.3.4\" is no host name: it is an address; write a name as in example.com" },
                { __LINE__, "0x7f000001", NULL,
                                "\"0x7f000001\" is no host name: it is an address; write a name as in example.com" },
                { __LINE__, "::1", NULL,
                                "\"::1\" is no host name: it can have letters, digits, - and dots, as in example.com" },
                { __LINE__, "\xff.de", NULL,
                                "\"\xef\xbf\xbd.de\" is no host name: it is too long or not UTF-8" },
                { __LINE__, "a\xcc\x80 b.de", NULL,
                                "\"a\xcc\x80 b.de\" is no host name: it has no form in a-z, 0-9 and -" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
                cleanup_free_ char *name = NULL, *why = NULL;

                CHECK_INT(table[i].line, names_to_ascii(table[i].text, &name, &why),
                                table[i].name ? 0 : -EINVAL);
                CHECK_STR(table[i].line, name, table[i].name);
                CHECK_STR(table[i].line, why, table[i].why);
        }
}

static void test_long_names(void) {
        char name[HOST_NAME_BYTES + 2];
        cleanup_free_ char *ascii = NULL, *other = NULL;

        for (size_t i = 0; i <= HOST_NAME_BYTES; i++)
                name[i] = i % 50 == 49 ? '.' : 'a';
        name[HOST_NAME_BYTES + 1] = '\0';
        CHECK_INT(__LINE__, names_to_ascii(name, &other, NULL), -EINVAL);
        name[HOST_NAME_BYTES] = '\0';
        CHECK_INT(__LINE__, names_to_ascii(name, &ascii, NULL), 0);

        memset(name, 'a', 64);
        name[64] = '\0';
        CHECK_INT(__LINE__, names_to_ascii(name, &other, NULL), -EINVAL);
        name[63] = '\0';
        free(steal(ascii));
        CHECK_INT(__LINE__, names_to_ascii(name, &ascii, NULL), 0);
}

static const char *const choices[] = { "soft", "hard", NULL };

static void test_value(void) {
        static const struct {
                int line;
                PomoSetting setting;
                const char *text, *why;
                int64_t number;
        } table[] = {
                { __LINE__, { .type = POMO_TEXT }, "what you like", NULL, 0 },
                { __LINE__, { .type = POMO_TEXT }, "a\tb",
                                "\"a\xef\xbf\xbd"
                                "b\" is not UTF-8, or has a control character in it",
                                0 },
                { __LINE__, { .type = POMO_YES_NO }, "yes", NULL, 1 },
                { __LINE__, { .type = POMO_YES_NO }, "no", NULL, 0 },
                { __LINE__, { .type = POMO_YES_NO }, "true", "\"true\" is neither yes nor no", 0 },
                { __LINE__, { .type = POMO_NUMBER }, "-25", NULL, -25 },
                { __LINE__, { .type = POMO_NUMBER }, "", "\"\" is no whole number; write one as 25", 0 },
                { __LINE__, { .type = POMO_NUMBER }, "2.5", "\"2.5\" is no whole number; write one as 25",
                                0 },
                { __LINE__, { .type = POMO_NUMBER }, "9223372036854775807", NULL, INT64_MAX },
                { __LINE__, { .type = POMO_NUMBER }, "9223372036854775808",
                                "9223372036854775808 is out of range; it can be -9223372036854775808 to 9223372036854775807",
                                0 },
                { __LINE__, { .type = POMO_NUMBER, .min = -1, .max = 3 }, "3", NULL, 3 },
                { __LINE__, { .type = POMO_NUMBER, .min = -1, .max = 3 }, "4",
                                "4 is out of range; it can be -1 to 3", 0 },
                { __LINE__, { .type = POMO_DURATION }, "25m", NULL, 1500000000 },
                { __LINE__, { .type = POMO_DURATION }, "25",
                                "\"25\" is no duration; write one as 25m, 90s or 1h30m", 0 },
                { __LINE__, { .type = POMO_DURATION, .min = 1000000, .max = 60000000 }, "61s",
                                "61s is out of range; it can be 1s to 1m", 0 },
                { __LINE__, { .type = POMO_CHOICE, .choices = choices }, "hard", NULL, 0 },
                { __LINE__, { .type = POMO_CHOICE, .choices = choices }, "",
                                "\"\" is none of its choices: soft, hard", 0 },
                { __LINE__, { .type = POMO_WORDS }, "mail; chat", NULL, 0 },
                { __LINE__, { .type = POMO_NAMES }, "reddit.com;@social", NULL, 0 },
                { __LINE__, { .type = POMO_NAMES }, "", NULL, 0 },
                { __LINE__, { .type = POMO_NAMES }, "@Social",
                                "\"@Social\" is no name of a list; write one as @social", 0 },
                { __LINE__, { .type = POMO_NAMES }, "reddit.com;@",
                                "\"@\" is no name of a list; write one as @social", 0 },
                { __LINE__, { .type = POMO_NAMES }, "reddit.com;a b",
                                "\"a b\" is no host name: it can have letters, digits, - and dots, as in example.com",
                                0 },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
                cleanup_free_ char *why = NULL;
                int r = value_check(&table[i].setting, table[i].text, &why);

                CHECK_INT(table[i].line, r, table[i].why ? -EINVAL : 0);
                CHECK_STR(table[i].line, why, table[i].why);
                if (r == 0)
                        CHECK_INT(table[i].line, value_number(&table[i].setting, table[i].text),
                                        table[i].number);
        }
}

static void test_long_value(void) {
        const PomoSetting setting = { .type = POMO_TEXT };
        g_autofree char *text = g_strnfill(CAP_PROFILE_VALUE_BYTES + 1, 'a');
        cleanup_free_ char *why = NULL;

        CHECK_INT(__LINE__, value_check(&setting, text, &why), -EINVAL);
        CHECK_STR(__LINE__, why, "it has more than 16384 bytes, which a value can have");
        text[CAP_PROFILE_VALUE_BYTES] = '\0';
        CHECK_INT(__LINE__, value_check(&setting, text, NULL), 0);
}

/* ---- of a whole plugin ---- */

static PomoSetting settings[] = {
        { .key = "block", .type = POMO_NAMES },
        { .key = "what", .type = POMO_WORDS },
        { .key = "wait", .type = POMO_DURATION, .fallback = "5m", .max = 600000000 },
        { .key = "sound", .type = POMO_YES_NO, .flags = POMO_STANDING, .fallback = "yes" },
        { .key = "file", .type = POMO_TEXT, .flags = POMO_STANDING },
};
static const Plugin plugin = { .name = (char *) "sites",
        .version = (char *) "1",
        .settings = settings,
        .n_settings = G_N_ELEMENTS(settings) };

static int resolve(const char *list, void *userdata, const char **ret_text) {
        if (strcmp(list, "social") != 0)
                return strcmp(list, "broken") == 0 ? -EIO : -ENOENT;
        *ret_text = "x.com\nreddit.com\n\nwww.facebook.com";
        return 0;
}

/* key=text[number]{names}, one behind the other */
static char *print(const Values *values) {
        GString *text = g_string_new(NULL);

        for (size_t i = 0; values->list[i]; i++) {
                const PomoValue *value = values->list[i];

                g_assert_cmpuint(value->size, ==, sizeof(*value));
                g_string_append_printf(text, "%s%s=%s", i > 0 ? " " : "", value->key, value->text);
                if (value->number != 0)
                        g_string_append_printf(text, "[%" PRId64 "]", value->number);
                for (size_t j = 0; value->names && value->names[j]; j++)
                        g_string_append_printf(text, "%c%s", j > 0 ? ',' : '{', value->names[j]);
                g_string_append(text, value->n_names > 0 ? "}" : value->names ? "{}" : "");
        }
        return g_string_free(text, FALSE);
}

static void test_values(void) {
        static const struct {
                int line;
                bool standing;
                const char *pairs[7];
                const char *values, *sentence;
        } table[] = {
                { __LINE__, false, {}, "wait=5m[300000000]", NULL },
                { __LINE__, true, {}, "sound=yes[1]", NULL },
                { __LINE__, true, { "file", "/x", "sound", "no" }, "sound=no file=/x", NULL },
                { __LINE__, false, { "block", "x.com; a.com,x.com ;;A.com." },
                                "block=x.com; a.com,x.com ;;A.com.{a.com,x.com} wait=5m[300000000]", NULL },
                { __LINE__, false, { "Block", "a.com", "WAIT", "1m" }, "block=a.com{a.com} wait=1m[60000000]",
                                NULL },
                { __LINE__, false, { "block", "" }, "block={} wait=5m[300000000]", NULL },
                { __LINE__, false, { "block", "z.com;@social;x.com" },
                                "block=z.com;@social;x.com{reddit.com,www.facebook.com,x.com,z.com} wait=5m[300000000]",
                                NULL },
                { __LINE__, false, { "what", " mail ;chat;mail; a, b" },
                                "what= mail ;chat;mail; a, b{mail,chat,a, b} wait=5m[300000000]", NULL },

                { __LINE__, false, { "block", "a.com;@own" }, "block=a.com;@own{a.com} wait=5m[300000000]",
                                "sites.block holds in part: there is no list or category @own; make it first" },
                { __LINE__, false, { "block", "a.com;@broken" },
                                "block=a.com;@broken{a.com} wait=5m[300000000]",
                                "sites.block holds in part: the list @broken cannot be read: Input/output error" },
                { __LINE__, false, { "block", "a.com;/etc" }, "block=a.com;/etc{a.com} wait=5m[300000000]",
                                "sites.block holds in part: \"/etc\" is no host name: it can have letters, digits, - and dots, as in example.com" },
                { __LINE__, false, { "wait", "11m", "block", "a.com" },
                                "block=a.com{a.com} wait=5m[300000000]",
                                "sites.wait is as if it were not set: 11m is out of range; it can be 0s to 10m" },
                { __LINE__, false, { "colour", "red", "block", "a.com" },
                                "block=a.com{a.com} wait=5m[300000000]",
                                "sites.colour is left out: sites 1 has no key of a profile of that name" },
                { __LINE__, false, { "file", "/x" }, "wait=5m[300000000]",
                                "sites.file is left out: sites 1 has no key of a profile of that name" },
                { __LINE__, true, { "wait", "1m" }, "sound=yes[1]",
                                "sites.wait is left out: sites 1 has no standing setting of that name" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
                cleanup_(values_freep) Values *values = NULL;
                cleanup_free_ char *sentence = NULL;
                g_autofree char *text = NULL;
                int r = values_make(&plugin, table[i].standing, table[i].pairs, resolve, NULL, &values,
                                &sentence);

                CHECK_INT(table[i].line, r, table[i].sentence ? 1 : 0);
                CHECK_STR(table[i].line, sentence, table[i].sentence);
                text = print(values);
                CHECK_STR(table[i].line, text, table[i].values);
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/names/ascii", test_names);
        g_test_add_func("/names/long", test_long_names);
        g_test_add_func("/value/check", test_value);
        g_test_add_func("/value/long", test_long_value);
        g_test_add_func("/values/make", test_values);
        return g_test_run();
}
