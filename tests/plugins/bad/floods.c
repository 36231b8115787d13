/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
/* More than anybody reads, without end (BAD_DEED): reports that differ, look_again(), lines of the log,
 * claims that fail. */
#include "tests/plugins/bad/frame.h"

#define REPORTS 1
#define LOOKS   2
#define LINES   3
#define CLAIMS  4

static void flood(void *data) {
        char sentence[64];

        (void) data;
        for (unsigned i = 0; i < 100; i++) {
                snprintf(sentence, sizeof(sentence), "sentence %" PRIu64 " of very many", frame.n_applied++);
                if (BAD_DEED == REPORTS)
                        frame.calls->explain(frame.host, sentence);
                if (BAD_DEED == LINES)
                        frame.calls->log(frame.host, 4, sentence);
                if (BAD_DEED == CLAIMS)
                        frame.calls->explain_claim(frame.host, 0, i, sentence);
                else
                        frame.calls->look_again(frame.host);
        }
        (void) frame.calls->at(frame.host, 0, flood, NULL, NULL);
}

static int bad_apply(void *state, const PomoDesired *desired) {
        static bool begun;
        char sentence[64];
        int r = frame_apply(state, desired);

        snprintf(sentence, sizeof(sentence), "apply() number %" PRIu64, frame.n_applied);
        if (BAD_DEED == REPORTS)
                frame.calls->explain(frame.host, sentence);
        if (!begun && desired->n_claims > 0) {
                begun = true;
                flood(NULL);
        }
        return r;
}

#define BAD_APPLY bad_apply
#include "tests/plugins/bad/table.h"
