#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
#
#   embed.sh FILE.sql...      prints a C header in which each file is a string: 1-log.sql is SQL_1_LOG. Those that
#                             begin with the number of a version are also a list, in their order: SQL_MIGRATIONS
#
# Comments are lines of their own and left out, and so are the ends of lines: SQLite keeps the text of a
# table as it was written, and stores of old programs have it without. @NAME@ stands for another file.
set -eu

migrations=
for file; do
        name=$(basename "$file" .sql | tr 'a-z-' 'A-Z_')
        printf '#define SQL_%s \\\n' "$name"
        # shellcheck disable=SC1003 # a backslash at the end of each line
        sed -e '/^ *--/d' -e '/^ *$/d' -e 's/[\\"]/\\&/g' -e 's/@\([A-Z_]*\)@/" SQL_\1 "/' -e 's/.*/        "&" \\/' "$file"
        printf '        ""\n'
        case $name in [0-9]*) migrations="$migrations SQL_$name," ;; esac
done
printf '#define SQL_MIGRATIONS%s\n' "$migrations"
