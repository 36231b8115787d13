/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/*
 * The floor for memory and wakeups: what a process costs that has a bus connection with a name, an open
 * SQLite file and GLib, and does nothing.
 */

#include <glib.h>
#include <signal.h>
#include <sqlite3.h>
#include <systemd/sd-event.h>

#include "tests/bench/common.h"

int main(int argc, char *argv[]) {
        if (argc != 4) {
                fprintf(stderr, "usage: %s ADDRESS NAME FILE\n", argv[0]);
                return 2;
        }
        sigset_t mask;
        sigemptyset(&mask);
        sigaddset(&mask, SIGTERM);
        sigprocmask(SIG_BLOCK, &mask, NULL);

        GHashTable *users = g_hash_table_new(g_direct_hash, g_direct_equal);
        sqlite3 *db;
        if (sqlite3_open(argv[3], &db) != SQLITE_OK ||
                        sqlite3_exec(db,
                                        "PRAGMA journal_mode=WAL; CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, v TEXT) STRICT; INSERT INTO t (v) VALUES ('x'); SELECT * FROM t;",
                                        NULL, NULL, NULL) != SQLITE_OK)
                die(EIO, "%s: %s", argv[3], sqlite3_errmsg(db));
        g_hash_table_insert(users, GUINT_TO_POINTER(1), db);

        sd_event *event;
        sd_bus *bus = bus_connect(argv[1]);
        int r;
        if ((r = sd_event_default(&event)) < 0 ||
                        (r = sd_event_add_signal(event, NULL, SIGTERM, NULL, NULL)) < 0 ||
                        (r = sd_bus_attach_event(bus, event, 0)) < 0 ||
                        (r = sd_bus_request_name(bus, argv[2], 0)) < 0 || (r = sd_event_loop(event)) < 0)
                die(r, "the bare program failed");
        sqlite3_close(db);
        g_hash_table_unref(users);
        return 0;
}
