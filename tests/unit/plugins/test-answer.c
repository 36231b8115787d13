/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/answer.h"

#include <errno.h>
#include <json-c/json.h>
#include <sys/socket.h>

#include "common/cleanup.h"
#include "plugins/host/event.h"
#include "tests/unit/check.h"

/* A connection to nobody, of which messages can be made. */
static sd_bus *make_bus(void) {
        static int fds[2];
        sd_bus *bus;

        g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), ==, 0);
        g_assert_cmpint(sd_bus_new(&bus), >=, 0);
        g_assert_cmpint(sd_bus_set_fd(bus, fds[0], fds[0]), >=, 0);
        g_assert_cmpint(sd_bus_start(bus), >=, 0);
        return bus;
}

static sd_bus_message *make_message(sd_bus *bus) {
        sd_bus_message *message;

        g_assert_cmpint(sd_bus_message_new_signal(bus, &message, "/a", "a.b", "C"), >=, 0);
        return message;
}

static void seal(sd_bus_message *message) {
        g_assert_cmpint(sd_bus_message_seal(message, 1, 0), >=, 0);
        g_assert_cmpint(sd_bus_message_rewind(message, true), >=, 0);
}

static const char *const names[] = { "Plugin", "Uid", "Claim", "Profile", "Lock", "Source", "BootId",
        "UntilBoottimeUSec", "UntilRealtimeUSec", "LengthUSec", "ReleaseBoottimeUSec",
        "RestsUntilBoottimeUSec", "Firm", "Settings" };

static int append_field(sd_bus_message *message, const char *name, const char *plugin) {
        if (strcmp(name, "Settings") == 0)
                return sd_bus_message_append(message, "{sv}", name, "a{sv}", 1, "hold", "s", "a;b");
        if (strcmp(name, "Plugin") == 0)
                return sd_bus_message_append(message, "{sv}", name, "s", plugin);
        if (strcmp(name, "Uid") == 0)
                return sd_bus_message_append(message, "{sv}", name, "u", 1000);
        if (strcmp(name, "Firm") == 0)
                return sd_bus_message_append(message, "{sv}", name, "b", 1);
        if (g_str_has_suffix(name, "USec") || strcmp(name, "Claim") == 0)
                return sd_bus_message_append(message, "{sv}", name, "t", (uint64_t) 77);
        return sd_bus_message_append(message, "{sv}", name, "s", "text");
}

/* A record of a claim, and something that is new; without: a field that it lacks; wrong: one that is a
 * struct. */
static void append_claim(
                sd_bus_message *message, const char *plugin, const char *without, const char *wrong) {
        g_assert_cmpint(sd_bus_message_open_container(message, 'a', "{sv}"), >=, 0);
        g_assert_cmpint(sd_bus_message_append(message, "{sv}", "New", "(ss)", "a", "b"), >=, 0);
        for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
                if (g_strcmp0(names[i], wrong) == 0)
                        g_assert_cmpint(sd_bus_message_append(message, "{sv}", wrong, "(s)", "a"), >=, 0);
                else if (g_strcmp0(names[i], without) != 0)
                        g_assert_cmpint(append_field(message, names[i], plugin), >=, 0);
        g_assert_cmpint(sd_bus_message_close_container(message), >=, 0);
}

static void test_of_a_user(void) {
        cleanup_(sd_bus_unrefp) sd_bus *bus = make_bus();
        cleanup_(sd_bus_message_unrefp) sd_bus_message *message = make_message(bus);
        HeldAnswer answer;
        const HeldClaim *claim;

        g_assert_cmpint(sd_bus_message_append(message, "ta{sv}", (uint64_t) 5, 1, "file", "s", "/x"), >=, 0);
        g_assert_cmpint(sd_bus_message_open_container(message, 'a', "a{sv}"), >=, 0);
        append_claim(message, "tells", NULL, NULL);
        g_assert_cmpint(sd_bus_message_close_container(message), >=, 0);
        seal(message);
        g_assert_cmpint(answer_read(message, "tells", &answer), ==, 0);
        g_assert_cmpuint(answer.generation, ==, 5);
        g_assert_cmpstr(held_pairs_get(&answer.standing, "file"), ==, "/x");
        claim = held_claims_find(&answer.claims, 1000, 77);
        g_assert_nonnull(claim);
        g_assert_cmpstr(held_pairs_get(&claim->settings, "hold"), ==, "a;b");
        g_assert_cmpuint(claim->end.boottime_usec, ==, 77);
        g_assert_true(claim->end.firm);
        g_assert_cmpstr(claim->profile, ==, "text");
        answer_clear(&answer);
}

