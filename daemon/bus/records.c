/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/records.h"

#include <assert.h>
#include <errno.h>
#include <glib.h>
#include <json-c/json.h>
#include <string.h>

#include "common/cleanup.h"

DEFINE_CLEANUP(char **, g_strfreev);

static const char *const bus_types[_FIELD_TYPE_MAX] = {
        [FIELD_TYPE_ID] = "t",
        [FIELD_TYPE_REF] = "t",
        [FIELD_TYPE_TEXT] = "s",
        [FIELD_TYPE_CHARS] = "s",
        [FIELD_TYPE_TOKEN] = "s",
        [FIELD_TYPE_DAY] = "s",
        [FIELD_TYPE_DATE] = "s",
        [FIELD_TYPE_USEC] = "t",
        [FIELD_TYPE_COUNT] = "u",
        [FIELD_TYPE_OFFSET] = "i",
        [FIELD_TYPE_FLAG] = "b",
        [FIELD_TYPE_WORD] = "s",
        [FIELD_TYPE_WORDS] = "as",
};

const char *field_bus_type(FieldType type) {
        return bus_types[type];
}

size_t record_fields(const RecordInfo *record, const void *data, Field fields[FIELDS_MAX]) {
        size_t n = 0;

        for (size_t i = 0; i < record->n_fields; i++) {
                const FieldInfo *info = &record->fields[i];
                const char *type = bus_types[info->type];
                Field *field = &fields[n];

                if (!info->key)
                        continue;
                assert(type && n < FIELDS_MAX);
                field->key = info->key;
                strcpy(field->type, type);
                if (strchr(type, 's'))
                        field->text = field_get_text(info, data, field->made);
                else
                        field->number = field_get_number(info, data);
                n++;
        }
        return n;
}

size_t backup_fields(const Backup *backup, Field fields[FIELDS_MAX]) {
        size_t n = 0;

        fields[n++] = field_text("Name", backup->name);
        fields[n++] = field_number("MadeRealtimeUSec", "t", backup->made_real_usec);
        fields[n++] = field_number("Bytes", "t", backup->bytes);
        return n;
}

/* What does not apply to a happening is left out. */
size_t happening_fields(const Happening *happening, Field fields[FIELDS_MAX]) {
        size_t n = 0;

        if (happening->id != 0)
                fields[n++] = field_number("Id", "t", (uint64_t) happening->id);
        if (happening->kind != INTERVAL_NONE)
                fields[n++] = field_text("Kind", interval_kind_to_string(happening->kind));
        if (happening->task != 0)
                fields[n++] = field_number("TaskId", "t", (uint64_t) happening->task);
        if (happening->at_real_usec != 0)
                fields[n++] = field_number("AtRealtimeUSec", "t", happening->at_real_usec);
        if (happening->worked_usec != 0)
                fields[n++] = field_number("WorkedUSec", "t", happening->worked_usec);
        if (happening->reason[0] != '\0')
                fields[n++] = field_text("Reason", happening->reason);
        if (happening->type == HAPPENED_INTERRUPTED)
                fields[n++] = field_flag("External", happening->external);
        if (happening->note)
                fields[n++] = field_text("Note", happening->note);
        if (happening->since_real_usec != 0)
                fields[n++] = field_number("SinceRealtimeUSec", "t", happening->since_real_usec);
        return n;
}

static int words_append(sd_bus_message *message, const char *words) {
        cleanup_(g_strfreevp) char **list = g_strsplit(words, " ", -1);
        int r = sd_bus_message_open_container(message, SD_BUS_TYPE_ARRAY, "s");

        for (char **word = list; r >= 0 && *word; word++)
                r = sd_bus_message_append_basic(message, SD_BUS_TYPE_STRING, *word);
        return r < 0 ? r : sd_bus_message_close_container(message);
}

static int value_append(sd_bus_message *message, const Field *field) {
        uint32_t narrow = (uint32_t) field->number; /* of u, i and b, which are all 32 bits */

        switch (field->type[0]) {
        case SD_BUS_TYPE_ARRAY:
                return words_append(message, field->text);
        case SD_BUS_TYPE_STRING:
                return sd_bus_message_append_basic(message, SD_BUS_TYPE_STRING, field->text);
        case SD_BUS_TYPE_UINT64:
                return sd_bus_message_append_basic(message, SD_BUS_TYPE_UINT64, &field->number);
        default:
                return sd_bus_message_append_basic(message, field->type[0], &narrow);
        }
}

