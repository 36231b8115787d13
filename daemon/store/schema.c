/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include <errno.h>
#include <stdio.h>

#include "daemon/store/schema.h"
#include "daemon/store/sql.h"

/*
 * Words, not numbers, for kinds and outcomes: the file explains itself, and the order of an enum in C means
 * nothing to it. Times are microseconds UTC; offsets are from the interval's start, so that setting the clock
 * moves none.
 */
static const char version_1[] =
                "CREATE TABLE tasks ("
                "  id INTEGER PRIMARY KEY,"
                "  uuid TEXT NOT NULL,"
                "  title TEXT NOT NULL,"
                "  project TEXT,"
                "  estimate INTEGER NOT NULL DEFAULT 0,"
                "  done INTEGER NOT NULL DEFAULT 0,"
                "  removed INTEGER NOT NULL DEFAULT 0,"
                "  plan_date TEXT"
                ") STRICT;"
                "CREATE INDEX tasks_by_title ON tasks (title);"

                "CREATE TABLE intervals ("
                "  id INTEGER PRIMARY KEY,"
                "  uuid TEXT NOT NULL,"
                "  kind TEXT NOT NULL,"
                "  outcome TEXT NOT NULL,"
                "  reason TEXT,"
                "  note TEXT,"
                "  rule TEXT,"
                "  started_usec INTEGER NOT NULL,"
                "  offset_sec INTEGER NOT NULL,"
                "  length_usec INTEGER NOT NULL CHECK (length_usec >= 0),"
                "  planned_usec INTEGER NOT NULL,"
                "  extended_usec INTEGER NOT NULL,"
                "  epoch INTEGER NOT NULL,"
                "  overtime INTEGER NOT NULL,"
                "  edited INTEGER NOT NULL DEFAULT 0,"
                "  task INTEGER REFERENCES tasks (id)"
                ") STRICT;"
                "CREATE INDEX intervals_by_start ON intervals (started_usec);"
                "CREATE INDEX intervals_by_epoch ON intervals (epoch, started_usec, length_usec);"
                "CREATE INDEX intervals_by_task ON intervals (task, started_usec, kind, outcome, length_usec)"
                "  WHERE task IS NOT NULL;"

                "CREATE TABLE pauses ("
                "  interval INTEGER NOT NULL REFERENCES intervals (id) ON DELETE CASCADE,"
                "  ordinal INTEGER NOT NULL,"
                "  offset_usec INTEGER NOT NULL,"
                "  length_usec INTEGER," /* NULL: it has not ended */
                "  PRIMARY KEY (interval, ordinal)"
                ") STRICT, WITHOUT ROWID;"
                "CREATE TABLE interruptions ("
                "  interval INTEGER NOT NULL REFERENCES intervals (id) ON DELETE CASCADE,"
                "  ordinal INTEGER NOT NULL,"
                "  offset_usec INTEGER NOT NULL,"
                "  external INTEGER NOT NULL,"
                "  note TEXT,"
                "  PRIMARY KEY (interval, ordinal)"
                ") STRICT, WITHOUT ROWID;"
                "CREATE TABLE absences ("
                "  interval INTEGER NOT NULL REFERENCES intervals (id) ON DELETE CASCADE,"
                "  kind TEXT NOT NULL,"
                "  ordinal INTEGER NOT NULL,"
                "  offset_usec INTEGER NOT NULL,"
                "  length_usec INTEGER NOT NULL,"
                "  PRIMARY KEY (interval, kind, ordinal)"
                ") STRICT, WITHOUT ROWID;"

                /* One row: what the timer is at, and the counters. What the log knows of the running interval
                 * is not repeated here. */
                "CREATE TABLE state ("
                "  id INTEGER PRIMARY KEY CHECK (id = 1),"
                "  account TEXT,"
                "  seq INTEGER NOT NULL DEFAULT 0,"
                "  next_interval INTEGER NOT NULL DEFAULT 1,"
                "  next_task INTEGER NOT NULL DEFAULT 1,"
                "  running INTEGER REFERENCES intervals (id),"
                "  running_started_boot_usec INTEGER NOT NULL DEFAULT 0,"
                "  running_slept_usec INTEGER NOT NULL DEFAULT 0,"
                "  running_checkpoint_boot_usec INTEGER NOT NULL DEFAULT 0,"
                "  running_locked_since_boot_usec INTEGER NOT NULL DEFAULT 0,"
                "  running_idle_since_boot_usec INTEGER NOT NULL DEFAULT 0,"
                "  cycle INTEGER NOT NULL DEFAULT 0,"
                "  break_due TEXT NOT NULL DEFAULT 'idle',"
                "  carry_task INTEGER REFERENCES tasks (id) ON DELETE SET NULL,"
                "  rung_real_usec INTEGER NOT NULL DEFAULT 0,"
                "  rung_boot_usec INTEGER NOT NULL DEFAULT 0,"
                "  epoch INTEGER NOT NULL DEFAULT 1,"
                "  boot_id TEXT NOT NULL DEFAULT '',"
                "  seen_boot_usec INTEGER NOT NULL DEFAULT 0,"
                "  seen_mono_usec INTEGER NOT NULL DEFAULT 0,"
                "  seen_real_usec INTEGER NOT NULL DEFAULT 0"
                ") STRICT;"
                "INSERT INTO state (id) VALUES (1);"

                "CREATE TABLE epochs ("
                "  epoch INTEGER PRIMARY KEY,"
                "  began_usec INTEGER NOT NULL"
                ") STRICT;"
                "CREATE INDEX epochs_by_begin ON epochs (began_usec);"

                "CREATE TABLE settings ("
                "  name TEXT PRIMARY KEY,"
                "  value TEXT NOT NULL"
                ") STRICT, WITHOUT ROWID;"

                /* Images of an interval with all that hangs on it, as JSON. before NULL: it was added; after
                 * NULL: deleted. */
                "CREATE TABLE edits ("
                "  id INTEGER PRIMARY KEY,"
                "  interval INTEGER NOT NULL,"
                "  undone INTEGER NOT NULL DEFAULT 0,"
                "  before TEXT,"
                "  after TEXT"
                ") STRICT;"

                /*
                 * No two intervals of an epoch overlap. As that holds for those that are there, the neighbour
                 * on each side is enough; the longer one first where two start at once (one of them has no
                 * length). A running interval has no end yet.
                 */
                "CREATE TRIGGER intervals_overlap_on_insert AFTER INSERT ON intervals BEGIN"
                "  SELECT RAISE(ABORT, 'overlap') FROM ("
                "    SELECT started_usec, length_usec, outcome FROM intervals"
                "    WHERE epoch = NEW.epoch AND started_usec <= NEW.started_usec AND id <> NEW.id"
                "    ORDER BY started_usec DESC, length_usec DESC, id DESC LIMIT 1) AS earlier"
                "  WHERE earlier.outcome = 'running' AND (NEW.length_usec > 0 OR NEW.started_usec > "
                "earlier.started_usec)"
                "     OR earlier.started_usec + earlier.length_usec > NEW.started_usec"
                "        AND (NEW.length_usec > 0 OR NEW.outcome = 'running' OR NEW.started_usec > "
                "earlier.started_usec);"
                "  SELECT RAISE(ABORT, 'overlap') FROM ("
                "    SELECT started_usec FROM intervals"
                "    WHERE epoch = NEW.epoch AND started_usec > NEW.started_usec AND id <> NEW.id"
                "    ORDER BY started_usec LIMIT 1) AS later"
                "  WHERE NEW.outcome = 'running' OR later.started_usec < NEW.started_usec + NEW.length_usec;"
                "END;"
                "CREATE TRIGGER intervals_overlap_on_update"
                "  AFTER UPDATE OF epoch, started_usec, length_usec, outcome ON intervals BEGIN"
                "  SELECT RAISE(ABORT, 'overlap') FROM ("
                "    SELECT started_usec, length_usec, outcome FROM intervals"
                "    WHERE epoch = NEW.epoch AND started_usec <= NEW.started_usec AND id <> NEW.id"
                "    ORDER BY started_usec DESC, length_usec DESC, id DESC LIMIT 1) AS earlier"
                "  WHERE earlier.outcome = 'running' AND (NEW.length_usec > 0 OR NEW.started_usec > "
                "earlier.started_usec)"
                "     OR earlier.started_usec + earlier.length_usec > NEW.started_usec"
                "        AND (NEW.length_usec > 0 OR NEW.outcome = 'running' OR NEW.started_usec > "
                "earlier.started_usec);"
                "  SELECT RAISE(ABORT, 'overlap') FROM ("
                "    SELECT started_usec FROM intervals"
                "    WHERE epoch = NEW.epoch AND started_usec > NEW.started_usec AND id <> NEW.id"
                "    ORDER BY started_usec LIMIT 1) AS later"
                "  WHERE NEW.outcome = 'running' OR later.started_usec < NEW.started_usec + NEW.length_usec;"
                "END;";

