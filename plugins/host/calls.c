/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/calls.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clients/lib/memory.h"
#include "clients/lib/timer.h"
#include "common/cleanup.h"
#include "common/duration.h"
#include "plugins/host/calls-private.h"
#include "plugins/host/note.h"

#define LOG_LINES       100u
#define LOG_WITHIN_USEC (10 * USEC_PER_SEC)

struct Calls {
        PomoHost host;
};

/* A copy of the first bytes of what a plugin says, without what would move a terminal or be refused by the
 * bus. */
static char *clean(const char *text, size_t max_bytes) {
        cleanup_free_ char *copy = memory_copy_n(text, max_bytes);
        char *safe = memory_safe_text(copy);
        size_t n = strlen(safe);

        if (n > max_bytes) {
                n = max_bytes;
                while (n > 0 && (safe[n] & 0xc0) == 0x80)
                        n--;
                safe[n] = '\0';
        }
        return safe;
}

/* ---- log ---- */

static void log_unlogged(PomoHost *host) {
        if (host->n_unlogged > 0)
                note_warning("%u lines more of the plugin are left out: at most %u in 10 s are written",
                                host->n_unlogged, LOG_LINES);
        host->n_logged = host->n_unlogged = 0;
}

static void calls_log(PomoHost *host, int priority, const char *text) {
        cleanup_free_ char *safe = NULL;
        uint64_t now_usec = boottime_now_usec();

        guard_check_thread(host->config.guard, "log()");
        if (now_usec - host->log_begin_usec >= LOG_WITHIN_USEC) {
                log_unlogged(host);
                host->log_begin_usec = now_usec;
        }
        if (host->n_logged >= LOG_LINES) {
                host->n_unlogged++;
                return;
        }
        host->n_logged++;
        safe = clean(text ?: "(the plugin logs NULL)", CALLS_SENTENCE_BYTES);
        note_line(priority < LOG_ERR ? LOG_ERR : priority > LOG_DEBUG ? LOG_DEBUG : priority, "%s", safe);
}

/* ---- explanations ---- */

static void calls_explain(PomoHost *host, const char *sentence) {
        guard_check_thread(host->config.guard, "explain()");
        free(host->sentence);
        host->sentence = sentence && *sentence ? clean(sentence, CALLS_SENTENCE_BYTES) : NULL;
}

static void claim_forget(PomoHost *host, size_t i) {
        free(host->claims[i].sentence);
        host->claims[i] = host->claims[--host->n_claims];
}

static void calls_explain_claim(PomoHost *host, uint32_t uid, uint64_t id, const char *sentence) {
        size_t i = 0;

        guard_check_thread(host->config.guard, "explain_claim()");
        while (i < host->n_claims && (host->claims[i].uid != uid || host->claims[i].id != id))
                i++;
        if (i < host->n_claims)
                claim_forget(host, i);
        if (!sentence || !*sentence || host->n_claims >= CALLS_CLAIMS)
                return;
        host->claims = memory_reserve(
                        host->claims, host->n_claims + 1, &host->n_claims_allocated, sizeof(CallsClaim));
        host->claims[host->n_claims++] = (CallsClaim){
                .uid = uid, .id = id, .sentence = clean(sentence, CALLS_SENTENCE_BYTES)
        };
}

const char *calls_sentence(const Calls *calls) {
        return calls->host.sentence;
}

const CallsClaim *calls_claims(const Calls *calls, size_t *ret_n) {
        *ret_n = calls->host.n_claims;
        return calls->host.claims;
}

void calls_explain_anew(Calls *calls) {
        free(steal(calls->host.sentence));
        while (calls->host.n_claims > 0)
                claim_forget(&calls->host, 0);
}

/* ---- what is handed on ---- */

static void calls_done(PomoHost *host, uint64_t generation, int result) {
        guard_check_thread(host->config.guard, "done()");
        if (host->config.hooks.done)
                host->config.hooks.done(host->config.userdata, generation, result);
}

static int calls_save(PomoHost *host, const char *name, const void *data, size_t size) {
        guard_check_thread(host->config.guard, "save()");
        if (!name || (!data && size > 0))
                return -EINVAL;
        return host->config.state ? state_save(host->config.state, name, data ?: "", size) : -EPERM;
}

static int calls_load(PomoHost *host, const char *name, void **ret_data, size_t *ret_size) {
        guard_check_thread(host->config.guard, "load()");
        if (!name || !ret_data || !ret_size)
                return -EINVAL;
        return host->config.state ? state_load(host->config.state, name, ret_data, ret_size) : -ENOENT;
}

static int calls_drop(PomoHost *host, const char *name) {
        guard_check_thread(host->config.guard, "drop()");
        if (!name)
                return -EINVAL;
        return host->config.state ? state_drop(host->config.state, name) : -EPERM;
}

static void calls_look_again(PomoHost *host) {
        guard_check_thread(host->config.guard, "look_again()");
        if (host->config.hooks.look_again)
                host->config.hooks.look_again(host->config.userdata);
}

static void *calls_event_loop(PomoHost *host) {
        guard_check_thread(host->config.guard, "event_loop()");
        return host->config.event_loop ? host->config.event : NULL;
}

static const PomoHostCalls table = {
        .size = sizeof(PomoHostCalls),
        .log = calls_log,
        .explain = calls_explain,
        .explain_claim = calls_explain_claim,
        .done = calls_done,
        .save = calls_save,
        .load = calls_load,
        .drop = calls_drop,
        .watch = calls_watch,
        .at = calls_at,
        .run = calls_run,
        .forget = calls_forget,
        .act = calls_act,
        .look_again = calls_look_again,
        .event_loop = calls_event_loop,
};

const PomoHostCalls *calls_table(void) {
        return &table;
}

/* ---- its life ---- */

Calls *calls_new(const CallsConfig *config) {
        Calls *calls = memory_new(Calls, 1);

        calls->host.config = *config;
        return calls;
}

PomoHost *calls_host(Calls *calls) {
        return &calls->host;
}

void calls_forget_all(Calls *calls) {
        calls_end_children(&calls->host);
        while (calls->host.watches)
                calls_watch_free(calls->host.watches);
        calls_explain_anew(calls);
}

Calls *calls_unref(Calls *calls) {
        if (!calls)
                return NULL;
        calls_forget_all(calls);
        log_unlogged(&calls->host);
        free(calls->host.claims);
        free(calls);
        return NULL;
}
