/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
/* The table of a bad plugin, included last: what its source did not define is the frame's. */
#include "tests/plugins/bad/frame.h"

#ifndef BAD_ABI
#define BAD_ABI POMO_PLUGIN_ABI
#endif
#ifndef BAD_SCOPE
#define BAD_SCOPE POMO_SESSION
#endif
#ifndef BAD_SIZE
#define BAD_SIZE sizeof(PomoPlugin)
#endif
#ifndef BAD_TOLD_NAME
#define BAD_TOLD_NAME BAD_NAME
#endif
#ifndef BAD_VERSION
#define BAD_VERSION "1"
#endif
#ifndef BAD_SENTENCE
#define BAD_SENTENCE "holds names, and behaves but for one thing"
#endif
#ifndef BAD_SETTINGS
#define BAD_SETTINGS                                                                               \
        {                                                                                          \
                .size = sizeof(PomoSetting), .key = "hold", .sentence = "the names that are held", \
                .type = POMO_NAMES                                                                 \
        }
#endif
#ifndef BAD_OPEN
#define BAD_OPEN frame_open
#endif
#ifndef BAD_APPLY
#define BAD_APPLY frame_apply
#endif
#ifndef BAD_EVENT
#define BAD_EVENT frame_event
#endif
#ifndef BAD_CLOSE
#define BAD_CLOSE frame_close
#endif
#ifndef BAD_RELEASE
#define BAD_RELEASE frame_release
#endif

static const PomoSetting bad_settings[] = { BAD_SETTINGS };

const PomoPlugin pomo_plugin_1 = {
        .abi = BAD_ABI,
        .scope = BAD_SCOPE,
        .size = BAD_SIZE,
        .name = BAD_TOLD_NAME,
        .version = BAD_VERSION,
        .sentence = BAD_SENTENCE,
        .settings = bad_settings,
        .n_settings = sizeof(bad_settings) / sizeof(bad_settings[0]),
        .open = BAD_OPEN,
        .apply = BAD_APPLY,
        .event = BAD_EVENT,
        .close = BAD_CLOSE,
        .release = BAD_RELEASE,
#ifdef BAD_PROBE
        .probe = BAD_PROBE,
#endif
};
