/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
/* Says that it failed: at every apply() and release() (BAD_ALL), or for the claim of a name "fails.example"
 * alone. */
#include "tests/plugins/bad/frame.h"

static int bad_apply(void *state, const PomoDesired *desired) {
        int r = frame_apply(state, desired);

        if (r < 0 || desired->n_claims == 0)
                return r;
#ifdef BAD_ALL
        frame.calls->explain(frame.host, "the disk of the world is full");
        return -ENOSPC;
#else
        for (const PomoClaim *const *claim = desired->claims; *claim; claim++)
                for (const PomoValue *const *value = (*claim)->values; *value; value++)
                        for (const char *const *name = (*value)->names; name && *name; name++)
                                if (strcmp(*name, "fails.example") == 0)
                                        frame.calls->explain_claim(frame.host, (*claim)->uid, (*claim)->id,
                                                        "fails.example cannot be held");
        return r;
#endif
}

#define BAD_APPLY bad_apply
#include "tests/plugins/bad/table.h"
