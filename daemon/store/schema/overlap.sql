-- SPDX-License-Identifier: MIT
-- SPDX-FileCopyrightText: 2026 The pomod authors
--
-- The id of an interval that shares time with the row NEW, which is being stored or only asked about; NULL
-- where there is none. As those that are there do not overlap, the neighbour on each side of it in its epoch
-- is enough; the longer one first where two start at once (one of them has no length). A running interval has
-- no end yet.

coalesce((SELECT earlier.id FROM (SELECT id, started_usec, length_usec, outcome FROM intervals
   WHERE epoch = NEW.epoch AND started_usec <= NEW.started_usec AND id <> NEW.id
   ORDER BY started_usec DESC, length_usec DESC, id DESC LIMIT 1) AS earlier
  WHERE earlier.outcome = 'running' AND (NEW.length_usec > 0 OR NEW.started_usec > earlier.started_usec)
   OR earlier.started_usec + earlier.length_usec > NEW.started_usec
    AND (NEW.length_usec > 0 OR NEW.outcome = 'running' OR NEW.started_usec > earlier.started_usec)),
 (SELECT later.id FROM (SELECT id, started_usec FROM intervals
   WHERE epoch = NEW.epoch AND started_usec > NEW.started_usec AND id <> NEW.id
   ORDER BY started_usec LIMIT 1) AS later
  WHERE NEW.outcome = 'running' OR later.started_usec < NEW.started_usec + NEW.length_usec))
