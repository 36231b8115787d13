/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <glib.h>
#include <inttypes.h>
#include <string.h>

#include "common/names.h"
#include "daemon/bus/consent.h"
#include "daemon/bus/desired.h"
#include "daemon/bus/failures.h"
#include "daemon/bus/interface.h"
#include "daemon/bus/keys.h"
#include "daemon/bus/lists.h"
#include "daemon/bus/pages.h"
#include "daemon/bus/presence.h"
#include "daemon/bus/presets.h"
#include "daemon/bus/request.h"
#include "daemon/bus/warnings.h"
#include "daemon/core/claim-failure.h"
#include "daemon/engine/read.h"

#define LOCK_BYTES 64u

/* ---- profiles ---- */

typedef struct ListProfiles {
        const char *after;
        unsigned limit;
} ListProfiles;

static const Param list_profiles_params[] = {
        { "after", OPTION_TEXT, offsetof(ListProfiles, after), CAP_RULE_BYTES },
        { "limit", OPTION_PAGE, offsetof(ListProfiles, limit) },
};

typedef struct ProfileRecord {
        const User *user;
        const Profile *profile;
} ProfileRecord;

static int append_profile(Reply *reply, const void *data) {
        const ProfileRecord *record = data;
        int r = profile_open(reply, record->profile);

        if (r == 0)
                r = consent_append_entries(reply, record->user, record->profile);
        return r < 0 ? r : reply_close(reply);
}

static int list_profiles(Call *call) {
        const ListProfiles *list = call->given;
        const GArray *profiles = user_read_rules(call->user)->profiles;
        Field last = field_text("after", "");
        guint i = 0;
        Page page;
        int r = page_find_behind(profiles, list->after, &i);

        if (r < 0)
                return refuse(&call->refusal, REFUSAL_NO_SUCH_PROFILE,
                                "there is no profile \"%s\" to go on behind; begin anew without after",
                                list->after);
        r = page_begin(&page, call, list->limit, "a{sv}");
        for (; r == 0 && i < profiles->len; i++) {
                const Profile *profile = &g_array_index(profiles, Profile, i);

                r = page_append(&page, append_profile, &(ProfileRecord){ call->user, profile });
                if (r == 0)
                        last.text = profile->name;
        }
        return page_end(&page, r, &last, 1);
}

typedef struct SetProfile {
        Request request;
        KeyList keys;
} SetProfile;

static const Param set_profile_params[] = {
        { "name", ARG_TEXT, offsetof(Request, name), CAP_RULE_BYTES, .what = "profile's name" },
        { "profile", ARG_KEYS, offsetof(SetProfile, keys) },
        OPTION_IF_SEQ,
};

static int set_profile(Call *call) {
        SetProfile *set = call->given;
        cleanup_(profile_done) Profile profile = {};
        cleanup_(warnings_done) Warnings warnings = warnings_new(call);
        Answer answer;
        int r;

        if (consent_is_answered(call)) {
                warnings_done(&warnings);
                r = consent_end(call, &warnings, NULL);
                return r != 0 ? r : warnings_append(&warnings, &call->reply);
        }
        r = profile_from_keys(set->request.name, set->keys.keys, set->keys.values, set->keys.n, &profile,
                        &call->refusal);
        if (r != 0)
                return r;
        set->request.profile = &profile;
        r = warnings_check_profile(&profile, call);
        if (r == 0)
                r = request_send(call, &answer);
        if (r != 0)
                return r;
        (void) warnings_collect_profile(&profile, &warnings);
        r = consent_begin(call, (const char *const[]){ profile.name, NULL }, &warnings, NULL, false);
        return r != 0 || call->consent ? r : warnings_append(&warnings, &call->reply);
}

static const Param remove_profile_params[] = {
        { "name", ARG_TEXT, offsetof(Request, name), CAP_RULE_BYTES, .what = "profile's name" },
        OPTION_IF_SEQ,
};

/* ---- claims ---- */

typedef struct ListClaims {
        Span span;
        bool has_from, has_to;
        uint64_t after;
        unsigned limit;
} ListClaims;

