/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/warnings.h"

#include <string.h>

#include "common/caps.h"
#include "common/category.h"
#include "daemon/bus/plugin-files.h"
#include "daemon/bus/records.h"
#include "daemon/core/consent.h"
#include "daemon/core/lists.h"
#include "daemon/engine/agenda.h"
#include "daemon/engine/read.h"
#include "daemon/engine/reports.h"

/* Of the sentences in one answer: more are counted. */
#define WARNINGS_BYTES      (CAP_ANSWER_BYTES / 2)
#define TEXT_OVERHEAD_BYTES 8u /* of a text on the bus: its length, its end, and what aligns the next */

/* Of one rule in a list; that there are more is said. */
#define OF_RULE_MAX 50u

/* Of names: those of one sentence that are named, and those of one request that are looked at, each of which
 * may take a microsecond or a look at the disk. */
#define NAMED_MAX     10u
#define LOOKED_AT_MAX 5000u

static char *sentence_make(const char *rule, const char *sentence) {
        return *rule ? g_strdup_printf("the rule %s %s", rule, sentence) : g_strdup(sentence);
}

Warnings warnings_new(Call *call) {
        return (Warnings){ .call = call, .sentences = g_ptr_array_new_with_free_func(g_free) };
}

void warnings_done(Warnings *warnings) {
        g_clear_pointer(&warnings->sentences, g_ptr_array_unref);
        warnings->sites = site_names_free(warnings->sites);
}

static void add(Warnings *warnings, char *sentence) {
        const size_t bytes = strlen(sentence) + TEXT_OVERHEAD_BYTES;

        if (warnings->more == 0 && warnings->sentences->len < CAP_RECORDS_PER_REPLY &&
                        warnings->bytes + bytes <= WARNINGS_BYTES) {
                warnings->bytes += bytes;
                g_ptr_array_add(warnings->sentences, sentence);
                return;
        }
        g_free(sentence);
        warnings->more++;
}

void warnings_collect(const char *rule, const char *sentence, void *userdata) {
        add(userdata, sentence_make(rule, sentence));
}

int warnings_check_profile(const Profile *profile, Call *call) {
        int r = 0;

        for (char **name = profile->plugins; r == 0 && name && *name; name++) {
                const PluginFile file = plugin_files_find(call->bus->plugin_files, *name);

                if (file.plugin)
                        r = plugin_check_profile(file.plugin, profile, &call->refusal);
        }
        return r;
}

static char *missing_sentence(const char *profile, const char *plugin) {
        return g_strdup_printf(
                        "the profile %s names the plugin %s, which is not installed here: that part of it does nothing",
                        profile, plugin);
}

/* ---- names ---- */

static bool is_list_of(const Call *call, const char *name) {
        const GArray *lists = user_read_lists(call->user);

        return lists && lists_find(lists, name);
}

static bool is_category(const Call *call, const char *name) {
        return call->bus->category_dir && category_exists(call->bus->category_dir, name);
}

/* What a setting calls @mine and nobody has. */
static void collect_lists(Warnings *warnings, const Plugin *plugin, const Profile *profile) {
        const Call *call = warnings->call;
        GPtrArray *named = plugin_lists_named(plugin, profile);

        for (guint i = 0; i < named->len; i++) {
                const char *name = named->pdata[i];

                if (is_list_of(call, name) || is_category(call, name))
                        continue;
                add(warnings, g_strdup_printf("the profile %s names @%s, and there is neither a list nor a category of that name: that part of it does nothing; make the list with pomoctl focus names set %s FILE",
                                              profile->name, name, name));
        }
        g_ptr_array_unref(named);
}

/* Names of a setting that stay open for one reason. */
typedef struct Open {
        const ProfileSetting *set;
        const char *why;
        GPtrArray *names; /* owned, as its texts are */
} Open;

typedef struct Looking {
        Warnings *warnings;
        const Profile *profile;
        const Plugin *plugin;
        GArray *open; /* of Open */
} Looking;

static void clear_open(void *data) {
        Open *open = data;

        g_ptr_array_unref(open->names);
}

static void add_open(Looking *looking, const ProfileSetting *set, const char *why, const char *name) {
        guint i = 0;
        Open *open;

        while (i < looking->open->len && (g_array_index(looking->open, Open, i).set != set ||
                                                         g_array_index(looking->open, Open, i).why != why))
                i++;
        if (i == looking->open->len) {
                const Open made = {
                        .set = set,
                        .why = why,
                        .names = g_ptr_array_new_with_free_func(g_free),
                };

                g_array_append_val(looking->open, made);
        }
        open = &g_array_index(looking->open, Open, i);
        g_ptr_array_add(open->names, g_strdup(name));
}

static void say_open(const Looking *looking, const Open *open) {
        cleanup_free_ char *names = consent_names(open->names, NAMED_MAX);

        add(looking->warnings,
                        g_strdup_printf("the profile %s names %s in %s.%s, which %s open: %s",
                                        looking->profile->name, names, looking->plugin->name, open->set->key,
                                        open->names->len == 1 ? "stays" : "stay", open->why));
}

/* Whether it is the word for a list or a category, without its @. */
static bool say_list(const Looking *looking, const ProfileSetting *set, const char *name) {
        const Call *call = looking->warnings->call;
        const bool list = is_list_of(call, name);

        if (strchr(name, '.') || !(list || is_category(call, name)))
                return false;
        add(looking->warnings,
                        g_strdup_printf("the profile %s names %s in %s.%s, which is no site; for the %s of that name write @%s",
                                        looking->profile->name, name, looking->plugin->name, set->key,
                                        list ? "list" : "category", name));
        return true;
}

