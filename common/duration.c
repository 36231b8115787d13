/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "common/duration.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

#define DURATION_MAX_USEC (100ULL * 36525 * 24 * 36 * USEC_PER_SEC) /* 100 years of 365.25 days */

static const struct {
        char letter;
        uint64_t usec;
} units[] = {
        { 'h', USEC_PER_HOUR },
        { 'm', USEC_PER_MIN },
        { 's', USEC_PER_SEC },
};
#define N_UNITS (sizeof(units) / sizeof(units[0]))

static bool is_digit(char c) {
        return c >= '0' && c <= '9';
}

/* Digits of any number: what is too much sticks at the limit, so that nothing wraps around. */
static const char *read_number(const char *p, uint64_t *ret_number) {
        uint64_t number = 0;

        for (; is_digit(*p); p++)
                if (number <= DURATION_MAX_USEC)
                        number = number * 10 + (uint64_t) (*p - '0');

        *ret_number = number;
        return p;
}

int duration_parse(const char *text, uint64_t *ret_usec) {
        const char *p = text;
        uint64_t sum = 0;
        size_t unit = 0;
        bool too_long = false;

        if (!p || !is_digit(*p))
                return -EINVAL;

        while (*p) {
                uint64_t number;

                if (!is_digit(*p))
                        return -EINVAL;
                p = read_number(p, &number);

                while (unit < N_UNITS && units[unit].letter != *p)
                        unit++;
                if (unit == N_UNITS)
                        return -EINVAL;

                /* The rest is read all the same: what is no duration is not called too long. */
                if (number > (DURATION_MAX_USEC - sum) / units[unit].usec)
                        too_long = true;
                else
                        sum += number * units[unit].usec;
                unit++;
                p++;

                if (*p == ' ' && is_digit(p[1]))
                        p++;
        }

        if (too_long)
                return -ERANGE;
        *ret_usec = sum;
        return 0;
}

const char *duration_format(uint64_t usec, char buf[DURATION_TEXT_MAX]) {
        int n = 0;

        for (size_t i = 0; i < N_UNITS; i++) {
                uint64_t number = usec / units[i].usec;

                usec %= units[i].usec;
                if (number > 0 || (i == N_UNITS - 1 && n == 0))
                        n += snprintf(buf + n, DURATION_TEXT_MAX - (size_t) n, "%" PRIu64 "%c", number,
                                        units[i].letter);
        }
        return buf;
}

const char *duration_format_clock(uint64_t usec, char buf[DURATION_TEXT_MAX]) {
        uint64_t sec = usec / USEC_PER_SEC + (usec % USEC_PER_SEC > 0);

        if (sec >= 3600)
                snprintf(buf, DURATION_TEXT_MAX, "%" PRIu64 ":%02u:%02u", sec / 3600,
                                (unsigned) (sec / 60 % 60), (unsigned) (sec % 60));
        else
                snprintf(buf, DURATION_TEXT_MAX, "%u:%02u", (unsigned) (sec / 60), (unsigned) (sec % 60));
        return buf;
}
