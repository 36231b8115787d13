/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/ics/import.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "clients/ics/changes.h"
#include "clients/ics/source.h"
#include "clients/lib/pipe.h"
#include "common/caps.h"
#include "common/cleanup.h"
#include "common/names.h"
#include "common/text.h"

#define TRIES 5 /* while others change something at the same time */

/* ---- what the daemon has, and gets ---- */

static int current_rules(const Program *program, uint64_t *ret_seq, char **ret_text) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        cleanup_(timer_state_done) TimerState timer = {};
        cleanup_free_ char *text = NULL;
        int r;

        if (client_get_timer(program->client, &timer) < 0)
                return program_failed(program);
        r = program_call(program, POMOD_INTERFACE_SCHEDULES, "Export", NULL, &reply, "")
                            ?: pipe_read_text(program, reply, &text);
        if (r != 0)
                return r;
        *ret_seq = timer.seq;
        *ret_text = steal(text);
        return 0;
}

/* A variant of as. */
static int read_warnings(const Program *program, sd_bus_message *reply) {
        const char *warning;
        int r = sd_bus_message_enter_container(reply, 'v', "as");

        if (r >= 0)
                r = sd_bus_message_enter_container(reply, 'a', "s");
        while (r >= 0 && (r = sd_bus_message_read(reply, "s", &warning)) > 0)
                program_warn(program, warning);
        if (r >= 0)
                r = sd_bus_message_exit_container(reply);
        return r < 0 ? r : sd_bus_message_exit_container(reply);
}

static int show_warnings(const Program *program, sd_bus_message *reply) {
        const char *key;
        int r = sd_bus_message_enter_container(reply, 'a', "{sv}");

        while (r >= 0 && (r = sd_bus_message_enter_container(reply, 'e', "sv")) > 0) {
                r = sd_bus_message_read(reply, "s", &key);
                if (r >= 0)
                        r = strcmp(key, "Warnings") == 0 ? read_warnings(program, reply)
                                                         : sd_bus_message_skip(reply, "v");
                if (r >= 0)
                        r = sd_bus_message_exit_container(reply);
        }
        return r < 0 ? program_unreadable(program, r) : 0;
}

/* What to exit with; ret_again: something else changed meanwhile, and nothing was said yet. */
static int send_changes(const Program *program, const Changes *changes, uint64_t seq, bool dry_run, bool last,
                bool *ret_again) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;

        if (client_call(program->client, POMOD_INTERFACE_SCHEDULES, "Import",
                            CLIENT_OPTIONS(client_option_number("if-seq", 't', seq),
                                            client_option_flag("replace", changes->replace),
                                            client_option_flag("dry-run", dry_run)),
                            &reply, "s", changes->text) >= 0)
                return show_warnings(program, reply);
        *ret_again = !last && client_was_refused(program->client, "StateChanged");
        return *ret_again ? 0 : program_failed(program);
}

/* ---- what is said about it ---- */

static void show_json(const Changes *changes) {
        for (guint i = 0; i < changes->list->len; i++) {
                const IcsChange *change = g_ptr_array_index(changes->list, i);
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
                const IcsChange *change = g_ptr_array_index(changes->list, i);

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

static int events_load(IcsSession *session, const ImportOptions *options, IcsEvents *ret_events) {
        cleanup_(gstring_freep) GString *bytes = NULL, *text = NULL;
        char sentence[ICS_SENTENCE_MAX], excerpt[TEXT_EXCERPT_MAX];
        int r = source_read(options->path, &bytes, sentence);

        if (r < 0)
                return program_refused(&session->program, sentence);
        r = source_unfold(bytes->str, bytes->len, &text, sentence);
        r = r ?: ics_events_read(text->str, time(NULL), ret_events, sentence);
        if (r < 0)
                return program_usage(&session->program, "%s: %s",
                                strcmp(options->path, "-") == 0 ? "standard input"
                                                                : text_excerpt(options->path, excerpt),
                                sentence);
        return 0;
}

static char *prefix_of(const ImportOptions *options, const IcsEvents *events) {
        g_autofree char *prefix = ics_prefix(options->name ?: events->name ?: "");

        return *prefix ? g_steal_pointer(&prefix) : g_strdup("calendar");
}

/* What to exit with; ret_again: something else changed meanwhile, and nothing was said yet. */
static int import_try(IcsSession *session, const ImportOptions *options, const IcsEvents *events,
                const char *prefix, bool last, bool *ret_again) {
        cleanup_(ptr_array_unrefp) GPtrArray *rules = NULL;
        g_autoptr(GHashTable) old_names = NULL;
        cleanup_(changes_done) Changes changes = {};
        char sentence[ICS_SENTENCE_MAX];
        g_autofree char *text = NULL;
        uint64_t seq = 0;
        int r = current_rules(&session->program, &seq, &text);

        if (r != 0)
                return r;
        old_names = changes_old_names(text, prefix);
        r = ics_rules_make(events, options->kind, prefix, options->hours, old_names, &rules, sentence);
        if (r < 0)
                return program_usage(&session->program, "%s", sentence);
        changes = changes_make(text, rules, prefix, options->prune);
        if (strlen(changes.text) > CAP_RULES_TEXT_BYTES)
                r = program_usage(&session->program,
                                "its rules take %zu bytes, and %u are the most; import fewer events",
                                strlen(changes.text), CAP_RULES_TEXT_BYTES);
        else if (*changes.text || changes.replace)
                r = send_changes(&session->program, &changes, seq, options->dry_run, last, ret_again);
        if (r == 0 && !*ret_again) {
                if (session->program.json)
                        show_json(&changes);
                else
                        show_changes(&changes, events, options);
        }
        return r;
}

int import_run(IcsSession *session, const ImportOptions *options) {
        cleanup_(ics_events_done) IcsEvents events = {};
        g_autofree char *prefix = NULL;
        bool again = true;
        int r;

        program_open(&session->program, 0);
        r = session_use_zone(session) ?: events_load(session, options, &events);
        if (r != 0)
                return r;
        prefix = prefix_of(options, &events);
        for (int i = 0; r == 0 && again; i++) {
                again = false;
                r = import_try(session, options, &events, prefix, i == TRIES - 1, &again);
        }
        return r;
}
