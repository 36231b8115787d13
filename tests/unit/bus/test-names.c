/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/names.h"

#include "tests/unit/bus/played.h"

/* Notes who left, and ends the set with the last of them. */
typedef struct Owner {
        NameSet *set;
        GString *left;
} Owner;

static void on_left(NameSet *set, const char *name, void *userdata) {
        Owner *owner = userdata;

        g_assert_true(set == owner->set);
        g_assert_false(names_set_has(set, name));
        g_string_append_printf(owner->left, "%s ", name);
        if (names_set_count(set) == 0)
                owner->set = names_set_free(set);
}

static void owner_set_up(Owner *owner, Names *names) {
        owner->left = g_string_new(NULL);
        owner->set = names_set_new(names, on_left, owner);
}

static void owner_tear_down(Owner *owner) {
        names_set_free(owner->set);
        g_string_free(owner->left, TRUE);
}

static void connect_as(Played *played, const char *name) {
        g_hash_table_add(played->connected, (char *) name);
}

static void test_who_leaves(Played *played, gconstpointer data) {
        Names *names = names_new(played->bus);
        Owner owner;

        owner_set_up(&owner, names);
        connect_as(played, ":1.7");
        connect_as(played, ":1.8");
        g_assert_cmpint(names_set_add(owner.set, ":1.7"), ==, 1);
        g_assert_cmpint(names_set_add(owner.set, ":1.7"), ==, 0);
        g_assert_cmpint(names_set_add(owner.set, ":1.8"), ==, 1);
        g_assert_cmpuint(names_set_count(owner.set), ==, 2);
        played_run(played);
        g_assert_cmpuint(names_set_count(owner.set), ==, 2);

        played_say_left(played, PLAYED_NAME, ":1.7");
        g_assert_cmpstr(owner.left->str, ==, ":1.7 ");
        g_assert_false(names_set_has(owner.set, ":1.7"));
        g_assert_cmpstr(names_set_get(owner.set, 0), ==, ":1.8");
        played_say_left(played, PLAYED_NAME, ":1.8");
        g_assert_cmpstr(owner.left->str, ==, ":1.7 :1.8 ");
        g_assert_null(owner.set);

        owner_tear_down(&owner);
        g_assert_null(names_free(names));
}

static void test_who_left_before(Played *played, gconstpointer data) {
        Names *names = names_new(played->bus);
        Owner owner;

        owner_set_up(&owner, names);
        g_assert_cmpint(names_set_add(owner.set, ":1.7"), ==, 1);
        g_assert_cmpstr(owner.left->str, ==, ""); /* not from within */
        played_run(played);
        g_assert_cmpstr(owner.left->str, ==, ":1.7 ");
        g_assert_cmpuint(played->asked->len, ==, 3);
        g_assert_nonnull(strstr(g_ptr_array_index(played->asked, 0), "arg0=':1.7'"));
        g_assert_cmpstr(g_ptr_array_index(played->asked, 1), ==, "NameHasOwner :1.7");
        owner_tear_down(&owner);
        names_free(names);
}

static void test_a_liar(Played *played, gconstpointer data) {
        Names *names = names_new(played->bus);
        Owner owner;

        owner_set_up(&owner, names);
        connect_as(played, ":1.7");
        g_assert_cmpint(names_set_add(owner.set, ":1.7"), ==, 1);
        played_run(played);
        played_say_left(played, ":1.66", ":1.7");
        g_assert_cmpstr(owner.left->str, ==, "");
        g_assert_true(names_set_has(owner.set, ":1.7"));
        owner_tear_down(&owner);
        names_free(names);
}

static void test_one_match_for_many_sets(Played *played, gconstpointer data) {
        Names *names = names_new(played->bus);
        Owner owners[3];

        connect_as(played, ":1.7");
        for (unsigned i = 0; i < G_N_ELEMENTS(owners); i++) {
                owner_set_up(&owners[i], names);
                g_assert_cmpint(names_set_add(owners[i].set, ":1.7"), ==, 1);
        }
        played_run(played);
        g_assert_cmpuint(played_count(played, "AddMatch"), ==, 1);
        g_assert_true(names_set_remove(owners[0].set, ":1.7"));
        g_assert_false(names_set_remove(owners[0].set, ":1.7"));
        played_say_left(played, PLAYED_NAME, ":1.7");
        g_assert_cmpstr(owners[0].left->str, ==, "");
        g_assert_cmpstr(owners[1].left->str, ==, ":1.7 ");
        g_assert_cmpstr(owners[2].left->str, ==, ":1.7 ");
        g_assert_cmpuint(played_count(played, "RemoveMatch"), ==, 1);
        for (unsigned i = 0; i < G_N_ELEMENTS(owners); i++)
                owner_tear_down(&owners[i]);
        names_free(names);
}

