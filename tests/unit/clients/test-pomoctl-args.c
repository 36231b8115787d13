/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "clients/pomoctl/args.h"
#include "clients/pomoctl/verbs.h"
#include "common/names.h"

static const Option own[] = {
        { "for", "DURATION", "" },
        { "switch", NULL, "" },
        {},
};

static int parse(const char *line, Args *args, char sentence[ARGS_SENTENCE_MAX]) {
        static char **argv;
        int argc;

        g_strfreev(argv);
        argv = NULL;
        if (*line)
                g_assert_true(g_shell_parse_argv(line, &argc, &argv, NULL));
        else
                argc = 0;
        return args_parse(argc, argv, global_options, own, args, sentence);
}

static void test_words_and_options(void) {
        cleanup_(args_done) Args args = {};
        char sentence[ARGS_SENTENCE_MAX];
        char *text;

        g_assert_cmpint(parse("one --for=5m two --switch --json three", &args, sentence), ==, 0);
        g_assert_cmpuint(args.n_words, ==, 3);
        g_assert_cmpstr(args_value(&args, "for"), ==, "5m");
        g_assert_true(args_has(&args, "switch"));
        g_assert_true(args_has(&args, "json"));
        g_assert_false(args_has(&args, "bus"));

        text = args_join(&args, 1, ARGS_ALL);
        g_assert_cmpstr(text, ==, "two three");
        free(text);
        text = args_join(&args, 0, 2);
        g_assert_cmpstr(text, ==, "one two");
        free(text);
        g_assert_null(args_join(&args, 3, ARGS_ALL));
}

static void test_value_apart(void) {
        cleanup_(args_done) Args args = {};
        char sentence[ARGS_SENTENCE_MAX];

        g_assert_cmpint(parse("--for 5m --for 6m", &args, sentence), ==, 0);
        g_assert_cmpuint(args.n_words, ==, 0);
        g_assert_cmpstr(args_value(&args, "for"), ==, "6m");
}

static void test_dashes(void) {
        cleanup_(args_done) Args args = {};
        char sentence[ARGS_SENTENCE_MAX];

        g_assert_cmpint(parse("-5m - -h -- --for", &args, sentence), ==, 0);
        g_assert_cmpuint(args.n_words, ==, 3);
        g_assert_cmpstr(args.words[0], ==, "-5m");
        g_assert_cmpstr(args.words[1], ==, "-");
        g_assert_cmpstr(args.words[2], ==, "--for");
        g_assert_true(args_has(&args, "help"));
}

static void test_refused(void) {
        static const struct {
                const char *line, *says;
        } cases[] = {
                { "--fro 5m", "did you mean --for" },
                { "--xyzzy", "unknown option '--xyzzy'" },
                { "--for", "needs a value" },
                { "--switch=yes", "takes no value" },
                { "-x", "unknown option '-x'" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                char sentence[ARGS_SENTENCE_MAX] = "";
                Args args = {};

                g_test_message("%s", cases[i].line);
                g_assert_cmpint(parse(cases[i].line, &args, sentence), ==, -EINVAL);
                g_assert_nonnull(strstr(sentence, cases[i].says));
                g_assert_null(args.words);
        }
}

static void test_ids(void) {
        static const char *const bad[] = { "", "#", "0", "-1", "+1", "12a", "#12 ", "##1",
                "99999999999999999999" };
        uint64_t id = 7;

        for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
                g_test_message("'%s'", bad[i]);
                g_assert_cmpint(id_parse(bad[i], &id), ==, -EINVAL);
                g_assert_cmpuint(id, ==, 7);
        }
        g_assert_cmpint(id_parse("12", &id), ==, 0);
        g_assert_cmpuint(id, ==, 12);
        g_assert_cmpint(id_parse("#9223372036854775807", &id), ==, 0);
        g_assert_cmpuint(id, ==, INT64_MAX);
}

static void test_verbs(void) {
        const char *words[] = { "log", "add", "x" };
        unsigned used = 0;

        g_assert_cmpstr(verbs_find(words, 3, &used)->name, ==, "log add");
        g_assert_cmpuint(used, ==, 2);
        g_assert_cmpstr(verbs_find(words, 1, &used)->name, ==, "log");
        g_assert_cmpuint(used, ==, 1);
        words[0] = "focus";
        words[1] = "profile";
        words[2] = "set";
        g_assert_cmpstr(verbs_find(words, 3, &used)->name, ==, "focus profile set");
        g_assert_cmpuint(used, ==, 3);
        g_assert_cmpstr(verbs_find(words, 2, &used)->name, ==, "focus profile");
        words[2] = "deep";
        g_assert_cmpstr(verbs_find(words, 3, &used)->name, ==, "focus profile");
        g_assert_cmpuint(used, ==, 2);
        words[1] = "add";
        words[0] = "schedule";
        g_assert_cmpstr(verbs_nearest_below(verbs_find(words, 1, &used), "imprt"), ==, "schedule import");
        g_assert_null(verbs_nearest_below(verbs_find(words, 2, &used), "imprt"));
        g_assert_true(verbs_has_below(verbs_find(words, 1, &used)));
        g_assert_false(verbs_has_below(verbs_find(words, 2, &used)));
        words[0] = "lo";
        g_assert_null(verbs_find(words, 3, &used));
        g_assert_cmpstr(verbs_nearest("strat"), ==, "start");
        g_assert_cmpstr(verbs_nearest("statsu"), ==, "status");
        g_assert_null(verbs_nearest("zzzzzzzz"));
}

