/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <glib.h>
#include <inttypes.h>
#include <string.h>

#include "daemon/bus/desired.h"
#include "daemon/bus/errors.h"
#include "daemon/bus/hosts.h"
#include "daemon/bus/keys.h"
#include "daemon/bus/method.h"
#include "daemon/bus/objects.h"
#include "daemon/bus/options.h"
#include "daemon/bus/plugins.h"
#include "daemon/bus/polkit.h"
#include "daemon/bus/records.h"
#include "daemon/bus/request.h"
#include "daemon/bus/schedules.h"

#define LOCK_BYTES 64u

/* ---- profiles ---- */

static int append_profile(const Profile *profile, void *userdata) {
        int r = sd_bus_message_open_container(userdata, SD_BUS_TYPE_ARRAY, "{sv}");

        if (r >= 0)
                r = profile_append(userdata, profile);
        return r < 0 ? r : sd_bus_message_close_container(userdata);
}

static int method_list_profiles(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        const UserCall *call = userdata;
        Refusal refusal;
        int r;

        r = options_read_none(message, &refusal);
        if (r == 0)
                r = records_reply_new(message, &reply);
        if (r == 0)
                r = user_read_profiles(call->user, append_profile, reply);
        if (r != 0)
                return error_set(error, r, &refusal);
        return records_reply_send(reply);
}

static int method_set_profile(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        cleanup_(key_list_done) KeyList list = {};
        cleanup_(profile_done) Profile profile = {};
        cleanup_(warnings_done) Warnings warnings = {};
        Option if_seq = OPTION_IF_SEQ;
        Request request = { .type = REQUEST_PROFILE_SET, .profile = &profile };
        const char *name;
        Refusal refusal;
        Answer answer;
        int r;

        r = name_read(message, "profile's name", &name, &refusal);
        if (r == 0)
                r = key_list_read(message, &list, &refusal);
        if (r == 0)
                r = options_read(message, &if_seq, 1, &refusal);
        if (r == 0)
                r = profile_from_keys(name, list.keys, list.values, list.n, &profile, &refusal);
        if (r != 0)
                return error_set(error, r, &refusal);
        r = request_send(userdata, &request, &if_seq, &answer, error);
        if (r < 0)
                return r;
        (void) profile_warn(&profile, &(ProfileWarnings){ userdata, &warnings });
        return warnings_reply(message, &warnings);
}

static int method_remove_profile(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        return name_request(message, "profile's name", userdata, REQUEST_PROFILE_REMOVE, error);
}

/* ---- claims ---- */

typedef struct ClaimListing {
        sd_bus_message *reply;
        Now now;
        uint64_t after; /* still to come; 0: behind it, or none was given */
        unsigned left;
        bool full;
} ClaimListing;

static int append_claim(const Claim *claim, void *userdata) {
        ClaimListing *listing = userdata;
        Claim shown = *claim; /* its texts are the claim's */
        int r;

        if (listing->after != 0) {
                if ((uint64_t) claim->id == listing->after)
                        listing->after = 0;
                return 0;
        }
        if (listing->left-- == 0) {
                listing->full = true;
                return -ENOBUFS;
        }
        claim_show(&shown, &listing->now);
        r = record_open(listing->reply, &claim_record, &shown);
        if (r >= 0)
                r = texts_entry_append(listing->reply, "Plugins", claim->profile.plugins,
                                claim->profile.plugins ? g_strv_length(claim->profile.plugins) : 0);
        return r < 0 ? r : sd_bus_message_close_container(listing->reply);
}

static int method_list_claims(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        enum {
                FROM,
                TO,
                LIMIT,
                AFTER,
        };
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        const UserCall *call = userdata;
        Option options[] = {
                [FROM] = { "from-realtime-usec", OPTION_NUMBER },
                [TO] = { "to-realtime-usec", OPTION_NUMBER },
                [LIMIT] = { "limit", OPTION_NUMBER, UINT32_MAX },
                [AFTER] = { "after-id", OPTION_NUMBER },
        };
        Span span = { .to_real_usec = INT64_MAX };
        ClaimListing listing = {};
        Refusal refusal;
        bool history;
        int r;

        r = options_read(message, options, ELEMENTSOF(options), &refusal);
        if (r == 0)
                r = limit_check(&options[LIMIT], &listing.left, &refusal);
        if (r == 0)
                r = engine_get_now(call->bus->engine, &listing.now);
        if (r == 0)
                r = records_reply_new(message, &reply);
        if (r == 0) {
                history = options[FROM].given || options[TO].given;
                span.from_real_usec = options[FROM].number;
                if (options[TO].number != 0)
                        span.to_real_usec = options[TO].number;
                listing.reply = reply;
                listing.after = options[AFTER].number;
                r = history ? user_read_claims_of(call->user, &span, append_claim, &listing)
                            : user_read_claims(call->user, append_claim, &listing);
        }
        if (r == 0 && listing.after != 0)
                r = refuse(&refusal, REFUSAL_NO_SUCH_CLAIM,
                                "there is no claim #%" PRIu64
                                " among these to go on behind; begin anew without after-id",
                                listing.after);
        if (r != 0 && !listing.full)
                return error_set(error, r, &refusal);
        return records_reply_send(reply);
}

