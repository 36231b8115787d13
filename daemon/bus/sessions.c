/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/sessions.h"

#include <errno.h>
#include <glib.h>
#include <string.h>
#include <time.h>

#include "common/duration.h"
#include "daemon/bus/pace.h"
#include "daemon/bus/values.h"

typedef struct Session {
        Sessions *sessions;
        char *path;
        sd_bus_slot *asking;
        bool known; /* logind has answered; all below is */
        bool graphical;
        uid_t uid;
        bool away[_ABSENCE_KIND_MAX];
        uint64_t idle_since_mono_usec;
} Session;

struct Sessions {
        Bus *bus;
        sd_bus *system;
        sd_bus_slot *listing;
        GHashTable *by_path; /* path -> Session, which it owns */
        GHashTable *told;    /* uid -> the absences that the engine was told of, as 1 << AbsenceKind */
        GHashTable *paces;   /* uid -> Pace of what it is told */
        GHashTable *waiting; /* uids whose news is told later */
        sd_event_source *later;
};

static void session_free(void *p) {
        Session *session = p;

        sd_bus_slot_unref(session->asking);
        g_free(session->path);
        g_free(session);
}

Sessions *sessions_new(Bus *bus, sd_bus *system) {
        Sessions *sessions = g_new0(Sessions, 1);

        sessions->bus = bus;
        sessions->system = sd_bus_ref(system);
        sessions->by_path = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, session_free);
        sessions->told = g_hash_table_new(NULL, NULL);
        sessions->paces = g_hash_table_new_full(NULL, NULL, NULL, g_free);
        sessions->waiting = g_hash_table_new(NULL, NULL);
        return sessions;
}

Sessions *sessions_free(Sessions *sessions) {
        if (!sessions)
                return NULL;
        sd_bus_slot_unref(sessions->listing);
        g_hash_table_unref(sessions->by_path);
        g_hash_table_unref(sessions->told);
        g_hash_table_unref(sessions->paces);
        g_hash_table_unref(sessions->waiting);
        sd_event_source_disable_unref(sessions->later);
        sd_bus_unref(sessions->system);
        g_free(sessions);
        return NULL;
}

static uint64_t clock_usec(clockid_t clock) {
        struct timespec t;

        clock_gettime(clock, &t);
        return (uint64_t) t.tv_sec * USEC_PER_SEC + (uint64_t) t.tv_nsec / 1000;
}

/* logind says since when on CLOCK_MONOTONIC; the engine counts on CLOCK_BOOTTIME. 0 is now. */
static uint64_t boottime_of(uint64_t mono_usec) {
        uint64_t mono = clock_usec(CLOCK_MONOTONIC), boot = clock_usec(CLOCK_BOOTTIME);

        if (mono_usec == 0 || mono_usec > mono)
                return 0;
        return boot - (mono - mono_usec);
}

/* Whether all graphical sessions of a user are locked, or idle, and since when the last of them is. */
static bool is_away(const Sessions *sessions, uid_t uid, AbsenceKind kind, uint64_t *ret_since_mono_usec) {
        GHashTableIter iter;
        uint64_t since = 0;
        bool any = false;
        void *p;

        g_hash_table_iter_init(&iter, sessions->by_path);
        while (g_hash_table_iter_next(&iter, NULL, &p)) {
                const Session *session = p;

                if (!session->known || !session->graphical || session->uid != uid)
                        continue;
                if (!session->away[kind])
                        return false;
                any = true;
                if (kind == ABSENCE_IDLE && session->idle_since_mono_usec > since)
                        since = session->idle_since_mono_usec;
        }
        *ret_since_mono_usec = since;
        return any;
}

