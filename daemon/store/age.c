/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include "daemon/store/age.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "daemon/store/backup.h"
#include "daemon/store/connection.h"
#include "daemon/store/folder.h"
#include "daemon/store/schema.h"

int age_read(sqlite3 *db, Age *ret_age, char **ret_account) {
        sqlite3_stmt *stmt;
        Age age = {};
        int rc, r;

        r = connection_get_int(db, "SELECT seq FROM state", &age.seq);
        if (r < 0)
                return r;
        if (connection_get_int(db, "SELECT commits FROM state", &age.commits) < 0)
                age.commits = 0;
        rc = sqlite3_prepare_v2(db, "SELECT account FROM state", -1, &stmt, NULL);
        if (rc != SQLITE_OK)
                return connection_error(db, rc);
        rc = sqlite3_step(stmt);
        r = connection_error(db, rc);
        if (r == 0) {
                *ret_account = g_strdup((const char *) sqlite3_column_text(stmt, 0));
                *ret_age = age;
        }
        sqlite3_finalize(stmt);
        return r;
}

int age_compare(const Age *a, const Age *b) {
        if (a->seq != b->seq)
                return a->seq < b->seq ? -1 : 1;
        return a->commits < b->commits ? -1 : a->commits > b->commits;
}

/* Nothing is made beside it: a backup is a file that nobody writes. */
static int open_backup(const char *folder, const char *name, sqlite3 **ret_db) {
        cleanup_free_ char *path = g_strdup_printf("%s/" BACKUP_FOLDER "/%s", folder, name);
        cleanup_free_ char *escaped = g_uri_escape_string(path, "/", TRUE);
        cleanup_free_ char *uri = g_strdup_printf("file:%s?immutable=1", escaped);

        return connection_open(uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, ret_db);
}

static bool is_file(int folder_fd, const char *name) {
        cleanup_free_ char *path = g_strdup_printf(BACKUP_FOLDER "/%s", name);
        struct stat st;

        return fstatat(folder_fd, path, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode);
}

static void look_at(int folder_fd, const char *folder, const char *account, AgedBackup *backup) {
        cleanup_free_ char *stored = NULL;
        sqlite3 *db;
        int version;

        if (!is_file(folder_fd, backup->name) || open_backup(folder, backup->name, &db) < 0)
                return;
        if (schema_read_version(db, &version) == 0 && age_read(db, &backup->age, &stored) == 0)
                backup->ours = !stored || !account || strcmp(stored, account) == 0;
        connection_close_untouched(db);
}

/* By place where nothing else tells them apart: sorting keeps no order. */
typedef struct Placed {
        AgedBackup backup;
        guint place;
} Placed;

static int newest_first(const void *a, const void *b) {
        const Placed *x = a, *y = b;
        int by_age;

        if (x->backup.ours != y->backup.ours)
                return x->backup.ours ? -1 : 1;
        by_age = x->backup.ours ? age_compare(&y->backup.age, &x->backup.age) : 0;
        return by_age != 0 ? by_age : x->place < y->place ? -1 : 1;
}

int age_list_backups(int folder_fd, const char *folder, const char *account, GArray **ret_backups) {
        cleanup_(backup_list_done) GPtrArray *names = NULL;
        GArray *backups;
        GArray *placed;
        int r;

        r = backup_list(folder_fd, &names);
        if (r < 0)
                return r;
        placed = g_array_new(FALSE, FALSE, sizeof(Placed));
        for (guint i = 0; i < names->len; i++) {
                Placed one = { .place = i };

                g_strlcpy(one.backup.name, g_ptr_array_index(names, i), sizeof(one.backup.name));
                look_at(folder_fd, folder, account, &one.backup);
                g_array_append_val(placed, one);
        }
        g_array_sort(placed, newest_first);
        backups = g_array_new(FALSE, FALSE, sizeof(AgedBackup));
        for (guint i = 0; i < placed->len; i++)
                g_array_append_val(backups, g_array_index(placed, Placed, i).backup);
        g_array_unref(placed);
        *ret_backups = backups;
        return 0;
}
