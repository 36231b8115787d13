/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/plugin-news.h"

#include <string.h>

#include "daemon/core/told.h"
#include "daemon/engine/enforce.h"
#include "daemon/engine/publish.h"

/* A plugin of which was told that it failed. */
typedef struct ToldFailure {
        uint64_t told_boot_usec;
        bool over; /* it worked again since */
} ToldFailure;

static bool is_wanted(const User *user, const char *plugin) {
        const GArray *claims = user->focus.claims;

        for (guint i = 0; claims && i < claims->len; i++) {
                const Claim *claim = &g_array_index(claims, Claim, i);

                if (claim_in_force(claim, &user->engine->now) && claim_names_plugin(claim, plugin))
                        return true;
        }
        return false;
}

static void tell(User *user, const char *plugin, bool failed, const char *why) {
        Happening happening;
        Told told;

        told_of_plugin(plugin, failed, why ?: "", &told);
        happening = told_happening(&told, &user->engine->now);
        (void) user_publish_happening(user, 0, &happening);
        told_done(&told, 1);
}

void user_plugin_news_failed(User *user, const char *plugin, const char *why) {
        const uint64_t now = user->engine->now.boot_usec;
        ToldFailure *failure;

        if (!user->store || !is_wanted(user, plugin))
                return;
        if (!user->focus.told_failures)
                user->focus.told_failures = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        failure = g_hash_table_lookup(user->focus.told_failures, plugin);
        if (failure && (!failure->over || now - failure->told_boot_usec < PLUGIN_NEWS_USEC))
                return;
        if (!failure) {
                failure = g_new0(ToldFailure, 1);
                g_hash_table_insert(user->focus.told_failures, g_strdup(plugin), failure);
        }
        failure->told_boot_usec = now;
        failure->over = false;
        tell(user, plugin, true, why);
}

void user_plugin_news_look(User *user) {
        GHashTableIter iter;
        void *plugin, *value;

        if (!user->focus.told_failures)
                return;
        g_hash_table_iter_init(&iter, user->focus.told_failures);
        while (g_hash_table_iter_next(&iter, &plugin, &value)) {
                ToldFailure *failure = value;

                if (!is_wanted(user, plugin))
                        g_hash_table_iter_remove(&iter);
                else if (!failure->over && user_enforce_does(user, plugin)) {
                        failure->over = true;
                        tell(user, plugin, false, NULL);
                }
        }
}
