/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <stddef.h>
#include <string.h>

#include "common/names.h"
#include "daemon/bus/access.h"
#include "daemon/bus/calls.h"
#include "daemon/bus/desired.h"
#include "daemon/bus/hosts.h"
#include "daemon/bus/interface.h"
#include "daemon/bus/lists.h"
#include "daemon/bus/presence.h"
#include "daemon/bus/records.h"
#include "daemon/bus/subscribers.h"
#include "daemon/bus/values.h"

#define WHAT_BYTES 64u /* of the option what */

DEFINE_CLEANUP(char **, g_strfreev);

/* Whom a call is about. */
typedef struct Caller {
        uint64_t uid;
        bool given;
        bool known; /* whether uid is a user that the caller may ask about; else only host is true */
        bool host;  /* root, for the whole computer: the option uid was not given */
} Caller;

static const Param caller_params[] = {
        { "uid", OPTION_NUMBER, offsetof(Caller, uid), UINT32_MAX - 1, offsetof(Caller, given) },
};

/* The caller, or for root the option uid. Root without it has no user of its own on the system bus. */
static int caller_fill(Call *call, bool computer, Caller *caller) {
        Bus *bus = call->bus;
        uid_t uid = caller->given ? (uid_t) caller->uid : call->caller;

        caller->known = true;
        if (!caller->given) {
                caller->host = computer && uid == 0;
                if (uid == 0 && !bus->many_users) /* there is one user: root means that one */
                        uid = bus->own_uid;
                else
                        caller->known = !caller->host;
        }
        caller->uid = uid;
        if (caller->given && call->caller == 0 && !calls_know_account(bus->calls, uid))
                return method_wait(call);
        return caller->known ? access_check(bus, call->caller, uid, &call->refusal) : 0;
}

static int get_user(Call *call) {
        Caller *caller = call->given;
        char path[USER_PATH_MAX];
        int r = caller_fill(call, false, caller);

        return r != 0 ? r : reply_append(&call->reply, "o", user_path((uid_t) caller->uid, path));
}

typedef struct Subscribe {
        Caller caller;
        char *what; /* words; NULL or empty: all */
        const char *plugin;
} Subscribe;

static const Param subscribe_params[] = {
        { "uid", OPTION_NUMBER, offsetof(Subscribe, caller.uid), UINT32_MAX - 1,
                        offsetof(Subscribe, caller.given) },
        { "what", OPTION_WORDS, offsetof(Subscribe, what), WHAT_BYTES },
        { "plugin", OPTION_PLUGIN, offsetof(Subscribe, plugin) },
};

static unsigned find_kind(const char *word) {
        static const char *const words[] = { "timer", "events", "desired" };

        for (unsigned i = 0; i < ELEMENTSOF(words); i++)
                if (strcmp(word, words[i]) == 0)
                        return 1u << i;
        return 0;
}

static int read_wants(const Subscribe *given, Wants *ret_wants, Refusal *ret_refusal) {
        cleanup_(g_strfreevp) char **words = g_strsplit(given->what ?: "", " ", -1);
        char buf[SNIPPET_BYTES + 4];
        Wants wants = {};

        for (char **word = words; *word; word++) {
                const unsigned kind = find_kind(*word);

                if (kind == 0)
                        return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                        "the option what has \"%s\"; it can have timer, events and desired",
                                        text_snippet(*word, buf));
                wants.what |= kind;
        }
        if (wants.what == 0)
                wants.what = WANTS_ALL;
        g_strlcpy(wants.plugin, given->plugin ?: "", sizeof(wants.plugin));
        *ret_wants = wants;
        return 0;
}

static int subscribe_to_user(Call *call, uid_t uid, const Wants *wants, uint64_t *ret_seq) {
        User *user;
        int r;

        r = engine_enter(call->bus->engine, uid, call->method->name, &user, &call->refusal);
        if (r != 0)
                return r;
        r = subscribers_add(call->bus, call->message, user, wants, ret_seq, &call->refusal);
        return engine_leave(user, r, &call->refusal);
}

static int subscribe(Call *call) {
        Subscribe *given = call->given;
        Caller *caller = &given->caller;
        uint64_t seq = 0;
        Wants wants;
        int r = read_wants(given, &wants, &call->refusal);

        if (r == 0)
                r = caller_fill(call, true, caller);
        if (r == 0 && caller->host && !(wants.what & WANTS_DESIRED)) {
                hosts_remove(call->bus->hosts, call->message);
                if (!caller->known)
                        r = refuse(&call->refusal, REFUSAL_INVALID_ARGUMENT,
                                        "root has no timer of its own on this bus; without the option uid, what has to have desired");
        } else if (r == 0 && caller->host) {
                seq = engine_desired_generation(call->bus->engine);
                r = hosts_add(call->bus->hosts, call->message, &wants, &call->refusal);
        }
        if (r == 0 && caller->known)
                r = subscribe_to_user(call, (uid_t) caller->uid, &wants, &seq);
        return r != 0 ? r : reply_append(&call->reply, "t", seq);
}

static int unsubscribe(Call *call) {
        Caller *caller = call->given;
        int r = caller_fill(call, true, caller);

        if (r != 0)
                return r;
        if (caller->host)
                hosts_remove(call->bus->hosts, call->message);
        if (caller->known)
                subscribers_remove(call->bus, call->message, (uid_t) caller->uid);
        return 0;
}

static const Method methods[] = {
        { "Manager.GetUser", READS, get_user, "o user", PARAMS(caller_params, Caller), ABOUT_CALLER },
        { "Manager.Subscribe", WRITES, subscribe, "t seq", PARAMS(subscribe_params, Subscribe),
                        ABOUT_CALLER },
        { "Manager.Unsubscribe", WRITES, unsubscribe, NULL, PARAMS(caller_params, Caller), ABOUT_CALLER },
        { "Manager.Register", WRITES, presence_register, "a{sv} pomod",
                        PARAMS(register_params, RegisterParams), ABOUT_COMPUTER },
        { "Manager.Desired", READS, hosts_desired, "t generation, aa{sv} desired, au unknown",
                        PARAMS(desired_params, DesiredParams), ABOUT_COMPUTER },
        { "Manager.Report", WRITES, hosts_report, NULL, PARAMS(report_params, ReportParams), ABOUT_COMPUTER },
        { "Manager.NoteReleased", WRITES, hosts_note_released, NULL, PARAMS(released_params, ReleasedParams),
                        ABOUT_COMPUTER },
        { "Manager.GetList", READS, lists_handle_get_of, "h names", PARAMS(get_list_of_params, GetList),
                        ABOUT_COMPUTER },
        { "Manager.ListReports", READS, hosts_list_reports, "aa{sv} reports, a{sv} more",
                        PARAMS(report_list_params, ReportListParams), ABOUT_COMPUTER },
};

static const Property properties[] = {
        { "Version", "s", offsetof(Bus, version), true },
};

static const Signal signals[] = {
        { "DesiredChanged", "s plugin" },
        { "Unsubscribed", "s message" },
};

const Interface manager_interface = INTERFACE(POMOD_INTERFACE_MANAGER, methods, properties, signals);
