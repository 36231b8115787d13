/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "clients/pomoctl/agent.h"
#include "clients/pomoctl/days.h"
#include "clients/pomoctl/json.h"
#include "clients/pomoctl/keys.h"
#include "clients/pomoctl/list.h"
#include "clients/pomoctl/plugin.h"
#include "clients/pomoctl/verb-status.h"
#include "clients/pomoctl/verb.h"
#include "common/caps.h"
#include "common/cleanup.h"
#include "common/duration.h"
#include "common/names.h"

#define NEAR_SEC 120

/* ---- list ---- */

static struct json_object *claim_json(struct json_object *record) {
        struct json_object *o = json_of_record(record, JSON_MICROSECONDS);

        json_add_id(o, "interval", record_u64(record, "Interval"));
        return o;
}

/* Seconds are told only of what is near. */
static const char *minute_label(time_t t, char buf[DAY_TEXT_MAX]) {
        time_t now = time(NULL);

        return moment_label(t > now - NEAR_SEC && t < now + NEAR_SEC ? t : t - t % 60, now, buf);
}

static const char *moment_of(struct json_object *record, const char *key, char buf[DAY_TEXT_MAX]) {
        uint64_t usec = record_u64(record, key);

        buf[0] = '\0';
        return usec > 0 ? minute_label((time_t) (usec / USEC_PER_SEC), buf) : buf;
}

/* Of one in force what is so now, without what the line of all plugins says: "; not enforced", "; holds in
 * part: why". Of one that is over what was. */
static char *claim_shortfall(struct json_object *record, bool in_force) {
        const char *wrong = record_text(record, in_force ? "Failing" : "Failure");
        const char *in_part = record_text(record, "InPart");
        const char *heading = in_force && !record_bool(record, "Enforced") ? "; not enforced" : "";

        return memory_format("%s%s%s%s%s", !in_force && *wrong ? "; failed" : heading, *wrong ? ": " : "",
                        wrong,
                        !*in_part  ? ""
                        : in_force ? "; holds in part: "
                                   : "; held in part: ",
                        in_part);
}

/* "rests in the break", "to be released at 14:35 unless kept", "released 11:20: the phone", "in force;
 * holds in part: why".
 */
static char *claim_state(struct json_object *record) {
        const char *reason = record_text(record, "Reason"), *state = record_text(record, "State");
        const bool in_force = strcmp(state, "in-force") == 0 || !*state;
        cleanup_free_ char *shortfall = claim_shortfall(record, in_force);
        char when[DAY_TEXT_MAX];

        if (in_force && record_u64(record, "ReleaseRealtimeUSec") > 0)
                return memory_format("to be released at %s unless kept%s",
                                moment_of(record, "ReleaseRealtimeUSec", when), shortfall);
        if (record_bool(record, "Resting"))
                return memory_format("rests in the break%s", shortfall);
        if (in_force)
                return memory_format("in force%s", shortfall);
        return memory_format("%s %s%s%s%s", state, moment_of(record, "EndedRealtimeUSec", when),
                        *reason ? ": " : "", reason, shortfall);
}

static char *claim_source(struct json_object *record) {
        const char *rule = record_text(record, "Rule");
        uint64_t interval = record_u64(record, "Interval");

        if (*rule)
                return memory_format("rule %s", rule);
        return interval > 0 ? memory_format("interval #%" PRIu64, interval) : memory_copy("by hand");
}

static void claim_row(Table *table, struct json_object *record) {
        cleanup_free_ char *plugins = record_join(record, "Plugins"), *state = claim_state(record),
                           *source = claim_source(record);
        const char *lock = record_text(record, "Lock");
        char id[24], from[DAY_TEXT_MAX], until[DAY_TEXT_MAX];

        snprintf(id, sizeof(id), "#%" PRIu64, record_u64(record, "Id"));
        table_add(table, (const char *const[]){ id, record_text(record, "Profile"), plugins, source,
                                         moment_of(record, "EngagedRealtimeUSec", from),
                                         moment_of(record, "UntilRealtimeUSec", until),
                                         strcmp(lock, "none") == 0 ? "" : lock, state });
}

static const char *const claim_headings[] = { ">ID", "PROFILE", "PLUGINS", "BECAUSE OF", "FROM", "UNTIL",
        "LOCK", "STATE", NULL };

static const RecordList claims_in_force = {
        .headings = claim_headings,
        .row = claim_row,
        .json = claim_json,
        .none = "no focus is in force; begin with: pomoctl focus on PROFILE 2h",
};
static const RecordList claims_of_days = {
        .headings = claim_headings,
        .row = claim_row,
        .json = claim_json,
        .none = "no focus in these days",
};

static int not_enforced_show(const Ctl *ctl) {
        cleanup_(timer_state_done) TimerState timer = {};

        if (client_get_timer(ctl->program.client, &timer) < 0)
                return program_failed(&ctl->program);
        status_print_not_enforced(ctl, &timer);
        return 0;
}

