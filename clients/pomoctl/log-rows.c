/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/log-rows.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "clients/pomoctl/shapes.h"
#include "clients/pomoctl/times.h"
#include "common/duration.h"
#include "common/timestamp.h"

#define SPAN_TEXT_MAX (2 * TIMESTAMP_TEXT_MAX + 4)

static bool is(struct json_object *record, const char *key, const char *word) {
        return strcmp(record_text(record, key), word) == 0;
}

static const char *kind_label(struct json_object *record) {
        int kind = client_state_from_string(record_text(record, "Kind"));

        return kind < 0 ? "unknown" : client_state_label((ClientState) kind);
}

static bool is_break(struct json_object *record) {
        return is(record, "Kind", "short-break") || is(record, "Kind", "long-break");
}

/* ---- sums ---- */

void log_totals_add(LogTotals *totals, struct json_object *record) {
        uint64_t worked = record_u64(record, "WorkedUSec");

        if (is(record, "Kind", "freeform"))
                totals->freeform_usec += worked;
        else if (!is(record, "Kind", "pomodoro"))
                return;
        else if (is(record, "Outcome", "void")) {
                totals->voids++;
                totals->void_usec += worked;
        } else {
                totals->pomodoros += is(record, "Outcome", "completed");
                totals->pomodoro_usec += worked;
        }
}

void log_totals_print(const LogTotals *totals, FILE *file) {
        const char *between = "";
        char buf[DURATION_TEXT_MAX];

        if (totals->pomodoros > 0) {
                fprintf(file, "%" PRIu64 " pomodoro%s", totals->pomodoros, totals->pomodoros == 1 ? "" : "s");
                between = " · ";
        }
        if (totals->pomodoro_usec > 0) {
                fprintf(file, "%s%s in pomodoros", between, duration_format(totals->pomodoro_usec, buf));
                between = " · ";
        }
        if (totals->freeform_usec > 0) {
                fprintf(file, "%s%s freeform", between, duration_format(totals->freeform_usec, buf));
                between = " · ";
        }
        if (totals->voids > 0) {
                fprintf(file, "%s%" PRIu64 " void after %s", between, totals->voids,
                                duration_format(totals->void_usec, buf));
                between = " · ";
        }
        fprintf(file, "%s\n", *between ? "" : "nothing worked");
}

/* ---- rows ---- */

static void span_format(struct json_object *record, char buf[SPAN_TEXT_MAX]) {
        int32_t offset = (int32_t) record_i64(record, "OffsetSec");
        char start[TIMESTAMP_TEXT_MAX], end[TIMESTAMP_TEXT_MAX];

        timestamp_format_local(record_u64(record, "StartedRealtimeUSec"), offset, "%H:%M", start);
        if (is(record, "Outcome", "running"))
                snprintf(end, sizeof(end), "     ");
        else
                timestamp_format_local(record_u64(record, "EndedRealtimeUSec"), offset, "%H:%M", end);
        snprintf(buf, SPAN_TEXT_MAX, "%s–%s", start, end);
}

static void print_part(FILE *file, const char *before, const char *text, const char *after) {
        cleanup_free_ char *safe = NULL;

        if (!*text)
                return;
        safe = ctl_text(text);
        fprintf(file, "%s%s%s", before, safe, after);
}

/* What took days says until which one: its hours alone are those of any day. */
static void print_days(FILE *file, struct json_object *record) {
        uint64_t started = record_u64(record, "StartedRealtimeUSec"),
                 ended = record_u64(record, "EndedRealtimeUSec");
        char date[TIMESTAMP_TEXT_MAX];

        if (is(record, "Outcome", "running") || ended < started + USEC_PER_DAY)
                return;
        timestamp_format_local(ended, (int32_t) record_i64(record, "OffsetSec"), "%Y-%m-%d", date);
        fprintf(file, "  until %s", date);
}

static void print_rest(FILE *file, struct json_object *record) {
        const char *task = record_text(record, "Task"), *reason = record_text(record, "Reason");

        print_days(file, record);
        if (*task) {
                print_part(file, "  ", task, "");
                print_part(file, " (", record_text(record, "Project"), ")");
        }
        /* "skipped [skipped]" says nothing more. */
        if (!is(record, "Outcome", "running") && !is(record, "Outcome", reason))
                print_part(file, "  [", reason, "]");
        print_part(file, "  \"", record_text(record, "Note"), "\"");
        if (record_bool(record, "Paused"))
                fputs("  paused", file);
        if (record_bool(record, "Overtime"))
                fputs("  overtime", file);
        if (record_bool(record, "Edited"))
                fputs("  edited", file);
}

