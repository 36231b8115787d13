/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/*
 * A user who asks for as much as the bus lets them: calls of one kind over so many connections until SIGTERM,
 * then prints how many were sent, answered and refused. What is answered is asked with 64 calls on their way
 * in all, or one a connection; what is not is sent at a pace that the echo service keeps up with. "endless":
 * who reads nothing is subscribed, too, and does not stop where the bus would stop the echo service.
 */

#include <signal.h>
#include <systemd/sd-event.h>

#include "tests/bench/common.h"

#define ON_THEIR_WAY      64u
#define TICK_USEC         5000u
#define UNANSWERED_A_TICK 50u /* 10,000 a second */
#define UNREAD_MOST \
        30000u /* answers, that the bus keeps: with more, it would stop reading from the service */
#define TIMEOUT_USEC (600ULL * 1000000)

typedef struct Flood Flood;

typedef struct Slot {
        Flood *flood;
        sd_bus *bus;
        uint64_t n_sent;
} Slot;

typedef enum Manner {
        MANNER_ASK,
        MANNER_CONNECT, /* a connection for each call */
        MANNER_UNREAD,  /* asks and reads nothing */
        MANNER_QUIET,   /* wants no reply */
} Manner;

typedef struct Kind {
        const char *name;
        Manner manner;
        const char *interface, *member;
        int (*append)(sd_bus_message *call, const Slot *slot);
        bool of_another; /* of root's object */
} Kind;

struct Flood {
        const Kind *kind;
        const char *address, *name;
        char *text; /* to import */
        sd_event *event;
        Slot *slots;
        unsigned n_slots, next_slot;
        bool endless;
        uint64_t n_sent, n_answered, n_refused;
};

/* ---- what is asked ---- */

static int append_timer(sd_bus_message *call, const Slot *slot) {
        return sd_bus_message_append(call, "s", POMOD_INTERFACE_TIMER);
}

static int append_nothing(sd_bus_message *call, const Slot *slot) {
        return 0;
}

static int append_options(sd_bus_message *call, const Slot *slot) {
        return sd_bus_message_append(call, "a{sv}", 0);
}

static int append_period(sd_bus_message *call, const Slot *slot) {
        return sd_bus_message_append(call, "sa{sv}", "", 0);
}

static int append_title(sd_bus_message *call, const Slot *slot) {
        char title[64];

        snprintf(title, sizeof(title), "task %" PRIu64 " of the flood", slot->n_sent);
        return sd_bus_message_append(call, "sa{sv}", title, 0);
}

static int append_text(sd_bus_message *call, const Slot *slot) {
        return sd_bus_message_append(call, "sa{sv}", slot->flood->text, 0);
}

/* One after the other, with a note as long as can be. */
static int append_interval(sd_bus_message *call, const Slot *slot) {
        const uint64_t begin = 1000000ULL *
                               (1000000000 + 60 * (slot->n_sent * slot->flood->n_slots +
                                                                  (uint64_t) (slot - slot->flood->slots)));
        char note[4001];

        memset(note, 'n', sizeof(note) - 1);
        note[sizeof(note) - 1] = '\0';
        return sd_bus_message_append(call, "tta{sv}", begin, begin + 30 * 1000000ULL, 1, "note", "s", note);
}

static int append_start(sd_bus_message *call, const Slot *slot) {
        return slot->n_sent % 2 == 0 ? sd_bus_message_append(call, "sa{sv}", "freeform", 1, "switch", "b", 1)
                                     : sd_bus_message_append(call, "a{sv}", 0);
}

#define PROPERTIES "org.freedesktop.DBus.Properties"

