/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
/* What a host finds out before or while it loads, one fault a name. */
#ifdef BAD_NEEDS_LIBRARY
/* Of a library that lies where no loader looks. */
int pomo_not_there(void);
#endif

#include "tests/plugins/bad/frame.h"

#ifdef BAD_NEEDS_LIBRARY
static int bad_open(PomoHost *host, const PomoHostCalls *calls, void **ret_state) {
        int r = frame_open(host, calls, ret_state);

        return r < 0 ? r : pomo_not_there();
}
#define BAD_OPEN bad_open
#endif

#ifdef BAD_NO_SYMBOL
/* Under the name that another ABI would have. */
#define pomo_plugin_1 pomo_plugin_2
POMO_PLUGIN_EXPORT extern const PomoPlugin pomo_plugin_2;
#endif

#include "tests/plugins/bad/table.h"