/*
 * Schedules and focus. Rules and profiles are kept as people write them, so that a key more is no migration.
 * A claim is on record for good, with a copy of all that it was made of: what becomes of its rule and profile
 * does not touch it. The date of the window that an interval began in is NULL outside windows.
 */
static const char version_2[] =
                "ALTER TABLE intervals ADD COLUMN window_date TEXT;"
                "CREATE INDEX intervals_by_window_date ON intervals (window_date, kind, outcome)"
                "  WHERE window_date IS NOT NULL;"
                "ALTER TABLE state ADD COLUMN next_claim INTEGER NOT NULL DEFAULT 1;"
                "ALTER TABLE state ADD COLUMN synchronised_boot TEXT NOT NULL DEFAULT '';"

                "CREATE TABLE rules ("
                "  position INTEGER PRIMARY KEY,"
                "  name TEXT NOT NULL,"
                "  text TEXT NOT NULL"
                ") STRICT;"
                "CREATE TABLE profiles ("
                "  position INTEGER PRIMARY KEY,"
                "  name TEXT NOT NULL,"
                "  text TEXT NOT NULL"
                ") STRICT;"

                "CREATE TABLE claims ("
                "  id INTEGER PRIMARY KEY,"
                "  state TEXT NOT NULL,"
                "  source TEXT NOT NULL,"
                "  rule TEXT,"
                "  rule_kind TEXT,"
                "  date TEXT,"
                "  window_start_sec INTEGER NOT NULL,"
                "  interval INTEGER,"
                "  profile_name TEXT,"
                "  profile TEXT,"
                "  lock TEXT NOT NULL,"
                "  lock_delay_usec INTEGER NOT NULL,"
                "  engaged_real_usec INTEGER NOT NULL,"
                "  engaged_boot_usec INTEGER NOT NULL,"
                "  length_usec INTEGER NOT NULL,"
                "  until_real_usec INTEGER NOT NULL,"
                "  until_boot_usec INTEGER NOT NULL,"
                "  boot_id TEXT NOT NULL,"
                "  firm INTEGER NOT NULL,"
                "  resting INTEGER NOT NULL,"
                "  release_boot_usec INTEGER NOT NULL,"
                "  ended_real_usec INTEGER NOT NULL,"
                "  reason TEXT,"
                "  carried INTEGER NOT NULL"
                ") STRICT;"
                "CREATE INDEX claims_in_force ON claims (id) WHERE state = 'in-force';"
                "CREATE INDEX claims_by_engaging ON claims (engaged_real_usec);"
                "CREATE INDEX claims_by_window ON claims (rule, date, window_start_sec) WHERE rule IS NOT "
                "NULL;";

