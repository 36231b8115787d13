/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/lib/client.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clients/lib/memory.h"
#include "clients/lib/search.h"
#include "clients/lib/service.h"
#include "common/names.h"

typedef enum BusKind {
        BUS_SYSTEM,
        BUS_SESSION,
        BUS_ADDRESS,
} BusKind;

struct Client {
        BusKind kind;
        bool searches; /* nobody has said which: kind is where it was found last */
        Search search;
        ClientMoved moved;
        void *moved_userdata;
        char *address; /* BUS_ADDRESS */
        ClientFlags flags;
        sd_bus *bus;
        sd_event *event;
        uint32_t uid;
        char user_path[sizeof(POMOD_USER_PATH) + 16];
        char *error_name;
        char *error_message;
        ClientExit error_exit;
};

Client *client_new(const char *address, ClientFlags flags) {
        Client *client = memory_new(Client, 1);

        if (!address)
                address = getenv(POMOD_BUS_ENV);
        client->searches = !address || !*address;
        if (client->searches)
                address = "system";

        client->flags = flags;
        if (strcmp(address, "system") == 0)
                client->kind = BUS_SYSTEM;
        else if (strcmp(address, "session") == 0)
                client->kind = BUS_SESSION;
        else {
                client->kind = BUS_ADDRESS;
                client->address = memory_copy(address);
        }
        client_set_uid(client, geteuid());
        return client;
}

Client *client_unref(Client *client) {
        if (!client)
                return NULL;

        client_disconnect(client);
        search_done(&client->search);
        sd_event_unref(client->event);
        free(client->address);
        free(client->error_name);
        free(client->error_message);
        free(client);
        return NULL;
}

void client_set_uid(Client *client, uint32_t uid) {
        client->uid = uid;
        snprintf(client->user_path, sizeof(client->user_path), POMOD_USER_PATH "/_%u", uid);
}

const char *client_user_path(const Client *client) {
        return client->user_path;
}

sd_bus *client_bus(Client *client) {
        return client->bus;
}

bool client_is_on_system_bus(const Client *client) {
        assert(client->bus);
        return client->kind == BUS_SYSTEM;
}

bool client_is_on_private_bus(const Client *client) {
        assert(client->bus);
        return client->kind == BUS_ADDRESS;
}

/* ---- what went wrong ---- */

const char *client_error_name(const Client *client) {
        assert(client->error_name);
        return client->error_name;
}

const char *client_error_message(const Client *client) {
        assert(client->error_message);
        return client->error_message;
}

int client_exit_status(const Client *client) {
        assert(client->error_name);
        return client->error_exit;
}

bool client_was_refused(const Client *client, const char *error) {
        return client->error_name && client_error_is(client->error_name, error);
}

bool client_error_is(const char *name, const char *error) {
        const size_t n = strlen(POMOD_ERROR_PREFIX);

        return name && strncmp(name, POMOD_ERROR_PREFIX, n) == 0 && strcmp(name + n, error) == 0;
}

static int error_set(Client *client, int r, ClientExit status, const char *name, const char *format, ...)
                __attribute__((format(printf, 5, 6)));

/* Gives r back. */
static int error_set(Client *client, int r, ClientExit status, const char *name, const char *format, ...) {
        char *copy = memory_copy(name), *message;
        va_list ap;

        va_start(ap, format);
        message = memory_format_va(format, ap);
        va_end(ap);

        free(client->error_name);
        free(client->error_message);
        client->error_name = copy;
        client->error_message = message;
        client->error_exit = status;
        return r;
}

static const char *bus_label(const Client *client, char *buf, size_t n) {
        if (client->kind == BUS_ADDRESS)
                snprintf(buf, n, "the bus at %s", client->address);
        else
                snprintf(buf, n, "the %s bus", client->kind == BUS_SYSTEM ? "system" : "session");
        return buf;
}

static int error_no_daemon(Client *client, int r, const char *name) {
        static const char *const starts[] = {
                [BUS_SYSTEM] = "systemctl start pomod",
                [BUS_SESSION] = "pomod --bus=session",
                [BUS_ADDRESS] = "pomod --bus=",
        };
        char label[512];

        return error_set(client, r, CLIENT_EXIT_NO_DAEMON, name,
                        "pomod is not running on %s; start it with: %s%s",
                        bus_label(client, label, sizeof(label)), starts[client->kind], client->address ?: "");
}

