/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/*
 * Rules and profiles: a row each, in their order, in the words that people write. Of a large set that changed
 * in one place only that place is written.
 */

#include <errno.h>
#include <string.h>

#include "daemon/store/sound.h"
#include "daemon/store/statement.h"
#include "daemon/store/write.h"

/* Texts are read together, as that is quicker than each for itself; but not more than fit into one. */
#define TOGETHER_BYTES (CAP_RULES_TEXT_BYTES / 4)

/* Where a row that makes no sense is kept for who can read it: behind all that are written. */
#define ASIDE (INT64_C(1) << 32)

/* What is read together, until it is parsed. */
typedef struct Rows {
        const char *table; /* in the singular */
        GString *text;
        GPtrArray *names;
        GArray *positions, *since,
                        *ends; /* of each row: where it stands, since when, and where its text ends */
        RuleSet *set;
} Rows;

static unsigned count(const RuleSet *set) {
        return set->rules->len + set->profiles->len;
}

/* What they own is the set's from here on. */
static void append(RuleSet *set, RuleSet *part) {
        g_array_append_vals(set->rules, part->rules->data, part->rules->len);
        g_array_append_vals(set->profiles, part->profiles->data, part->profiles->len);
        g_array_set_clear_func(part->rules, NULL);
        g_array_set_clear_func(part->profiles, NULL);
        rule_set_done(part);
}

static void date_last(RuleSet *set, unsigned n, const uint64_t *since) {
        const guint first = set->rules->len - n;

        for (guint i = 0; i < n; i++)
                g_array_index(set->rules, Rule, first + i).since_real_usec = since[i];
}

static bool is_taken(const RuleSet *set, const RuleSet *part) {
        for (guint i = 0; i < part->rules->len; i++)
                if (rule_set_find(set, g_array_index(part->rules, Rule, i).name))
                        return true;
        for (guint i = 0; i < part->profiles->len; i++)
                if (rule_set_find_profile(set, g_array_index(part->profiles, Profile, i).name))
                        return true;
        return false;
}

/* Of rules alone, or of profiles alone. */
static const char *name_of(const RuleSet *set, guint i) {
        return set->rules->len > 0 ? g_array_index(set->rules, Rule, i).name
                                   : g_array_index(set->profiles, Profile, i).name;
}

/* Each row must be one rule or profile, and that which it says. */
static bool are_named(const Rows *rows, const RuleSet *part, guint first, guint n) {
        if (count(part) != n || (part->rules->len > 0 && part->profiles->len > 0))
                return false;
        for (guint i = 0; i < n; i++)
                if (strcmp(name_of(part, i), g_ptr_array_index(rows->names, first + i)) != 0)
                        return false;
        return true;
}

/* Of a name that no other has. */
static bool take_one(Rows *rows, guint i, const char *text) {
        RuleSet part;

        if (rule_set_parse(text, &part, NULL) != 0)
                return false;
        if (!are_named(rows, &part, i, 1) || is_taken(rows->set, &part)) {
                rule_set_done(&part);
                return false;
        }
        const unsigned n_rules = part.rules->len;

        append(rows->set, &part);
        date_last(rows->set, n_rules, &g_array_index(rows->since, uint64_t, i));
        return true;
}

static void take_each(Rows *rows, Store *store) {
        gsize from = 0;

        for (guint i = 0; i < rows->positions->len; i++) {
                const gsize to = g_array_index(rows->ends, gsize, i);
                const int64_t position = g_array_index(rows->positions, int64_t, i);
                cleanup_free_ char *text = g_strndup(rows->text->str + from, to - from);

                if (take_one(rows, i, text))
                        sound_forget(store, rows->table, position);
                else
                        sound_note(store, rows->table, position);
                from = to;
        }
}

/* Together, as that is quicker; each for itself only where that fails. */
static void flush(Rows *rows, Store *store) {
        const guint n = rows->positions->len;
        RuleSet part;

        if (n == 0)
                return;
        if (rule_set_parse(rows->text->str, &part, NULL) != 0)
                take_each(rows, store);
        else if (!are_named(rows, &part, 0, n)) {
                rule_set_done(&part);
                take_each(rows, store);
        } else {
                const unsigned n_rules = part.rules->len;

                append(rows->set, &part);
                date_last(rows->set, n_rules, (const uint64_t *) (void *) rows->since->data);
        }
        g_string_truncate(rows->text, 0);
        g_ptr_array_set_size(rows->names, 0);
        g_array_set_size(rows->positions, 0);
        g_array_set_size(rows->since, 0);
        g_array_set_size(rows->ends, 0);
}

static int load(Store *store, const char *sql, Rows *rows) {
        statement_ Statement st = {};
        int r;

        r = statement_open(store, sql, &st, "");
        while (r >= 0 && (r = statement_step(&st)) > 0) {
                const char *text, *name;
                int64_t position;
                uint64_t since;

                statement_read(&st, 0, "ppiu", &text, &name, &position, &since);
                if (!text || !name || text[0] == '\0' || !sound_is_text(st.stmt, 0, CAP_RULES_TEXT_BYTES)) {
                        sound_note(store, rows->table, position);
                        continue;
                }
                g_ptr_array_add(rows->names, g_strdup(name));
                g_string_append(rows->text, text);
                g_string_append_c(rows->text, '\n');
                g_array_append_val(rows->positions, position);
                g_array_append_val(rows->since, since);
                g_array_append_val(rows->ends, rows->text->len);
                if (rows->text->len > TOGETHER_BYTES)
                        flush(rows, store);
        }
        if (r == 0)
                flush(rows, store);
        return r;
}

