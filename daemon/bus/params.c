/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/params.h"

#include <assert.h>
#include <glib.h>
#include <inttypes.h>
#include <string.h>

#include "common/caps.h"
#include "common/date.h"
#include "daemon/bus/failures.h"
#include "daemon/bus/internal.h"
#include "daemon/bus/keys.h"
#include "daemon/bus/values.h"

#define OPTION_NAME_MAX 32
#define WHAT_MAX        (OPTION_NAME_MAX + 16)
#define DATE_BYTES      32u /* of what should be a date; one that is none is named in the refusal */

static const char *const bus_types[] = {
        [ARG_ID] = "t",
        [ARG_NUMBER] = "t",
        [ARG_TIME] = "t",
        [ARG_TEXT] = "s",
        [ARG_PLUGIN] = "s",
        [ARG_DATE] = "s",
        [ARG_DAY] = "s",
        [ARG_KEYS] = "a{sv}",
        [ARG_VALUE] = "v",
        [ARG_FD] = "h",
        [ARG_UID] = "u",
};

const char *param_bus_type(const Param *param) {
        return param->type < G_N_ELEMENTS(bus_types) ? bus_types[param->type] : NULL;
}

static void *place(void *given, size_t offset) {
        return (char *) given + offset;
}

/* ---- arguments ---- */

static int plugin_check(const char *plugin, const char *what, Refusal *ret_refusal) {
        char buf[SNIPPET_BYTES + 4];
        const char *p = plugin;
        int r = text_validate(plugin, CAP_RULE_BYTES, what, ret_refusal);

        if (r != 0)
                return r;
        while (g_ascii_islower(*p) || (p > plugin && (g_ascii_isdigit(*p) || *p == '-')))
                p++;
        if (p == plugin || *p != '\0')
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "\"%s\" is no plugin's name: small letters, digits and dashes, a letter first",
                                text_snippet(plugin, buf));
        return 0;
}

static int date_bind(const char *text, const char *what, bool needed, Date *ret_date, Refusal *ret_refusal) {
        char buf[SNIPPET_BYTES + 4];
        int r;

        if (*text == '\0' && needed)
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "the %s is missing; a date is written like 2026-07-01", what);
        if (*text == '\0') {
                *ret_date = DATE_NONE;
                return 0;
        }
        r = text_validate(text, DATE_BYTES, what, ret_refusal);
        if (r == 0 && date_parse(text, ret_date) < 0)
                r = refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "the %s \"%s\" is no date of the calendar from 1970 to 9999; a date is written like 2026-07-01",
                                what, text_snippet(text, buf));
        return r;
}

static int text_bind(const Param *param, const char *text, void *at, Refusal *ret_refusal) {
        const char *what = param->what ?: param->name;
        int r;

        if (param->type == ARG_DATE || param->type == ARG_DAY)
                return date_bind(text, what, param->type == ARG_DAY, at, ret_refusal);
        r = param->type == ARG_PLUGIN ? plugin_check(text, "plugin's name", ret_refusal)
            : param->limit > 0        ? text_validate(text, (size_t) param->limit, what, ret_refusal)
                                      : 0;
        if (r == 0)
                *(const char **) at = text;
        return r;
}

static int argument_read(sd_bus_message *message, const Param *param, void *at, Refusal *ret_refusal) {
        uint64_t number = 0;
        uint32_t uid = 0;
        const char *text;
        int r;

        if (param->type == ARG_KEYS)
                return key_list_read(message, at, ret_refusal);
        if (param->type == ARG_VALUE)
                return value_read(message, at);
        if (param->type == ARG_UID) {
                r = sd_bus_message_read_basic(message, SD_BUS_TYPE_UINT32, &uid);
                *(uint64_t *) at = uid;
                return result_of(r);
        }
        if (param->type == ARG_FD)
                return result_of(sd_bus_message_read_basic(message, SD_BUS_TYPE_UNIX_FD, at));
        if (bus_types[param->type][0] == SD_BUS_TYPE_STRING) {
                r = sd_bus_message_read_basic(message, SD_BUS_TYPE_STRING, &text);
                return r < 0 ? r : text_bind(param, text, at, ret_refusal);
        }
        r = sd_bus_message_read_basic(message, SD_BUS_TYPE_UINT64, &number);
        if (r < 0)
                return r;
        *(uint64_t *) at = param->type == ARG_TIME ? MIN(number, (uint64_t) INT64_MAX) : number;
        return 0;
}

