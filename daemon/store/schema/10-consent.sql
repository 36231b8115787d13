-- SPDX-License-Identifier: MIT
-- SPDX-FileCopyrightText: 2026 The pomod authors
--
-- What an administrator granted the user's profiles for everyone on the computer: an item is a name, "@social" or
-- "@mine DIGEST". A claim keeps a copy of its own, an item a line; those in force were granted nothing.

CREATE TABLE grants (
  profile TEXT NOT NULL,
  item TEXT NOT NULL,
  PRIMARY KEY (profile, item)
) STRICT, WITHOUT ROWID;
ALTER TABLE claims ADD COLUMN granted TEXT;
