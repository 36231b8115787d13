/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/core/types.h"

#include <glib.h>

static const char *const interval_kinds[_INTERVAL_KIND_MAX] = {
        [INTERVAL_NONE] = "idle",
        [INTERVAL_POMODORO] = "pomodoro",
        [INTERVAL_SHORT_BREAK] = "short-break",
        [INTERVAL_LONG_BREAK] = "long-break",
        [INTERVAL_FREEFORM] = "freeform",
};
DEFINE_ENUM_WORDS(IntervalKind, interval_kind, interval_kinds);

static const char *const interval_outcomes[_INTERVAL_OUTCOME_MAX] = {
        [OUTCOME_RUNNING] = "running",
        [OUTCOME_COMPLETED] = "completed",
        [OUTCOME_VOID] = "void",
        [OUTCOME_SKIPPED] = "skipped",
};
DEFINE_ENUM_WORDS(IntervalOutcome, interval_outcome, interval_outcomes);

static const char *const absence_kinds[_ABSENCE_KIND_MAX] = {
        [ABSENCE_LOCKED] = "locked",
        [ABSENCE_IDLE] = "idle",
};
DEFINE_ENUM_WORDS(AbsenceKind, absence_kind, absence_kinds);

static uint64_t interval_field_ended(const void *record) {
        return interval_ended_real_usec(record);
}

static uint64_t interval_field_worked(const void *record) {
        return interval_worked_usec(record);
}

#define FIELD_RECORD Interruption
DEFINE_RECORD(interruption, INTERRUPTION_FIELDS);
#undef FIELD_RECORD
#define FIELD_RECORD Interval
DEFINE_RECORD(interval, INTERVAL_FIELDS);
#undef FIELD_RECORD
#define FIELD_RECORD Task
DEFINE_RECORD(task, TASK_FIELDS);
#undef FIELD_RECORD

void interval_done(Interval *interval) {
        if (!interval)
                return;
        for (uint32_t i = 0; i < interval->n_interruptions; i++)
                record_free_texts(&interruption_record, &interval->interruptions[i]);
        g_free(interval->interruptions);
        record_free_texts(&interval_record, interval);
        *interval = (Interval){};
}

void interval_add_interruption(Interval *interval, const Interruption *interruption) {
        const uint32_t n = interval->n_interruptions++;

        interval->interruptions = g_renew(Interruption, interval->interruptions, n + 1);
        interval->interruptions[n] = *interruption;
        record_copy_texts(&interruption_record, &interval->interruptions[n]);
}

void interval_copy(const Interval *interval, Interval *ret_copy) {
        Interval copy = *interval;

        record_copy_texts(&interval_record, &copy);
        copy.interruptions = NULL;
        copy.n_interruptions = 0;
        for (uint32_t i = 0; i < interval->n_interruptions; i++)
                interval_add_interruption(&copy, &interval->interruptions[i]);
        *ret_copy = copy;
}

void task_done(Task *task) {
        if (!task)
                return;
        record_free_texts(&task_record, task);
        *task = (Task){};
}