int variant_append(sd_bus_message *message, const Field *field) {
        int r;

        r = sd_bus_message_open_container(message, SD_BUS_TYPE_VARIANT, field->type);
        if (r < 0)
                return r;
        r = value_append(message, field);
        return r < 0 ? r : sd_bus_message_close_container(message);
}

int field_append(sd_bus_message *message, const Field *field) {
        int r;

        r = sd_bus_message_open_container(message, SD_BUS_TYPE_DICT_ENTRY, "sv");
        if (r < 0)
                return r;
        r = sd_bus_message_append_basic(message, SD_BUS_TYPE_STRING, field->key);
        if (r < 0)
                return r;
        r = variant_append(message, field);
        return r < 0 ? r : sd_bus_message_close_container(message);
}

int fields_append(sd_bus_message *message, const Field *fields, size_t n_fields) {
        int r;

        r = sd_bus_message_open_container(message, SD_BUS_TYPE_ARRAY, "{sv}");
        for (size_t i = 0; r >= 0 && i < n_fields; i++)
                r = field_append(message, &fields[i]);
        return r < 0 ? r : sd_bus_message_close_container(message);
}

int record_open(sd_bus_message *message, const RecordInfo *record, const void *data) {
        Field fields[FIELDS_MAX];
        const size_t n = record_fields(record, data, fields);
        int r = sd_bus_message_open_container(message, SD_BUS_TYPE_ARRAY, "{sv}");

        for (size_t i = 0; r >= 0 && i < n; i++)
                r = field_append(message, &fields[i]);
        return r < 0 ? r : 0;
}

int record_append(sd_bus_message *message, const RecordInfo *record, const void *data) {
        int r = record_open(message, record, data);

        if (r >= 0)
                r = sd_bus_message_close_container(message);
        return r < 0 ? r : 0;
}

int event_append(sd_bus_message *message, const EngineEvent *event) {
        Field fields[FIELDS_MAX];
        int r;

        r = sd_bus_message_append(message, "ts", event->seq, happening_to_string(event->happening.type));
        if (r < 0)
                return r;
        return fields_append(message, fields, happening_fields(&event->happening, fields));
}

DEFINE_CLEANUP(json_object *, json_object_put);

static json_object *words_to_json(const char *words) {
        cleanup_(g_strfreevp) char **list = g_strsplit(words, " ", -1);
        json_object *array = json_object_new_array();

        for (char **word = list; *word; word++)
                json_object_array_add(array, json_object_new_string(*word));
        return array;
}

static json_object *value_to_json(const Field *field) {
        switch (field->type[0]) {
        case SD_BUS_TYPE_ARRAY:
                return words_to_json(field->text);
        case SD_BUS_TYPE_STRING:
                return json_object_new_string(field->text);
        case SD_BUS_TYPE_UINT64:
                return json_object_new_uint64(field->number);
        case SD_BUS_TYPE_BOOLEAN:
                return json_object_new_boolean(field->number != 0);
        default:
                return json_object_new_int64((int64_t) field->number);
        }
}

int fields_to_json(const Field *fields, size_t n_fields, json_object **ret_object) {
        cleanup_(json_object_putp) json_object *object = json_object_new_object();

        if (!object)
                return -ENOMEM;
        for (size_t i = 0; i < n_fields; i++) {
                json_object *value = value_to_json(&fields[i]);

                /* The keys are static and differ: no copy, and no look whether one is there already. */
                if (!value || json_object_object_add_ex(object, fields[i].key, value,
                                              JSON_C_OBJECT_ADD_KEY_IS_NEW | JSON_C_OBJECT_KEY_IS_CONSTANT) <
                                                0) {
                        json_object_put(value);
                        return -ENOMEM;
                }
        }
        *ret_object = steal(object);
        return 0;
}

int json_to_line(json_object *object, char **ret_line, size_t *ret_size) {
        const char *json;
        size_t size;
        char *line;

        json = json_object_to_json_string_length(
                        object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &size);
        line = json ? malloc(size + 2) : NULL;
        if (!line)
                return -ENOMEM;
        memcpy(line, json, size);
        line[size] = '\n';
        line[size + 1] = '\0';
        *ret_line = line;
        *ret_size = size + 1;
        return 0;
}

int fields_to_json_line(const Field *fields, size_t n_fields, char **ret_line, size_t *ret_size) {
        cleanup_(json_object_putp) json_object *object = NULL;
        int r;

        r = fields_to_json(fields, n_fields, &object);
        return r < 0 ? r : json_to_line(object, ret_line, ret_size);
}
