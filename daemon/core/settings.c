/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/core/settings.h"

#include <errno.h>
#include <glib.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/duration.h"
#include "common/text.h"

typedef struct Entry {
        SettingInfo info;
        size_t offset; /* of the field in Settings */
} Entry;

static const char *const week_days[] = { "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
        "sunday", NULL };

/* clang-format off */
static const Entry entries[] = {
        { { "pomodoro", SETTING_DURATION, "25m", "1s", "24h", NULL,
            "How long a pomodoro is." }, offsetof(Settings, pomodoro_usec) },
        { { "short-break", SETTING_DURATION, "5m", "1s", "24h", NULL,
            "How long the break after a pomodoro is." }, offsetof(Settings, short_break_usec) },
        { { "long-break", SETTING_DURATION, "15m", "1s", "24h", NULL,
            "How long a long break is." }, offsetof(Settings, long_break_usec) },
        { { "long-break-every", SETTING_NUMBER, "4", "1", "99", NULL,
            "After how many pomodoros the break is a long one." }, offsetof(Settings, long_break_every) },
        { { "target", SETTING_NUMBER, "0", "0", "99", NULL,
            "How many pomodoros a day should hold; 0 for no target." }, offsetof(Settings, target) },
        { { "auto-start-break", SETTING_BOOL, "yes", NULL, NULL, NULL,
            "Whether the break begins by itself when a pomodoro rings." }, offsetof(Settings, auto_start_break) },
        { { "auto-start-pomodoro", SETTING_BOOL, "no", NULL, NULL, NULL,
            "Whether a pomodoro begins by itself when a break is over." }, offsetof(Settings, auto_start_pomodoro) },
        { { "pause", SETTING_BOOL, "no", NULL, NULL, NULL,
            "Whether pomodoros may be paused." }, offsetof(Settings, pause) },
        { { "suspend-grace", SETTING_DURATION, "1m", "0s", "24h", NULL,
            "How long the computer may sleep within a pomodoro before it is void." },
          offsetof(Settings, suspend_grace_usec) },
        { { "time-zone", SETTING_ZONE, "", NULL, NULL, NULL,
            "The zone of your days, like Europe/Berlin; empty for the system's." }, offsetof(Settings, time_zone) },
        { { "day-start", SETTING_TIME, "00:00", "00:00", "23:59", NULL,
            "When a new day begins, for those who work past midnight." }, offsetof(Settings, day_start_sec) },
        { { "week-start", SETTING_WORD, "monday", NULL, NULL, week_days,
            "The day on which a week begins." }, offsetof(Settings, week_start) },
};
/* clang-format on */

static const void *field_of(const Settings *settings, const Entry *entry) {
        return (const char *) settings + entry->offset;
}

static void *field_to_set(Settings *settings, const Entry *entry) {
        return (char *) settings + entry->offset;
}

static const Entry *find_entry(const char *name) {
        for (size_t i = 0; name && i < G_N_ELEMENTS(entries); i++)
                if (strcmp(entries[i].info.name, name) == 0)
                        return &entries[i];
        return NULL;
}

const SettingInfo *setting_info(unsigned index) {
        return index < G_N_ELEMENTS(entries) ? &entries[index].info : NULL;
}

const SettingInfo *setting_find(const char *name) {
        const Entry *entry = find_entry(name);

        return entry ? &entry->info : NULL;
}

static int refuse_unknown(const char *name, Refusal *ret_refusal) {
        const char *names[G_N_ELEMENTS(entries) + 1] = {};
        cleanup_free_ char *list = NULL;
        char excerpt[TEXT_EXCERPT_MAX];
        const char *near;

        for (size_t i = 0; i < G_N_ELEMENTS(entries); i++)
                names[i] = entries[i].info.name;
        list = g_strjoinv(", ", (char **) names);
        text_excerpt(name ? name : "", excerpt);
        near = text_nearest(name, names);
        if (near)
                return refuse(ret_refusal, REFUSAL_NO_SUCH_SETTING,
                                "unknown setting \"%s\"; did you mean \"%s\"?", excerpt, near);
        return refuse(ret_refusal, REFUSAL_NO_SUCH_SETTING, "unknown setting \"%s\"; there are %s", excerpt,
                        list);
}

int setting_require(const char *name, const SettingInfo **ret_info, Refusal *ret_refusal) {
        const SettingInfo *info = setting_find(name);

        if (!info)
                return refuse_unknown(name, ret_refusal);
        *ret_info = info;
        return 0;
}

