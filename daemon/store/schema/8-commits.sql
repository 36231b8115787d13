-- SPDX-License-Identifier: MIT
-- SPDX-FileCopyrightText: 2026 The pomod authors
--
-- How many commits a store has seen. Unlike seq it grows with every one, so that it says whether the newest
-- are missing, and whether one that failed is there.

ALTER TABLE state ADD COLUMN commits INTEGER NOT NULL DEFAULT 0;
