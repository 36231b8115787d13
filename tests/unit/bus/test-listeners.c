/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/listeners.h"

#include "common/caps.h"
#include "common/duration.h"
#include "daemon/bus/names.h"
#include "tests/unit/bus/played.h"

#define WITHIN_USEC   (50 * USEC_PER_MSEC)
#define DEADLINE_USEC (20 * USEC_PER_SEC) /* what is awaited comes much sooner, or not at all */

/* A bus whose other end answers for its connections, or leaves their questions open. */
typedef struct Fixture {
        Played played;
        sd_bus_slot *filter;
        GPtrArray *questions; /* sd_bus_message, not answered yet */
        const char *refuses;  /* an error, with which the bus answers in their place */
        Bus bus;
        GString *deaf;
} Fixture;

static int on_peer_message(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        Fixture *f = userdata;

        if (!sd_bus_message_is_method_call(message, "org.freedesktop.DBus.Peer", "Ping"))
                return 0;
        if (f->refuses)
                return sd_bus_reply_method_errorf(message, f->refuses, "No");
        g_ptr_array_add(f->questions, sd_bus_message_ref(message));
        return 1;
}

static void message_unref(void *message) {
        sd_bus_message_unref(message);
}

static void on_deaf(Bus *bus, const char *name) {
        Fixture *f = (Fixture *) (void *) ((char *) bus - offsetof(Fixture, bus));

        g_string_append_printf(f->deaf, "%s ", name);
}

static void set_up(Fixture *f, gconstpointer within_usec) {
        played_set_up(&f->played, NULL);
        f->questions = g_ptr_array_new_with_free_func(message_unref);
        f->deaf = g_string_new(NULL);
        g_assert_cmpint(sd_bus_add_filter(f->played.peer, &f->filter, on_peer_message, f), >=, 0);
        g_assert_cmpint(sd_event_new(&f->bus.event), >=, 0);
        f->bus.bus = f->played.bus;
        f->bus.names = names_new(f->played.bus);
        f->bus.listeners = listeners_new(&f->bus, GPOINTER_TO_UINT(within_usec), on_deaf);
        g_assert_nonnull(f->bus.listeners);
}

static void tear_down(Fixture *f, gconstpointer data) {
        g_ptr_array_unref(f->questions);
        g_assert_null(listeners_free(f->bus.listeners));
        names_free(f->bus.names);
        sd_event_unref(f->bus.event);
        sd_bus_slot_unref(f->filter);
        g_string_free(f->deaf, TRUE);
        played_tear_down(&f->played, NULL);
}

static int add(Fixture *f, const char *name, uid_t uid) {
        Refusal refusal;
        int r;

        g_hash_table_add(f->played.connected, (char *) name);
        r = listeners_add(f->bus.listeners, name, uid, &refusal);
        if (r > 0)
                g_assert_nonnull(strstr(refusal.message, "Ping"));
        return r;
}

static void send_to(Fixture *f, const char *name, size_t bytes) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *signal = NULL;

        g_assert_cmpint(sd_bus_message_new_signal(f->played.bus, &signal, "/x", "org.x", "X"), >=, 0);
        g_assert_cmpint(sd_bus_message_set_destination(signal, name), >=, 0);
        g_assert_cmpint(listeners_send(f->bus.listeners, signal, bytes), >=, 0);
        played_run(&f->played);
}

/* In the name of the connection that was asked, unless it is another's. */
static void answer(Fixture *f, unsigned i, const char *sender) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        sd_bus_message *question = g_ptr_array_index(f->questions, i);

        g_assert_cmpint(sd_bus_message_new_method_return(question, &reply), >=, 0);
        g_assert_cmpint(sd_bus_message_set_sender(reply, sender ?: sd_bus_message_get_destination(question)),
                        >=, 0);
        g_assert_cmpint(sd_bus_send(f->played.peer, reply, NULL), >=, 0);
        g_ptr_array_remove_index(f->questions, i);
        played_run(&f->played);
}

static void wait_until_deaf(Fixture *f, const char *names) {
        const uint64_t until = (uint64_t) g_get_monotonic_time() + DEADLINE_USEC;

        while (strcmp(f->deaf->str, names) != 0) {
                g_assert_cmpint(sd_event_run(f->bus.event, USEC_PER_SEC), >=, 0);
                g_assert_cmpuint((uint64_t) g_get_monotonic_time(), <, until);
        }
}

static void test_who_answers(Fixture *f, gconstpointer data) {
        g_assert_cmpint(add(f, ":1.7", 1000), ==, 0);
        for (unsigned i = 0; i < 5; i++) {
                send_to(f, ":1.7", CAP_UNREAD_BYTES - 1);
                g_assert_cmpuint(f->questions->len, ==, 0);
                send_to(f, ":1.7", 1);
                g_assert_cmpuint(f->questions->len, ==, 1);
                send_to(f, ":1.7", CAP_UNREAD_BYTES); /* asked once */
                g_assert_cmpuint(f->questions->len, ==, 1);
                answer(f, 0, NULL);
        }
        g_assert_cmpint(sd_event_run(f->bus.event, 0), ==, 0);
        g_assert_cmpstr(f->deaf->str, ==, "");
}

