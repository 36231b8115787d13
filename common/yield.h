/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Long work gives way: between its pieces it calls what its caller gave it, which sees to whatever is due by
 * then and returns. Work that gives way leaves nothing half done in memory that others look at.
 */

#include <assert.h>

typedef struct Yield {
        void (*func)(void *userdata); /* never NULL */
        void *userdata;
} Yield;

/* NULL: nobody is waiting. */
static inline void give_way(const Yield *yield) {
        if (!yield)
                return;
        assert(yield->func);
        yield->func(yield->userdata);
}
