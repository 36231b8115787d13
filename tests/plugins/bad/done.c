/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
/* apply() answers POMO_LATER, and done() comes never, twice, from inside apply(), or from a thread
 * (BAD_DEED). */
#include "tests/plugins/bad/frame.h"

#include <pthread.h>
#include <time.h>

#define NEVER  1
#define TWICE  2
#define INSIDE 3
#define THREAD 4

static uint64_t generation;

static void later(void *data) {
        (void) data;
        frame.calls->done(frame.host, generation, POMO_DONE);
        frame.calls->done(frame.host, generation, -EIO);
}

static void *thread(void *data) {
        (void) data;
        frame.calls->done(frame.host, generation, POMO_DONE);
        return NULL;
}

static int bad_apply(void *state, const PomoDesired *desired) {
        struct timespec now;
        pthread_t id;
        int r = frame_apply(state, desired);

        if (r < 0 || desired->n_claims == 0)
                return r;
        generation = desired->generation;
        if (BAD_DEED == INSIDE)
                frame.calls->done(frame.host, generation, POMO_DONE);
        if (BAD_DEED == THREAD && pthread_create(&id, NULL, thread, NULL) == 0)
                pthread_detach(id);
        if (BAD_DEED == TWICE) {
                clock_gettime(CLOCK_BOOTTIME, &now);
                r = frame.calls->at(frame.host, (uint64_t) now.tv_sec * 1000000 + 1, later, NULL, NULL);
        }
        return r < 0 ? r : POMO_LATER;
}

#define BAD_APPLY bad_apply
#include "tests/plugins/bad/table.h"
