/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/core/presets.h"

#include <string.h>

static const Preset rules[] = {
        {
                        "summer",
                        "A part-time summer: weekdays from 9 to 12 and nothing after that, from mid-June to the end of August.",
                        "[Rule summer]\n"
                        "Dates=06-15..08-31\n"
                        "Days=Mon-Fri\n"
                        "Hours=09:00-12:00\n"
                        "Priority=5\n",
        },
        {
                        "split-day",
                        "Mornings that follow the impulse of the moment, afternoons of pomodoros, ten at most.",
                        "[Rule mornings]\n"
                        "Days=Mon-Fri\n"
                        "Hours=09:00-12:00\n"
                        "Mode=freeform\n"
                        "\n"
                        "[Rule afternoons]\n"
                        "Days=Mon-Fri\n"
                        "Hours=13:00-17:00\n"
                        "Target=10\n",
        },
        {
                        "office-day",
                        "One protected day a week for the office, the Wednesday, in place of the day's other rules.",
                        "[Rule office-day]\n"
                        "Kind=office-day\n"
                        "Days=Wed\n"
                        "Hours=09:00-12:00;13:00-17:00\n"
                        "Target=10\n"
                        "Quota=1/week\n",
        },
        {
                        "annual-break",
                        "A closed shop from Christmas to the tenth of February, every year.",
                        "[Rule annual-break]\n"
                        "Kind=away\n"
                        "Dates=12-25..02-10\n",
        },
};

/* What is blocked is named by category, so that it follows the package. A break of an interval opens all of
 * it again, as Breaks=yes is not there. */
static const Preset profiles[] = {
        {
                        "deep",
                        "Nothing that distracts: no social networks, news, video, games or shops; a break opens them.",
                        "[Profile deep]\n"
                        "Plugins=sites\n"
                        "sites.Block=@social;@news;@video;@games;@shopping\n",
        },
        {
                        "office",
                        "A day at work: no social networks, video or games; news and shops stay open.",
                        "[Profile office]\n"
                        "Plugins=sites\n"
                        "sites.Block=@social;@video;@games\n",
        },
        {
                        "quiet",
                        "No social networks and no news, in the breaks neither.",
                        "[Profile quiet]\n"
                        "Plugins=sites\n"
                        "Breaks=yes\n"
                        "sites.Block=@social;@news\n",
        },
};

const Preset *presets(size_t *ret_n) {
        *ret_n = sizeof(rules) / sizeof(rules[0]);
        return rules;
}

const Preset *presets_of_profiles(size_t *ret_n) {
        *ret_n = sizeof(profiles) / sizeof(profiles[0]);
        return profiles;
}

int presets_refuse_profile(const char *name, Refusal *ret_refusal) {
        for (size_t i = 0; i < sizeof(profiles) / sizeof(profiles[0]); i++)
                if (strcmp(profiles[i].name, name) == 0)
                        return refuse(ret_refusal, REFUSAL_NO_SUCH_PROFILE,
                                        "there is no profile \"%s\"; to begin with the one that pomod has: pomoctl focus profile preset %s --add",
                                        name, name);
        return refuse(ret_refusal, REFUSAL_NO_SUCH_PROFILE,
                        "there is no profile \"%s\"; pomoctl focus profile list names those that there are",
                        name);
}
