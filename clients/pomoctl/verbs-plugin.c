/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clients/lib/memory.h"
#include "clients/pomoctl/helper.h"
#include "clients/pomoctl/json.h"
#include "clients/pomoctl/keys.h"
#include "clients/pomoctl/plugin-host.h"
#include "clients/pomoctl/plugin.h"
#include "clients/pomoctl/table.h"
#include "clients/pomoctl/verb.h"
#include "common/caps.h"
#include "common/cleanup.h"
#include "common/names.h"

/* ---- list ---- */

static Records plugins_ask(const Ctl *ctl) {
        return records_ask(&ctl->program, POMOD_INTERFACE_PLUGINS, "List", NULL, "");
}

static void plugin_row(const Ctl *ctl, Table *table, struct json_object *record) {
        cleanup_free_ char *says = plugin_says(ctl, record);

        table_add(table, (const char *const[]){ record_text(record, "Name"), record_text(record, "Scope"),
                                         plugin_state_label(record),
                                         record_bool(record, "Enabled") ? "yes" : "no",
                                         record_text(record, "Version"),
                                         *says ? says : record_text(record, "Sentence") });
}

static int verb_plugin_list(Ctl *ctl, const Args *args) {
        cleanup_(table_freep) Table *table = table_new((const char *const[]){
                        "PLUGIN", "SCOPE", "STATE", "ENABLED", "VERSION", "WHAT IT SAYS", NULL });
        cleanup_(records_done) Records records = plugins_ask(ctl);

        for (struct json_object *record; (record = records_next(&records));)
                if (ctl->program.json)
                        json_print_and_put(stdout, plugin_json(ctl, record));
                else
                        plugin_row(ctl, table, record);

        if (records.status != 0 || ctl->program.json)
                return records.status;
        if (table_is_empty(table))
                printf("no plugin is installed, so that a focus is kept on record alone\n");
        else
                table_print(table, stdout, ctl_columns(), ctl_colour(ctl, COLOUR_BOLD),
                                ctl_colour(ctl, COLOUR_OFF));
        return 0;
}

/* ---- info ---- */

/* The one of that name; NULL: pomod knows of none. */
static int plugin_look(const Ctl *ctl, const char *name, struct json_object **ret_record) {
        return record_find_named(&ctl->program, POMOD_INTERFACE_PLUGINS, "List", name, ret_record);
}

/* The one of that name, which there has to be. */
static int plugin_find(const Ctl *ctl, const char *name, struct json_object **ret_record) {
        cleanup_free_ char *sentence = NULL;
        int r = plugin_look(ctl, name, ret_record);

        if (r != 0 || *ret_record)
                return r;
        sentence = memory_format("there is no plugin \"%.64s\"; pomoctl plugin list names them", name);
        program_error(&ctl->program, POMOD_ERROR_PREFIX "NoSuchPlugin", sentence);
        return CLIENT_EXIT_REFUSED;
}

/* "1 to 60", "soft, hard", "" where anything goes; the caller's. */
static char *setting_range(struct json_object *record) {
        const char *low = record_text(record, "Minimum"), *high = record_text(record, "Maximum");
        cleanup_free_ char *choices = record_join(record, "Choices");

        if (*low || *high)
                return memory_format("%s to %s", *low ? low : "any", *high ? high : "any");
        return memory_copy(choices ?: record_text(record, "Type"));
}

static void setting_row(Table *table, struct json_object *record) {
        const char *value = record_text(record, "Value"), *standard = record_text(record, "Default");
        cleanup_free_ char *range = setting_range(record);

        table_add(table, (const char *const[]){ record_text(record, "Key"),
                                         record_bool(record, "Standing") ? "always" : "profile",
                                         *value ? value : "-", *standard ? standard : "-", range,
                                         record_text(record, "Sentence") });
}

static void print_about(const Ctl *ctl, struct json_object *record) {
        cleanup_free_ char *name = memory_safe_text(record_text(record, "Name")),
                           *version = memory_safe_text(record_text(record, "Version")),
                           *sentence = memory_safe_text(record_text(record, "Sentence")),
                           *why = plugin_why(ctl, record), *says = plugin_says(ctl, record),
                           *safe = memory_safe_text(says);
        const char *scope = record_text(record, "Scope");
        const uint64_t pid = record_u64(record, "Pid");

        printf("%s%s%s%s%s%s%s\n", ctl_colour(ctl, COLOUR_BOLD), name, ctl_colour(ctl, COLOUR_OFF),
                        *version ? " " : "", version, *sentence ? ": " : "", sentence);
        printf("%s%s · %s",
                        strcmp(scope, "system") == 0    ? "acts on the whole computer · "
                        : strcmp(scope, "session") == 0 ? "acts in your session · "
                                                        : "",
                        plugin_state_label(record),
                        record_bool(record, "Enabled") ? "enabled"
                                                       : "disabled: your focus does not reach it");
        if (pid > 0)
                printf(" · process %" PRIu64, pid);
        putchar('\n');
        if (*safe && *why)
                printf("%s%s%s\n", ctl_colour(ctl, COLOUR_WRONG), safe, ctl_colour(ctl, COLOUR_OFF));
        else if (*safe)
                printf("%s\n", safe);
}

