/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * A method is a row: its name, what it takes and answers, and its handler. method_call() is around every one
 * of them: it judges access, enters the engine under the method's name, reads what the method takes, runs the
 * handler, leaves the engine, and sends the reply or the error. A handler reads call->given, asks the engine,
 * appends its answer to call->reply, and returns 0, a RefusalCode with call->refusal filled in, or a negative
 * errno as it is; it sends nothing. One that cannot answer yet calls method_defer().
 */

#include "daemon/bus/internal.h"
#include "daemon/bus/params.h"
#include "daemon/bus/reply.h"
#include "daemon/core/refusal.h"
#include "daemon/engine/request.h"

typedef struct Method Method;

/* A call that is being answered. */
typedef struct Call {
        Bus *bus;
        const Method *method;
        sd_bus_message *message;
        uid_t caller;
        uid_t uid;       /* whose object was called; nothing for methods of Manager */
        AdminWord admin; /* of profiles that Question keeps; root's is for all */

        /* While the handler runs: */
        User *user;  /* of ABOUT_USER, entered; else NULL */
        void *given; /* what the rows of params say, bound */
        Reply reply; /* empty */

        struct ConsentQuestion *consent; /* owned; NULL: nobody was, or is to be, asked. See consent.h */

        size_t most; /* bytes of its answer, where the handler allows more than CAP_ANSWER_BYTES */

        Refusal refusal;
        bool later; /* the answer comes after the handler */
} Call;

typedef enum MethodAbout {
        ABOUT_USER,     /* of a user's object, for those who may see it */
        ABOUT_CALLER,   /* of Manager: the handler finds out about whom, and enters by itself */
        ABOUT_COMPUTER, /* of Manager: about all users, for root */
} MethodAbout;

typedef enum MethodEffect {
        READS,  /* changes nothing: where no reply is wanted, it is not even served */
        WRITES, /* may change something */
} MethodEffect;

struct Method {
        const char *name; /* as people know it: "Timer.Start" */
        MethodEffect effect;
        int (*handler)(Call *call);
        const char *answer; /* what is appended to the reply: "t generation, aa{sv} desired"; NULL: nothing */
        Params params;
        MethodAbout about;
        /* Of a request, whose struct of params begins with a Request: see request.h. */
        RequestType request;
        EventType event;
};

#define PARAMS(rows_, type) .params = { .rows = (rows_), .n = ELEMENTSOF(rows_), .size = sizeof(type) }

#define METHOD_GIVEN_MAX 4096u /* the largest struct of params */

/* sd-bus's handler of all methods; userdata is the Method. */
int method_call(sd_bus_message *message, void *userdata, sd_bus_error *error);

/* The call is served anew later, from its beginning: what the handler returns then, having done nothing. */
int method_wait(Call *call);

/*
 * The one way to answer later: the handler that returns 0 after method_defer() is not answered yet. The
 * message is kept by whoever waits, who ends it by method_reply_later(), which sends an error for r other
 * than 0, else one text.
 */
sd_bus_message *method_defer(Call *call);
void method_reply_later(sd_bus_message *message, int r, const Refusal *refusal, const char *text);
/* The same with a record of these fields. */
struct Field;
void method_reply_later_fields(sd_bus_message *message, int r, const Refusal *refusal,
                const struct Field *fields, size_t n_fields);