/* Digits alone; -EINVAL for anything else, and too large a number for any range becomes UINT32_MAX. */
static int parse_number(const char *text, uint32_t *ret_number) {
        uint64_t number = 0;

        if (!*text)
                return -EINVAL;
        for (; *text; text++) {
                if (*text < '0' || *text > '9')
                        return -EINVAL;
                number = MIN(number * 10 + (uint64_t) (*text - '0'), (uint64_t) UINT32_MAX);
        }
        *ret_number = (uint32_t) number;
        return 0;
}

static int parse_bool(const char *text, bool *ret_value) {
        static const char *const words[][2] = { { "no", "yes" }, { "false", "true" }, { "off", "on" } };

        for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
                for (size_t value = 0; value < 2; value++)
                        if (g_ascii_strcasecmp(text, words[i][value]) == 0) {
                                *ret_value = value == 1;
                                return 0;
                        }
        return -EINVAL;
}

/* "4:00" or "04:00". */
static int parse_time(const char *text, uint32_t *ret_sec) {
        size_t n_hour = strspn(text, "0123456789");
        unsigned hour = 0, minute = 0;

        if (n_hour < 1 || n_hour > 2 || text[n_hour] != ':' || strspn(text + n_hour + 1, "0123456789") != 2 ||
                        text[n_hour + 3] != '\0')
                return -EINVAL;
        for (size_t i = 0; i < n_hour; i++)
                hour = hour * 10 + (unsigned) (text[i] - '0');
        for (size_t i = n_hour + 1; i < n_hour + 3; i++)
                minute = minute * 10 + (unsigned) (text[i] - '0');
        if (hour > 23 || minute > 59)
                return -EINVAL;
        *ret_sec = (hour * 60 + minute) * 60;
        return 0;
}

/*
 * GLib takes offsets and POSIX rules for zones, too ("+02:00", "EST5"), and paths. A zone of ours is a name
 * of the database: a capital first, as the other files in that folder ("leapseconds", "right/...") have none,
 * then letters, and digits only in the few names that have some.
 */
static bool looks_like_zone(const char *text) {
        static const char *const numbered[] = { "EST5EDT", "CST6CDT", "MST7MDT", "PST8PDT", "GMT0", "GMT+0",
                "GMT-0" };
        size_t n = strlen(text);

        if (n < 2 || n >= SETTING_ZONE_MAX || !g_ascii_isupper(text[0]) || text[n - 1] == '/' ||
                        strstr(text, "//"))
                return false;
        for (size_t i = 0; i < n; i++)
                if (!g_ascii_isalnum(text[i]) && !strchr("_+-/", text[i]))
                        return false;
        if (strcspn(text, "0123456789") == n || g_str_has_prefix(text, "Etc/"))
                return true;
        for (size_t i = 0; i < G_N_ELEMENTS(numbered); i++)
                if (strcmp(text, numbered[i]) == 0)
                        return true;
        return false;
}

static bool zone_exists(const char *text) {
        GTimeZone *zone = looks_like_zone(text) ? g_time_zone_new_identifier(text) : NULL;

        if (!zone)
                return false;
        g_time_zone_unref(zone);
        return true;
}

static int refuse_value(const Entry *entry, const char *text, const char *is_what, Refusal *ret_refusal) {
        char excerpt[TEXT_EXCERPT_MAX];

        return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT, "%s: \"%s\" is %s", entry->info.name,
                        text_excerpt(text, excerpt), is_what);
}

static int refuse_range(const Entry *entry, const char *text, Refusal *ret_refusal) {
        char excerpt[TEXT_EXCERPT_MAX];

        return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                        "%s: %s is out of range; it must be between %s and %s", entry->info.name,
                        text_excerpt(text, excerpt), entry->info.minimum_text, entry->info.maximum_text);
}

static int set_duration(uint64_t *field, const Entry *entry, const char *text, Refusal *ret_refusal) {
        uint64_t value = 0, minimum = 0, maximum = 0;
        int r = duration_parse(text, &value);

        if (r == -EINVAL)
                return refuse_value(
                                entry, text, "not a duration; write it like 25m, 90s or 1h30m", ret_refusal);
        (void) duration_parse(entry->info.minimum_text, &minimum);
        (void) duration_parse(entry->info.maximum_text, &maximum);
        if (r < 0 || value < minimum || value > maximum)
                return refuse_range(entry, text, ret_refusal);
        *field = value;
        return 0;
}