/* ---- options ---- */

static int word_check(const char *word, uint64_t limit, const char *what, Refusal *ret_refusal) {
        char buf[SNIPPET_BYTES + 4];
        int r = text_validate(word, (size_t) limit, what, ret_refusal);

        if (r == 0 && (word[0] == '\0' || strchr(word, ' ')))
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "\"%s\" is no word: the %s is a list of words, without blanks in them",
                                text_snippet(word, buf), what);
        return r;
}

static int words_append(sd_bus_message *message, uint64_t limit, const char *what, GString *words,
                Refusal *ret_refusal) {
        const char *word;
        int r;

        while ((r = sd_bus_message_read_basic(message, SD_BUS_TYPE_STRING, &word)) > 0) {
                r = word_check(word, limit, what, ret_refusal);
                if (r != 0)
                        return r;
                g_string_append_printf(words, "%s%s", words->len > 0 ? " " : "", word);
                if (words->len > limit)
                        return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                        "the %s has more than %" PRIu64
                                        " bytes, which is the most it can have",
                                        what, limit);
        }
        return r;
}

static int words_read(sd_bus_message *message, uint64_t limit, const char *what, char **ret_words,
                Refusal *ret_refusal) {
        GString *words = g_string_new(NULL);
        int r;

        r = sd_bus_message_enter_container(message, SD_BUS_TYPE_VARIANT, "as");
        if (r >= 0)
                r = sd_bus_message_enter_container(message, SD_BUS_TYPE_ARRAY, "s");
        if (r >= 0)
                r = words_append(message, limit, what, words, ret_refusal);
        for (unsigned i = 0; r == 0 && i < 2; i++)
                r = result_of(sd_bus_message_exit_container(message));
        *ret_words = g_string_free(words, r != 0);
        return r;
}

static int refuse_type(char type, const char *what, const char *wanted, Refusal *ret_refusal) {
        return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                        "the %s is of the D-Bus type \"%c\"; it has to be %s", what, type, wanted);
}

static int number_bind(
                const Param *option, const Value *value, const char *what, void *at, Refusal *ret_refusal) {
        const uint64_t limit = option->type == OPTION_PAGE   ? UINT32_MAX
                               : option->type == OPTION_TIME ? UINT64_MAX
                                                             : option->limit;
        uint64_t number = 0;
        int r = value_to_number(value, what, limit, &number, ret_refusal);

        assert(option->type != OPTION_COUNT || limit - 1 < UINT32_MAX);
        if (r != 0)
                return r;
        if (option->type == OPTION_PAGE && number > CAP_RECORDS_PER_REPLY)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "the limit of %" PRIu64
                                " records is more than one answer can hold, which is %u; ask for the rest with the last record that you were given",
                                number, CAP_RECORDS_PER_REPLY);
        if (option->type == OPTION_TIME)
                *(uint64_t *) at = MIN(number, (uint64_t) INT64_MAX);
        else if (option->type == OPTION_NUMBER)
                *(uint64_t *) at = number;
        else if (option->type == OPTION_COUNT || number > 0)
                *(uint32_t *) at = (uint32_t) number;
        return 0;
}