static int error_no_bus(Client *client, int r) {
        char label[512];

        if (r == -EINVAL && client->kind == BUS_ADDRESS)
                return error_set(client, r, CLIENT_EXIT_USAGE, SD_BUS_ERROR_BAD_ADDRESS,
                                "'%s' is no bus; say system, session or an address like unix:path=/run/user/1000/bus",
                                client->address);
        if (r == -ENOMEDIUM && client->kind == BUS_SESSION)
                return error_set(client, r, CLIENT_EXIT_NO_DAEMON, SD_BUS_ERROR_NO_SERVER,
                                "there is no session bus here: neither DBUS_SESSION_BUS_ADDRESS nor XDG_RUNTIME_DIR is set");
        return error_set(client, r, CLIENT_EXIT_NO_DAEMON, SD_BUS_ERROR_NO_SERVER, "cannot reach %s: %s",
                        bus_label(client, label, sizeof(label)), strerror(-r));
}

static bool name_is_absence(const char *name) {
        static const char *const absences[] = {
                SD_BUS_ERROR_SERVICE_UNKNOWN, SD_BUS_ERROR_NAME_HAS_NO_OWNER,
                "org.freedesktop.DBus.Error.TimedOut", /* the bus has waited for it to start */
        };
        /* The activation was tried and failed. */
        static const char *const failures[] = {
                "org.freedesktop.DBus.Error.Spawn.",
                "org.freedesktop.systemd1.",
        };

        for (size_t i = 0; i < sizeof(absences) / sizeof(absences[0]); i++)
                if (strcmp(name, absences[i]) == 0)
                        return true;

        for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++)
                if (strncmp(name, failures[i], strlen(failures[i])) == 0)
                        return true;
        return false;
}

int client_fail(Client *client, int r, const sd_bus_error *error) {
        const char *name = error ? error->name : NULL;
        char label[512];

        assert(r < 0);

        if (name && name_is_absence(name))
                return error_no_daemon(client, r, name);
        /* So the bus answers for who left meanwhile; a time that ran out here has another name. */
        if (name && strcmp(name, SD_BUS_ERROR_NO_REPLY) == 0)
                return error_set(client, r, CLIENT_EXIT_NO_DAEMON, name,
                                "pomod went away before it answered; look before you try again: pomoctl status");
        if (r == -ETIMEDOUT)
                return error_set(client, r, CLIENT_EXIT_NO_DAEMON, SD_BUS_ERROR_NO_REPLY,
                                "pomod did not answer in time");
        if (r == -ECONNRESET || r == -ENOTCONN || r == -EPIPE || r == -ESTALE ||
                        (name && strcmp(name, SD_BUS_ERROR_DISCONNECTED) == 0))
                return error_set(client, r, CLIENT_EXIT_NO_DAEMON, SD_BUS_ERROR_DISCONNECTED,
                                "%s closed the connection", bus_label(client, label, sizeof(label)));
        if (!name && (!client->bus || r == -ECONNREFUSED || r == -ENOENT))
                return error_no_bus(client, r);

        if (name && error->message && *error->message)
                return error_set(client, r, CLIENT_EXIT_REFUSED, name, "%s", error->message);
        if (name)
                return error_set(client, r, CLIENT_EXIT_REFUSED, name, "pomod answered %s", name);
        if (r == -EBADMSG || r == -ENXIO)
                return error_set(client, r, CLIENT_EXIT_REFUSED, SD_BUS_ERROR_FAILED,
                                "pomod answered what this program does not understand; are both of the same version?");
        return error_set(client, r, CLIENT_EXIT_REFUSED, SD_BUS_ERROR_FAILED, "%s", strerror(-r));
}

void client_explain_absence(Client *client) {
        ServiceState state;
        cleanup_free_ char *sentence = NULL;
        bool absent;

        if (!client->error_name || client->error_exit != CLIENT_EXIT_NO_DAEMON ||
                        client->kind != BUS_SYSTEM || !client->bus || service_ask(client->bus, &state) < 0)
                return;
        sentence = service_explain(&state, time(NULL));
        absent = name_is_absence(client->error_name);
        /* Whoever runs and did not answer, or went away and is back, is not absent. */
        if (!absent && strcmp(state.active_state, "active") == 0)
                return;
        if (!absent)
                memory_append(&client->error_message, "; %s", sentence);
        else {
                free(client->error_message);
                client->error_message = steal(sentence);
        }
}

