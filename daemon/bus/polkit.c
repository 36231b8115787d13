/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/polkit.h"

#include <assert.h>
#include <glib.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/caps.h"
#include "daemon/bus/consent.h"
#include "daemon/bus/errors.h"
#include "daemon/bus/names.h"

#define BUS_ITSELF       "org.freedesktop.DBus"
#define CANCELLATION_MAX 32
#define UNIQUE_NAME_MAX  256

#define POLKIT_NAME             "org.freedesktop.PolicyKit1"
#define POLKIT_PATH             "/org/freedesktop/PolicyKit1/Authority"
#define POLKIT_INTERFACE        "org.freedesktop.PolicyKit1.Authority"
#define POLKIT_FLAG_INTERACTION 1u

/* A call that waits for polkit's word. */
typedef struct Question {
        Call call;       /* with a reference to its message, and what it owns */
        char **profiles; /* of which an administrator has spoken; the last of them is what is asked now */
        char cancellation[CANCELLATION_MAX]; /* what polkit knows the question by */
        char answered_by[UNIQUE_NAME_MAX];
        sd_bus_slot *slot;
        PolkitFunc func;
} Question;

struct Questions {
        Bus *bus;
        GPtrArray *list; /* of Question */
        NameSet *askers; /* connections that wait */
        uint64_t asked;  /* how many there were */
};

static void question_free(void *p) {
        Question *question = p;

        sd_bus_slot_unref(question->slot);
        sd_bus_message_unref(question->call.message);
        consent_question_free(question->call.consent);
        g_strfreev(question->profiles);
        g_free(question);
}

/* ---- who asked and left ---- */

static int message_new(sd_bus *sdbus, const char *member, sd_bus_message **ret_message) {
        return sd_bus_message_new_method_call(
                        sdbus, ret_message, POLKIT_NAME, POLKIT_PATH, POLKIT_INTERFACE, member);
}

/* The window with the question goes; what polkit says to this is of no interest. */
static void cancel(const Questions *questions, const Question *question) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL;
        sd_bus *sdbus = questions->bus->bus;
        int r = message_new(sdbus, "CancelCheckAuthorization", &message);

        if (r >= 0)
                r = sd_bus_message_append_basic(message, SD_BUS_TYPE_STRING, question->cancellation);
        if (r >= 0)
                r = sd_bus_message_set_expect_reply(message, false);
        if (r >= 0)
                (void) sd_bus_send(sdbus, message, NULL);
}

static void on_left(NameSet *set, const char *name, void *userdata) {
        Questions *questions = userdata;

        for (guint i = questions->list->len; i > 0; i--) {
                Question *question = questions->list->pdata[i - 1];

                if (strcmp(sd_bus_message_get_sender(question->call.message), name) != 0)
                        continue;
                cancel(questions, question);
                g_ptr_array_remove_index_fast(questions->list, i - 1);
        }
}

Questions *polkit_questions_new(Bus *bus) {
        Questions *questions = g_new0(Questions, 1);

        questions->bus = bus;
        questions->list = g_ptr_array_new_with_free_func(question_free);
        questions->askers = names_set_new(bus->names, on_left, questions);
        return questions;
}

Questions *polkit_questions_free(Questions *questions) {
        if (!questions)
                return NULL;
        g_ptr_array_unref(questions->list);
        names_set_free(questions->askers);
        g_free(questions);
        return NULL;
}

/* Nothing of that connection waits any more. */
static void forget_asker(Questions *questions, sd_bus_message *message) {
        const char *name = sd_bus_message_get_sender(message);

        for (guint i = 0; i < questions->list->len; i++) {
                const Question *question = questions->list->pdata[i];

                if (strcmp(sd_bus_message_get_sender(question->call.message), name) == 0)
                        return;
        }
        names_set_remove(questions->askers, name);
}

/* ---- what it answers ---- */

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

/* r, error: what came of it. */
static int end_question(Question *question, int r, sd_bus_error *error) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *message = sd_bus_message_ref(question->call.message);
        const PolkitFunc func = question->func;
        Call call = question->call;
        char **profiles = steal(question->profiles);

        question->call.consent = NULL;
        g_ptr_array_remove_fast(call.bus->questions->list, question);
        forget_asker(call.bus->questions, message);
        if (r == 0)
                call.admin.profiles = (const char *const *) profiles;
        r = func(&call, r, error);
        if (r < 0)
                (void) sd_bus_reply_method_errno(message, r, error);
        g_strfreev(profiles);
        return 1;
}