/* The one that is told first ends the others. */
static void on_left_end_all(NameSet *set, const char *name, void *userdata) {
        NameSet **sets = userdata;

        for (unsigned i = 0; i < 3; i++)
                sets[i] = names_set_free(sets[i]);
}

static void test_sets_end_each_other(Played *played, gconstpointer data) {
        Names *names = names_new(played->bus);
        NameSet *sets[3];

        for (unsigned i = 0; i < G_N_ELEMENTS(sets); i++) {
                sets[i] = names_set_new(names, on_left_end_all, sets);
                g_assert_cmpint(names_set_add(sets[i], ":1.7"), ==, 1);
        }
        played_run(played);
        for (unsigned i = 0; i < G_N_ELEMENTS(sets); i++)
                g_assert_null(sets[i]);
        names_free(names);
}

static void test_more_than_the_bus_matches(Played *played, gconstpointer data) {
        Names *names = names_new(played->bus);
        char many[NAMES_WATCHED_APART + 2][16];
        Owner owner;

        owner_set_up(&owner, names);
        for (unsigned i = 0; i < G_N_ELEMENTS(many); i++) {
                g_snprintf(many[i], sizeof(many[i]), ":1.%u", 100 + i);
                connect_as(played, many[i]);
                g_assert_cmpint(names_set_add(owner.set, many[i]), ==, 1);
        }
        played_run(played);
        g_assert_cmpuint(played_count(played, "AddMatch"), ==, NAMES_WATCHED_APART + 1);
        played_say_left(played, PLAYED_NAME, many[NAMES_WATCHED_APART + 1]);
        played_say_left(played, PLAYED_NAME, many[0]);
        played_say_left(played, PLAYED_NAME, ":1.99"); /* whom nobody watches */
        g_assert_cmpuint(names_set_count(owner.set), ==, NAMES_WATCHED_APART);
        g_assert_cmpuint(played_count(played, "RemoveMatch"), ==, 1);
        played_say_left(played, PLAYED_NAME, many[NAMES_WATCHED_APART]);
        g_assert_cmpuint(played_count(played, "RemoveMatch"), ==, 2);
        owner_tear_down(&owner);
        names_free(names);
}

/* The connection lives on, though sd-bus would end it by itself. */
static void test_a_bus_without_matches(Played *played, gconstpointer data) {
        Names *names = names_new(played->bus);
        Owner owner;

        owner_set_up(&owner, names);
        played->refuses_matches = true;
        connect_as(played, ":1.7");
        g_assert_cmpint(names_set_add(owner.set, ":1.7"), ==, 1);
        played_run(played);
        g_assert_cmpint(sd_bus_is_ready(played->bus), >, 0);
        g_assert_true(names_set_has(owner.set, ":1.7"));
        owner_tear_down(&owner);
        names_free(names);
}

static void test_an_end_while_it_is_asked(Played *played, gconstpointer data) {
        Names *names = names_new(played->bus);
        Owner owner;

        owner_set_up(&owner, names);
        g_assert_cmpint(names_set_add(owner.set, ":1.7"), ==, 1);
        owner.set = names_set_free(owner.set);
        names_free(names);
        played_run(played);
        g_assert_cmpstr(owner.left->str, ==, "");
        owner_tear_down(&owner);
}

int main(int argc, char **argv) {
        static const struct {
                const char *path;
                void (*run)(Played *played, gconstpointer data);
        } tests[] = {
                { "/names/who-leaves", test_who_leaves },
                { "/names/who-left-before", test_who_left_before },
                { "/names/a-liar", test_a_liar },
                { "/names/one-match-for-many-sets", test_one_match_for_many_sets },
                { "/names/sets-end-each-other", test_sets_end_each_other },
                { "/names/more-than-the-bus-matches", test_more_than_the_bus_matches },
                { "/names/a-bus-without-matches", test_a_bus_without_matches },
                { "/names/an-end-while-it-is-asked", test_an_end_while_it_is_asked },
        };

        g_test_init(&argc, &argv, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
                g_test_add(tests[i].path, Played, NULL, played_set_up, tests[i].run, played_tear_down);
        return g_test_run();
}