static int method_engage(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        enum {
                IF_SEQ,
                FOR,
                LOCK,
        };
        Option options[] = {
                [IF_SEQ] = OPTION_IF_SEQ,
                [FOR] = { "for-usec", OPTION_NUMBER },
                [LOCK] = { "lock", OPTION_TEXT, LOCK_BYTES },
        };
        Request request = { .type = REQUEST_FOCUS_ENGAGE };
        Refusal refusal;
        int r;

        r = name_read(message, "profile's name", &request.name, &refusal);
        if (r == 0)
                r = options_read(message, options, ELEMENTSOF(options), &refusal);
        if (r == 0 && option_text(&options[LOCK]))
                r = lock_read(options[LOCK].text, &request.lock, &request.lock_delay_usec, &refusal);
        if (r != 0)
                return error_set(error, r, &refusal);
        request.for_usec = options[FOR].number;
        return request_reply_id(message, userdata, &request, &options[IF_SEQ], error);
}

/* The profile of a claim that only an administrator may release; which of all of them, where the id is 0. */
typedef struct AdminLock {
        int64_t id;
        bool found;
        char profile[CAP_RULE_BYTES + 1];
} AdminLock;

static int find_admin_lock(const Claim *claim, void *userdata) {
        AdminLock *lock = userdata;

        if (lock->found || claim->lock != LOCK_ADMIN || (lock->id != 0 && claim->id != lock->id))
                return 0;
        lock->found = true;
        g_strlcpy(lock->profile, claim->profile.name, sizeof(lock->profile));
        return 0;
}

static int focus_call(sd_bus_message *message, void *userdata, sd_bus_error *error);

/* Called twice where polkit is asked: everything is read anew, and nothing is changed before it has allowed
 * it. */
static int method_release(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        const UserCall *call = userdata;
        Option if_seq = OPTION_IF_SEQ;
        Request request = { .type = REQUEST_FOCUS_RELEASE };
        AdminLock lock = {};
        Refusal refusal;
        Answer answer;
        uint64_t id;
        int r;

        r = sd_bus_message_read(message, "ts", &id, &request.text);
        if (r < 0)
                return r;
        r = text_validate(request.text, CAP_NOTE_BYTES, "reason", &refusal);
        if (r == 0)
                r = options_read(message, &if_seq, 1, &refusal);
        request.id = lock.id = id_from_wire(id);
        if (r == 0)
                r = user_read_claims(call->user, find_admin_lock, &lock);
        if (r != 0)
                return error_set(error, r, &refusal);
        /* Without a reason it is refused before anybody is asked for a password. */
        if (lock.found && request.text[strspn(request.text, " ")] != '\0') {
                r = polkit_authorize(call, message, POLKIT_OVERRIDE_LOCK, lock.profile, focus_call, error);
                if (r != 0)
                        return r;
                request.admin = true;
        }
        r = request_send(call, &request, &if_seq, &answer, error);
        if (r < 0)
                return r;
        return sd_bus_reply_method_return(message, "t", answer.release_real_usec);
}

static int method_withdraw(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        Request request = { .type = REQUEST_FOCUS_WITHDRAW };
        int r = id_read(message, &request.id);

        return r < 0 ? r : request_plain(message, userdata, &request, error);
}

/* ---- for plugin hosts ---- */

