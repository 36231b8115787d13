/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/ics/export.h"

#include <errno.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>

#include "clients/ics/calendar-text.h"
#include "clients/ics/file.h"
#include "clients/lib/fields.h"
#include "common/cleanup.h"
#include "common/duration.h"
#include "common/names.h"

#define DAYS_AHEAD        366
#define DAYS_MAX          3660 /* of one calendar */
#define DAYS_BACK         366  /* where an absence that is not over yet may have begun */
#define DAYS_PER_QUESTION 180

/* ---- stretches off the bus ---- */

static const ClientField stretch_fields[] = {
        { "FromRealtimeUSec", 't', offsetof(IcsStretch, from_usec) },
        { "ToRealtimeUSec", 't', offsetof(IcsStretch, to_usec) },
        { "Rule", 's', offsetof(IcsStretch, rule) },
        { "Kind", 's', offsetof(IcsStretch, kind) },
        { "Mode", 's', offsetof(IcsStretch, mode) },
        { "Date", 's', offsetof(IcsStretch, date) },
        {},
};

static int read_stretches(sd_bus_message *reply, GPtrArray *stretches) {
        int r = sd_bus_message_enter_container(reply, 'a', "a{sv}");

        while (r >= 0 && (r = sd_bus_message_at_end(reply, false)) == 0) {
                IcsStretch *s = g_new0(IcsStretch, 1);

                s->rule = g_strdup("");
                s->kind = g_strdup("");
                s->mode = g_strdup("");
                s->date = g_strdup("");
                g_ptr_array_add(stretches, s);
                r = fields_read(reply, stretch_fields, s);
        }
        return r < 0 ? r : 0;
}

/* Behind the stretches: from when on there is more, 0 where that was all. */
static int read_more(sd_bus_message *reply, uint64_t *ret_after) {
        const char *key;
        int r = sd_bus_message_exit_container(reply);

        *ret_after = 0;
        if (r >= 0)
                r = sd_bus_message_enter_container(reply, 'a', "{sv}");
        while (r >= 0 && (r = sd_bus_message_enter_container(reply, 'e', "sv")) > 0) {
                r = sd_bus_message_read(reply, "s", &key);
                if (r >= 0)
                        r = strcmp(key, "after-realtime-usec") == 0
                                            ? sd_bus_message_read(reply, "v", "t", ret_after)
                                            : sd_bus_message_skip(reply, "v");
                if (r >= 0)
                        r = sd_bus_message_exit_container(reply);
        }
        return r;
}

static int ask(IcsSession *session, uint64_t from, uint64_t to, GPtrArray *stretches) {
        uint64_t after = 0;

        do {
                cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
                int r = program_call(&session->program, POMOD_INTERFACE_SCHEDULES, "Agenda",
                                CLIENT_OPTIONS(client_option_u64("after-realtime-usec", after)), &reply, "tt",
                                from, to);

                if (r != 0)
                        return r;
                r = read_stretches(reply, stretches);
                if (r >= 0)
                        r = read_more(reply, &after);
                if (r < 0)
                        return program_unreadable(&session->program, r);
        } while (after != 0);
        return 0;
}

/* ---- what is asked for ---- */

typedef struct Range {
        Date from, to; /* to not included */
} Range;

static int range_make(const IcsSession *session, const ExportOptions *options, time_t now, Range *ret_range) {
        Date today = civil_day(civil_from_time(now));
        char from[DATE_TEXT_MAX], to[DATE_TEXT_MAX];
        Range range;

        range.from = options->from != DATE_NONE ? options->from : date_month_start(today, 0);
        range.to = options->to != DATE_NONE ? options->to + 1 : MAX(range.from, today) + DAYS_AHEAD;
        if (range.to <= range.from)
                return program_usage(&session->program, "--to %s lies before --from %s",
                                date_format(range.to - 1, to), date_format(range.from, from));
        if (range.to - range.from > DAYS_MAX)
                return program_usage(&session->program,
                                "from %s to %s is more than ten years, which is the most of one calendar",
                                date_format(range.from, from), date_format(range.to - 1, to));
        *ret_range = range;
        return 0;
}

static uint64_t usec_of(Date day) {
        time_t t = civil_to_time(MAX(day, 0) * ICS_DAY);

        return t > 0 ? (uint64_t) t * USEC_PER_SEC : 0;
}

static const char *owner_name(const IcsSession *session, char buf[32]) {
        uid_t uid = session->program.other_user ? (uid_t) session->program.uid : geteuid();
        const struct passwd *user = getpwuid(uid);

        if (user)
                return user->pw_name;
        g_snprintf(buf, 32, "%u", uid);
        return buf;
}

static int calendar_make(IcsSession *session, const ExportOptions *options, char **ret_text) {
        cleanup_(ptr_array_unrefp) GPtrArray *stretches =
                        g_ptr_array_new_with_free_func((GDestroyNotify) ics_stretch_free);
        IcsWriter writer = { .now = time(NULL), .only = options->only };
        char number[32];
        Range range = {};
        int r = session_use_zone(session) ?: range_make(session, options, writer.now, &range);

        for (Date day = range.from - DAYS_BACK; r == 0 && day < range.to + 1; day += DAYS_PER_QUESTION)
                r = ask(session, usec_of(day), usec_of(MIN(day + DAYS_PER_QUESTION, range.to + 1)),
                                stretches);
        if (r != 0)
                return r;
        writer.zone = session->zone;
        writer.owner = owner_name(session, number);
        writer.from = civil_to_time(range.from * ICS_DAY);
        writer.to = civil_to_time(range.to * ICS_DAY);
        *ret_text = ics_calendar_write(&writer, stretches);
        return 0;
}

int export_once(IcsSession *session, const ExportOptions *options, bool *ret_written) {
        char sentence[ICS_SENTENCE_MAX];
        g_autofree char *text = NULL;
        int r = calendar_make(session, options, &text);

        if (r != 0)
                return r;
        if (!options->output)
                r = fputs(text, stdout) < 0 ? -EIO : 1;
        else {
                r = file_put(options->output, text, sentence);
                if (r < 0)
                        program_refused(&session->program, sentence);
        }
        if (r < 0)
                return CLIENT_EXIT_REFUSED;
        if (ret_written)
                *ret_written = r > 0;
        return 0;
}

int export_run(IcsSession *session, const ExportOptions *options) {
        program_open(&session->program, 0);
        return export_once(session, options, NULL);
}
