/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <glib.h>
#include <json-c/json.h>
#include <string.h>

#include "common/cleanup.h"
#include "daemon/bus/records.h"

static const Field *field_of(const Field *fields, size_t n, const char *key) {
        for (size_t i = 0; i < n; i++)
                if (strcmp(fields[i].key, key) == 0)
                        return &fields[i];
        g_error("there is no field %s", key);
}

static Interval an_interval(void) {
        return (Interval){
                .id = 12,
                .uuid = "6ba7b810-9dad-41d1-80b4-00c04fd430c8",
                .kind = INTERVAL_POMODORO,
                .outcome = OUTCOME_VOID,
                .reason = (char *) "stopped",
                .note = (char *) "a \"quoted\" / slashed\ttext — Größe",
                .started_real_usec = 1780000000000000,
                .offset_sec = -12600,
                .length_usec = 600000000,
                .planned_usec = 1500000000,
                .paused_usec = 100000000,
                .paused = true,
                .overtime_usec = 60000000,
                .internal = 2,
                .epoch = 1,
        };
}

static void test_interval(void) {
        Interval interval = an_interval();
        Field fields[FIELDS_MAX];
        size_t n = record_fields(&interval_record, &interval, fields);

        g_assert_cmpuint(n, <=, FIELDS_MAX);
        g_assert_cmpuint(field_of(fields, n, "Id")->number, ==, 12);
        g_assert_cmpstr(field_of(fields, n, "Outcome")->text, ==, "void");
        g_assert_cmpuint(field_of(fields, n, "EndedRealtimeUSec")->number, ==, 1780000600000000);
        g_assert_cmpuint(field_of(fields, n, "WorkedUSec")->number, ==, 500000000);
        g_assert_cmpuint(field_of(fields, n, "OvertimeUSec")->number, ==, 60000000);
        g_assert_cmpstr(field_of(fields, n, "Task")->text, ==, "");
        for (size_t i = 0; i < n; i++)
                for (size_t j = i + 1; j < n; j++)
                        g_assert_cmpstr(fields[i].key, !=, fields[j].key);
}

static void test_json_line(void) {
        Interval interval = an_interval();
        Field fields[FIELDS_MAX];
        size_t n = record_fields(&interval_record, &interval, fields), size = 0;
        cleanup_free_ char *line = NULL;
        json_object *object, *value;

        line = fields_to_json_line(fields, n, &size);
        g_assert_cmpuint(strlen(line), ==, size);
        g_assert_true(strchr(line, '\n') == line + size - 1);
        object = json_tokener_parse(line);
        g_assert_nonnull(object);
        g_assert_cmpint(json_object_object_length(object), ==, (int) n);
        g_assert_true(json_object_object_get_ex(object, "Note", &value));
        g_assert_cmpstr(json_object_get_string(value), ==, interval.note);
        g_assert_true(json_object_object_get_ex(object, "OffsetSec", &value));
        g_assert_cmpint(json_object_get_int64(value), ==, -12600);
        g_assert_true(json_object_object_get_ex(object, "StartedRealtimeUSec", &value));
        g_assert_cmpuint(json_object_get_uint64(value), ==, 1780000000000000);
        g_assert_true(json_object_object_get_ex(object, "Paused", &value));
        g_assert_true(json_object_is_type(value, json_type_boolean) && json_object_get_boolean(value));
        json_object_put(object);
}