/* ---- the connection ---- */

static int bus_open(BusKind kind, const char *address, sd_bus **ret_bus) {
        cleanup_(sd_bus_unrefp) sd_bus *bus = NULL;
        int r;

        if (kind == BUS_SYSTEM)
                return sd_bus_open_system(ret_bus);
        if (kind == BUS_SESSION)
                return sd_bus_open_user(ret_bus);

        /* What names no transport is a slip of the pen, not a bus that could come up later. */
        if (!strchr(address, ':'))
                return -EINVAL;

        if ((r = sd_bus_new(&bus)) < 0 || (r = sd_bus_set_address(bus, address)) < 0 ||
                        (r = sd_bus_set_bus_client(bus, 1)) < 0 || (r = sd_bus_start(bus)) < 0)
                return r;
        *ret_bus = steal(bus);
        return 0;
}

static void on_search_changed(void *userdata) {
        Client *client = userdata;

        if (client->moved)
                client->moved(client, client->moved_userdata);
}

/* On one's own session bus there is no pomod of another user. */
static int bus_find(Client *client) {
        int r;

        if (client->uid != geteuid())
                return bus_open(BUS_SYSTEM, NULL, &client->bus);
        client->search.event = client->event;
        client->search.changed = on_search_changed;
        client->search.userdata = client;
        r = search_open(&client->search, &client->bus);
        client->kind = client->search.owned ? BUS_SESSION : BUS_SYSTEM;
        return r;
}

int client_connect(Client *client) {
        int r;

        if (client->bus && sd_bus_is_open(client->bus) > 0)
                return 0;
        client_disconnect(client);

        r = client->searches ? bus_find(client) : bus_open(client->kind, client->address, &client->bus);
        if (r < 0)
                return error_no_bus(client, r);

        r = client->event ? sd_bus_attach_event(client->bus, client->event, SD_EVENT_PRIORITY_NORMAL) : 0;
        if (r >= 0)
                return 0;
        client_disconnect(client);
        return error_no_bus(client, r);
}

void client_disconnect(Client *client) {
        if (!client->bus)
                return;

        if (client->event)
                sd_bus_detach_event(client->bus);
        client->bus = sd_bus_close_unref(client->bus);
}

void client_set_moved_callback(Client *client, ClientMoved moved, void *userdata) {
        client->moved = moved;
        client->moved_userdata = userdata;
}

int client_attach_event(Client *client, sd_event *event) {
        assert(!client->bus || !client->searches);
        client->event = sd_event_unref(client->event);
        client->event = sd_event_ref(event);
        return client->bus ? sd_bus_attach_event(client->bus, event, SD_EVENT_PRIORITY_NORMAL) : 0;
}

/* ---- options ---- */

ClientOption client_option_text(const char *key, const char *text) {
        return (ClientOption){ .key = key, .type = 's', .given = text, .text = text };
}

ClientOption client_option_words(const char *key, const char *text) {
        return (ClientOption){ .key = key, .type = 'w', .given = text, .text = text };
}

ClientOption client_option_number(const char *key, char type, uint64_t number) {
        assert(type == 't' || type == 'u');
        return (ClientOption){ .key = key, .type = type, .given = true, .number = number };
}

ClientOption client_option_u64(const char *key, uint64_t number) {
        return (ClientOption){ .key = key, .type = 't', .given = number > 0, .number = number };
}

ClientOption client_option_flag(const char *key, bool flag) {
        return (ClientOption){ .key = key, .type = 'b', .given = flag, .number = flag };
}

static int words_append(sd_bus_message *message, const char *key, const char *words) {
        int r;

        if ((r = sd_bus_message_open_container(message, 'e', "sv")) < 0 ||
                        (r = sd_bus_message_append_basic(message, 's', key)) < 0 ||
                        (r = sd_bus_message_open_container(message, 'v', "as")) < 0 ||
                        (r = sd_bus_message_open_container(message, 'a', "s")) < 0)
                return r;
        while (*(words += strspn(words, " ,"))) {
                size_t n = strcspn(words, " ,");
                cleanup_free_ char *word = memory_copy_n(words, n);

                r = sd_bus_message_append_basic(message, 's', word);
                if (r < 0)
                        return r;
                words += n;
        }
        if ((r = sd_bus_message_close_container(message)) < 0 ||
                        (r = sd_bus_message_close_container(message)) < 0)
                return r;
        return sd_bus_message_close_container(message);
}