static int option_bind(sd_bus_message *message, const Param *option, void *at, Refusal *ret_refusal) {
        char what[WHAT_MAX];
        const char *contents;
        Value value;
        int r;

        strcpy(stpcpy(what, "option "), option->name);
        r = sd_bus_message_peek_type(message, NULL, &contents);
        if (r >= 0 && option->type == OPTION_WORDS && strcmp(contents, "as") == 0)
                return words_read(message, option->limit, what, at, ret_refusal);
        if (r >= 0 && option->type == OPTION_FAILURES && strcmp(contents, "aa{sv}") == 0)
                return failures_read(message, at, ret_refusal);
        if (r >= 0)
                r = value_read(message, &value);
        if (r < 0)
                return r;
        switch (option->type) {
        case OPTION_FLAG:
                if (strcmp(contents, "b") != 0)
                        return refuse_type(value_type(&value), what, "a boolean (b)", ret_refusal);
                *(bool *) at = value.flag;
                return 0;
        case OPTION_TEXT:
                if (!value.text)
                        return refuse_type(value_type(&value), what, "a string (s)", ret_refusal);
                *(const char **) at = value.text[0] != '\0' ? value.text : NULL;
                return text_validate(value.text, (size_t) option->limit, what, ret_refusal);
        case OPTION_PLUGIN:
                if (!value.text)
                        return refuse_type(value_type(&value), what, "a string (s)", ret_refusal);
                *(const char **) at = value.text[0] != '\0' ? value.text : NULL;
                return value.text[0] != '\0' ? plugin_check(value.text, what, ret_refusal) : 0;
        case OPTION_WORDS:
                return refuse_type(value_type(&value), what, "a list of strings (as)", ret_refusal);
        case OPTION_FAILURES:
                return refuse_type(value_type(&value), what, "a list of records (aa{sv})", ret_refusal);
        default:
                return number_bind(option, &value, what, at, ret_refusal);
        }
}

/* ---- options that are fields of a record ---- */

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

static int field_bind(sd_bus_message *message, const FieldInfo *field, const char *name, void *at,
                Refusal *ret_refusal) {
        static const ParamType types[_FIELD_TYPE_MAX] = {
                [FIELD_TYPE_TEXT] = OPTION_TEXT,
                [FIELD_TYPE_DAY] = OPTION_TEXT,
                [FIELD_TYPE_COUNT] = OPTION_COUNT,
                [FIELD_TYPE_FLAG] = OPTION_FLAG,
                [FIELD_TYPE_WORDS] = OPTION_WORDS,
        };
        const Param option = {
                .name = name,
                .type = types[field->type],
                .limit = field->type == FIELD_TYPE_DAY ? DATE_BYTES : field->cap,
        };
        const char *text = NULL;
        int r;

        assert(option.type >= OPTION_NUMBER);
        if (option.type != OPTION_TEXT)
                return option_bind(message, &option, at, ret_refusal);
        r = option_bind(message, &option, &text, ret_refusal);
        if (r == 0 && field->type == FIELD_TYPE_TEXT)
                *(char **) at = g_strdup(text ?: "");
        else if (r == 0 && (r = refuse_date(ret_refusal, text ?: "")) == 0)
                g_strlcpy(at, text ?: "", field->size);
        return r;
}

/* The place of the field that the option is named for; n_fields where there is none. */
static size_t field_find(const RecordInfo *record, const char *name) {
        char buf[OPTION_NAME_MAX];
        size_t i;

        for (i = 0; i < record->n_fields; i++)
                if (record->fields[i].kind == FIELD_EDITABLE &&
                                strcmp(option_name(record->fields[i].key, buf), name) == 0)
                        break;
        return i;
}

/* ---- all of them ---- */

/* Which have been given, to refuse the same twice. */
typedef struct Seen {
        uint64_t rows, fields;
} Seen;

static int refuse_twice(const char *name, Refusal *ret_refusal) {
        return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT, "the option %s is given twice; give it once",
                        name);
}

