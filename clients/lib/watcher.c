/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clients/lib/watcher.h"
#include "common/cleanup.h"
#include "common/names.h"

#define RETRY_FIRST_USEC 100000ULL
#define RETRY_MAX_USEC   30000000ULL

struct Watcher {
        sd_event_source *retry; /* armed only while waiting to try again */
        uint64_t retry_usec;
        sd_event_source *first; /* the first callback, from the loop */

        Client *client; /* the connection, which nothing else uses */
        uint32_t uid;
        WatcherCallback callback;
        WatcherEventCallback event_callback;
        void *event_userdata;
        void *userdata;

        sd_bus_slot *owner_match, *disconnect_match, *signal_filter;
        sd_bus_slot *subscribe_call, *read_call, *wake_call;

        char *owner; /* the unique name that answered: signals of any other are not the daemon's */
        bool follows_schedule;
        bool holding; /* the first words are kept back for the ends of what holds, so that they come once */
        sd_bus_slot *explain_call;
        char *asked_of; /* the state, rule and mode that were asked about last */
        uint64_t until_usec;

        bool known;
        bool explained; /* why it is away: the client has the sentence */
        TimerState timer;
};

static int watcher_connect(Watcher *watcher);

/* The client would make a new connection where the old one died, but one that nobody listens on: that is for
 * the retry to do. */
static bool watcher_is_connected(const Watcher *watcher) {
        sd_bus *bus = client_bus(watcher->client);

        return bus && sd_bus_is_open(bus) > 0;
}

static void watcher_forget(Watcher *watcher) {
        watcher->subscribe_call = sd_bus_slot_unref(watcher->subscribe_call);
        watcher->read_call = sd_bus_slot_unref(watcher->read_call);
        watcher->explain_call = sd_bus_slot_unref(watcher->explain_call);
        free(steal(watcher->asked_of));
        watcher->until_usec = 0;
        free(steal(watcher->owner));
        if (watcher->known)
                timer_state_done(&watcher->timer);
        watcher->timer = (TimerState){ 0 };
        watcher->known = false;
}

static void watcher_disconnect(Watcher *watcher) {
        watcher_forget(watcher);
        watcher->wake_call = sd_bus_slot_unref(watcher->wake_call);
        watcher->owner_match = sd_bus_slot_unref(watcher->owner_match);
        watcher->disconnect_match = sd_bus_slot_unref(watcher->disconnect_match);
        watcher->signal_filter = sd_bus_slot_unref(watcher->signal_filter);
        client_disconnect(watcher->client);
}

static void watcher_tell(Watcher *watcher) {
        watcher->first = sd_event_source_disable_unref(watcher->first);
        watcher->holding = false;
        watcher->callback(watcher, watcher_timer(watcher), watcher->userdata);
}

static void watcher_away(Watcher *watcher) {
        watcher_forget(watcher);
        watcher->explained = false;
        watcher_tell(watcher);
}

/* The client was told what went wrong, and speaks of it until something else does. */
static void watcher_away_because(Watcher *watcher) {
        watcher_forget(watcher);
        watcher->explained = true;
        watcher_tell(watcher);
}

/* ---- trying again ---- */

static int watcher_ask(Watcher *watcher);

static void watcher_retry_later(Watcher *watcher) {
        if (sd_event_source_set_time_relative(watcher->retry, watcher->retry_usec) >= 0)
                (void) sd_event_source_set_enabled(watcher->retry, SD_EVENT_ONESHOT);

        watcher->retry_usec *= 2;
        if (watcher->retry_usec > RETRY_MAX_USEC)
                watcher->retry_usec = RETRY_MAX_USEC;
}

static int on_retry(sd_event_source *source, uint64_t usec, void *userdata) {
        Watcher *watcher = userdata;
        int r;

        if (watcher_is_connected(watcher))
                r = watcher_ask(watcher);
        else {
                watcher_disconnect(watcher);
                r = watcher_connect(watcher);
        }
        if (r < 0) {
                watcher_away_because(watcher);
                watcher_retry_later(watcher);
        }
        return 0;
}

/* An answer that was no answer. Where there is simply no daemon, the change of its name will tell of one. */
static void watcher_failed(Watcher *watcher, int r, const sd_bus_error *error) {
        client_fail(watcher->client, r, error);
        if (sd_bus_error_has_names(error, SD_BUS_ERROR_NAME_HAS_NO_OWNER, SD_BUS_ERROR_SERVICE_UNKNOWN)) {
                watcher_away(watcher);
                return;
        }
        watcher_away_because(watcher);
        watcher_retry_later(watcher);
}