int store_rules_load(Store *store, RuleSet *ret_set) {
        RuleSet set;
        Rows rows = {
                .table = "profile",
                .text = g_string_new(NULL),
                .names = g_ptr_array_new_with_free_func(g_free),
                .positions = g_array_new(FALSE, FALSE, sizeof(int64_t)),
                .since = g_array_new(FALSE, FALSE, sizeof(uint64_t)),
                .ends = g_array_new(FALSE, FALSE, sizeof(gsize)),
                .set = &set,
        };
        int r;

        rule_set_init(&set);
        r = load(store, "SELECT text, name, position, 0 FROM profiles ORDER BY position", &rows);
        rows.table = "rule";
        if (r == 0)
                r = load(store, "SELECT text, name, position, since_real_usec FROM rules ORDER BY position",
                                &rows);
        g_string_free(rows.text, TRUE);
        g_ptr_array_unref(rows.names);
        g_array_unref(rows.positions);
        g_array_unref(rows.since);
        g_array_unref(rows.ends);
        if (r < 0) {
                rule_set_done(&set);
                return r;
        }
        *ret_set = set;
        return 0;
}

/* Rows that make no sense are no part of the set that is written, and stay. */
static int put_aside(Store *store) {
        static const char *const tables[] = { "profile", "rule" };
        static const char *const sql[] = {
                "UPDATE profiles SET position = (SELECT max(max(position) + 1, ?2) FROM profiles) WHERE position = ?1",
                "UPDATE rules SET position = (SELECT max(max(position) + 1, ?2) FROM rules) WHERE position = ?1",
        };
        int64_t position;
        int r = 0;

        for (size_t i = 0; i < G_N_ELEMENTS(tables); i++)
                for (position = -1; r == 0 && sound_next_noted(store, tables[i], position, ASIDE, &position);)
                        r = store_run(store, sql[i], "ii", position, ASIDE);
        for (size_t i = 0; r == 0 && i < G_N_ELEMENTS(tables); i++)
                sound_forget_below(store, tables[i], ASIDE);
        return r;
}

/* … until a rule of that name is written. */
static int drop_mended(Store *store) {
        int r = store_run(store,
                        "DELETE FROM profiles WHERE position >= ?1 AND name IN (SELECT name FROM profiles WHERE position < ?1)",
                        "i", ASIDE);

        return r < 0 ? r
                     : store_run(store,
                                       "DELETE FROM rules WHERE position >= ?1 AND name IN (SELECT name FROM rules WHERE position < ?1)",
                                       "i", ASIDE);
}

static int write_profile(Store *store, unsigned position, const Profile *profile) {
        static const char sql[] =
                        "INSERT INTO profiles (position, name, text) VALUES (?1, ?2, ?3)"
                        " ON CONFLICT (position) DO UPDATE SET name = excluded.name, text = excluded.text"
                        " WHERE name <> excluded.name OR text <> excluded.text";
        cleanup_free_ char *text = profile_print(profile);

        return store_run(store, sql, "ctt", position, profile->name, text);
}

static int write_rule(Store *store, unsigned position, const Rule *rule) {
        static const char sql[] =
                        "INSERT INTO rules (position, name, text, since_real_usec) VALUES (?1, ?2, ?3, ?4)"
                        " ON CONFLICT (position) DO UPDATE SET name = excluded.name, text = excluded.text,"
                        " since_real_usec = excluded.since_real_usec WHERE name <> excluded.name"
                        " OR text <> excluded.text OR since_real_usec <> excluded.since_real_usec";
        cleanup_free_ char *text = rule_print(rule);

        return store_run(store, sql, "cttu", position, rule->name, text, rule->since_real_usec);
}

int write_rules(StoreWrite *write, const RuleSet *set, const Yield *yield) {
        int r = write->store->unsound ? put_aside(write->store) : 0;

        for (guint i = 0; r == 0 && i < set->profiles->len; i++) {
                r = write_profile(write->store, i, &g_array_index(set->profiles, Profile, i));
                give_way(yield);
        }
        for (guint i = 0; r == 0 && i < set->rules->len; i++) {
                r = write_rule(write->store, i, &g_array_index(set->rules, Rule, i));
                give_way(yield);
        }
        if (r == 0)
                r = store_run(write->store, "DELETE FROM profiles WHERE position >= ?1 AND position < ?2",
                                "ci", set->profiles->len, ASIDE);
        if (r == 0)
                r = store_run(write->store, "DELETE FROM rules WHERE position >= ?1 AND position < ?2", "ci",
                                set->rules->len, ASIDE);
        return r < 0 ? r : drop_mended(write->store);
}
