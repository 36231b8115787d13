-- SPDX-License-Identifier: MIT
-- SPDX-FileCopyrightText: 2026 The pomod authors
--
-- What is to be known of a task beyond its title.

ALTER TABLE tasks ADD COLUMN note TEXT;
