/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
/* A thread of its own calls the host. */
#include "tests/plugins/bad/frame.h"

#include <pthread.h>

static void *thread(void *data) {
        (void) data;
        frame.calls->log(frame.host, 6, "from a thread");
        frame_hang();
}

static int bad_apply(void *state, const PomoDesired *desired) {
        pthread_t id;
        int r = frame_apply(state, desired);

        if (r < 0 || desired->n_claims == 0)
                return r;
        r = pthread_create(&id, NULL, thread, NULL);
        return r != 0 ? -r : POMO_DONE;
}

#define BAD_APPLY bad_apply
#include "tests/plugins/bad/table.h"
