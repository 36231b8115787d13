-- SPDX-License-Identifier: MIT
-- SPDX-FileCopyrightText: 2026 The pomod authors
--
-- What runs keeps the settings that it began with; of what ran before they were kept, NULL, they are those of
-- now. When an epoch began is not asked any more: it was noted on the very clock that was wrong.

ALTER TABLE state ADD COLUMN running_may_pause INTEGER;
ALTER TABLE state ADD COLUMN running_suspend_grace_usec INTEGER;
DROP TABLE epochs;