static void test_interruptions(void) {
        Interruption noted[] = {
                { .offset_usec = 60000000, .external = true, .note = (char *) "Anna called" },
                { .offset_usec = 90000000 },
        };
        Interval interval = an_interval();
        json_object *object, *all, *value;
        size_t size;

        for (unsigned n = 0; n <= 2; n++) {
                cleanup_free_ char *line = NULL;

                interval.interruptions = noted;
                interval.n_interruptions = n;
                line = interval_to_json_line(&interval, &size);
                g_assert_cmpuint(strlen(line), ==, size);
                object = json_tokener_parse(line);
                g_assert_cmpint(json_object_object_get_ex(object, "Interruptions", &all), ==, n > 0);
                if (n > 0) {
                        g_assert_cmpuint(json_object_array_length(all), ==, n);
                        json_object_object_get_ex(
                                        json_object_array_get_idx(all, n - 1), "AtRealtimeUSec", &value);
                        g_assert_cmpuint(json_object_get_uint64(value), ==,
                                        interval.started_real_usec + noted[n - 1].offset_usec);
                        json_object_object_get_ex(json_object_array_get_idx(all, 0), "Note", &value);
                        g_assert_cmpstr(json_object_get_string(value), ==, "Anna called");
                }
                json_object_put(object);
        }
}

static void test_happening_says_what_applies(void) {
        Happening happening = {
                .type = HAPPENED_INTERRUPTED, .id = 3, .kind = INTERVAL_POMODORO, .external = false
        };
        Field fields[FIELDS_MAX];
        size_t n = happening_fields(&happening, fields);

        g_assert_cmpuint(n, ==, 3);
        g_assert_cmpuint(field_of(fields, n, "External")->number, ==, 0);
        happening.note = "Anna called";
        n = happening_fields(&happening, fields);
        g_assert_cmpstr(field_of(fields, n, "Note")->text, ==, "Anna called");
        happening = (Happening){ .type = HAPPENED_SETTINGS_CHANGED };
        g_assert_cmpuint(happening_fields(&happening, fields), ==, 0);
}

static void test_claim(void) {
        char failure[] = "sites: why";
        Claim claim = {
                .id = 7,
                .source = CLAIM_BY_RULE,
                .rule = "office-day",
                .date = 20637,
                .profile.name = "deep",
                .lock = LOCK_DELAY,
                .lock_delay_usec = 600000000,
                .until_real_usec = 1783069200000000,
                .until_boot_usec = 9000000000,
                .boot_id = "0123456789abcdef0123456789abcdef",
                .release_boot_usec = 5600000000,
                .failure = failure,
        };
        const Now now = { .boot_usec = 5000000000, .real_usec = 1783065200000000 };
        Field fields[FIELDS_MAX];
        size_t n;

        claim_show(&claim, &now);
        n = record_fields(&claim_record, &claim, fields);
        g_assert_cmpuint(n, <=, FIELDS_MAX);
        g_assert_cmpstr(field_of(fields, n, "Source")->text, ==, "rule");
        g_assert_cmpstr(field_of(fields, n, "Date")->text, ==, "2026-07-03");
        g_assert_cmpstr(field_of(fields, n, "Lock")->text, ==, "delay 10m");
        g_assert_cmpstr(field_of(fields, n, "State")->text, ==, "in-force");
        g_assert_cmpstr(field_of(fields, n, "Reason")->text, ==, "");
        g_assert_cmpstr(field_of(fields, n, "Failure")->text, ==, "sites: why");
        g_assert_cmpuint(field_of(fields, n, "ReleaseRealtimeUSec")->number, ==, 1783065800000000);

        claim.source = CLAIM_BY_USER;
        claim.rule[0] = '\0';
        claim.date = DATE_NONE;
        claim.release_boot_usec = 0;
        claim_show(&claim, &now);
        n = record_fields(&claim_record, &claim, fields);
        g_assert_cmpstr(field_of(fields, n, "Rule")->text, ==, "");
        g_assert_cmpstr(field_of(fields, n, "Date")->text, ==, "");
        g_assert_cmpuint(field_of(fields, n, "ReleaseRealtimeUSec")->number, ==, 0);
        n = desired_fields(&claim, "sites", 1500, fields);
        g_assert_cmpuint(field_of(fields, n, "Uid")->number, ==, 1500);
        g_assert_cmpuint(field_of(fields, n, "UntilBoottimeUSec")->number, ==, 9000000000);
}

