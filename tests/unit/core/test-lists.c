/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <glib.h>
#include <string.h>

#include "daemon/core/lists.h"
#include "tests/unit/check.h"

static int read_all(
                const char *text, size_t step, NameList *ret_list, char **ret_text, Refusal *ret_refusal) {
        cleanup_(list_reader_freep) ListReader *reader = list_reader_new();
        size_t size = strlen(text);
        int r = 0;

        for (size_t at = 0; r == 0 && at < size; at += step)
                r = list_reader_feed(reader, text + at, MIN(step, size - at), ret_refusal);
        return r != 0 ? r : list_reader_end(reader, ret_list, ret_text, ret_refusal);
}

static const struct {
        int line;
        const char *text, *kept;
        unsigned names;
        const char *says; /* else why it is refused */
} texts[] = {
        { __LINE__, "", "", 0, NULL },
        { __LINE__, "\n\n  \n", "", 0, NULL },
        { __LINE__, "a.org\nb.org\n", "a.org\nb.org\n", 2, NULL },
        { __LINE__, "b.org\na.org", "a.org\nb.org\n", 2, NULL },
        { __LINE__, "a.org\nA.ORG\r\n a.org \nb.org\na.org\n", "a.org\nb.org\n", 2, NULL },
        { __LINE__, "a.org\n0.0.0.0 b.org\n", NULL, 0, "line 2 of the list is \"0.0.0.0 b.org\"" },
        { __LINE__, "a.org\n\n# why\n", NULL, 0, "line 3 of the list is \"# why\"" },
        { __LINE__, "a.org\nb_ö.org", NULL, 0, "line 2" },
};

static void test_texts(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
                for (size_t step = 1; step < 12; step++) {
                        Refusal refusal = {};
                        char *text = NULL;
                        NameList list;
                        int r = read_all(texts[i].text, step, &list, &text, &refusal);

                        CHECK_INT(texts[i].line, r, texts[i].says ? REFUSAL_INVALID_ARGUMENT : 0);
                        if (r == 0) {
                                char *digest = g_compute_checksum_for_string(
                                                G_CHECKSUM_SHA256, texts[i].kept, -1);

                                CHECK_STR(texts[i].line, text, texts[i].kept);
                                CHECK_INT(texts[i].line, list.names, texts[i].names);
                                CHECK_INT(texts[i].line, list.bytes, strlen(text));
                                CHECK_STR(texts[i].line, list.digest, digest);
                                CHECK(texts[i].line, list_is_digest(list.digest));
                                g_free(digest);
                        } else if (texts[i].says && !strstr(refusal.message, texts[i].says))
                                check_failed("line %d: \"%s\"", texts[i].line, refusal.message);
                        g_free(text);
                }
}

static void test_a_nul_is_no_text(void) {
        cleanup_(list_reader_freep) ListReader *reader = list_reader_new();

        g_assert_cmpint(list_reader_feed(reader, "a.org\0b\n", 8, NULL), ==, REFUSAL_INVALID_ARGUMENT);
}

static GString *names(unsigned n) {
        GString *text = g_string_new(NULL);

        for (unsigned i = 0; i < n; i++)
                g_string_append_printf(text, "n%u.org\n", i);
        return text;
}

static void test_caps(void) {
        GString *text = names(CAP_LIST_NAMES);
        Refusal refusal;
        char *kept;
        NameList list;

        g_string_append(text, "n0.org\n");
        g_assert_cmpint(read_all(text->str, 65536, &list, &kept, &refusal), ==, 0);
        g_assert_cmpuint(list.names, ==, CAP_LIST_NAMES);
        g_free(kept);
        g_string_append(text, "another.org\n");
        g_assert_cmpint(read_all(text->str, 65536, &list, &kept, &refusal), ==, REFUSAL_LIMITS_EXCEEDED);
        g_string_free(text, TRUE);

        text = g_string_new("a.org\n");
        while (text->len < CAP_LIST_BYTES)
                g_string_append_c(text, '\n');
        g_assert_cmpint(read_all(text->str, 65536, &list, &kept, &refusal), ==, 0);
        g_free(kept);
        g_string_append_c(text, '\n');
        g_assert_cmpint(read_all(text->str, 65536, &list, &kept, &refusal), ==, REFUSAL_LIMITS_EXCEEDED);
        g_string_free(text, TRUE);
}

