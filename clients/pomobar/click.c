/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomobar/bar.h"

#include "clients/pomobar/clicks.h"
#include "clients/pomobar/shown.h"
#include "common/names.h"

/* A person clicked on "away": the daemon is started where the bus can, and nothing else is asked of it. */
static int click_send(Client *client, bool away, unsigned button, bool known, uint64_t if_seq) {
        const ClientOption seen[] = { client_option_number("if-seq", 't', if_seq), {} };

        if (away)
                return client_wake(client);
        return client_call(client, POMOD_INTERFACE_TIMER, click_verb(button), known ? seen : NULL, NULL, "");
}

int bar_click(Program *program, const char *button, const char *seq) {
        unsigned number = click_button_from_string(button);
        uint64_t if_seq = 0;
        bool away = false, known;

        if (number == 0)
                return program_usage(program, "'%s' is no button; say left, middle or right", button);
        if (seq && click_seq_parse(seq, &away, &if_seq) < 0)
                return program_usage(program,
                                "'%s' is no state; --if-seq takes the number that was shown, or away", seq);
        /* Where no stream says what was seen, nothing that was seen can be out of date. */
        known = seq || shown_get(program->bus, &away, &if_seq) >= 0;
        if (away && number != 1)
                return CLIENT_EXIT_OK;

        program_open(program, 0);
        if (click_send(program->client, away, number, known, if_seq) >= 0)
                return CLIENT_EXIT_OK;
        /* A stale click did nothing, and what made it stale is on the bar by now. */
        if (client_exit_status(program->client) == CLIENT_EXIT_REFUSED &&
                        !client_was_refused(program->client, "StateChanged"))
                shown_refuse(program->bus, client_error_message(program->client));
        return program_failed(program);
}