static void tell_engine_now(Sessions *sessions, uid_t uid) {
        unsigned told = GPOINTER_TO_UINT(g_hash_table_lookup(sessions->told, GUINT_TO_POINTER(uid)));

        for (int kind = 0; kind < _ABSENCE_KIND_MAX; kind++) {
                unsigned bit = 1u << kind;
                uint64_t since = 0;
                bool away = is_away(sessions, uid, (AbsenceKind) kind, &since);

                if (away == ((told & bit) != 0))
                        continue;
                told ^= bit;
                engine_absence(sessions->bus->engine, uid, (AbsenceKind) kind, away,
                                away ? boottime_of(since) : 0);
        }
        if (told == 0)
                g_hash_table_remove(sessions->told, GUINT_TO_POINTER(uid));
        else
                g_hash_table_insert(sessions->told, GUINT_TO_POINTER(uid), GUINT_TO_POINTER(told));
}

static bool is_news(const Sessions *sessions, uid_t uid) {
        unsigned told = GPOINTER_TO_UINT(g_hash_table_lookup(sessions->told, GUINT_TO_POINTER(uid)));
        uint64_t since;

        for (int kind = 0; kind < _ABSENCE_KIND_MAX; kind++)
                if (is_away(sessions, uid, (AbsenceKind) kind, &since) != ((told & (1u << kind)) != 0))
                        return true;
        return false;
}

static Pace *pace_of(Sessions *sessions, uid_t uid) {
        Pace *pace = g_hash_table_lookup(sessions->paces, GUINT_TO_POINTER(uid));

        if (!pace) {
                pace = g_new0(Pace, 1);
                g_hash_table_insert(sessions->paces, GUINT_TO_POINTER(uid), pace);
        }
        return pace;
}

static int on_later(sd_event_source *source, uint64_t usec, void *userdata);

static int wait_for(Sessions *sessions, uint64_t wait_usec) {
        int r = 0;

        if (!sessions->later)
                r = sd_event_add_time(sessions->bus->event, &sessions->later, CLOCK_MONOTONIC, 0,
                                USEC_PER_MSEC, on_later, sessions);
        if (r >= 0)
                r = sd_event_source_set_time_relative(sessions->later, wait_usec);
        return r < 0 ? r : sd_event_source_set_enabled(sessions->later, SD_EVENT_ONESHOT);
}

/* Anybody may lock and unlock a session of their own as fast as they like, and each time is stored. */
static void tell_engine(Sessions *sessions, uid_t uid) {
        const uint64_t now_usec = monotonic_usec();
        Pace *pace = pace_of(sessions, uid);
        const uint64_t wait_usec = pace_wait(pace, now_usec);

        if (!is_news(sessions, uid))
                return;
        if (wait_usec > 0 && wait_for(sessions, wait_usec) >= 0) {
                g_hash_table_add(sessions->waiting, GUINT_TO_POINTER(uid));
                return;
        }
        pace_take(pace, now_usec);
        tell_engine_now(sessions, uid);
}

static int on_later(sd_event_source *source, uint64_t usec, void *userdata) {
        Sessions *sessions = userdata;
        GList *uids = g_hash_table_get_keys(sessions->waiting);

        g_hash_table_remove_all(sessions->waiting); /* some may have to wait again */
        for (const GList *uid = uids; uid; uid = uid->next)
                tell_engine(sessions, GPOINTER_TO_UINT(uid->data));
        g_list_free(uids);
        return 0;
}

static int read_flag(sd_bus_message *message, bool *ret_flag) {
        int flag, r;

        r = sd_bus_message_read(message, "v", "b", &flag);
        if (r >= 0)
                *ret_flag = flag != 0;
        return r;
}

static int read_property(Session *session, sd_bus_message *message, const char *name) {
        const char *text;
        uint32_t uid;
        int r;

        if (strcmp(name, "LockedHint") == 0)
                return read_flag(message, &session->away[ABSENCE_LOCKED]);
        if (strcmp(name, "IdleHint") == 0)
                return read_flag(message, &session->away[ABSENCE_IDLE]);
        if (strcmp(name, "IdleSinceHintMonotonic") == 0)
                return sd_bus_message_read(message, "v", "t", &session->idle_since_mono_usec);
        if (strcmp(name, "User") == 0) {
                r = sd_bus_message_read(message, "v", "(uo)", &uid, NULL);
                if (r >= 0)
                        session->uid = (uid_t) uid;
                return r;
        }
        if (strcmp(name, "Type") == 0) {
                r = sd_bus_message_read(message, "v", "s", &text);
                if (r >= 0)
                        session->graphical = strcmp(text, "tty") != 0 && strcmp(text, "unspecified") != 0;
                return r;
        }
        return sd_bus_message_skip(message, "v");
}

