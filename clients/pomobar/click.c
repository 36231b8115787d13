/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomobar/bar.h"

#include <stdio.h>
#include <string.h>

#include "clients/lib/client.h"
#include "clients/pomobar/clicks.h"
#include "clients/pomobar/shown.h"
#include "common/names.h"

/* A person clicked on "away": the daemon is started where the bus can, and nothing else is asked of it. */
static int click_wake(Client *client) {
        return client_call_at(client, POMOD_OBJECT_PATH, "org.freedesktop.DBus.Peer", "Ping", NULL, NULL);
}

static int click_send(Client *client, const char *verb, const uint64_t *if_seq) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL;
        int r;

        r = client_message_new(client, POMOD_INTERFACE_TIMER, verb, &message);
        if (r < 0)
                return r;
        r = client_options_open(message);
        if (r >= 0 && if_seq)
                r = client_option_u64(message, "if-seq", *if_seq);
        if (r >= 0)
                r = client_options_close(message);
        if (r < 0)
                return client_fail(client, r, NULL);
        return client_send(client, message, NULL);
}

int bar_click(const char *bus, const char *button, const char *seq) {
        cleanup_(client_unrefp) Client *client = NULL;
        unsigned number = click_button_from_string(button);
        uint64_t if_seq = 0;
        bool away = false, known;
        int r;

        if (number == 0) {
                fprintf(stderr, "pomobar: '%s' is no button; say left, middle or right\n", button);
                return CLIENT_EXIT_USAGE;
        }
        if (seq && click_seq_parse(seq, &away, &if_seq) < 0) {
                fprintf(stderr, "pomobar: '%s' is no state; --if-seq takes the number that was shown, or away\n",
                                seq);
                return CLIENT_EXIT_USAGE;
        }
        /* Where no stream says what was seen, nothing that was seen can be out of date. */
        known = seq || shown_get(bus, &away, &if_seq) >= 0;
        if (away && number != 1)
                return CLIENT_EXIT_OK;

        r = client_new(bus, 0, &client);
        if (r < 0) {
                fprintf(stderr, "pomobar: out of memory\n");
                return CLIENT_EXIT_REFUSED;
        }
        r = away ? click_wake(client) : click_send(client, click_verb(number), known ? &if_seq : NULL);
        if (r >= 0)
                return CLIENT_EXIT_OK;
        fprintf(stderr, "pomobar: %s\n", client_error_message(client));
        /* A stale click did nothing, and what made it stale is on the bar by now. */
        if (client_exit_status(client) == CLIENT_EXIT_REFUSED &&
                        !strstr(client_error_name(client), ".StateChanged"))
                shown_refuse(bus, client_error_message(client));
        return client_exit_status(client);
}