/* to 0: those in force. */
static Records claims_ask(const Ctl *ctl, uint64_t from_usec, uint64_t to_usec) {
        const ClientOption range[] = { client_option_number("from-realtime-usec", 't', from_usec),
                client_option_number("to-realtime-usec", 't', to_usec), {} };

        return records_ask(
                        &ctl->program, POMOD_INTERFACE_FOCUS, "ListClaims", to_usec > 0 ? range : NULL, "");
}

static int period_read(const Ctl *ctl, const char *text, uint64_t *ret_from_usec, uint64_t *ret_to_usec) {
        char sentence[TIMES_SENTENCE_MAX];
        int week_start, r;
        Date first, last;

        r = setting_week_start(&ctl->program, &week_start);
        if (r != 0)
                return r;
        if (days_parse(text, time(NULL), week_start, false, &first, &last, sentence) < 0)
                return ctl_no_argument(ctl, text, sentence);
        *ret_from_usec = (uint64_t) day_start(first) * USEC_PER_SEC;
        *ret_to_usec = (uint64_t) day_start(last + 1) * USEC_PER_SEC;
        return 0;
}

static int verb_focus_list(Ctl *ctl, const Args *args) {
        cleanup_(records_done) Records records = {};
        uint64_t from = 0, to = 0;
        int r = program_use_zone(&ctl->program);

        if (r == 0 && args->n_words > 0)
                r = period_read(ctl, args->words[0], &from, &to);
        if (r != 0)
                return r;

        records = claims_ask(ctl, from, to);
        r = list_show(ctl, &records, to > 0 ? &claims_of_days : &claims_in_force);
        if (r == 0 && !ctl->program.json)
                r = not_enforced_show(ctl) ?: (to > 0 ? 0 : plugin_print_limits(ctl));
        return r;
}

/* ---- on, off, keep ---- */

static int engaged_json(const Ctl *ctl, uint64_t id) {
        cleanup_(records_done) Records records = claims_ask(ctl, 0, 0);

        for (struct json_object *record; (record = records_next(&records));)
                if (record_u64(record, "Id") == id)
                        list_print_json(&claims_in_force, record);
        return records.status;
}

static int verb_focus_on(Ctl *ctl, const Args *args) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        cleanup_free_ char *duration = args_join(args, 1, ARGS_ALL), *safe = NULL;
        const char *lock = args_value(args, "lock");
        char until[DAY_TEXT_MAX];
        uint64_t for_usec, id;
        int r = named_given(ctl, args, "profile");

        if (r == 0 && !duration)
                r = ctl_usage(ctl, "for how long? pomoctl focus on %.64s 2h", args->words[0]);
        r = r ?: ctl_duration(ctl, duration, &for_usec);
        r = r ?: ctl_check_text(ctl, "lock", lock, CAP_NOTE_BYTES);
        r = r ?: program_use_zone(&ctl->program);
        r = r
                            ?: program_call(&ctl->program, POMOD_INTERFACE_FOCUS, "Engage",
                                               CLIENT_OPTIONS(client_option_number("for-usec", 't', for_usec),
                                                               client_option_text("lock", lock)),
                                               &reply, "s", args->words[0]);
        r = r ?: program_read(&ctl->program, reply, "t", &id);
        if (r != 0)
                return r;

        if (ctl->program.json)
                return engaged_json(ctl, id);
        safe = memory_safe_text(args->words[0]);
        printf("%s is in force until %s #%" PRIu64 "\n", safe,
                        minute_label(time(NULL) + (time_t) (for_usec / USEC_PER_SEC), until), id);
        return not_enforced_show(ctl);
}

/* The one id that was typed, 0 for none. */
static int claim_given(const Ctl *ctl, const Args *args, uint64_t *ret_id) {
        *ret_id = 0;
        return args->n_words > 0 ? ctl_id(ctl, "a focus", args->words[0], ret_id) : 0;
}

/* Those in force that a release of this id, 0 for all, is about; an array of records, put by the caller. */
static int claims_meant(const Ctl *ctl, uint64_t id, struct json_object **ret_claims) {
        cleanup_(records_done) Records records = claims_ask(ctl, 0, 0);
        struct json_object *claims = json_object_new_array();

        for (struct json_object *record; (record = records_next(&records));)
                if (id == 0 || record_u64(record, "Id") == id)
                        json_object_array_add(claims, json_object_get(record));
        *ret_claims = claims;
        return records.status;
}

static struct json_object *claim_of_id(struct json_object *claims, uint64_t id) {
        for (size_t i = 0; i < json_object_array_length(claims); i++) {
                struct json_object *claim = json_object_array_get_idx(claims, i);

                if (record_u64(claim, "Id") == id)
                        return claim;
        }
        return NULL;
}

