/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* Lists of names and their texts, which stay for as long as a list or a claim in force names them. */

#include <errno.h>

#include "daemon/store/carried.h"
#include "daemon/store/statement.h"
#include "daemon/store/store.h"
#include "daemon/store/write.h"

int store_lists_load(Store *store, GArray *lists) {
        static const char sql[] =
                        "SELECT name, digest, names, length(text) FROM lists JOIN list_texts USING (digest)"
                        " ORDER BY name";
        statement_ Statement st = {};
        int r;

        r = statement_open(store, sql, &st, "");
        while (r >= 0 && (r = statement_step(&st)) > 0) {
                NameList list = {};

                statement_read(&st, 0, "kkcc", list.name, sizeof(list.name), list.digest, sizeof(list.digest),
                                &list.names, &list.bytes);
                if (list_check_name(list.name, NULL) == 0 && list_is_digest(list.digest))
                        g_array_append_val(lists, list);
        }
        return r;
}

int store_list_get_text(Store *store, const char *digest, char **ret_text) {
        static const char sql[] = "SELECT text FROM list_texts WHERE digest = ?1";
        char *text = NULL;
        int r = store_get(store, sql, "t>t", digest, &text);

        if (r < 0)
                return r;
        *ret_text = text ?: g_strdup("");
        return 0;
}

static int drop_texts(Store *store) {
        return store_run(store,
                        "DELETE FROM list_texts WHERE digest NOT IN (SELECT digest FROM lists) AND NOT " CARRIED_IS_PINNED,
                        "");
}

int write_list(StoreWrite *write, const NameList *list, const char *text) {
        static const char put_text[] =
                        "INSERT OR IGNORE INTO list_texts (digest, names, text) VALUES (?1, ?2, ?3)";
        static const char put[] = "INSERT INTO lists (name, digest) VALUES (?1, ?2)"
                                  " ON CONFLICT (name) DO UPDATE SET digest = ?2";
        int r = store_run(write->store, put_text, "tcs", list->digest, list->names, text);

        if (r == 0)
                r = store_run(write->store, put, "tt", list->name, list->digest);
        return r < 0 ? r : drop_texts(write->store);
}

int write_list_removed(StoreWrite *write, const char *name) {
        int r = store_run(write->store, "DELETE FROM lists WHERE name = ?1", "t", name);

        if (r == 0 && store_changes(write->store) == 0)
                return -ENOENT;
        return r < 0 ? r : drop_texts(write->store);
}