static int refuse_unknown(const Params *params, const char *name, Refusal *ret_refusal) {
        char buf[SNIPPET_BYTES + 4];
        bool any = params->record;

        for (size_t i = 0; i < params->n; i++)
                any |= params->rows[i].type >= OPTION_NUMBER;
        return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                        any ? "there is no option \"%s\" here; see the method's description for those it takes"
                            : "there is no option \"%s\" here; this method takes none",
                        text_snippet(name, buf));
}

static int row_read(sd_bus_message *message, const Param *row, size_t i, Seen *seen, void *given,
                Refusal *ret_refusal) {
        int r;

        if (seen->rows & UINT64_C(1) << i)
                return refuse_twice(row->name, ret_refusal);
        seen->rows |= UINT64_C(1) << i;
        r = option_bind(message, row, place(given, row->offset), ret_refusal);
        if (r == 0 && row->given != 0)
                *(bool *) place(given, row->given) = true;
        return r;
}

static int field_read(sd_bus_message *message, const Params *params, size_t i, const char *name, Seen *seen,
                void *given, Refusal *ret_refusal) {
        const FieldInfo *field = &params->record->fields[i];

        if (seen->fields & UINT64_C(1) << i)
                return refuse_twice(name, ret_refusal);
        seen->fields |= UINT64_C(1) << i;
        *(uint64_t *) place(given, params->given_offset) = seen->fields;
        return field_bind(message, field, name, place(given, params->record_offset + field->offset),
                        ret_refusal);
}

static int option_read(sd_bus_message *message, const char *name, const Params *params, Seen *seen,
                void *given, Refusal *ret_refusal) {
        size_t i;

        for (i = 0; i < params->n; i++)
                if (params->rows[i].type >= OPTION_NUMBER && strcmp(params->rows[i].name, name) == 0)
                        return row_read(message, &params->rows[i], i, seen, given, ret_refusal);
        i = params->record ? field_find(params->record, name) : 0;
        if (params->record && i < params->record->n_fields)
                return field_read(message, params, i, name, seen, given, ret_refusal);
        return refuse_unknown(params, name, ret_refusal);
}

static int options_read(sd_bus_message *message, const Params *params, void *given, Refusal *ret_refusal) {
        const char *name;
        Seen seen = {};
        unsigned n = 0;
        Dict dict;
        int r = dict_begin(&dict, message);

        while (r == 0 && (r = dict_next(&dict, &name)) > 0) {
                if (++n > CAP_OPTIONS)
                        return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                        "there are more than %u options in this call, which is the most it can have",
                                        CAP_OPTIONS);
                r = option_read(message, name, params, &seen, given, ret_refusal);
        }
        return r;
}

int params_read(sd_bus_message *message, const Params *params, void *given, Refusal *ret_refusal) {
        int r = 0;

        assert(params->n <= 64);
        for (size_t i = 0; r == 0 && i < params->n; i++) {
                const Param *row = &params->rows[i];

                if (param_bus_type(row))
                        r = argument_read(message, row, place(given, row->offset), ret_refusal);
                else if (row->type == OPTION_PAGE)
                        *(uint32_t *) place(given, row->offset) = CAP_RECORDS_PER_REPLY;
        }
        return r != 0 ? r : options_read(message, params, given, ret_refusal);
}

void params_done(const Params *params, void *given) {
        const RecordInfo *record = params->record;

        for (size_t i = 0; i < params->n; i++) {
                void *at = place(given, params->rows[i].offset);

                if (params->rows[i].type == OPTION_FAILURES && *(GArray **) at)
                        g_array_unref(*(GArray **) at);
                else if (params->rows[i].type == OPTION_WORDS)
                        g_free(*(char **) at);
        }
        for (size_t i = 0; record && i < record->n_fields; i++) {
                const FieldInfo *field = &record->fields[i];
                char **text = place(given, params->record_offset + field->offset);

                if (field->kind != FIELD_EDITABLE ||
                                (field->type != FIELD_TYPE_TEXT && field->type != FIELD_TYPE_WORDS))
                        continue;
                g_free(*text);
                *text = NULL;
        }
}