static const Kind kinds[] = {
        { "getall", MANNER_ASK, PROPERTIES, "GetAll", append_timer },
        { "introspect", MANNER_ASK, "org.freedesktop.DBus.Introspectable", "Introspect", append_nothing },
        { "connect", MANNER_CONNECT, PROPERTIES, "GetAll", append_timer },
        { "unread", MANNER_UNREAD, PROPERTIES, "GetAll", append_timer },
        { "quiet-reads", MANNER_QUIET, POMOD_INTERFACE_HISTORY, "Query", append_period },
        { "quiet-writes", MANNER_QUIET, POMOD_INTERFACE_TASKS, "Add", append_title },
        { "refused", MANNER_ASK, PROPERTIES, "GetAll", append_timer, .of_another = true },
        { "start-stop", MANNER_ASK, POMOD_INTERFACE_TIMER, "Start", append_start },
        { "tasks", MANNER_ASK, POMOD_INTERFACE_TASKS, "Add", append_title },
        { "import", MANNER_ASK, POMOD_INTERFACE_SCHEDULES, "Import", append_text },
        { "export", MANNER_ASK, POMOD_INTERFACE_HISTORY, "Export", append_period },
        { "backup", MANNER_ASK, POMOD_INTERFACE_HISTORY, "Backup", append_options },
        { "notes", MANNER_ASK, POMOD_INTERFACE_HISTORY, "Add", append_interval },
};

static int make_call(Slot *slot, sd_bus_message **ret_call) {
        const Kind *kind = slot->flood->kind;
        const char *member = kind->append == append_start && slot->n_sent % 2 != 0 ? "Stop" : kind->member;
        cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;
        int r;

        r = sd_bus_message_new_method_call(slot->bus, &call, slot->flood->name,
                        kind->of_another ? POMOD_USER_PATH "/_0" : user_path(), kind->interface, member);
        if (r >= 0)
                r = kind->append(call, slot);
        if (r >= 0 && kind->manner == MANNER_QUIET)
                r = sd_bus_message_set_expect_reply(call, false);
        if (r < 0)
                return r;
        slot->n_sent++;
        slot->flood->n_sent++;
        *ret_call = steal(call);
        return 0;
}

/* ---- asking ---- */

static int slot_ask(Slot *slot);

static void slot_connect(Slot *slot) {
        slot->bus = bus_connect(slot->flood->address);
        if (sd_bus_attach_event(slot->bus, slot->flood->event, SD_EVENT_PRIORITY_NORMAL) < 0)
                die(ENOMEM, "no place in the loop");
}

static int on_answer(sd_bus_message *answer, void *userdata, sd_bus_error *error) {
        Slot *slot = userdata;
        int r;

        if (sd_bus_message_is_method_error(answer, NULL) > 0)
                slot->flood->n_refused++;
        else
                slot->flood->n_answered++;
        if (slot->flood->kind->manner == MANNER_CONNECT) {
                sd_bus_detach_event(slot->bus);
                sd_bus_close_unref(slot->bus);
                slot_connect(slot);
        }
        r = slot_ask(slot);
        if (r < 0)
                die(r, "a call cannot be sent");
        return 1;
}

static int slot_ask(Slot *slot) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;
        int r = make_call(slot, &call);

        return r < 0 ? r : sd_bus_call_async(slot->bus, NULL, call, on_answer, slot, TIMEOUT_USEC);
}

/* ---- sending ---- */

static int slot_send(Slot *slot) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;
        int r = make_call(slot, &call);

        if (r >= 0)
                r = sd_bus_send(slot->bus, call, NULL);
        return r < 0 ? r : sd_bus_flush(slot->bus);
}

