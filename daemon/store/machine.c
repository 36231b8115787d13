/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "daemon/store/sql.h"
#include "daemon/store/write.h"

/*
 * What runs is the row of the log that has the outcome 'running'; the state keeps only what the log does not
 * know. So the two cannot disagree.
 */
static const char load_state[] =
                "SELECT state.running, running_started_boot_usec, running_slept_usec, "
                "running_checkpoint_boot_usec,"
                " running_locked_since_boot_usec, running_idle_since_boot_usec, cycle, break_due, carry_task,"
                " rung_real_usec, rung_boot_usec, next_interval, epoch, boot_id, seen_boot_usec, "
                "seen_mono_usec,"
                " seen_real_usec, running_may_pause, running_suspend_grace_usec FROM state";

static const char load_running[] =
                "SELECT kind, started_usec, offset_sec, planned_usec, extended_usec, rule, overtime, task,"
                " (SELECT coalesce(sum(length_usec), 0) FROM pauses WHERE interval = i.id),"
                " (SELECT count(*) FROM pauses WHERE interval = i.id),"
                " (SELECT offset_usec FROM pauses WHERE interval = i.id AND length_usec IS NULL),"
                " (SELECT max(offset_usec + length_usec) FROM pauses WHERE interval = i.id),"
                " (SELECT count(*) FROM interruptions WHERE interval = i.id AND external = 0),"
                " (SELECT count(*) FROM interruptions WHERE interval = i.id AND external <> 0),"
                " (SELECT count(*) FROM absences WHERE interval = i.id), window_date"
                " FROM intervals AS i WHERE id = ?1";

static bool is_null(Statement *statement, int n) {
        return sqlite3_column_type(statement->stmt, n) == SQLITE_NULL;
}

static int read_running(Store *store, Running *running) {
        statement_ Statement st = { 0 };
        int kind, r;

        r = statement_find(store, load_running, running->id, &st);
        if (r < 0)
                return r == -ENOENT ? -EUCLEAN : r;
        kind = interval_kind_from_string((const char *) sqlite3_column_text(st.stmt, 0));
        if (kind <= INTERVAL_NONE)
                return -EUCLEAN;

        running->kind = (IntervalKind) kind;
        running->started_real_usec = column_usec(&st, 1);
        running->offset_sec = sqlite3_column_int(st.stmt, 2);
        running->planned_usec = column_usec(&st, 3);
        running->extended_usec = column_usec(&st, 4);
        column_chars(&st, 5, running->rule, sizeof running->rule);
        running->overtime = sqlite3_column_int(st.stmt, 6) != 0;
        running->task = sqlite3_column_int64(st.stmt, 7);
        running->paused_total_usec = column_usec(&st, 8);
        running->pauses = (uint32_t) sqlite3_column_int64(st.stmt, 9);
        if (!is_null(&st, 10))
                running->paused_since_boot_usec = running->started_boot_usec + column_usec(&st, 10);
        if (!is_null(&st, 11))
                running->resumed_boot_usec = running->started_boot_usec + column_usec(&st, 11);
        running->internal = (uint32_t) sqlite3_column_int64(st.stmt, 12);
        running->external = (uint32_t) sqlite3_column_int64(st.stmt, 13);
        running->absences = (uint32_t) sqlite3_column_int64(st.stmt, 14);
        column_chars(&st, 15, running->window_date, sizeof running->window_date);
        return 0;
}

/* Of what ran before they were kept with it: those that there are now. */
static int read_settings_of_running(Store *store, Statement *st, Running *running) {
        Settings settings;
        unsigned ignored;
        int r;

        if (!is_null(st, 17) && !is_null(st, 18)) {
                running->may_pause = sqlite3_column_int(st->stmt, 17) != 0;
                running->suspend_grace_usec = column_usec(st, 18);
                return 0;
        }
        r = store_settings_load(store, &settings, &ignored);
        if (r < 0)
                return r;
        running->may_pause = settings.pause;
        running->suspend_grace_usec = settings.suspend_grace_usec;
        return 0;
}

