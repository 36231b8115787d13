-- SPDX-License-Identifier: MIT
-- SPDX-FileCopyrightText: 2026 The pomod authors
--
-- Steps of undo instead of edits of the log: a step is all that one request wrote. Of each row there is an
-- image before (NULL: it was added) and after (NULL: it was removed), as JSON by the names of its columns.
-- Each edit becomes a step of one row; when it was made is not known. Within the images, interruptions were
-- arrays.

CREATE TABLE steps (
  number INTEGER PRIMARY KEY,
  at_usec INTEGER NOT NULL,
  sentence TEXT NOT NULL,
  undone INTEGER NOT NULL DEFAULT 0,
  bytes INTEGER NOT NULL
) STRICT;
CREATE TABLE step_rows (
  step INTEGER NOT NULL REFERENCES steps (number) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL,
  tbl TEXT NOT NULL,
  row INTEGER NOT NULL,
  before TEXT,
  after TEXT,
  PRIMARY KEY (step, ordinal)
) STRICT;

-- An image that cannot be read ends the undoing there, as it did before; the log is worth more than it.
CREATE TABLE IF NOT EXISTS edits (
  id INTEGER PRIMARY KEY,
  interval INTEGER NOT NULL,
  undone INTEGER NOT NULL DEFAULT 0,
  before TEXT,
  after TEXT
) STRICT;
DELETE FROM edits WHERE undone = 0 AND id <= (SELECT max(id) FROM edits WHERE undone = 0
  AND (before IS NOT NULL AND NOT json_valid(before) OR after IS NOT NULL AND NOT json_valid(after)));
DELETE FROM edits WHERE undone <> 0 AND id >= (SELECT min(id) FROM edits WHERE undone <> 0
  AND (before IS NOT NULL AND NOT json_valid(before) OR after IS NOT NULL AND NOT json_valid(after)));

UPDATE edits SET
  before = json_set(before, '$.interruptions', json((SELECT json_group_array(json_object(
    'offset_usec', value ->> 0, 'external', value ->> 1, 'note', value ->> 2))
    FROM json_each(before, '$.interruptions')))),
  after = json_set(after, '$.interruptions', json((SELECT json_group_array(json_object(
    'offset_usec', value ->> 0, 'external', value ->> 1, 'note', value ->> 2))
    FROM json_each(after, '$.interruptions'))));
INSERT INTO steps (number, at_usec, sentence, undone, bytes)
  SELECT id, 0, CASE WHEN before IS NULL THEN 'log add' WHEN after IS NULL THEN 'log delete' ELSE 'log edit' END
   || ' #' || interval, undone,
   coalesce(length(CAST(before AS BLOB)), 0) + coalesce(length(CAST(after AS BLOB)), 0) FROM edits;
INSERT INTO step_rows (step, ordinal, tbl, row, before, after)
  SELECT id, 1, 'intervals', interval, before, after FROM edits;
ALTER TABLE state ADD COLUMN next_step INTEGER NOT NULL DEFAULT 1;
UPDATE state SET next_step = (SELECT coalesce(max(number), 0) + 1 FROM steps);
DROP TABLE edits;

-- No two intervals of an epoch overlap. Stores of the first four versions had triggers of their own.
DROP TRIGGER IF EXISTS intervals_overlap_on_insert;
DROP TRIGGER IF EXISTS intervals_overlap_on_update;
CREATE TRIGGER intervals_overlap_on_insert AFTER INSERT ON intervals BEGIN
 SELECT RAISE(ABORT, 'overlap') WHERE
 @OVERLAP@
 IS NOT NULL;
END;
CREATE TRIGGER intervals_overlap_on_update
 AFTER UPDATE OF epoch, started_usec, length_usec, outcome ON intervals BEGIN
 SELECT RAISE(ABORT, 'overlap') WHERE
 @OVERLAP@
 IS NOT NULL;
END;
