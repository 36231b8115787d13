/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/consent.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/caps.h"
#include "daemon/bus/records.h"
#include "daemon/bus/request.h"
#include "daemon/engine/read.h"

#define PROFILES_NAMED 3u  /* in the question; more are counted */
#define WARNED_NAMES   10u /* in a warning */
#define SHOWN_CHARS    64  /* of each */

struct ConsentQuestion {
        GArray *asked;     /* of ConsentAsked */
        char *account;     /* whose user is asked for */
        char *details[9];  /* see consent_question_details() */
        Warnings warnings; /* of what was done before */
        Answer answer;     /* of the same */
        bool must;
        bool answered, allowed;
        char *why; /* it was not */
};

ConsentQuestion *consent_question_free(ConsentQuestion *question) {
        if (!question)
                return NULL;
        g_array_unref(question->asked);
        for (char **detail = question->details; *detail; detail += 2)
                g_free(detail[1]);
        warnings_done(&question->warnings);
        g_free(question->account);
        g_free(question->why);
        g_free(question);
        return NULL;
}

/* ---- what a person is asked ---- */

/* Letters, digits and what joins them: a window may draw a text that users chose as markup, or as more of the
 * sentence around it. */
static char *defuse(const char *text) {
        GString *safe = g_string_new(NULL);
        unsigned n = 0;

        for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
                const gunichar c = g_utf8_get_char(at);

                if (n++ >= SHOWN_CHARS) {
                        g_string_append(safe, "…");
                        break;
                }
                if (g_unichar_isalnum(c) || strchr(" -_.@", (int) MIN(c, 0x7f)))
                        g_string_append_unichar(safe, c);
                else
                        g_string_append_c(safe, '?');
        }
        return g_string_free(safe, FALSE);
}

/* Letters of which the version of IDNA in GLib makes others than that of browsers and of plugin hosts. */
static bool has_deviation(const char *name) {
        static const char *const letters[] = { "\u00df", "\u1e9e", "\u03c2", "\u200c", "\u200d" };

        for (size_t i = 0; i < G_N_ELEMENTS(letters); i++)
                if (strstr(name, letters[i]))
                        return true;
        return false;
}

/* As browsers know it: letters of other scripts look like others. A list without its digest. */
static char *defuse_item(const char *item) {
        cleanup_free_ char *name = g_strndup(item, strcspn(item, " "));
        cleanup_free_ char *ascii = name[0] == '@' || has_deviation(name) ? NULL : g_hostname_to_ascii(name);

        return defuse(ascii ?: name);
}

/* What is only counted is not looked at: an import may have a great many. */
static void append_joined(
                GString *text, char *(*make)(const char *), const char *from, guint *n, guint most) {
        cleanup_free_ char *part = (*n)++ < most ? make(from) : NULL;

        if (part)
                g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "", part);
}

static char *join_end(GString *text, guint n, guint most) {
        if (n > most)
                g_string_append(text, ", …");
        return g_string_free(text, FALSE);
}

static void fill_details(ConsentQuestion *question, const Call *call) {
        GString *profiles = g_string_new(NULL), *names = g_string_new(NULL);
        guint n_profiles = 0, n = 0, at = 0;

        for (guint i = 0; i < question->asked->len; i++) {
                const ConsentAsked *asked = &g_array_index(question->asked, ConsentAsked, i);

                append_joined(profiles, defuse, asked->profile, &n_profiles, PROFILES_NAMED);
                for (guint j = 0; j < asked->items->len; j++)
                        append_joined(names, defuse_item, asked->items->pdata[j], &n, CAP_CONSENT_NAMED);
        }
        question->details[at++] = (char *) "user";
        question->details[at++] = question->account ? defuse(question->account)
                                                    : g_strdup_printf("%" PRIu32, (uint32_t) call->uid);
        question->details[at++] = (char *) "profile";
        question->details[at++] = join_end(profiles, n_profiles, PROFILES_NAMED);
        question->details[at++] = (char *) "names";
        question->details[at++] = join_end(names, n, CAP_CONSENT_NAMED);
        question->details[at++] = (char *) "count";
        question->details[at++] = g_strdup_printf("%u", n);
}

