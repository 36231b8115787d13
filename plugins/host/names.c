/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/names.h"

#include "clients/lib/host-ascii.h"
#include "common/text.h"
#include "plugins/host/sentence.h"

int names_to_ascii(const char *name, char **ret_name, char **ret_why) {
        char excerpt[TEXT_EXCERPT_MAX];
        const char *why;
        int r = host_ascii(name, ret_name, &why);

        return r == 0 ? 0
                      : sentence_set(ret_why, r, "\"%s\" is no host name: %s", text_excerpt(name, excerpt),
                                        why);
}
