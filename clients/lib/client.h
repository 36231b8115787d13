/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * The typed client that every client of ours links: a connection, the timer as a struct, one call a verb.
 * libsystemd only. Functions return 0 or a negative errno; what the daemon or the bus said is kept in the
 * client: client_error_name(), client_error_message() and client_exit_status() speak of the last failed call.
 */

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-bus.h>
#include <systemd/sd-event.h>

typedef struct Client Client;

typedef enum ClientFlags {
        CLIENT_NO_AUTO_START = 1 << 0, /* bars, watch, hosts: a person's verb alone activates the daemon */
} ClientFlags;

/* address: "system", "session", an address like "unix:path=…", or NULL for $POMOD_BUS, else the system bus. */
int client_new(const char *address, ClientFlags flags, Client **ret_client);
Client *client_unref(Client *client); /* NULL is fine; returns NULL */

/* On behalf of another user (root only): all calls go to that user's object. */
void client_set_uid(Client *client, uint32_t uid);
int client_attach_event(Client *client, sd_event *event);
sd_bus *client_bus(Client *client);

/* What went wrong: a D-Bus error name, a sentence for a person, and what a program should exit with
 * (1 refused by the daemon, 2 usage, 3 no daemon). */
const char *client_error_name(const Client *client);
const char *client_error_message(const Client *client);
int client_exit_status(const Client *client);

/* ---- the timer ---- */

typedef enum ClientState {
        CLIENT_IDLE, CLIENT_POMODORO, CLIENT_SHORT_BREAK, CLIENT_LONG_BREAK, CLIENT_FREEFORM,
        _CLIENT_STATE_MAX,
} ClientState;

/* Timer's properties. Strings belong to the struct. */
typedef struct TimerState {
        ClientState state, next;
        bool paused;
        uint64_t interval_id;
        uint64_t started_real_usec, started_boot_usec, deadline_real_usec, deadline_boot_usec;
        uint64_t running_since_boot_usec, worked_usec, paused_remaining_usec;
        uint32_t cycle, completed_today, target_today;
        uint64_t task_id, seq;
        char *task, *mode, *rule, *schedule_state;
} TimerState;

void timer_state_done(TimerState *timer);
int client_get_timer(Client *client, TimerState *ret_timer); /* one call */
/* Applies a PropertiesChanged of Timer; keeps what it does not name. */
int timer_state_update(TimerState *timer, sd_bus_message *properties_changed);

/* Derived at a moment of CLOCK_BOOTTIME. */
uint64_t timer_state_remaining_usec(const TimerState *timer, uint64_t now_boot_usec); /* UINT64_MAX: open-ended or idle */
uint64_t timer_state_elapsed_usec(const TimerState *timer, uint64_t now_boot_usec);
