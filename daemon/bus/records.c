/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/records.h"

#include <assert.h>
#include <glib.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"

DEFINE_CLEANUP(char **, g_strfreev);
DEFINE_CLEANUP(json_object *, json_object_put);

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
                const char *type = field_bus_type(info->type);
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
        if (happening->claim != 0)
                fields[n++] = field_number("Claim", "t", (uint64_t) happening->claim);
        if (happening->subject)
                fields[n++] = field_text("Name", happening->subject);
        if (happening->message)
                fields[n++] = field_text("Message", happening->message);
        return n;
}

/* ---- schedules ---- */

/* "" where there is none. */
static const char *date_text(Date date, char buf[DATE_TEXT_MAX]) {
        buf[0] = '\0';
        return date == DATE_NONE ? buf : date_format(date, buf);
}

/* What is the same of every window. */
static size_t window_fields(const Window *window, IntervalKind mode, Field *fields) {
        const Rule *rule = window->rule;
        size_t n = 0;

        fields[n++] = field_text("Rule", rule ? rule->name : "");
        fields[n++] = field_text("Kind", rule ? rule_kind_to_string(rule->kind) : "");
        fields[n++] = field_text("Mode", mode == INTERVAL_NONE ? "" : interval_kind_to_string(mode));
        return n;
}

size_t schedule_fields(const Schedule *schedule, const char *why, char date[DATE_TEXT_MAX],
                Field fields[FIELDS_MAX]) {
        const Window *window = &schedule->window;
        size_t n = 0;

        fields[n++] = field_number("AtRealtimeUSec", "t", schedule->at_real_usec);
        fields[n++] = field_text("State", schedule_state_to_string(schedule->state));
        n += window_fields(window, schedule->mode, &fields[n]);
        fields[n++] = field_text("Date", date_text(window->rule ? window->date : schedule->date, date));
        fields[n++] = field_number("FromRealtimeUSec", "t", window->rule ? window->from_real_usec : 0);
        fields[n++] = field_number("ToRealtimeUSec", "t", window->rule ? window->to_real_usec : 0);
        fields[n++] = field_number("UntilRealtimeUSec", "t", schedule->until_real_usec);
        fields[n++] = field_text("Why", why);
        return n;
}

size_t stretch_fields(const Stretch *stretch, char date[DATE_TEXT_MAX], Field fields[FIELDS_MAX]) {
        const Window *window = &stretch->window;
        IntervalKind mode = stretch->state == SCHEDULE_WINDOW ? window->rule->mode : INTERVAL_NONE;
        size_t n = 0;

        fields[n++] = field_text("State", schedule_state_to_string(stretch->state));
        n += window_fields(window, mode, &fields[n]);
        fields[n++] = field_text("Date", date_text(window->date, date));
        fields[n++] = field_number("FromRealtimeUSec", "t", stretch->from_real_usec);
        fields[n++] = field_number("ToRealtimeUSec", "t", stretch->to_real_usec);
        fields[n++] = field_number("OffsetSec", "i", (uint64_t) (int64_t) stretch->offset_sec);
        return n;
}

size_t office_day_fields(const OfficeDay *day, OfficeDayText *text, Field fields[FIELDS_MAX]) {
        const Rule *rule = day->rule;
        size_t n = 0;

        text->quota[0] = '\0';
        if (rule && rule->quota > 0)
                snprintf(text->quota, sizeof(text->quota), "%u/%s", rule->quota,
                                rule->quota_month ? "month" : "week");
        fields[n++] = field_text("Rule", day->name);
        fields[n++] = field_text("Date", date_text(day->date, text->date));
        fields[n++] = field_text("Fate", office_day_fate_to_string(day->fate));
        fields[n++] = field_text("MovedTo", date_text(day->moved_to, text->moved_to));
        fields[n++] = field_flag("Extra", day->extra);
        fields[n++] = field_text("Quota", text->quota);
        fields[n++] = field_text("Away", day->away);
        fields[n++] = field_text("Failure", day->failure);
        fields[n++] = field_flag("Enforced", day->enforced);
        return n;
}

