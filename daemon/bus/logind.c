/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/logind.h"

#include <assert.h>
#include <errno.h>
#include <glib.h>
#include <fcntl.h>
#include <string.h>

#include "daemon/bus/sessions.h"
#include "daemon/engine/journal.h"

#define LOGIND_MANAGER "org.freedesktop.login1.Manager"

#define TIMEDATE_NAME "org.freedesktop.timedate1"

#define BUS_NAME   "org.freedesktop.DBus"
#define LOCAL_NAME "org.freedesktop.DBus.Local"

#define MATCHES_MAX 9

typedef struct Service {
        Logind *logind;
        const char *name;
        char *owner; /* its unique name; NULL: it does not run, or the bus has not said so yet */
        sd_bus_slot *asking;
        void (*known)(Logind *logind); /* it has another owner than before, or none */
} Service;

struct Logind {
        Bus *bus;
        sd_bus *system;
        sd_bus_slot *matches[MATCHES_MAX];
        unsigned n_matches;
        Service login, timedate;
        sd_bus_slot *asking_inhibitor;
        int inhibitor; /* held while awake: logind then waits for us before it sleeps */
        Sessions *sessions;
};

/* Anybody may send us a signal that looks like another's: a match does not say who sent it. */
static bool is_from(const char *name, sd_bus_message *message) {
        const char *sender = sd_bus_message_get_sender(message);

        return sender && name && strcmp(sender, name) == 0;
}

static bool is_from_logind(const Logind *logind, sd_bus_message *message) {
        return is_from(logind->login.owner, message);
}

static int on_inhibitor(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        Logind *logind = userdata;
        int fd;

        logind->asking_inhibitor = sd_bus_slot_unref(logind->asking_inhibitor);
        if (sd_bus_message_is_method_error(message, NULL)) {
                journal_info("logind gives no delay lock (%s): sleep is noticed on waking up.",
                                sd_bus_message_get_error(message)->message);
                return 1;
        }
        if (sd_bus_message_read_basic(message, SD_BUS_TYPE_UNIX_FD, &fd) < 0)
                return 1;
        close_fd(logind->inhibitor);
        logind->inhibitor = fcntl(fd, F_DUPFD_CLOEXEC, 3); /* the one in the message goes with it */
        return 1;
}

static void take_inhibitor(Logind *logind) {
        logind->asking_inhibitor = sd_bus_slot_unref(logind->asking_inhibitor);
        (void) sd_bus_call_method_async(logind->system, &logind->asking_inhibitor, LOGIND_NAME, LOGIND_PATH,
                        LOGIND_MANAGER, "Inhibit", on_inhibitor, logind, "ssss", "sleep", "pomod",
                        "Note how far the running interval is", "delay");
}

static int on_prepare_for_sleep(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        Logind *logind = userdata;
        int about_to_sleep;

        if (!is_from_logind(logind, message) ||
                        sd_bus_message_read_basic(message, SD_BUS_TYPE_BOOLEAN, &about_to_sleep) < 0)
                return 0;
        if (about_to_sleep) {
                engine_sleep(logind->bus->engine);
                logind->inhibitor = close_fd(logind->inhibitor);
        } else {
                take_inhibitor(logind);
                engine_look(logind->bus->engine);
        }
        return 0;
}

static int on_session_new(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        Logind *logind = userdata;
        const char *path;

        if (is_from_logind(logind, message) && sd_bus_message_read(message, "so", NULL, &path) >= 0)
                sessions_look_at(logind->sessions, path);
        return 0;
}

static int on_session_removed(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        Logind *logind = userdata;
        const char *path;

        if (is_from_logind(logind, message) && sd_bus_message_read(message, "so", NULL, &path) >= 0)
                sessions_remove(logind->sessions, path);
        return 0;
}

static int on_session_changed(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        Logind *logind = userdata;

        if (is_from_logind(logind, message) && sd_bus_message_skip(message, "s") >= 0)
                (void) sessions_read_change(logind->sessions, sd_bus_message_get_path(message), message);
        return 0;
}

static int on_timedate_changed(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        Logind *logind = userdata;

        if (is_from(logind->timedate.owner, message))
                engine_zone_changed(logind->bus->engine);
        return 0;
}

/* ---- who they are ---- */

static void on_login_known(Logind *logind) {
        logind->inhibitor = close_fd(logind->inhibitor);
        sessions_clear(logind->sessions);
        if (!logind->login.owner)
                return;
        take_inhibitor(logind);
        sessions_list(logind->sessions);
}

/* It comes when it is needed and goes when it is idle, and what it did before it was known is not told. */
static void on_timedate_known(Logind *logind) {
        engine_zone_changed(logind->bus->engine);
}

static void set_owner(Service *service, const char *owner) {
        service->asking = sd_bus_slot_unref(service->asking);
        g_free(service->owner);
        service->owner = owner && *owner ? g_strdup(owner) : NULL;
        service->known(service->logind);
}

static int on_owner_changed(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        Logind *logind = userdata;
        const char *name, *owner;

        if (!is_from(BUS_NAME, message) || sd_bus_message_read(message, "sss", &name, NULL, &owner) < 0)
                return 0;
        if (strcmp(name, LOGIND_NAME) == 0)
                set_owner(&logind->login, owner);
        else if (strcmp(name, TIMEDATE_NAME) == 0)
                set_owner(&logind->timedate, owner);
        return 0;
}

static int on_owner(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        const char *owner = NULL;

        if (!sd_bus_message_is_method_error(message, NULL))
                (void) sd_bus_message_read_basic(message, SD_BUS_TYPE_STRING, &owner);
        set_owner(userdata, owner);
        return 1;
}

