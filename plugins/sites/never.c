/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/sites/never.h"

#include <glib.h>
#include <libpsl.h>

struct Never {
        psl_ctx_t *suffixes;
};

Never *never_read(const char *hosts_text, const char *const *standing_never) {
        Never *never = g_new0(Never, 1);

        never->suffixes = psl_latest(NULL);
        return never;
}

Never *never_free(Never *never) {
        if (never)
                psl_free(never->suffixes);
        g_free(never);
        return NULL;
}

bool never_has(const Never *never, const char *name, const char **ret_why) {
        *ret_why = "it is a public suffix";
        return psl_is_public_suffix2(never->suffixes, name, PSL_TYPE_ICANN);
}

const char *never_standing(const Never *never, const char *name) {
        return NULL;
}

bool never_below(const Never *never, const char *name) {
        return false;
}
