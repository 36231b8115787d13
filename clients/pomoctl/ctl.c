/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/ctl.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "clients/pomoctl/verb.h"
#include "common/duration.h"
#include "common/names.h"
#include "common/text.h"

void ctl_error(const Ctl *ctl, const char *name, const char *message) {
        if (ctl->json) {
                struct json_object *object = json_object_new_object();

                json_object_object_add(object, "error", json_object_new_string(name));
                json_object_object_add(object, "message", json_object_new_string(message));
                fprintf(stderr, "%s\n",
                                json_object_to_json_string_ext(object,
                                                JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
                json_object_put(object);
                return;
        }

        cleanup_free_ char *safe = ctl_text(message);
        fprintf(stderr, "pomoctl: %s\n", safe);
}

int ctl_usage(const Ctl *ctl, const char *format, ...) {
        cleanup_free_ char *message = NULL;
        va_list ap;
        int r;

        va_start(ap, format);
        r = vasprintf(&message, format, ap);
        va_end(ap);
        if (r < 0)
                message = NULL;

        ctl_error(ctl, POMOD_ERROR_PREFIX "InvalidArgument", message ?: "out of memory");
        if (!ctl->json && ctl->verb)
                fprintf(stderr, "Usage: pomoctl %s%s%s\n", ctl->verb->name, *ctl->verb->usage ? " " : "",
                                ctl->verb->usage);
        return CLIENT_EXIT_USAGE;
}

char *ctl_spell_option(const char *error, const char *message) {
        static const char *const options[][2] = {
                { POMOD_ERROR_PREFIX "Busy", "start with switch" },
                { POMOD_ERROR_PREFIX "OffHours", "start with anyway" },
        };
        const size_t n = strlen("start with ");
        const char *last = NULL;
        char *spelled = NULL;

        /* The last one: what comes before may be a title. */
        for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
                if (strcmp(error, options[i][0]) == 0)
                        for (const char *p = message; (p = strstr(p, options[i][1])); p++)
                                last = p + n;

        if (!last)
                return strdup(message);
        return asprintf(&spelled, "%.*s--%s", (int) (last - message), message, last) < 0 ? NULL : spelled;
}

int ctl_failed(const Ctl *ctl) {
        const char *name = client_error_name(ctl->client), *message = client_error_message(ctl->client);
        cleanup_free_ char *spelled = ctl->json ? NULL : ctl_spell_option(name, message);

        ctl_error(ctl, name, spelled ?: message);
        return client_exit_status(ctl->client);
}

int ctl_errno(const Ctl *ctl, int r, const char *what) {
        cleanup_free_ char *message = NULL;

        if (asprintf(&message, "%s: %s", what, strerror(-r)) < 0)
                message = NULL;
        ctl_error(ctl, SD_BUS_ERROR_FAILED, message ?: "out of memory");
        return CLIENT_EXIT_REFUSED;
}

int ctl_cannot_ask(const Ctl *ctl, int r) {
        return ctl_errno(ctl, r, "cannot put the request together");
}

int ctl_unreadable(const Ctl *ctl, int r) {
        client_fail(ctl->client, r, NULL);
        return ctl_failed(ctl);
}

int ctl_send_for_id(const Ctl *ctl, sd_bus_message *message, uint64_t *ret_id) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        int r;

        if (client_send(ctl->client, message, &reply) < 0)
                return ctl_failed(ctl);
        r = sd_bus_message_read(reply, "t", ret_id);
        return r < 0 ? ctl_unreadable(ctl, r) : 0;
}

char *ctl_text(const char *text) {
        return text_for_terminal(text ?: "") ?: strdup("");
}

unsigned ctl_columns(void) {
        struct winsize size;

        return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 ? 0 : size.ws_col;
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

void ctl_table(const Ctl *ctl, const Table *table, const char *none) {
        if (none && table_is_empty(table))
                printf("%s\n", none);
        else
                table_print(table, stdout, ctl_columns(), ctl_colour(ctl, COLOUR_BOLD),
                                ctl_colour(ctl, COLOUR_OFF));
}

int ctl_setting(const Ctl *ctl, const char *name, sd_bus_message **ret_reply, const char **ret_text) {
        int r;

        if (client_call(ctl->client, POMOD_INTERFACE_SETTINGS, "Get", ret_reply, "sa{sv}", name, 0) < 0)
                return ctl_failed(ctl);
        r = sd_bus_message_read(*ret_reply, "v", "s", ret_text);
        return r < 0 ? ctl_unreadable(ctl, r) : 0;
}

int ctl_use_zone(Ctl *ctl) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        const char *zone;
        int r;

        r = ctl_setting(ctl, "time-zone", &reply, &zone);
        if (r != 0)
                return r;

        if (*zone && setenv("TZ", zone, 1) < 0)
                return ctl_errno(ctl, -errno, "cannot set the time zone");
        tzset();
        return 0;
}

int ctl_check_text(const Ctl *ctl, const char *what, const char *text, size_t max_bytes) {
        cleanup_free_ char *safe = NULL;

        switch (text_check(text, max_bytes)) {
        case 0:
                return 0;

        case -E2BIG:
                return ctl_usage(ctl, "the %s has %zu bytes, and at most %zu are possible", what,
                                strlen(text), max_bytes);

        case -EILSEQ:
                return ctl_usage(ctl, "the %s is not valid UTF-8", what);

        default:
                safe = ctl_text(text);
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

int ctl_no_argument(const Ctl *ctl, const char *word, const char *sentence) {
        if (ctl->meant)
                return ctl_usage(ctl, "there is no '%s %.64s'; did you mean '%s'?", ctl->verb->name, word,
                                ctl->meant);
        return ctl_usage(ctl, "%s", sentence);
}

int ctl_day_start(const Ctl *ctl, uint32_t *ret_sec) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        unsigned hours, minutes;
        const char *text;
        int r;

        r = ctl_setting(ctl, "day-start", &reply, &text);
        if (r != 0)
                return r;

        *ret_sec = sscanf(text, "%2u:%2u", &hours, &minutes) == 2 ? hours * 3600 + minutes * 60 : 0;
        return 0;
}