/* Where root sets what holds always; pomod names the same. */
#define CONF_DIR "/etc/pomod/plugins"

/* Of one that says nothing of itself there is nothing to set. */
static Records settings_ask(const Ctl *ctl, struct json_object *record) {
        return records_ask(&ctl->program, POMOD_INTERFACE_PLUGINS, "Get", NULL, "s",
                        record_text(record, "Name"));
}

static bool has_settings(struct json_object *record) {
        return *record_text(record, "Scope") && !*record_text(record, "Problem");
}

/* One object, with the settings as a list in it. */
static int info_json(const Ctl *ctl, struct json_object *record) {
        cleanup_(record_putp) struct json_object *o = plugin_json(ctl, record);
        struct json_object *list = memory_check(json_object_new_array());

        json_object_object_add(o, "settings", list);
        if (has_settings(record)) {
                cleanup_(records_done) Records settings = settings_ask(ctl, record);

                for (struct json_object *setting; (setting = records_next(&settings));)
                        json_object_array_add(list, json_of_record(setting, JSON_MICROSECONDS));
                if (settings.status != 0)
                        return settings.status;
        }
        json_print(stdout, o);
        return 0;
}

static int print_settings(const Ctl *ctl, struct json_object *record) {
        cleanup_(table_freep) Table *table = table_new((const char *const[]){
                        "SETTING", "HOLDS", "VALUE", "DEFAULT", "POSSIBLE", "MEANING", NULL });
        cleanup_(records_done) Records settings = settings_ask(ctl, record);
        const bool of_computer = strcmp(record_text(record, "Scope"), "system") == 0;
        bool of_root = false;

        for (struct json_object *setting; (setting = records_next(&settings));) {
                of_root |= of_computer && record_bool(setting, "Standing");
                setting_row(table, setting);
        }
        if (settings.status == 0 && !table_is_empty(table)) {
                putchar('\n');
                table_print(table, stdout, ctl_columns(), ctl_colour(ctl, COLOUR_BOLD),
                                ctl_colour(ctl, COLOUR_OFF));
        }
        if (settings.status == 0 && of_root)
                printf("what holds always is set by root in " CONF_DIR "/%s.conf; shown is the default\n",
                                record_text(record, "Name"));
        return settings.status;
}

static int verb_plugin_info(Ctl *ctl, const Args *args) {
        cleanup_(record_putp) struct json_object *record = NULL;
        int r = named_given(ctl, args, "plugin") ?: plugin_find(ctl, args->words[0], &record);

        if (r != 0)
                return r;
        if (ctl->program.json)
                return info_json(ctl, record);
        print_about(ctl, record);
        return has_settings(record) ? print_settings(ctl, record) : 0;
}

/* ---- enable, disable ---- */

/* A plugin of the whole computer has a host of root's, which is for the pomod of all alone. */
static int refuse_private(const Ctl *ctl, const char *name) {
        cleanup_free_ char *sentence = memory_format(
                        "%.64s acts on the whole computer, and the pomod that answers here is yours alone: only that of the system bus decides about it; try: pomoctl --bus=system plugin enable %.64s",
                        name, name);

        program_error(&ctl->program, POMOD_ERROR_PREFIX "NotPossible", sentence);
        return CLIENT_EXIT_REFUSED;
}

/* Now and from now on. Who started a bus apart starts the hosts on it, and systemd those of the bus that it
 * knows. */
static int host_start(const Ctl *ctl, struct json_object *record) {
        const char *scope = record_text(record, "Scope");
        const bool of_user = strcmp(scope, "session") == 0;

        if (!*scope || (!of_user && !plugin_is_absent(record)) ||
                        client_is_on_private_bus(ctl->program.client))
                return 0;
        return plugin_host_start(ctl, record_text(record, "Name"), of_user);
}