/* ---- focus ---- */

size_t desired_fields(const Claim *claim, const char *plugin, uid_t uid, Field fields[FIELDS_MAX]) {
        size_t n = 0;

        assert(claim->lock_text[0] != '\0');
        fields[n++] = field_text("Plugin", plugin);
        fields[n++] = field_number("Uid", "u", uid);
        fields[n++] = field_number("Claim", "t", (uint64_t) claim->id);
        fields[n++] = field_text("Profile", claim->profile.name);
        fields[n++] = field_number("UntilBoottimeUSec", "t", claim->until_boot_usec);
        fields[n++] = field_number("UntilRealtimeUSec", "t", claim->until_real_usec);
        fields[n++] = field_number("LengthUSec", "t", claim->length_usec);
        fields[n++] = field_number("ReleaseBoottimeUSec", "t", claim->release_boot_usec);
        fields[n++] = field_number("RestsUntilBoottimeUSec", "t", claim->rests_until_boot_usec);
        fields[n++] = field_flag("Firm", !claim_follows_wall(claim));
        fields[n++] = field_text("BootId", claim->boot_id);
        fields[n++] = field_text("Lock", claim->lock_text);
        fields[n++] = field_text("Source", claim_source_to_string(claim->source));
        return n;
}

/* ---- on the bus ---- */

int texts_append(Reply *reply, char *const *texts, size_t n) {
        int r = reply_open(reply, SD_BUS_TYPE_ARRAY, "s");

        for (size_t i = 0; r == 0 && i < n; i++)
                r = reply_append_basic(reply, SD_BUS_TYPE_STRING, texts[i]);
        return r < 0 ? r : reply_close(reply);
}

int texts_append_entry(Reply *reply, const char *key, char *const *texts, size_t n) {
        int r = reply_open_entry(reply, key, "as");

        if (r == 0)
                r = texts_append(reply, texts, n);
        return r < 0 ? r : reply_close_entry(reply);
}

static int value_append(Reply *reply, const Field *field) {
        cleanup_(g_strfreevp) char **words = NULL;
        uint32_t narrow = (uint32_t) field->number; /* of u, i and b, which are all 32 bits */

        switch (field->type[0]) {
        case SD_BUS_TYPE_ARRAY:
                words = g_strsplit(field->text, " ", -1);
                return texts_append(reply, words, g_strv_length(words));
        case SD_BUS_TYPE_STRING:
                return reply_append_basic(reply, SD_BUS_TYPE_STRING, field->text);
        case SD_BUS_TYPE_UINT64:
                return reply_append_basic(reply, SD_BUS_TYPE_UINT64, &field->number);
        default:
                return reply_append_basic(reply, field->type[0], &narrow);
        }
}

int variant_append(Reply *reply, const Field *field) {
        int r = reply_open(reply, SD_BUS_TYPE_VARIANT, field->type);

        if (r == 0)
                r = value_append(reply, field);
        return r < 0 ? r : reply_close(reply);
}

static bool is_left_out(const Reply *reply, const Field *field) {
        return reply->too_large > 0 && field->type[0] == SD_BUS_TYPE_STRING &&
               strlen(field->text) > TEXT_KEPT_BYTES;
}

int fields_append_entries(Reply *reply, const Field *fields, size_t n_fields) {
        int r = 0;

        for (size_t i = 0; r == 0 && i < n_fields; i++) {
                if (is_left_out(reply, &fields[i]))
                        continue;
                r = reply_open_entry(reply, fields[i].key, fields[i].type);
                if (r == 0)
                        r = value_append(reply, &fields[i]);
                if (r == 0)
                        r = reply_close_entry(reply);
        }
        return r;
}

