-- SPDX-License-Identifier: MIT
-- SPDX-FileCopyrightText: 2026 The pomod authors
--
-- Words, not numbers, for kinds and outcomes: the file explains itself, and the order of an enum in C means
-- nothing to it. Times are microseconds UTC; offsets are from the interval's start, so that setting the clock
-- moves none.

CREATE TABLE tasks (
  id INTEGER PRIMARY KEY,
  uuid TEXT NOT NULL,
  title TEXT NOT NULL,
  project TEXT,
  estimate INTEGER NOT NULL DEFAULT 0,
  done INTEGER NOT NULL DEFAULT 0,
  removed INTEGER NOT NULL DEFAULT 0,
  plan_date TEXT
) STRICT;
CREATE INDEX tasks_by_title ON tasks (title);

CREATE TABLE intervals (
  id INTEGER PRIMARY KEY,
  uuid TEXT NOT NULL,
  kind TEXT NOT NULL,
  outcome TEXT NOT NULL,
  reason TEXT,
  note TEXT,
  rule TEXT,
  started_usec INTEGER NOT NULL,
  offset_sec INTEGER NOT NULL,
  length_usec INTEGER NOT NULL CHECK (length_usec >= 0),
  planned_usec INTEGER NOT NULL,
  extended_usec INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  overtime INTEGER NOT NULL,
  edited INTEGER NOT NULL DEFAULT 0,
  task INTEGER REFERENCES tasks (id)
) STRICT;
CREATE INDEX intervals_by_start ON intervals (started_usec);
CREATE INDEX intervals_by_epoch ON intervals (epoch, started_usec, length_usec);
CREATE INDEX intervals_by_task ON intervals (task, started_usec, kind, outcome, length_usec)
  WHERE task IS NOT NULL;

CREATE TABLE pauses (
  interval INTEGER NOT NULL REFERENCES intervals (id) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL,
  offset_usec INTEGER NOT NULL,
  length_usec INTEGER,
-- NULL: it has not ended
  PRIMARY KEY (interval, ordinal)
) STRICT, WITHOUT ROWID;
CREATE TABLE interruptions (
  interval INTEGER NOT NULL REFERENCES intervals (id) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL,
  offset_usec INTEGER NOT NULL,
  external INTEGER NOT NULL,
  note TEXT,
  PRIMARY KEY (interval, ordinal)
) STRICT, WITHOUT ROWID;
CREATE TABLE absences (
  interval INTEGER NOT NULL REFERENCES intervals (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  offset_usec INTEGER NOT NULL,
  length_usec INTEGER NOT NULL,
  PRIMARY KEY (interval, kind, ordinal)
) STRICT, WITHOUT ROWID;

-- One row: what the timer is at, and the counters. What the log knows of the running interval
-- is not repeated here.
CREATE TABLE state (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  account TEXT,
  seq INTEGER NOT NULL DEFAULT 0,
  next_interval INTEGER NOT NULL DEFAULT 1,
  next_task INTEGER NOT NULL DEFAULT 1,
  running INTEGER REFERENCES intervals (id),
  running_started_boot_usec INTEGER NOT NULL DEFAULT 0,
  running_slept_usec INTEGER NOT NULL DEFAULT 0,
  running_checkpoint_boot_usec INTEGER NOT NULL DEFAULT 0,
  running_locked_since_boot_usec INTEGER NOT NULL DEFAULT 0,
  running_idle_since_boot_usec INTEGER NOT NULL DEFAULT 0,
  cycle INTEGER NOT NULL DEFAULT 0,
  break_due TEXT NOT NULL DEFAULT 'idle',
  carry_task INTEGER REFERENCES tasks (id) ON DELETE SET NULL,
  rung_real_usec INTEGER NOT NULL DEFAULT 0,
  rung_boot_usec INTEGER NOT NULL DEFAULT 0,
  epoch INTEGER NOT NULL DEFAULT 1,
  boot_id TEXT NOT NULL DEFAULT '',
  seen_boot_usec INTEGER NOT NULL DEFAULT 0,
  seen_mono_usec INTEGER NOT NULL DEFAULT 0,
  seen_real_usec INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO state (id) VALUES (1);

CREATE TABLE epochs (
  epoch INTEGER PRIMARY KEY,
  began_usec INTEGER NOT NULL
) STRICT;
CREATE INDEX epochs_by_begin ON epochs (began_usec);

CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Images of an interval with all that hangs on it, as JSON. before NULL: it was added; after
-- NULL: deleted.
CREATE TABLE edits (
  id INTEGER PRIMARY KEY,
  interval INTEGER NOT NULL,
  undone INTEGER NOT NULL DEFAULT 0,
  before TEXT,
  after TEXT
) STRICT;
