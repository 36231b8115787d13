/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "clients/pomoctl/record.h"
#include "clients/pomoctl/json.h"
#include "clients/pomoctl/table.h"
#include "clients/pomoctl/verb.h"
#include "common/caps.h"
#include "common/duration.h"
#include "common/names.h"
#include "common/text.h"

#define WORDS_SHOWN 4u

typedef struct Listing {
        const Ctl *ctl;
        const char *only; /* NULL: all */
        bool found;
        const char *empty; /* not NULL: the value alone, and this for an empty one */
        Table *table;
} Listing;

/* "1s to 24h", "yes, no", "" where anything goes. */
static void range_format(struct json_object *record, char *buf, size_t n) {
        const char *low = record_text(record, "MinimumText"), *high = record_text(record, "MaximumText");
        struct json_object *words;
        size_t at = 0, n_words;

        buf[0] = '\0';
        if (*low && *high) {
                snprintf(buf, n, "%s to %s", low, high);
                return;
        }
        if (strcmp(record_text(record, "Type"), "bool") == 0) {
                snprintf(buf, n, "yes, no");
                return;
        }
        if (!json_object_object_get_ex(record, "Words", &words) ||
                        !json_object_is_type(words, json_type_array))
                return;
        n_words = json_object_array_length(words);
        for (size_t i = 0; i < n_words && at < n; i++) {
                /* The first and the last of many say what kind of words they are. */
                if (n_words > WORDS_SHOWN && i == 1)
                        i = n_words - 1;
                at += (size_t) snprintf(buf + at, n - at, "%s%s",
                                i == 0                  ? ""
                                : n_words > WORDS_SHOWN ? " … "
                                                        : ", ",
                                json_object_get_string(json_object_array_get_idx(words, i)));
        }
}

static void add_renamed(
                struct json_object *to, const char *key, struct json_object *record, const char *from) {
        struct json_object *value = NULL;

        json_object_object_get_ex(record, from, &value);
        json_object_object_add(to, key, json_object_get(value));
}

/* The fields of `config list --json`: value is of the setting's own type, durations in microseconds. */
static int print_json(struct json_object *record) {
        struct json_object *o = json_object_new_object();

        if (!o)
                return -ENOMEM;
        add_renamed(o, "name", record, "Name");
        add_renamed(o, "type", record, "Type");
        add_renamed(o, "value", record, "Value");
        add_renamed(o, "text", record, "Text");
        add_renamed(o, "default", record, "DefaultText");
        add_renamed(o, "minimum", record, "MinimumText");
        add_renamed(o, "maximum", record, "MaximumText");
        add_renamed(o, "words", record, "Words");
        add_renamed(o, "description", record, "Description");
        json_print_and_put(stdout, o);
        return 0;
}

static int list_one(struct json_object *record, void *userdata) {
        const char *text = record_text(record, "Text"), *standard = record_text(record, "DefaultText");
        Listing *listing = userdata;
        char range[128];

        if (listing->only && strcmp(record_text(record, "Name"), listing->only) != 0)
                return 0;
        listing->found = true;
        if (listing->ctl->json)
                return print_json(record);
        if (listing->empty) {
                cleanup_free_ char *safe = ctl_text(text);

                printf("%s\n", *safe ? safe : listing->empty);
                return 0;
        }

        range_format(record, range, sizeof(range));
        return table_add(listing->table, (const char *const[]){ record_text(record, "Name"),
                                                         *text ? text : "-", *standard ? standard : "-",
                                                         range, record_text(record, "Description") });
}

static int list(const Ctl *ctl, Listing *listing) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        int r;

        if (client_call(ctl->client, POMOD_INTERFACE_SETTINGS, "List", &reply, "a{sv}", 0) < 0)
                return ctl_failed(ctl);
        r = record_each(reply, list_one, listing);
        return r < 0 ? ctl_unreadable(ctl, r) : 0;
}

static int verb_config_list(Ctl *ctl, const Args *args) {
        cleanup_(table_freep) Table *table = NULL;
        Listing listing = { .ctl = ctl };
        int r;

        table = table_new(
                        (const char *const[]){ "SETTING", "VALUE", "DEFAULT", "POSSIBLE", "MEANING", NULL });
        if (!table)
                return ctl_errno(ctl, -ENOMEM, "cannot list the settings");

        listing.table = table;
        r = list(ctl, &listing);
        if (r == 0 && !ctl->json)
                ctl_table(ctl, table, NULL);
        return r;
}

typedef struct Names {
        char *names[64]; /* the last is NULL */
        unsigned n;
} Names;

static void names_done(Names *names) {
        for (unsigned i = 0; i < names->n; i++)
                free(names->names[i]);
}

static int names_add(struct json_object *record, void *userdata) {
        Names *names = userdata;

        if (names->n + 1 < sizeof(names->names) / sizeof(names->names[0]))
                names->names[names->n++] = strdup(record_text(record, "Name"));
        return names->n > 0 && !names->names[names->n - 1] ? -ENOMEM : 0;
}

