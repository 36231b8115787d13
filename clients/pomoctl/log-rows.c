/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/log-rows.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "clients/lib/memory.h"
#include "clients/pomoctl/json.h"
#include "clients/pomoctl/times.h"
#include "clients/pomoctl/wrap.h"
#include "common/duration.h"
#include "common/timestamp.h"

#define SPAN_TEXT_MAX (2 * TIMESTAMP_TEXT_MAX + 4)

#define FIXED_COLUMNS 71u /* up to the interruptions, which is as much as a row cannot do without */
#define TASK_COLUMN   (FIXED_COLUMNS + 2)
#define TASK_MIN      16u /* less is no place for words: they go below the row */
#define BELOW_COLUMN  8u  /* below the time */

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

static void totals_add(LogTotals *totals, struct json_object *record) {
        uint64_t worked = record_u64(record, "WorkedUSec");

        totals->overtime_usec += record_u64(record, "OvertimeUSec");
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

static const char *between(const char *text) {
        return text ? " · " : "";
}

/* "3 pomodoros · 1h15m in pomodoros · 2h freeform · 1 void after 11m · 1h overtime" */
static char *totals_make(const LogTotals *totals) {
        char *text = NULL;
        char buf[DURATION_TEXT_MAX];

        if (totals->pomodoros > 0)
                memory_append(&text, "%" PRIu64 " pomodoro%s", totals->pomodoros,
                                totals->pomodoros == 1 ? "" : "s");
        if (totals->pomodoro_usec > 0)
                memory_append(&text, "%s%s in pomodoros", between(text),
                                duration_format(totals->pomodoro_usec, buf));
        if (totals->freeform_usec > 0)
                memory_append(&text, "%s%s freeform", between(text),
                                duration_format(totals->freeform_usec, buf));
        if (totals->voids > 0)
                memory_append(&text, "%s%" PRIu64 " void after %s", between(text), totals->voids,
                                duration_format(totals->void_usec, buf));
        if (totals->overtime_usec >= USEC_PER_SEC)
                memory_append(&text, "%s%s overtime", between(text),
                                duration_format(totals->overtime_usec, buf));
        return text ?: memory_copy("nothing worked");
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

static void add_part(char **text, const char *before, const char *part, const char *after) {
        cleanup_free_ char *safe = NULL;

        if (!*part)
                return;
        safe = memory_safe_text(part);
        memory_append(text, "%s%s%s", before, safe, after);
}

/* What took days says until which one: its hours alone are those of any day. */
static void add_days(char **text, struct json_object *record) {
        uint64_t started = record_u64(record, "StartedRealtimeUSec"),
                 ended = record_u64(record, "EndedRealtimeUSec");
        char date[TIMESTAMP_TEXT_MAX];

        if (is(record, "Outcome", "running") || ended < started + USEC_PER_DAY)
                return;
        timestamp_format_local(ended, (int32_t) record_i64(record, "OffsetSec"), "%Y-%m-%d", date);
        memory_append(text, "  until %s", date);
}

/* How much of it, where the hours of now say so; else that it began so. */
static void add_overtime(char **text, struct json_object *record) {
        uint64_t overtime = record_u64(record, "OvertimeUSec");
        char buf[DURATION_TEXT_MAX];

        if (overtime >= USEC_PER_SEC)
                memory_append(text, "  %s overtime", duration_format(overtime, buf));
        else if (record_bool(record, "Overtime"))
                memory_append(text, "  overtime");
}

/* The task and what else is known of an interval. */
static char *rest_make(struct json_object *record) {
        char *made = NULL, **text = &made;
        const char *task = record_text(record, "Task"), *reason = record_text(record, "Reason");

        add_days(text, record);
        if (*task) {
                add_part(text, "  ", task, "");
                add_part(text, " (", record_text(record, "Project"), ")");
        }
        /* "skipped [skipped]" says nothing more. */
        if (!is(record, "Outcome", "running") && !is(record, "Outcome", reason))
                add_part(text, "  [", reason, "]");
        add_part(text, "  \"", record_text(record, "Note"), "\"");
        if (record_bool(record, "Paused"))
                memory_append(text, "  paused");
        add_overtime(text, record);
        if (record_bool(record, "Edited"))
                memory_append(text, "  edited");
        return made ?: memory_copy("");
}

static void interruptions_format(struct json_object *record, char *buf, size_t n) {
        uint64_t internal = record_u64(record, "Internal"), external = record_u64(record, "External");

        buf[0] = '\0';
        if (internal + external > 0)
                snprintf(buf, n, "%" PRIu64 "+%" PRIu64, internal, external);
}

static const char *const columns_of_row[] = { "ID", "TIME", "KIND", "OUTCOME", "WORKED", "PLANNED", "INT+EXT",
        "TASK" };

/* A line for each column, where there is no room for a row. */
static void cells_print(const LogRows *rows, const char *const *cells, const char *colour) {
        for (unsigned c = 0; c < sizeof(columns_of_row) / sizeof(columns_of_row[0]); c++)
                wrap_print_named(rows->file, columns_of_row[c], strlen("INT+EXT"), cells[c], rows->columns,
                                colour, ctl_colour(rows->ctl, COLOUR_OFF));
}

static void row_print(const LogRows *rows, struct json_object *record) {
        char span[SPAN_TEXT_MAX], worked[DURATION_TEXT_MAX], planned[DURATION_TEXT_MAX] = "",
                                                             interruptions[48], id[24], fixed[256];
        const char *colour = ctl_colour(rows->ctl, is_break(record)                ? COLOUR_DIM
                                                   : is(record, "Outcome", "void") ? COLOUR_WRONG
                                                                                   : COLOUR_OFF);
        cleanup_free_ char *made = rest_make(record);
        const char *rest = made + strspn(made, " ");
        size_t n;
        bool below = rows->columns > 0 && rows->columns < TASK_COLUMN + TASK_MIN;

        span_format(record, span);
        duration_format(record_u64(record, "WorkedUSec"), worked);
        if (record_u64(record, "PlannedUSec") > 0)
                duration_format(record_u64(record, "PlannedUSec"), planned);
        interruptions_format(record, interruptions, sizeof(interruptions));
        snprintf(id, sizeof(id), "#%" PRIu64, record_u64(record, "Id"));

        if (rows->columns > 0 && rows->columns < FIXED_COLUMNS) {
                cells_print(rows,
                                (const char *const[]){ id, span, kind_label(record),
                                                record_text(record, "Outcome"), worked, planned,
                                                interruptions, rest },
                                colour);
                return;
        }

        snprintf(fixed, sizeof(fixed), "%6s  %s  %-11s  %-9s  %8s  %7s  %7s", id, span, kind_label(record),
                        record_text(record, "Outcome"), worked, planned, interruptions);
        n = strlen(fixed);
        while ((below || !*rest) && n > 0 && fixed[n - 1] == ' ')
                n--;
        fprintf(rows->file, "%s%.*s", colour, (int) n, fixed);
        if (*rest && below) {
                fprintf(rows->file, "\n%*s", (int) BELOW_COLUMN, "");
                wrap_print(rows->file, rest, BELOW_COLUMN, BELOW_COLUMN, rows->columns);
        } else if (*rest) {
                fputs("  ", rows->file);
                wrap_print(rows->file, rest, TASK_COLUMN, TASK_COLUMN, rows->columns);
        }
        fprintf(rows->file, "%s\n", ctl_colour(rows->ctl, COLOUR_OFF));
}

/* Below its row; without a note the count says it all. */
static void notes_print(const LogRows *rows, struct json_object *record) {
        const char *dim = ctl_colour(rows->ctl, COLOUR_DIM), *off = ctl_colour(rows->ctl, COLOUR_OFF);
        struct json_object *all = NULL;

        json_object_object_get_ex(record, "Interruptions", &all);
        for (size_t i = 0; all && i < json_object_array_length(all); i++) {
                struct json_object *one = json_object_array_get_idx(all, i);
                const char *note = record_text(one, "Note");
                cleanup_free_ char *safe = NULL;
                char at[TIMESTAMP_TEXT_MAX];

                if (!*note)
                        continue;
                safe = memory_safe_text(note);
                timestamp_format_local(record_u64(one, "AtRealtimeUSec"),
                                (int32_t) record_i64(record, "OffsetSec"), "%H:%M", at);
                fprintf(rows->file, "%s%*s", dim, (int) BELOW_COLUMN, "");
                wrap_printf(rows->file, BELOW_COLUMN, BELOW_COLUMN, rows->columns, "%s  interrupted%s: %s",
                                at, record_bool(one, "External") ? " by others" : "", safe);
                fprintf(rows->file, "%s\n", off);
        }
}

static void totals_print(const LogRows *rows, const LogTotals *totals, size_t indent) {
        cleanup_free_ char *text = totals_make(totals);

        wrap_print(rows->file, text, indent, BELOW_COLUMN, rows->columns);
        fputc('\n', rows->file);
}

static void day_end(LogRows *rows) {
        if (rows->n_days == 0)
                return;
        fprintf(rows->file, "%*s", (int) BELOW_COLUMN, "");
        totals_print(rows, &rows->of_day, BELOW_COLUMN);
        if (rows->several_clocks) {
                fprintf(rows->file, "%*s", (int) BELOW_COLUMN, "");
                wrap_print(rows->file, "the clock was set back on this day: times may overlap", BELOW_COLUMN,
                                BELOW_COLUMN, rows->columns);
                fputc('\n', rows->file);
        }
        rows->of_day = (LogTotals){};
}

static void headings_print(const LogRows *rows) {
        const char *const *c = columns_of_row;

        if (rows->columns > 0 && rows->columns < FIXED_COLUMNS)
                return;
        fprintf(rows->file, "%s%6s  %-11s  %-11s  %-9s  %8s  %7s  %7s", ctl_colour(rows->ctl, COLOUR_DIM),
                        c[0], c[1], c[2], c[3], c[4], c[5], c[6]);
        if (rows->columns == 0 || rows->columns >= TASK_COLUMN + TASK_MIN)
                fprintf(rows->file, "  %s", c[7]);
        fprintf(rows->file, "%s\n", ctl_colour(rows->ctl, COLOUR_OFF));
}

static void day_begin(LogRows *rows, const char *date) {
        char title[TIMESTAMP_TEXT_MAX];
        struct tm tm;
        Date day;

        snprintf(title, sizeof(title), "%s", date);
        if (date_parse(date, &day) == 0) {
                tm = date_to_tm(day);
                strftime(title, sizeof(title), "%A %Y-%m-%d", &tm);
        }
        if (rows->n_days > 0)
                fputc('\n', rows->file);
        fprintf(rows->file, "%s%s%s\n", ctl_colour(rows->ctl, COLOUR_BOLD), title,
                        ctl_colour(rows->ctl, COLOUR_OFF));
        if (rows->n_days == 0)
                headings_print(rows);
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
        notes_print(rows, record);
        totals_add(&rows->of_day, record);
        totals_add(&rows->in_all, record);
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
                totals_print(rows, &rows->in_all, strlen("In all: "));
        }
}

void log_line_print(FILE *file, struct json_object *record) {
        char span[SPAN_TEXT_MAX], date[TIMESTAMP_TEXT_MAX];
        cleanup_free_ char *rest = rest_make(record);

        timestamp_format_local(record_u64(record, "StartedRealtimeUSec"),
                        (int32_t) record_i64(record, "OffsetSec"), "%Y-%m-%d", date);
        span_format(record, span);
        fprintf(file, "#%" PRIu64 "  %s %s  %s, %s", record_u64(record, "Id"), date, span, kind_label(record),
                        record_text(record, "Outcome"));
        fprintf(file, "%s\n", rest);
}
