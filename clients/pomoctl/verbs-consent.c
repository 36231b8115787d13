/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <stdio.h>

#include "clients/lib/memory.h"
#include "clients/pomoctl/agent.h"
#include "clients/pomoctl/json.h"
#include "clients/pomoctl/keys.h"
#include "clients/pomoctl/records.h"
#include "clients/pomoctl/verb.h"
#include "common/cleanup.h"
#include "common/names.h"

#define NAMES_SAID 10u

static struct json_object *names_of(struct json_object *record, const char *key) {
        struct json_object *names = NULL;

        if (!json_object_object_get_ex(record, key, &names) || !json_object_is_type(names, json_type_array))
                return NULL;
        return names;
}

static size_t count(struct json_object *names) {
        return names ? json_object_array_length(names) : 0;
}

/* "a.example, b.example and 3 more" */
static char *names_join(struct json_object *names) {
        const size_t n = count(names);
        char *text = NULL;

        for (size_t i = 0; i < n && i < NAMES_SAID; i++) {
                cleanup_free_ char *safe =
                                memory_safe_text(json_object_get_string(json_object_array_get_idx(names, i)));

                memory_append(&text, "%s%s", text ? ", " : "", safe);
        }
        if (n > NAMES_SAID)
                memory_append(&text, " and %zu more", n - NAMES_SAID);
        return text;
}

static void say_granted(const Ctl *ctl, const char *profile, struct json_object *result) {
        cleanup_free_ char *safe = memory_safe_text(profile), *names = names_join(names_of(result, "Names")),
                           *left = names_join(names_of(result, "Left")), *sentence = NULL;

        if (names)
                printf("the profile %s blocks for everyone on this computer: %s\n", safe, names);
        else if (!left)
                printf("the profile %s needs no grant: it blocks nothing for everyone here\n", safe);
        if (!left)
                return;
        sentence = memory_format("not granted, since it was added meanwhile: %s", left);
        program_warn(&ctl->program, sentence);
}

static void print_granted(const char *profile, struct json_object *result) {
        struct json_object *o = json_new(), *names = names_of(result, "Names"),
                           *left = names_of(result, "Left");

        json_add_text(o, "name", profile);
        json_object_object_add(o, "granted", names ? json_object_get(names) : json_object_new_array());
        json_object_object_add(o, "not_granted", left ? json_object_get(left) : json_object_new_array());
        json_print_and_put(stdout, o);
}

static int verb_grant(Ctl *ctl, const Args *args) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        cleanup_(record_putp) struct json_object *result = NULL;
        int r = named_given(ctl, args, "profile");
        Agent agent;

        if (r != 0)
                return r;
        agent = agent_begin(ctl);
        r = program_call(&ctl->program, POMOD_INTERFACE_FOCUS, "Grant", NULL, &reply, "s", args->words[0]);
        agent_end(&agent);
        r = r ?: record_of_reply(&ctl->program, reply, &result);
        if (r != 0)
                return r;
        if (ctl->program.json)
                print_granted(args->words[0], result);
        else
                say_granted(ctl, args->words[0], result);
        return 0;
}

static int verb_revoke(Ctl *ctl, const Args *args) {
        cleanup_free_ char *safe = NULL;
        int r = named_given(ctl, args, "profile")
                                ?: program_call(&ctl->program, POMOD_INTERFACE_FOCUS, "Revoke", NULL, NULL,
                                                   "s", args->words[0]);

        if (r != 0)
                return r;
        safe = memory_safe_text(args->words[0]);
        if (ctl->program.json)
                json_say("sb", "name", args->words[0], "revoked", true);
        else
                printf("the profile %s blocks nothing for everyone from now on; what is in force stays so to its end\n",
                                safe);
        return 0;
}

/* clang-format off */
const Verb verbs_of_consent[] = {
        { .name = "focus profile grant", .usage = "NAME", .words = 1, .run = verb_grant,
          .sentence = "have an administrator asked for what a profile blocks for everyone",
          .details = DETAILS("On the computer's bus a profile blocks names for everyone only as far as an administrator granted it. Setting a profile asks for what is new in it; this asks again, and what is in force gets what it lacked. Root's call grants without asking, and so does /etc/pomod/pomod.conf: see pomod(8)."),
          .examples = ITEMS({ "pomoctl focus profile grant deep", "after there was nobody to ask" },
                          { "sudo pomoctl --user=alice focus profile grant deep", "as an administrator, for alice" }, ) },
        { .name = "focus profile revoke", .usage = "NAME", .words = 1, .run = verb_revoke,
          .sentence = "take back what a profile may block for everyone; what is in force stays so to its end",
          .examples = ITEMS({ "pomoctl focus profile revoke deep", "the next time it blocks nothing" }, ) },
        {},
};
/* clang-format on */
