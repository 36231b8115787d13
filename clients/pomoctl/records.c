/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/records.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "clients/pomoctl/json.h"
#include "common/caps.h"
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
        records->n = 0;
        r = sd_bus_message_enter_container(reply, 'a', "a{sv}");
        if (r < 0)
                records->status = program_unreadable(records->program, r);
}

Records records_ask(const Program *program, const char *interface, const char *member,
                const ClientOption *options, const char *types, ...) {
        Records records = { .program = program };
        sd_bus_message *reply = NULL;
        va_list ap;
        int r;

        va_start(ap, types);
        r = client_call_va(program->client, interface, member, options, &reply, types, ap);
        va_end(ap);
        if (r < 0)
                records.status = program_failed(program);
        else
                reply_begin(&records, reply);
        return records;
}

static void page_ask(Records *records) {
        ClientOption options[4] = {};
        sd_bus_message *reply = NULL;
        unsigned n = 0;

        for (const ClientOption *o = records->options; o && o->key; o++) {
                assert(n + 2 < sizeof(options) / sizeof(options[0]));
                options[n++] = *o;
        }
        options[n] = records->paging == RECORDS_BY_ID
                                     ? client_option_u64("after", records->after_id)
                                     : client_option_text("after",
                                                       *records->after_name ? records->after_name : NULL);
        records->status = program_call(
                        records->program, records->interface, records->member, options, &reply, "");
        if (records->status == 0)
                reply_begin(records, reply);
}

Records records_list(const Program *program, RecordsPaging paging, const char *interface, const char *member,
                const ClientOption *options) {
        Records records = {
                .program = program,
                .interface = interface,
                .member = member,
                .options = options,
                .paging = paging,
        };

        page_ask(&records);
        return records;
}

struct json_object *records_next(Records *records) {
        while (records->status == 0) {
                int r;

                json_object_put(steal(records->record));
                r = record_read(records->reply, &records->record);
                if (r < 0)
                        records->status = program_unreadable(records->program, r);
                if (r > 0) {
                        records->n++;
                        records->after_id = record_u64(records->record, "Id");
                        snprintf(records->after_name, sizeof(records->after_name), "%s",
                                        record_text(records->record, "Name"));
                        return records->record;
                }
                if (records->paging == RECORDS_WHOLE || records->n < CAP_RECORDS_PER_REPLY)
                        return NULL;
                page_ask(records);
        }
        return NULL;
}

void records_done(Records *records) {
        sd_bus_message_unref(records->reply);
        json_object_put(records->record);
        *records = (Records){};
}

/* ---- one of a list ---- */

int record_find_named(const Program *program, const char *interface, const char *member, const char *name,
                struct json_object **ret_record) {
        cleanup_(records_done) Records records =
                        records_list(program, RECORDS_BY_NAME, interface, member, NULL);
        struct json_object *record;

        while ((record = records_next(&records)))
                if (strcmp(record_text(record, "Name"), name) == 0)
                        break;
        if (records.status == 0)
                *ret_record = json_object_get(record);
        return records.status;
}

int record_find_interval(const Program *program, uint64_t id, struct json_object **ret_record) {
        cleanup_(records_done) Records records = { .program = program };
        sd_bus_message *reply = NULL;
        struct json_object *record = NULL;

        if (client_call(program->client, POMOD_INTERFACE_HISTORY, "Query",
                            CLIENT_OPTIONS(client_option_number("interval", 't', id),
                                            client_option_flag("interruptions", true)),
                            &reply, "s", "") >= 0) {
                reply_begin(&records, reply);
                record = records_next(&records);
        } else if (!client_was_refused(program->client, "NoSuchInterval"))
                return program_failed(program);

        if (records.status == 0)
                *ret_record = json_object_get(record);
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