static void test_schedule(void) {
        const Rule rule = { .name = "summer",
                .kind = RULE_OFFICE_DAY,
                .mode = INTERVAL_FREEFORM,
                .quota = 4,
                .quota_month = true };
        const Window window = { .rule = &rule, .date = 20637, .from_real_usec = 10, .to_real_usec = 20 };
        const Stretch away = { .state = SCHEDULE_AWAY,
                .window = window,
                .from_real_usec = 12,
                .to_real_usec = 14,
                .offset_sec = -3600 };
        OfficeDay day = {
                .name = rule.name, .rule = &rule, .date = 20637, .fate = OFFICE_DAY_MOVED, .moved_to = 20638
        };
        Schedule schedule = { .state = SCHEDULE_WINDOW,
                .window = window,
                .mode = INTERVAL_FREEFORM,
                .at_real_usec = 15,
                .date = 20638 };
        char date[DATE_TEXT_MAX];
        Field fields[FIELDS_MAX];
        OfficeDayText written;
        size_t n = schedule_fields(&schedule, "why", date, fields);

        g_assert_cmpstr(field_of(fields, n, "State")->text, ==, "window");
        g_assert_cmpstr(field_of(fields, n, "Mode")->text, ==, "freeform");
        g_assert_cmpstr(field_of(fields, n, "Date")->text, ==, "2026-07-03");
        g_assert_cmpuint(field_of(fields, n, "FromRealtimeUSec")->number, ==, 10);

        schedule = (Schedule){
                .state = SCHEDULE_FREE, .mode = INTERVAL_NONE, .at_real_usec = 15, .date = 20638
        };
        n = schedule_fields(&schedule, "why", date, fields);
        g_assert_cmpstr(field_of(fields, n, "Rule")->text, ==, "");
        g_assert_cmpstr(field_of(fields, n, "Mode")->text, ==, "");
        g_assert_cmpstr(field_of(fields, n, "Date")->text, ==, "2026-07-04");

        n = stretch_fields(&away, date, fields);
        g_assert_cmpstr(field_of(fields, n, "Mode")->text, ==, "");
        g_assert_cmpuint(field_of(fields, n, "ToRealtimeUSec")->number, ==, 14);
        g_assert_cmpint((int64_t) field_of(fields, n, "OffsetSec")->number, ==, -3600);

        n = office_day_fields(&day, &written, fields);
        g_assert_cmpstr(field_of(fields, n, "Fate")->text, ==, "moved");
        g_assert_cmpstr(field_of(fields, n, "MovedTo")->text, ==, "2026-07-04");
        g_assert_cmpstr(field_of(fields, n, "Quota")->text, ==, "4/month");
        g_assert_cmpstr(field_of(fields, n, "Away")->text, ==, "");
        g_assert_cmpstr(field_of(fields, n, "Failure")->text, ==, "");

        day = (OfficeDay){
                .name = "gone", .date = 20637, .moved_to = DATE_NONE, .away = "ill", .failure = "sites: why"
        };
        n = office_day_fields(&day, &written, fields);
        g_assert_cmpstr(field_of(fields, n, "Rule")->text, ==, "gone");
        g_assert_cmpstr(field_of(fields, n, "Quota")->text, ==, "");
        g_assert_cmpstr(field_of(fields, n, "Away")->text, ==, "ill");
        g_assert_cmpstr(field_of(fields, n, "Failure")->text, ==, "sites: why");
}

int main(int argc, char *argv[]) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/bus/records/interval", test_interval);
        g_test_add_func("/bus/records/json", test_json_line);
        g_test_add_func("/bus/records/interruptions", test_interruptions);
        g_test_add_func("/bus/records/happening", test_happening_says_what_applies);
        g_test_add_func("/bus/records/claim", test_claim);
        g_test_add_func("/bus/records/schedule", test_schedule);
        return g_test_run();
}
