/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/rules.h"

#include <assert.h>

#include "daemon/core/rules-edit.h"
#include "daemon/engine/calendar.h"
#include "daemon/engine/publish.h"

static int warn(User *user, const RuleSet *set, const Request *request, const RuleSet *about) {
        RulesWarned warned = { .about = about, .yield = &user->engine->yield };
        int r;

        if (!request->warning)
                return 0;
        warned.before = user_calendar(user);
        warned.after = calendar_new(set, user_calendar_zone(user));
        warned.from = calendar_date_of(warned.before, user->engine->now.real_usec);
        r = rules_edit_warn(&warned, request->warning, request->warning_userdata);
        calendar_free(warned.after);
        return r;
}

int user_rules_commit(User *user, RuleSet *set) {
        StoreWrite write;
        News news = {};
        int r;

        assert(user->store);
        rules_edit_date(set, &user->rules, user->engine->now.real_usec);
        r = store_write_begin(user->store, &write);
        if (r < 0)
                return r;
        publish_add_now(user, &news, CHANGED_SCHEDULES, HAPPENED_SCHEDULE_CHANGED, 0);
        /* It gives way, and rings that are told meanwhile have their numbers before this. */
        r = write_rules(&write, set, &user->engine->yield);
        if (r == 0)
                r = write_grants_known(&write);
        r = user_publish_stored(user, &write, r, &news);
        if (r < 0)
                return r;
        user_calendar_adopt_rules(user, set);
        grants_drop_unknown(user->grants, &user->rules);
        user_publish(user, &news);
        return 0;
}

/* about: the rules that the request has. */
static int check_and_commit(User *user, RuleSet *set, const Request *request, const RuleSet *about,
                Refusal *ret_refusal) {
        int r;

        r = rules_edit_check(set, &user->rules, ret_refusal);
        if (r == 0)
                r = warn(user, set, request, about);
        for (guint i = 0; r == 0 && request->profile_func && i < set->profiles->len; i++)
                r = request->profile_func(
                                &g_array_index(set->profiles, Profile, i), request->profile_userdata);
        if (r == 0 && !request->dry_run)
                r = user_rules_commit(user, set);
        return r;
}

static int set_rule(User *user, const Request *request, RuleSet *set, Refusal *ret_refusal) {
        Rule rule = rule_copy(request->rule);
        RuleSet about;
        int r;

        rule_set_put(set, &rule);
        rule_set_init(&about);
        rule = rule_copy(request->rule);
        rule_set_put(&about, &rule);
        r = check_and_commit(user, set, request, &about, ret_refusal);
        rule_set_done(&about);
        return r;
}

static int import_rules(
                User *user, const Request *request, RuleSet *set, Answer *answer, Refusal *ret_refusal) {
        const Yield *yield = &user->engine->yield;
        RulesImported imported;
        RuleSet import;
        int r;

        r = rule_set_parse_yielding(request->text, yield, &import, ret_refusal);
        if (r != 0)
                return r;
        imported = rules_edit_import(set, &import, request->replace, yield);
        answer->rules = imported.rules;
        answer->profiles = imported.profiles;
        answer->removed = imported.removed;
        r = check_and_commit(user, set, request, &import, ret_refusal);
        rule_set_done(&import);
        return r;
}

/* Changes a copy, which becomes what is lived by when it is stored. */
static int change(User *user, const Request *request, RuleSet *set, Answer *answer, Refusal *ret_refusal) {
        Profile profile;
        int r = 0;

        switch (request->type) {
        case REQUEST_RULE_SET:
                return set_rule(user, request, set, ret_refusal);
        case REQUEST_RULES_IMPORT:
                return import_rules(user, request, set, answer, ret_refusal);
        case REQUEST_RULE_REMOVE:
                r = rules_edit_remove(set, request->name, ret_refusal);
                break;
        case REQUEST_PROFILE_REMOVE:
                r = rules_edit_remove_profile(set, request->name, ret_refusal);
                break;
        default:
                profile = profile_copy(request->profile);
                rule_set_put_profile(set, &profile);
        }
        return r != 0 ? r : check_and_commit(user, set, request, NULL, ret_refusal);
}

int user_rules_request(User *user, const Request *request, Answer *answer, Refusal *ret_refusal) {
        RuleSet set = rule_set_copy(&user->rules);
        int r = change(user, request, &set, answer, ret_refusal);

        rule_set_done(&set);
        return r;
}
