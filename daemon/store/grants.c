/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* What an administrator granted a user's profiles: see daemon/core/consent.h. */

#include "daemon/core/consent.h"
#include "daemon/store/sound.h"
#include "daemon/store/statement.h"
#include "daemon/store/store.h"
#include "daemon/store/write.h"

int store_grants_load(Store *store, Grants *grants) {
        statement_ Statement st = {};
        const char *profile, *item;
        int r;

        r = statement_open(store, "SELECT profile, item FROM grants", &st, "");
        while (r >= 0 && (r = statement_step(&st)) > 0) {
                statement_read(&st, 0, "pp", &profile, &item);
                if (profile && item && sound_is_text(st.stmt, 0, CAP_RULE_BYTES) &&
                                sound_is_text(st.stmt, 1, CAP_GRANT_ITEM_BYTES))
                        grants_add(grants, profile, item);
        }
        return r;
}

int write_grant(StoreWrite *write, const char *profile, const char *item) {
        return store_run(write->store, "INSERT OR IGNORE INTO grants (profile, item) VALUES (?1, ?2)", "tt",
                        profile, item);
}

int write_grant_removed(StoreWrite *write, const char *profile, const char *item) {
        return item ? store_run(write->store, "DELETE FROM grants WHERE profile = ?1 AND item = ?2", "tt",
                                      profile, item)
                    : store_run(write->store, "DELETE FROM grants WHERE profile = ?1", "t", profile);
}

int write_grants_known(StoreWrite *write) {
        return store_run(write->store, "DELETE FROM grants WHERE profile NOT IN (SELECT name FROM profiles)",
                        "");
}