static int show_one(const Ctl *ctl, const char *name, bool enabled) {
        const char *done = enabled ? "enabled" : "disabled";
        cleanup_(record_putp) struct json_object *record = NULL;
        cleanup_free_ char *why = NULL, *safe = NULL;
        int r = plugin_find(ctl, name, &record);

        if (r != 0)
                return r;
        if (ctl->program.json) {
                json_print_and_put(stdout, plugin_json(ctl, record));
                return 0;
        }
        why = plugin_why(ctl, record);
        safe = memory_safe_text(why);
        printf("%s is %s · %s%s%s\n", name, done, plugin_state_label(record), *safe ? ": " : "", safe);
        if (enabled && plugin_is_absent(record) && client_is_on_private_bus(ctl->program.client)) {
                cleanup_free_ char *by_hand = plugin_host_by_hand(ctl, name);

                printf("this pomod has a bus of its own, where systemd starts no host; start it with: %s\n",
                                by_hand);
        }
        return 0;
}

/* The pomod of the system bus looks into no home: it knows of a user's own plugin once its host is there. */
static int own_start(const Ctl *ctl, const char *name) {
        if (ctl->program.other_user || client_is_on_private_bus(ctl->program.client) ||
                        !plugin_host_has_file(name))
                return 0;
        return plugin_host_start(ctl, name, true);
}

static int verb_plugin_enable(Ctl *ctl, const Args *args) {
        cleanup_(record_putp) struct json_object *record = NULL;
        int r = named_given(ctl, args, "plugin") ?: plugin_look(ctl, args->words[0], &record);
        const char *name;

        if (r == 0 && !record)
                r = own_start(ctl, args->words[0]) ?: plugin_find(ctl, args->words[0], &record);
        if (r != 0)
                return r;
        name = args->words[0];
        if (plugin_is_elsewhere(ctl, record))
                return refuse_private(ctl, name);
        r = program_call(&ctl->program, POMOD_INTERFACE_PLUGINS, "Enable", NULL, NULL, "s", name)
                            ?: host_start(ctl, record);
        return r != 0 ? r : show_one(ctl, name, true);
}

/*
 * The host goes on: it is what takes away what is no longer wanted. In a session it does not come again with
 * the next login; root's is everybody's.
 */
static int verb_plugin_disable(Ctl *ctl, const Args *args) {
        cleanup_(record_putp) struct json_object *record = NULL;
        int r = named_given(ctl, args, "plugin") ?: plugin_find(ctl, args->words[0], &record);
        const char *name;

        r = r
                            ?: program_call(&ctl->program, POMOD_INTERFACE_PLUGINS, "Disable", NULL, NULL,
                                               "s", args->words[0]);
        if (r != 0)
                return r;
        name = args->words[0];
        if (strcmp(record_text(record, "Scope"), "session") == 0 && !ctl->program.other_user &&
                        !client_is_on_private_bus(ctl->program.client))
                plugin_host_leave(name);
        return show_one(ctl, name, false);
}

/* ---- set, reset ---- */

static int setting_given(const Ctl *ctl, const Args *args) {
        int r = named_given(ctl, args, "plugin");

        if (r == 0 && args->n_words < 2)
                r = ctl_usage(ctl, "which setting? pomoctl plugin info %.64s names them", args->words[0]);
        return r ?: ctl_check_text(ctl, "setting", args->words[1], CAP_RULE_BYTES);
}

static int show_setting(const Ctl *ctl, const char *name, const char *key) {
        cleanup_(records_done) Records settings =
                        records_ask(&ctl->program, POMOD_INTERFACE_PLUGINS, "Get", NULL, "s", name);

        for (struct json_object *record; (record = records_next(&settings));) {
                cleanup_free_ char *safe = memory_safe_text(record_text(record, "Value"));

                if (strcasecmp(record_text(record, "Key"), key) != 0)
                        continue;
                if (ctl->program.json)
                        json_print_and_put(stdout, json_of_record(record, JSON_MICROSECONDS));
                else
                        printf("%s.%s is now %s\n", name, record_text(record, "Key"), *safe ? safe : "empty");
        }
        return settings.status;
}

static int verb_plugin_set(Ctl *ctl, const Args *args) {
        cleanup_free_ char *value = args_join(args, 2, ARGS_ALL);
        int r = setting_given(ctl, args);

        if (r == 0 && !value)
                r = ctl_usage(ctl, "to what? pomoctl plugin set %.64s %.64s VALUE", args->words[0],
                                args->words[1]);
        r = r ?: ctl_check_text(ctl, "value", value, CAP_PROFILE_BYTES);
        r = r
                            ?: program_call(&ctl->program, POMOD_INTERFACE_PLUGINS, "Set", NULL, NULL, "ssv",
                                               args->words[0], args->words[1], "s", value);
        return r ?: show_setting(ctl, args->words[0], args->words[1]);
}

