/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/act.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "clients/lib/program.h"
#include "common/duration.h"
#include "common/names.h"
#include "common/text.h"
#include "plugins/host/sentence.h"

#define PARTS_MAX 4u

typedef enum PartType {
        PART_TEXT,
        PART_NUMBER,
        PART_DURATION,
        PART_FLAG,
} PartType;

/* An option or an operand of a verb. With a key it becomes an option of the method, else its next argument.
 */
typedef struct Part {
        const char *name; /* "--for", or "DURATION"; NULL ends a verb's */
        PartType type;
        const char *key; /* of the option on the bus; NULL: an argument, empty or 0 where it is not given */
        bool needed;
} Part;

typedef struct ActVerb {
        const char *words;
        const char *interface, *member;
        Part parts[PARTS_MAX + 1];
} ActVerb;

static const ActVerb verbs[] = {
        { .words = "start",
                        .interface = POMOD_INTERFACE_TIMER,
                        .member = "Start",
                        .parts = { { "KIND", PART_TEXT }, { "--for", PART_DURATION, "for-usec" },
                                        { "--switch", PART_FLAG, "switch" },
                                        { "--anyway", PART_FLAG, "anyway" } } },
        { .words = "stop",
                        .interface = POMOD_INTERFACE_TIMER,
                        .member = "Stop",
                        .parts = { { "--reason", PART_TEXT, "reason" },
                                        { "--at", PART_NUMBER, "at-realtime-usec" } } },
        { .words = "interrupt",
                        .interface = POMOD_INTERFACE_TIMER,
                        .member = "Interrupt",
                        .parts = { { "NOTE", PART_TEXT, "note" }, { "--external", PART_FLAG, "external" } } },
        { .words = "skip", .interface = POMOD_INTERFACE_TIMER, .member = "Skip" },
        { .words = "pause", .interface = POMOD_INTERFACE_TIMER, .member = "Pause" },
        { .words = "resume", .interface = POMOD_INTERFACE_TIMER, .member = "Resume" },
        { .words = "extend",
                        .interface = POMOD_INTERFACE_TIMER,
                        .member = "Extend",
                        .parts = { { "DURATION", PART_DURATION, .needed = true } } },
        { .words = "toggle", .interface = POMOD_INTERFACE_TIMER, .member = "Toggle" },
        { .words = "log edit",
                        .interface = POMOD_INTERFACE_HISTORY,
                        .member = "Edit",
                        .parts = { { "ID", PART_NUMBER, .needed = true }, { "--note", PART_TEXT, "note" },
                                        { "--end", PART_NUMBER, "ended-realtime-usec" } } },
        { .words = "focus on",
                        .interface = POMOD_INTERFACE_FOCUS,
                        .member = "Engage",
                        .parts = { { "PROFILE", PART_TEXT, .needed = true },
                                        { "DURATION", PART_DURATION, "for-usec", true },
                                        { "--lock", PART_TEXT, "lock" } } },
        { .words = "focus off",
                        .interface = POMOD_INTERFACE_FOCUS,
                        .member = "Release",
                        .parts = { { "ID", PART_NUMBER }, { "--reason", PART_TEXT } } },
        { .words = "focus keep",
                        .interface = POMOD_INTERFACE_FOCUS,
                        .member = "Withdraw",
                        .parts = { { "ID", PART_NUMBER } } },
};

/* ---- words ---- */

/* What the words of a plugin ask for; an entry for each part of the verb. */
typedef struct Request {
        const ActVerb *verb;
        const char *texts[PARTS_MAX]; /* NULL: not given */
        uint64_t numbers[PARTS_MAX];
} Request;

/* How many of the words are the verb's, 0: none. */
static size_t match(const ActVerb *verb, const char *const *words) {
        const char *blank = strchr(verb->words, ' ');
        size_t n = blank ? (size_t) (blank - verb->words) : strlen(verb->words);

        if (strlen(words[0]) != n || strncmp(words[0], verb->words, n) != 0)
                return 0;
        if (!blank)
                return 1;
        return words[1] && strcmp(words[1], blank + 1) == 0 ? 2 : 0;
}

static int no_word(const char *word, const char *words, const char *why, char **ret_sentence) {
        char excerpt[TEXT_EXCERPT_MAX];

        return sentence_set(ret_sentence, -EINVAL, "act(): '%s' after %s %s", text_excerpt(word, excerpt),
                        words, why);
}

static bool is_option(const char *word) {
        return strncmp(word, "--", 2) == 0;
}

/* Where the next word belongs: to its option, or to the first operand that is free. NULL: nowhere. */
static const Part *find_part(const Request *request, const char *word) {
        for (const Part *part = request->verb->parts; part->name; part++)
                if (is_option(word) ? strcmp(part->name, word) == 0
                                    : !is_option(part->name) && !request->texts[part - request->verb->parts])
                        return part;
        return NULL;
}

static int parse_value(const Part *part, const char *text, uint64_t *ret_number) {
        switch (part->type) {
        case PART_NUMBER:
                return program_number(text, INT64_MAX, ret_number);
        case PART_DURATION:
                return duration_parse(text, ret_number);
        default:
                return 0;
        }
}

