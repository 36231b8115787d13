-- SPDX-License-Identifier: MIT
-- SPDX-FileCopyrightText: 2026 The pomod authors
--
-- Words that tasks of several projects have in common, with a blank between two.

ALTER TABLE tasks ADD COLUMN tags TEXT;