static int set_number(uint32_t *field, const Entry *entry, const char *text, Refusal *ret_refusal) {
        uint32_t value = 0, minimum = 0, maximum = 0;

        if (parse_number(text, &value) < 0)
                return refuse_value(entry, text, "not a whole number; write it like 4", ret_refusal);
        (void) parse_number(entry->info.minimum_text, &minimum);
        (void) parse_number(entry->info.maximum_text, &maximum);
        if (value < minimum || value > maximum)
                return refuse_range(entry, text, ret_refusal);
        *field = value;
        return 0;
}

/* The place in the list, counted from 1. */
static int set_word(uint32_t *field, const Entry *entry, const char *text, Refusal *ret_refusal) {
        char hint[256] = "none of ";

        for (unsigned i = 0; entry->info.words[i]; i++) {
                if (g_ascii_strcasecmp(entry->info.words[i], text) == 0) {
                        *field = i + 1;
                        return 0;
                }
                if (i > 0)
                        g_strlcat(hint, ", ", sizeof(hint));
                g_strlcat(hint, entry->info.words[i], sizeof(hint));
        }
        return refuse_value(entry, text, hint, ret_refusal);
}

static int set_entry(Settings *settings, const Entry *entry, const char *text, Refusal *ret_refusal) {
        void *field = field_to_set(settings, entry);

        switch (entry->info.type) {
        case SETTING_DURATION:
                return set_duration(field, entry, text, ret_refusal);
        case SETTING_NUMBER:
                return set_number(field, entry, text, ret_refusal);
        case SETTING_BOOL:
                if (parse_bool(text, field) < 0)
                        return refuse_value(entry, text, "neither yes nor no", ret_refusal);
                return 0;
        case SETTING_TIME:
                if (parse_time(text, field) < 0)
                        return refuse_value(entry, text,
                                        "not a time of day; write it like 04:00, from 00:00 to 23:59",
                                        ret_refusal);
                return 0;
        case SETTING_WORD:
                return set_word(field, entry, text, ret_refusal);
        case SETTING_ZONE:
                if (*text && !zone_exists(text))
                        return refuse_value(entry, text,
                                        "not a time zone that this computer knows; write it like Europe/Berlin, or leave it empty for the system's",
                                        ret_refusal);
                g_strlcpy(field, text, SETTING_ZONE_MAX);
                return 0;
        }
        g_assert_not_reached();
}

uint64_t settings_length(const Settings *settings, IntervalKind kind) {
        switch (kind) {
        case INTERVAL_POMODORO:
                return settings->pomodoro_usec;
        case INTERVAL_SHORT_BREAK:
                return settings->short_break_usec;
        case INTERVAL_LONG_BREAK:
                return settings->long_break_usec;
        default:
                return 0;
        }
}

void settings_init(Settings *ret_settings) {
        *ret_settings = (Settings){};
        for (size_t i = 0; i < G_N_ELEMENTS(entries); i++) {
                int r = set_entry(ret_settings, &entries[i], entries[i].info.default_text, NULL);

                g_assert(r == 0);
        }
}

int settings_set(Settings *settings, const char *name, const char *text, Refusal *ret_refusal) {
        const Entry *entry = find_entry(name);

        if (!entry)
                return refuse_unknown(name, ret_refusal);
        return set_entry(settings, entry, text ? text : "", ret_refusal);
}

int settings_get(const Settings *settings, const char *name, char buf[SETTING_TEXT_MAX]) {
        const Entry *entry = find_entry(name);
        const void *field;

        if (!entry)
                return -ENOENT;
        field = field_of(settings, entry);

        switch (entry->info.type) {
        case SETTING_DURATION:
                duration_format(*(const uint64_t *) field, buf);
                return 0;
        case SETTING_NUMBER:
                g_snprintf(buf, SETTING_TEXT_MAX, "%u", *(const uint32_t *) field);
                return 0;
        case SETTING_BOOL:
                g_strlcpy(buf, *(const bool *) field ? "yes" : "no", SETTING_TEXT_MAX);
                return 0;
        case SETTING_TIME: {
                uint32_t sec = *(const uint32_t *) field;

                g_snprintf(buf, SETTING_TEXT_MAX, "%02u:%02u", sec / 3600, sec / 60 % 60);
                return 0;
        }
        case SETTING_WORD:
                g_assert(*(const uint32_t *) field > 0);
                g_strlcpy(buf, entry->info.words[*(const uint32_t *) field - 1], SETTING_TEXT_MAX);
                return 0;
        case SETTING_ZONE:
                g_strlcpy(buf, field, SETTING_TEXT_MAX);
                return 0;
        }
        g_assert_not_reached();
}
