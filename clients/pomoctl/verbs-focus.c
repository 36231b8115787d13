/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "clients/pomoctl/days.h"
#include "clients/pomoctl/keys.h"
#include "clients/pomoctl/record.h"
#include "clients/pomoctl/settings.h"
#include "clients/pomoctl/json.h"
#include "clients/pomoctl/table.h"
#include "clients/pomoctl/verb.h"
#include "common/caps.h"
#include "common/duration.h"
#include "common/names.h"

#define NEAR_SEC 120

/* ---- list ---- */

typedef struct Listing {
        const Ctl *ctl;
        Table *table;
        uint64_t only; /* 0: all */
} Listing;

static void claim_print(struct json_object *record) {
        struct json_object *o = json_of_record(record, JSON_MICROSECONDS);

        json_add_id(o, "interval", record_u64(record, "Interval"));
        json_print_and_put(stdout, o);
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

static char *plugins_join(struct json_object *record) {
        struct json_object *plugins = NULL;
        char *text = NULL;
        size_t n;
        FILE *f = open_memstream(&text, &n);

        if (!f)
                return NULL;
        if (json_object_object_get_ex(record, "Plugins", &plugins) &&
                        json_object_is_type(plugins, json_type_array))
                for (size_t i = 0; i < json_object_array_length(plugins); i++)
                        fprintf(f, "%s%s", i > 0 ? " " : "",
                                        json_object_get_string(json_object_array_get_idx(plugins, i)));
        if (fclose(f) != 0) {
                free(text);
                return NULL;
        }
        return text;
}

/* "rests in the break", "released at 14:35 unless kept", "released 11:20: the phone", "in force; failed:
 * why". */
static char *claim_state(struct json_object *record) {
        const char *reason = record_text(record, "Reason"), *state = record_text(record, "State");
        const char *failure = record_text(record, "Failure"), *failed = *failure ? "; failed: " : "";
        char when[DAY_TEXT_MAX], *text = NULL;
        int r;

        if (record_u64(record, "ReleaseRealtimeUSec") > 0)
                r = asprintf(&text, "to be released at %s unless kept%s%s",
                                moment_of(record, "ReleaseRealtimeUSec", when), failed, failure);
        else if (record_bool(record, "Resting"))
                r = asprintf(&text, "rests in the break%s%s", failed, failure);
        else if (strcmp(state, "in-force") == 0 || !*state)
                r = asprintf(&text, "in force%s%s", failed, failure);
        else
                r = asprintf(&text, "%s %s%s%s%s%s", state, moment_of(record, "EndedRealtimeUSec", when),
                                *reason ? ": " : "", reason, failed, failure);
        return r < 0 ? NULL : text;
}

static int claim_one(struct json_object *record, void *userdata) {
        cleanup_free_ char *plugins = NULL, *state = NULL, *source = NULL;
        const char *rule = record_text(record, "Rule"), *lock = record_text(record, "Lock");
        uint64_t interval = record_u64(record, "Interval");
        char id[24], from[DAY_TEXT_MAX], until[DAY_TEXT_MAX];
        Listing *listing = userdata;
        int r;

        if (listing->only > 0 && record_u64(record, "Id") != listing->only)
                return 0;
        if (listing->ctl->json) {
                claim_print(record);
                return 0;
        }

        plugins = plugins_join(record);
        state = claim_state(record);
        if (*rule)
                r = asprintf(&source, "rule %s", rule);
        else if (interval > 0)
                r = asprintf(&source, "interval #%" PRIu64, interval);
        else
                r = asprintf(&source, "by hand");
        if (r < 0) {
                source = NULL;
                return -ENOMEM;
        }
        if (!plugins || !state)
                return -ENOMEM;

        snprintf(id, sizeof(id), "#%" PRIu64, record_u64(record, "Id"));
        return table_add(listing->table,
                        (const char *const[]){ id, record_text(record, "Profile"), plugins, source,
                                        moment_of(record, "EngagedRealtimeUSec", from),
                                        moment_of(record, "UntilRealtimeUSec", until),
                                        strcmp(lock, "none") == 0 ? "" : lock, state });
}

/* What does not work is what matters most: it is said last, where it is seen. */
static int report_one(struct json_object *record, void *userdata) {
        cleanup_free_ char *plugin = ctl_text(record_text(record, "Plugin")),
                           *message = ctl_text(record_text(record, "Message"));
        const Ctl *ctl = userdata;

        if (strcmp(record_text(record, "State"), "failed") == 0)
                printf("%splugin %s failed%s: %s\n", ctl_colour(ctl, COLOUR_WRONG), plugin,
                                ctl_colour(ctl, COLOUR_OFF), message);
        return 0;
}

static int reports_show(const Ctl *ctl) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        int r;

        if (client_call(ctl->client, POMOD_INTERFACE_FOCUS, "ListReports", &reply, "a{sv}", 0) < 0)
                return ctl_failed(ctl);
        r = record_each(reply, report_one, (void *) ctl);
        return r < 0 ? ctl_unreadable(ctl, r) : 0;
}