int store_machine_load(Store *store, Machine *ret_machine) {
        statement_ Statement st = { 0 };
        Machine m = { 0 };
        int r, due;

        r = statement_find_state(store, load_state, &st);
        if (r < 0)
                return r;
        due = interval_kind_from_string((const char *) sqlite3_column_text(st.stmt, 7));
        if (due < 0)
                return -EUCLEAN;

        m.running.id = sqlite3_column_int64(st.stmt, 0);
        m.running.started_boot_usec = column_usec(&st, 1);
        m.running.slept_usec = column_usec(&st, 2);
        m.running.checkpoint_boot_usec = column_usec(&st, 3);
        m.running.locked_since_boot_usec = column_usec(&st, 4);
        m.running.idle_since_boot_usec = column_usec(&st, 5);
        m.cycle = (uint32_t) sqlite3_column_int64(st.stmt, 6);
        m.break_due = (IntervalKind) due;
        m.carry_task = sqlite3_column_int64(st.stmt, 8);
        m.rung_real_usec = column_usec(&st, 9);
        m.rung_boot_usec = column_usec(&st, 10);
        m.next_id = sqlite3_column_int64(st.stmt, 11);
        m.epoch = (uint32_t) sqlite3_column_int64(st.stmt, 12);
        column_chars(&st, 13, m.boot_id, sizeof m.boot_id);
        m.seen_boot_usec = column_usec(&st, 14);
        m.seen_mono_usec = column_usec(&st, 15);
        m.seen_real_usec = column_usec(&st, 16);

        if (m.running.id != 0) {
                r = read_running(store, &m.running);
                if (r == 0)
                        r = read_settings_of_running(store, &st, &m.running);
                if (r < 0)
                        return r;
        }
        r = store_interval_newest_end(store, m.epoch, &m.newest_end_real_usec);
        if (r < 0)
                return r;
        *ret_machine = m;
        return 0;
}

int store_seq_load(Store *store, uint64_t *ret_seq) {
        statement_ Statement st = { 0 };
        int r;

        r = statement_find_state(store, "SELECT seq FROM state", &st);
        if (r < 0)
                return r;
        *ret_seq = column_usec(&st, 0);
        return 0;
}

int write_machine(StoreWrite *write, const Machine *m) {
        static const char save[] =
                        "UPDATE state SET running = ?1, running_started_boot_usec = ?2, running_slept_usec = "
                        "?3,"
                        " running_checkpoint_boot_usec = ?4, running_locked_since_boot_usec = ?5,"
                        " running_idle_since_boot_usec = ?6, cycle = ?7, break_due = ?8, carry_task = ?9,"
                        " rung_real_usec = ?10, rung_boot_usec = ?11, next_interval = max(next_interval, "
                        "?12),"
                        " epoch = ?13, boot_id = ?14, seen_boot_usec = ?15, seen_mono_usec = ?16,"
                        " seen_real_usec = ?17, running_may_pause = ?18, running_suspend_grace_usec = ?19";
        const Running *running = &m->running;
        statement_ Statement st = { 0 };
        int r;

        r = statement_get(write->store, save, &st);
        if (r < 0)
                return r;
        bind_id(&st, 1, running->kind == INTERVAL_NONE ? 0 : running->id);
        /* A start dated back to before this boot wraps below 0: the bits are kept as they are. */
        bind_int(&st, 2, (int64_t) running->started_boot_usec);
        bind_usec(&st, 3, running->slept_usec);
        bind_usec(&st, 4, running->checkpoint_boot_usec);
        bind_int(&st, 5, (int64_t) running->locked_since_boot_usec);
        bind_int(&st, 6, (int64_t) running->idle_since_boot_usec);
        bind_int(&st, 7, m->cycle);
        bind_text(&st, 8, interval_kind_to_string(m->break_due));
        bind_id(&st, 9, m->carry_task);
        bind_usec(&st, 10, m->rung_real_usec);
        bind_int(&st, 11, (int64_t) m->rung_boot_usec);
        bind_int(&st, 12, m->next_id);
        bind_int(&st, 13, m->epoch);
        sqlite3_bind_text(st.stmt, 14, m->boot_id, -1, SQLITE_TRANSIENT);
        bind_usec(&st, 15, m->seen_boot_usec);
        bind_usec(&st, 16, m->seen_mono_usec);
        bind_usec(&st, 17, m->seen_real_usec);
        bind_int(&st, 18, running->may_pause);
        bind_usec(&st, 19, running->suspend_grace_usec);
        return statement_run(&st);
}
