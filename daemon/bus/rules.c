/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/rules.h"

#include <string.h>

#include "common/cleanup.h"
#include "daemon/bus/records.h"
#include "daemon/bus/warnings.h"
#include "daemon/core/presets.h"
#include "daemon/engine/read.h"

DEFINE_CLEANUP(GHashTable *, g_hash_table_unref);

/* ---- readings ---- */

const Param rules_list_params[3] = {
        { "warnings", OPTION_FLAG, offsetof(RulesList, warnings) },
        { "after", OPTION_TEXT, offsetof(RulesList, after), CAP_RULE_BYTES },
        { "limit", OPTION_PAGE, offsetof(RulesList, limit) },
};

typedef struct Listing {
        sd_bus_message *reply;
        const char *after; /* still to come; NULL: behind it, or none was given */
        Page page;
        GHashTable *warnings; /* of warnings_by_rule(); NULL: not wanted */
} Listing;

static int append_rule(const Rule *rule, void *userdata) {
        Listing *listing = userdata;
        const GPtrArray *warnings;
        int r;

        if (listing->after) {
                if (strcmp(rule->name, listing->after) == 0)
                        listing->after = NULL;
                return 0;
        }
        r = page_take(&listing->page);
        if (r >= 0)
                r = sd_bus_message_open_container(listing->reply, SD_BUS_TYPE_ARRAY, "{sv}");
        if (r >= 0)
                r = rule_append(listing->reply, rule);
        if (r >= 0 && listing->warnings) {
                warnings = g_hash_table_lookup(listing->warnings, rule->name);
                r = texts_append_entry(listing->reply, "Warnings",
                                warnings ? (char **) warnings->pdata : NULL, warnings ? warnings->len : 0);
        }
        return r < 0 ? r : reply_close(listing->reply);
}

int rules_list(Call *call) {
        const RulesList *list = call->given;
        cleanup_(g_hash_table_unrefp) GHashTable *warnings = NULL;
        Listing listing = { .reply = call->reply, .after = list->after, .page.left = list->limit };
        int r = list->warnings ? warnings_by_rule(call->user, &warnings) : 0;

        listing.warnings = warnings;
        if (r == 0)
                r = records_open(call->reply);
        if (r == 0)
                r = page_end(&listing.page, user_read_rules(call->user, append_rule, &listing));
        if (r == 0 && listing.after)
                return refuse(&call->refusal, REFUSAL_NO_SUCH_RULE,
                                "there is no rule \"%s\" to go on behind; begin anew without after",
                                listing.after);
        return r != 0 ? r : reply_close(call->reply);
}

int rules_export(Call *call) {
        cleanup_free_ char *text = user_read_rules_text(call->user);

        return reply_append(call->reply, "s", text);
}

int rules_list_presets(Call *call) {
        size_t n = 0;
        const Preset *table = presets(&n);
        int r = records_open(call->reply);

        for (size_t i = 0; r == 0 && i < n; i++)
                r = reply_append(call->reply, "a{sv}", 3, "Name", "s", table[i].name, "Text", "s",
                                table[i].text, "Description", "s", table[i].description);
        return r != 0 ? r : reply_close(call->reply);
}

/* ---- changes ---- */

const Param rules_set_params[3] = {
        { "name", ARG_TEXT, offsetof(Request, name), CAP_RULE_BYTES, .what = "rule's name" },
        { "rule", ARG_KEYS, offsetof(RulesSet, rule) },
        OPTION_IF_SEQ,
};

int rules_set(Call *call) {
        RulesSet *set = call->given;
        cleanup_(warnings_done) Warnings warnings = warnings_new(call);
        cleanup_(rule_done) Rule rule = {};
        Answer answer;
        int r;

        r = rule_from_keys(set->request.name, set->rule.keys, set->rule.values, set->rule.n, &rule,
                        &call->refusal);
        if (r != 0)
                return r;
        set->request.rule = &rule;
        set->request.warning = warnings_collect;
        set->request.warning_userdata = &warnings;
        r = request_send(call, &answer);
        return r != 0 ? r : warnings_append(&warnings, call->reply);
}

const Param rules_remove_params[2] = {
        { "name", ARG_TEXT, offsetof(Request, name), CAP_RULE_BYTES, .what = "rule's name" },
        OPTION_IF_SEQ,
};

const Param rules_import_params[4] = {
        { "text", ARG_TEXT, offsetof(Request, text) },
        OPTION_IF_SEQ,
        { "replace", OPTION_FLAG, offsetof(Request, replace) },
        { "dry-run", OPTION_FLAG, offsetof(Request, dry_run) },
};

static int import_append(sd_bus_message *reply, const Answer *answer, Warnings *warnings) {
        int r = sd_bus_message_open_container(reply, SD_BUS_TYPE_ARRAY, "{sv}");

        if (r >= 0)
                r = sd_bus_message_append(reply, "{sv}{sv}{sv}", "Rules", "u", answer->rules, "Profiles", "u",
                                answer->profiles, "Removed", "u", answer->removed);
        if (r >= 0)
                r = warnings_append_entry(warnings, reply);
        return r < 0 ? r : reply_close(reply);
}

int rules_import(Call *call) {
        Request *request = call->given;
        cleanup_(warnings_done) Warnings warnings = warnings_new(call);
        Answer answer;
        int r;

        if (strlen(request->text) > CAP_RULES_TEXT_BYTES)
                return refuse(&call->refusal, REFUSAL_LIMITS_EXCEEDED,
                                "the text has %zu bytes, and %u are the most of one import; import it in parts",
                                strlen(request->text), CAP_RULES_TEXT_BYTES);
        request->warning = warnings_collect;
        request->profile_func = warnings_collect_profile;
        request->warning_userdata = request->profile_userdata = &warnings;
        r = request_send(call, &answer);
        return r != 0 ? r : import_append(call->reply, &answer, &warnings);
}
