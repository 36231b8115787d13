/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/lib/search.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <time.h>

#include "common/cleanup.h"
#include "common/duration.h"
#include "common/names.h"

/* The bus itself answers: what takes longer is a bus that was stopped. */
#define ASK_USEC UINT64_C(1000000)

static uint64_t monotonic_now_usec(void) {
        struct timespec now;

        (void) clock_gettime(CLOCK_MONOTONIC, &now);
        return (uint64_t) now.tv_sec * USEC_PER_SEC + (uint64_t) now.tv_nsec / 1000;
}

void search_done(Search *search) {
        search->owner_match = sd_bus_slot_unref(search->owner_match);
        if (search->session && search->event)
                sd_bus_detach_event(search->session);
        search->session = sd_bus_close_unref(search->session);
        search->owned = false;
}

/* ---- what the session bus says ---- */

static int on_owner_changed(sd_bus_message *message, void *userdata, sd_bus_error *ret_error) {
        Search *search = userdata;
        const char *name, *old_owner, *new_owner;

        /* A match rule is no proof of the sender: anybody may send a signal to a unique name. */
        if (strcmp(sd_bus_message_get_sender(message) ?: "", "org.freedesktop.DBus") != 0 ||
                        sd_bus_message_read(message, "sss", &name, &old_owner, &new_owner) < 0 ||
                        strcmp(name, POMOD_BUS_NAME) != 0 || search->owned == (*new_owner != '\0'))
                return 0;
        search->owned = *new_owner != '\0';
        if (search->answered)
                search->changed(search->userdata);
        return 0;
}

static int on_answer(sd_bus_message *reply, void *userdata, sd_bus_error *ret_error) {
        Search *search = userdata;
        int owned = 0;

        search->answered = true;
        search->owned = sd_bus_message_read(reply, "b", &owned) >= 0 && owned;
        return 0;
}

static int session_listen(Search *search) {
        return sd_bus_add_match_async(search->session, &search->owner_match,
                        "type='signal',sender='org.freedesktop.DBus',path='/org/freedesktop/DBus',interface='org.freedesktop.DBus',member='NameOwnerChanged',arg0='" POMOD_BUS_NAME
                        "'",
                        on_owner_changed, NULL, search);
}

/* A bus that was stopped does not answer to a connection, either, for which sd_bus_call() waits without end.
 */
static int session_ask(Search *search) {
        cleanup_(sd_bus_slot_unrefp) sd_bus_slot *call = NULL;
        const uint64_t end_usec = monotonic_now_usec() + ASK_USEC;
        uint64_t now_usec;
        int r;

        search->answered = false;
        r = sd_bus_call_method_async(search->session, &call, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                        "org.freedesktop.DBus", "NameHasOwner", on_answer, search, "s", POMOD_BUS_NAME);
        while (r >= 0 && !search->answered) {
                r = sd_bus_process(search->session, NULL);
                if (r != 0)
                        continue;
                now_usec = monotonic_now_usec();
                r = now_usec < end_usec ? sd_bus_wait(search->session, end_usec - now_usec) : -ETIMEDOUT;
        }
        return r;
}

/* ---- the search ---- */

/* A connection that was lost is replaced here and not by who noticed, from within it. */
static int session_look(Search *search) {
        int r;

        if (search->session && sd_bus_is_open(search->session) > 0)
                return 0;
        search_done(search);
        r = sd_bus_open_user(&search->session);
        /* Before the question, so that no change is lost between the two. */
        if (r >= 0 && search->event)
                r = session_listen(search);
        if (r >= 0)
                r = session_ask(search);
        if (r >= 0 && search->event)
                r = sd_bus_attach_event(search->session, search->event, SD_EVENT_PRIORITY_NORMAL);
        return r;
}

int search_open(Search *search, sd_bus **ret_bus) {
        assert(!search->event || search->changed);
        if (session_look(search) < 0)
                search_done(search);
        if (search->owned && search->event)
                return sd_bus_open_user(ret_bus);
        if (search->owned) {
                *ret_bus = steal(search->session);
                return 0;
        }
        if (!search->event)
                search_done(search);
        return sd_bus_open_system(ret_bus);
}
