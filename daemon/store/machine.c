/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/*
 * What runs is the row of the log that has the outcome 'running'; the state keeps only what the log does not
 * know. So the two cannot disagree.
 */

#include <errno.h>
#include <string.h>

#include "daemon/store/sound.h"
#include "daemon/store/statement.h"
#include "daemon/store/write.h"

/* What the log knows of it as an interval. */
static void adopt_interval(const Interval *interval, Running *running) {
        running->kind = interval->kind;
        running->started_real_usec = interval->started_real_usec;
        running->offset_sec = interval->offset_sec;
        running->planned_usec = interval->planned_usec;
        running->extended_usec = interval->extended_usec;
        g_strlcpy(running->rule, interval->rule ? interval->rule : "", sizeof(running->rule));
        g_strlcpy(running->window_date, interval->window_date, sizeof(running->window_date));
        running->overtime = interval->overtime;
        running->task = interval->task;
        running->paused_total_usec = interval->paused_usec;
        running->internal = interval->internal;
        running->external = interval->external;
}

/* … and as its parts. A moment is -1 where there is none. */
static int read_parts(Store *store, Running *running) {
        static const char sql[] =
                        "SELECT (SELECT count(*) FROM pauses WHERE interval = ?1),"
                        " (SELECT count(*) FROM absences WHERE interval = ?1),"
                        " coalesce((SELECT offset_usec FROM pauses WHERE interval = ?1 AND length_usec IS NULL), -1),"
                        " coalesce((SELECT max(offset_usec + length_usec) FROM pauses WHERE interval = ?1), -1)";
        int64_t paused_since, resumed;
        int r;

        r = store_get(store, sql, "i>ccii", running->id, &running->pauses, &running->absences, &paused_since,
                        &resumed);
        if (r < 0)
                return r;
        if (paused_since >= 0)
                running->paused_since_boot_usec = running->started_boot_usec + (uint64_t) paused_since;
        if (resumed >= 0)
                running->resumed_boot_usec = running->started_boot_usec + (uint64_t) resumed;
        return 0;
}

/* Of what ran before they were kept with it: those that there are now. */
static int read_settings(Store *store, Running *running) {
        static const char sql[] =
                        "SELECT running_suspend_grace_usec, running_may_pause FROM state"
                        " WHERE running_may_pause IS NOT NULL AND running_suspend_grace_usec IS NOT NULL";
        Settings settings;
        unsigned ignored;
        int r;

        r = store_get(store, sql, ">ub", &running->suspend_grace_usec, &running->may_pause);
        if (r != -ENOENT)
                return r;
        r = store_settings_load(store, &settings, &ignored);
        if (r < 0)
                return r;
        running->may_pause = settings.pause;
        running->suspend_grace_usec = settings.suspend_grace_usec;
        return 0;
}

static int read_running(Store *store, Running *running) {
        cleanup_(interval_done) Interval interval = {};
        int r;

        r = store_interval_get(store, running->id, &interval);
        if (r < 0)
                return r == -ENOENT ? -EUCLEAN : r;
        adopt_interval(&interval, running);
        r = read_parts(store, running);
        return r < 0 ? r : read_settings(store, running);
}