/* after: as it is now; NULL: it is no longer in force. */
static void claim_say_release(struct json_object *claim, struct json_object *after) {
        const char *profile = record_text(claim, "Profile");
        cleanup_free_ char *safe = memory_safe_text(*profile ? profile : record_text(claim, "Rule"));
        const uint64_t id = record_u64(claim, "Id");
        char when[DAY_TEXT_MAX];

        if (after)
                printf("#%" PRIu64
                       " %s: to be released at %s; until then, take it back with: pomoctl focus keep %" PRIu64
                       "\n",
                                id, safe, moment_of(after, "ReleaseRealtimeUSec", when), id);
        else
                printf("#%" PRIu64 " %s: released\n", id, safe);
}

/* before: those that it was about. */
static int claims_say_release(const Ctl *ctl, uint64_t id, struct json_object *before) {
        cleanup_(record_putp) struct json_object *after = NULL;
        int r = claims_meant(ctl, id, &after);

        for (size_t i = 0; r == 0 && i < json_object_array_length(before); i++) {
                struct json_object *claim = json_object_array_get_idx(before, i);

                claim_say_release(claim, claim_of_id(after, record_u64(claim, "Id")));
        }
        return r;
}

/* The refusal of a lock is about the reason where none was given. */
static int release(Ctl *ctl, uint64_t id, const char *reason, uint64_t *ret_when_usec) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        Agent agent = agent_begin(ctl);
        int r;

        if (reason[strspn(reason, " \t\n")] != '\0')
                ctl->program.hints = NULL;
        r = program_call(&ctl->program, POMOD_INTERFACE_FOCUS, "Release", NULL, &reply, "ts", id, reason);
        agent_end(&agent);
        return r ?: program_read(&ctl->program, reply, "t", ret_when_usec);
}

static int verb_focus_off(Ctl *ctl, const Args *args) {
        cleanup_(record_putp) struct json_object *before = NULL;
        const char *reason = args_value(args, "reason") ?: "";
        uint64_t id, when_usec;
        int r = claim_given(ctl, args, &id);

        r = r ?: ctl_check_text(ctl, "reason", reason, CAP_NOTE_BYTES);
        r = r ?: program_use_zone(&ctl->program);
        r = r ?: claims_meant(ctl, id, &before);
        r = r ?: release(ctl, id, reason, &when_usec);
        if (r != 0)
                return r;

        if (ctl->program.json) {
                struct json_object *o = json_new();

                json_add_instant(o, "released", when_usec, JSON_MICROSECONDS);
                json_add_flag(o, "pending", (time_t) (when_usec / USEC_PER_SEC) > time(NULL));
                json_print_and_put(stdout, o);
                return 0;
        }
        return claims_say_release(ctl, id, before);
}

static int verb_focus_keep(Ctl *ctl, const Args *args) {
        uint64_t id;
        int r = claim_given(ctl, args, &id)
                                ?: program_call(&ctl->program, POMOD_INTERFACE_FOCUS, "Withdraw", NULL, NULL,
                                                   "t", id);

        if (r != 0)
                return r;
        if (ctl->program.json)
                json_say("b", "kept", true);
        else
                printf("kept: it stays in force to its end\n");
        return 0;
}

/* ---- the rows of the table of verbs ---- */

/* clang-format off */
const Verb verbs_of_focus[] = {
        { .name = "focus", .usage = "[list] [PERIOD]", .words = 1, .run = verb_focus_list,
          .brief = "show what is in force; also: on, off, keep, test, profile, names",
          .sentence = "show which profiles are in force, until when and because of what",
          .details = DETAILS("PERIOD is today, week, month, a DATE or DATE..DATE, as for pomoctl log, and asks for all that began in it, with what became of them."),
          .examples = ITEMS({ "pomoctl focus", "what is in force" }, ) },
        { .name = "focus list", .usage = "[PERIOD]", .words = 1, .run = verb_focus_list,
          .sentence = "show which profiles are in force, or were",
          .examples = ITEMS({ "pomoctl focus list week", "what was kept and what was released this week" }, ) },
        { .name = "focus on", .usage = "PROFILE DURATION [--lock LOCK]", .words = WORDS_ANY, .run = verb_focus_on,
          .sentence = "put a profile in force for so long",
          .options = OPTIONS({ "lock", "LOCK", "none, \"delay 10m\" or admin: what it takes to release it early" }, ),
          .examples = ITEMS({ "pomoctl focus on deep 2h", "nothing distracts for two hours" },
                          { "pomoctl focus on deep 2h --lock 'delay 10m'", "and giving up takes ten minutes" }, ) },
        { .name = "focus off", .usage = "[ID] [--reason WHY]", .words = 1, .run = verb_focus_off,
          .sentence = "release a focus before its end, for the record; alone: all that are in force",
          .options = OPTIONS({ "reason", "WHY", "kept on record; what is locked takes one" }, ),
          .hints = HINTS({ "Locked", "; give it with --reason WHY" }, ),
          .examples = ITEMS({ "pomoctl focus off --reason 'a call with a customer'", "all of them" }, ) },
        { .name = "focus keep", .usage = "[ID]", .words = 1, .run = verb_focus_keep,
          .sentence = "take back a release that still waits; alone: all that wait",
          .examples = ITEMS({ "pomoctl focus keep", "on second thought" }, ) },
        {},
};
/* clang-format on */