static const Param list_claims_params[] = {
        { "from-realtime-usec", OPTION_NUMBER, offsetof(ListClaims, span.from_real_usec), 0,
                        offsetof(ListClaims, has_from) },
        { "to-realtime-usec", OPTION_NUMBER, offsetof(ListClaims, span.to_real_usec), 0,
                        offsetof(ListClaims, has_to) },
        { "limit", OPTION_PAGE, offsetof(ListClaims, limit) },
        { "after-id", OPTION_NUMBER, offsetof(ListClaims, after) },
};

typedef struct Claims {
        const User *user;
        Now now;
        uint64_t after; /* still to come; 0: behind it, or none was given */
        Page page;
        uint64_t last;
} Claims;

/* A claim with what hosts say of it. */
typedef struct Shown {
        const Claim *claim;
        ClaimShortfall shortfall;
} Shown;

static int append_shown(Reply *reply, const void *record) {
        const Shown *shown = record;
        const Claim *claim = shown->claim;
        char **plugins = claim->profile.plugins;
        const Field fields[] = {
                field_flag("Enforced", shown->shortfall.enforced),
                field_text("Failing", shown->shortfall.failing),
                field_text("InPart", shown->shortfall.in_part),
        };
        int r = record_open(reply, &claim_record, claim);

        if (r == 0)
                r = fields_append_entries(reply, fields, ELEMENTSOF(fields));
        if (r == 0)
                r = texts_append_entry(reply, "Plugins", plugins, plugins ? g_strv_length(plugins) : 0);
        return r != 0 ? r : reply_close(reply);
}

static int append_claim(const Claim *claim, void *userdata) {
        Claims *claims = userdata;
        Claim copy = *claim; /* its texts are the claim's */
        Shown shown = { .claim = &copy };
        int r;

        if (claims->after != 0) {
                if ((uint64_t) claim->id == claims->after)
                        claims->after = 0;
                return 0;
        }
        claim_show(&copy, &claims->now);
        if (claim_in_force(claim, &claims->now))
                user_read_claim_shortfall(claims->user, claim, &shown.shortfall);
        else {
                shown.shortfall.enforced = !claim_failure_counts(claim);
                shown.shortfall.in_part = claim_failure_in_part(claim);
        }
        if (!claim_failure_counts(claim))
                copy.failure = NULL;
        r = page_append(&claims->page, append_shown, &shown);
        g_free(shown.shortfall.failing);
        g_free(shown.shortfall.in_part);
        if (r == 0)
                claims->last = (uint64_t) claim->id;
        return r;
}

/* Of the past it is the store that goes on behind a claim. */
static int list_past_claims(Call *call, const ListClaims *list, Claims *claims) {
        const int64_t after = (int64_t) claims->after;

        claims->after = 0;
        return user_read_claims_of(call->user, &list->span, after, append_claim, claims, &call->refusal);
}

static int list_claims_in_force(Call *call, Claims *claims) {
        const Claim *claim;
        unsigned place = 0;
        int r = 0;

        while (r == 0 && (claim = user_read_claim(call->user, &place)))
                r = append_claim(claim, claims);
        if (r == 0 && claims->after != 0)
                return refuse(&call->refusal, REFUSAL_NO_SUCH_CLAIM,
                                "there is no claim #%" PRIu64
                                " among these to go on behind; begin anew without after-id",
                                claims->after);
        return r;
}

static int list_claims(Call *call) {
        ListClaims *list = call->given;
        Claims claims = {
                .user = call->user,
                .now = user_read_now(call->user),
                .after = list->after,
        };
        int r = page_begin(&claims.page, call, list->limit, "a{sv}");

        user_reports_look(call->user);
        if (list->span.to_real_usec == 0)
                list->span.to_real_usec = INT64_MAX;
        if (r == 0)
                r = list->has_from || list->has_to ? list_past_claims(call, list, &claims)
                                                   : list_claims_in_force(call, &claims);
        return page_end(&claims.page, r, (Field[]){ field_number("after-id", "t", claims.last) }, 1);
}

typedef struct Engage {
        Request request;
        const char *lock;
} Engage;