/* ---- what the schedule says ---- */

static void schedule_answered(Watcher *watcher, bool news) {
        if (watcher->holding || news)
                watcher_tell(watcher);
}

/* A daemon that cannot say it is one that is shown without: no error. */
static int on_explained(sd_bus_message *reply, void *userdata, sd_bus_error *ret_error) {
        Watcher *watcher = userdata;
        uint64_t until_usec = 0;
        const char *key;
        bool news;
        int r;

        watcher->explain_call = sd_bus_slot_unref(watcher->explain_call);
        r = sd_bus_message_is_method_error(reply, NULL) ? -EIO
                                                        : sd_bus_message_enter_container(reply, 'a', "{sv}");
        while (r >= 0 && (r = sd_bus_message_enter_container(reply, 'e', "sv")) > 0) {
                r = sd_bus_message_read_basic(reply, 's', &key);
                if (r >= 0 && strcmp(key, "UntilRealtimeUSec") == 0)
                        r = sd_bus_message_read(reply, "v", "t", &until_usec);
                else if (r >= 0)
                        r = sd_bus_message_skip(reply, "v");
                if (r >= 0)
                        r = sd_bus_message_exit_container(reply);
        }

        news = r >= 0 && watcher->until_usec != until_usec;
        if (news)
                watcher->until_usec = until_usec;
        schedule_answered(watcher, news);
        return 0;
}

static int schedule_ask(Watcher *watcher) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *explain = NULL;
        int r;

        if (!watcher_is_connected(watcher))
                return -ENOTCONN;
        watcher->explain_call = sd_bus_slot_unref(watcher->explain_call);
        r = client_message_new(watcher->client, POMOD_INTERFACE_SCHEDULES, "Explain", &explain);
        if (r < 0)
                return r;
        r = sd_bus_message_append(explain, "ta{sv}", 0ULL, 0);
        if (r < 0)
                return r;
        return sd_bus_call_async(client_bus(watcher->client), &watcher->explain_call, explain, on_explained,
                        watcher, 0);
}

/* Nothing is asked as long as the timer says the same of it. */
static void schedule_follow(Watcher *watcher, bool anyway) {
        const TimerState *timer = watcher_timer(watcher);
        char *of = NULL;

        if (!watcher->follows_schedule || !timer ||
                        asprintf(&of, "%s\n%s\n%s", timer->schedule_state, timer->rule, timer->mode) < 0)
                return;
        if (!anyway && watcher->asked_of && strcmp(of, watcher->asked_of) == 0) {
                free(of);
                return;
        }
        if (!anyway)
                watcher->until_usec = 0;
        free(watcher->asked_of);
        watcher->asked_of = of;
        (void) schedule_ask(watcher);
}

void watcher_follow_schedule(Watcher *watcher) {
        watcher->follows_schedule = true;
        schedule_follow(watcher, false);
}

uint64_t watcher_schedule_until_usec(const Watcher *watcher) {
        return watcher->known ? watcher->until_usec : 0;
}

/* ---- subscribe, then read ---- */

static int on_read(sd_bus_message *reply, void *userdata, sd_bus_error *ret_error) {
        Watcher *watcher = userdata;
        TimerState timer = { 0 };
        int r;

        watcher->read_call = sd_bus_slot_unref(watcher->read_call);
        r = -sd_bus_message_get_errno(reply);
        if (r == 0)
                r = timer_state_read(reply, &timer);
        if (r < 0) {
                watcher_failed(watcher, r, sd_bus_message_get_error(reply));
                return 0;
        }

        if (watcher->known)
                timer_state_done(&watcher->timer);
        watcher->timer = timer;
        watcher->known = true;
        watcher->explained = false;
        free(watcher->owner);
        watcher->owner = strdup(sd_bus_message_get_sender(reply) ?: "");
        watcher->retry_usec = RETRY_FIRST_USEC;
        schedule_follow(watcher, false);
        watcher->holding = watcher->explain_call;
        if (!watcher->holding)
                watcher_tell(watcher);
        return 0;
}

static int watcher_read(Watcher *watcher) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;
        int r;

        if (!watcher_is_connected(watcher))
                return -ENOTCONN;
        r = client_message_new(watcher->client, "org.freedesktop.DBus.Properties", "GetAll", &call);
        if (r < 0)
                return r;
        r = sd_bus_message_append(call, "s", POMOD_INTERFACE_TIMER);
        if (r < 0)
                return r;
        watcher->read_call = sd_bus_slot_unref(watcher->read_call);
        return sd_bus_call_async(client_bus(watcher->client), &watcher->read_call, call, on_read, watcher, 0);
}

