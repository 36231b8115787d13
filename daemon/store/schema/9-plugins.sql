-- SPDX-License-Identifier: MIT
-- SPDX-FileCopyrightText: 2026 The pomod authors
--
-- Plugins, as far as a user decides: which get none of that user's claims, and what was set of those that act
-- in the user's session. A list is a name for a text of names; a claim keeps the digests of the lists that it
-- engaged with, "NAME DIGEST" a line, and a text stays for as long as a list or a claim in force names it.

CREATE TABLE disabled_plugins (
  plugin TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
CREATE TABLE plugin_settings (
  plugin TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (plugin, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE lists (
  name TEXT PRIMARY KEY,
  digest TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE list_texts (
  digest TEXT PRIMARY KEY,
  names INTEGER NOT NULL,
  text TEXT NOT NULL
) STRICT;
ALTER TABLE claims ADD COLUMN lists TEXT;
-- The interval whose deadline came last, while nothing or its break runs: what a button that is pressed late is about.
ALTER TABLE state ADD COLUMN due INTEGER NOT NULL DEFAULT 0;
