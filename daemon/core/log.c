/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/core/log.h"

#include <assert.h>
#include <inttypes.h>

#include "common/caps.h"
#include "common/cleanup.h"
#include "common/text.h"
#include "common/timestamp.h"
#include "daemon/core/days.h"

/* A time as the person who typed it would write it. */
static const char *local_text(GTimeZone *zone, uint64_t real_usec, char buf[TIMESTAMP_TEXT_MAX]) {
        return timestamp_format_local(real_usec, zone_offset_at(zone, real_usec), "%Y-%m-%d %H:%M:%S", buf);
}

static int check_times(GTimeZone *zone, const Now *now, uint64_t started_real_usec, uint64_t ended_real_usec,
                Refusal *ret_refusal) {
        char started[TIMESTAMP_TEXT_MAX], ended[TIMESTAMP_TEXT_MAX];

        /* Later than now first: it is what a time before 1970 looks like that somebody put into an unsigned
         * number. */
        if (started_real_usec > now->real_usec)
                return refuse(ret_refusal, REFUSAL_INVALID_TIME,
                                "%s is in the future; an interval of the log must begin before now",
                                local_text(zone, started_real_usec, started));
        if (ended_real_usec > now->real_usec)
                return refuse(ret_refusal, REFUSAL_INVALID_TIME,
                                "%s is in the future; an interval of the log must have ended by now",
                                local_text(zone, ended_real_usec, ended));
        if (ended_real_usec <= started_real_usec)
                return refuse(ret_refusal, REFUSAL_INVALID_TIME, "the end, %s, must be after the start, %s",
                                local_text(zone, ended_real_usec, ended),
                                local_text(zone, started_real_usec, started));
        return 0;
}

static int check_kind(IntervalKind kind, Refusal *ret_refusal) {
        const char *word = interval_kind_to_string(kind);

        if (kind == INTERVAL_POMODORO || kind == INTERVAL_FREEFORM)
                return 0;
        return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                        "the kind of an interval in the log cannot be %s; it must be pomodoro or freeform",
                        word ? word : "?");
}

static void set_note(Interval *interval, const char *note) {
        assert(!note || text_check(note, CAP_NOTE_BYTES) == 0);
        g_free(interval->note);
        interval->note = note && *note ? g_strdup(note) : NULL;
}

/* What a kind brings with it: freeform has no plan, and a pomodoro that was written down took as long as
 * planned. */
static void set_kind(Interval *interval, IntervalKind kind) {
        if (interval->kind == kind)
                return;
        interval->kind = kind;
        interval->outcome = OUTCOME_COMPLETED;
        interval->planned_usec = kind == INTERVAL_POMODORO ? interval->length_usec : 0;
        interval->extended_usec = 0;
}

int log_edit_make(const LogEdit *edit, GTimeZone *zone, const Now *now, Interval *ret_interval,
                Refusal *ret_refusal) {
        IntervalKind kind = edit->has_kind ? edit->kind : INTERVAL_FREEFORM;
        Interval made = {};
        int r;

        r = check_kind(kind, ret_refusal);
        if (r != 0)
                return r;
        if (!edit->has_started || !edit->has_ended)
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "an interval of the log needs a start and an end; the %s is missing",
                                edit->has_started ? "end" : "start");
        r = check_times(zone, now, edit->started_real_usec, edit->ended_real_usec, ret_refusal);
        if (r != 0)
                return r;

        made.edited = true;
        made.started_real_usec = edit->started_real_usec;
        made.offset_sec = zone_offset_at(zone, edit->started_real_usec);
        made.length_usec = edit->ended_real_usec - edit->started_real_usec;
        made.task = edit->has_task ? edit->task : 0;
        set_kind(&made, kind);
        set_note(&made, edit->has_note ? edit->note : NULL);
        *ret_interval = made;
        return 0;
}

static int check_apply(const Interval *interval, const LogEdit *edit, Refusal *ret_refusal) {
        bool running = interval->outcome == OUTCOME_RUNNING;

        if (running && (edit->has_started || edit->has_ended))
                return refuse(ret_refusal, REFUSAL_NOT_POSSIBLE,
                                "#%" PRId64 " still runs; its times can be edited once it has ended",
                                interval->id);
        if (!edit->has_kind || edit->kind == interval->kind)
                return 0;
        if (running)
                return refuse(ret_refusal, REFUSAL_NOT_POSSIBLE,
                                "#%" PRId64 " still runs; its kind can be edited once it has ended",
                                interval->id);
        if (interval_kind_is_break(interval->kind))
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "#%" PRId64 " is a %s and cannot become another kind", interval->id,
                                interval_kind_to_string(interval->kind));
        return check_kind(edit->kind, ret_refusal);
}

static void set_times(
                Interval *interval, GTimeZone *zone, uint64_t started_real_usec, uint64_t ended_real_usec) {
        /* What was worked in another zone stays there. */
        if (interval->started_real_usec != started_real_usec &&
                        interval->offset_sec == zone_offset_at(zone, interval->started_real_usec))
                interval->offset_sec = zone_offset_at(zone, started_real_usec);
        interval->started_real_usec = started_real_usec;
        interval->length_usec = ended_real_usec - started_real_usec;
        interval->paused_usec = MIN(interval->paused_usec, interval->length_usec);
        interval->locked_usec = MIN(interval->locked_usec, interval->length_usec);
        interval->idle_usec = MIN(interval->idle_usec, interval->length_usec);
}

int log_edit_apply(const Interval *interval, const LogEdit *edit, GTimeZone *zone, const Now *now,
                Interval *ret_interval, Refusal *ret_refusal) {
        uint64_t started = edit->has_started ? edit->started_real_usec : interval->started_real_usec;
        uint64_t ended = edit->has_ended ? edit->ended_real_usec : interval_ended_real_usec(interval);
        cleanup_(interval_done) Interval edited = {};
        int r;

        r = check_apply(interval, edit, ret_refusal);
        if (r != 0)
                return r;
        if (edit->has_started || edit->has_ended) {
                r = check_times(zone, now, started, ended, ret_refusal);
                if (r != 0)
                        return r;
        }

        interval_copy(interval, &edited);
        edited.edited = true;
        if (edit->has_started || edit->has_ended)
                set_times(&edited, zone, started, ended);
        if (edit->has_kind)
                set_kind(&edited, edit->kind);
        if (edit->has_note)
                set_note(&edited, edit->note);
        if (edit->has_task && edit->task != edited.task) {
                /* The title and project that were joined in are those of the other task. */
                edited.task = edit->task;
                free(steal(edited.task_title));
                free(steal(edited.project));
        }

        *ret_interval = edited;
        edited = (Interval){};
        return 0;
}