static int on_subscribed(sd_bus_message *reply, void *userdata, sd_bus_error *ret_error) {
        Watcher *watcher = userdata;

        watcher->subscribe_call = sd_bus_slot_unref(watcher->subscribe_call);
        if (sd_bus_message_is_method_error(reply, NULL))
                watcher_failed(watcher, -sd_bus_message_get_errno(reply), sd_bus_message_get_error(reply));
        return 0;
}

static int watcher_subscribe(Watcher *watcher) {
        sd_bus *bus = client_bus(watcher->client);
        cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;
        int r;

        r = sd_bus_message_new_method_call(
                        bus, &call, POMOD_BUS_NAME, POMOD_OBJECT_PATH, POMOD_INTERFACE_MANAGER, "Subscribe");
        if (r < 0)
                return r;
        r = sd_bus_message_set_auto_start(call, false);
        if (r < 0)
                return r;
        r = client_options_open(call);
        if (r >= 0 && watcher->uid != WATCHER_UID_OWN)
                r = client_option_u32(call, "uid", watcher->uid);
        if (r >= 0)
                r = client_options_close(call);
        if (r < 0)
                return r;
        return sd_bus_call_async(bus, &watcher->subscribe_call, call, on_subscribed, watcher, 0);
}

/* Both calls go out at once: the bus keeps their order, so what is read is never older than what is told. */
static int watcher_ask(Watcher *watcher) {
        int r;

        watcher_forget(watcher);
        r = watcher_subscribe(watcher);
        if (r < 0)
                return r;
        return watcher_read(watcher);
}

/* ---- what the bus tells ---- */

/* Whether an event can have moved the end of what holds, though it is the same rule. */
static bool event_moves_schedule(const WatcherEvent *event) {
        static const char *const kinds[] = { "schedule-changed", "settings-changed", "clock-set" };

        for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
                if (strcmp(event->kind, kinds[i]) == 0)
                        return true;
        return false;
}

static int read_event(sd_bus_message *message, WatcherEvent *ret_event) {
        WatcherEvent event = { .interval = "", .reason = "" };
        int r;

        r = sd_bus_message_read(message, "ts", NULL, &event.kind);
        if (r < 0)
                return r;
        r = sd_bus_message_enter_container(message, SD_BUS_TYPE_ARRAY, "{sv}");
        while (r >= 0 && (r = sd_bus_message_enter_container(message, SD_BUS_TYPE_DICT_ENTRY, "sv")) > 0) {
                const char *key;

                r = sd_bus_message_read_basic(message, SD_BUS_TYPE_STRING, &key);
                if (r < 0)
                        return r;
                if (strcmp(key, "Kind") == 0)
                        r = sd_bus_message_read(message, "v", "s", &event.interval);
                else if (strcmp(key, "Reason") == 0)
                        r = sd_bus_message_read(message, "v", "s", &event.reason);
                else if (strcmp(key, "AtRealtimeUSec") == 0)
                        r = sd_bus_message_read(message, "v", "t", &event.at_real_usec);
                else if (strcmp(key, "SinceRealtimeUSec") == 0)
                        r = sd_bus_message_read(message, "v", "t", &event.since_real_usec);
                else
                        r = sd_bus_message_skip(message, "v");
                if (r >= 0)
                        r = sd_bus_message_exit_container(message);
        }
        if (r >= 0)
                *ret_event = event;
        return r;
}

static int on_signal(sd_bus_message *message, void *userdata, sd_bus_error *ret_error) {
        Watcher *watcher = userdata;
        bool is_event = sd_bus_message_is_signal(message, POMOD_INTERFACE_TIMER, "Event") > 0;
        WatcherEvent event;
        int r;

        if (!is_event && !sd_bus_message_is_signal(
                                         message, "org.freedesktop.DBus.Properties", "PropertiesChanged"))
                return 0;
        /* Anybody may send us a signal; before the first read there is nothing to apply it to. */
        if (!watcher->known || !watcher->owner ||
                        strcmp(sd_bus_message_get_sender(message) ?: "", watcher->owner) != 0 ||
                        strcmp(sd_bus_message_get_path(message) ?: "", client_user_path(watcher->client)) !=
                                        0)
                return 0;

        if (is_event) {
                if (read_event(message, &event) < 0)
                        return 0;
                if (event_moves_schedule(&event))
                        schedule_follow(watcher, true);
                if (watcher->event_callback)
                        watcher->event_callback(watcher, &event, watcher->event_userdata);
                return 0;
        }

        r = timer_state_update(&watcher->timer, message);
        if (r == 0)
                return 0;
        if (r < 0) /* half of it may be applied: only a fresh read is right again */
                r = watcher_read(watcher);
        else {
                schedule_follow(watcher, false);
                watcher_tell(watcher);
        }
        if (r < 0)
                watcher_retry_later(watcher);
        return 0;
}

