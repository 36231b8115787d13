/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include "daemon/store/images.h"

#include "daemon/core/types.h"
#include "daemon/store/record.h"

/* Each column of a record but the id; ?2 is the image of now and ?3 the one that is wanted. */
#define NAMED(member, type_, column, ...) \
        RECORD_CLASS_##type_("", ", '" column "', " column, ", '" column "', " column)
#define VALUE(member, type_, column, ...) \
        RECORD_CLASS_##type_("", ", ?3 ->> '" column "'", ", ?3 ->> '" column "'")
#define PART_VALUE(member, type_, column, ...) ", value ->> '" column "'"
#define CHANGE(member, type_, column, ...)                                                    \
        RECORD_CLASS_##type_("", "",                                                          \
                        ", " column " = CASE WHEN ?2 ->> '" column "' IS ?3 ->> '" column "'" \
                        " THEN " column " ELSE ?3 ->> '" column "' END")

/* What hangs on an interval is put back as a whole, where it differs. */
#define DIFFERS(part) " (?2 IS NULL OR ?2 -> '" part "' <> ?3 -> '" part "')"
#define DROP(part)    "DELETE FROM " part " WHERE interval = ?1 AND" DIFFERS(part)
#define PUT(part, columns, values)                                                      \
        "INSERT INTO " part " (interval, ordinal" columns ") SELECT ?1, key + 1" values \
        " FROM json_each(?3, '$." part "') WHERE" DIFFERS(part)

#define INTERVAL_PARTS                                                                             \
        DROP("pauses"), DROP("interruptions"), DROP("absences"),                                   \
                        PUT("pauses", ", offset_usec, length_usec", ", value ->> 0, value ->> 1"), \
                        PUT("interruptions", RECORD_COLUMNS(INTERRUPTION_FIELDS),                  \
                                        RECORD_STORED(INTERRUPTION_FIELDS, PART_VALUE)),           \
                        PUT("absences", ", offset_usec, length_usec, kind",                        \
                                        ", value ->> 0, value ->> 1, value ->> 2")

/* The statements of a table; those of a list are run one after the other. */
static const struct {
        const char *take, *remove;
        const char *insert[8], *change[8];
} tables[] = {
        [IMAGE_INTERVALS] = {
                .take = "SELECT json_object('pauses', (SELECT json_group_array(json_array(offset_usec, length_usec))"
                        "  FROM (SELECT * FROM pauses WHERE interval = ?1 ORDER BY ordinal)),"
                        " 'interruptions', (SELECT json_group_array(json_object('ordinal', ordinal"
                        RECORD_STORED(INTERRUPTION_FIELDS, NAMED) "))"
                        "  FROM (SELECT * FROM interruptions WHERE interval = ?1 ORDER BY ordinal)),"
                        " 'absences', (SELECT json_group_array(json_array(offset_usec, length_usec, kind))"
                        "  FROM (SELECT * FROM absences WHERE interval = ?1 ORDER BY kind, ordinal))"
                        RECORD_STORED(INTERVAL_FIELDS, NAMED) ") FROM intervals WHERE id = ?1",
                .remove = "DELETE FROM intervals WHERE id = ?1",
                .insert = { "INSERT INTO intervals (" RECORD_COLUMNS(INTERVAL_FIELDS) ") VALUES (?1"
                            RECORD_STORED(INTERVAL_FIELDS, VALUE) ")", INTERVAL_PARTS },
                .change = { "UPDATE intervals SET uuid = uuid" RECORD_STORED(INTERVAL_FIELDS, CHANGE)
                            " WHERE id = ?1", INTERVAL_PARTS },
        },
};

static const char *const image_table_words[] = { [IMAGE_INTERVALS] = "intervals" };
DEFINE_ENUM_WORDS(ImageTable, image_table, image_table_words);

int image_take(Store *store, ImageTable table, int64_t id, char **ret_image) {
        assert(table < _IMAGE_TABLE_MAX);
        return store_get(store, tables[table].take, "i>t", id, ret_image);
}

int image_turn(Store *store, ImageTable table, int64_t id, const char *have, const char *want) {
        const char *const *sql;
        int r = 0;

        assert(table < _IMAGE_TABLE_MAX && (have || want));
        if (!want)
                return store_run(store, tables[table].remove, "i", id);
        sql = have ? tables[table].change : tables[table].insert;
        for (; r == 0 && *sql; sql++)
                r = store_run(store, *sql, "itt", id, have, want);
        return r;
}
