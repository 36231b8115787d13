/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * What a plugin says of itself, as its NAME.json has it: pomod loads no code, and still knows which settings
 * there are, and which values fit. What a setting may be is judged here, for profiles and for standing
 * settings alike; the plugin's host judges it again.
 *
 * A key is written in small letters where it is declared ("block"), and in a profile as people like
 * ("sites.Block"): keys are compared without case.
 */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/caps.h"
#include "common/enums.h"
#include "daemon/core/focus.h"
#include "daemon/core/refusal.h"
#include "daemon/core/rules.h"

#define PLUGIN_ABI 1u

typedef enum PluginScope {
        PLUGIN_OF_SESSION, /* "session" */
        PLUGIN_OF_SYSTEM,  /* "system" */
        _PLUGIN_SCOPE_MAX,
} PluginScope;
DECLARE_ENUM_WORDS(PluginScope, plugin_scope);

typedef enum PluginType {
        PLUGIN_TEXT,
        PLUGIN_WORDS,
        PLUGIN_YES_NO,
        PLUGIN_NUMBER,
        PLUGIN_DURATION,
        PLUGIN_CHOICE,
        PLUGIN_NAMES, /* names of hosts, and @lists */
        _PLUGIN_TYPE_MAX,
} PluginType;
DECLARE_ENUM_WORDS(PluginType, plugin_type); /* "text", "words", "yes-no", … */

/* All of it is owned. */
typedef struct PluginSetting {
        char *key;
        char *sentence;
        char *fallback; /* the value where none is set; NULL none */
        PluginType type;
        bool standing;     /* holds always, and is no key of a profile */
        bool for_everyone; /* everybody on the computer feels it */
        char **choices;    /* CHOICE: NULL at the end; else NULL */
        bool bounded;      /* NUMBER, DURATION (in µs): from min to max */
        int64_t min, max;
} PluginSetting;

typedef struct Plugin {
        char name[CAP_RULE_BYTES + 1];
        char *version, *sentence;
        uint32_t abi;
        PluginScope scope;
        GArray *settings; /* of PluginSetting */
} Plugin;

Plugin *plugin_new(void);
Plugin *plugin_free(Plugin *plugin); /* NULL is fine; returns NULL */

/* NULL: it has none of that key, standing or not as asked for. */
const PluginSetting *plugin_find_setting(const Plugin *plugin, const char *key, bool standing);
/* REFUSAL_INVALID_ARGUMENT, with a sentence that says what would be right. setting must be the plugin's. */
int plugin_check_value(
                const Plugin *plugin, const PluginSetting *setting, const char *value, Refusal *ret_refusal);
/* Every setting of a profile that is this plugin's: an unknown key, a standing one, or a value that does not
 * fit is refused. */
int plugin_check_profile(const Plugin *plugin, const Profile *profile, Refusal *ret_refusal);

/* Each name that settings of a profile have which are this plugin's and of the type NAMES, as it is written:
 * of a host, or of a list with its @. */
typedef void (*PluginNameFunc)(
                const PluginSetting *setting, const ProfileSetting *set, const char *name, void *userdata);
void plugin_each_name(const Plugin *plugin, const Profile *profile, PluginNameFunc func, void *userdata);

/* The names without their @ of the lists and categories that settings of a profile name which are this
 * plugin's, each once, in the order in which they are written: texts that the array owns, and the caller the
 * array. */
GPtrArray *plugin_lists_named(const Plugin *plugin, const Profile *profile);

/* A standing setting that a user has set. All of it is owned. */
typedef struct PluginValue {
        char *plugin, *key, *value;
} PluginValue;
GArray *plugin_values_new(void); /* of PluginValue, which clears its own */
/* NULL: the user has set none. */
const char *plugin_values_find(const GArray *values, const char *plugin, const char *key);
/* NULL: takes it away. */
void plugin_values_put(GArray *values, const char *plugin, const char *key, const char *value);
/* Whether one more may be kept: REFUSAL_LIMITS_EXCEEDED. */
int plugin_values_check_room(const GArray *values, const char *plugin, const char *key, const char *value,
                Refusal *ret_refusal);

/* Whether a plugin may get none of a user's claims from now on: REFUSAL_LOCKED while a locked one in force
 * names it. */
int plugin_check_disable(const GArray *claims, const Now *now, const char *plugin, Refusal *ret_refusal);