static const Param engage_params[] = {
        { "profile", ARG_TEXT, offsetof(Request, name), CAP_RULE_BYTES, .what = "profile's name" },
        OPTION_IF_SEQ,
        { "for-usec", OPTION_NUMBER, offsetof(Request, for_usec) },
        { "lock", OPTION_TEXT, offsetof(Engage, lock), LOCK_BYTES },
};

static int engage(Call *call) {
        Engage *engage = call->given;
        Request *request = &engage->request;
        cleanup_(warnings_done) Warnings warnings = warnings_new(call);
        Answer answer;
        int r = 0;

        if (engage->lock)
                r = lock_read(engage->lock, &request->lock, &request->lock_delay_usec, &call->refusal);
        if (r == 0)
                r = request_send(call, &answer);
        if (r != 0)
                return r;
        warnings_collect_engaged(&warnings, request->name);
        consent_warn(call, request->name, &warnings);
        r = reply_append(&call->reply, "t", (uint64_t) answer.id);
        return r < 0 ? r : warnings_append(&warnings, &call->reply);
}

static const Param release_params[] = {
        { "claim", ARG_ID, offsetof(Request, id) },
        { "reason", ARG_TEXT, offsetof(Request, text), CAP_NOTE_BYTES },
        OPTION_IF_SEQ,
};

static int release(Call *call) {
        Request *request = call->given;
        Answer answer;
        int r;

        request->admin = call->admin;
        r = request_send(call, &answer);
        return r != 0 ? r : reply_append(&call->reply, "t", answer.release_real_usec);
}

static const Param withdraw_params[] = {
        { "claim", ARG_ID, offsetof(Request, id) },
        OPTION_IF_SEQ,
};

/* ---- for plugin hosts ---- */

/* The standing settings of the plugin. */
static int append_standing(Call *call, const char *plugin) {
        const GArray *values = user_read_plugin_values(call->user);
        int r = reply_open_record(&call->reply);

        for (guint i = 0; r == 0 && values && i < values->len; i++) {
                const PluginValue *value = &g_array_index(values, PluginValue, i);
                const Field field = field_text(value->key, value->value);

                if (strcmp(value->plugin, plugin) == 0)
                        r = fields_append_entries(&call->reply, &field, 1);
        }
        return r != 0 ? r : reply_close(&call->reply);
}

/* Whoever is no host is told as much as of any list. */
static int check_desired_size(Call *call, const char *plugin) {
        if (presence_is_host(call, call->uid, plugin)) {
                call->most = CAP_USER_DESIRED_BYTES;
                return 0;
        }
        if (call->reply.size <= CAP_ANSWER_BYTES)
                return 0;
        return refuse(&call->refusal, REFUSAL_LIMITS_EXCEEDED,
                        "what should hold for the plugin %s is more than %u KiB, which its host alone is told; register it first, with Register",
                        plugin, CAP_ANSWER_BYTES >> 10);
}

static int desired(Call *call) {
        cleanup_(desired_done) Desired desired = {};
        int r = desired_begin(&desired, call, user_read_generation(call->user));

        if (r == 0)
                r = append_standing(call, desired.plugin);
        if (r == 0)
                r = desired_open(&desired);
        if (r == 0)
                r = desired_append_user(call->user, &desired);
        if (r == 0)
                r = reply_close(&call->reply);
        return r != 0 ? r : check_desired_size(call, desired.plugin);
}

/* A user's host speaks of that user alone. */
static int own_failures(Call *call, GArray *claims) {
        for (guint i = 0; claims && i < claims->len; i++) {
                ClaimFailure *failure = &g_array_index(claims, ClaimFailure, i);

                if (failure->uid == FAILURE_OF_CALLED)
                        failure->uid = call->uid;
                if (failure->uid != call->uid)
                        return refuse(&call->refusal, REFUSAL_INVALID_ARGUMENT,
                                        "the option claims names the uid %" PRIu32
                                        "; here it is about claims of the uid %" PRIu32 " alone",
                                        (uint32_t) failure->uid, (uint32_t) call->uid);
        }
        return 0;
}

