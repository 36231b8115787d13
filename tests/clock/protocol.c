/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/clock/clocks-test.h"

static int parse_number(const char *text, uint64_t *ret_number) {
        uint64_t number;
        char *end;

        if (text[0] < '0' || text[0] > '9')
                return -EINVAL;
        errno = 0;
        number = strtoull(text, &end, 10);
        if (errno != 0 || *end != '\0')
                return -EINVAL;
        *ret_number = number;
        return 0;
}

static int parse_boot_id(const char *text, Now *now) {
        if (strlen(text) != sizeof(now->boot_id) - 1 ||
                        strspn(text, "0123456789abcdef") != sizeof(now->boot_id) - 1)
                return -EINVAL;
        strcpy(now->boot_id, text);
        return 0;
}

static int parse_word(char *word, Now *now) {
        char *value = strchr(word, '=');
        uint64_t number;

        if (!value)
                return -EINVAL;
        *value++ = '\0';
        if (strcmp(word, "boot-id") == 0)
                return parse_boot_id(value, now);
        if (parse_number(value, &number) < 0)
                return -EINVAL;
        if (strcmp(word, "boot") == 0)
                now->boot_usec = number;
        else if (strcmp(word, "mono") == 0)
                now->mono_usec = number;
        else if (strcmp(word, "real") == 0)
                now->real_usec = number;
        else if (strcmp(word, "sync") == 0)
                now->synchronised = number != 0;
        else
                return -EINVAL;
        return 0;
}

int test_clocks_parse(const char *words, Now *now) {
        char *copy = strdup(words), *rest = NULL;
        Now parsed = *now;
        int r = 0;

        if (!copy)
                return -ENOMEM;
        for (char *word = strtok_r(copy, " ", &rest); word && r == 0; word = strtok_r(NULL, " ", &rest))
                r = parse_word(word, &parsed);
        free(copy);
        if (r == 0)
                *now = parsed;
        return r;
}

static int obey(TestClocks *clocks, const char *verb, const char *argument) {
        const bool back = argument[0] == '-';
        Now now = *test_clocks_get(clocks);
        uint64_t usec;

        if (strcmp(verb, "get") == 0 || strcmp(verb, "next") == 0)
                return 0;
        if (strcmp(verb, "gate") == 0) {
                if (strcmp(argument, "open") != 0 && strcmp(argument, "close") != 0)
                        return -EINVAL;
                test_clocks_close_gate(clocks, strcmp(argument, "close") == 0);
                return 0;
        }
        /* A deadline that came now would come in the middle of a request. */
        if (test_clocks_held(clocks))
                return -EBUSY;
        if (strcmp(verb, "set") == 0) {
                if (test_clocks_parse(argument, &now) < 0)
                        return -EINVAL;
                test_clocks_set(clocks, &now);
                return 0;
        }
        if (parse_number(argument + (back || argument[0] == '+'), &usec) < 0)
                return -EINVAL;
        if (strcmp(verb, "step") == 0)
                test_clocks_step(clocks, back ? -(int64_t) usec : (int64_t) usec);
        else if (strcmp(verb, "advance") == 0 && !back)
                test_clocks_advance(clocks, usec);
        else if (strcmp(verb, "sleep") == 0 && !back)
                test_clocks_sleep(clocks, usec);
        else
                return -EINVAL;
        return 0;
}

void test_clocks_command(TestClocks *clocks, const char *line, char *answer, size_t size) {
        const size_t n_verb = strcspn(line, " ");
        const char *argument = line + n_verb + strspn(line + n_verb, " ");
        char verb[16] = "", armed[24] = "never";
        const Now *now;

        if (n_verb < sizeof(verb))
                memcpy(verb, line, n_verb);
        if (obey(clocks, verb, argument) < 0) {
                snprintf(answer, size, "error: not understood: %.100s\n", line);
                return;
        }
        now = test_clocks_get(clocks);
        if (test_clocks_armed(clocks) != UINT64_MAX)
                snprintf(armed, sizeof(armed), "%" PRIu64, test_clocks_armed(clocks));
        snprintf(answer, size,
                        "ok boot=%" PRIu64 " mono=%" PRIu64 " real=%" PRIu64
                        " sync=%d boot-id=%s armed=%s looks=%" PRIu64 "\n",
                        now->boot_usec, now->mono_usec, now->real_usec, now->synchronised, now->boot_id,
                        armed, test_clocks_looks(clocks));
}