/* The number of words that were used. */
static int take_word(Request *request, const char *const *words, char **ret_sentence) {
        const Part *part = find_part(request, words[0]);
        size_t i = part ? (size_t) (part - request->verb->parts) : 0;
        bool option = is_option(words[0]), value = option && part && part->type != PART_FLAG;
        const char *text = value ? words[1] : words[0];

        if (!part)
                return no_word(words[0], request->verb->words, "is not known; the words are those of pomoctl",
                                ret_sentence);
        if (request->texts[i])
                return no_word(words[0], request->verb->words, "is there twice", ret_sentence);
        if (!text)
                return no_word(words[0], request->verb->words, "needs a value", ret_sentence);
        if (parse_value(part, text, &request->numbers[i]) < 0)
                return no_word(text, request->verb->words,
                                part->type == PART_DURATION ? "is no duration like 25m" : "is no number",
                                ret_sentence);
        request->texts[i] = text;
        return value ? 2 : 1;
}

static int parse(const char *const *words, Request *ret_request, char **ret_sentence) {
        Request request = {};
        char excerpt[TEXT_EXCERPT_MAX];
        size_t n = 0;
        int r;

        for (size_t i = 0; n == 0 && i < sizeof(verbs) / sizeof(verbs[0]); i++) {
                n = match(&verbs[i], words);
                request.verb = &verbs[i];
        }
        if (n == 0)
                return sentence_set(ret_sentence, -EINVAL,
                                "act() has no verb '%s'; docs/PLUGINS.md lists those of pomoctl that it has",
                                text_excerpt(words[0], excerpt));
        for (words += n; *words; words += r) {
                r = take_word(&request, words, ret_sentence);
                if (r < 0)
                        return r;
        }
        for (size_t i = 0; request.verb->parts[i].name; i++)
                if (request.verb->parts[i].needed && !request.texts[i])
                        return sentence_set(ret_sentence, -EINVAL, "act(): %s needs %s", request.verb->words,
                                        request.verb->parts[i].name);
        *ret_request = request;
        return 0;
}

/* ---- the message ---- */

static int append_argument(sd_bus_message *call, const Request *request, size_t i) {
        return request->verb->parts[i].type == PART_TEXT
                               ? sd_bus_message_append_basic(call, 's', request->texts[i] ?: "")
                               : sd_bus_message_append_basic(call, 't', &request->numbers[i]);
}

static int append_option(sd_bus_message *call, const Request *request, size_t i) {
        const Part *part = &request->verb->parts[i];

        switch (part->type) {
        case PART_TEXT:
                return sd_bus_message_append(call, "{sv}", part->key, "s", request->texts[i]);
        case PART_FLAG:
                return sd_bus_message_append(call, "{sv}", part->key, "b", 1);
        default:
                return sd_bus_message_append(call, "{sv}", part->key, "t", request->numbers[i]);
        }
}

static int append_all(sd_bus_message *call, const Request *request, uint64_t interval) {
        const Part *parts = request->verb->parts;
        int r = 0;

        for (size_t i = 0; r >= 0 && parts[i].name; i++)
                if (!parts[i].key)
                        r = append_argument(call, request, i);
        if (r >= 0)
                r = sd_bus_message_open_container(call, 'a', "{sv}");
        for (size_t i = 0; r >= 0 && parts[i].name; i++)
                if (parts[i].key && request->texts[i])
                        r = append_option(call, request, i);
        if (r >= 0 && interval > 0)
                r = sd_bus_message_append(call, "{sv}", "if-interval", "t", interval);
        return r < 0 ? r : sd_bus_message_close_container(call);
}

/* ---- the answer ---- */

typedef struct Acting {
        CallsActed acted;
        void *data;
} Acting;

/* Nobody is there to answer, in the words of the bus. */
static bool is_absence(const sd_bus_error *error) {
        return sd_bus_error_has_names(error, SD_BUS_ERROR_SERVICE_UNKNOWN, SD_BUS_ERROR_NAME_HAS_NO_OWNER,
                               SD_BUS_ERROR_NO_REPLY, SD_BUS_ERROR_DISCONNECTED) > 0;
}

static int on_answer(sd_bus_message *reply, void *userdata, sd_bus_error *ret_error) {
        const Acting acting = *(Acting *) userdata;
        const sd_bus_error *error = sd_bus_message_get_error(reply);

        if (!error)
                acting.acted(0, NULL, acting.data);
        else
                acting.acted(is_absence(error) ? -ENOTCONN : -sd_bus_message_get_errno(reply), error->message,
                                acting.data);
        return 0;
}

int act_send(Bus *bus, const char *const *words, uint64_t interval, CallsActed acted, void *data,
                sd_bus_slot **ret_slot, char **ret_sentence) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;
        sd_bus_slot *slot;
        Acting *acting;
        Request request;
        int r;

        r = parse(words, &request, ret_sentence);
        if (r < 0)
                return r;
        if (interval > 0 && strcmp(request.verb->interface, POMOD_INTERFACE_TIMER) != 0)
                return sentence_set(ret_sentence, -EINVAL, "act(): %s is about no interval; say 0",
                                request.verb->words);
        r = bus_message_new(bus, request.verb->interface, request.verb->member, &call);
        if (r >= 0)
                r = append_all(call, &request, interval);
        if (r < 0)
                return r;
        acting = memory_new(Acting, 1);
        *acting = (Acting){ .acted = acted, .data = data };
        r = bus_send(bus, call, on_answer, acting, &slot);
        if (r < 0) {
                free(acting);
                return r;
        }
        (void) sd_bus_slot_set_destroy_callback(slot, free);
        *ret_slot = slot;
        return 0;
}