static int read_state(Store *store, Machine *m) {
        static const char sql[] =
                        "SELECT running, running_started_boot_usec, running_slept_usec, running_checkpoint_boot_usec,"
                        " running_locked_since_boot_usec, running_idle_since_boot_usec, cycle, break_due, carry_task,"
                        " rung_real_usec, rung_boot_usec, next_interval, epoch, boot_id, seen_boot_usec,"
                        " seen_mono_usec, seen_real_usec, due FROM state";
        Running *running = &m->running;
        char due[32];
        int kind, r;

        r = store_get(store, sql, ">iuuuuuckiuuickuuui", &running->id, &running->started_boot_usec,
                        &running->slept_usec, &running->checkpoint_boot_usec,
                        &running->locked_since_boot_usec, &running->idle_since_boot_usec, &m->cycle, due,
                        sizeof(due), &m->carry_task, &m->rung_real_usec, &m->rung_boot_usec, &m->next_id,
                        &m->epoch, m->boot_id, sizeof(m->boot_id), &m->seen_boot_usec, &m->seen_mono_usec,
                        &m->seen_real_usec, &m->due_id);
        if (r < 0)
                return store_state_error(r);
        kind = interval_kind_from_string(due);
        m->break_due = kind < 0 ? INTERVAL_NONE : (IntervalKind) kind;
        /* One that cannot be read counts as another boot, as after a power cut. */
        if (m->boot_id[0] != '\0' && strspn(m->boot_id, "0123456789abcdef") != 32) {
                strcpy(m->boot_id, "00000000000000000000000000000000");
                kind = -EINVAL;
        }
        if (kind < 0)
                sound_note(store, "state", 1);
        return 0;
}

int store_machine_load(Store *store, Machine *ret_machine) {
        Machine m = {};
        int r;

        r = read_state(store, &m);
        if (r == 0 && m.running.id != 0)
                r = read_running(store, &m.running);
        if (r == 0)
                r = store_interval_newest_end(store, m.epoch, &m.newest_end_real_usec);
        if (r == 0)
                *ret_machine = m;
        return r;
}

int store_count_bytes(Store *store, uint64_t *ret_bytes) {
        static const char sql[] = "SELECT (page_count - freelist_count) * page_size"
                                  " FROM pragma_page_count, pragma_freelist_count, pragma_page_size";

        return store_get(store, sql, ">u", ret_bytes);
}

uint64_t store_count_written(const Store *store) {
        return store->db ? (uint64_t) sqlite3_total_changes64(store->db) : 0;
}

int store_seq_load(Store *store, uint64_t *ret_seq) {
        return store_state_error(store_get(store, "SELECT seq FROM state", ">u", ret_seq));
}

int write_machine(StoreWrite *write, const Machine *m) {
        static const char sql[] =
                        "UPDATE state SET running = ?1, running_started_boot_usec = ?2, running_slept_usec = ?3,"
                        " running_checkpoint_boot_usec = ?4, running_locked_since_boot_usec = ?5,"
                        " running_idle_since_boot_usec = ?6, cycle = ?7, break_due = ?8, carry_task = ?9,"
                        " rung_real_usec = ?10, rung_boot_usec = ?11, next_interval = max(next_interval, ?12),"
                        " epoch = ?13, boot_id = ?14, seen_boot_usec = ?15, seen_mono_usec = ?16,"
                        " seen_real_usec = ?17, running_may_pause = ?18, running_suspend_grace_usec = ?19, due = ?20";
        const Running *running = &m->running;

        /* A start dated back to before this boot wraps below 0: the bits are kept as they are. */
        return store_run(write->store, sql, "dxuuxxctduxicsuuubui",
                        running->kind == INTERVAL_NONE ? INT64_C(0) : running->id, running->started_boot_usec,
                        running->slept_usec, running->checkpoint_boot_usec, running->locked_since_boot_usec,
                        running->idle_since_boot_usec, m->cycle, interval_kind_to_string(m->break_due),
                        m->carry_task, m->rung_real_usec, m->rung_boot_usec, m->next_id, m->epoch, m->boot_id,
                        m->seen_boot_usec, m->seen_mono_usec, m->seen_real_usec, running->may_pause,
                        running->suspend_grace_usec, m->due_id);
}

int store_synchronised_boot_load(Store *store, char ret_boot_id[33]) {
        return store_state_error(store_get(
                        store, "SELECT synchronised_boot FROM state", ">k", ret_boot_id, (size_t) 33));
}

int write_synchronised_boot(StoreWrite *write, const char *boot_id) {
        assert(boot_id);
        return store_run(write->store, "UPDATE state SET synchronised_boot = ?1", "s", boot_id);
}
