/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/sites/backend.h"

#include <glib.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"

#define BETWEEN "; "

typedef struct ClaimSaid {
        uint32_t uid;
        uint64_t id;
        GString *text;
} ClaimSaid;

struct BackendSaid {
        GString *text;
        GPtrArray *claims; /* of ClaimSaid, in the order of the first word about each */
        GHashTable *by_claim;
};

/* ---- claims as keys ---- */

static guint hash_claim(gconstpointer p) {
        const ClaimSaid *claim = p;

        return claim->uid * 31u + (guint) (claim->id ^ claim->id >> 32);
}

static gboolean same_claim(gconstpointer a, gconstpointer b) {
        const ClaimSaid *left = a, *right = b;

        return left->uid == right->uid && left->id == right->id;
}

static void free_claim(gpointer p) {
        ClaimSaid *claim = p;

        g_string_free(claim->text, TRUE);
        g_free(claim);
}

/* ---- saying ---- */

static BackendSaid *said(Backend *backend) {
        if (backend->said)
                return backend->said;
        backend->said = g_new0(BackendSaid, 1);
        backend->said->text = g_string_new(NULL);
        backend->said->claims = g_ptr_array_new_with_free_func(free_claim);
        backend->said->by_claim = g_hash_table_new(hash_claim, same_claim);
        return backend->said;
}

static void append(GString *text, const char *format, va_list ap) __attribute__((format(printf, 2, 0)));

static bool is_said(const char *text, const char *sentence) {
        const size_t n = strlen(sentence), between = strlen(BETWEEN);

        for (const char *at = text; (at = strstr(at, sentence)); at++)
                if ((at == text || strncmp(at - between, BETWEEN, between) == 0) &&
                                (at[n] == '\0' || strncmp(at + n, BETWEEN, between) == 0))
                        return true;
        return false;
}

/* What two of us find is said once. */
static void append(GString *text, const char *format, va_list ap) {
        cleanup_free_ char *sentence = g_strdup_vprintf(format, ap);

        if (text->len == 0)
                g_string_assign(text, sentence);
        else if (!is_said(text->str, sentence))
                g_string_append_printf(text, BETWEEN "%s", sentence);
}

void backend_say(Backend *backend, const char *format, ...) {
        va_list ap;

        va_start(ap, format);
        append(said(backend)->text, format, ap);
        va_end(ap);
}

void backend_say_claim(Backend *backend, uint32_t uid, uint64_t id, const char *format, ...) {
        BackendSaid *all = said(backend);
        ClaimSaid *claim = g_hash_table_lookup(all->by_claim, &(ClaimSaid){ .uid = uid, .id = id });
        va_list ap;

        if (!claim) {
                claim = g_new0(ClaimSaid, 1);
                *claim = (ClaimSaid){ .uid = uid, .id = id, .text = g_string_new(NULL) };
                g_ptr_array_add(all->claims, claim);
                g_hash_table_add(all->by_claim, claim);
        }
        va_start(ap, format);
        append(claim->text, format, ap);
        va_end(ap);
}

void backend_hand_over(Backend *backend) {
        BackendSaid *all = backend->said;

        if (!all)
                return;
        if (all->text->len > 0)
                backend->calls->explain(backend->host, all->text->str);
        for (guint i = 0; i < all->claims->len; i++) {
                const ClaimSaid *claim = g_ptr_array_index(all->claims, i);

                backend->calls->explain_claim(backend->host, claim->uid, claim->id, claim->text->str);
        }
        backend_clear(backend);
}

void backend_clear(Backend *backend) {
        BackendSaid *all = steal(backend->said);

        if (!all)
                return;
        g_hash_table_unref(all->by_claim);
        g_ptr_array_unref(all->claims);
        g_string_free(all->text, TRUE);
        g_free(all);
}
