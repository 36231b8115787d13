/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/calls.h"

#include <assert.h>
#include <errno.h>
#include <glib.h>
#include <stdint.h>

#include "common/caps.h"
#include "daemon/bus/access.h"
#include "daemon/bus/errors.h"
#include "daemon/bus/message-size.h"
#include "daemon/bus/queue.h"

#define ANSWER_LEAST_BYTES  256u    /* of an answer with its header, and of a refusal */
#define REFUSAL_USEC        100u    /* of work, nearly, to take a call from the socket and to refuse it */
#define LONG_WAIT_USEC      100000u /* a caller who has waited for longer may have left */
#define UNSENT_MESSAGES_MAX 64u     /* nobody is served while so many wait for the bus to take them */

struct Calls {
        Bus *bus;
        Queue *queue;
        sd_bus_message *serving; /* NULL: none is */
        Caller *caller;          /* whose it is */
        bool is_given;           /* … to sd-bus, which has not come to it yet */
        bool wants_account;      /* … and is to be served anew, once account is known */
        uid_t account;
        bool writes; /* … by a method that does */
        GPtrArray *asking;
};

/* The bus is being asked whose a connection is. */
typedef struct Asking {
        Calls *calls;
        Caller *caller;
        sd_bus_slot *slot;
} Asking;

static void asking_free(void *p) {
        Asking *asking = p;

        sd_bus_slot_unref(asking->slot);
        g_free(asking);
}

static void message_free(void *message) {
        sd_bus_message_unref(message);
}

Calls *calls_new(Bus *bus) {
        Calls *calls = g_new0(Calls, 1);

        calls->bus = bus;
        /* Where all are one user's there is nobody else to be kept from an answer. */
        calls->queue = queue_new(bus->many_users, message_free);
        calls->asking = g_ptr_array_new_with_free_func(asking_free);
        return calls;
}

Calls *calls_free(Calls *calls) {
        if (!calls)
                return NULL;
        g_ptr_array_unref(calls->asking);
        queue_free(calls->queue);
        g_free(calls);
        return NULL;
}

/* ---- taken from the socket ---- */

static void refuse_call(sd_bus_message *message, const Refusal *refusal) {
        cleanup_(sd_bus_error_free) sd_bus_error error = SD_BUS_ERROR_NULL;

        (void) error_set(&error, REFUSAL_LIMITS_EXCEEDED, refusal);
        (void) sd_bus_reply_method_error(message, &error);
}

/* Whoever goes on calling beyond all bounds gets no answer at last: answers that nobody reads fill the bus.
 */
static void refuse_known(Calls *calls, const Caller *caller, sd_bus_message *message) {
        Refusal refusal;

        if (queue_is_over_rate(calls->queue, caller->uid, monotonic_usec()))
                return;
        refuse(&refusal, REFUSAL_LIMITS_EXCEEDED,
                        "%u calls of yours wait, or %u KiB of them, which is the most there can be; wait for an answer before the next call",
                        CAP_CALLS_WAITING, CAP_CALLS_WAITING_BYTES >> 10);
        refuse_call(message, &refusal);
        queue_charge(calls->queue, caller->uid, ANSWER_LEAST_BYTES, monotonic_usec());
        queue_charge_time(calls->queue, caller->uid, REFUSAL_USEC, monotonic_usec());
}

static void refuse_held(sd_bus_message *message) {
        Refusal refusal;

        refuse(&refusal, REFUSAL_LIMITS_EXCEEDED,
                        "%u calls of a connection, and %u MiB of all of them, can wait until the bus has said whose it is; wait for an answer before the next call",
                        CAP_CALLS_HELD, CAP_CALLERS_HELD_BYTES >> 20);
        refuse_call(message, &refusal);
}

static void refuse_new_caller(sd_bus_message *message) {
        Refusal refusal;

        refuse(&refusal, REFUSAL_LIMITS_EXCEEDED,
                        "%u connections came at once, which is the most there can be; call again",
                        CAP_CALLERS_HELD);
        refuse_call(message, &refusal);
}