static void test_who_does_not(Fixture *f, gconstpointer data) {
        g_assert_cmpint(add(f, ":1.7", 1000), ==, 0);
        g_assert_cmpint(add(f, ":1.8", 1000), ==, 0);
        send_to(f, ":1.7", CAP_UNREAD_BYTES);
        send_to(f, ":1.8", CAP_UNREAD_BYTES);
        answer(f, 1, NULL);
        wait_until_deaf(f, ":1.7 ");
        g_assert_cmpint(add(f, ":1.7", 1000), ==, REFUSAL_LIMITS_EXCEEDED);
        g_assert_cmpint(add(f, ":1.8", 1000), ==, 0);
        g_assert_cmpuint(f->questions->len, ==, 1); /* still open: no second one */
        g_assert_cmpuint(listeners_count_deaf(f->bus.listeners, 1000), ==, 1);
        g_assert_cmpuint(listeners_count_deaf(f->bus.listeners, 1001), ==, 0);
        answer(f, 0, NULL);
        g_assert_cmpuint(listeners_count_deaf(f->bus.listeners, 1000), ==, 0);
        g_assert_cmpint(add(f, ":1.7", 1000), ==, 0);
        g_assert_cmpint(sd_event_run(f->bus.event, 0), ==, 0);
        g_assert_cmpstr(f->deaf->str, ==, ":1.7 ");
}

/* Much more than it was asked for, before its time is over. */
static void test_who_is_sent_too_much(Fixture *f, gconstpointer data) {
        g_assert_cmpint(add(f, ":1.7", 1000), ==, 0);
        send_to(f, ":1.7", CAP_UNREAD_BYTES_MOST - 1);
        g_assert_cmpint(sd_event_run(f->bus.event, 0), ==, 0);
        g_assert_cmpstr(f->deaf->str, ==, "");
        send_to(f, ":1.7", 1);
        wait_until_deaf(f, ":1.7 ");
}

/* Those of one user who do not answer take no place of others, and none of theirs is trusted longer. */
static void test_shares(Fixture *f, gconstpointer data) {
        char names[CAP_PINGS_PER_UID + 1][16];
        GString *all = g_string_new(NULL);

        for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
                g_snprintf(names[i], sizeof(names[i]), ":1.%u", 100 + i);
                g_string_append_printf(all, "%s ", names[i]);
                g_assert_cmpint(add(f, names[i], 1000), ==, 0);
                send_to(f, names[i], CAP_UNREAD_BYTES);
        }
        g_assert_cmpuint(f->questions->len, ==, CAP_PINGS_PER_UID);
        g_assert_cmpint(add(f, ":1.7", 1001), ==, 0);
        send_to(f, ":1.7", CAP_UNREAD_BYTES);
        g_assert_cmpuint(f->questions->len, ==, CAP_PINGS_PER_UID + 1);
        answer(f, CAP_PINGS_PER_UID, NULL);
        wait_until_deaf(f, all->str);

        /* A place that is free again is for the one that waits, when it asks for it. */
        answer(f, 0, NULL);
        g_assert_cmpint(add(f, names[0], 1000), ==, 0);
        g_assert_cmpint(add(f, names[CAP_PINGS_PER_UID], 1000), ==, REFUSAL_LIMITS_EXCEEDED);
        played_run(&f->played);
        answer(f, CAP_PINGS_PER_UID - 1, NULL);
        g_assert_cmpint(add(f, names[CAP_PINGS_PER_UID], 1000), ==, 0);
        g_string_free(all, TRUE);
}

static void test_who_leaves(Fixture *f, gconstpointer data) {
        g_assert_cmpint(add(f, ":1.7", 1000), ==, 0);
        send_to(f, ":1.7", CAP_UNREAD_BYTES_MOST);
        played_say_left(&f->played, PLAYED_NAME, ":1.7");
        g_assert_cmpint(sd_event_run(f->bus.event, WITHIN_USEC), ==, 0);
        g_assert_cmpstr(f->deaf->str, ==, "");
}

/* The bus does not let it be asked, which is nothing that it did; too full to be asked is deaf. */
static void test_a_bus_that_refuses(Fixture *f, gconstpointer data) {
        g_assert_cmpint(add(f, ":1.7", 1000), ==, 0);
        f->refuses = SD_BUS_ERROR_ACCESS_DENIED;
        send_to(f, ":1.7", CAP_UNREAD_BYTES);
        g_assert_cmpint(sd_event_run(f->bus.event, 2 * WITHIN_USEC), ==, 0);
        f->refuses = SD_BUS_ERROR_LIMITS_EXCEEDED;
        send_to(f, ":1.7", CAP_UNREAD_BYTES);
        wait_until_deaf(f, ":1.7 ");
        g_assert_cmpint(add(f, ":1.7", 1000), ==, REFUSAL_LIMITS_EXCEEDED);
        played_run(&f->played);
        f->refuses = SD_BUS_ERROR_ACCESS_DENIED;
        g_assert_cmpint(add(f, ":1.7", 1000), ==, REFUSAL_LIMITS_EXCEEDED);
        played_run(&f->played);
        g_assert_cmpint(add(f, ":1.7", 1000), ==, 0);
}

int main(int argc, char **argv) {
        const void *soon = GUINT_TO_POINTER(WITHIN_USEC), *late = GUINT_TO_POINTER(ANSWER_WITHIN_USEC);

        g_test_init(&argc, &argv, NULL);
        g_test_add("/listeners/who-answers", Fixture, late, set_up, test_who_answers, tear_down);
        g_test_add("/listeners/who-does-not", Fixture, soon, set_up, test_who_does_not, tear_down);
        g_test_add("/listeners/who-is-sent-too-much", Fixture, late, set_up, test_who_is_sent_too_much,
                        tear_down);
        g_test_add("/listeners/shares", Fixture, soon, set_up, test_shares, tear_down);
        g_test_add("/listeners/who-leaves", Fixture, soon, set_up, test_who_leaves, tear_down);
        g_test_add("/listeners/a-bus-that-refuses", Fixture, soon, set_up, test_a_bus_that_refuses,
                        tear_down);
        return g_test_run();
}