static void interruptions_format(struct json_object *record, char *buf, size_t n) {
        uint64_t internal = record_u64(record, "Internal"), external = record_u64(record, "External");

        buf[0] = '\0';
        if (internal + external > 0)
                snprintf(buf, n, "%" PRIu64 "+%" PRIu64, internal, external);
}

static void row_print(const LogRows *rows, struct json_object *record) {
        char span[SPAN_TEXT_MAX], worked[DURATION_TEXT_MAX], planned[DURATION_TEXT_MAX] = "",
                                                             interruptions[48], id[24];
        const char *colour = ctl_colour(rows->ctl, is_break(record)                ? COLOUR_DIM
                                                   : is(record, "Outcome", "void") ? COLOUR_WRONG
                                                                                   : COLOUR_OFF);

        span_format(record, span);
        duration_format(record_u64(record, "WorkedUSec"), worked);
        if (record_u64(record, "PlannedUSec") > 0)
                duration_format(record_u64(record, "PlannedUSec"), planned);
        interruptions_format(record, interruptions, sizeof(interruptions));
        snprintf(id, sizeof(id), "#%" PRIu64, record_u64(record, "Id"));

        fprintf(rows->file, "%s%6s  %s  %-11s  %-9s  %8s  %7s  %5s", colour, id, span, kind_label(record),
                        record_text(record, "Outcome"), worked, planned, interruptions);
        print_rest(rows->file, record);
        fprintf(rows->file, "%s\n", ctl_colour(rows->ctl, COLOUR_OFF));
}

static void day_end(LogRows *rows) {
        if (rows->n_days == 0)
                return;
        fputs("        ", rows->file);
        log_totals_print(&rows->of_day, rows->file);
        if (rows->several_clocks)
                fputs("        the clock was set back on this day: times may overlap\n", rows->file);
        rows->of_day = (LogTotals){ 0 };
}

static void day_begin(LogRows *rows, const char *date) {
        char title[TIMESTAMP_TEXT_MAX];
        struct tm tm;

        if (date_parse(date, &tm) < 0 || timegm(&tm) < 0 ||
                        strftime(title, sizeof(title), "%A %Y-%m-%d", &tm) == 0)
                snprintf(title, sizeof(title), "%s", date);
        if (rows->n_days > 0)
                fputc('\n', rows->file);
        fprintf(rows->file, "%s%s%s\n", ctl_colour(rows->ctl, COLOUR_BOLD), title,
                        ctl_colour(rows->ctl, COLOUR_OFF));
        if (rows->n_days == 0)
                fprintf(rows->file, "%s%6s  %-11s  %-11s  %-9s  %8s  %7s  %5s  %s%s\n",
                                ctl_colour(rows->ctl, COLOUR_DIM), "ID", "TIME", "KIND", "OUTCOME", "WORKED",
                                "PLANNED", "INT+EXT", "TASK", ctl_colour(rows->ctl, COLOUR_OFF));
        rows->n_days++;
}

void log_rows_add(LogRows *rows, struct json_object *record) {
        const char *date = record_text(record, "Date");

        if (rows->n_days == 0 || strcmp(date, rows->day) != 0) {
                day_end(rows);
                day_begin(rows, date);
                snprintf(rows->day, sizeof(rows->day), "%s", date);
                rows->epoch = record_u64(record, "Epoch");
                rows->several_clocks = false;
        }
        if (record_u64(record, "Epoch") != rows->epoch)
                rows->several_clocks = true;

        row_print(rows, record);
        log_totals_add(&rows->of_day, record);
        log_totals_add(&rows->in_all, record);
}

void log_rows_end(LogRows *rows) {
        if (rows->n_days == 0) {
                fputs("nothing in the log of that time\n", rows->file);
                return;
        }

        day_end(rows);
        if (rows->n_days > 1) {
                fprintf(rows->file, "\n%sIn all:%s ", ctl_colour(rows->ctl, COLOUR_BOLD),
                                ctl_colour(rows->ctl, COLOUR_OFF));
                log_totals_print(&rows->in_all, rows->file);
        }
}

void log_line_print(FILE *file, struct json_object *record) {
        char span[SPAN_TEXT_MAX], date[TIMESTAMP_TEXT_MAX];

        timestamp_format_local(record_u64(record, "StartedRealtimeUSec"),
                        (int32_t) record_i64(record, "OffsetSec"), "%Y-%m-%d", date);
        span_format(record, span);
        fprintf(file, "#%" PRIu64 "  %s %s  %s, %s", record_u64(record, "Id"), date, span, kind_label(record),
                        record_text(record, "Outcome"));
        print_rest(file, record);
        fputc('\n', file);
}