static int report(Call *call) {
        char state[SNIPPET_BYTES + 4];
        const PluginReport report = report_make(call->given, state);
        int r = presence_check_host(call, call->uid, report.plugin);

        if (r == 0)
                r = own_failures(call, ((ReportParams *) call->given)->claims);
        return r != 0 ? r : user_reports_put(call->user, &report, &call->refusal);
}

static int note_released(Call *call) {
        const ReleasedParams *params = call->given;

        user_reports_note_released(call->user, params->plugin, params->reason);
        return 0;
}

/* Of the user's own hosts, and what those of the whole computer say of the user. */
static int list_reports(Call *call) {
        ReportList list;
        int r = reports_begin(&list, call, &call->uid);

        if (r == 0)
                r = reports_append(&list, user_reports(call->user));
        if (r == 0)
                r = reports_append(&list, engine_reports(call->bus->engine));
        return reports_end(&list, r);
}

static const Method methods[] = {
        { "Focus.ListProfiles", READS, list_profiles, "aa{sv} profiles, a{sv} more",
                        PARAMS(list_profiles_params, ListProfiles) },
        { "Focus.SetProfile", WRITES, set_profile, "as warnings", PARAMS(set_profile_params, SetProfile),
                        .request = REQUEST_PROFILE_SET },
        { "Focus.RemoveProfile", WRITES, request_plain, NULL, PARAMS(remove_profile_params, Request),
                        .request = REQUEST_PROFILE_REMOVE },
        { "Focus.ListPresets", READS, presets_handle_profiles, "aa{sv} presets" },
        { "Focus.Grant", WRITES, consent_handle_grant, "a{sv} granted", PARAMS(grant_params, Request) },
        { "Focus.Revoke", WRITES, request_plain, NULL, PARAMS(revoke_params, Request),
                        .request = REQUEST_GRANTS_REVOKE },
        { "Focus.ListClaims", READS, list_claims, "aa{sv} claims, a{sv} more",
                        PARAMS(list_claims_params, ListClaims) },
        { "Focus.Engage", WRITES, engage, "t claim, as warnings", PARAMS(engage_params, Engage),
                        .request = REQUEST_FOCUS_ENGAGE },
        { "Focus.Release", WRITES, release, "t released_realtime_usec", PARAMS(release_params, Request),
                        .request = REQUEST_FOCUS_RELEASE },
        { "Focus.Withdraw", WRITES, request_plain, NULL, PARAMS(withdraw_params, Request),
                        .request = REQUEST_FOCUS_WITHDRAW },
        { "Focus.SetList", WRITES, lists_handle_set, "a{sv} made", PARAMS(set_list_params, SetList),
                        .request = REQUEST_LIST_SET },
        { "Focus.ListLists", READS, lists_handle_list, "aa{sv} lists, a{sv} more",
                        PARAMS(lists_page_params, ListsPage) },
        { "Focus.GetList", READS, lists_handle_get, "h names", PARAMS(get_list_params, GetList) },
        { "Focus.RemoveList", WRITES, request_plain, NULL, PARAMS(remove_list_params, Request),
                        .request = REQUEST_LIST_REMOVE },
        { "Focus.Register", WRITES, presence_register, "a{sv} pomod",
                        PARAMS(register_params, RegisterParams) },
        { "Focus.Desired", READS, desired, "t generation, a{sv} standing, aa{sv} desired",
                        PARAMS(desired_params, DesiredParams) },
        { "Focus.Report", WRITES, report, NULL,
                        .params = { report_params, ELEMENTSOF(report_params) - 1, sizeof(ReportParams) } },
        { "Focus.NoteReleased", WRITES, note_released, NULL, PARAMS(released_params, ReleasedParams) },
        { "Focus.ListReports", READS, list_reports, "aa{sv} reports, a{sv} more",
                        PARAMS(report_list_params, ReportListParams) },
};

static const Signal signals[] = {
        { "DesiredChanged", "s plugin" },
};

const Interface focus_interface = {
        .name = POMOD_INTERFACE_FOCUS,
        .methods = methods,
        .n_methods = ELEMENTSOF(methods),
        .signals = signals,
        .n_signals = ELEMENTSOF(signals),
};
