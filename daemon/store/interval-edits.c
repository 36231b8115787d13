/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* Edits of the log by hand. */

#include "daemon/store/interval-edits.h"

#include <errno.h>

#include "daemon/store/record.h"
#include "daemon/store/steps.h"
#include "daemon/store/store.h"
#include "daemon/store/uuid.h"
#include "daemon/store/write.h"

int interval_insert(Store *store, Interval *interval) {
        static const char sql[] = "INSERT INTO intervals (" RECORD_COLUMNS(
                        INTERVAL_FIELDS) ") VALUES (" RECORD_PARAMETERS(INTERVAL_FIELDS) ")";
        int r;

        if (interval->uuid[0] == '\0') {
                r = uuid_make(interval->uuid);
                if (r < 0)
                        return r;
        }
        return record_run(store, sql, RECORD_PART_STORED, &interval_record, interval);
}

/* Edits are rare and their statements large: none of them is kept. */
static int begin_edit(StoreWrite *write, int64_t id) {
        write->large = true;
        return step_note(write, IMAGE_INTERVALS, id);
}

int write_interval_new(StoreWrite *write, Interval *interval, int64_t next_id) {
        static const char sql[] = "UPDATE state SET next_interval = max(next_interval, ?1)";
        int r;

        r = begin_edit(write, interval->id);
        if (r == 0)
                r = interval_insert(write->store, interval);
        return r < 0 ? r : store_run(write->store, sql, "i", next_id);
}

/*
 * The parts of an interval whose length changes keep their place on the clock, not their distance from the
 * start, and are cut at its ends. Without a new length it was moved as a whole, and they with it.
 */
static int fit_parts(Store *store, int64_t id, int64_t later_usec, uint64_t length_usec) {
        static const char *const cuts[] = {
                "UPDATE pauses SET offset_usec = max(0, min(offset_usec - ?2, ?3)), length_usec ="
                " max(0, min(offset_usec + length_usec - ?2, ?3) - max(0, offset_usec - ?2)) WHERE interval "
                "= ?1",
                "DELETE FROM pauses WHERE interval = ?1 AND length_usec = 0",
                "UPDATE absences SET offset_usec = max(0, min(offset_usec - ?2, ?3)), length_usec ="
                " max(0, min(offset_usec + length_usec - ?2, ?3) - max(0, offset_usec - ?2)) WHERE interval "
                "= ?1",
                "DELETE FROM absences WHERE interval = ?1 AND length_usec = 0",
                /* An interruption is no stretch of time: it is counted wherever it is put. */
                ("UPDATE interruptions SET offset_usec = max(0, min(offset_usec - ?2, ?3))"
                 " WHERE interval = ?1"),
        };
        int r = 0;

        for (size_t i = 0; r == 0 && i < sizeof(cuts) / sizeof(cuts[0]); i++)
                r = store_run(store, cuts[i], "iiu", id, later_usec, length_usec);
        return r;
}

static int update_ended(Store *store, const Interval *interval, const Interval *old) {
        static const char sql[] =
                        "UPDATE intervals SET uuid = uuid" RECORD_CHANGES(INTERVAL_FIELDS) " WHERE id = ?";
        int r = 0;

        if (interval->length_usec != old->length_usec)
                r = fit_parts(store, interval->id,
                                (int64_t) (interval->started_real_usec - old->started_real_usec),
                                interval->length_usec);
        return r < 0 ? r : record_run(store, sql, RECORD_PART_CHANGES, &interval_record, interval);
}

/* The machine owns all else of what runs. */
static int update_running(Store *store, const Interval *interval) {
        return store_run(store, "UPDATE intervals SET note = ?2, edited = ?3, task = ?4 WHERE id = ?1",
                        "itbd", interval->id, interval->note, interval->edited, interval->task);
}

int write_interval(StoreWrite *write, const Interval *interval) {
        cleanup_(interval_done) Interval old = {};
        int r;

        r = store_interval_get(write->store, interval->id, &old);
        if (r == 0)
                r = begin_edit(write, interval->id);
        if (r < 0)
                return r;
        return old.outcome == OUTCOME_RUNNING ? update_running(write->store, interval)
                                              : update_ended(write->store, interval, &old);
}

int write_interval_removed(StoreWrite *write, int64_t id) {
        cleanup_(interval_done) Interval old = {};
        int r;

        r = store_interval_get(write->store, id, &old);
        if (r == 0)
                r = old.outcome == OUTCOME_RUNNING ? -EBUSY : begin_edit(write, id);
        return r < 0 ? r : store_run(write->store, "DELETE FROM intervals WHERE id = ?1", "i", id);
}