static void refuse_large(sd_bus_message *message, size_t size) {
        Refusal refusal;

        if (size == SIZE_MAX)
                refuse(&refusal, REFUSAL_LIMITS_EXCEEDED, "this call has more than %u values",
                                CAP_CALL_VALUES);
        else
                refuse(&refusal, REFUSAL_LIMITS_EXCEEDED, "this call has %zu KiB, and one can have %u KiB",
                                size >> 10, CAP_CALL_BYTES >> 10);
        refuse_call(message, &refusal);
}

/* A connection that has left, or of which the bus does not say whose it is, has nothing served. */
static int on_uid(sd_bus_message *answer, void *userdata, sd_bus_error *error) {
        Asking *asking = userdata;
        Calls *calls = asking->calls;
        Caller *caller = asking->caller;
        uint32_t uid;

        if (sd_bus_message_is_method_error(answer, NULL) > 0 ||
                        sd_bus_message_read_basic(answer, SD_BUS_TYPE_UINT32, &uid) < 0)
                queue_drop(calls->queue, caller);
        else {
                caller->is_there = true;
                queue_know(calls->queue, caller, (uid_t) uid);
        }
        g_ptr_array_remove_fast(calls->asking, asking);
        return 1;
}

/* The effective uid alone, from the bus itself: what /proc says of the sender, the sender shapes. */
static int ask_whose(Calls *calls, Caller *caller) {
        Asking *asking = g_new0(Asking, 1);
        int r;

        *asking = (Asking){ .calls = calls, .caller = caller };
        r = sd_bus_call_method_async(calls->bus->bus, &asking->slot, "org.freedesktop.DBus",
                        "/org/freedesktop/DBus", "org.freedesktop.DBus", "GetConnectionUnixUser", on_uid,
                        asking, "s", caller->name);
        if (r < 0) {
                asking_free(asking);
                return r;
        }
        g_ptr_array_add(calls->asking, asking);
        return 0;
}

static Caller *find_caller(Calls *calls, sd_bus_message *message) {
        const char *name = sd_bus_message_get_sender(message);
        Caller *caller = queue_find(calls->queue, name);

        if (caller)
                return caller;
        caller = queue_add(calls->queue, name);
        if (!caller)
                refuse_new_caller(message);
        else if (ask_whose(calls, caller) < 0) {
                queue_drop(calls->queue, caller);
                caller = NULL;
        }
        return caller;
}

static void put(Calls *calls, Caller *caller, sd_bus_message *message) {
        const size_t size = message_size(message);

        if (size > CAP_CALL_BYTES)
                refuse_large(message, size);
        else if (queue_put(calls->queue, caller, message, size, monotonic_usec()) == QUEUE_WAITS)
                sd_bus_message_ref(message);
}

/* One that cannot wait is not gone through, which takes longer than all else that is done here. */
static void take(Calls *calls, sd_bus_message *message) {
        Caller *caller = find_caller(calls, message);

        if (!caller)
                return;
        switch (queue_look(calls->queue, caller)) {
        case QUEUE_WAITS:
                put(calls, caller, message);
                break;
        case QUEUE_FULL:
                refuse_known(calls, caller, message);
                break;
        case QUEUE_FULL_OF_HELD:
                refuse_held(message);
        }
}

bool calls_pass(Calls *calls, sd_bus_message *message) {
        if (message == calls->serving) {
                calls->is_given = false;
                return true;
        }
        if (sd_bus_message_get_sender(message))
                take(calls, message);
        return false;
}

/* ---- served by turns ---- */

static bool is_choked(const Calls *calls) {
        uint64_t unsent = 0;

        return sd_bus_get_n_queued_write(calls->bus->bus, &unsent) >= 0 && unsent > UNSENT_MESSAGES_MAX;
}

/* sd-bus comes to it at once, but for answers that it has waited for. */
static int give(Calls *calls) {
        int r = sd_bus_enqueue_for_read(calls->bus->bus, calls->serving);

        calls->is_given = r >= 0;
        if (r >= 0)
                do
                        r = sd_bus_process(calls->bus->bus, NULL);
                while (r > 0 && calls->is_given);
        return r;
}

