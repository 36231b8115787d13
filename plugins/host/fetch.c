/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/fetch.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clients/lib/memory.h"
#include "common/caps.h"
#include "common/cleanup.h"
#include "common/names.h"
#include "plugins/host/answer.h"
#include "plugins/host/note.h"

#define PIECE_BYTES 65536u

struct Fetch {
        Bus *bus;
        HeldAnswer answer;
        void (*ready)(Bus *bus, HeldAnswer *answer, bool complete);
        const HeldClaim *claim; /* that names … */
        const HeldPair *list;   /* … the one that is being read: both the answer's */
        sd_bus_slot *call;
        sd_event_source *source, *timer;
        int fd;
        char *text;
        size_t n_bytes, n_allocated;
        bool incomplete; /* some could not be had */
};

static void next(Fetch *fetch);

static Fetch *fetch_free(Fetch *fetch) {
        answer_clear(&fetch->answer);
        sd_bus_slot_unref(fetch->call);
        sd_event_source_disable_unref(fetch->source);
        sd_event_source_disable_unref(fetch->timer);
        close_fd(fetch->fd);
        free(fetch->text);
        free(fetch);
        return NULL;
}

void fetch_stop(Bus *bus) {
        if (bus->fetch)
                bus->fetch = fetch_free(bus->fetch);
}

static void end(Fetch *fetch, bool complete) {
        Bus *bus = fetch->bus;
        HeldAnswer answer = fetch->answer;
        void (*ready)(Bus *, HeldAnswer *, bool) = fetch->ready;

        fetch->answer = (HeldAnswer){};
        bus->fetch = fetch_free(fetch);
        ready(bus, &answer, complete);
        answer_clear(&answer);
}

/* ---- its text ---- */

static void read_stop(Fetch *fetch) {
        fetch->source = sd_event_source_disable_unref(fetch->source);
        fetch->timer = sd_event_source_disable_unref(fetch->timer);
        fetch->fd = close_fd(fetch->fd);
        fetch->n_bytes = 0;
}

/* Who names it is given the rest, until it can be had. Lists of others are not kept from them by it, and what
 * is written names nothing that is not there, by which all of it could not be read again. */
static void failed(Fetch *fetch, const char *why) {
        cleanup_free_ char *digest = memory_copy(fetch->list->text);

        note_warning("pomod does not give the list '%s': %s", fetch->list->key, why);
        read_stop(fetch);
        for (size_t i = 0; i < fetch->answer.claims.n; i++)
                held_pairs_drop(&fetch->answer.claims.list[i].lists, digest);
        fetch->incomplete = true;
        next(fetch);
}

static void have_text(Fetch *fetch) {
        int r;

        fetch->text[fetch->n_bytes] = '\0';
        r = fetch->bus->config.handler.list(fetch->bus->config.userdata, fetch->list->text, fetch->text);
        read_stop(fetch);
        if (r < 0)
                failed(fetch, r == -EBADMSG ? "the text has another digest" : strerror(-r));
        else
                next(fetch);
}

static int on_readable(sd_event_source *source, int fd, uint32_t events, void *userdata) {
        Fetch *fetch = userdata;
        ssize_t n;

        fetch->text = memory_reserve(fetch->text, fetch->n_bytes + PIECE_BYTES + 1, &fetch->n_allocated, 1);
        n = read(fd, fetch->text + fetch->n_bytes, PIECE_BYTES);
        if (n < 0 && (errno == EINTR || errno == EAGAIN))
                return 0;
        if (n < 0)
                failed(fetch, strerror(errno));
        else if (n == 0)
                have_text(fetch);
        else if ((fetch->n_bytes += (size_t) n) > CAP_HELD_LIST_BYTES)
                failed(fetch, "it is larger than a list may be");
        return 0;
}

static int on_late(sd_event_source *source, uint64_t usec, void *userdata) {
        failed(userdata, "its text did not come in time");
        return 0;
}

static int read_begin(Fetch *fetch, int fd) {
        sd_event *event = fetch->bus->config.event;
        int r;

        /* The message has its own, which is closed with it. */
        fetch->fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
        if (fetch->fd < 0 || fcntl(fetch->fd, F_SETFL, O_NONBLOCK) < 0)
                return -errno;
        r = sd_event_add_io(event, &fetch->source, fetch->fd, EPOLLIN, on_readable, fetch);
        return r < 0 ? r
                     : sd_event_add_time_relative(event, &fetch->timer, CLOCK_BOOTTIME, BUS_ANSWER_USEC, 1000,
                                       on_late, fetch);
}

static int on_list(sd_bus_message *reply, void *userdata, sd_bus_error *ret_error) {
        Fetch *fetch = userdata;
        const sd_bus_error *error = sd_bus_message_get_error(reply);
        int fd, r;

        fetch->call = sd_bus_slot_unref(fetch->call);
        if (error) {
                failed(fetch, error->message ?: error->name);
                return 0;
        }
        r = bus_is_from_owner(fetch->bus, reply) ? sd_bus_message_read(reply, "h", &fd) : -EPERM;
        if (r >= 0)
                r = read_begin(fetch, fd);
        if (r < 0)
                failed(fetch, strerror(-r));
        return 0;
}

/* ---- one after another ---- */

static const HeldPair *find_pair(const HeldClaims *claims, const char *digest, const HeldClaim **ret_claim) {
        for (size_t i = 0; i < claims->n; i++)
                for (size_t j = 0; j < claims->list[i].lists.n; j++)
                        if (strcmp(claims->list[i].lists.list[j].text, digest) == 0) {
                                *ret_claim = &claims->list[i];
                                return &claims->list[i].lists.list[j];
                        }
        return NULL;
}

static int ask(Fetch *fetch) {
        Bus *bus = fetch->bus;
        cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;
        int r = bus_call_new(bus, bus->config.system,
                        bus->config.system ? POMOD_INTERFACE_MANAGER : POMOD_INTERFACE_FOCUS, "GetList",
                        &call);

        if (r < 0)
                return r;
        r = bus->config.system
                            ? sd_bus_message_append(call, "usa{sv}", fetch->claim->uid, fetch->list->text, 0)
                            : sd_bus_message_append(call, "sa{sv}", fetch->list->key, 1, "digest", "s",
                                              fetch->list->text);
        return r < 0 ? r : bus_send(bus, call, on_list, fetch, &fetch->call);
}

static void next(Fetch *fetch) {
        Bus *bus = fetch->bus;
        const char *digest = bus->config.handler.missing(bus->config.userdata, &fetch->answer.claims);
        int r;

        if (!digest) {
                end(fetch, !fetch->incomplete);
                return;
        }
        fetch->list = find_pair(&fetch->answer.claims, digest, &fetch->claim);
        assert(fetch->list);
        r = ask(fetch);
        if (r >= 0)
                return;
        note_warning("pomod cannot be asked for the list '%s': %s", fetch->list->key, strerror(-r));
        end(fetch, false);
}

void fetch_begin(Bus *bus, HeldAnswer *answer, void (*ready)(Bus *bus, HeldAnswer *answer, bool complete)) {
        assert(!bus->fetch);
        bus->fetch = memory_new(Fetch, 1);
        *bus->fetch = (Fetch){ .bus = bus, .answer = *answer, .ready = ready, .fd = -1 };
        *answer = (HeldAnswer){};
        next(bus->fetch);
}
