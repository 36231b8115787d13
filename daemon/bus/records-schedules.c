/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <assert.h>
#include <glib.h>
#include <stdio.h>

#include "daemon/bus/records.h"

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
        return n;
}

/* ---- focus ---- */

size_t desired_fields(const Claim *claim, const char *plugin, uid_t uid, Field fields[FIELDS_MAX]) {
        size_t n = 0;

        assert(claim->lock_text[0] != '\0');
        fields[n++] = field_text("Plugin", plugin);
        fields[n++] = field_number("Uid", "u", uid);
        fields[n++] = field_number("Claim", "t", (uint64_t) claim->id);
        fields[n++] = field_number("UntilBoottimeUSec", "t", claim->until_boot_usec);
        fields[n++] = field_number("UntilRealtimeUSec", "t", claim->until_real_usec);
        fields[n++] = field_text("BootId", claim->boot_id);
        fields[n++] = field_text("Lock", claim->lock_text);
        fields[n++] = field_text("Source", claim_source_to_string(claim->source));
        return n;
}
