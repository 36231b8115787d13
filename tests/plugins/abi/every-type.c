/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
/* A plugin that does nothing and names every type of the header, for abidiff: what no symbol reaches it does
 * not see. */
#include "plugins/api/pomo-plugin.h"

/* clang-format off */
#define NAMES(type) POMO_PLUGIN_EXPORT void names_##type(type *value); void names_##type(type *value) { (void) value; }
#define NUMBERS(type) POMO_PLUGIN_EXPORT void numbers_##type(enum type value); void numbers_##type(enum type value) { (void) value; }
/* clang-format on */

#ifdef __cplusplus
extern "C" {
#endif

NAMES(PomoSetting)
NAMES(PomoValue)
NAMES(PomoClaim)
NAMES(PomoDesired)
NAMES(PomoEvent)
NAMES(PomoRun)
NAMES(PomoHostCalls)
NAMES(PomoPlugin)
NAMES(PomoFindingFunc)

NUMBERS(PomoScope)
NUMBERS(PomoType)
NUMBERS(PomoSettingFlags)
NUMBERS(PomoReason)
NUMBERS(PomoDesiredFlags)
NUMBERS(PomoResult)
NUMBERS(PomoFinding)

#ifdef __cplusplus
}
#endif

static int apply(void *state, const PomoDesired *desired) {
        (void) state;
        return desired->n_claims > 0 ? POMO_DONE : POMO_LATER;
}

static int release(PomoHost *host, const PomoHostCalls *calls) {
        pomo_logf(host, calls, 6, "nothing to put back in %zu bytes", calls->size);
        return 0;
}

const PomoPlugin pomo_plugin_1 = {
        .abi = POMO_PLUGIN_ABI,
        .scope = POMO_SESSION,
        .size = sizeof(PomoPlugin),
        .name = "every-type",
        .version = "1",
        .sentence = "names every type of the header",
        .apply = apply,
        .release = release,
};