static int verb_plugin_reset(Ctl *ctl, const Args *args) {
        int r = setting_given(ctl, args)
                                ?: program_call(&ctl->program, POMOD_INTERFACE_PLUGINS, "Reset", NULL, NULL,
                                                   "ss", args->words[0], args->words[1]);

        return r ?: show_setting(ctl, args->words[0], args->words[1]);
}

/* ---- check ---- */

/* By its file, or by the name of one that is installed. */
static int verb_plugin_check(Ctl *ctl, const Args *args) {
        cleanup_free_ char *host = helper_find(PLUGIN_HOST, "../../plugins/host"), *found = NULL,
                           *sentence = NULL;
        char program[] = PLUGIN_HOST, check[] = "--check";
        const char *file;

        if (args->n_words == 0)
                return ctl_usage(ctl, "which plugin? pomoctl plugin check FILE.so");
        if (!host)
                return program_errno(&ctl->program, -ENOENT,
                                "plugins are checked by " POMOD_LIBEXECDIR "/" PLUGIN_HOST);
        file = args->words[0];
        if (!strchr(file, '/') && access(file, F_OK) < 0) {
                found = helper_find_plugin(file);
                sentence = memory_format(
                                "there is no file %.256s here, and no plugin of that name is installed",
                                file);
                if (!found)
                        return program_refused(&ctl->program, sentence);
                file = found;
        }
        execv(host, (char *[]){ program, check, (char *) file, NULL });
        return program_errno(&ctl->program, -errno, "cannot start " PLUGIN_HOST);
}

/* ---- the rows of the table of verbs ---- */

/* clang-format off */
const Verb verbs_of_plugins[] = {
        { .name = "plugin", .usage = "[list]", .run = verb_plugin_list,
          .brief = "list what makes focus so; also: info, enable, disable, set, check",
          .sentence = "list the plugins, and what each says",
          .details = DETAILS("A plugin does what profiles ask for: it blocks, mutes, or shows. Each has a process of its own, its host, which systemd starts. One that is absent has none now, so that what names it is kept on record and not enforced."),
          .examples = ITEMS({ "pomoctl plugin", "who does what here, and whether it works" }, ) },
        { .name = "plugin list", .usage = "", .run = verb_plugin_list,
          .sentence = "list the plugins, and what each says",
          .examples = ITEMS({ "pomoctl plugin list --json", "for a script" }, ) },
        { .name = "plugin info", .usage = "NAME", .words = 1, .run = verb_plugin_info,
          .sentence = "show one plugin with its settings",
          .details = DETAILS("A setting that holds always is set with pomoctl plugin set, or by root in /etc/pomod/plugins; one of a profile with pomoctl focus profile set."),
          .examples = ITEMS({ "pomoctl plugin info sites", "what a profile can ask it for" }, ) },
        { .name = "plugin enable", .usage = "NAME", .words = 1, .run = verb_plugin_enable,
          .sentence = "let your focus reach a plugin, and have its host started",
          .details = DETAILS("Whether your focus reaches it is yours to decide; its host is a service, pomod-plugin@NAME. That of a plugin which acts on the whole computer is root's, and systemd may ask for a password."),
          .examples = ITEMS({ "pomoctl plugin enable sites", "from now on" }, ) },
        { .name = "plugin disable", .usage = "NAME", .words = 1, .run = verb_plugin_disable,
          .sentence = "keep your focus from a plugin",
          .details = DETAILS("Refused while a locked focus needs it. Others' focus goes on reaching a plugin that acts on the whole computer."),
          .examples = ITEMS({ "pomoctl plugin disable sites", "until it is enabled again" }, ) },
        { .name = "plugin set", .usage = "NAME SETTING VALUE", .words = WORDS_ANY, .run = verb_plugin_set,
          .sentence = "change what holds always for a plugin of your session",
          .details = DETAILS("Those of a plugin that acts on the whole computer are root's, in /etc/pomod/plugins/NAME.conf."),
          .examples = ITEMS({ "pomoctl plugin set mute device hw1", "a setting that pomoctl plugin info mute lists" }, ) },
        { .name = "plugin reset", .usage = "NAME SETTING", .words = 2, .run = verb_plugin_reset,
          .sentence = "give such a setting its default back",
          .examples = ITEMS({ "pomoctl plugin reset mute device", "as it came" }, ) },
        { .name = "plugin check", .usage = "FILE.so|NAME", .words = 1, .run = verb_plugin_check,
          .sentence = "say what is wrong with a plugin, without running it",
          .examples = ITEMS({ "pomoctl plugin check ./sites.so", "one that was just built" }, ) },
        {},
};
/* clang-format on */
