/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/enforce.h"

#include <glib.h>
#include <string.h>

#include "common/text.h"
#include "daemon/core/consent.h"
#include "daemon/engine/presence.h"
#include "daemon/engine/reports.h"

/* A bar has room for less, and the verbs of pomoctl show the rest. */
#define SENTENCES_SAID  4u
#define MESSAGE_COLUMNS 200u

/* ---- one plugin ---- */

/* What was said last of a plugin, to this user or to all. */
static const PluginReport *last_report(
                const GPtrArray *reports, uid_t uid, const char *plugin, const PluginReport *best) {
        for (guint i = 0; reports && i < reports->len; i++) {
                const PluginReport *report = reports->pdata[i];

                if (strcmp(report->plugin, plugin) == 0 &&
                                (report->uid == uid || report->uid == REPORT_OF_NOBODY) &&
                                (!best || report->at_real_usec >= best->at_real_usec))
                        best = report;
        }
        return best;
}

static bool is_disabled(const User *user, const char *plugin) {
        return user->disabled_plugins &&
               g_ptr_array_find_with_equal_func(user->disabled_plugins, plugin, g_str_equal, NULL);
}

/* On a bus of many users own plugins are in homes, where pomod does not look. */
static char *absent_sentence(const User *user, const char *plugin, bool reported) {
        const Engine *engine = user->engine;

        if (reported || !engine->plugin_look || engine->plugin_look(plugin, engine->plugin_userdata))
                return g_strdup_printf("%s is not running", plugin);
        if (engine->config.many_users)
                return g_strdup_printf("%s is not running, nor installed for everybody", plugin);
        return g_strdup_printf("%s is not installed", plugin);
}

char *user_enforce_failing(const User *user, const char *plugin) {
        const PluginReport *report = NULL;
        const char *message;

        if (is_disabled(user, plugin))
                return g_strdup_printf("%s is disabled", plugin);
        report = last_report(user->focus.reports, user->uid, plugin, report);
        report = last_report(user->engine->reports, user->uid, plugin, report);
        if (!presence_has(user->engine, user->uid, plugin))
                return absent_sentence(user, plugin, report);
        if (!report || strcmp(report->state, "failed") != 0)
                return NULL;
        message = report->message ?: "";
        return g_strdup_printf("%s failed%s%.*s", plugin, *message ? ": " : "",
                        (int) text_fitting_bytes(message, MESSAGE_COLUMNS), message);
}

bool user_enforce_does(const User *user, const char *plugin) {
        cleanup_free_ char *failing = user_enforce_failing(user, plugin);

        return !failing;
}

/* ---- all of them ---- */

static void add_plugin(const User *user, GPtrArray *seen, GPtrArray *sentences, const char *plugin) {
        char *sentence;

        if (g_ptr_array_find_with_equal_func(seen, plugin, g_str_equal, NULL))
                return;
        g_ptr_array_add(seen, (void *) plugin);
        sentence = user_enforce_failing(user, plugin);
        if (sentence)
                g_ptr_array_add(sentences, sentence);
}

/* Many claims of a profile lack the same. */
static void add_lacking(GPtrArray *sentences, const Claim *claim) {
        char *sentence = consent_failure_brief(claim->failure);

        if (sentence && !g_ptr_array_find_with_equal_func(sentences, sentence, g_str_equal, NULL))
                g_ptr_array_add(sentences, sentence);
        else
                g_free(sentence);
}

static char *join(const GPtrArray *sentences) {
        GString *all = g_string_new(NULL);

        for (guint i = 0; i < sentences->len && i < SENTENCES_SAID; i++)
                g_string_append_printf(all, "%s%s", i > 0 ? "; " : "", (const char *) sentences->pdata[i]);
        if (sentences->len > SENTENCES_SAID)
                g_string_append_printf(all, "; and %u more", sentences->len - SENTENCES_SAID);
        return g_string_free(all, FALSE);
}

static char *make(const User *user) {
        GPtrArray *seen = g_ptr_array_new(), *sentences = g_ptr_array_new_with_free_func(g_free);
        const GArray *claims = user->focus.claims;
        char *all;

        for (guint i = 0; i < claims->len; i++) {
                const Claim *claim = &g_array_index(claims, Claim, i);

                if (!claim_holds(claim, &user->engine->now))
                        continue;
                for (char **plugin = claim->profile.plugins; plugin && *plugin; plugin++)
                        add_plugin(user, seen, sentences, *plugin);
                add_lacking(sentences, claim);
        }
        all = sentences->len > 0 ? join(sentences) : NULL;
        g_ptr_array_unref(seen);
        g_ptr_array_unref(sentences);
        return all;
}

bool user_enforce_look(User *user) {
        char *sentence = user->focus.claims && user->focus.claims->len > 0 ? make(user) : NULL;
        const bool changed = g_strcmp0(sentence, user->focus.not_enforced) != 0;

        g_free(user->focus.not_enforced);
        user->focus.not_enforced = sentence;
        return changed;
}
