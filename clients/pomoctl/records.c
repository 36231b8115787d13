/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/records.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "clients/pomoctl/json.h"
#include "common/names.h"

static int record_read(sd_bus_message *message, struct json_object **ret_record);

static int text_read(sd_bus_message *m, struct json_object **ret_text) {
        const char *text;
        int r = sd_bus_message_read_basic(m, 's', &text);

        if (r > 0)
                *ret_text = json_object_new_string(text);
        return r;
}

/* A list of what `read` reads: 1 and one of it, 0 past the last. */
static int list_read(sd_bus_message *m, const char *type,
                int (*read)(sd_bus_message *, struct json_object **), struct json_object **ret_value) {
        cleanup_(record_putp) struct json_object *array = memory_check(json_object_new_array());
        struct json_object *one;
        int r = sd_bus_message_enter_container(m, 'a', type);

        while (r >= 0 && (r = read(m, &one)) > 0)
                json_object_array_add(array, one);
        if (r >= 0)
                r = sd_bus_message_exit_container(m);
        if (r >= 0)
                *ret_value = steal(array);
        return r;
}

typedef union BasicValue {
        uint64_t t;
        int64_t x;
        uint32_t u;
        int32_t i;
        int b;
        const char *s;
} BasicValue;

static struct json_object *json_of_basic(char type, BasicValue v) {
        switch (type) {
        case 't':
                return json_object_new_uint64(v.t);
        case 'x':
                return json_object_new_int64(v.x);
        case 'u':
                return json_object_new_int64(v.u);
        case 'i':
                return json_object_new_int64(v.i);
        case 'b':
                return json_object_new_boolean(v.b);
        default:
                return json_object_new_string(v.s);
        }
}

static int basic_read(sd_bus_message *m, char type, struct json_object **ret_value) {
        BasicValue value;
        int r = sd_bus_message_read_basic(m, type, &value);

        if (r >= 0)
                *ret_value = json_of_basic(type, value);
        return r;
}

/* A variant of a basic type, of a list of strings or of records; NULL for one that we would not know what to
 * do with. */
static int variant_read(sd_bus_message *m, struct json_object **ret_value) {
        const char *contents;
        char type;
        int r = sd_bus_message_peek_type(m, &type, &contents);

        if (r < 0)
                return r;

        if (!contents ||
                        (strlen(contents) != 1 && strcmp(contents, "as") != 0 &&
                                        strcmp(contents, "aa{sv}") != 0) ||
                        (contents[1] == '\0' && !strchr("txuibs", contents[0]))) {
                *ret_value = NULL;
                return sd_bus_message_skip(m, "v");
        }

        r = sd_bus_message_enter_container(m, 'v', contents);
        if (r < 0)
                return r;
        if (contents[1] == '\0')
                r = basic_read(m, contents[0], ret_value);
        else
                r = contents[1] == 's' ? list_read(m, "s", text_read, ret_value)
                                       : list_read(m, "a{sv}", record_read, ret_value);
        return r < 0 ? r : sd_bus_message_exit_container(m);
}

static int members_read(sd_bus_message *m, struct json_object *record) {
        int r;

        while ((r = sd_bus_message_enter_container(m, 'e', "sv")) > 0) {
                struct json_object *value = NULL;
                const char *key;

                r = sd_bus_message_read_basic(m, 's', &key);
                if (r >= 0)
                        r = variant_read(m, &value);
                if (r < 0)
                        return r;
                json_object_object_add(record, key, value);

                r = sd_bus_message_exit_container(m);
                if (r < 0)
                        return r;
        }

        return r;
}

/* One a{sv}: 1 and an object that the caller puts, 0 past the end of the array, or a negative errno. */
static int record_read(sd_bus_message *message, struct json_object **ret_record) {
        cleanup_(record_putp) struct json_object *record = NULL;
        int r = sd_bus_message_enter_container(message, 'a', "{sv}");

        if (r <= 0)
                return r;

        record = json_new();
        r = members_read(message, record);
        if (r >= 0)
                r = sd_bus_message_exit_container(message);
        if (r < 0)
                return r;
        *ret_record = steal(record);
        return 1;
}

int record_of_reply(const Program *program, sd_bus_message *reply, struct json_object **ret_record) {
        int r = record_read(reply, ret_record);

        return r > 0 ? 0 : program_unreadable(program, r < 0 ? r : -EBADMSG);
}

/* ---- lists ---- */

static void reply_begin(Records *records, sd_bus_message *reply) {
        int r;

        sd_bus_message_unref(records->reply);
        records->reply = reply;
        r = sd_bus_message_enter_container(reply, 'a', "a{sv}");
        if (r < 0)
                records->status = program_unreadable(records->program, r);
}

/* What was asked first, with what the answer said of the rest. */
static void options_fill(const Records *records, ClientOption options[RECORDS_OPTIONS_MAX + 1]) {
        unsigned n = 0;

        for (; records->options[n].key; n++)
                options[n] = records->options[n];
        if (!records->more)
                return;
        json_object_object_foreach(records->more, key, value) {
                if (n == RECORDS_OPTIONS_MAX)
                        break;
                options[n++] = json_object_is_type(value, json_type_string)
                                               ? client_option_text(key, json_object_get_string(value))
                                               : client_option_number(
                                                                 key, 't', json_object_get_uint64(value));
        }
}