/* from and to 0: those in force. */
static int claims_list(const Ctl *ctl, uint64_t from_usec, uint64_t to_usec, Listing *listing) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL, *reply = NULL;
        int r;

        if (client_message_new(ctl->client, POMOD_INTERFACE_FOCUS, "ListClaims", &m) < 0)
                return ctl_failed(ctl);
        if ((r = client_options_open(m)) < 0 ||
                        (to_usec > 0 && ((r = client_option_u64(m, "from-realtime-usec", from_usec)) < 0 ||
                                                        (r = client_option_u64(m, "to-realtime-usec",
                                                                         to_usec)) < 0)) ||
                        (r = client_options_close(m)) < 0)
                return ctl_cannot_ask(ctl, r);
        if (client_send(ctl->client, m, &reply) < 0)
                return ctl_failed(ctl);
        r = record_each(reply, claim_one, listing);
        if (r < 0)
                return ctl_unreadable(ctl, r);
        return 0;
}

static int verb_focus_list(Ctl *ctl, const Args *args) {
        cleanup_(table_freep) Table *table = NULL;
        Listing listing = { .ctl = ctl };
        char sentence[TIMES_SENTENCE_MAX];
        uint64_t from = 0, to = 0;
        int week_start, r;
        Date first, last;

        r = ctl_use_zone(ctl);
        if (r == 0 && args->n_words > 0) {
                r = setting_week_start(ctl, &week_start);
                if (r == 0 && days_parse(args->words[0], time(NULL), week_start, false, &first, &last,
                                              sentence) < 0)
                        r = ctl_no_argument(ctl, args->words[0], sentence);
                if (r == 0) {
                        from = (uint64_t) day_start(first) * USEC_PER_SEC;
                        to = (uint64_t) day_start(last + 1) * USEC_PER_SEC;
                }
        }
        if (r != 0)
                return r;

        listing.table = table = table_new((const char *const[]){
                        ">ID", "PROFILE", "PLUGINS", "BECAUSE OF", "FROM", "UNTIL", "LOCK", "STATE", NULL });
        if (!table)
                return ctl_errno(ctl, -ENOMEM, "cannot list what is in force");
        r = claims_list(ctl, from, to, &listing);
        if (r != 0 || ctl->json)
                return r;
        ctl_table(ctl, table,
                        to > 0 ? "no focus in these days"
                               : "no focus is in force; begin with: pomoctl focus on PROFILE 2h");
        return reports_show(ctl);
}

/* ---- on, off, keep ---- */

static int verb_focus_on(Ctl *ctl, const Args *args) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;
        const char *lock = args_value(args, "lock");
        cleanup_free_ char *duration = NULL, *safe = NULL;
        char until[DAY_TEXT_MAX];
        uint64_t for_usec, id;
        int r;

        r = named_given(ctl, args, "profile");
        if (r == 0 && args->n_words < 2)
                r = ctl_usage(ctl, "for how long? pomoctl focus on %.64s 2h", args->words[0]);
        if (r == 0 && args_join(args, 1, &duration) < 0)
                r = ctl_cannot_ask(ctl, -ENOMEM);
        if (r == 0)
                r = ctl_duration(ctl, duration, &for_usec);
        if (r == 0 && lock)
                r = ctl_check_text(ctl, "lock", lock, CAP_NOTE_BYTES);
        if (r == 0)
                r = ctl_use_zone(ctl);
        if (r != 0)
                return r;

        if (client_message_new(ctl->client, POMOD_INTERFACE_FOCUS, "Engage", &m) < 0)
                return ctl_failed(ctl);
        if ((r = sd_bus_message_append(m, "s", args->words[0])) < 0 || (r = client_options_open(m)) < 0 ||
                        (r = client_option_u64(m, "for-usec", for_usec)) < 0 ||
                        (r = client_option_string(m, "lock", lock)) < 0 || (r = client_options_close(m)) < 0)
                return ctl_cannot_ask(ctl, r);
        r = ctl_send_for_id(ctl, m, &id);
        if (r != 0)
                return r;

        if (ctl->json) {
                Listing listing = { .ctl = ctl, .only = id };

                return claims_list(ctl, 0, 0, &listing);
        }
        safe = ctl_text(args->words[0]);
        printf("%s is in force until %s #%" PRIu64 "\n", safe,
                        minute_label(time(NULL) + (time_t) (for_usec / USEC_PER_SEC), until), id);
        return 0;
}

