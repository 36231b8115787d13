/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/method.h"

#include <assert.h>
#include <errno.h>
#include <glib.h>
#include <stdalign.h>
#include <stddef.h>
#include <string.h>

#include "common/caps.h"
#include "daemon/bus/access.h"
#include "daemon/bus/calls.h"
#include "daemon/bus/consent.h"
#include "daemon/bus/errors.h"
#include "daemon/bus/polkit.h"
#include "daemon/bus/records.h"

static int run(Call *call) {
        const Params *params = &call->method->params;
        alignas(max_align_t) char given[METHOD_GIVEN_MAX];
        int r;

        assert(params->size <= sizeof(given));
        memset(given, 0, params->size);
        call->given = given;
        r = params_read(call->message, params, given, &call->refusal);
        if (r == 0)
                r = result_of(sd_bus_message_new_method_return(call->message, &call->reply.message));
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

        assert(!call->user && !call->reply.message);
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

/*
 * The one place that bounds every answer. Lists end their pages before it, and the caps of what is stored
 * keep each record below it: whoever meets it has met a mistake of ours, which is refused and disconnects
 * nobody.
 */
static int check_size(size_t most, size_t size, Refusal *ret_refusal) {
        most = MAX(most, CAP_ANSWER_BYTES);
        if (size <= most)
                return 0;
        return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                        "the answer would have %zu bytes, and %zu are the most of one; ask for less at once, with a limit",
                        size, most);
}

static int answer(Call *call, int r, sd_bus_error *error) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = call->reply.message;

        call->consent = consent_question_free(call->consent);
        if (r == 0)
                r = check_size(call->most, call->reply.size, &call->refusal);
        calls_charge(call->bus->calls, call->caller, call->reply.size);
        call->reply = (Reply){};
        if (r == -EINPROGRESS && call->later)
                return 1;
        if (r != 0)
                return error_set(error, r, &call->refusal);
        return call->later ? 1 : sd_bus_message_send(reply);
}

static int run_again(Call *call) {
        int r;

        sd_bus_message_unref(call->reply.message);
        call->reply = (Reply){};
        r = sd_bus_message_rewind(call->message, 1);
        return r < 0 ? r : run_as_is_due(call);
}

static int call_again(Call *call, int r, sd_bus_error *error);

/* Not before the handler is called again, the call's answer depends on it. */
static int on_consent(Call *call, int r, sd_bus_error *error) {
        if (r < 0 && consent_question_must(call->consent)) {
                call->consent = consent_question_free(call->consent);
                return r;
        }
        consent_question_answer(call->consent, r, r < 0 ? error->message : NULL);
        sd_bus_error_free(error);
        return answer(call, run_again(call), error);
}

/* What was stored stays so, whatever is answered. */
static int ask_consent(Call *call) {
        const PolkitAsk ask = {
                .action = POLKIT_BLOCK_FOR_EVERYONE,
                .details = consent_question_details(call->consent),
        };
        int r = polkit_ask(call, &ask, on_consent);

        if (r == 0 || consent_question_must(call->consent))
                return r;
        consent_question_answer(call->consent, r, r > 0 ? call->refusal.message : strerror(-r));
        return run_again(call);
}

/* An administrator's word is asked for one profile after the other, as far as what is asked for needs one. */
static int ask_where_needed(Call *call, int r) {
        const char *const details[] = { "profile", call->refusal.profile, NULL };

        if (r == 0 && !consent_question_is_answered(call->consent))
                return ask_consent(call);
        if (r <= 0 || !call->refusal.needs_admin)
                return r;
        r = polkit_ask(call, &(PolkitAsk){ POLKIT_OVERRIDE_LOCK, details, call->refusal.profile },
                        call_again);
        return r == 0 && call->admin.all ? run_again(call) : r;
}

/* Everything is read and judged anew: nothing was changed before an administrator's word. */
static int call_again(Call *call, int r, sd_bus_error *error) {
        return r < 0 ? r : answer(call, ask_where_needed(call, run_again(call)), error);
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

        if (call.method->effect == WRITES)
                calls_note_write(bus->calls);
        return answer(&call, ask_where_needed(&call, run_as_is_due(&call)), error);
}

int method_wait(Call *call) {
        assert(!call->later && !call->user);
        call->later = true;
        return -EINPROGRESS;
}

sd_bus_message *method_defer(Call *call) {
        assert(!call->later);
        call->later = true;
        return sd_bus_message_ref(call->message);
}

/* One text, or, where there is none, a record. */
typedef struct Later {
        const char *text;
        const Field *fields;
        size_t n_fields;
} Later;

static int reply_later(sd_bus_message *message, const Later *later, Refusal *ret_refusal) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *made = NULL;
        int r = sd_bus_message_new_method_return(message, &made);
        Reply reply = { .message = made };

        if (r >= 0)
                r = later->text ? reply_append(&reply, "s", later->text)
                                : fields_append(&reply, later->fields, later->n_fields);
        if (r == 0)
                r = check_size(CAP_ANSWER_BYTES, reply.size, ret_refusal);
        return r != 0 ? r : result_of(sd_bus_message_send(made));
}

static void end_later(sd_bus_message *message, int r, const Refusal *refusal, const Later *later) {
        cleanup_(sd_bus_error_free) sd_bus_error error = SD_BUS_ERROR_NULL;
        Refusal too_large;

        if (r == 0) {
                refusal = &too_large;
                r = reply_later(message, later, &too_large);
        }
        if (r != 0)
                (void) sd_bus_reply_method_error(message, (error_set(&error, r, refusal), &error));
        sd_bus_message_unref(message);
}

void method_reply_later(sd_bus_message *message, int r, const Refusal *refusal, const char *text) {
        end_later(message, r, refusal, &(Later){ .text = text });
}

void method_reply_later_fields(sd_bus_message *message, int r, const Refusal *refusal,
                const struct Field *fields, size_t n_fields) {
        end_later(message, r, refusal, &(Later){ .fields = fields, .n_fields = n_fields });
}
