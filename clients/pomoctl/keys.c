/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/keys.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "clients/lib/memory.h"
#include "clients/pomoctl/json.h"
#include "clients/pomoctl/records.h"
#include "clients/pomoctl/verb.h"
#include "common/caps.h"
#include "common/cleanup.h"
#include "common/text.h"

const char *const profile_keys[] = { "Plugins", "Breaks", NULL };

static const char *known_key(const char *const *known, const char *key) {
        for (; *known; known++)
                if (strcasecmp(*known, key) == 0)
                        return *known;
        return NULL;
}

static int unknown_key(const Ctl *ctl, const char *const *known, const char *key) {
        cleanup_free_ char *safe = memory_safe_text(key);
        const char *near = text_nearest(key, known);

        if (near)
                return ctl_usage(ctl, "there is no key '%.64s'; did you mean %s?", safe, near);
        return ctl_usage(ctl, "there is no key '%.64s'; pomoctl %s --help names them", safe, ctl->verb->name);
}

/* How many words from one on make its value: those behind it that are no pair of their own. */
static unsigned words_of_pair(const Args *args, unsigned first) {
        unsigned n = 1;

        while (first + n < args->n_words && !strchr(args->words[first + n], '='))
                n++;
        return n;
}

/* sites.Block is what sites.block was. */
static void forget(struct json_object *keys, const char *key) {
        cleanup_free_ char *old = NULL;

        json_object_object_foreach(keys, each, value) {
                (void) value;
                if (strcasecmp(each, key) == 0 && !old)
                        old = memory_copy(each);
        }
        if (old)
                json_object_object_del(keys, old);
}

int keys_read(const Ctl *ctl, const Args *args, unsigned first, const char *const *known, bool plugins,
                struct json_object *keys) {
        int r;

        for (unsigned i = first; i < args->n_words;) {
                unsigned n = words_of_pair(args, i);
                cleanup_free_ char *pair = args_join(args, i, n);
                const char *key;
                char *value;

                if (!strchr(args->words[i], '='))
                        return ctl_usage(ctl, "'%.64s' is no KEY=VALUE, as in %s=%s", args->words[i],
                                        plugins ? "Plugins" : "Hours",
                                        plugins ? "sites;mute" : "09:00-12:00");
                i += n;
                value = strchr(pair, '=');
                *value++ = '\0';

                key = known_key(known, pair);
                if (!key && plugins && strchr(pair, '.'))
                        key = pair;
                if (!key)
                        return unknown_key(ctl, known, pair);
                r = ctl_check_text(ctl, "key", key, CAP_NOTE_BYTES)
                                    ?: ctl_check_text(ctl, "value", value, CAP_PROFILE_VALUE_BYTES);
                if (r != 0)
                        return r;

                if (!json_object_object_get_ex(keys, key, NULL) || !*value)
                        forget(keys, key);
                if (*value)
                        json_object_object_add(keys, key, json_object_new_string(value));
        }
        return 0;
}

struct json_object *keys_of_record(struct json_object *record, const char *const *known) {
        struct json_object *keys = json_new();

        json_object_object_foreach(record, key, value) {
                bool wanted = known ? known_key(known, key) != NULL
                                    : strcmp(key, "Name") != 0 && strcmp(key, "Text") != 0;

                if (wanted && json_object_is_type(value, json_type_string))
                        json_object_object_add(keys, key, json_object_get(value));
        }
        return keys;
}

int named_given(const Ctl *ctl, const Args *args, const char *what) {
        if (args->n_words == 0)
                return ctl_usage(ctl, "which %s? pomoctl %s %s", what, ctl->verb->name, ctl->verb->usage);
        return ctl_check_text(ctl, "name", args->words[0], CAP_RULE_BYTES);
}

void named_say(const char *done, const char *what, const char *name) {
        cleanup_free_ char *safe = memory_safe_text(name);

        printf("%s %s %s\n", done, what, safe);
}

int named_remove(const Ctl *ctl, const Args *args, const char *interface, const char *member,
                const char *what) {
        int r = named_given(ctl, args, what)
                                ?: program_call(&ctl->program, interface, member, NULL, NULL, "s",
                                                   args->words[0]);

        if (r != 0)
                return r;

        if (ctl->program.json)
                json_say("sb", "name", args->words[0], "removed", true);
        else
                named_say("removed", what, args->words[0]);
        return 0;
}

/* The a{sv} of keys, and one of no options behind it. */
static int message_fill(sd_bus_message *message, const char *name, struct json_object *keys) {
        int r = sd_bus_message_append_basic(message, 's', name);

        if (r >= 0)
                r = sd_bus_message_open_container(message, 'a', "{sv}");
        json_object_object_foreach(keys, key, value) {
                if (r >= 0)
                        r = sd_bus_message_append(message, "{sv}", key, "s", json_object_get_string(value));
        }
        if (r >= 0)
                r = sd_bus_message_close_container(message);
        return r < 0 ? r : client_message_append_options(message, NULL);
}

int keys_send(const Ctl *ctl, const char *interface, const char *member, const char *name,
                struct json_object *keys) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL, *reply = NULL;
        const Program *program = &ctl->program;
        const char *warning;
        int r;

        if (client_message_bare(program->client, interface, member, &m) < 0)
                return program_failed(program);
        r = message_fill(m, name, keys);
        if (r < 0)
                return program_unreadable(program, r);
        if (client_send(program->client, m, &reply) < 0)
                return program_failed(program);

        r = sd_bus_message_enter_container(reply, 'a', "s");
        while (r >= 0 && (r = sd_bus_message_read_basic(reply, 's', &warning)) > 0)
                program_warn(program, warning);
        return r < 0 ? program_unreadable(program, r) : 0;
}
