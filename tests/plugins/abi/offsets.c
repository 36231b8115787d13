/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
/*
 * Where ABI 1 of plugins put every member in its first release, and what its words mean: for ever. Nothing
 * here is ever changed; what grows gets lines. abi.py compiles it as C11 and C++17 and says which lines are
 * missing.
 */
#include "plugins/api/pomo-plugin.h"

#include <assert.h>

/* The addresses of 64 bits; elsewhere abidiff alone holds them. */
#if UINTPTR_MAX == UINT64_MAX
#define AT(type, member, offset, length) \
        static_assert(offsetof(type, member) == (offset) && sizeof(((type *) 0)->member) == (length), #member)
#define AT_LEAST(type, length) static_assert(sizeof(type) >= (length), #type)
#else
#define AT(type, member, offset, length) static_assert(sizeof(((type *) 0)->member) > 0, #member)
#define AT_LEAST(type, length)           static_assert(sizeof(type) > 0, #type)
#endif
#define IS(name, value) static_assert((name) == (value), #name)

/* clang-format off */
AT_LEAST(PomoSetting, 64);
AT(PomoSetting, size, 0, 8);
AT(PomoSetting, key, 8, 8);
AT(PomoSetting, fallback, 16, 8);
AT(PomoSetting, sentence, 24, 8);
AT(PomoSetting, type, 32, 4);
AT(PomoSetting, flags, 36, 4);
AT(PomoSetting, choices, 40, 8);
AT(PomoSetting, min, 48, 8);
AT(PomoSetting, max, 56, 8);

AT_LEAST(PomoValue, 48);
AT(PomoValue, size, 0, 8);
AT(PomoValue, key, 8, 8);
AT(PomoValue, text, 16, 8);
AT(PomoValue, number, 24, 8);
AT(PomoValue, names, 32, 8);
AT(PomoValue, n_names, 40, 8);

AT_LEAST(PomoClaim, 72);
AT(PomoClaim, size, 0, 8);
AT(PomoClaim, uid, 8, 4);
AT(PomoClaim, flags, 12, 4);
AT(PomoClaim, id, 16, 8);
AT(PomoClaim, until_boottime_usec, 24, 8);
AT(PomoClaim, profile, 32, 8);
AT(PomoClaim, lock, 40, 8);
AT(PomoClaim, source, 48, 8);
AT(PomoClaim, values, 56, 8);
AT(PomoClaim, n_values, 64, 8);

AT_LEAST(PomoDesired, 56);
AT(PomoDesired, size, 0, 8);
AT(PomoDesired, generation, 8, 8);
AT(PomoDesired, reason, 16, 4);
AT(PomoDesired, flags, 20, 4);
AT(PomoDesired, claims, 24, 8);
AT(PomoDesired, n_claims, 32, 8);
AT(PomoDesired, standing, 40, 8);
AT(PomoDesired, n_standing, 48, 8);

AT_LEAST(PomoEvent, 40);
AT(PomoEvent, size, 0, 8);
AT(PomoEvent, kind, 8, 8);
AT(PomoEvent, json, 16, 8);
AT(PomoEvent, seq, 24, 8);
AT(PomoEvent, interval, 32, 8);

AT_LEAST(PomoRun, 40);
AT(PomoRun, size, 0, 8);
AT(PomoRun, argv, 8, 8);
AT(PomoRun, environment, 16, 8);
AT(PomoRun, input_fd, 24, 4);
AT(PomoRun, output_fd, 28, 4);
AT(PomoRun, timeout_usec, 32, 8);

AT_LEAST(PomoHostCalls, 120);
AT(PomoHostCalls, size, 0, 8);
AT(PomoHostCalls, log, 8, 8);
AT(PomoHostCalls, explain, 16, 8);
AT(PomoHostCalls, explain_claim, 24, 8);
AT(PomoHostCalls, done, 32, 8);
AT(PomoHostCalls, save, 40, 8);
AT(PomoHostCalls, load, 48, 8);
AT(PomoHostCalls, drop, 56, 8);
AT(PomoHostCalls, watch, 64, 8);
AT(PomoHostCalls, at, 72, 8);
AT(PomoHostCalls, run, 80, 8);
AT(PomoHostCalls, forget, 88, 8);
AT(PomoHostCalls, act, 96, 8);
AT(PomoHostCalls, look_again, 104, 8);
AT(PomoHostCalls, event_loop, 112, 8);

AT_LEAST(PomoPlugin, 104);
AT(PomoPlugin, abi, 0, 4);
AT(PomoPlugin, scope, 4, 4);
AT(PomoPlugin, size, 8, 8);
AT(PomoPlugin, name, 16, 8);
AT(PomoPlugin, version, 24, 8);
AT(PomoPlugin, sentence, 32, 8);
AT(PomoPlugin, settings, 40, 8);
AT(PomoPlugin, n_settings, 48, 8);
AT(PomoPlugin, open, 56, 8);
AT(PomoPlugin, apply, 64, 8);
AT(PomoPlugin, event, 72, 8);
AT(PomoPlugin, close, 80, 8);
AT(PomoPlugin, release, 88, 8);
AT(PomoPlugin, probe, 96, 8);

IS(POMO_PLUGIN_ABI, 1);

IS(POMO_SESSION, 1);
IS(POMO_SYSTEM, 2);

IS(POMO_TEXT, 1);
IS(POMO_WORDS, 2);
IS(POMO_YES_NO, 3);
IS(POMO_NUMBER, 4);
IS(POMO_DURATION, 5);
IS(POMO_CHOICE, 6);
IS(POMO_NAMES, 7);

IS(POMO_STANDING, 1);
IS(POMO_FOR_EVERYONE, 2);

IS(POMO_START, 1);
IS(POMO_CHANGE, 2);
IS(POMO_RETRY, 3);
IS(POMO_ENDED, 4);
IS(POMO_WORLD, 5);
IS(POMO_STOP, 6);

IS(POMO_ALONE, 1);

IS(POMO_DONE, 0);
IS(POMO_LATER, 1);

IS(POMO_BLOCKED, 1);
IS(POMO_OPEN, 2);
IS(POMO_UNKNOWN, 3);
/* clang-format on */
