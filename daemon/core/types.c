/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/core/types.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"

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

/* Where the owned strings of a record are, so that freeing and copying cannot forget one of them. */
static const size_t interval_strings[] = {
        offsetof(Interval, reason),
        offsetof(Interval, note),
        offsetof(Interval, rule),
        offsetof(Interval, task_title),
        offsetof(Interval, project),
};
static const size_t task_strings[] = { offsetof(Task, title), offsetof(Task, project) };
#define N_STRINGS(offsets) (sizeof(offsets) / sizeof((offsets)[0]))

static char **string_at(void *record, size_t offset) {
        return (char **) (void *) ((char *) record + offset);
}

static void free_strings(void *record, const size_t *offsets, size_t n) {
        for (size_t i = 0; i < n; i++) {
                char **string = string_at(record, offsets[i]);

                free(*string);
                *string = NULL;
        }
}

/* Replaces borrowed strings by copies, all of them or, without memory, none: what was borrowed is then
 * dropped. */
static int copy_strings(void *record, const size_t *offsets, size_t n) {
        bool failed = false;

        for (size_t i = 0; i < n; i++) {
                char **string = string_at(record, offsets[i]);

                if (*string && !failed) {
                        *string = strdup(*string);
                        failed = !*string;
                } else {
                        *string = NULL;
                }
        }
        if (!failed)
                return 0;
        free_strings(record, offsets, n);
        return -ENOMEM;
}

static void interruptions_free(Interruption *interruptions, uint32_t n) {
        for (uint32_t i = 0; i < n; i++)
                free(interruptions[i].note);
        free(interruptions);
}

void interval_done(Interval *interval) {
        if (!interval)
                return;
        interruptions_free(interval->interruptions, interval->n_interruptions);
        free_strings(interval, interval_strings, N_STRINGS(interval_strings));
        *interval = (Interval){ 0 };
}

int interval_add_interruption(Interval *interval, const Interruption *interruption) {
        const uint32_t n = interval->n_interruptions;
        Interruption *more = reallocarray(interval->interruptions, n + 1, sizeof(*more));

        if (!more)
                return -ENOMEM;
        interval->interruptions = more;
        more[n] = *interruption;
        if (interruption->note && !(more[n].note = strdup(interruption->note)))
                return -ENOMEM;
        interval->n_interruptions++;
        return 0;
}

int interval_copy(const Interval *interval, Interval *ret_copy) {
        Interval copy = *interval;
        int r = copy_strings(&copy, interval_strings, N_STRINGS(interval_strings));

        copy.interruptions = NULL;
        copy.n_interruptions = 0;
        for (uint32_t i = 0; r == 0 && i < interval->n_interruptions; i++)
                r = interval_add_interruption(&copy, &interval->interruptions[i]);
        if (r < 0) {
                interval_done(&copy);
                return r;
        }
        *ret_copy = copy;
        return 0;
}

void task_done(Task *task) {
        if (!task)
                return;
        free_strings(task, task_strings, N_STRINGS(task_strings));
        *task = (Task){ 0 };
}

int task_copy(const Task *task, Task *ret_copy) {
        Task copy = *task;
        int r = copy_strings(&copy, task_strings, N_STRINGS(task_strings));

        if (r < 0)
                return r;
        *ret_copy = copy;
        return 0;
}