static void test_pins(void) {
        GArray *lists = g_array_new(FALSE, FALSE, sizeof(NameList));
        NameList mine = { .name = "mine", .names = 20000 }, news = { .name = "news" },
                 other = { .name = "min" }, found;
        const Profile *profile;
        const char *place;
        char *pinned, *old;
        RuleSet set;

        memset(mine.digest, 'a', LIST_DIGEST_MAX - 1);
        memset(news.digest, 'b', LIST_DIGEST_MAX - 1);
        memset(other.digest, 'c', LIST_DIGEST_MAX - 1);
        g_array_append_val(lists, mine);
        g_array_append_val(lists, other);
        g_array_append_val(lists, news);
        g_assert_cmpint(rule_set_parse("[Profile p]\nPlugins=sites;mute\nsites.Block=a.org; @mine\nmute.What=@news,x@min\n",
                                        &set, NULL),
                        ==, 0);
        profile = rule_set_find_profile(&set, "p");
        place = pinned = lists_pin(lists, profile);
        g_assert_true(lists_pinned_next(&place, &found));
        g_assert_cmpstr(found.name, ==, "mine");
        g_assert_cmpstr(found.digest, ==, mine.digest);
        g_assert_cmpuint(found.names, ==, 20000);
        g_assert_true(lists_pinned_next(&place, &found));
        g_assert_cmpstr(found.name, ==, "news");
        g_assert_false(lists_pinned_next(&place, &found));
        g_assert_true(lists_are_named(profile, "sites", "mine"));
        g_assert_false(lists_are_named(profile, "mute", "mine"));
        g_assert_null(lists_pin(NULL, profile));
        place = NULL;
        g_assert_false(lists_pinned_next(&place, &found));
        place = "nonsense of a flipped bit";
        g_assert_false(lists_pinned_next(&place, &found));
        /* As it was pinned before names were counted. */
        place = old = g_strdup_printf("mine %s\nnews %s", mine.digest, news.digest);
        g_assert_true(lists_pinned_next(&place, &found));
        g_assert_cmpuint(found.names, ==, 0);
        g_assert_true(lists_pinned_next(&place, &found));
        g_assert_cmpstr(found.digest, ==, news.digest);
        g_assert_false(lists_pinned_next(&place, &found));
        free(pinned);
        free(old);
        rule_set_done(&set);
        g_array_unref(lists);
}

static void test_list_names(void) {
        char *longest = g_strnfill(CAP_RULE_BYTES, 'a'), *longer = g_strnfill(CAP_RULE_BYTES + 1, 'a');

        g_assert_cmpint(list_check_name("mine-2", NULL), ==, 0);
        g_assert_cmpint(list_check_name(longest, NULL), ==, 0);
        g_assert_cmpint(list_check_name(longer, NULL), ==, REFUSAL_INVALID_ARGUMENT);
        g_assert_cmpint(list_check_name("", NULL), ==, REFUSAL_INVALID_ARGUMENT);
        g_assert_cmpint(list_check_name("Mine", NULL), ==, REFUSAL_INVALID_ARGUMENT);
        g_assert_cmpint(list_check_name("@mine", NULL), ==, REFUSAL_INVALID_ARGUMENT);
        g_free(longest);
        g_free(longer);
}

int main(int argc, char *argv[]) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/core/lists/texts", test_texts);
        g_test_add_func("/core/lists/nul", test_a_nul_is_no_text);
        g_test_add_func("/core/lists/caps", test_caps);
        g_test_add_func("/core/lists/pins", test_pins);
        g_test_add_func("/core/lists/names", test_list_names);
        return g_test_run();
}
