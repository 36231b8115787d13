/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
/* Crashes or hangs (BAD_DEED) in one of the calls (BAD_CALL), where there is something to lose: apply() has
 * written. */
#include "tests/plugins/bad/frame.h"

#define CRASH 1
#define HANG  2

#define IN_OPEN    1
#define IN_APPLY   2
#define IN_EVENT   3
#define IN_CLOSE   4
#define IN_RELEASE 5

static void deed(int call) {
        if (call != BAD_CALL)
                return;
        if (BAD_DEED == HANG)
                frame_hang();
        raise(SIGSEGV);
}

static int bad_open(PomoHost *host, const PomoHostCalls *calls, void **ret_state) {
        deed(IN_OPEN);
        return frame_open(host, calls, ret_state);
}

static int bad_apply(void *state, const PomoDesired *desired) {
        int r = frame_apply(state, desired);

        if (desired->n_claims > 0)
                deed(IN_APPLY);
        return r;
}

static void bad_event(void *state, const PomoEvent *event) {
        deed(IN_EVENT);
        frame_event(state, event);
}

static void bad_close(void *state) {
        deed(IN_CLOSE);
        frame_close(state);
}

static int bad_release(PomoHost *host, const PomoHostCalls *calls) {
        deed(IN_RELEASE);
        return frame_release(host, calls);
}

#define BAD_OPEN    bad_open
#define BAD_APPLY   bad_apply
#define BAD_EVENT   bad_event
#define BAD_CLOSE   bad_close
#define BAD_RELEASE bad_release
#include "tests/plugins/bad/table.h"