static int read_properties(Session *session, sd_bus_message *message) {
        const char *name;
        Dict dict;
        int r = dict_begin(&dict, message);

        while (r == 0 && (r = dict_next(&dict, &name)) > 0)
                r = result_of(read_property(session, message, name));
        return r;
}

static int on_properties(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        Session *session = userdata;
        Sessions *sessions = session->sessions;

        session->asking = sd_bus_slot_unref(session->asking);
        if (sd_bus_message_is_method_error(message, NULL) || read_properties(session, message) < 0) {
                g_hash_table_remove(sessions->by_path, session->path); /* it ended meanwhile */
                return 1;
        }
        session->known = true;
        tell_engine(sessions, session->uid);
        return 1;
}

void sessions_look_at(Sessions *sessions, const char *path) {
        Session *session = g_hash_table_lookup(sessions->by_path, path);

        if (!session) {
                session = g_new0(Session, 1);
                session->sessions = sessions;
                session->path = g_strdup(path);
                g_hash_table_insert(sessions->by_path, session->path, session);
        }
        session->asking = sd_bus_slot_unref(session->asking);
        (void) sd_bus_call_method_async(sessions->system, &session->asking, LOGIND_NAME, path,
                        "org.freedesktop.DBus.Properties", "GetAll", on_properties, session, "s",
                        "org.freedesktop.login1.Session");
}

int sessions_read_change(Sessions *sessions, const char *path, sd_bus_message *message) {
        Session *session = g_hash_table_lookup(sessions->by_path, path);
        int r;

        if (!session || !session->known) {
                sessions_look_at(sessions, path);
                return 0;
        }
        r = read_properties(session, message);
        if (r < 0)
                return r;
        tell_engine(sessions, session->uid);
        return 0;
}

void sessions_remove(Sessions *sessions, const char *path) {
        const Session *session = g_hash_table_lookup(sessions->by_path, path);
        uid_t uid;

        if (!session)
                return;
        uid = session->uid;
        g_hash_table_remove(sessions->by_path, path);
        tell_engine(sessions, uid);
}

void sessions_clear(Sessions *sessions) {
        GList *uids = g_hash_table_get_keys(sessions->told);

        sessions->listing = sd_bus_slot_unref(sessions->listing);
        g_hash_table_remove_all(sessions->by_path);
        for (const GList *uid = uids; uid; uid = uid->next)
                tell_engine_now(sessions, GPOINTER_TO_UINT(uid->data));
        g_list_free(uids);
}

static int on_list(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        Sessions *sessions = userdata;
        const char *path;
        int r;

        sessions->listing = sd_bus_slot_unref(sessions->listing);
        if (sd_bus_message_is_method_error(message, NULL))
                return 1;
        r = sd_bus_message_enter_container(message, SD_BUS_TYPE_ARRAY, "(susso)");
        if (r < 0)
                return r;
        while ((r = sd_bus_message_read(message, "(susso)", NULL, NULL, NULL, NULL, &path)) > 0)
                sessions_look_at(sessions, path);
        return r < 0 ? r : 1;
}

void sessions_list(Sessions *sessions) {
        sessions->listing = sd_bus_slot_unref(sessions->listing);
        (void) sd_bus_call_method_async(sessions->system, &sessions->listing, LOGIND_NAME, LOGIND_PATH,
                        "org.freedesktop.login1.Manager", "ListSessions", on_list, sessions, NULL);
}
