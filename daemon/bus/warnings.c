/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/warnings.h"

#include "common/caps.h"
#include "daemon/bus/keys.h"
#include "daemon/engine/agenda.h"

static char *sentence_make(const char *rule, const char *sentence) {
        return *rule ? g_strdup_printf("the rule %s %s", rule, sentence) : g_strdup(sentence);
}

void warnings_done(Warnings *warnings) {
        if (warnings->sentences)
                g_ptr_array_unref(warnings->sentences);
        warnings->sentences = NULL;
}

void warnings_add(Warnings *warnings, char *sentence) {
        if (!warnings->sentences)
                warnings->sentences = g_ptr_array_new_with_free_func(g_free);
        if (warnings->sentences->len < CAP_RECORDS_PER_REPLY) {
                g_ptr_array_add(warnings->sentences, sentence);
                return;
        }
        g_free(sentence);
        warnings->more++;
}

void warnings_collect(const char *rule, const char *sentence, void *userdata) {
        Warnings *warnings = userdata;

        warnings_add(warnings, sentence_make(rule, sentence));
}

void warnings_finish(Warnings *warnings) {
        if (warnings->more > 0)
                g_ptr_array_add(warnings->sentences,
                                g_strdup_printf("… and %u warnings more", warnings->more));
        warnings->more = 0;
}

int warnings_reply(sd_bus_message *message, Warnings *warnings) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        int r = sd_bus_message_new_method_return(message, &reply);

        warnings_finish(warnings);
        if (r >= 0)
                r = texts_append(reply, warnings->sentences ? (char **) warnings->sentences->pdata : NULL,
                                warnings->sentences ? warnings->sentences->len : 0);
        return r < 0 ? r : sd_bus_message_send(reply);
}

static void warnings_array_free(void *p) {
        g_ptr_array_unref(p);
}

static void collect_by_rule(const char *rule, const char *sentence, void *userdata) {
        GPtrArray *sentences = g_hash_table_lookup(userdata, rule);

        if (!sentences) {
                sentences = g_ptr_array_new_with_free_func(g_free);
                g_hash_table_insert(userdata, g_strdup(rule), sentences);
        }
        g_ptr_array_add(sentences, sentence_make(rule, sentence));
}

int warnings_by_rule(const UserCall *call, GHashTable **ret_warnings, Refusal *ret_refusal) {
        GHashTable *warnings = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, warnings_array_free);
        int r = user_agenda_each_warning(call->user, collect_by_rule, warnings);

        if (r != 0)
                g_hash_table_unref(warnings);
        else
                *ret_warnings = warnings;
        return r;
}

void warnings_freep(GHashTable **warnings) {
        if (*warnings)
                g_hash_table_unref(*warnings);
}
