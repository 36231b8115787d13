/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/method.h"

#include <assert.h>
#include <glib.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include "daemon/bus/access.h"
#include "daemon/bus/errors.h"
#include "daemon/bus/polkit.h"

static int run(Call *call) {
        const Params *params = &call->method->params;
        alignas(max_align_t) char given[METHOD_GIVEN_MAX];
        int r;

        assert(params->size <= sizeof(given));
        memset(given, 0, params->size);
        call->given = given;
        r = params_read(call->message, params, given, &call->refusal);
        if (r == 0)
                r = result_of(sd_bus_message_new_method_return(call->message, &call->reply));
        if (r == 0)
                r = call->method->handler(call);
        params_done(params, given);
        call->given = NULL;
        return r;
}

static int enter_and_run(Call *call) {
        int r;

        r = engine_enter(call->bus->engine, call->uid, call->method->name, &call->user, &call->refusal);
        if (r != 0)
                return r;
        r = engine_leave(call->user, run(call), &call->refusal);
        call->user = NULL;
        return r;
}

static int run_as_is_due(Call *call) {
        int r;

        assert(!call->user && !call->reply);
        switch (call->method->about) {
        case ABOUT_USER: /* whose access was checked when the object was found */
                return enter_and_run(call);
        case ABOUT_COMPUTER:
                r = access_check_root(call->caller, &call->refusal);
                return r != 0 ? r : run(call);
        default:
                return run(call);
        }
}

static int answer(Call *call, int r, sd_bus_error *error) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = call->reply;

        call->reply = NULL;
        if (r != 0)
                return error_set(error, r, &call->refusal);
        return call->later ? 1 : sd_bus_message_send(reply);
}

static int run_again(Call *call) {
        int r;

        call->reply = sd_bus_message_unref(call->reply);
        r = sd_bus_message_rewind(call->message, 1);
        return r < 0 ? r : run_as_is_due(call);
}

static int call_again(Call *call, sd_bus_error *error);

/* An administrator's word is asked for one profile after the other, as far as what is asked for needs one. */
static int ask_where_needed(Call *call, int r) {
        if (r <= 0 || !call->refusal.needs_admin)
                return r;
        r = polkit_ask(call, POLKIT_OVERRIDE_LOCK, call->refusal.profile, call_again);
        return r == 0 && call->admin.all ? run_again(call) : r;
}

/* Everything is read and judged anew: nothing was changed before an administrator's word. */
static int call_again(Call *call, sd_bus_error *error) {
        return answer(call, ask_where_needed(call, run_again(call)), error);
}

int method_call(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        Bus *bus = sd_bus_slot_get_userdata(sd_bus_get_current_slot(sd_bus_message_get_bus(message)));
        Call call = {
                .bus = bus,
                .method = userdata,
                .message = message,
                .caller = bus->caller,
                .uid = bus->object.uid,
        };

        return answer(&call, ask_where_needed(&call, run_as_is_due(&call)), error);
}

sd_bus_message *method_defer(Call *call) {
        assert(!call->later);
        call->later = true;
        return sd_bus_message_ref(call->message);
}

static int reply_later(sd_bus_message *message, const char *types, va_list args) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        int r = sd_bus_message_new_method_return(message, &reply);

        if (r >= 0)
                r = sd_bus_message_appendv(reply, types, args);
        return r < 0 ? r : sd_bus_message_send(reply);
}

void method_reply_later(sd_bus_message *message, int r, const Refusal *refusal, const char *types, ...) {
        cleanup_(sd_bus_error_free) sd_bus_error error = SD_BUS_ERROR_NULL;
        va_list args;

        va_start(args, types);
        if (r == 0)
                r = reply_later(message, types, args);
        else
                r = sd_bus_reply_method_error(message, (error_set(&error, r, refusal), &error));
        va_end(args);
        sd_bus_message_unref(message);
}
