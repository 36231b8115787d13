/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include <errno.h>

#include "daemon/store/images.h"

/* Each column of an interval but its id, so that no list of them can miss one that another has. */
#define EACH_COLUMN(f, separator)                                                                           \
        f("uuid") separator f("kind") separator f("outcome") separator f("reason") separator f(             \
                        "note") separator f("rule") separator f("started_usec") separator f("offset_sec")   \
                        separator f("length_usec") separator f("planned_usec") separator f("extended_usec") \
                                        separator f("epoch") separator f("overtime") separator f("edited")  \
                                                        separator f("task") separator f("window_date")

#define AS_NAME(column)   column
#define AS_MEMBER(column) "'" column "', " column
#define AS_VALUE(column)  "?2 ->> '" column "'"
#define AS_CHANGE(column)                                                             \
        column " = CASE WHEN ?2 ->> '" column "' IS ?3 ->> '" column "' THEN " column \
               " ELSE ?3 ->> '" column "' END"

int image_take(Store *store, int64_t id, char **ret_image) {
        static const char sql[] = "SELECT json_object(" EACH_COLUMN(AS_MEMBER,
                        ", ") ","
                              " 'pauses', (SELECT json_group_array(json_array(offset_usec, length_usec))"
                              "  FROM (SELECT * FROM pauses WHERE interval = ?1 ORDER BY ordinal)),"
                              " 'interruptions', (SELECT json_group_array(json_array(offset_usec, external, "
                              "note))"
                              "  FROM (SELECT * FROM interruptions WHERE interval = ?1 ORDER BY ordinal)),"
                              " 'absences', (SELECT json_group_array(json_array(offset_usec, length_usec, "
                              "kind))"
                              "  FROM (SELECT * FROM absences WHERE interval = ?1 ORDER BY kind, ordinal)))"
                              " FROM intervals WHERE id = ?1";
        statement_ Statement st = { 0 };
        int r;

        r = statement_find(store, sql, id, &st);
        return r < 0 ? r : column_copy(&st, 0, ret_image);
}

/* For statements about an interval and one or two images. */
static int run_with(Store *store, const char *sql, int64_t id, const char *first, const char *second) {
        statement_ Statement st = { 0 };
        int r;

        r = statement_get(store, sql, &st);
        if (r < 0)
                return r;
        bind_int(&st, 1, id);
        if (first)
                bind_text(&st, 2, first);
        if (second)
                bind_text(&st, 3, second);
        return statement_run(&st);
}

static const char insert_pauses[] =
                "INSERT INTO pauses (interval, ordinal, offset_usec, length_usec)"
                " SELECT ?1, key + 1, value ->> 0, value ->> 1 FROM json_each(?2, '$.pauses')";
static const char insert_interruptions[] =
                "INSERT INTO interruptions (interval, ordinal, offset_usec, external, note)"
                " SELECT ?1, key + 1, value ->> 0, value ->> 1, value ->> 2 FROM json_each(?2, "
                "'$.interruptions')";
static const char insert_absences[] =
                "INSERT INTO absences (interval, ordinal, offset_usec, length_usec, kind)"
                " SELECT ?1, key + 1, value ->> 0, value ->> 1, value ->> 2 FROM json_each(?2, '$.absences')";

int image_insert(Store *store, int64_t id, const char *image) {
        static const char sql[] = "INSERT INTO intervals (id, " EACH_COLUMN(
                        AS_NAME, ", ") ")"
                                       " VALUES (?1, " EACH_COLUMN(AS_VALUE, ", ") ")";
        int r;

        r = run_with(store, sql, id, image, NULL);
        if (r == 0)
                r = run_with(store, insert_pauses, id, image, NULL);
        if (r == 0)
                r = run_with(store, insert_interruptions, id, image, NULL);
        if (r == 0)
                r = run_with(store, insert_absences, id, image, NULL);
        return r;
}