const char *const *consent_question_details(const ConsentQuestion *question) {
        return (const char *const *) question->details;
}

/* ---- the question ---- */

bool consent_question_is_answered(const ConsentQuestion *question) {
        return !question || question->answered;
}

bool consent_question_must(const ConsentQuestion *question) {
        return question->must;
}

void consent_question_answer(ConsentQuestion *question, int r, const char *why) {
        assert(!question->answered);
        question->answered = true;
        question->allowed = r == 0;
        if (r != 0)
                question->why = g_strdup(why);
}

bool consent_is_answered(const Call *call) {
        return call->consent && call->consent->answered;
}

/* What the profiles lack. */
static GArray *find_left(const Call *call, const char *const *profiles) {
        const RuleSet *set = user_read_rules(call->user);
        GArray *asked = consent_asked_new();

        for (; *profiles; profiles++) {
                const Profile *profile = rule_set_find_profile(set, *profiles);
                ConsentItems items = {};
                ConsentAsked one = {};

                if (!profile || !user_read_consent(call->user, profile, &items))
                        continue;
                if (items.left->len > 0) {
                        g_strlcpy(one.profile, profile->name, sizeof(one.profile));
                        one.items = steal(items.left);
                        g_array_append_val(asked, one);
                }
                consent_items_done(&items);
        }
        return asked;
}

static int grant(Call *call, const GArray *asked, Refusal *ret_refusal) {
        const Request request = { .type = REQUEST_GRANT, .asked = asked };

        return user_request(call->user, &request, NULL, ret_refusal);
}

int consent_begin(Call *call, const char *const *profiles, Warnings *warnings, const Answer *answer,
                bool must) {
        GArray *asked = find_left(call, profiles);
        ConsentQuestion *question;
        int r = 0;

        assert(!call->consent);
        if (asked->len == 0 || call->caller == 0) {
                if (asked->len > 0)
                        r = grant(call, asked, &call->refusal);
                g_array_unref(asked);
                for (; r > 0 && !must && *profiles; profiles++)
                        consent_warn(call, *profiles, warnings);
                return r > 0 && !must ? 0 : r;
        }
        question = g_new0(ConsentQuestion, 1);
        question->asked = asked;
        question->account = g_strdup(engine_user_account(call->user));
        question->must = must;
        if (warnings)
                question->warnings = *warnings;
        if (warnings)
                *warnings = (Warnings){};
        if (answer)
                question->answer = *answer;
        fill_details(question, call);
        call->consent = question;
        return 0;
}

static char *left_sentence(const char *profile, const GPtrArray *left, const char *why) {
        cleanup_free_ char *names = consent_names(left, WARNED_NAMES);

        return g_strdup_printf(
                        "the profile %s does not block for everyone on this computer what was not granted: %s%s%s; to have an administrator asked: pomoctl focus profile grant %s",
                        profile, names, why ? ": " : "", why ?: "", profile);
}

static void warn_of(Call *call, const char *name, const char *why, Warnings *warnings) {
        const Profile *profile = rule_set_find_profile(user_read_rules(call->user), name);
        ConsentItems items = {};

        if (!profile || !user_read_consent(call->user, profile, &items))
                return;
        if (items.left->len > 0) {
                cleanup_free_ char *sentence = left_sentence(name, items.left, why);

                warnings_collect("", sentence, warnings);
        }
        consent_items_done(&items);
}

void consent_warn(Call *call, const char *profile, Warnings *warnings) {
        warn_of(call, profile, NULL, warnings);
}

/* The user may be another's by now. */
static bool is_same_account(const Call *call) {
        return g_strcmp0(call->consent->account, engine_user_account(call->user)) == 0;
}

