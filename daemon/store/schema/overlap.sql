-- SPDX-License-Identifier: MIT
-- SPDX-FileCopyrightText: 2026 The pomod authors
--
-- Whether the interval "other" shares time with the row NEW, which is being stored or only asked about. As
-- those that are there do not overlap, the neighbour on each side of it in its epoch is enough; the longer
-- one first where two start at once (one of them has no length). A running interval has no end yet.

other.id IN (
 (SELECT id FROM intervals WHERE epoch = NEW.epoch AND started_usec <= NEW.started_usec AND id <> NEW.id
  ORDER BY started_usec DESC, length_usec DESC, id DESC LIMIT 1),
 (SELECT id FROM intervals WHERE epoch = NEW.epoch AND started_usec > NEW.started_usec AND id <> NEW.id
  ORDER BY started_usec LIMIT 1))
 AND CASE WHEN other.started_usec > NEW.started_usec
  THEN NEW.outcome = 'running' OR other.started_usec < NEW.started_usec + NEW.length_usec
  ELSE other.outcome = 'running' AND (NEW.length_usec > 0 OR NEW.started_usec > other.started_usec)
   OR other.started_usec + other.length_usec > NEW.started_usec
    AND (NEW.length_usec > 0 OR NEW.outcome = 'running' OR NEW.started_usec > other.started_usec) END
