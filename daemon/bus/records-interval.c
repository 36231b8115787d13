/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* Intervals with what hangs on them: the one record of the log that holds records of its own. */

#include <errno.h>
#include <json-c/json.h>

#include "common/cleanup.h"
#include "daemon/bus/records.h"

static const char interruptions_key[] = "Interruptions";

static Interruption interruption_show(const Interval *interval, uint32_t i) {
        Interruption interruption = interval->interruptions[i];

        interruption.at_real_usec = interval->started_real_usec + interruption.offset_usec;
        return interruption;
}

static int interruptions_append(sd_bus_message *message, const Interval *interval) {
        int r;

        r = sd_bus_message_open_container(message, SD_BUS_TYPE_DICT_ENTRY, "sv");
        if (r >= 0)
                r = sd_bus_message_append_basic(message, SD_BUS_TYPE_STRING, interruptions_key);
        if (r >= 0)
                r = sd_bus_message_open_container(message, SD_BUS_TYPE_VARIANT, "aa{sv}");
        if (r >= 0)
                r = sd_bus_message_open_container(message, SD_BUS_TYPE_ARRAY, "a{sv}");
        for (uint32_t i = 0; r >= 0 && i < interval->n_interruptions; i++) {
                const Interruption shown = interruption_show(interval, i);

                r = record_append(message, &interruption_record, &shown);
        }
        for (unsigned i = 0; r >= 0 && i < 3; i++)
                r = sd_bus_message_close_container(message);
        return r;
}

int interval_append(sd_bus_message *message, const Interval *interval) {
        int r;

        r = record_open(message, &interval_record, interval);
        if (r >= 0 && interval->n_interruptions > 0)
                r = interruptions_append(message, interval);
        if (r >= 0)
                r = sd_bus_message_close_container(message);
        return r < 0 ? r : 0;
}

DEFINE_CLEANUP(json_object *, json_object_put);

static int interruptions_to_json(const Interval *interval, json_object **ret_array) {
        cleanup_(json_object_putp) json_object *array = json_object_new_array();
        Field fields[FIELDS_MAX];

        if (!array)
                return -ENOMEM;
        for (uint32_t i = 0; i < interval->n_interruptions; i++) {
                const Interruption shown = interruption_show(interval, i);
                json_object *object = NULL;
                int r;

                r = fields_to_json(fields, record_fields(&interruption_record, &shown, fields), &object);
                if (r < 0)
                        return r;
                if (json_object_array_add(array, object) < 0) {
                        json_object_put(object);
                        return -ENOMEM;
                }
        }
        *ret_array = steal(array);
        return 0;
}

int interval_to_json_line(const Interval *interval, char **ret_line, size_t *ret_size) {
        cleanup_(json_object_putp) json_object *object = NULL, *array = NULL;
        Field fields[FIELDS_MAX];
        int r;

        r = fields_to_json(fields, record_fields(&interval_record, interval, fields), &object);
        if (r < 0)
                return r;
        if (interval->n_interruptions > 0) {
                r = interruptions_to_json(interval, &array);
                if (r < 0)
                        return r;
                if (json_object_object_add(object, interruptions_key, array) < 0)
                        return -ENOMEM;
                (void) steal(array);
        }
        return json_to_line(object, ret_line, ret_size);
}