int consent_end(Call *call, Warnings *ret_warnings, Answer *ret_answer) {
        ConsentQuestion *question = call->consent;
        const char *why = question->why;
        Warnings warnings = question->warnings;
        Refusal refusal;
        int r = 0;

        assert(question->answered);
        question->warnings = (Warnings){};
        warnings.call = call;
        if (!warnings.sentences)
                warnings = warnings_new(call);
        if (question->allowed && is_same_account(call)) {
                r = grant(call, question->asked, &refusal);
                if (r > 0)
                        why = refusal.message;
        }
        for (guint i = 0; r >= 0 && i < question->asked->len; i++)
                warn_of(call, g_array_index(question->asked, ConsentAsked, i).profile, why, &warnings);
        if (ret_answer)
                *ret_answer = question->answer;
        *ret_warnings = warnings;
        return MIN(r, 0);
}

/* ---- records ---- */

/* A list without its digest; as many as there is room for. */
static int append_items(Reply *reply, const char *key, const GPtrArray *items) {
        GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
        size_t size = 0;
        int r;

        for (guint i = 0; items && i < items->len; i++) {
                const char *item = items->pdata[i];

                size += strcspn(item, " ") + 2 * sizeof(uint32_t);
                if (size > CAP_CONSENT_SHOWN_BYTES)
                        break;
                g_ptr_array_add(names, g_strndup(item, strcspn(item, " ")));
        }
        r = texts_append_entry(reply, key, (char **) names->pdata, names->len);
        g_ptr_array_unref(names);
        return r;
}

static int append_both(Reply *reply, const User *user, const Profile *profile, const char *const keys[2]) {
        ConsentItems items;
        int r;

        (void) user_read_consent(user, profile, &items);
        r = append_items(reply, keys[0], items.granted);
        if (r == 0)
                r = append_items(reply, keys[1], items.left);
        consent_items_done(&items);
        return r;
}

int consent_append_entries(Reply *reply, const User *user, const Profile *profile) {
        return append_both(reply, user, profile, (const char *const[]){ "Granted", "NotGranted" });
}

/* ---- Grant and Revoke ---- */

const Param grant_params[2] = {
        { "profile", ARG_TEXT, offsetof(Request, name), CAP_RULE_BYTES, .what = "profile's name" },
        OPTION_IF_SEQ,
};
const Param revoke_params[2] = {
        { "profile", ARG_TEXT, offsetof(Request, name), CAP_RULE_BYTES, .what = "profile's name" },
        OPTION_IF_SEQ,
};

static int check_profile(const Call *call, const char *name, const Profile **ret_profile, Refusal *refusal) {
        *ret_profile = rule_set_find_profile(user_read_rules(call->user), name);
        return *ret_profile ? 0
                            : refuse(refusal, REFUSAL_NO_SUCH_PROFILE, "there is no profile \"%s\"", name);
}

static int ask_or_grant(Call *call, const Request *request) {
        Warnings warnings;
        int r;

        if (!consent_is_answered(call)) {
                /* A grant of nothing, for what is looked at before every change. */
                GArray *nothing = consent_asked_new();
                const Request look = { .type = REQUEST_GRANT,
                        .asked = nothing,
                        .has_if_seq = request->has_if_seq,
                        .if_seq = request->if_seq };

                r = user_request(call->user, &look, NULL, &call->refusal);
                g_array_unref(nothing);
                return r != 0 ? r
                              : consent_begin(call, (const char *const[]){ request->name, NULL }, NULL, NULL,
                                                true);
        }
        r = consent_end(call, &warnings, NULL);
        warnings_done(&warnings);
        return r;
}

int consent_handle_grant(Call *call) {
        const Request *request = call->given;
        const Profile *profile;
        int r;

        r = check_profile(call, request->name, &profile, &call->refusal);
        if (r == 0)
                r = ask_or_grant(call, request);
        if (r != 0 || !consent_question_is_answered(call->consent))
                return r;
        r = check_profile(call, request->name, &profile, &call->refusal);
        if (r == 0)
                r = reply_open_record(&call->reply);
        if (r == 0)
                r = append_both(&call->reply, call->user, profile, (const char *const[]){ "Names", "Left" });
        return r != 0 ? r : reply_close(&call->reply);
}
