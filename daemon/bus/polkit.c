/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/polkit.h"

#include <assert.h>
#include <glib.h>

#include "common/caps.h"
#include "daemon/bus/errors.h"

#define POLKIT_NAME             "org.freedesktop.PolicyKit1"
#define POLKIT_PATH             "/org/freedesktop/PolicyKit1/Authority"
#define POLKIT_INTERFACE        "org.freedesktop.PolicyKit1.Authority"
#define POLKIT_FLAG_INTERACTION 1u

/* A call that waits for polkit's word. */
typedef struct Question {
        Call call;       /* with a reference to its message */
        char **profiles; /* of which an administrator has spoken; the last of them is what is asked now */
        sd_bus_slot *slot;
        PolkitFunc func;
} Question;

static void question_free(void *p) {
        Question *question = p;

        sd_bus_slot_unref(question->slot);
        sd_bus_message_unref(question->call.message);
        g_strfreev(question->profiles);
        g_free(question);
}

GPtrArray *polkit_questions_new(void) {
        return g_ptr_array_new_with_free_func(question_free);
}

/* What polkit's own failure means to the one who asked. */
static int refuse_unanswered(const sd_bus_error *failure, sd_bus_error *error) {
        Refusal refusal;

        if (sd_bus_error_has_name(failure, SD_BUS_ERROR_SERVICE_UNKNOWN) ||
                        sd_bus_error_has_name(failure, SD_BUS_ERROR_NAME_HAS_NO_OWNER))
                refuse(&refusal, REFUSAL_ACCESS_DENIED,
                                "this needs an administrator, and there is no polkit on this bus that could ask for one; only root can do it here");
        else
                refuse(&refusal, REFUSAL_ACCESS_DENIED,
                                "this needs an administrator, and polkit, which is asked for one, did not answer: %s",
                                failure->message ?: failure->name);
        return error_set(error, REFUSAL_ACCESS_DENIED, &refusal);
}

/* polkit's answer: (bba{ss}), allowed, and whether it would be with a password. */
static int read_answer(sd_bus_message *answer, sd_bus_message *question, sd_bus_error *error) {
        int allowed = 0, challenge = 0, r;
        Refusal refusal;

        if (sd_bus_message_is_method_error(answer, NULL) > 0)
                return refuse_unanswered(sd_bus_message_get_error(answer), error);
        r = sd_bus_message_enter_container(answer, SD_BUS_TYPE_STRUCT, "bba{ss}");
        if (r >= 0)
                r = sd_bus_message_read(answer, "bb", &allowed, &challenge);
        if (r < 0)
                return error_set(error, r, NULL);
        if (allowed)
                return 0;
        if (challenge && sd_bus_message_get_allow_interactive_authorization(question) <= 0)
                return sd_bus_error_set(error, SD_BUS_ERROR_INTERACTIVE_AUTHORIZATION_REQUIRED,
                                "this needs an administrator's password, and the call does not allow to ask for it");
        refuse(&refusal, REFUSAL_ACCESS_DENIED, "this needs an administrator, and polkit did not allow it");
        return error_set(error, REFUSAL_ACCESS_DENIED, &refusal);
}

static int on_answer(sd_bus_message *answer, void *userdata, sd_bus_error *ret_error) {
        Question *question = userdata;
        cleanup_(sd_bus_error_free) sd_bus_error error = SD_BUS_ERROR_NULL;
        cleanup_(sd_bus_message_unrefp) sd_bus_message *message = sd_bus_message_ref(question->call.message);
        const PolkitFunc func = question->func;
        Call call = question->call;
        char **profiles = steal(question->profiles);
        int r;

        r = read_answer(answer, message, &error);
        g_ptr_array_remove_fast(call.bus->questions, question);
        call.admin.profiles = (const char *const *) profiles;
        if (r >= 0)
                r = func(&call, &error);
        if (r < 0)
                (void) sd_bus_reply_method_errno(message, r, &error);
        g_strfreev(profiles);
        return 1;
}

static int check_cap(const GPtrArray *questions, uid_t caller, Refusal *ret_refusal) {
        unsigned n = 0;

        for (guint i = 0; i < questions->len; i++)
                n += ((const Question *) questions->pdata[i])->call.caller == caller;
        if (n >= CAP_AUTHORIZATIONS_PER_UID)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "%u calls of yours wait for an administrator's word already, which is the most there can be",
                                n);
        return 0;
}

static int ask(Question *question, const char *action, const char *detail) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL;
        sd_bus *sdbus = question->call.bus->bus;
        bool interactive = sd_bus_message_get_allow_interactive_authorization(question->call.message) > 0;
        int r;

        r = sd_bus_message_new_method_call(
                        sdbus, &message, POLKIT_NAME, POLKIT_PATH, POLKIT_INTERFACE, "CheckAuthorization");
        if (r >= 0)
                r = sd_bus_message_append(message, "(sa{sv})sa{ss}us", "system-bus-name", 1, "name", "s",
                                sd_bus_message_get_sender(question->call.message), action, 1, "profile",
                                detail, interactive ? POLKIT_FLAG_INTERACTION : 0, "");
        if (r < 0)
                return r;
        /* People take their time with a password. */
        return sd_bus_call_async(
                        sdbus, &question->slot, message, on_answer, question, interactive ? UINT64_MAX : 0);
}

/* Those who were allowed already, and one more. */
static char **profiles_with(const char *const *allowed, const char *profile) {
        GStrvBuilder *builder = g_strv_builder_new();
        char **profiles;

        if (allowed)
                g_strv_builder_addv(builder, (const char **) allowed);
        g_strv_builder_add(builder, profile);
        profiles = g_strv_builder_end(builder);
        g_strv_builder_unref(builder);
        return profiles;
}

int polkit_ask(Call *call, const char *action, const char *profile, PolkitFunc func) {
        Question *question;
        int r;

        assert(!call->admin.all && !call->user);
        if (call->caller == 0) {
                call->admin.all = true;
                return 0;
        }
        r = check_cap(call->bus->questions, call->caller, &call->refusal);
        if (r != 0)
                return r;
        question = g_new0(Question, 1);
        *question = (Question){ .call = *call, .func = func };
        question->profiles = profiles_with(call->admin.profiles, profile);
        question->call.reply = (Reply){};
        question->call.admin = (AdminWord){};
        sd_bus_message_ref(call->message);
        r = ask(question, action, profile);
        if (r < 0) {
                question_free(question);
                return r;
        }
        g_ptr_array_add(call->bus->questions, question);
        call->later = true;
        return 0;
}