static int on_tick(sd_event_source *source, uint64_t usec, void *userdata) {
        Flood *flood = userdata;
        const bool bounded = flood->kind->manner == MANNER_UNREAD && !flood->endless;
        int r = 0;

        for (unsigned i = 0; r >= 0 && i < UNANSWERED_A_TICK; i++) {
                if (bounded && flood->n_sent >= UNREAD_MOST)
                        return 0;
                r = slot_send(&flood->slots[flood->next_slot]);
                flood->next_slot = (flood->next_slot + 1) % flood->n_slots;
        }
        if (r >= 0)
                r = sd_event_source_set_time_relative(source, TICK_USEC);
        return r < 0 ? r : sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

static void begin_sending(Flood *flood) {
        const char *unique;
        int r = 0;

        for (unsigned i = 0; r >= 0 && i < flood->n_slots; i++) {
                flood->slots[i].bus = bus_connect(flood->address);
                r = sd_bus_get_unique_name(flood->slots[i].bus, &unique);
                if (r >= 0 && flood->endless)
                        r = sd_bus_call_method_async(flood->slots[i].bus, NULL, flood->name,
                                        POMOD_OBJECT_PATH, POMOD_INTERFACE_MANAGER, "Subscribe", NULL, NULL,
                                        "a{sv}", 0);
        }
        if (r >= 0)
                r = sd_event_add_time_relative(
                                flood->event, NULL, CLOCK_MONOTONIC, TICK_USEC, 1, on_tick, flood);
        if (r < 0)
                die(r, "the flood cannot begin");
}

static void begin_asking(Flood *flood) {
        const unsigned window = flood->kind->manner == MANNER_CONNECT ? 1
                                : flood->n_slots < ON_THEIR_WAY       ? ON_THEIR_WAY / flood->n_slots
                                                                      : 1;
        int r = 0;

        for (unsigned i = 0; r >= 0 && i < flood->n_slots; i++) {
                slot_connect(&flood->slots[i]);
                for (unsigned n = 0; r >= 0 && n < window; n++)
                        r = slot_ask(&flood->slots[i]);
        }
        if (r < 0)
                die(r, "the flood cannot begin");
}

static const Kind *find_kind(const char *name) {
        for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
                if (strcmp(kinds[i].name, name) == 0)
                        return &kinds[i];
        die(EINVAL, "there is no flood of the kind %s", name);
}

/* A sanitizer that finds memory which was not freed ends the process before the last line is written. */
static void flood_end(Flood *flood) {
        for (unsigned i = 0; i < flood->n_slots; i++) {
                sd_bus_detach_event(flood->slots[i].bus);
                sd_bus_close_unref(flood->slots[i].bus);
        }
        free(flood->slots);
        free(flood->text);
        sd_event_unref(flood->event);
}

static char *read_text(const char *path) {
        FILE *file = fopen(path, "re");
        char *text = NULL;
        size_t size = 0;

        if (!file || getdelim(&text, &size, '\0', file) < 0)
                die(errno, "%s cannot be read", path);
        fclose(file);
        return text;
}

int main(int argc, char *argv[]) {
        Flood flood = {};
        sigset_t mask;
        int r;

        if (argc < 5 || argc > 7) {
                fprintf(stderr, "usage: %s ADDRESS NAME KIND CONNECTIONS [FILE-TO-IMPORT [endless]]\n",
                                argv[0]);
                return 2;
        }
        raise_descriptor_limit();
        sigemptyset(&mask);
        sigaddset(&mask, SIGTERM);
        sigprocmask(SIG_BLOCK, &mask, NULL);
        flood.address = argv[1];
        flood.name = argv[2];
        flood.kind = find_kind(argv[3]);
        flood.n_slots = (unsigned) strtoul(argv[4], NULL, 10);
        flood.text = argc >= 6 ? read_text(argv[5]) : strdup("");
        flood.endless = argc == 7;
        flood.slots = calloc(flood.n_slots, sizeof(*flood.slots));
        if (!flood.slots || !flood.text)
                die(ENOMEM, "no memory");
        for (unsigned i = 0; i < flood.n_slots; i++)
                flood.slots[i].flood = &flood;
        r = sd_event_default(&flood.event);
        if (r >= 0)
                r = sd_event_add_signal(flood.event, NULL, SIGTERM, NULL, NULL);
        if (r < 0)
                die(r, "no loop");
        if (flood.kind->manner == MANNER_UNREAD || flood.kind->manner == MANNER_QUIET)
                begin_sending(&flood);
        else
                begin_asking(&flood);
        puts("ready");
        fflush(stdout);
        r = sd_event_loop(flood.event);
        if (r < 0)
                die(r, "the flood failed");
        printf("%" PRIu64 " sent, %" PRIu64 " answered, %" PRIu64 " refused\n", flood.n_sent,
                        flood.n_answered, flood.n_refused);
        flood_end(&flood);
        return 0;
}
