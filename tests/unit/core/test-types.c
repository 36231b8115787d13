/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/core/types.h"

#include "daemon/core/machine.h"
#include "tests/unit/check.h"

/* One shape for the functions of all enums, as each of theirs has a type of its own. */
#define ENUM(type, name)                               \
        static const char *name##_word(int value) {    \
                return name##_to_string((type) value); \
        }                                              \
        struct enum_swallow_semicolon
ENUM(IntervalKind, interval_kind);
ENUM(IntervalOutcome, interval_outcome);
ENUM(AbsenceKind, absence_kind);
ENUM(HappeningType, happening);

static void test_enums(void) {
        static const struct {
                int line;
                const char *(*word)(int value);
                int (*value)(const char *word);
                int max;
        } tables[] = {
                { __LINE__, interval_kind_word, interval_kind_from_string, _INTERVAL_KIND_MAX },
                { __LINE__, interval_outcome_word, interval_outcome_from_string, _INTERVAL_OUTCOME_MAX },
                { __LINE__, absence_kind_word, absence_kind_from_string, _ABSENCE_KIND_MAX },
                { __LINE__, happening_word, happening_from_string, _HAPPENING_TYPE_MAX },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
                for (int value = 0; value < tables[i].max; value++) {
                        const char *word = tables[i].word(value);

                        CHECK(tables[i].line, word != NULL && *word != '\0');
                        CHECK_INT(tables[i].line, tables[i].value(word), value);
                }
                CHECK_STR(tables[i].line, tables[i].word(tables[i].max), NULL);
                CHECK_STR(tables[i].line, tables[i].word(-1), NULL);
                CHECK_INT(tables[i].line, tables[i].value("no-such-word"), -EINVAL);
                CHECK_INT(tables[i].line, tables[i].value(""), -EINVAL);
                CHECK_INT(tables[i].line, tables[i].value(NULL), -EINVAL);
        }
}

static void test_interval_owns(void) {
        char note[] = "half of it", reason[] = "suspend";
        Interval interval = { .id = 7, .kind = INTERVAL_POMODORO, .note = note, .reason = reason }, copy = {};

        interval_copy(&interval, &copy);
        g_assert_cmpint(copy.id, ==, 7);
        g_assert_cmpstr(copy.note, ==, "half of it");
        g_assert_true(copy.note != note);
        g_assert_cmpstr(copy.reason, ==, "suspend");
        g_assert_null(copy.task_title);

        interval_done(&copy);
        interval_add_interruption(&copy, &(Interruption){ .offset_usec = 5, .note = note });
        interval_add_interruption(&copy, &(Interruption){ .external = true });
        interval = copy;
        interval_copy(&interval, &copy);
        interval_done(&interval);
        g_assert_cmpuint(copy.n_interruptions, ==, 2);
        g_assert_cmpstr(copy.interruptions[0].note, ==, "half of it");
        g_assert_true(copy.interruptions[1].external && !copy.interruptions[1].note);

        interval_done(&copy);
        g_assert_null(copy.note);
        g_assert_cmpint(copy.id, ==, 0);
        interval_done(&copy);
        interval_done(NULL);
}

static void test_interval_sums(void) {
        Interval interval = { .started_real_usec = 1000, .length_usec = 500, .paused_usec = 200 };

        g_assert_cmpuint(interval_ended_real_usec(&interval), ==, 1500);
        g_assert_cmpuint(interval_worked_usec(&interval), ==, 300);
        interval.paused_usec = 501;
        g_assert_cmpuint(interval_worked_usec(&interval), ==, 0);
}

static void test_refuse(void) {
        Refusal refusal = {};
        char *longest = g_strnfill(REFUSAL_MESSAGE_MAX - 1, 'x');

        g_assert_cmpint(refuse(&refusal, REFUSAL_BUSY, "#%d is running", 12), ==, REFUSAL_BUSY);
        g_assert_cmpint(refusal.code, ==, REFUSAL_BUSY);
        g_assert_cmpstr(refusal.message, ==, "#12 is running");
        g_assert_cmpint(refuse(NULL, REFUSAL_OVERLAP, "nobody listens"), ==, REFUSAL_OVERLAP);

        refuse(&refusal, REFUSAL_BUSY, "%s", longest);
        g_assert_cmpstr(refusal.message, ==, longest);
        g_free(longest);

        /* Characters of two, three and four bytes that meet the end of the message at each place. */
        static const char *const characters[] = { "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x8d\x85" };
        for (size_t i = 0; i < G_N_ELEMENTS(characters); i++)
                for (int shift = 0; shift < 4; shift++) {
                        GString *text = g_string_new("");

                        while (text->len < REFUSAL_MESSAGE_MAX + 8)
                                g_string_append(text, characters[i]);
                        refuse(&refusal, REFUSAL_BUSY, "%.*s%s", shift, "xxx", text->str);
                        g_assert_true(g_utf8_validate(refusal.message, -1, NULL));
                        g_assert_cmpuint(strlen(refusal.message), >=, REFUSAL_MESSAGE_MAX - 4);
                        g_string_free(text, TRUE);
                }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/types/enums", test_enums);
        g_test_add_func("/types/interval-owns", test_interval_owns);
        g_test_add_func("/types/interval-sums", test_interval_sums);
        g_test_add_func("/types/refuse", test_refuse);
        return g_test_run();
}