/* The one id that was typed, 0 for none. */
static int claim_given(const Ctl *ctl, const Args *args, uint64_t *ret_id) {
        int r = 0;

        *ret_id = 0;
        if (args->n_words > 0)
                r = ctl_id(ctl, "a focus", args->words[0], ret_id);
        return r;
}

static int verb_focus_off(Ctl *ctl, const Args *args) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        const char *reason = args_value(args, "reason") ?: "";
        uint64_t id, when_usec;
        char text[DAY_TEXT_MAX];
        time_t now, when;
        int r;

        r = claim_given(ctl, args, &id);
        if (r == 0)
                r = ctl_check_text(ctl, "reason", reason, CAP_NOTE_BYTES);
        if (r == 0)
                r = ctl_use_zone(ctl);
        if (r != 0)
                return r;

        if (client_call(ctl->client, POMOD_INTERFACE_FOCUS, "Release", &reply, "tsa{sv}", id, reason, 0) < 0)
                return ctl_failed(ctl);
        r = sd_bus_message_read(reply, "t", &when_usec);
        if (r < 0)
                return ctl_unreadable(ctl, r);

        now = time(NULL);
        when = (time_t) (when_usec / USEC_PER_SEC);
        if (ctl->json) {
                struct json_object *o = json_object_new_object();

                json_add_instant(o, "released", when_usec, JSON_MICROSECONDS);
                json_object_object_add(o, "pending", json_object_new_boolean(when > now));
                json_print_and_put(stdout, o);
        } else if (when > now)
                printf("to be released at %s; until then, take it back with: pomoctl focus keep\n",
                                minute_label(when, text));
        else
                printf("released\n");
        return 0;
}

static int verb_focus_keep(Ctl *ctl, const Args *args) {
        uint64_t id;
        int r;

        r = claim_given(ctl, args, &id);
        if (r != 0)
                return r;
        if (client_call(ctl->client, POMOD_INTERFACE_FOCUS, "Withdraw", NULL, "ta{sv}", id, 0) < 0)
                return ctl_failed(ctl);
        if (ctl->json)
                printf("{\"kept\":true}\n");
        else
                printf("kept: it stays in force to its end\n");
        return 0;
}

/* ---- the rows of the table of verbs ---- */

/* clang-format off */
const Verb verbs_of_focus[] = {
        {
                .name = "focus",
                .brief = "show what is in force; also: on, off, keep, profile",
                .usage = "[list] [PERIOD]",
                .words = 1,
                .sentence = "show which profiles are in force, until when and because of what",
                .details = DETAILS("PERIOD is today, week, month, a DATE or DATE..DATE, as for pomoctl log, and asks for all that began in it, with what became of them."),
                .examples = ITEMS({ "pomoctl focus", "what is in force" }, ),
                .run = verb_focus_list,
        },
        {
                .name = "focus list",
                .usage = "[PERIOD]",
                .words = 1,
                .sentence = "show which profiles are in force, or were",
                .examples = ITEMS({ "pomoctl focus list week", "what was kept and what was released this week" }, ),
                .run = verb_focus_list,
        },
        {
                .name = "focus on",
                .usage = "PROFILE DURATION [--lock LOCK]",
                .words = WORDS_ANY,
                .sentence = "put a profile in force for so long",
                .options = OPTIONS({ "lock", "LOCK", "none, \"delay 10m\" or admin: what it takes to release it early" }, ),
                .examples = ITEMS({ "pomoctl focus on deep 2h", "nothing distracts for two hours" },
                                { "pomoctl focus on deep 2h --lock 'delay 10m'", "and giving up takes ten minutes" }, ),
                .run = verb_focus_on,
        },
        {
                .name = "focus off",
                .usage = "[ID] [--reason WHY]",
                .words = 1,
                .sentence = "release a focus before its end, for the record; alone: all that are in force",
                .options = OPTIONS({ "reason", "WHY", "kept on record" }, ),
                .examples = ITEMS({ "pomoctl focus off --reason 'a call with a customer'", "all of them" }, ),
                .run = verb_focus_off,
        },
        {
                .name = "focus keep",
                .usage = "[ID]",
                .words = 1,
                .sentence = "take back a release that still waits; alone: all that wait",
                .examples = ITEMS({ "pomoctl focus keep", "on second thought" }, ),
                .run = verb_focus_keep,
        },
        {},
};
/* clang-format on */
