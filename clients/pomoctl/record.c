/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/record.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "clients/pomoctl/json.h"
#include "common/caps.h"
#include "common/names.h"

static int texts_read(sd_bus_message *m, struct json_object **ret_value) {
        struct json_object *array = json_object_new_array();
        const char *text;
        int r;

        r = array ? sd_bus_message_enter_container(m, 'a', "s") : -ENOMEM;
        while (r >= 0 && (r = sd_bus_message_read_basic(m, 's', &text)) > 0)
                json_object_array_add(array, json_object_new_string(text));
        if (r >= 0)
                r = sd_bus_message_exit_container(m);
        if (r < 0) {
                json_object_put(array);
                return r;
        }

        *ret_value = array;
        return 0;
}

static int records_read(sd_bus_message *m, struct json_object **ret_value) {
        struct json_object *array = json_object_new_array(), *record;
        int r;

        r = array ? sd_bus_message_enter_container(m, 'a', "a{sv}") : -ENOMEM;
        while (r >= 0 && (r = record_read(m, &record)) > 0)
                json_object_array_add(array, record);
        if (r >= 0)
                r = sd_bus_message_exit_container(m);
        if (r < 0) {
                json_object_put(array);
                return r;
        }

        *ret_value = array;
        return 0;
}

static int basic_read(sd_bus_message *m, char type, struct json_object **ret_value) {
        union {
                uint64_t t;
                int64_t x;
                uint32_t u;
                int32_t i;
                int b;
                const char *s;
        } v;
        int r;

        r = sd_bus_message_read_basic(m, type, &v);
        if (r < 0)
                return r;

        switch (type) {
        case 't':
                *ret_value = json_object_new_uint64(v.t);
                break;
        case 'x':
                *ret_value = json_object_new_int64(v.x);
                break;
        case 'u':
                *ret_value = json_object_new_int64(v.u);
                break;
        case 'i':
                *ret_value = json_object_new_int64(v.i);
                break;
        case 'b':
                *ret_value = json_object_new_boolean(v.b);
                break;
        default:
                *ret_value = json_object_new_string(v.s);
                break;
        }

        return *ret_value ? 0 : -ENOMEM;
}

/* A variant of a basic type, of a list of strings or of records; NULL for one that we would not know what to
 * do with. */
static int variant_read(sd_bus_message *m, struct json_object **ret_value) {
        const char *contents;
        char type;
        int r;

        r = sd_bus_message_peek_type(m, &type, &contents);
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
                r = contents[1] == 's' ? texts_read(m, ret_value) : records_read(m, ret_value);
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

int record_read(sd_bus_message *message, struct json_object **ret_record) {
        struct json_object *record;
        int r;

        r = sd_bus_message_enter_container(message, 'a', "{sv}");
        if (r <= 0)
                return r;

        record = json_object_new_object();
        r = record ? members_read(message, record) : -ENOMEM;
        if (r >= 0)
                r = sd_bus_message_exit_container(message);
        if (r < 0) {
                json_object_put(record);
                return r;
        }

        *ret_record = record;
        return 1;
}

int record_of_reply(const Ctl *ctl, sd_bus_message *reply, struct json_object **ret_record) {
        int r = record_read(reply, ret_record);

        return r > 0 ? 0 : ctl_unreadable(ctl, r < 0 ? r : -EBADMSG);
}

int record_each(sd_bus_message *message, RecordFunc func, void *userdata) {
        struct json_object *record = NULL;
        int r;

        r = sd_bus_message_enter_container(message, 'a', "a{sv}");
        if (r < 0)
                return r;

        while ((r = record_read(message, &record)) > 0) {
                r = func(record, userdata);
                json_object_put(record);
                if (r != 0)
                        return r;
        }

        return r < 0 ? r : sd_bus_message_exit_container(message) < 0 ? -EBADMSG : 0;
}

int record_keep(struct json_object *record, void *userdata) {
        struct json_object **kept = userdata;

        json_object_put(*kept);
        *kept = json_object_get(record);
        return 0;
}

typedef struct Paging {
        RecordFunc func;
        void *userdata;
        char last_name[CAP_RULE_BYTES + 1];
        uint64_t last_id;
        unsigned n;
} Paging;

static int paging_one(struct json_object *record, void *userdata) {
        Paging *paging = userdata;

        paging->n++;
        snprintf(paging->last_name, sizeof(paging->last_name), "%s", record_text(record, "Name"));
        paging->last_id = record_u64(record, "Id");
        return paging->func(record, paging->userdata);
}

int record_each_named(
                const Ctl *ctl, const char *interface, const char *member, RecordFunc func, void *userdata) {
        Paging paging = { .func = func, .userdata = userdata };
        int r;

        do {
                cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;

                paging.n = 0;
                if (*paging.last_name)
                        r = client_call(ctl->client, interface, member, &reply, "a{sv}", 1, "after", "s",
                                        paging.last_name);
                else
                        r = client_call(ctl->client, interface, member, &reply, "a{sv}", 0);
                if (r < 0)
                        return ctl_failed(ctl);
                r = record_each(reply, paging_one, &paging);
                if (r < 0)
                        return ctl_unreadable(ctl, r);
        } while (paging.n >= CAP_RECORDS_PER_REPLY);
        return 0;
}

int record_each_task(const Ctl *ctl, bool include_done, const char *tag, RecordFunc func, void *userdata) {
        Paging paging = { .func = func, .userdata = userdata };
        int r;

        do {
                cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;

                paging.n = 0;
                if (client_call(ctl->client, POMOD_INTERFACE_TASKS, "List", &reply, "a{sv}", 3, "after", "t",
                                    paging.last_id, "include-done", "b", (int) include_done, "tag", "s",
                                    tag ?: "") < 0)
                        return ctl_failed(ctl);
                r = record_each(reply, paging_one, &paging);
                if (r < 0)
                        return ctl_unreadable(ctl, r);
        } while (paging.n >= CAP_RECORDS_PER_REPLY);
        return 0;
}

int record_find_interval(const Ctl *ctl, uint64_t id, struct json_object **ret_record) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        struct json_object *record = NULL;
        int r;

        r = client_call(ctl->client, POMOD_INTERFACE_HISTORY, "Query", &reply, "sa{sv}", "", 2, "interval",
                        "t", id, "interruptions", "b", 1);
        if (r < 0) {
                if (strcmp(client_error_name(ctl->client), POMOD_ERROR_PREFIX "NoSuchInterval") != 0)
                        return ctl_failed(ctl);
                *ret_record = NULL;
                return 0;
        }

        r = record_each(reply, record_keep, &record);
        if (r < 0) {
                json_object_put(record);
                return ctl_unreadable(ctl, r);
        }

        *ret_record = record;
        return 0;
}

int record_of_interval(const Ctl *ctl, uint64_t id, struct json_object **ret_record) {
        struct json_object *record = NULL;
        char sentence[96];
        int r;

        r = record_find_interval(ctl, id, &record);
        if (r != 0)
                return r;
        if (!record) {
                snprintf(sentence, sizeof(sentence), "there is no interval #%" PRIu64 "; see: pomoctl log",
                                id);
                ctl_error(ctl, POMOD_ERROR_PREFIX "NoSuchInterval", sentence);
                return CLIENT_EXIT_REFUSED;
        }

        *ret_record = record;
        return 0;
}
