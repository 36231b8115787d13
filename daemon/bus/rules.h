/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* The methods of org.pomod.Pomod1.Schedules that are about the rules themselves. */

#include "daemon/bus/keys.h"
#include "daemon/bus/request.h"

typedef struct RulesList {
        bool warnings;
        const char *after;
        unsigned limit;
} RulesList;
extern const Param rules_list_params[3];
int rules_list(Call *call);

typedef struct RulesSet {
        Request request;
        KeyList rule;
} RulesSet;
extern const Param rules_set_params[3];
int rules_set(Call *call);

extern const Param rules_remove_params[2];
extern const Param rules_import_params[4];
int rules_import(Call *call);
int rules_export(Call *call);
int rules_list_presets(Call *call);
