/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include "daemon/store/schema.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>

#include "daemon/store/connection.h"
#include "daemon/store/schema-sql.h"

/* The files of schema/, in the order of their numbers. */
const char *const schema_migrations[] = { SQL_MIGRATIONS NULL };

#define N_MIGRATIONS ((int) (sizeof(schema_migrations) / sizeof(schema_migrations[0])) - 1)

int schema_version(void) {
        return N_MIGRATIONS;
}

int schema_read_version(sqlite3 *db, int *ret_version) {
        int64_t version, application, tables;
        int r;

        r = connection_get_int(db, "PRAGMA user_version", &version);
        if (r < 0)
                return r;
        r = connection_get_int(db, "PRAGMA application_id", &application);
        if (r < 0)
                return r;
        r = connection_get_int(db, "SELECT count(*) FROM sqlite_schema", &tables);
        if (r < 0)
                return r;

        if (application != SCHEMA_APPLICATION_ID && (version != 0 || tables != 0))
                return -EUCLEAN;
        if (version < 0 || (version == 0) != (tables == 0))
                return -EUCLEAN;
        if (version > N_MIGRATIONS)
                return -EOVERFLOW;
        *ret_version = (int) version;
        return 0;
}

static int migrate_one(sqlite3 *db, const char *sql, int version) {
        char set_version[96];
        int r;

        /* Pragmas take no parameters. */
        snprintf(set_version, sizeof(set_version), "PRAGMA user_version = %d; PRAGMA application_id = %d;",
                        version, SCHEMA_APPLICATION_ID);

        r = connection_exec(db, "BEGIN IMMEDIATE");
        if (r < 0)
                return r;
        r = connection_exec(db, sql);
        if (r == 0)
                r = connection_exec(db, set_version);
        if (r == 0)
                r = connection_exec(db, "COMMIT");
        if (r < 0 && !sqlite3_get_autocommit(db))
                sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
        return r;
}

int schema_migrate(sqlite3 *db, int version, const char *const *migrations) {
        int r = 0;

        assert(version >= 0);
        for (int i = 0; r == 0 && migrations[i]; i++)
                if (i >= version)
                        r = migrate_one(db, migrations[i], i + 1);
        return r;
}