static int on_owner(sd_bus_message *answer, void *userdata, sd_bus_error *ret_error) {
        cleanup_(sd_bus_error_free) sd_bus_error error = SD_BUS_ERROR_NULL;
        Question *question = userdata;
        const char *sender = sd_bus_message_get_sender(answer), *owner = "";
        Refusal refusal;
        int r = 0;

        if (sd_bus_message_is_method_error(answer, NULL) <= 0)
                (void) sd_bus_message_read_basic(answer, SD_BUS_TYPE_STRING, &owner);
        if (!sender || strcmp(sender, BUS_ITSELF) != 0 || strcmp(owner, question->answered_by) != 0) {
                refuse(&refusal, REFUSAL_ACCESS_DENIED,
                                "this needs an administrator, and the answer did not come from polkit, or polkit has left since");
                r = error_set(&error, REFUSAL_ACCESS_DENIED, &refusal);
        }
        return end_question(question, result_of(r), &error);
}

/* sd-bus takes an answer by its number alone, and who may answer what is a matter of the bus's policy: a yes
 * counts where it came from whoever is polkit. */
static int check_owner(Question *question, const char *sender) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL;
        sd_bus *sdbus = question->call.bus->bus;
        int r = sd_bus_message_new_method_call(
                        sdbus, &message, BUS_ITSELF, "/org/freedesktop/DBus", BUS_ITSELF, "GetNameOwner");

        g_strlcpy(question->answered_by, sender ?: "", sizeof(question->answered_by));
        if (r >= 0)
                r = sd_bus_message_append_basic(message, SD_BUS_TYPE_STRING, POLKIT_NAME);
        question->slot = sd_bus_slot_unref(question->slot);
        return r < 0 ? r : sd_bus_call_async(sdbus, &question->slot, message, on_owner, question, 0);
}

static int on_answer(sd_bus_message *answer, void *userdata, sd_bus_error *ret_error) {
        cleanup_(sd_bus_error_free) sd_bus_error error = SD_BUS_ERROR_NULL;
        Question *question = userdata;
        int r = read_answer(answer, question->call.message, &error);

        if (r >= 0)
                r = check_owner(question, sd_bus_message_get_sender(answer));
        return r >= 0 ? 1 : end_question(question, r, &error);
}

/* ---- what it is asked ---- */

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

static int append_details(sd_bus_message *message, const char *const *details) {
        int r = sd_bus_message_open_container(message, SD_BUS_TYPE_ARRAY, "{ss}");

        for (const char *const *detail = details; r >= 0 && *detail; detail += 2)
                r = sd_bus_message_append(message, "{ss}", detail[0], detail[1]);
        return r < 0 ? r : sd_bus_message_close_container(message);
}

static int ask_polkit(Question *question, const PolkitAsk *ask) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL;
        sd_bus *sdbus = question->call.bus->bus;
        bool interactive = sd_bus_message_get_allow_interactive_authorization(question->call.message) > 0;
        int r;

        r = message_new(sdbus, "CheckAuthorization", &message);
        if (r >= 0)
                r = sd_bus_message_append(message, "(sa{sv})s", "system-bus-name", 1, "name", "s",
                                sd_bus_message_get_sender(question->call.message), ask->action);
        if (r >= 0)
                r = append_details(message, ask->details);
        if (r >= 0)
                r = sd_bus_message_append(message, "us", interactive ? POLKIT_FLAG_INTERACTION : 0,
                                question->cancellation);
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
        if (profile)
                g_strv_builder_add(builder, profile);
        profiles = g_strv_builder_end(builder);
        g_strv_builder_unref(builder);
        return profiles;
}

static int begin_question(Questions *questions, Question *question, const PolkitAsk *ask) {
        int r;

        snprintf(question->cancellation, sizeof(question->cancellation), "pomod-%" PRIu64,
                        ++questions->asked);
        r = names_set_add(questions->askers, sd_bus_message_get_sender(question->call.message));
        if (r >= 0)
                r = ask_polkit(question, ask);
        return result_of(r);
}

int polkit_ask(Call *call, const PolkitAsk *ask, PolkitFunc func) {
        Questions *questions = call->bus->questions;
        Question *question;
        int r;

        assert(!call->admin.all && !call->user);
        if (call->caller == 0) {
                call->admin.all = true;
                return 0;
        }
        r = check_cap(questions->list, call->caller, &call->refusal);
        if (r != 0)
                return r;
        question = g_new0(Question, 1);
        *question = (Question){ .call = *call, .func = func };
        question->profiles = profiles_with(call->admin.profiles, ask->profile);
        question->call.reply = (Reply){};
        question->call.admin = (AdminWord){};
        question->call.consent = NULL;
        sd_bus_message_ref(call->message);
        r = begin_question(questions, question, ask);
        if (r < 0) {
                question_free(question);
                forget_asker(questions, call->message);
                return r;
        }
        question->call.consent = steal(call->consent);
        g_ptr_array_add(questions->list, question);
        call->later = true;
        return 0;
}