/*
 * Since when a rule stands: what was before it is no office day that was missed. Of those that are there it
 * is not known, which is since ever. What a plugin could not do is noted on the claims that wanted it.
 */
static const char version_3[] = "ALTER TABLE rules ADD COLUMN since_real_usec INTEGER NOT NULL DEFAULT 0;"
                                "ALTER TABLE claims ADD COLUMN failure TEXT;";

/*
 * What runs keeps the settings that it began with; of what ran before they were kept, NULL, they are those of
 * now. When an epoch began is not asked any more: it was noted on the very clock that was wrong.
 */
static const char version_4[] = "ALTER TABLE state ADD COLUMN running_may_pause INTEGER;"
                                "ALTER TABLE state ADD COLUMN running_suspend_grace_usec INTEGER;"
                                "DROP TABLE epochs;";

static const char *const migrations[] = { version_1, version_2, version_3, version_4 };

#define N_MIGRATIONS ((int) (sizeof migrations / sizeof migrations[0]))

int schema_version(void) {
        return N_MIGRATIONS;
}

int schema_read_version(sqlite3 *db, int *ret_version) {
        int64_t version, application, tables;
        int r;

        r = sql_get_int(db, "PRAGMA user_version", &version);
        if (r < 0)
                return r;
        r = sql_get_int(db, "PRAGMA application_id", &application);
        if (r < 0)
                return r;
        r = sql_get_int(db, "SELECT count(*) FROM sqlite_schema", &tables);
        if (r < 0)
                return r;

        if (application != STORE_APPLICATION_ID && (version != 0 || tables != 0))
                return -EUCLEAN;
        if (version < 0 || (version == 0) != (tables == 0))
                return -EUCLEAN;
        if (version > N_MIGRATIONS)
                return -EOVERFLOW;
        *ret_version = (int) version;
        return 0;
}

static int migrate_one(sqlite3 *db, const char *sql, int version) {
        char set_version[96];
        int r;

        /* Pragmas take no parameters. */
        snprintf(set_version, sizeof set_version, "PRAGMA user_version = %d; PRAGMA application_id = %d;",
                        version, STORE_APPLICATION_ID);

        r = sql_exec(db, "BEGIN IMMEDIATE");
        if (r < 0)
                return r;
        r = sql_exec(db, sql);
        if (r == 0)
                r = sql_exec(db, set_version);
        if (r == 0)
                r = sql_exec(db, "COMMIT");
        if (r < 0 && !sqlite3_get_autocommit(db))
                sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
        return r;
}

int schema_migrate_with(sqlite3 *db, int version, const char *const *list, int n_list) {
        for (int i = version; i < n_list; i++) {
                int r = migrate_one(db, list[i], i + 1);
                if (r < 0)
                        return r;
        }
        return 0;
}

int schema_migrate(sqlite3 *db, int version) {
        return schema_migrate_with(db, version, migrations, N_MIGRATIONS);
}