static void look_at_name(
                const PluginSetting *setting, const ProfileSetting *set, const char *name, void *userdata) {
        Looking *looking = userdata;
        Warnings *warnings = looking->warnings;
        const char *why;

        if (name[0] == '@' || warnings->looked_at >= LOOKED_AT_MAX)
                return;
        warnings->looked_at++;
        if (say_list(looking, set, name) || !setting->for_everyone)
                return;
        if (!warnings->sites)
                warnings->sites = site_names_new();
        why = site_names_why_not(warnings->sites, name);
        if (why)
                add_open(looking, set, why, name);
}

/* Names that the plugin takes, and that lead to nothing on any computer. */
static void collect_names(Warnings *warnings, const Plugin *plugin, const Profile *profile) {
        Looking looking = {
                .warnings = warnings,
                .profile = profile,
                .plugin = plugin,
                .open = g_array_new(FALSE, FALSE, sizeof(Open)),
        };

        g_array_set_clear_func(looking.open, clear_open);
        plugin_each_name(plugin, profile, look_at_name, &looking);
        for (guint i = 0; i < looking.open->len; i++)
                say_open(&looking, &g_array_index(looking.open, Open, i));
        g_array_unref(looking.open);
}

int warnings_collect_profile(const Profile *profile, void *userdata) {
        Warnings *warnings = userdata;
        const Call *call = warnings->call;

        for (char **plugin = profile->plugins; plugin && *plugin; plugin++) {
                const PluginFile file = plugin_files_find(call->bus->plugin_files, *plugin);

                if (file.described && file.problem)
                        add(warnings, g_strdup_printf("the settings of the plugin %s in the profile %s were not checked: %s",
                                                      *plugin, profile->name, file.problem));
                else if (!file.installed && !user_reports_has(call->user, *plugin))
                        add(warnings, missing_sentence(profile->name, *plugin));
                else if (file.plugin) {
                        collect_lists(warnings, file.plugin, profile);
                        collect_names(warnings, file.plugin, profile);
                }
        }
        return 0;
}

void warnings_collect_engaged(Warnings *warnings, const char *profile) {
        const Call *call = warnings->call;
        const Profile *found = rule_set_find_profile(user_read_rules(call->user), profile);

        for (char **plugin = found ? found->plugins : NULL; plugin && *plugin; plugin++) {
                cleanup_free_ char *failing = user_read_plugin_failing(call->user, *plugin);
                /* Behind that, which looks at files, too: it is valid until the next look. */
                const PluginFile file = plugin_files_find(call->bus->plugin_files, *plugin);

                if (!file.installed && !user_reports_has(call->user, *plugin))
                        add(warnings, missing_sentence(profile, *plugin));
                else if (failing)
                        add(warnings, g_strdup_printf("%s: that part of the profile %s is not enforced; see pomoctl plugin info %s",
                                                      failing, profile, *plugin));
                if (file.plugin)
                        collect_lists(warnings, file.plugin, found);
        }
}

/* One that stood before, as it is, was taken once: a plugin that was installed since refuses no import. */
static bool is_as_before(const Profile *profile, const User *user) {
        const Profile *before = rule_set_find_profile(user_read_rules(user), profile->name);
        cleanup_free_ char *was = before ? profile_print(before) : NULL;
        cleanup_free_ char *is = profile_print(profile);

        return was && strcmp(was, is) == 0;
}

int warnings_judge_profile(const Profile *profile, void *userdata) {
        Warnings *warnings = userdata;
        int r = is_as_before(profile, warnings->call->user) ? 0
                                                            : warnings_check_profile(profile, warnings->call);

        return r != 0 ? r : warnings_collect_profile(profile, warnings);
}

static void finish(Warnings *warnings) {
        if (warnings->more > 0)
                g_ptr_array_add(warnings->sentences,
                                g_strdup_printf("… and %u warnings more", warnings->more));
        warnings->more = 0;
}

int warnings_append(Warnings *warnings, Reply *reply) {
        finish(warnings);
        return texts_append(reply, (char **) warnings->sentences->pdata, warnings->sentences->len);
}

int warnings_append_entry(Warnings *warnings, const char *key, Reply *reply) {
        finish(warnings);
        return texts_append_entry(reply, key, (char **) warnings->sentences->pdata, warnings->sentences->len);
}

static void sentences_free(void *sentences) {
        g_ptr_array_unref(sentences);
}

static void collect_by_rule(const char *rule, const char *sentence, void *userdata) {
        GPtrArray *sentences = g_hash_table_lookup(userdata, rule);

        if (!sentences) {
                sentences = g_ptr_array_new_with_free_func(g_free);
                g_hash_table_insert(userdata, g_strdup(rule), sentences);
        }
        if (sentences->len < OF_RULE_MAX)
                g_ptr_array_add(sentences, sentence_make(rule, sentence));
        else if (sentences->len == OF_RULE_MAX)
                g_ptr_array_add(sentences, g_strdup("… and more warnings of this rule"));
}

int warnings_by_rule(User *user, GHashTable **ret_warnings) {
        GHashTable *warnings = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, sentences_free);
        int r = user_agenda_each_warning(user, collect_by_rule, warnings);

        if (r != 0)
                g_hash_table_unref(warnings);
        else
                *ret_warnings = warnings;
        return r;
}