int fields_append(Reply *reply, const Field *fields, size_t n_fields) {
        int r = reply_open_record(reply);

        if (r == 0)
                r = fields_append_entries(reply, fields, n_fields);
        return r < 0 ? r : reply_close(reply);
}

int record_open(Reply *reply, const RecordInfo *record, const void *data) {
        Field fields[FIELDS_MAX];
        int r = reply_open_record(reply);

        return r < 0 ? r : fields_append_entries(reply, fields, record_fields(record, data, fields));
}

int record_append(Reply *reply, const RecordInfo *record, const void *data) {
        int r = record_open(reply, record, data);

        return r < 0 ? r : reply_close(reply);
}

int event_append(Reply *reply, const EngineEvent *event) {
        Field fields[FIELDS_MAX];
        int r = reply_append(reply, "ts", event->seq, happening_to_string(event->happening.type));

        return r < 0 ? r : fields_append(reply, fields, happening_fields(&event->happening, fields));
}

/* ---- as JSON ---- */

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

static json_object *fields_to_json(const Field *fields, size_t n_fields) {
        json_object *object = json_object_new_object();

        /* The keys are static and differ: no copy, and no look whether one is there already. */
        for (size_t i = 0; i < n_fields; i++)
                json_object_object_add_ex(object, fields[i].key, value_to_json(&fields[i]),
                                JSON_C_OBJECT_ADD_KEY_IS_NEW | JSON_C_OBJECT_KEY_IS_CONSTANT);
        return object;
}

static char *json_to_line(json_object *object, size_t *ret_size) {
        size_t size = 0;
        const char *json = json_object_to_json_string_length(
                        object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &size);
        char *line = g_malloc(size + 2);

        memcpy(line, json, size);
        strcpy(line + size, "\n");
        *ret_size = size + 1;
        return line;
}

char *fields_to_json_line(const Field *fields, size_t n_fields, size_t *ret_size) {
        cleanup_(json_object_putp) json_object *object = fields_to_json(fields, n_fields);

        return json_to_line(object, ret_size);
}

/* ---- intervals with what hangs on them: the one record that holds records of its own ---- */

static const char interruptions_key[] = "Interruptions";

static Interruption interruption_show(const Interval *interval, uint32_t i) {
        Interruption interruption = interval->interruptions[i];

        interruption.at_real_usec = interval->started_real_usec + interruption.offset_usec;
        return interruption;
}

static int interruptions_append(Reply *reply, const Interval *interval) {
        int r = reply_open_entry(reply, interruptions_key, "aa{sv}");

        if (r == 0)
                r = reply_open_records(reply);
        for (uint32_t i = 0; r == 0 && i < interval->n_interruptions; i++) {
                const Interruption shown = interruption_show(interval, i);

                r = record_append(reply, &interruption_record, &shown);
        }
        if (r == 0)
                r = reply_close(reply);
        return r < 0 ? r : reply_close_entry(reply);
}

int interval_append(Reply *reply, const Interval *interval) {
        int r = record_open(reply, &interval_record, interval);

        if (r == 0 && interval->n_interruptions > 0)
                r = interruptions_append(reply, interval);
        return r < 0 ? r : reply_close(reply);
}

char *interval_to_json_line(const Interval *interval, size_t *ret_size) {
        Field fields[FIELDS_MAX];
        cleanup_(json_object_putp) json_object *object =
                        fields_to_json(fields, record_fields(&interval_record, interval, fields));
        json_object *array = interval->n_interruptions > 0 ? json_object_new_array() : NULL;

        for (uint32_t i = 0; i < interval->n_interruptions; i++) {
                const Interruption shown = interruption_show(interval, i);

                json_object_array_add(array,
                                fields_to_json(fields, record_fields(&interruption_record, &shown, fields)));
        }
        if (array)
                json_object_object_add(object, interruptions_key, array);
        return json_to_line(object, ret_size);
}
