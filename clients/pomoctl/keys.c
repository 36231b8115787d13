/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/keys.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "clients/pomoctl/record.h"
#include "clients/pomoctl/json.h"
#include "clients/pomoctl/verb.h"
#include "common/caps.h"
#include "common/names.h"
#include "common/text.h"

const char *const profile_keys[] = { "Plugins", "Breaks", NULL };

static const char *known_key(const char *const *known, const char *key) {
        for (; *known; known++)
                if (strcasecmp(*known, key) == 0)
                        return *known;
        return NULL;
}

static int unknown_key(const Ctl *ctl, const char *const *known, const char *key) {
        cleanup_free_ char *safe = ctl_text(key);
        const char *near = text_nearest(key, known);

        if (near)
                return ctl_usage(ctl, "there is no key '%.64s'; did you mean %s?", safe, near);
        return ctl_usage(ctl, "there is no key '%.64s'; pomoctl %s --help names them", safe, ctl->verb->name);
}

/* The words that make one value, from *i on, with the key in front. */
static int pair_join(const Args *args, unsigned *i, char **ret_pair) {
        Args few = { .words = args->words + *i, .n_words = 1 };

        while (*i + few.n_words < args->n_words && !strchr(few.words[few.n_words], '='))
                few.n_words++;
        *i += few.n_words;
        return args_join(&few, 0, ret_pair);
}

int keys_read(const Ctl *ctl, const Args *args, unsigned first, const char *const *known, bool plugins,
                struct json_object *keys) {
        int r;

        for (unsigned i = first; i < args->n_words;) {
                cleanup_free_ char *pair = NULL;
                const char *key;
                char *value;

                if (!strchr(args->words[i], '='))
                        return ctl_usage(ctl, "'%.64s' is no KEY=VALUE, as in %s=%s", args->words[i],
                                        plugins ? "Plugins" : "Hours",
                                        plugins ? "sites;mute" : "09:00-12:00");
                if (pair_join(args, &i, &pair) < 0)
                        return ctl_cannot_ask(ctl, -ENOMEM);
                value = strchr(pair, '=');
                *value++ = '\0';

                key = known_key(known, pair);
                if (!key && plugins && strchr(pair, '.'))
                        key = pair;
                if (!key)
                        return unknown_key(ctl, known, pair);
                r = ctl_check_text(ctl, "key", key, CAP_NOTE_BYTES);
                if (r == 0)
                        r = ctl_check_text(ctl, "value", value, CAP_PROFILE_VALUE_BYTES);
                if (r != 0)
                        return r;

                if (*value)
                        json_object_object_add(keys, key, json_object_new_string(value));
                else
                        json_object_object_del(keys, key);
        }
        return 0;
}

struct json_object *keys_of_record(struct json_object *record, const char *const *known) {
        struct json_object *keys = json_object_new_object();

        json_object_object_foreach(record, key, value) {
                bool wanted = known ? known_key(known, key) != NULL
                                    : strcmp(key, "Name") != 0 && strcmp(key, "Text") != 0;

                if (keys && wanted && json_object_is_type(value, json_type_string))
                        json_object_object_add(keys, key, json_object_get(value));
        }
        return keys;
}

static int keys_append(struct json_object *keys, sd_bus_message *message) {
        int r;

        r = client_options_open(message);
        json_object_object_foreach(keys, key, value) {
                if (r >= 0)
                        r = client_option_string(message, key, json_object_get_string(value));
        }
        return r < 0 ? r : client_options_close(message);
}

typedef struct Search {
        const char *name;
        struct json_object *found;
} Search;

static int search_one(struct json_object *record, void *userdata) {
        Search *search = userdata;

        if (!search->found && strcmp(record_text(record, "Name"), search->name) == 0)
                search->found = json_object_get(record);
        return 0;
}

int named_find(const Ctl *ctl, const char *interface, const char *member, const char *name,
                struct json_object **ret_record) {
        Search search = { .name = name };
        int r;

        r = record_each_named(ctl, interface, member, search_one, &search);
        if (r != 0) {
                json_object_put(search.found);
                return r;
        }

        *ret_record = search.found;
        return 0;
}

int named_given(const Ctl *ctl, const Args *args, const char *what) {
        if (args->n_words == 0)
                return ctl_usage(ctl, "which %s? pomoctl %s %s", what, ctl->verb->name, ctl->verb->usage);
        return ctl_check_text(ctl, "name", args->words[0], CAP_RULE_BYTES);
}

void named_say(const char *done, const char *what, const char *name) {
        cleanup_free_ char *safe = ctl_text(name);

        printf("%s %s %s\n", done, what, safe);
}

int named_remove(const Ctl *ctl, const Args *args, const char *interface, const char *member,
                const char *what) {
        int r;

        r = named_given(ctl, args, what);
        if (r != 0)
                return r;
        if (client_call(ctl->client, interface, member, NULL, "sa{sv}", args->words[0], 0) < 0)
                return ctl_failed(ctl);

        if (ctl->json) {
                struct json_object *o = json_object_new_object();

                json_add_text(o, "name", args->words[0]);
                json_object_object_add(o, "removed", json_object_new_boolean(true));
                json_print_and_put(stdout, o);
        } else
                named_say("removed", what, args->words[0]);
        return 0;
}

static void warning_say(const Ctl *ctl, const char *sentence) {
        cleanup_free_ char *safe = NULL;

        if (ctl->json) {
                struct json_object *o = json_object_new_object();

                json_add_text(o, "warning", sentence);
                json_print_and_put(stderr, o);
                return;
        }
        safe = ctl_text(sentence);
        fprintf(stderr, "pomoctl: warning: %s\n", safe);
}

void warnings_say(const Ctl *ctl, struct json_object *sentences) {
        if (!json_object_is_type(sentences, json_type_array))
                return;
        for (size_t i = 0; i < json_object_array_length(sentences); i++)
                warning_say(ctl, json_object_get_string(json_object_array_get_idx(sentences, i)));
}

/* Reads as. */
static int warnings_say_reply(const Ctl *ctl, sd_bus_message *reply) {
        const char *sentence;
        int r;

        r = sd_bus_message_enter_container(reply, 'a', "s");
        while (r >= 0 && (r = sd_bus_message_read_basic(reply, 's', &sentence)) > 0)
                warning_say(ctl, sentence);
        return r < 0 ? r : 0;
}

int keys_send(const Ctl *ctl, const char *interface, const char *member, const char *name,
                struct json_object *keys) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL, *reply = NULL;
        int r;

        if (client_message_new(ctl->client, interface, member, &m) < 0)
                return ctl_failed(ctl);
        if ((r = sd_bus_message_append(m, "s", name)) < 0 || (r = keys_append(keys, m)) < 0 ||
                        (r = sd_bus_message_append(m, "a{sv}", 0)) < 0)
                return ctl_cannot_ask(ctl, r);
        if (client_send(ctl->client, m, &reply) < 0)
                return ctl_failed(ctl);
        r = warnings_say_reply(ctl, reply);
        if (r < 0)
                return ctl_unreadable(ctl, r);
        return 0;
}