int image_change(Store *store, int64_t id, const char *have, const char *want) {
        static const char change[] = "UPDATE intervals SET " EACH_COLUMN(AS_CHANGE, ", ") " WHERE id = ?1";
        static const char drop_pauses[] =
                        "DELETE FROM pauses WHERE interval = ?1 AND ?2 -> 'pauses' <> ?3 -> 'pauses'";
        static const char drop_interruptions[] = "DELETE FROM interruptions WHERE interval = ?1"
                                                 " AND ?2 -> 'interruptions' <> ?3 -> 'interruptions'";
        static const char drop_absences[] = "DELETE FROM absences WHERE interval = ?1"
                                            " AND ?2 -> 'absences' <> ?3 -> 'absences'";
        static const char put_pauses[] =
                        "INSERT INTO pauses (interval, ordinal, offset_usec, length_usec)"
                        " SELECT ?1, key + 1, value ->> 0, value ->> 1 FROM json_each(?3, '$.pauses')"
                        " WHERE ?2 -> 'pauses' <> ?3 -> 'pauses'";
        static const char put_interruptions[] =
                        "INSERT INTO interruptions (interval, ordinal, offset_usec, external, note)"
                        " SELECT ?1, key + 1, value ->> 0, value ->> 1, value ->> 2 FROM json_each(?3, "
                        "'$.interruptions')"
                        " WHERE ?2 -> 'interruptions' <> ?3 -> 'interruptions'";
        static const char put_absences[] =
                        "INSERT INTO absences (interval, ordinal, offset_usec, length_usec, kind)"
                        " SELECT ?1, key + 1, value ->> 0, value ->> 1, value ->> 2 FROM json_each(?3, "
                        "'$.absences')"
                        " WHERE ?2 -> 'absences' <> ?3 -> 'absences'";
        static const char *const steps[] = { change, drop_pauses, drop_interruptions, drop_absences,
                put_pauses, put_interruptions, put_absences };

        for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
                int r = run_with(store, steps[i], id, have, want);
                if (r < 0)
                        return r;
        }
        return 0;
}

int image_delete(Store *store, int64_t id) {
        return run_with(store, "DELETE FROM intervals WHERE id = ?1", id, NULL, NULL);
}

int image_find_overlap(Store *store, int64_t id, const char *image, Interval *ret_interval) {
        static const char sql[] = "SELECT ?1 ->> 'epoch', ?1 ->> 'started_usec', ?1 ->> 'length_usec'";
        statement_ Statement st = { 0 };
        uint64_t started;
        int r;

        r = statement_get(store, sql, &st);
        if (r < 0)
                return r;
        bind_text(&st, 1, image);
        r = statement_step(&st);
        if (r < 0)
                return r;
        started = column_usec(&st, 1);
        return store_interval_find_overlap(store, (uint32_t) sqlite3_column_int64(st.stmt, 0), started,
                        started + column_usec(&st, 2), id, ret_interval);
}

void edit_done(Edit *edit) {
        free(edit->before);
        free(edit->after);
        *edit = (Edit){ 0 };
}

static int forget_edits(Store *store) {
        static const char undone[] = "DELETE FROM edits WHERE undone <> 0";
        static const char oldest[] = "DELETE FROM edits WHERE id <= (SELECT id FROM edits ORDER BY id DESC "
                                     "LIMIT 1 OFFSET ?1)";
        statement_ Statement st = { 0 };
        int r;

        r = statement_get(store, undone, &st);
        if (r == 0)
                r = statement_run(&st);
        return r < 0 ? r : statement_run_with(store, oldest, CAP_UNDO - 1);
}

int edit_note(Store *store, int64_t interval, const char *before, const char *after) {
        statement_ Statement st = { 0 };
        int r;

        r = forget_edits(store);
        if (r < 0)
                return r;
        r = statement_get(store, "INSERT INTO edits (interval, before, after) VALUES (?1, ?2, ?3)", &st);
        if (r < 0)
                return r;
        bind_int(&st, 1, interval);
        bind_text(&st, 2, before);
        bind_text(&st, 3, after);
        return statement_run(&st);
}

int edit_next(Store *store, bool undo, Edit *ret_edit) {
        static const char last_done[] = "SELECT id, interval, before, after FROM edits WHERE undone = 0 "
                                        "ORDER BY id DESC LIMIT 1";
        static const char first_undone[] =
                        "SELECT id, interval, before, after FROM edits WHERE undone <> 0 ORDER BY id LIMIT 1";
        statement_ Statement st = { 0 };
        cleanup_(edit_done) Edit edit = { 0 };
        int r;

        r = statement_get(store, undo ? last_done : first_undone, &st);
        if (r < 0)
                return r;
        r = statement_step(&st);
        if (r <= 0)
                return r < 0 ? r : -ENOENT;
        edit.id = sqlite3_column_int64(st.stmt, 0);
        edit.interval = sqlite3_column_int64(st.stmt, 1);
        r = column_copy(&st, 2, &edit.before);
        if (r == 0)
                r = column_copy(&st, 3, &edit.after);
        if (r < 0)
                return r;
        *ret_edit = edit;
        edit = (Edit){ 0 };
        return 0;
}

int edit_mark(Store *store, int64_t id, bool undone) {
        statement_ Statement st = { 0 };
        int r;

        r = statement_get(store, "UPDATE edits SET undone = ?2 WHERE id = ?1", &st);
        if (r < 0)
                return r;
        bind_int(&st, 1, id);
        bind_int(&st, 2, undone);
        return statement_run(&st);
}
