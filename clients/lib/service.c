/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/lib/service.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "common/cleanup.h"

/* Known to systemd before it is loaded. */
#define UNIT_PATH "/org/freedesktop/systemd1/unit/pomod_2eservice"
#define ASK_USEC  (3 * UINT64_C(1000000))

/* ---- what systemd says ---- */

static int read_text(sd_bus_message *message, char *into, size_t size) {
        const char *text;
        int r = sd_bus_message_read(message, "v", "s", &text);

        if (r >= 0)
                snprintf(into, size, "%s", text);
        return r;
}

static int read_property(sd_bus_message *message, const char *name, ServiceState *state) {
        if (strcmp(name, "LoadState") == 0)
                return read_text(message, state->load_state, sizeof(state->load_state));
        if (strcmp(name, "ActiveState") == 0)
                return read_text(message, state->active_state, sizeof(state->active_state));
        if (strcmp(name, "SubState") == 0)
                return read_text(message, state->sub_state, sizeof(state->sub_state));
        if (strcmp(name, "UnitFileState") == 0)
                return read_text(message, state->unit_file_state, sizeof(state->unit_file_state));
        if (strcmp(name, "StateChangeTimestamp") == 0)
                return sd_bus_message_read(message, "v", "t", &state->changed_usec);
        if (strcmp(name, "ActiveExitTimestamp") == 0)
                return sd_bus_message_read(message, "v", "t", &state->ended_usec);
        return sd_bus_message_skip(message, "v");
}

static int read_properties(sd_bus_message *message, ServiceState *state) {
        const char *name;
        int r = sd_bus_message_enter_container(message, SD_BUS_TYPE_ARRAY, "{sv}");

        while (r >= 0 && (r = sd_bus_message_enter_container(message, SD_BUS_TYPE_DICT_ENTRY, "sv")) > 0) {
                r = sd_bus_message_read_basic(message, 's', &name);
                if (r >= 0)
                        r = read_property(message, name, state);
                if (r >= 0)
                        r = sd_bus_message_exit_container(message);
        }
        return r < 0 ? r : 0;
}

int service_ask(sd_bus *bus, ServiceState *ret_state) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL, *reply = NULL;
        ServiceState state = {};
        int r = sd_bus_message_new_method_call(bus, &call, "org.freedesktop.systemd1", UNIT_PATH,
                        "org.freedesktop.DBus.Properties", "GetAll");

        if (r >= 0)
                r = sd_bus_message_append(call, "s", "org.freedesktop.systemd1.Unit");
        if (r >= 0)
                r = sd_bus_message_set_auto_start(call, 0);
        if (r >= 0)
                r = sd_bus_call(bus, call, ASK_USEC, NULL, &reply);
        if (r >= 0)
                r = read_properties(reply, &state);
        if (r < 0)
                return r;
        *ret_state = state;
        return 0;
}

/* ---- what a person is told ---- */

typedef struct Moment {
        char date[16];  /* empty: today */
        char clock[16]; /* empty: not known */
} Moment;

static Moment moment_of(uint64_t usec, time_t now) {
        const time_t at = (time_t) (usec / 1000000);
        Moment moment = {};
        struct tm then, today;

        if (usec == 0 || !localtime_r(&at, &then) || !localtime_r(&now, &today))
                return moment;
        (void) strftime(moment.clock, sizeof(moment.clock), "%H:%M", &then);
        if (then.tm_year != today.tm_year || then.tm_yday != today.tm_yday)
                (void) strftime(moment.date, sizeof(moment.date), "%Y-%m-%d", &then);
        return moment;
}

/* " since 2026-07-01 11:50" */
static char *since(uint64_t usec, time_t now) {
        const Moment moment = moment_of(usec, now);

        if (moment.clock[0] == '\0')
                return memory_copy("");
        return memory_format(" since %s%s%s", moment.date, moment.date[0] ? " " : "", moment.clock);
}

/* " on 2026-07-01 at 11:50" */
static char *on(uint64_t usec, time_t now) {
        const Moment moment = moment_of(usec, now);

        if (moment.clock[0] == '\0')
                return memory_copy("");
        return memory_format("%s%s at %s", moment.date[0] ? " on " : "", moment.date, moment.clock);
}

static char *explain_unloaded(const ServiceState *state) {
        if (strcmp(state->load_state, "not-found") == 0)
                return memory_copy(
                                "pomod is not installed as a service of this computer: there is no pomod.service; install it, or start one for yourself with: pomod --bus=session");
        if (strcmp(state->load_state, "masked") == 0)
                return memory_format(
                                "pomod is masked, so that nothing starts it; allow it with: systemctl unmask %spomod",
                                strcmp(state->unit_file_state, "masked-runtime") == 0 ? "--runtime " : "");
        return memory_format("pomod.service cannot be used (%s); see why: systemctl status pomod",
                        state->load_state);
}

static char *explain_starting(const ServiceState *state, time_t now) {
        const bool again = strcmp(state->sub_state, "auto-restart") == 0;
        cleanup_free_ char *when =
                        since(again && state->ended_usec ? state->ended_usec : state->changed_usec, now);

        if (again)
                return memory_format(
                                "pomod ended, and is starting again%s; see why: journalctl -u pomod", when);
        return memory_format("pomod is starting%s; try again in a moment", when);
}

static char *explain_failed(const ServiceState *state, time_t now) {
        cleanup_free_ char *when = on(state->changed_usec, now);

        return memory_format(
                        "pomod failed%s, and nothing starts it again; see why: journalctl -u pomod; then: systemctl restart pomod",
                        when);
}

char *service_explain(const ServiceState *state, time_t now) {
        const char *active = state->active_state;

        if (strcmp(state->load_state, "loaded") != 0)
                return explain_unloaded(state);
        if (strcmp(active, "activating") == 0)
                return explain_starting(state, now);
        if (strcmp(active, "failed") == 0)
                return explain_failed(state, now);
        if (strcmp(active, "deactivating") == 0)
                return memory_copy("pomod is stopping; try again in a moment");
        if (strcmp(active, "inactive") != 0)
                return memory_copy(
                                "pomod runs, but has no name on the bus; try again, and if that does not help: systemctl restart pomod");
        if (strcmp(state->unit_file_state, "disabled") == 0)
                return memory_copy(
                                "pomod is disabled, so that asking for it does not start it; have it from now on with: systemctl enable --now pomod");
        return memory_copy("pomod is not started; start it with: systemctl start pomod");
}