static int page_try(Records *records) {
        ClientOption options[RECORDS_OPTIONS_MAX + 1] = {};
        cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL;
        Client *client = records->program->client;
        sd_bus_message *reply = NULL;
        int r = client_message_bare(client, records->interface, records->member, &message);

        for (unsigned i = 0; r >= 0 && records->types[i] != '\0'; i++)
                r = records->types[i] == 's'
                                    ? sd_bus_message_append(message, "s", records->arguments[i].text)
                                    : sd_bus_message_append(message, "t", records->arguments[i].number);
        if (r >= 0) {
                options_fill(records, options);
                r = client_message_append_options(message, options);
        }
        if (r >= 0)
                r = client_send(client, message, &reply);
        if (r >= 0)
                reply_begin(records, reply);
        return r;
}

static void page_ask(Records *records) {
        if (page_try(records) < 0)
                records->status = program_failed(records->program);
}

Records records_ask(const Program *program, const char *interface, const char *member,
                const ClientOption *options, const char *types, ...) {
        Records records = {
                .program = program,
                .interface = interface,
                .member = member,
                .types = types,
        };
        va_list ap;

        assert(strlen(types) <= RECORDS_ARGUMENTS_MAX);
        for (unsigned i = 0; options && options[i].key; i++) {
                assert(i < RECORDS_OPTIONS_MAX);
                records.options[i] = options[i];
        }
        va_start(ap, types);
        for (unsigned i = 0; types[i] != '\0'; i++)
                if (types[i] == 's')
                        records.arguments[i].text = memory_copy(va_arg(ap, const char *));
                else
                        records.arguments[i].number = va_arg(ap, uint64_t);
        va_end(ap);
        page_ask(&records);
        return records;
}

/* Behind the records: whether there are more, and how they are asked for. */
static bool more_read(Records *records) {
        int r = sd_bus_message_exit_container(records->reply);

        json_object_put(steal(records->more));
        if (r >= 0 && sd_bus_message_at_end(records->reply, true) == 0)
                r = record_read(records->reply, &records->more);
        if (r < 0)
                records->status = program_unreadable(records->program, r);
        return r >= 0 && records->more && json_object_object_length(records->more) > 0;
}

struct json_object *records_next(Records *records) {
        while (records->status == 0) {
                int r;

                json_object_put(steal(records->record));
                r = record_read(records->reply, &records->record);
                if (r < 0)
                        records->status = program_unreadable(records->program, r);
                if (r > 0)
                        return records->record;
                if (r < 0 || !more_read(records))
                        return NULL;
                page_ask(records);
        }
        return NULL;
}

void records_done(Records *records) {
        sd_bus_message_unref(records->reply);
        json_object_put(records->record);
        json_object_put(records->more);
        for (unsigned i = 0; i < RECORDS_ARGUMENTS_MAX; i++)
                free(records->arguments[i].text);
        *records = (Records){};
}

/* ---- one of a list ---- */

int record_find_named(const Program *program, const char *interface, const char *member, const char *name,
                struct json_object **ret_record) {
        cleanup_(records_done) Records records = records_ask(program, interface, member, NULL, "");
        struct json_object *record;

        while ((record = records_next(&records)))
                if (strcmp(record_text(record, "Name"), name) == 0)
                        break;
        if (records.status == 0)
                *ret_record = json_object_get(record);
        return records.status;
}

/* What its interruptions are asked for with is the record itself, again and again. */
static void interruptions_take(struct json_object *interval, struct json_object *again) {
        struct json_object *all = NULL, *more = NULL;

        if (!json_object_object_get_ex(interval, "Interruptions", &all) ||
                        !json_object_object_get_ex(again, "Interruptions", &more))
                return;
        for (size_t i = 0; i < json_object_array_length(more); i++)
                json_object_array_add(all, json_object_get(json_object_array_get_idx(more, i)));
}

int record_find_interval(const Program *program, uint64_t id, struct json_object **ret_record) {
        cleanup_(record_putp) struct json_object *interval = NULL;
        cleanup_(records_done) Records records = {};
        struct json_object *record;

        records = (Records){
                .program = program,
                .interface = POMOD_INTERFACE_HISTORY,
                .member = "Query",
                .options = { client_option_number("interval", 't', id),
                                client_option_flag("interruptions", true) },
                .types = "s",
                .arguments[0].text = memory_copy(""),
        };
        if (page_try(&records) < 0) {
                if (!client_was_refused(program->client, "NoSuchInterval"))
                        return program_failed(program);
                *ret_record = NULL;
                return 0;
        }
        while ((record = records_next(&records)))
                if (interval)
                        interruptions_take(interval, record);
                else
                        interval = json_object_get(record);
        if (records.status == 0)
                *ret_record = steal(interval);
        return records.status;
}

int record_of_interval(const Program *program, uint64_t id, struct json_object **ret_record) {
        struct json_object *record = NULL;
        char sentence[96];
        int r = record_find_interval(program, id, &record);

        if (r != 0)
                return r;
        if (!record) {
                snprintf(sentence, sizeof(sentence), "there is no interval #%" PRIu64 "; see: pomoctl log",
                                id);
                program_error(program, POMOD_ERROR_PREFIX "NoSuchInterval", sentence);
                return CLIENT_EXIT_REFUSED;
        }

        *ret_record = record;
        return 0;
}
