-- SPDX-License-Identifier: MIT
-- SPDX-FileCopyrightText: 2026 The pomod authors
--
-- Schedules and focus. Rules and profiles are kept as people write them, so that a key more is no migration.
-- A claim is on record for good, with a copy of all that it was made of: what becomes of its rule and profile
-- does not touch it. The date of the window that an interval began in is NULL outside windows.

ALTER TABLE intervals ADD COLUMN window_date TEXT;
CREATE INDEX intervals_by_window_date ON intervals (window_date, kind, outcome)
  WHERE window_date IS NOT NULL;
ALTER TABLE state ADD COLUMN next_claim INTEGER NOT NULL DEFAULT 1;
ALTER TABLE state ADD COLUMN synchronised_boot TEXT NOT NULL DEFAULT '';

CREATE TABLE rules (
  position INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  text TEXT NOT NULL
) STRICT;
CREATE TABLE profiles (
  position INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  text TEXT NOT NULL
) STRICT;

CREATE TABLE claims (
  id INTEGER PRIMARY KEY,
  state TEXT NOT NULL,
  source TEXT NOT NULL,
  rule TEXT,
  rule_kind TEXT,
  date TEXT,
  window_start_sec INTEGER NOT NULL,
  interval INTEGER,
  profile_name TEXT,
  profile TEXT,
  lock TEXT NOT NULL,
  lock_delay_usec INTEGER NOT NULL,
  engaged_real_usec INTEGER NOT NULL,
  engaged_boot_usec INTEGER NOT NULL,
  length_usec INTEGER NOT NULL,
  until_real_usec INTEGER NOT NULL,
  until_boot_usec INTEGER NOT NULL,
  boot_id TEXT NOT NULL,
  firm INTEGER NOT NULL,
  resting INTEGER NOT NULL,
  release_boot_usec INTEGER NOT NULL,
  ended_real_usec INTEGER NOT NULL,
  reason TEXT,
  carried INTEGER NOT NULL
) STRICT;
CREATE INDEX claims_in_force ON claims (id) WHERE state = 'in-force';
CREATE INDEX claims_by_engaging ON claims (engaged_real_usec);
CREATE INDEX claims_by_window ON claims (rule, date, window_start_sec) WHERE rule IS NOT NULL;
