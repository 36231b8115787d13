/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/sites/wanted.h"

#include "plugins/sites/names.h"
#include "tests/unit/check.h"

#define MOST_CLAIMS 4u

/* What a host gives for a profile: names are sorted, and come from block_text or from a list. */
typedef struct Given {
        uint32_t uid;
        uint64_t id;
        const char *text, *names, *except; /* names are divided by blanks; NULL names: those of text */
} Given;

typedef struct Made {
        PomoValue values[MOST_CLAIMS][2];
        const PomoValue *lists[MOST_CLAIMS][3];
        PomoClaim claims[MOST_CLAIMS];
        const PomoClaim *list[MOST_CLAIMS + 1];
        PomoDesired desired;
} Made;

static PomoValue make_value(const char *key, const char *text, const char *words) {
        char **names = g_strsplit(words, " ", -1);

        return (PomoValue){ .size = sizeof(PomoValue),
                .key = key,
                .text = text,
                .names = (const char *const *) names,
                .n_names = g_strv_length(names) };
}

static void make(Made *made, const Given *given, size_t n) {
        *made = (Made){ .desired = { .size = sizeof(PomoDesired), .claims = made->list, .n_claims = n } };
        for (size_t i = 0; i < n; i++) {
                made->values[i][0] = make_value("block", given[i].text, given[i].names ?: given[i].text);
                made->lists[i][0] = &made->values[i][0];
                if (given[i].except) {
                        made->values[i][1] = make_value("except", given[i].except, given[i].except);
                        made->lists[i][1] = &made->values[i][1];
                }
                made->claims[i] = (PomoClaim){ .size = sizeof(PomoClaim),
                        .uid = given[i].uid,
                        .id = given[i].id,
                        .lock = "none",
                        .values = made->lists[i],
                        .n_values = given[i].except ? 2 : 1 };
                made->list[i] = &made->claims[i];
        }
}

static void made_clear(Made *made) {
        for (size_t i = 0; i < made->desired.n_claims; i++)
                for (size_t j = 0; j < made->claims[i].n_values; j++)
                        g_strfreev((char **) made->values[i][j].names);
}

/* "a.example* www.a.example*+": a star where it is own, + where it was added, / where names below stay open.
 */
static char *describe(const Wanted *wanted) {
        GString *text = g_string_new(NULL);

        for (guint i = 0; i < wanted->names->len; i++) {
                const WantedName *name = g_ptr_array_index(wanted->names, i);

                g_string_append_printf(text, "%s%s%s%s%s", i > 0 ? " " : "", name->name, name->own ? "*" : "",
                                name->added ? "+" : "", name->below ? "" : "/");
        }
        return g_string_free(text, FALSE);
}

static void test_names(void) {
        static const struct {
                int line;
                Given given[MOST_CLAIMS];
                const char *wanted;
        } rows[] = {
                { __LINE__, { { 1, 1, "a.example" } }, "a.example* www.a.example*+ m.a.example*+" },
                { __LINE__, { { 1, 1, "A.Example.", "a.example" } },
                                "a.example* www.a.example*+ m.a.example*+" },
                { __LINE__, { { 1, 1, "www.a.example" } }, "www.a.example*" },
                { __LINE__, { { 1, 1, "m.a.example" } }, "m.a.example*" },
                { __LINE__, { { 1, 1, "@x", "a.example b.example" } },
                                "a.example b.example www.a.example+ m.a.example+ www.b.example+ m.b.example+" },
                { __LINE__, { { 1, 1, "@x; b.example", "a.example b.example" } },
                                "b.example* www.b.example*+ m.b.example*+ a.example www.a.example+ m.a.example+" },
                { __LINE__, { { 1, 1, "@x,b\xc3\xbc.example", "a.example xn--b-eha.example" } },
                                "xn--b-eha.example* www.xn--b-eha.example*+ m.xn--b-eha.example*+ a.example www.a.example+ m.a.example+" },
                { __LINE__, { { 1, 1, "a.example", NULL, "a.example" } }, "" },
                { __LINE__, { { 1, 1, "a.example", NULL, "www.a.example" } }, "a.example*/ m.a.example*+" },
                { __LINE__, { { 1, 1, "a.example", NULL, "x.m.a.example" } },
                                "a.example*/ www.a.example*+ m.a.example*+/" },
                { __LINE__, { { 1, 1, "x.a.example", NULL, "a.example" } }, "" },
                { __LINE__, { { 1, 1, "xa.example", NULL, "a.example" } },
                                "xa.example* www.xa.example*+ m.xa.example*+" },
                /* two of one user: what one excepts the other has */
                { __LINE__,
                                { { 1, 1, "a.example", NULL, "m.a.example" },
                                                { 1, 2, "a.example", NULL, "www.a.example" } },
                                "a.example*/ www.a.example*+ m.a.example*+" },
                { __LINE__, { { 1, 1, "a.example", NULL, "m.a.example" }, { 1, 2, "a.example" } },
                                "a.example* www.a.example*+ m.a.example*+" },
                { __LINE__, { { 1, 1, "@x", "a.example" }, { 1, 2, "a.example" } },
                                "a.example* www.a.example*+ m.a.example*+" },
                /* two users: in turns, whatever the other excepts */
                { __LINE__,
                                { { 1, 1, "www.a.example www.c.example", NULL, "b.example" },
                                                { 2, 1, "www.b.example", NULL, "a.example" } },
                                "www.a.example* www.b.example* www.c.example*" },
                { __LINE__, { { 1, 1, "@x", "a.example" }, { 2, 1, "www.b.example" } },
                                "www.b.example* a.example www.a.example+ m.a.example+" },
                { __LINE__, { { 1, 1, "@x", "www.a.example" }, { 2, 1, "a.example" } },
                                "a.example* www.a.example*+ m.a.example*+" },
                /* not: */
                { __LINE__, { { 1, 1, "com co.uk a.example", "co.uk com www.a.example" } }, "www.a.example" },
                { __LINE__, { { 1, 1, "a..example -.example 1.2.3.4 localhost x.localhost a_.example:80 *" } },
                                "" },
                { __LINE__, { { 1, 1, "a.example\n127.0.0.1", "a.example\n127.0.0.1" } }, "" },
                { __LINE__, { { 1, 1, "github.io", NULL, "user.github.io" } },
                                "github.io*/ www.github.io*+ m.github.io*+" },
                /* of root, and of another line of /etc/hosts */
                { __LINE__,
                                { { 1, 1, "x.root.example above.example hosts.example",
                                                "above.example hosts.example x.root.example" } },
                                "above.example*/ www.above.example*+ m.above.example*+" },
        };
        static const char *const standing[] = { "root.example", "below.above.example", NULL };
        cleanup_(never_freep) Never *never =
                        never_read("10.0.0.1 HOSTS.example x # a.example\n0.0.0.0 a.example\n", standing);

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                cleanup_(made_clear) Made made;
                cleanup_(wanted_freep) Wanted *wanted = NULL;
                cleanup_free_ char *text = NULL;
                size_t n = 0;

                while (n < MOST_CLAIMS && rows[i].given[n].text)
                        n++;
                make(&made, rows[i].given, n);
                wanted = wanted_new(&made.desired, never);
                text = describe(wanted);
                CHECK_STR(rows[i].line, text, rows[i].wanted);
        }
}