static void test_of_all_users(void) {
        cleanup_(sd_bus_unrefp) sd_bus *bus = make_bus();
        cleanup_(sd_bus_message_unrefp) sd_bus_message *message = make_message(bus);
        HeldAnswer answer;

        g_assert_cmpint(sd_bus_message_append(message, "taa{sv}au", (uint64_t) 5, 0, 2, 1000, 1001), >=, 0);
        seal(message);
        g_assert_cmpint(answer_read(message, "tells", &answer), ==, 0);
        g_assert_cmpuint(answer.n_unknown, ==, 2);
        g_assert_cmpuint(answer.unknown[1], ==, 1001);
        answer_clear(&answer);
}

/* What becomes of an answer with one such record. */
static int read_one(const char *plugin, const char *without, const char *wrong) {
        cleanup_(sd_bus_unrefp) sd_bus *bus = make_bus();
        cleanup_(sd_bus_message_unrefp) sd_bus_message *message = make_message(bus);
        HeldAnswer answer;
        int r;

        g_assert_cmpint(sd_bus_message_append(message, "ta{sv}", (uint64_t) 5, 0), >=, 0);
        g_assert_cmpint(sd_bus_message_open_container(message, 'a', "a{sv}"), >=, 0);
        append_claim(message, "tells", NULL, NULL);
        append_claim(message, plugin, without, wrong);
        g_assert_cmpint(sd_bus_message_close_container(message), >=, 0);
        seal(message);
        r = answer_read(message, "tells", &answer);
        if (r >= 0)
                answer_clear(&answer);
        return r;
}

/* What is taken for nothing would lift what is held. */
static void test_none(void) {
        g_assert_cmpint(read_one("tells", NULL, NULL), ==, 0);
        g_assert_cmpint(read_one("other", NULL, NULL), <, 0);
        for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
                if (read_one("tells", names[i], NULL) >= 0)
                        check_failed("a record without %s was taken", names[i]);
                if (read_one("tells", NULL, names[i]) >= 0)
                        check_failed("a record with a struct as %s was taken", names[i]);
        }
}

static void test_another_signature(void) {
        cleanup_(sd_bus_unrefp) sd_bus *bus = make_bus();
        cleanup_(sd_bus_message_unrefp) sd_bus_message *message = make_message(bus);
        HeldAnswer answer;

        g_assert_cmpint(sd_bus_message_append(message, "t", (uint64_t) 5), >=, 0);
        seal(message);
        g_assert_cmpint(answer_read(message, "tells", &answer), ==, -EBADMSG);
}

/* ---- events ---- */

static void on_event(void *userdata, const PomoEvent *event) {
        struct json_object *json = json_tokener_parse(event->json);

        g_assert_cmpstr(event->kind, ==, "completed");
        g_assert_cmpuint(event->seq, ==, 9);
        g_assert_cmpuint(event->interval, ==, 12);
        g_assert_cmpstr(event->json, ==,
                        "{\"id\":12,\"at_realtime_usec\":18446744073709551615,\"external\":true,\"note\":\"a/\\\"b\\\"\",\"list\":[\"x\",\"y\"],\"in\":{\"worked_usec\":-1}}");
        g_assert_nonnull(json);
        json_object_put(json);
        *(bool *) userdata = true;
}

static void test_event(void) {
        cleanup_(sd_bus_unrefp) sd_bus *bus = make_bus();
        cleanup_(sd_bus_message_unrefp) sd_bus_message *message = make_message(bus);
        bool given = false;

        g_assert_cmpint(sd_bus_message_append(message, "a{sv}", 6, "Id", "t", (uint64_t) 12, "AtRealtimeUSec",
                                        "t", UINT64_MAX, "External", "b", 1, "Note", "s", "a/\"b\"", "List",
                                        "as", 2, "x", "y", "In", "a{sv}", 1, "WorkedUSec", "x", (int64_t) -1),
                        >=, 0);
        seal(message);
        g_assert_cmpint(event_of_signal(9, "completed", message, on_event, &given), ==, 0);
        g_assert_true(given);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/answer/of-a-user", test_of_a_user);
        g_test_add_func("/answer/of-all-users", test_of_all_users);
        g_test_add_func("/answer/none", test_none);
        g_test_add_func("/answer/another-signature", test_another_signature);
        g_test_add_func("/event/fields", test_event);
        return g_test_run();
}