/* Help and man page say of every verb what it is, with an example; one of two words needs its first. */
static void test_table(void) {
        VerbCursor cursor = {};

        for (const Verb *v; (v = verbs_next(&cursor));) {
                const char *space = strchr(v->name, ' ');

                g_test_message("%s", v->name);
                g_assert_nonnull(v->run);
                g_assert_nonnull(v->usage);
                g_assert_true(g_ascii_islower(*v->sentence));
                g_assert_false(g_str_has_suffix(v->sentence, "."));
                g_assert_nonnull(v->examples);
                g_assert_true(g_str_has_prefix(v->examples[0].term, "pomoctl"));
                g_assert_cmpint(v->terms != NULL, ==, v->terms_title != NULL);
                /* Without it `pomoctl --help` does not list the verb. */
                g_assert_true(space || v->brief);
                if (space) {
                        cleanup_free_ char *first = strndup(v->name, (size_t) (space - v->name));
                        const char *words[] = { first };
                        unsigned used;

                        g_assert_nonnull(verbs_find(words, 1, &used));
                }
        }
}

/* What a program says of the last call, which was refused so. */
static char *said_of(const ProgramHint *hints, bool json, const char *error, const char *message) {
        cleanup_(client_unrefp) Client *client = client_new("session", 0);
        Program program = { .name = "pomoctl", .json = json, .hints = hints, .client = client };
        char *name = g_strconcat(POMOD_ERROR_PREFIX, error, NULL), *text = NULL;
        FILE *kept = stderr;
        size_t n;

        client_fail(client, -EIO, &SD_BUS_ERROR_MAKE_CONST(name, message));
        stderr = open_memstream(&text, &n);
        g_assert_cmpint(program_failed(&program), ==, CLIENT_EXIT_REFUSED);
        fclose(stderr);
        stderr = kept;
        g_free(name);
        return text;
}

static void test_options_in_refusals(void) {
        static const struct {
                const char *error, *message, *said;
        } cases[] = {
                { "Busy", "it runs; stop it first",
                                "pomoctl: it runs; stop it first, or start with --switch\n" },
                { "OffHours", "you are away",
                                "pomoctl: you are away; start with --anyway to work all the same\n" },
                { "NoSuchTask", "there is no task \"Busy\"", "pomoctl: there is no task \"Busy\"\n" },
        };
        const char *words[] = { "start", "restore" };
        unsigned used;
        const Verb *start = verbs_find(words, 1, &used), *restore = verbs_find(words + 1, 1, &used);

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                cleanup_free_ char *said = said_of(start->hints, false, cases[i].error, cases[i].message);

                g_assert_cmpstr(said, ==, cases[i].said);
        }

        cleanup_free_ char *other = said_of(restore->hints, false, "Busy", "it runs; stop it first"),
                           *json = said_of(start->hints, true, "Busy", "\"it\" runs\t\x01é/");
        g_assert_cmpstr(other, ==, "pomoctl: it runs; stop it first\n");
        g_assert_cmpstr(json, ==,
                        "{\"error\":\"org.pomod.Pomod1.Error.Busy\",\"message\":\"\\\"it\\\" runs\\t\\u0001é/\"}\n");
}

/* ---- what headers promise ---- */

static void test_open_twice(void) {
        Program program = { .bus = "session" };

        if (g_test_subprocess()) {
                program_open(&program, 0);
                program_open(&program, 0);
                return;
        }
        g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
        g_test_trap_assert_failed();
        g_test_trap_assert_stderr("*!program->client*");
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/pomoctl/args/words-and-options", test_words_and_options);
        g_test_add_func("/pomoctl/args/value-apart", test_value_apart);
        g_test_add_func("/pomoctl/args/dashes", test_dashes);
        g_test_add_func("/pomoctl/args/refused", test_refused);
        g_test_add_func("/pomoctl/args/ids", test_ids);
        g_test_add_func("/pomoctl/verbs/options-in-refusals", test_options_in_refusals);
        g_test_add_func("/pomoctl/open-twice", test_open_twice);
        g_test_add_func("/pomoctl/verbs/find", test_verbs);
        g_test_add_func("/pomoctl/verbs/table", test_table);
        return g_test_run();
}
