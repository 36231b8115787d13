/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/options.h"

#include <assert.h>
#include <errno.h>
#include <glib.h>
#include <inttypes.h>
#include <string.h>

#include "common/text.h"

const char *text_snippet(const char *text, char buf[SNIPPET_BYTES + 4]) {
        size_t length = strnlen(text, SNIPPET_BYTES + 1);
        bool cut = length > SNIPPET_BYTES;

        if (cut)
                for (length = SNIPPET_BYTES; length > 0 && ((unsigned char) text[length] & 0xC0) == 0x80;
                                length--)
                        ;
        for (size_t i = 0; i < length; i++)
                buf[i] = (unsigned char) text[i] < 0x20 || text[i] == 0x7F ? ' ' : text[i];
        strcpy(buf + length, cut ? "…" : "");
        return buf;
}

int text_validate(const char *text, size_t max_bytes, const char *what, Refusal *ret_refusal) {
        int r = text_check(text, max_bytes);
        char buf[SNIPPET_BYTES + 4];

        switch (r) {
        case 0:
                return 0;
        case -E2BIG:
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "the %s \"%s\" is longer than %zu bytes, which is the most it can have", what,
                                text_snippet(text, buf), max_bytes);
        case -EINVAL:
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "the %s \"%s\" holds a line break or another control character; one line of text is wanted",
                                what, text_snippet(text, buf));
        default:
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT, "the %s is not UTF-8; send it as UTF-8",
                                what);
        }
}

static int refuse_negative(const char *what, int64_t value, Refusal *ret_refusal) {
        return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                        "the %s is %" PRId64 "; it has to be a whole number from 0 up", what, value);
}

/* sd-bus checks that what is read is of the type asked for: one case for each. */
static int integer_read(sd_bus_message *message, char type, uint64_t *ret_number, int64_t *ret_negative) {
        union {
                uint8_t y;
                int16_t n;
                uint16_t q;
                int32_t i;
                uint32_t u;
                int64_t x;
                uint64_t t;
        } value = {};
        int64_t number = 0;
        int r = sd_bus_message_read_basic(message, type, &value);

        if (r < 0)
                return r;
        switch (type) {
        case SD_BUS_TYPE_BYTE:
                number = value.y;
                break;
        case SD_BUS_TYPE_INT16:
                number = value.n;
                break;
        case SD_BUS_TYPE_UINT16:
                number = value.q;
                break;
        case SD_BUS_TYPE_INT32:
                number = value.i;
                break;
        case SD_BUS_TYPE_UINT32:
                number = value.u;
                break;
        case SD_BUS_TYPE_INT64:
                number = value.x;
                break;
        default:
                *ret_number = value.t;
                return 0;
        }
        *ret_negative = number;
        *ret_number = number < 0 ? 0 : (uint64_t) number;
        return 0;
}

int number_read(sd_bus_message *message, char type, const char *what, uint64_t limit, uint64_t *ret_number,
                Refusal *ret_refusal) {
        uint64_t number = 0;
        int64_t negative = 0;
        int r;

        if (type == '\0' || !strchr("ynqiuxt", type))
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "the %s is of the D-Bus type \"%c\"; it has to be an integer (t, u, x, i, q, n or y)",
                                what, type ?: '?');
        r = integer_read(message, type, &number, &negative);
        if (r < 0)
                return r;
        if (negative < 0)
                return refuse_negative(what, negative, ret_refusal);
        if (limit == 0)
                limit = INT64_MAX;
        if (number > limit)
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "the %s is %" PRIu64 "; it can be %" PRIu64 " at most", what, number, limit);
        *ret_number = number;
        return 0;
}

static int word_check(const char *word, const Option *option, const char *what, Refusal *ret_refusal) {
        char buf[SNIPPET_BYTES + 4];
        int r = text_validate(word, (size_t) option->limit, what, ret_refusal);

        if (r == 0 && (word[0] == '\0' || strchr(word, ' ')))
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "\"%s\" is no word: the %s is a list of words, without blanks in them",
                                text_snippet(word, buf), what);
        return r;
}

