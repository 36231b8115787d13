/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include "daemon/store/steps.h"

#include <errno.h>
#include <string.h>

#include "common/caps.h"
#include "daemon/store/sound.h"

static void clear_row(gpointer data) {
        StepRow *row = data;

        g_free(row->before);
        g_free(row->after);
}

static GArray *new_rows(void) {
        GArray *rows = g_array_new(FALSE, FALSE, sizeof(StepRow));

        g_array_set_clear_func(rows, clear_row);
        return rows;
}

void step_done(Step *step) {
        if (step->rows)
                g_array_unref(steal(step->rows));
}

/* NULL where there is no such row. */
static int take(Store *store, const StepRow *row, char **ret_image) {
        int r = image_take(store, row->table, row->id, ret_image);

        if (r == -ENOENT) {
                *ret_image = NULL;
                return 0;
        }
        return r;
}

int step_note(StoreWrite *write, ImageTable table, int64_t id) {
        StepRow row = { .table = table, .id = id };
        int r;

        if (!write->sentence)
                return 0;
        if (!write->noted)
                write->noted = new_rows();
        for (guint i = 0; i < write->noted->len; i++) {
                const StepRow *noted = &g_array_index(write->noted, StepRow, i);

                if (noted->table == table && noted->id == id)
                        return 0;
        }
        r = take(write->store, &row, &row.before);
        if (r == 0)
                g_array_append_val(write->noted, row);
        return r;
}

static uint64_t bytes_of(const StepRow *row) {
        return (row->before ? strlen(row->before) : 0) + (row->after ? strlen(row->after) : 0);
}

static int insert_row(Store *store, int64_t number, unsigned ordinal, const StepRow *row) {
        static const char sql[] = "INSERT INTO step_rows (step, ordinal, tbl, row, before, after)"
                                  " VALUES (?1, ?2, ?3, ?4, ?5, ?6)";

        return store_run(store, sql, "icsitt", number, ordinal, image_table_to_string(row->table), row->id,
                        row->before, row->after);
}

static int forget(Store *store) {
        static const char sql[] = "DELETE FROM steps WHERE number <= (SELECT max(number) FROM (SELECT number,"
                                  " row_number() OVER newest AS n, sum(bytes) OVER newest AS total"
                                  " FROM steps WINDOW newest AS (ORDER BY number DESC))"
                                  " WHERE n > ?1 OR n > 1 AND total > ?2)";

        return store_run(store, sql, "cc", CAP_UNDO, CAP_UNDO_BYTES);
}

int step_store(StoreWrite *write) {
        static const char take_number[] =
                        "UPDATE state SET next_step = next_step + 1 RETURNING next_step - 1";
        static const char insert[] =
                        "INSERT INTO steps (number, at_usec, sentence, bytes) VALUES (?1, ?2, ?3, ?4)";
        uint64_t bytes = 0;
        int64_t number;
        int r = 0;

        if (!write->noted)
                return 0;
        for (guint i = 0; r == 0 && i < write->noted->len; i++) {
                StepRow *row = &g_array_index(write->noted, StepRow, i);

                r = take(write->store, row, &row->after);
                bytes += bytes_of(row);
        }
        if (r == 0)
                r = store_run(write->store, "DELETE FROM steps WHERE undone <> 0", "");
        if (r == 0)
                r = store_state_error(store_get(write->store, take_number, ">i", &number));
        if (r == 0)
                r = store_run(write->store, insert, "iusu", number, write->at_real_usec, write->sentence,
                                bytes);
        for (guint i = 0; r == 0 && i < write->noted->len; i++)
                r = insert_row(write->store, number, i + 1, &g_array_index(write->noted, StepRow, i));
        return r < 0 ? r : forget(write->store);
}

static int load_rows(Store *store, int64_t number, GArray *rows) {
        static const char sql[] =
                        "SELECT tbl, row, before, after, (before IS NULL OR json_valid(before)) AND (after IS NULL OR json_valid(after))"
                        " FROM step_rows WHERE step = ?1 ORDER BY ordinal";
        statement_ Statement st = {};
        int r;

        r = statement_open(store, sql, &st, "i", number);
        while (r >= 0 && (r = statement_step(&st)) > 0) {
                StepRow row = {};
                const char *name;
                bool are_images;
                int table;

                statement_read(&st, 0, "pittb", &name, &row.id, &row.before, &row.after, &are_images);
                table = name ? image_table_from_string(name) : -1;
                row.table = (ImageTable) table;
                g_array_append_val(rows, row);
                if (table < 0 || !are_images || (!row.before && !row.after)) {
                        sound_note(store, "step of undo", number);
                        return -EBADMSG;
                }
        }
        return r;
}

int step_load(Store *store, bool undone, Step *ret_step) {
        static const char newest[] = "SELECT number FROM steps WHERE undone = 0 ORDER BY number DESC LIMIT 1";
        static const char oldest[] = "SELECT number FROM steps WHERE undone <> 0 ORDER BY number LIMIT 1";
        Step step = {};
        int r;

        r = store_get(store, undone ? oldest : newest, ">i", &step.number);
        if (r < 0)
                return r;
        step.rows = new_rows();
        r = load_rows(store, step.number, step.rows);
        if (r < 0) {
                step_done(&step);
                return r;
        }
        *ret_step = step;
        return 0;
}

int step_mark(Store *store, int64_t number, bool undone) {
        return store_run(store, "UPDATE steps SET undone = ?2 WHERE number = ?1", "ib", number, undone);
}
