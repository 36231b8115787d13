/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/ctl.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "clients/lib/memory.h"
#include "clients/pomoctl/verb.h"
#include "common/cleanup.h"
#include "common/duration.h"
#include "common/text.h"

int ctl_usage(const Ctl *ctl, const char *format, ...) {
        va_list ap;
        int r;

        va_start(ap, format);
        r = program_usage_va(&ctl->program, format, ap);
        va_end(ap);
        if (!ctl->program.json && ctl->verb)
                fprintf(stderr, "Usage: pomoctl %s%s%s\n", ctl->verb->name, *ctl->verb->usage ? " " : "",
                                ctl->verb->usage);
        return r;
}

int ctl_no_argument(const Ctl *ctl, const char *word, const char *sentence) {
        assert(ctl->verb);
        if (ctl->meant)
                return ctl_usage(ctl, "there is no '%s %.64s'; did you mean '%s'?", ctl->verb->name, word,
                                ctl->meant);
        return ctl_usage(ctl, "%s", sentence);
}

const char *ctl_colour(const Ctl *ctl, Colour colour) {
        static const char *const sequences[_COLOUR_MAX] = {
                [COLOUR_OFF] = "\033[0m",
                [COLOUR_BOLD] = "\033[1m",
                [COLOUR_DIM] = "\033[2m",
                [COLOUR_WORK] = "\033[1;31m",
                [COLOUR_REST] = "\033[1;32m",
                [COLOUR_WRONG] = "\033[33m",
        };

        return ctl->colour ? sequences[colour] : "";
}

unsigned ctl_columns(void) {
        struct winsize size;

        return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 ? 0 : size.ws_col;
}

int ctl_check_text(const Ctl *ctl, const char *what, const char *text, size_t max_bytes) {
        cleanup_free_ char *safe = NULL;

        switch (text ? text_check(text, max_bytes) : 0) {
        case 0:
                return 0;

        case -E2BIG:
                return ctl_usage(ctl, "the %s has %zu bytes, and at most %zu are possible", what,
                                strlen(text), max_bytes);

        case -EILSEQ:
                return ctl_usage(ctl, "the %s is not valid UTF-8", what);

        default:
                safe = memory_safe_text(text);
                return ctl_usage(ctl,
                                "the %s \"%s\" holds a line break or another control character; it has to be one line of text",
                                what, safe);
        }
}

int ctl_duration(const Ctl *ctl, const char *text, uint64_t *ret_usec) {
        switch (duration_parse(text, ret_usec)) {
        case 0:
                return 0;

        case -ERANGE:
                return ctl_usage(ctl, "'%.64s' is longer than a duration can be", text);

        default:
                return ctl_usage(ctl, "'%.64s' is no duration; say it like 25m, 90s or 1h30m", text);
        }
}

int ctl_id(const Ctl *ctl, const char *what, const char *text, uint64_t *ret_id) {
        uint64_t id;

        if (id_parse(text, &id) < 0)
                return ctl_usage(ctl, "'%.64s' is no id of %s; say it like 12 or #12", text, what);

        *ret_id = id;
        return 0;
}

/* ---- settings ---- */

int setting_week_start(const Program *program, int *ret_weekday) {
        static const char *const days[] = { "sunday", "monday", "tuesday", "wednesday", "thursday", "friday",
                "saturday" };
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        const char *text;
        int r = program_setting(program, "week-start", &reply, &text);

        if (r != 0)
                return r;

        *ret_weekday = 1;
        for (int i = 0; i < 7; i++)
                if (strcmp(text, days[i]) == 0)
                        *ret_weekday = i;
        return 0;
}

int setting_day_start(const Program *program, uint32_t *ret_sec) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        unsigned hours, minutes;
        const char *text;
        int r = program_setting(program, "day-start", &reply, &text);

        if (r != 0)
                return r;

        *ret_sec = sscanf(text, "%2u:%2u", &hours, &minutes) == 2 ? hours * 3600 + minutes * 60 : 0;
        return 0;
}