static int words_read(sd_bus_message *message, Option *option, const char *what, Refusal *ret_refusal) {
        GString *words = g_string_new(NULL);
        const char *word;
        int r;

        r = sd_bus_message_enter_container(message, SD_BUS_TYPE_ARRAY, "s");
        while (r >= 0 && (r = sd_bus_message_read_basic(message, SD_BUS_TYPE_STRING, &word)) > 0) {
                r = word_check(word, option, what, ret_refusal);
                if (r != 0)
                        break;
                g_string_append_printf(words, "%s%s", words->len > 0 ? " " : "", word);
                if (words->len > option->limit) {
                        r = refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                        "the %s has more than %" PRIu64
                                        " bytes, which is the most it can have",
                                        what, option->limit);
                        break;
                }
        }
        if (r == 0)
                r = sd_bus_message_exit_container(message);
        option->made = g_string_free(words, FALSE);
        option->text = option->made;
        return r < 0 ? r : r == 1 ? 0 : r;
}

static int option_read(sd_bus_message *message, Option *option, char type, Refusal *ret_refusal) {
        char what[SNIPPET_BYTES + 16];
        int flag, r;

        strcpy(stpcpy(what, "option "), option->name);
        switch (option->type) {
        case OPTION_NUMBER:
                return number_read(message, type, what, option->limit, &option->number, ret_refusal);

        case OPTION_FLAG:
                if (type != SD_BUS_TYPE_BOOLEAN)
                        return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                        "the %s is of the D-Bus type \"%c\"; it has to be a boolean (b)",
                                        what, type);
                r = sd_bus_message_read_basic(message, SD_BUS_TYPE_BOOLEAN, &flag);
                if (r >= 0)
                        option->flag = flag != 0;
                return r < 0 ? r : 0;

        case OPTION_WORDS:
                if (type != SD_BUS_TYPE_ARRAY)
                        return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                        "the %s is of the D-Bus type \"%c\"; it has to be a list of strings (as)",
                                        what, type);
                return words_read(message, option, what, ret_refusal);

        case OPTION_TEXT:
                if (type != SD_BUS_TYPE_STRING)
                        return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                        "the %s is of the D-Bus type \"%c\"; it has to be a string (s)", what,
                                        type);
                r = sd_bus_message_read_basic(message, SD_BUS_TYPE_STRING, &option->text);
                if (r < 0)
                        return r;
                return text_validate(option->text, (size_t) option->limit, what, ret_refusal);
        }
        return -EINVAL;
}

static Option *option_find(Option *options, size_t n_options, const char *name) {
        for (size_t i = 0; i < n_options; i++)
                if (strcmp(options[i].name, name) == 0)
                        return &options[i];
        return NULL;
}

/* The type of a value; of what is no single type, and no list of texts, the type that fits no option. */
static char single_type(const char *contents) {
        return contents[1] == '\0' || strcmp(contents, "as") == 0 ? contents[0] : SD_BUS_TYPE_VARIANT;
}

static int entry_read(sd_bus_message *message, Option *options, size_t n_options, Refusal *ret_refusal) {
        const char *name, *contents;
        char buf[SNIPPET_BYTES + 4];
        Option *option;
        int r;

        r = sd_bus_message_read_basic(message, SD_BUS_TYPE_STRING, &name);
        if (r < 0)
                return r;
        option = option_find(options, n_options, name);
        if (!option)
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                n_options > 0 ? "there is no option \"%s\" here; see the method's description for those it takes"
                                              : "there is no option \"%s\" here; this method takes none",
                                text_snippet(name, buf));
        if (option->given)
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "the option %s is given twice; give it once", option->name);

        r = sd_bus_message_peek_type(message, NULL, &contents);
        if (r < 0)
                return r;
        /* Containers are refused by the name of their first type, which is enough to find them. */
        r = sd_bus_message_enter_container(message, SD_BUS_TYPE_VARIANT, contents);
        if (r < 0)
                return r;
        r = option_read(message, option, single_type(contents), ret_refusal);
        if (r != 0)
                return r;
        option->given = true;
        r = sd_bus_message_exit_container(message);
        return r < 0 ? r : 0;
}