static int option_append(sd_bus_message *message, const ClientOption *option) {
        switch (option->type) {
        case 's':
                return sd_bus_message_append(message, "{sv}", option->key, "s", option->text);
        case 'w':
                return words_append(message, option->key, option->text);
        case 't':
                return sd_bus_message_append(message, "{sv}", option->key, "t", option->number);
        case 'u':
                return sd_bus_message_append(message, "{sv}", option->key, "u", (uint32_t) option->number);
        default:
                assert(option->type == 'b');
                return sd_bus_message_append(message, "{sv}", option->key, "b", (int) option->number);
        }
}

int client_message_append_options(sd_bus_message *message, const ClientOption *options) {
        int r = sd_bus_message_open_container(message, 'a', "{sv}");

        for (; r >= 0 && options && options->key; options++)
                if (options->given)
                        r = option_append(message, options);
        return r < 0 ? r : sd_bus_message_close_container(message);
}

/* ---- calls ---- */

int client_message_bare(
                Client *client, const char *interface, const char *member, sd_bus_message **ret_message) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL;
        int r = client_connect(client);

        if (r < 0)
                return r;

        r = sd_bus_message_new_method_call(
                        client->bus, &message, POMOD_BUS_NAME, client->user_path, interface, member);
        if (r >= 0 && (client->flags & CLIENT_NO_AUTO_START))
                r = sd_bus_message_set_auto_start(message, false);
        if (r < 0)
                return client_fail(client, r, NULL);

        *ret_message = steal(message);
        return 0;
}

static int message_make(Client *client, const char *interface, const char *member,
                const ClientOption *options, sd_bus_message **ret_message, const char *types, va_list ap) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL;
        int r = client_message_bare(client, interface, member, &message);

        if (r < 0)
                return r;
        r = *types ? sd_bus_message_appendv(message, types, ap) : 0;
        if (r >= 0)
                r = client_message_append_options(message, options);
        if (r < 0)
                return client_fail(client, r, NULL);

        *ret_message = steal(message);
        return 0;
}

int client_message_new(Client *client, const char *interface, const char *member, const ClientOption *options,
                sd_bus_message **ret_message, const char *types, ...) {
        va_list ap;
        int r;

        va_start(ap, types);
        r = message_make(client, interface, member, options, ret_message, types, ap);
        va_end(ap);
        return r;
}

int client_send(Client *client, sd_bus_message *message, sd_bus_message **ret_reply) {
        sd_bus_error error = SD_BUS_ERROR_NULL;
        int r = sd_bus_call(client->bus, message, 0, &error, ret_reply);

        if (r < 0)
                client_fail(client, r, &error);

        sd_bus_error_free(&error);
        return r < 0 ? r : 0;
}

int client_call_va(Client *client, const char *interface, const char *member, const ClientOption *options,
                sd_bus_message **ret_reply, const char *types, va_list ap) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL;
        int r = message_make(client, interface, member, options, &message, types, ap);

        return r < 0 ? r : client_send(client, message, ret_reply);
}

int client_call(Client *client, const char *interface, const char *member, const ClientOption *options,
                sd_bus_message **ret_reply, const char *types, ...) {
        va_list ap;
        int r;

        va_start(ap, types);
        r = client_call_va(client, interface, member, options, ret_reply, types, ap);
        va_end(ap);
        return r;
}

/* One of a standard interface, which knows no options. */
static int call_bare(Client *client, const char *interface, const char *member, const char *argument,
                sd_bus_message **ret_reply) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL;
        int r = client_message_bare(client, interface, member, &message);

        if (r < 0)
                return r;
        r = argument ? sd_bus_message_append_basic(message, 's', argument) : 0;
        return r < 0 ? client_fail(client, r, NULL) : client_send(client, message, ret_reply);
}

int client_wake(Client *client) {
        return call_bare(client, "org.freedesktop.DBus.Peer", "Ping", NULL, NULL);
}

int client_get_timer(Client *client, TimerState *ret_timer) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        int r = call_bare(client, "org.freedesktop.DBus.Properties", "GetAll", POMOD_INTERFACE_TIMER, &reply);

        if (r < 0)
                return r;

        r = timer_state_read(reply, ret_timer);
        return r < 0 ? client_fail(client, r, NULL) : 0;
}
