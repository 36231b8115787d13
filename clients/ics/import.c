/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/ics/import.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "clients/ics/changes.h"
#include "clients/ics/source.h"
#include "common/caps.h"
#include "common/cleanup.h"
#include "common/names.h"
#include "common/text.h"

#define TRIES 5 /* while others change something at the same time */

/* ---- what the daemon has, and gets ---- */

static int current_rules(Session *session, uint64_t *ret_seq, char **ret_text) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        TimerState timer = {};
        const char *text;
        int r;

        r = client_get_timer(session->client, &timer);
        if (r >= 0) {
                *ret_seq = timer.seq;
                timer_state_done(&timer);
                r = client_call(session->client, POMOD_INTERFACE_SCHEDULES, "Export", &reply, "a{sv}", 0);
        }
        if (r >= 0) {
                r = sd_bus_message_read(reply, "s", &text);
                if (r < 0)
                        client_fail(session->client, r, NULL);
        }
        if (r < 0)
                return session_failed(session);
        *ret_text = g_strdup(text);
        return 0;
}

static int show_warnings(Session *session, sd_bus_message *reply) {
        const char *key, *warning;
        int r;

        r = sd_bus_message_enter_container(reply, 'a', "{sv}");
        while (r >= 0 && (r = sd_bus_message_enter_container(reply, 'e', "sv")) > 0) {
                r = sd_bus_message_read(reply, "s", &key);
                if (r >= 0 && strcmp(key, "Warnings") != 0)
                        r = sd_bus_message_skip(reply, "v");
                else if (r >= 0) {
                        r = sd_bus_message_enter_container(reply, 'v', "as");
                        if (r >= 0)
                                r = sd_bus_message_enter_container(reply, 'a', "s");
                        while (r >= 0 && (r = sd_bus_message_read(reply, "s", &warning)) > 0) {
                                cleanup_free_ char *safe = text_for_terminal(warning);

                                fprintf(stderr, "pomoctl: warning: %s\n", safe ? safe : "");
                        }
                        if (r >= 0)
                                r = sd_bus_message_exit_container(reply);
                        if (r >= 0)
                                r = sd_bus_message_exit_container(reply);
                }
                if (r >= 0)
                        r = sd_bus_message_exit_container(reply);
        }
        return r;
}

static int send_changes(Session *session, const Changes *changes, uint64_t seq, bool dry_run) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL, *reply = NULL;
        int r;

        r = client_message_new(session->client, POMOD_INTERFACE_SCHEDULES, "Import", &message);
        if (r < 0)
                return r;
        r = sd_bus_message_append(message, "s", changes->text);
        if (r >= 0)
                r = client_options_open(message);
        if (r >= 0)
                r = client_option_u64(message, "if-seq", seq);
        if (r >= 0 && changes->replace)
                r = client_option_bool(message, "replace", true);
        if (r >= 0 && dry_run)
                r = client_option_bool(message, "dry-run", true);
        if (r >= 0)
                r = client_options_close(message);
        if (r < 0)
                return client_fail(session->client, r, NULL);
        r = client_send(session->client, message, &reply);
        if (r >= 0)
                r = show_warnings(session, reply);
        return r;
}

/* ---- what is said about it ---- */