int options_read(sd_bus_message *message, Option *options, size_t n_options, Refusal *ret_refusal) {
        unsigned n = 0;
        int r;

        r = sd_bus_message_enter_container(message, SD_BUS_TYPE_ARRAY, "{sv}");
        if (r < 0)
                return r;
        while ((r = sd_bus_message_enter_container(message, SD_BUS_TYPE_DICT_ENTRY, "sv")) > 0) {
                if (++n > CAP_OPTIONS)
                        return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                        "there are more than %u options in this call, which is the most it can have",
                                        CAP_OPTIONS);
                r = entry_read(message, options, n_options, ret_refusal);
                if (r != 0)
                        return r;
                r = sd_bus_message_exit_container(message);
                if (r < 0)
                        return r;
        }
        if (r < 0)
                return r;
        r = sd_bus_message_exit_container(message);
        return r < 0 ? r : 0;
}

/* ---- fields of a record ---- */

static const OptionType option_types[_FIELD_TYPE_MAX] = {
        [FIELD_TYPE_TEXT] = OPTION_TEXT,
        [FIELD_TYPE_DAY] = OPTION_TEXT,
        [FIELD_TYPE_COUNT] = OPTION_NUMBER,
        [FIELD_TYPE_FLAG] = OPTION_FLAG,
        [FIELD_TYPE_WORDS] = OPTION_WORDS,
};

#define OPTION_NAME_MAX 32
#define DAY_BYTES       32u /* of what should be a date; one that is none is named in the refusal */

/* "PlanDate" as "plan-date". */
static const char *option_name(const char *key, char buf[OPTION_NAME_MAX]) {
        size_t n = 0;

        for (const char *c = key; *c && n + 3 < OPTION_NAME_MAX; c++) {
                if (g_ascii_isupper(*c) && c > key)
                        buf[n++] = '-';
                buf[n++] = g_ascii_tolower(*c);
        }
        buf[n] = '\0';
        return buf;
}

static int field_set(const FieldInfo *field, const Option *option, void *data, Refusal *ret_refusal) {
        int r;

        switch (field->type) {
        case FIELD_TYPE_COUNT:
                *(uint32_t *) field_in(field, data) = (uint32_t) option->number;
                return 0;
        case FIELD_TYPE_FLAG:
                *(bool *) field_in(field, data) = option->flag;
                return 0;
        case FIELD_TYPE_DAY:
                r = refuse_date(ret_refusal, option->text);
                if (r == 0)
                        g_strlcpy(field_in(field, data), option->text, field->size);
                return r;
        default:
                *(char **) field_in(field, data) = g_strdup(option->text);
                return 0;
        }
}

static size_t options_of(const RecordInfo *record, Option options[FIELDS_MAX],
                char names[FIELDS_MAX][OPTION_NAME_MAX], size_t places[FIELDS_MAX]) {
        size_t n = 0;

        for (size_t i = 0; i < record->n_fields; i++) {
                const FieldInfo *field = &record->fields[i];

                if (field->kind != FIELD_EDITABLE)
                        continue;
                options[n] = (Option){
                        .name = option_name(field->key, names[n]),
                        .type = option_types[field->type],
                        .limit = field->type == FIELD_TYPE_DAY ? DAY_BYTES : field->cap,
                };
                places[n++] = i;
        }
        return n;
}

int options_read_fields(sd_bus_message *message, const RecordInfo *record, Option *more, size_t n_more,
                void *data, uint64_t *ret_given, Refusal *ret_refusal) {
        Option options[FIELDS_MAX];
        char names[FIELDS_MAX][OPTION_NAME_MAX];
        size_t places[FIELDS_MAX];
        const size_t n = options_of(record, options, names, places);
        uint64_t given = 0;
        int r;

        assert(n + n_more <= FIELDS_MAX);
        for (size_t i = 0; i < n_more; i++)
                options[n + i] = more[i];
        r = options_read(message, options, n + n_more, ret_refusal);
        for (size_t i = 0; r == 0 && i < n; i++)
                if (options[i].given) {
                        r = field_set(&record->fields[places[i]], &options[i], data, ret_refusal);
                        given |= UINT64_C(1) << places[i];
                }
        for (size_t i = 0; i < n + n_more; i++)
                g_free(options[i].made);
        if (r != 0)
                return r;
        for (size_t i = 0; i < n_more; i++)
                more[i] = options[n + i];
        *ret_given = given;
        return 0;
}
