-- SPDX-License-Identifier: MIT
-- SPDX-FileCopyrightText: 2026 The pomod authors
--
-- A store of schema version 2, as SQLite's shell dumps it. It was made by "seed-store FOLDER 4" and then given two
-- settings, a rule, and a pomodoro that runs in its window. The dump leaves out the two pragmas at its end; they were
-- added by hand. It stays as it is: what later versions make of it is tested against it.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE tasks (  id INTEGER PRIMARY KEY,  uuid TEXT NOT NULL,  title TEXT NOT NULL,  project TEXT,  estimate INTEGER NOT NULL DEFAULT 0,  done INTEGER NOT NULL DEFAULT 0,  removed INTEGER NOT NULL DEFAULT 0,  plan_date TEXT) STRICT;
INSERT INTO tasks VALUES(7,'9c0daa29-ea6a-4b6b-be81-15fd48dda8dc','Task number 7','Project 7',1,0,0,NULL);
INSERT INTO tasks VALUES(33,'e5ef660c-6f50-4e7b-9620-2d88c240382c','Task number 33','Project 1',7,0,0,NULL);
INSERT INTO tasks VALUES(139,'0a0d1f50-1453-484a-807b-4f4abb7b01eb','Task number 139','Project 3',4,0,0,NULL);
CREATE TABLE intervals (  id INTEGER PRIMARY KEY,  uuid TEXT NOT NULL,  kind TEXT NOT NULL,  outcome TEXT NOT NULL,  reason TEXT,  note TEXT,  rule TEXT,  started_usec INTEGER NOT NULL,  offset_sec INTEGER NOT NULL,  length_usec INTEGER NOT NULL CHECK (length_usec >= 0),  planned_usec INTEGER NOT NULL,  extended_usec INTEGER NOT NULL,  epoch INTEGER NOT NULL,  overtime INTEGER NOT NULL,  edited INTEGER NOT NULL DEFAULT 0,  task INTEGER REFERENCES tasks (id), window_date TEXT) STRICT;
INSERT INTO intervals VALUES(1,'6a39e1da-a3dd-4239-8079-c94f084bb19a','pomodoro','completed',NULL,NULL,NULL,1795500000000000,3600,1500000000,1500000000,0,1,0,0,33,NULL);
INSERT INTO intervals VALUES(2,'254aa5cd-b567-4ab2-8ac7-06c4cbe1f0a6','short-break','completed',NULL,NULL,NULL,1795501500000000,3600,300000000,300000000,0,1,0,0,NULL,NULL);
INSERT INTO intervals VALUES(3,'c168dd61-e367-46aa-87e5-5a2f4636ddde','pomodoro','completed',NULL,NULL,NULL,1795501860000000,3600,1500000000,1500000000,0,1,0,0,139,NULL);
INSERT INTO intervals VALUES(4,'129ca587-a5cc-42a9-87e6-2edfe1b5d954','short-break','completed',NULL,NULL,NULL,1795503420000000,3600,300000000,300000000,0,1,0,0,NULL,NULL);
INSERT INTO intervals VALUES(5,'7b9c6a52-1f0e-4c8b-9a3d-0d6f5e4c3b2a','pomodoro','running',NULL,NULL,'night',1795503780000000,3600,0,1500000000,0,1,0,0,7,'2026-11-23');
CREATE TABLE pauses (  interval INTEGER NOT NULL REFERENCES intervals (id) ON DELETE CASCADE,  ordinal INTEGER NOT NULL,  offset_usec INTEGER NOT NULL,  length_usec INTEGER,  PRIMARY KEY (interval, ordinal)) STRICT, WITHOUT ROWID;
CREATE TABLE interruptions (  interval INTEGER NOT NULL REFERENCES intervals (id) ON DELETE CASCADE,  ordinal INTEGER NOT NULL,  offset_usec INTEGER NOT NULL,  external INTEGER NOT NULL,  note TEXT,  PRIMARY KEY (interval, ordinal)) STRICT, WITHOUT ROWID;
CREATE TABLE absences (  interval INTEGER NOT NULL REFERENCES intervals (id) ON DELETE CASCADE,  kind TEXT NOT NULL,  ordinal INTEGER NOT NULL,  offset_usec INTEGER NOT NULL,  length_usec INTEGER NOT NULL,  PRIMARY KEY (interval, kind, ordinal)) STRICT, WITHOUT ROWID;
CREATE TABLE state (  id INTEGER PRIMARY KEY CHECK (id = 1),  account TEXT,  seq INTEGER NOT NULL DEFAULT 0,  next_interval INTEGER NOT NULL DEFAULT 1,  next_task INTEGER NOT NULL DEFAULT 1,  running INTEGER REFERENCES intervals (id),  running_started_boot_usec INTEGER NOT NULL DEFAULT 0,  running_slept_usec INTEGER NOT NULL DEFAULT 0,  running_checkpoint_boot_usec INTEGER NOT NULL DEFAULT 0,  running_locked_since_boot_usec INTEGER NOT NULL DEFAULT 0,  running_idle_since_boot_usec INTEGER NOT NULL DEFAULT 0,  cycle INTEGER NOT NULL DEFAULT 0,  break_due TEXT NOT NULL DEFAULT 'idle',  carry_task INTEGER REFERENCES tasks (id) ON DELETE SET NULL,  rung_real_usec INTEGER NOT NULL DEFAULT 0,  rung_boot_usec INTEGER NOT NULL DEFAULT 0,  epoch INTEGER NOT NULL DEFAULT 1,  boot_id TEXT NOT NULL DEFAULT '',  seen_boot_usec INTEGER NOT NULL DEFAULT 0,  seen_mono_usec INTEGER NOT NULL DEFAULT 0,  seen_real_usec INTEGER NOT NULL DEFAULT 0, next_claim INTEGER NOT NULL DEFAULT 1, synchronised_boot TEXT NOT NULL DEFAULT '') STRICT;
INSERT INTO state VALUES(1,'alice',12,6,201,5,5000000,0,0,0,0,0,'idle',NULL,0,0,1,'0123456789abcdef0123456789abcdef',5000000,5000000,1795633457000000,1,'');
CREATE TABLE epochs (  epoch INTEGER PRIMARY KEY,  began_usec INTEGER NOT NULL) STRICT;
INSERT INTO epochs VALUES(1,1793232000000000);
CREATE TABLE settings (  name TEXT PRIMARY KEY,  value TEXT NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO settings VALUES('pause','yes');
INSERT INTO settings VALUES('suspend-grace','5m');
CREATE TABLE edits (  id INTEGER PRIMARY KEY,  interval INTEGER NOT NULL,  undone INTEGER NOT NULL DEFAULT 0,  before TEXT,  after TEXT) STRICT;
CREATE TABLE rules (  position INTEGER PRIMARY KEY,  name TEXT NOT NULL,  text TEXT NOT NULL) STRICT;
INSERT INTO rules VALUES(1,'night',replace('[Rule night]\nHours=22:00-02:30\n','\n',char(10)));
CREATE TABLE profiles (  position INTEGER PRIMARY KEY,  name TEXT NOT NULL,  text TEXT NOT NULL) STRICT;
CREATE TABLE claims (  id INTEGER PRIMARY KEY,  state TEXT NOT NULL,  source TEXT NOT NULL,  rule TEXT,  rule_kind TEXT,  date TEXT,  window_start_sec INTEGER NOT NULL,  interval INTEGER,  profile_name TEXT,  profile TEXT,  lock TEXT NOT NULL,  lock_delay_usec INTEGER NOT NULL,  engaged_real_usec INTEGER NOT NULL,  engaged_boot_usec INTEGER NOT NULL,  length_usec INTEGER NOT NULL,  until_real_usec INTEGER NOT NULL,  until_boot_usec INTEGER NOT NULL,  boot_id TEXT NOT NULL,  firm INTEGER NOT NULL,  resting INTEGER NOT NULL,  release_boot_usec INTEGER NOT NULL,  ended_real_usec INTEGER NOT NULL,  reason TEXT,  carried INTEGER NOT NULL) STRICT;
CREATE INDEX tasks_by_title ON tasks (title);
CREATE INDEX intervals_by_start ON intervals (started_usec);
CREATE INDEX intervals_by_epoch ON intervals (epoch, started_usec, length_usec);
CREATE INDEX intervals_by_task ON intervals (task, started_usec, kind, outcome, length_usec)  WHERE task IS NOT NULL;
CREATE INDEX epochs_by_begin ON epochs (began_usec);
CREATE TRIGGER intervals_overlap_on_insert AFTER INSERT ON intervals BEGIN  SELECT RAISE(ABORT, 'overlap') FROM (    SELECT started_usec, length_usec, outcome FROM intervals    WHERE epoch = NEW.epoch AND started_usec <= NEW.started_usec AND id <> NEW.id    ORDER BY started_usec DESC, length_usec DESC, id DESC LIMIT 1) AS earlier  WHERE earlier.outcome = 'running' AND (NEW.length_usec > 0 OR NEW.started_usec > earlier.started_usec)     OR earlier.started_usec + earlier.length_usec > NEW.started_usec        AND (NEW.length_usec > 0 OR NEW.outcome = 'running' OR NEW.started_usec > earlier.started_usec);  SELECT RAISE(ABORT, 'overlap') FROM (    SELECT started_usec FROM intervals    WHERE epoch = NEW.epoch AND started_usec > NEW.started_usec AND id <> NEW.id    ORDER BY started_usec LIMIT 1) AS later  WHERE NEW.outcome = 'running' OR later.started_usec < NEW.started_usec + NEW.length_usec;END;
CREATE TRIGGER intervals_overlap_on_update  AFTER UPDATE OF epoch, started_usec, length_usec, outcome ON intervals BEGIN  SELECT RAISE(ABORT, 'overlap') FROM (    SELECT started_usec, length_usec, outcome FROM intervals    WHERE epoch = NEW.epoch AND started_usec <= NEW.started_usec AND id <> NEW.id    ORDER BY started_usec DESC, length_usec DESC, id DESC LIMIT 1) AS earlier  WHERE earlier.outcome = 'running' AND (NEW.length_usec > 0 OR NEW.started_usec > earlier.started_usec)     OR earlier.started_usec + earlier.length_usec > NEW.started_usec        AND (NEW.length_usec > 0 OR NEW.outcome = 'running' OR NEW.started_usec > earlier.started_usec);  SELECT RAISE(ABORT, 'overlap') FROM (    SELECT started_usec FROM intervals    WHERE epoch = NEW.epoch AND started_usec > NEW.started_usec AND id <> NEW.id    ORDER BY started_usec LIMIT 1) AS later  WHERE NEW.outcome = 'running' OR later.started_usec < NEW.started_usec + NEW.length_usec;END;
CREATE INDEX intervals_by_window_date ON intervals (window_date, kind, outcome)  WHERE window_date IS NOT NULL;
CREATE INDEX claims_in_force ON claims (id) WHERE state = 'in-force';
CREATE INDEX claims_by_engaging ON claims (engaged_real_usec);
CREATE INDEX claims_by_window ON claims (rule, date, window_start_sec) WHERE rule IS NOT NULL;
COMMIT;
PRAGMA user_version = 2;
PRAGMA application_id = 1886350692;