static int on_owner_changed(sd_bus_message *message, void *userdata, sd_bus_error *ret_error) {
        Watcher *watcher = userdata;
        const char *name, *old_owner, *new_owner;

        if (sd_bus_message_read(message, "sss", &name, &old_owner, &new_owner) < 0 ||
                        strcmp(name, POMOD_BUS_NAME) != 0)
                return 0;
        (void) sd_event_source_set_enabled(watcher->retry, SD_EVENT_OFF);
        watcher->retry_usec = RETRY_FIRST_USEC;
        if (!*new_owner)
                watcher_away(watcher);
        else if (watcher_ask(watcher) < 0)
                watcher_retry_later(watcher);
        return 0;
}

static int on_disconnected(sd_bus_message *message, void *userdata, sd_bus_error *ret_error) {
        Watcher *watcher = userdata;

        /* The connection itself is let go of by the retry: this is called from within it. */
        watcher_failed(watcher, -ECONNRESET, NULL);
        return 0;
}

/* ---- the connection ---- */

static int watcher_connect(Watcher *watcher) {
        sd_bus *bus;
        int r;

        r = client_connect(watcher->client);
        if (r < 0)
                return r;
        bus = client_bus(watcher->client);
        r = sd_bus_match_signal_async(bus, &watcher->disconnect_match, "org.freedesktop.DBus.Local",
                        "/org/freedesktop/DBus/Local", "org.freedesktop.DBus.Local", "Disconnected",
                        on_disconnected, NULL, watcher);
        if (r < 0)
                return r;
        /* The name as argument: any other connection that comes or goes wakes nobody. */
        r = sd_bus_add_match_async(bus, &watcher->owner_match,
                        "type='signal',sender='org.freedesktop.DBus',path='/org/freedesktop/DBus',"
                        "interface='org.freedesktop.DBus',member='NameOwnerChanged',arg0='" POMOD_BUS_NAME
                        "'",
                        on_owner_changed, NULL, watcher);
        if (r < 0)
                return r;
        /* A filter and no match: what is meant for this connection arrives without asking the bus for it. */
        r = sd_bus_add_filter(bus, &watcher->signal_filter, on_signal, watcher);
        if (r < 0)
                return r;
        return watcher_ask(watcher);
}

static int on_first(sd_event_source *source, void *userdata) {
        watcher_away_because(userdata);
        return 0;
}

int watcher_new(sd_event *event, const char *address, uint32_t uid, WatcherCallback callback, void *userdata,
                Watcher **ret_watcher) {
        cleanup_(watcher_unrefp) Watcher *watcher = NULL;
        int r;

        watcher = calloc(1, sizeof(*watcher));
        if (!watcher)
                return -ENOMEM;
        watcher->uid = uid;
        watcher->callback = callback;
        watcher->userdata = userdata;
        watcher->retry_usec = RETRY_FIRST_USEC;

        r = client_new(address, CLIENT_NO_AUTO_START, &watcher->client);
        if (r < 0)
                return r;
        if (uid != WATCHER_UID_OWN)
                client_set_uid(watcher->client, uid);
        r = client_attach_event(watcher->client, event);
        if (r < 0)
                return r;
        r = sd_event_add_time(event, &watcher->retry, CLOCK_BOOTTIME, UINT64_MAX, 1000, on_retry, watcher);
        if (r < 0)
                return r;
        r = sd_event_source_set_enabled(watcher->retry, SD_EVENT_OFF);
        if (r < 0)
                return r;

        r = watcher_connect(watcher);
        if (r == -EINVAL)
                return r;
        if (r < 0) {
                r = sd_event_add_defer(event, &watcher->first, on_first, watcher);
                if (r < 0)
                        return r;
                watcher_retry_later(watcher);
        }
        *ret_watcher = steal(watcher);
        return 0;
}