/* The daemon has refused a name that it does not know: says which was meant, if one is near. */
static int refused(const Ctl *ctl, const char *name) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        cleanup_(names_done) Names names = {};
        cleanup_free_ char *sentence = NULL;
        const char *near;
        int status = client_exit_status(ctl->client);

        if (strcmp(client_error_name(ctl->client), POMOD_ERROR_PREFIX "NoSuchSetting") != 0 ||
                        client_call(ctl->client, POMOD_INTERFACE_SETTINGS, "List", &reply, "a{sv}", 0) < 0 ||
                        record_each(reply, names_add, &names) < 0)
                return ctl_failed(ctl);

        near = text_nearest(name, (const char *const *) names.names);
        if (asprintf(&sentence, "there is no setting '%.64s'; %s%s", name,
                            near ? "did you mean " : "pomoctl config list names them", near ? near : "") < 0)
                sentence = NULL;
        ctl_error(ctl, POMOD_ERROR_PREFIX "NoSuchSetting", sentence ?: "out of memory");
        return status;
}

/* empty: what to print for a value that is. */
static int show_one(const Ctl *ctl, const char *name, const char *empty) {
        Listing listing = { .ctl = ctl, .only = name, .empty = empty };

        if (client_call(ctl->client, POMOD_INTERFACE_SETTINGS, "Get", NULL, "sa{sv}", name, 0) < 0)
                return refused(ctl, name);
        return list(ctl, &listing);
}

static int show_changed(const Ctl *ctl, const char *name) {
        if (!ctl->json)
                printf("%s is now ", name);
        return show_one(ctl, name, "empty");
}

static int name_given(const Ctl *ctl, const Args *args) {
        if (args->n_words == 0)
                return ctl_usage(ctl, "which setting? pomoctl config list names them");
        return ctl_check_text(ctl, "name", args->words[0], CAP_RULE_BYTES);
}

static int verb_config_get(Ctl *ctl, const Args *args) {
        int r;

        r = name_given(ctl, args);
        return r != 0 ? r : show_one(ctl, args->words[0], "");
}

static int verb_config_set(Ctl *ctl, const Args *args) {
        cleanup_free_ char *value = NULL;
        int r;

        r = name_given(ctl, args);
        if (r != 0)
                return r;
        if (args->n_words < 2)
                return ctl_usage(ctl, "to what? pomoctl config set %.64s VALUE", args->words[0]);
        if (args_join(args, 1, &value) < 0)
                return ctl_cannot_ask(ctl, -ENOMEM);

        r = ctl_check_text(ctl, "value", value, CAP_NOTE_BYTES);
        if (r != 0)
                return r;
        r = client_call(ctl->client, POMOD_INTERFACE_SETTINGS, "Set", NULL, "sva{sv}", args->words[0], "s",
                        value, 0);
        if (r < 0)
                return ctl_failed(ctl);

        return show_changed(ctl, args->words[0]);
}

static int verb_config_reset(Ctl *ctl, const Args *args) {
        int r;

        r = name_given(ctl, args);
        if (r != 0)
                return r;
        if (client_call(ctl->client, POMOD_INTERFACE_SETTINGS, "Reset", NULL, "sa{sv}", args->words[0], 0) <
                        0)
                return refused(ctl, args->words[0]);

        return show_changed(ctl, args->words[0]);
}

/* ---- the rows of the table of verbs ---- */

/* clang-format off */
const Verb verbs_of_config[] = {
        {
                .name = "config",
                .brief = "list the settings; also: get, set, reset",
                .usage = "[list]",
                .sentence = "list the settings",
                .examples = ITEMS({ "pomoctl config", "what there is to set" }, ),
                .run = verb_config_list,
        },
        {
                .name = "config list",
                .usage = "",
                .sentence = "list the settings with what they may be",
                .examples = ITEMS({ "pomoctl config list --json", "for a script" }, ),
                .run = verb_config_list,
        },
        {
                .name = "config get",
                .usage = "NAME",
                .words = 1,
                .sentence = "show one setting",
                .examples = ITEMS({ "pomoctl config get pomodoro", "how long a pomodoro is" }, ),
                .run = verb_config_get,
        },
        {
                .name = "config set",
                .usage = "NAME VALUE",
                .words = WORDS_ANY,
                .sentence = "change a setting, from the next interval on",
                .examples = ITEMS({ "pomoctl config set pomodoro 50m", "longer pomodoros" }, ),
                .run = verb_config_set,
        },
        {
                .name = "config reset",
                .usage = "NAME",
                .words = 1,
                .sentence = "give a setting its default back",
                .examples = ITEMS({ "pomoctl config reset pomodoro", "25 minutes again" }, ),
                .run = verb_config_reset,
        },
        {},
};
/* clang-format on */