/* This starts nothing. */
static int service_ask(Service *service) {
        return sd_bus_call_method_async(service->logind->system, &service->asking, BUS_NAME,
                        "/org/freedesktop/DBus", BUS_NAME, "GetNameOwner", on_owner, service, "s",
                        service->name);
}

static int on_disconnected(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        Logind *logind = userdata;

        if (!is_from(LOCAL_NAME, message))
                return 0;
        journal_info("The system bus is gone: sleep, locked screens and another time zone are no longer told.");
        set_owner(&logind->login, NULL);
        return 0;
}

/* Without this callback, sd-bus would end the connection. */
static int on_matched(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        if (sd_bus_message_is_method_error(message, NULL))
                journal_warning("The system bus does not tell of all that it could: %s.",
                                sd_bus_message_get_error(message)->message);
        return 1;
}

static int add_match(Logind *logind, sd_bus_message_handler_t handler, const char *match) {
        assert(logind->n_matches < MATCHES_MAX);
        return sd_bus_add_match_async(logind->system, &logind->matches[logind->n_matches++], match, handler,
                        on_matched, logind);
}

static int add_matches(Logind *logind) {
        static const struct {
                sd_bus_message_handler_t handler;
                const char *match;
        } matches[] = {
                { on_owner_changed,
                                "type='signal',sender='org.freedesktop.DBus',path='/org/freedesktop/DBus',interface='org.freedesktop.DBus',member='NameOwnerChanged',arg0='org.freedesktop.login1'" },
                { on_owner_changed,
                                "type='signal',sender='org.freedesktop.DBus',path='/org/freedesktop/DBus',interface='org.freedesktop.DBus',member='NameOwnerChanged',arg0='org.freedesktop.timedate1'" },
                { on_prepare_for_sleep,
                                "type='signal',sender='org.freedesktop.login1',path='/org/freedesktop/login1',interface='org.freedesktop.login1.Manager',member='PrepareForSleep'" },
                { on_session_new,
                                "type='signal',sender='org.freedesktop.login1',path='/org/freedesktop/login1',interface='org.freedesktop.login1.Manager',member='SessionNew'" },
                { on_session_removed,
                                "type='signal',sender='org.freedesktop.login1',path='/org/freedesktop/login1',interface='org.freedesktop.login1.Manager',member='SessionRemoved'" },
                { on_session_changed,
                                "type='signal',sender='org.freedesktop.login1',path_namespace='/org/freedesktop/login1/session',interface='org.freedesktop.DBus.Properties',member='PropertiesChanged',arg0='org.freedesktop.login1.Session'" },
                { on_timedate_changed,
                                "type='signal',sender='org.freedesktop.timedate1',path='/org/freedesktop/timedate1',interface='org.freedesktop.DBus.Properties',member='PropertiesChanged',arg0='org.freedesktop.timedate1'" },
        };
        int r = 0;

        for (size_t i = 0; r >= 0 && i < ELEMENTSOF(matches); i++)
                r = add_match(logind, matches[i].handler, matches[i].match);
        return r;
}

/* The bus that pomod is on where that is the system's, else a second connection. */
static int connect_system(Logind *logind) {
        int r;

        if (strcmp(logind->bus->address, "system") == 0) {
                logind->system = sd_bus_ref(logind->bus->bus);
                return 0;
        }
        r = sd_bus_open_system_with_description(&logind->system, "pomod-hints");
        if (r < 0)
                return r;
        r = add_match(logind, on_disconnected,
                        "type='signal',sender='org.freedesktop.DBus.Local',path='/org/freedesktop/DBus/Local',interface='org.freedesktop.DBus.Local',member='Disconnected'");
        if (r < 0)
                return r;
        return sd_bus_attach_event(logind->system, logind->bus->event, SD_EVENT_PRIORITY_NORMAL);
}

static int logind_setup(Logind *logind) {
        int r = connect_system(logind);

        if (r < 0)
                return r;
        logind->sessions = sessions_new(logind->bus, logind->system);
        r = add_matches(logind);
        if (r >= 0)
                r = service_ask(&logind->login);
        if (r >= 0)
                r = service_ask(&logind->timedate);
        return r;
}

Logind *logind_start(Bus *bus) {
        Logind *logind = g_new0(Logind, 1);
        int r;

        logind->bus = bus;
        logind->inhibitor = -1;
        logind->login = (Service){ .logind = logind, .name = LOGIND_NAME, .known = on_login_known };
        logind->timedate = (Service){ .logind = logind, .name = TIMEDATE_NAME, .known = on_timedate_known };
        r = logind_setup(logind);
        if (r >= 0)
                return logind;
        journal_info("No system bus here (%s): nobody tells of sleep, locked screens or another time zone; the clocks are looked at as ever.",
                        strerror(-r));
        return logind_free(logind);
}

Logind *logind_free(Logind *logind) {
        if (!logind)
                return NULL;
        for (unsigned i = 0; i < logind->n_matches; i++)
                sd_bus_slot_unref(logind->matches[i]);
        sd_bus_slot_unref(logind->login.asking);
        sd_bus_slot_unref(logind->timedate.asking);
        sd_bus_slot_unref(logind->asking_inhibitor);
        sessions_free(logind->sessions);
        if (logind->system != logind->bus->bus)
                sd_bus_close(logind->system);
        sd_bus_unref(logind->system);
        close_fd(logind->inhibitor);
        g_free(logind->login.owner);
        g_free(logind->timedate.owner);
        g_free(logind);
        return NULL;
}