static void add_text(uint32_t uid, uint64_t id, const char *sentence, void *data) {
        g_string_append_printf(data, "%" G_GUINT32_FORMAT "/%" G_GUINT64_FORMAT ": %s\n", uid, id, sentence);
}

static void test_left_out(void) {
        static const Given given[] = {
                { 1, 1, "a.example com co.uk root.example", "a.example co.uk com root.example", NULL },
                { 2, 7, "a.example", NULL, NULL },
                { 3, 9, "com", NULL, "com" },
        };
        static const char *const standing[] = { "root.example", NULL };
        cleanup_(never_freep) Never *never = never_read(NULL, standing);
        cleanup_(wanted_freep) Wanted *wanted = NULL;
        cleanup_(made_clear) Made made;
        GString *text = g_string_new(NULL);

        make(&made, given, G_N_ELEMENTS(given));
        wanted = wanted_new(&made.desired, never);
        wanted_each_left_out(wanted, add_text, text);
        g_assert_cmpstr(text->str, ==,
                        "1/1: co.uk, com stay open: a public suffix is no site; root.example stays open: Never= of sites.conf has it\n");
        g_string_free(text, TRUE);
}

/* So many names that begin like this, and 0 behind the last. */
static char *many(const char *begin, guint n) {
        GString *text = g_string_new(NULL);

        for (guint i = 0; i < n; i++)
                g_string_append_printf(text, "%s%s%05u.example", i > 0 ? " " : "", begin, i);
        return g_string_free(text, FALSE);
}

static guint count_of(const Wanted *wanted, uint32_t uid) {
        guint n = 0;

        for (guint i = 0; i < wanted->names->len; i++)
                n += ((const WantedName *) g_ptr_array_index(wanted->names, i))->uid == uid;
        return n;
}

/* What is taken is shared; own names are before those of lists. */
static void test_most(void) {
        cleanup_free_ char *a = many("a", WANTED_NAMES), *b = many("b", WANTED_NAMES + 1);
        const Given given[] = { { 1, 1, "@a", a, NULL }, { 2, 1, "@b;own.example", b, NULL },
                { 2, 2, "own.example", NULL, NULL } };
        cleanup_(never_freep) Never *never = never_read(NULL, NULL);
        GString *text = g_string_new(NULL);

        for (size_t n = 1; n <= G_N_ELEMENTS(given); n++) {
                cleanup_(wanted_freep) Wanted *wanted = NULL;
                cleanup_(made_clear) Made made;

                make(&made, given, n);
                wanted = wanted_new(&made.desired, never);
                g_assert_cmpuint(wanted->names->len, ==, WANTED_NAMES);
                g_assert_cmpuint(count_of(wanted, 1), ==,
                                n == 1   ? WANTED_NAMES
                                : n == 2 ? WANTED_NAMES / 2
                                         : WANTED_NAMES / 2 - 1);
                if (n < 3)
                        continue;
                g_assert_cmpstr(((const WantedName *) g_ptr_array_index(wanted->names, 0))->name, ==,
                                "own.example");
                wanted_each_missing(wanted, wanted->by_name, add_text, text);
        }
        g_assert_true(g_str_has_prefix(text->str, "1/1: 10001 names (a09999.example, a10000.example, "));
        g_assert_nonnull(strstr(
                        text->str, "a10008.example and 9991 more)\n2/1: 10003 names (b09998.example, "));
        g_string_free(text, TRUE);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/wanted/names", test_names);
        g_test_add_func("/wanted/left out", test_left_out);
        g_test_add_func("/wanted/most", test_most);
        return g_test_run();
}
