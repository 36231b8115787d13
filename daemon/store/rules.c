/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/*
 * Rules and profiles: a row each, in their order, in the words that people write. Of a large set that changed
 * in one place only that place is written.
 */

#include <errno.h>

#include "daemon/store/statement.h"
#include "daemon/store/write.h"

/* Texts are read together, as that is quicker than each for itself; but not more than fit into one. */
#define TOGETHER_BYTES (CAP_RULES_TEXT_BYTES / 4)

/* What we wrote must make sense to us: else it is damaged. */
static int flush(GString *text, RuleSet *set) {
        RuleSet part;

        if (text->len == 0)
                return 0;
        if (rule_set_parse(text->str, &part, NULL) != 0)
                return -EUCLEAN;
        g_array_append_vals(set->rules, part.rules->data, part.rules->len);
        g_array_append_vals(set->profiles, part.profiles->data, part.profiles->len);
        /* What they own is the set's from here on. */
        g_array_set_clear_func(part.rules, NULL);
        g_array_set_clear_func(part.profiles, NULL);
        rule_set_done(&part);
        g_string_truncate(text, 0);
        return 0;
}

/* since (NULL: none is asked for): of each row, what its rule has beside the text. */
static int load(Store *store, const char *sql, GString *text, RuleSet *set, GArray *since) {
        statement_ Statement st = {};
        int r;

        r = statement_open(store, sql, &st, "");
        while (r >= 0 && (r = statement_step(&st)) > 0) {
                const char *row;
                uint64_t usec;

                statement_read(&st, 0, "pu", &row, &usec);
                g_string_append(text, row);
                g_string_append_c(text, '\n');
                if (since)
                        g_array_append_val(since, usec);
                if (text->len > TOGETHER_BYTES)
                        r = flush(text, set);
        }
        return r < 0 ? r : flush(text, set);
}

static int date_rules(RuleSet *set, const GArray *since) {
        if (since->len != set->rules->len)
                return -EUCLEAN;
        for (guint i = 0; i < since->len; i++)
                g_array_index(set->rules, Rule, i).since_real_usec = g_array_index(since, uint64_t, i);
        return 0;
}

int store_rules_load(Store *store, RuleSet *ret_set) {
        GArray *since = g_array_new(FALSE, FALSE, sizeof(uint64_t));
        GString *text = g_string_new(NULL);
        RuleSet set;
        int r;

        rule_set_init(&set);
        r = load(store, "SELECT text, 0 FROM profiles ORDER BY position", text, &set, NULL);
        if (r == 0)
                r = load(store, "SELECT text, since_real_usec FROM rules ORDER BY position", text, &set,
                                since);
        if (r == 0)
                r = date_rules(&set, since);
        g_string_free(text, TRUE);
        g_array_unref(since);
        if (r < 0) {
                rule_set_done(&set);
                return r;
        }
        *ret_set = set;
        return 0;
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
        int r = 0;

        for (guint i = 0; r == 0 && i < set->profiles->len; i++) {
                r = write_profile(write->store, i, &g_array_index(set->profiles, Profile, i));
                give_way(yield);
        }
        for (guint i = 0; r == 0 && i < set->rules->len; i++) {
                r = write_rule(write->store, i, &g_array_index(set->rules, Rule, i));
                give_way(yield);
        }
        if (r == 0)
                r = store_run(write->store, "DELETE FROM profiles WHERE position >= ?1", "c",
                                set->profiles->len);
        if (r == 0)
                r = store_run(write->store, "DELETE FROM rules WHERE position >= ?1", "c", set->rules->len);
        return r;
}