static void show_json(const Changes *changes) {
        for (guint i = 0; i < changes->list->len; i++) {
                const Change *change = g_ptr_array_index(changes->list, i);
                struct json_object *o = json_object_new_object();

                json_object_object_add(
                                o, "change", json_object_new_string(change_kind_to_string(change->kind)));
                json_object_object_add(o, "rule", json_object_new_string(change->name));
                json_object_object_add(o, "dates", json_object_new_string(change->shown));
                printf("%s\n", json_object_to_json_string_ext(
                                               o, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
                json_object_put(o);
        }
}

static void show_changes(const Changes *changes, const IcsEvents *events, const ImportOptions *options) {
        char until[DATE_TEXT_MAX];

        for (guint i = 0; i < changes->list->len; i++) {
                const Change *change = g_ptr_array_index(changes->list, i);

                if (change->kind == CHANGE_SAME)
                        continue;
                printf("%-8s %s%s%s\n", change_kind_to_string(change->kind), change->name,
                                *change->shown ? ": " : "", change->shown);
        }
        printf("%s%u new, %u changed, %u removed, %u as before\n", options->dry_run ? "would be: " : "",
                        changes->n[CHANGE_NEW], changes->n[CHANGE_CHANGED], changes->n[CHANGE_REMOVED],
                        changes->n[CHANGE_SAME]);
        if (changes->n[CHANGE_GONE] > 0)
                printf("%u are not in the file any more and stay; --prune removes them\n",
                                changes->n[CHANGE_GONE]);
        if (events->endless > 0)
                printf("%u recur without an end and were followed to %s; import again before then\n",
                                events->endless, date_format(civil_day(events->to) - 1, until));
        if (events->empty > 0)
                printf("%u take no time and were left out\n", events->empty);
        if (events->outside > 0)
                printf("%u take place at no time from this month on and were left out\n", events->outside);
}

/* ---- the whole of it ---- */

static int events_load(Session *session, const ImportOptions *options, IcsEvents *ret_events) {
        cleanup_(gstring_freep) GString *bytes = NULL, *text = NULL;
        char sentence[ICS_SENTENCE_MAX], excerpt[TEXT_EXCERPT_MAX];
        int r;

        r = source_read(options->path, &bytes, sentence);
        if (r < 0)
                return session_refused(session, sentence);
        r = source_unfold(bytes->str, bytes->len, &text, sentence);
        if (r == 0)
                r = ics_events_read(text->str, time(NULL), ret_events, sentence);
        if (r < 0)
                return session_usage(session, "%s: %s",
                                strcmp(options->path, "-") == 0 ? "standard input"
                                                                : text_excerpt(options->path, excerpt),
                                sentence);
        return 0;
}

static char *prefix_of(const ImportOptions *options, const IcsEvents *events) {
        char *prefix = ics_prefix(options->name ? options->name : events->name ? events->name : "");

        if (*prefix)
                return prefix;
        g_free(prefix);
        return g_strdup("calendar");
}

/* What to exit with; ret_again: something else changed meanwhile, and nothing was said yet. */
static int import_try(Session *session, const ImportOptions *options, const IcsEvents *events,
                const char *prefix, bool last, bool *ret_again) {
        cleanup_(ptr_array_unrefp) GPtrArray *rules = NULL;
        char sentence[ICS_SENTENCE_MAX], *text = NULL;
        Changes changes = {};
        GHashTable *old_names;
        uint64_t seq = 0;
        int r;

        r = current_rules(session, &seq, &text);
        if (r != 0)
                return r;
        old_names = changes_old_names(text, prefix);
        r = ics_rules_make(events, options->kind, prefix, options->hours, old_names, &rules, sentence);
        g_hash_table_unref(old_names);
        if (r < 0) {
                g_free(text);
                return session_usage(session, "%s", sentence);
        }
        changes = changes_make(text, rules, prefix, options->prune);
        g_free(text);
        if (strlen(changes.text) > CAP_RULES_TEXT_BYTES)
                r = session_usage(session,
                                "its rules take %zu bytes, and %u are the most; import fewer events",
                                strlen(changes.text), CAP_RULES_TEXT_BYTES);
        else if (*changes.text || changes.replace) {
                r = send_changes(session, &changes, seq, options->dry_run);
                *ret_again = r < 0 && !last &&
                             g_str_has_suffix(client_error_name(session->client), ".StateChanged");
                if (r < 0 && !*ret_again)
                        r = session_failed(session);
                else
                        r = 0;
        }
        if (r == 0 && !*ret_again) {
                if (session->json)
                        show_json(&changes);
                else
                        show_changes(&changes, events, options);
        }
        changes_done(&changes);
        return r;
}

int import_run(Session *session, const ImportOptions *options) {
        IcsEvents events = {};
        char *prefix;
        bool again = true;
        int r;

        r = session_open(session, 0);
        if (r == 0)
                r = session_use_zone(session);
        if (r == 0)
                r = events_load(session, options, &events);
        if (r != 0)
                return r;
        prefix = prefix_of(options, &events);
        for (int i = 0; r == 0 && again; i++) {
                again = false;
                r = import_try(session, options, &events, prefix, i == TRIES - 1, &again);
        }
        g_free(prefix);
        ics_events_done(&events);
        return r;
}