/*
 * What somebody asks for who has left since is not done: a person who has waited in vain has given up. Of one
 * who waits for no answer it is not told otherwise.
 */
static bool may_have_left(const Turn *turn) {
        return !turn->caller->is_there &&
               (turn->waited_usec > LONG_WAIT_USEC || sd_bus_message_get_expect_reply(turn->call) <= 0);
}

/* Whose account a call is about, as far as that is seen from outside. */
static uid_t find_account(const Turn *turn) {
        uid_t uid;

        return turn->caller->uid == 0 && user_path_parse(sd_bus_message_get_path(turn->call), &uid)
                               ? uid
                               : turn->caller->uid;
}

/* It may have become somebody else's since the connection before. What is found out meanwhile is not looked
 * at again. */
static bool look_at_account(Calls *calls, Caller *caller, uid_t uid) {
        if (!calls->bus->many_users || (caller->looked && caller->looked_at == uid))
                return true;
        caller->looked = true;
        caller->looked_at = uid;
        /* One more is told that it is not known yet. */
        return engine_account_look(calls->bus->engine, uid) > 0 || queue_is_full_of(calls->queue, uid);
}

/* What a call takes that everybody else waits for; a disk that is slow is nobody's fault. */
static void charge_time(Calls *calls, uid_t uid, uint64_t worked) {
        const uint64_t allowed = calls->writes ? SLICE_USEC : PAGE_USEC;

        if (worked > allowed)
                queue_charge_time(calls->queue, uid, worked - allowed, monotonic_usec());
}

static int serve(Calls *calls, const Turn *turn) {
        const uint64_t before = worked_usec();
        int r;

        turn->caller->is_there = false;
        calls->bus->caller = turn->caller->uid;
        calls->serving = turn->call;
        calls->wants_account = calls->writes = false;
        r = give(calls);
        calls->serving = NULL;
        if (r >= 0 && calls->wants_account) {
                queue_put_back(calls->queue, turn, &calls->account);
                return r;
        }
        queue_charge(calls->queue, turn->caller->uid, ANSWER_LEAST_BYTES, monotonic_usec());
        charge_time(calls, turn->caller->uid, worked_usec() - before);
        sd_bus_message_unref(turn->call);
        return r;
}

static int serve_where_known(Calls *calls, const Turn *turn) {
        const uid_t account = find_account(turn);

        if (may_have_left(turn)) {
                queue_put_back(calls->queue, turn, NULL);
                return ask_whose(calls, turn->caller);
        }
        if (!look_at_account(calls, turn->caller, account)) {
                queue_put_back(calls->queue, turn, &account);
                return 0;
        }
        return serve(calls, turn);
}

int calls_serve(Calls *calls) {
        Turn turn;
        int r;

        assert(!calls->serving);
        if (is_choked(calls) || !queue_next(calls->queue, monotonic_usec(), &turn))
                return 0;
        calls->caller = turn.caller;
        r = serve_where_known(calls, &turn);
        calls->caller = NULL;
        return r < 0 ? r : 1;
}

void calls_note_write(Calls *calls) {
        calls->writes = true;
}

bool calls_know_account(Calls *calls, uid_t uid) {
        assert(calls->serving);
        calls->wants_account = !look_at_account(calls, calls->caller, uid);
        calls->account = uid;
        return !calls->wants_account;
}

void calls_account_known(Calls *calls, uid_t uid) {
        queue_account_known(calls->queue, uid);
}

bool calls_are_urgent(const Calls *calls) {
        return queue_is_urgent(calls->queue);
}

bool calls_are_waiting(const Calls *calls) {
        return queue_is_ready(calls->queue) && !is_choked(calls);
}

uint64_t calls_wake_usec(const Calls *calls) {
        /* Where nobody is served anyway, nobody is woken up for it again and again. */
        return is_choked(calls) ? UINT64_MAX : queue_wake_usec(calls->queue);
}

void calls_charge(Calls *calls, uid_t uid, size_t size) {
        queue_charge(calls->queue, uid, size, monotonic_usec());
}

char *calls_who_was_sent_most(const Calls *calls) {
        return queue_who_was_sent_most(calls->queue, 3);
}
