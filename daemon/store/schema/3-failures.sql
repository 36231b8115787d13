-- SPDX-License-Identifier: MIT
-- SPDX-FileCopyrightText: 2026 The pomod authors
--
-- Since when a rule stands: what was before it is no office day that was missed. Of those that are there it
-- is not known, which is since ever. What a plugin could not do is noted on the claims that wanted it.

ALTER TABLE rules ADD COLUMN since_real_usec INTEGER NOT NULL DEFAULT 0;
ALTER TABLE claims ADD COLUMN failure TEXT;