static int method_desired(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        const UserCall *call = userdata;
        Refusal refusal;
        Desired desired = { .bus = call->bus, .room = CAP_DESIRED_BYTES, .refusal = &refusal };
        int r;

        r = plugin_read(message, &desired.plugin, &refusal);
        if (r == 0)
                r = options_read_none(message, &refusal);
        if (r != 0)
                return error_set(error, r, &refusal);
        r = desired_reply_new(message, user_read_generation(call->user), &reply);
        if (r < 0)
                return r;
        desired.reply = reply;
        r = desired_append(&desired, call->user);
        if (r != 0)
                return error_set(error, r, &refusal);
        return records_reply_send(reply);
}

static int method_report(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        const UserCall *call = userdata;
        PluginReport report;
        Refusal refusal;
        Now now;
        int r;

        r = report_read(message, &report, &refusal);
        if (r == 0)
                r = options_read_none(message, &refusal);
        if (r == 0)
                r = engine_get_now(call->bus->engine, &now);
        if (r == 0) {
                report.at_real_usec = now.real_usec;
                /* A generation that is not here yet is one of a daemon that is gone: as old as can be. */
                if (report.generation <= user_read_generation(call->user))
                        r = user_reports_put(call->user, &report, &refusal);
        }
        if (r != 0)
                return error_set(error, r, &refusal);
        return sd_bus_reply_method_return(message, NULL);
}

typedef struct ReportListing {
        sd_bus_message *reply;
        int r;
} ReportListing;

static void append_report(const PluginReport *report, void *userdata) {
        ReportListing *listing = userdata;

        if (listing->r >= 0)
                listing->r = report_append(listing->reply, report, (uid_t) -1);
}

static int method_list_reports(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        const UserCall *call = userdata;
        ReportListing listing = {};
        Refusal refusal;
        int r;

        r = options_read_none(message, &refusal);
        if (r == 0)
                r = records_reply_new(message, &reply);
        if (r == 0) {
                listing.reply = reply;
                user_reports_each(call->user, append_report, &listing);
                hosts_each_report(call->bus->hosts, call->uid, append_report, &listing);
        }
        if (r == 0 && listing.r < 0)
                r = listing.r;
        if (r != 0)
                return error_set(error, r, &refusal);
        return records_reply_send(reply);
}

static const Method focus_methods[] = {
        { "Focus.ListProfiles", method_list_profiles },
        { "Focus.SetProfile", method_set_profile },
        { "Focus.RemoveProfile", method_remove_profile },
        { "Focus.ListClaims", method_list_claims },
        { "Focus.Engage", method_engage },
        { "Focus.Release", method_release },
        { "Focus.Withdraw", method_withdraw },
        { "Focus.Desired", method_desired },
        { "Focus.Report", method_report },
        { "Focus.ListReports", method_list_reports },
};
DEFINE_METHOD_CALL(focus, focus_methods);

const sd_bus_vtable focus_vtable[] = {
        SD_BUS_VTABLE_START(0),
        SD_BUS_METHOD_WITH_ARGS("ListProfiles", SD_BUS_ARGS(OPTIONS), SD_BUS_RESULT("aa{sv}", profiles),
                        focus_call, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("SetProfile", SD_BUS_ARGS("s", name, "a{sv}", profile, OPTIONS),
                        SD_BUS_RESULT("as", warnings), focus_call, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("RemoveProfile", SD_BUS_ARGS("s", name, OPTIONS), SD_BUS_NO_RESULT,
                        focus_call, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("ListClaims", SD_BUS_ARGS(OPTIONS), SD_BUS_RESULT("aa{sv}", claims),
                        focus_call, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("Engage", SD_BUS_ARGS("s", profile, OPTIONS), SD_BUS_RESULT("t", claim),
                        focus_call, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("Release", SD_BUS_ARGS("t", claim, "s", reason, OPTIONS),
                        SD_BUS_RESULT("t", released_realtime_usec), focus_call, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("Withdraw", SD_BUS_ARGS("t", claim, OPTIONS), SD_BUS_NO_RESULT, focus_call,
                        SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("Desired", SD_BUS_ARGS("s", plugin, OPTIONS),
                        SD_BUS_RESULT("t", generation, "aa{sv}", desired), focus_call,
                        SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("Report",
                        SD_BUS_ARGS("s", plugin, "t", generation, "s", state, "s", message, OPTIONS),
                        SD_BUS_NO_RESULT, focus_call, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("ListReports", SD_BUS_ARGS(OPTIONS), SD_BUS_RESULT("aa{sv}", reports),
                        focus_call, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_SIGNAL("DesiredChanged", NULL, 0),
        SD_BUS_VTABLE_END,
};
