/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/value.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "common/caps.h"
#include "common/cleanup.h"
#include "common/duration.h"
#include "common/text.h"
#include "plugins/host/names.h"
#include "plugins/host/sentence.h"

#define BLANKS        " \t"
#define LIST_NAME_MAX 64

static int wrong(const char *text, char **ret_why, const char *what) {
        char excerpt[TEXT_EXCERPT_MAX];

        return sentence_set(ret_why, -EINVAL, "\"%s\" %s", text_excerpt(text, excerpt), what);
}

const char *value_list(const char *item) {
        return item[0] == '@' ? item + 1 : NULL;
}

char *value_next_item(const PomoSetting *setting, const char **text) {
        /* No host name has a comma in it; a word may. */
        const char *separators = setting->type == POMO_NAMES ? ";," : ";";

        while (**text) {
                const char *begin = *text + strspn(*text, BLANKS);
                size_t n = strcspn(begin, separators);

                *text = begin[n] ? begin + n + 1 : begin + n;
                while (n > 0 && strchr(BLANKS, begin[n - 1]))
                        n--;
                if (n > 0)
                        return memory_copy_n(begin, n);
        }
        return NULL;
}

static int parse_number(const char *text, int64_t *ret_number) {
        const char *digits = *text == '-' ? text + 1 : text;
        int64_t number;

        if (!*digits || digits[strspn(digits, "0123456789")] != '\0')
                return -EINVAL;
        errno = 0;
        number = strtoimax(text, NULL, 10);
        if (errno != 0)
                return -ERANGE;
        *ret_number = number;
        return 0;
}

static bool fits(const PomoSetting *setting, int64_t number) {
        return (setting->min == 0 && setting->max == 0) || (number >= setting->min && number <= setting->max);
}

static int check_number(const PomoSetting *setting, const char *text, char **ret_why) {
        int64_t number = 0;
        char excerpt[TEXT_EXCERPT_MAX];
        int r;

        r = parse_number(text, &number);
        if (r == -EINVAL)
                return wrong(text, ret_why, "is no whole number; write one as 25");
        if (r == -ERANGE || !fits(setting, number))
                return sentence_set(ret_why, -EINVAL, "%s is out of range; it can be %" PRId64 " to %" PRId64,
                                text_excerpt(text, excerpt),
                                r == -ERANGE && setting->min == setting->max ? INT64_MIN : setting->min,
                                r == -ERANGE && setting->min == setting->max ? INT64_MAX : setting->max);
        return 0;
}

static int check_duration(const PomoSetting *setting, const char *text, char **ret_why) {
        char least[DURATION_TEXT_MAX], most[DURATION_TEXT_MAX], excerpt[TEXT_EXCERPT_MAX];
        uint64_t usec = 0;
        int r;

        r = duration_parse(text, &usec);
        if (r == -EINVAL)
                return wrong(text, ret_why, "is no duration; write one as 25m, 90s or 1h30m");
        if (r == -ERANGE)
                return wrong(text, ret_why, "is more than 100 years");
        if (!fits(setting, (int64_t) usec))
                return sentence_set(ret_why, -EINVAL, "%s is out of range; it can be %s to %s",
                                text_excerpt(text, excerpt),
                                duration_format(setting->min > 0 ? (uint64_t) setting->min : 0, least),
                                duration_format(setting->max > 0 ? (uint64_t) setting->max : 0, most));
        return 0;
}

static int check_choice(const PomoSetting *setting, const char *text, char **ret_why) {
        cleanup_free_ char *choices = NULL;
        char excerpt[TEXT_EXCERPT_MAX];

        for (const char *const *choice = setting->choices; *choice; choice++) {
                if (strcmp(*choice, text) == 0)
                        return 0;
                memory_append(&choices, "%s%s", choices ? ", " : "", *choice);
        }
        return sentence_set(ret_why, -EINVAL, "\"%s\" is none of its choices: %s",
                        text_excerpt(text, excerpt), choices);
}

static bool is_list(const char *name) {
        size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");

        return n > 0 && n <= LIST_NAME_MAX && name[n] == '\0';
}

static int check_names(const PomoSetting *setting, const char *text, char **ret_why) {
        int r = 0;

        while (r >= 0) {
                cleanup_free_ char *item = value_next_item(setting, &text), *name = NULL;

                if (!item)
                        break;
                if (!value_list(item))
                        r = names_to_ascii(item, &name, ret_why);
                else if (!is_list(value_list(item)))
                        r = wrong(item, ret_why, "is no name of a list; write one as @social");
        }
        return r;
}

int value_check(const PomoSetting *setting, const char *text, char **ret_why) {
        int r;

        assert(setting && text);
        r = text_check(text, CAP_PROFILE_VALUE_BYTES);
        if (r == -E2BIG)
                return sentence_set(ret_why, -EINVAL, "it has more than %u bytes, which a value can have",
                                CAP_PROFILE_VALUE_BYTES);
        if (r < 0)
                return wrong(text, ret_why, "is not UTF-8, or has a control character in it");
        switch (setting->type) {
        case POMO_YES_NO:
                return strcmp(text, "yes") == 0 || strcmp(text, "no") == 0
                                       ? 0
                                       : wrong(text, ret_why, "is neither yes nor no");
        case POMO_NUMBER:
                return check_number(setting, text, ret_why);
        case POMO_DURATION:
                return check_duration(setting, text, ret_why);
        case POMO_CHOICE:
                return check_choice(setting, text, ret_why);
        case POMO_NAMES:
                return check_names(setting, text, ret_why);
        default: /* any text is one, and so are words */
                return 0;
        }
}

int64_t value_number(const PomoSetting *setting, const char *text) {
        int64_t number = 0;
        uint64_t usec = 0;

        switch (setting->type) {
        case POMO_YES_NO:
                return strcmp(text, "yes") == 0;
        case POMO_NUMBER:
                (void) parse_number(text, &number);
                return number;
        case POMO_DURATION:
                (void) duration_parse(text, &usec);
                return (int64_t) usec;
        default:
                return 0;
        }
}