Watcher *watcher_unref(Watcher *watcher) {
        if (!watcher)
                return NULL;
        if (watcher->client)
                watcher_disconnect(watcher);
        sd_event_source_disable_unref(watcher->retry);
        sd_event_source_disable_unref(watcher->first);
        client_unref(watcher->client);
        free(watcher);
        return NULL;
}

const TimerState *watcher_timer(const Watcher *watcher) {
        return watcher->known ? &watcher->timer : NULL;
}

const char *watcher_message(const Watcher *watcher) {
        return watcher->explained ? client_error_message(watcher->client) : NULL;
}

/* ---- requests ---- */

typedef struct Request {
        Watcher *watcher;
        WatcherReply reply;
        void *userdata;
} Request;

static int on_requested(sd_bus_message *message, void *userdata, sd_bus_error *ret_error) {
        Request *request = userdata;
        const sd_bus_error *error = sd_bus_message_get_error(message);

        if (request->reply)
                request->reply(request->watcher, error ? error->name : NULL, error ? error->message : NULL,
                                request->userdata);
        return 0;
}

/* flag and number: the names of one more option each, NULL for none. */
static int watcher_send(Watcher *watcher, const char *verb, uint64_t if_seq, const char *flag,
                const char *number, uint64_t value, WatcherReply reply, void *userdata) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;
        cleanup_(sd_bus_slot_unrefp) sd_bus_slot *slot = NULL;
        Request *request;
        int r;

        if (!watcher->known || !watcher_is_connected(watcher))
                return -ENOTCONN;
        r = client_message_new(watcher->client, POMOD_INTERFACE_TIMER, verb, &call);
        if (r < 0)
                return r;
        r = client_options_open(call);
        if (r >= 0)
                r = client_option_u64(call, "if-seq", if_seq);
        if (r >= 0 && flag)
                r = client_option_bool(call, flag, true);
        if (r >= 0 && number)
                r = client_option_u64(call, number, value);
        if (r >= 0)
                r = client_options_close(call);
        if (r < 0)
                return r;

        request = malloc(sizeof(*request));
        if (!request)
                return -ENOMEM;
        *request = (Request){ .watcher = watcher, .reply = reply, .userdata = userdata };
        r = sd_bus_call_async(client_bus(watcher->client), &slot, call, on_requested, request, 0);
        if (r < 0) {
                free(request);
                return r;
        }
        /* From here on the slot owns the request, and the connection the slot. */
        (void) sd_bus_slot_set_destroy_callback(slot, free);
        (void) sd_bus_slot_set_floating(slot, true);
        return 0;
}

int watcher_request(Watcher *watcher, const char *verb, uint64_t if_seq, WatcherReply reply, void *userdata) {
        return watcher_send(watcher, verb, if_seq, NULL, NULL, 0, reply, userdata);
}

int watcher_request_option(Watcher *watcher, const char *verb, uint64_t if_seq, const char *option,
                WatcherReply reply, void *userdata) {
        return watcher_send(watcher, verb, if_seq, option, NULL, 0, reply, userdata);
}

int watcher_stop_at(Watcher *watcher, uint64_t at_real_usec, uint64_t if_seq, WatcherReply reply,
                void *userdata) {
        return watcher_send(watcher, "Stop", if_seq, NULL, "at-realtime-usec", at_real_usec, reply, userdata);
}

void watcher_set_event_callback(Watcher *watcher, WatcherEventCallback callback, void *userdata) {
        watcher->event_callback = callback;
        watcher->event_userdata = userdata;
}

static int on_woken(sd_bus_message *reply, void *userdata, sd_bus_error *ret_error) {
        Watcher *watcher = userdata;

        watcher->wake_call = sd_bus_slot_unref(watcher->wake_call);
        /* That it could not be started is worth telling; that it was, the change of its name tells. */
        if (!sd_bus_message_is_method_error(reply, NULL) || watcher->known)
                return 0;
        client_fail(watcher->client, -sd_bus_message_get_errno(reply), sd_bus_message_get_error(reply));
        watcher_away_because(watcher);
        return 0;
}

int watcher_wake(Watcher *watcher) {
        if (!watcher_is_connected(watcher))
                return -ENOTCONN;
        watcher->wake_call = sd_bus_slot_unref(watcher->wake_call);
        return sd_bus_call_method_async(client_bus(watcher->client), &watcher->wake_call,
                        "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                        "StartServiceByName", on_woken, watcher, "su", POMOD_BUS_NAME, 0);
}
