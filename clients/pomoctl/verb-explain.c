/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <stdio.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "clients/pomoctl/days.h"
#include "clients/pomoctl/json.h"
#include "clients/pomoctl/records.h"
#include "clients/pomoctl/verb.h"
#include "clients/pomoctl/wrap.h"
#include "common/cleanup.h"
#include "common/duration.h"
#include "common/names.h"
#include "common/text.h"

#define WHY_COLUMN 4u

/* Why is several clauses: a terminal gets a line for each, a pipe all of them in one. */
static void print_why(FILE *file, const char *why, unsigned columns) {
        const char *end;

        for (; columns > 0 && (end = strstr(why, "; ")); why = end + 2) {
                cleanup_free_ char *clause = memory_copy_n(why, (size_t) (end - why) + 1);

                fprintf(file, "%*s", (int) WHY_COLUMN, "");
                wrap_print(file, clause, WHY_COLUMN, WHY_COLUMN + 2, columns);
                fputc('\n', file);
        }
        fprintf(file, "%*s", (int) WHY_COLUMN, "");
        wrap_print(file, why, WHY_COLUMN, WHY_COLUMN + 2, columns);
        fputc('\n', file);
}

/* What holds and until when, in the words of `status`: "afternoons, pomodoro, until 17:00". */
static void print_line(const Ctl *ctl, struct json_object *answer) {
        time_t at = record_time(answer, "AtRealtimeUSec"), until = record_time(answer, "UntilRealtimeUSec");
        cleanup_free_ char *rule = memory_safe_text(record_text(answer, "Rule")),
                           *why = memory_safe_text(record_text(answer, "Why"));
        const char *state = record_text(answer, "State"), *mode = record_text(answer, "Mode");
        bool away = strcmp(state, "away") == 0;
        char begin[DAY_TEXT_MAX], end[DAY_TEXT_MAX];
        const char *what;
        size_t column;

        moment_label(at, at + 3 * 24 * 3600, begin);
        what = away ? "away" : *rule ? rule : strcmp(state, "off-hours") == 0 ? "off hours" : state;
        printf("%s%s%s  %s%s%s", ctl_colour(ctl, COLOUR_DIM), begin, ctl_colour(ctl, COLOUR_OFF),
                        ctl_colour(ctl, away    ? COLOUR_WRONG
                                        : *rule ? COLOUR_WORK
                                                : COLOUR_BOLD),
                        what, ctl_colour(ctl, COLOUR_OFF));
        column = text_width(begin) + 2 + text_width(what);
        wrap_printf(stdout, column, 4, ctl_columns(), "%s%s%s%s%s%s", away ? ", " : "", away ? rule : "",
                        *mode ? ", " : "", mode, until > 0 ? ", until " : "",
                        until > 0 ? moment_label(until, at, end) : "");
        putchar('\n');
        if (*why)
                print_why(stdout, why, ctl_columns());
}

static int explain(const Ctl *ctl, uint64_t at_usec) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        cleanup_(record_putp) struct json_object *answer = NULL;
        int r = program_call(&ctl->program, POMOD_INTERFACE_SCHEDULES, "Explain", NULL, &reply, "t", at_usec)
                                ?: record_of_reply(&ctl->program, reply, &answer);

        if (r != 0)
                return r;
        if (ctl->program.json)
                json_print_and_put(stdout, json_of_record(answer, JSON_SECONDS));
        else
                print_line(ctl, answer);
        return 0;
}

/* A date and a time that follows it as a word of its own are one instant. */
static int next_instant(const Args *args, unsigned *i, time_t now, time_t *ret_at,
                char sentence[TIMES_SENTENCE_MAX]) {
        const char *word = args->words[(*i)++];
        char both[64];
        Date date;

        if (*i < args->n_words && (day_is_word(word) || date_parse(word, &date) == 0) &&
                        args->words[*i][strspn(args->words[*i], "0123456789:")] == '\0' &&
                        strlen(args->words[*i]) <= strlen("00:00:00")) {
                snprintf(both, sizeof(both), "%s %s", word, args->words[(*i)++]);
                return instant_parse(both, now, ret_at, sentence);
        }
        return instant_parse(word, now, ret_at, sentence);
}

static int verb_schedule_explain(Ctl *ctl, const Args *args) {
        cleanup_free_ uint64_t *instants = memory_new(uint64_t, args->n_words + 1);
        char sentence[TIMES_SENTENCE_MAX];
        time_t now = time(NULL), at;
        unsigned n = 0;
        int r = program_use_zone(&ctl->program);

        if (r != 0)
                return r;

        /* All of them are read before the first is asked about. */
        for (unsigned i = 0; i < args->n_words;) {
                bool is_now = strcmp(args->words[i], "now") == 0;

                if (next_instant(args, &i, now, &at, sentence) < 0)
                        return ctl_usage(ctl, "%s", sentence);
                instants[n++] = is_now ? 0 : (uint64_t) at * USEC_PER_SEC;
        }
        if (n == 0)
                n = 1;

        for (unsigned i = 0; i < n && r == 0; i++)
                r = explain(ctl, instants[i]);
        return r;
}

/* ---- the rows of the table of verbs ---- */

/* clang-format off */
const Verb verbs_of_explain[] = {
        { .name = "schedule explain", .usage = "[INSTANT…]", .words = WORDS_ANY, .run = verb_schedule_explain,
          .sentence = "say which rule holds at an instant, until when, and why; alone: now",
          .terms = ITEMS(
                  { "now", "also where none is given" },
                  { "18:10", "of today" },
                  { "2026-07-01", "the first instant of that day; also today, tomorrow, monday" },
                  { "2026-07-01 18:10", "on the clock of your zone" },
                  { "2026-07-01T16:10:00Z", "in UTC, or with an offset like +02:00" }, ), .terms_title = "Instants",
          .examples = ITEMS({ "pomoctl schedule explain", "why it is off hours now" },
                          { "pomoctl schedule explain 2026-12-24 '2026-12-25 10:00'", "two instants" }, ) },
        {},
};
/* clang-format on */
