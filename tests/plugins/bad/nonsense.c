/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
/* Nonsense in every string that it hands to the host; each call that may fail has to, and it holds all the
 * same. */
#include "tests/plugins/bad/frame.h"

static void acted(int result, const char *sentence, void *data) {
        (void) result;
        (void) sentence;
        (void) data;
}

/* The first call that did not fail as it should, NULL where each did. */
static const char *taken(void) {
        const PomoHostCalls *calls = frame.calls;
        PomoHost *host = frame.host;
        static const char *const no_verb[] = { "frobnicate", NULL }, *const nothing[1] = {};
        static const char *const no_path[] = { "true", NULL };
        PomoRun run = { .size = sizeof(PomoRun), .argv = no_path, .input_fd = -1, .output_fd = -1 };
        char *big = (char *) calloc(1, (1 << 20) + 1);
        void *data = NULL;
        size_t size = 0;
        const char *failed = NULL;

        if (calls->save(host, "../claims", "", 0) >= 0)
                failed = "save(../claims)";
        else if (calls->save(host, "", "", 0) >= 0)
                failed = "save() without a name";
        else if (calls->save(host, "UPPER", "", 0) >= 0)
                failed = "save(UPPER)";
        else if (!big || calls->save(host, "big", big, (1 << 20) + 1) >= 0)
                failed = "save() of more than 1 MiB";
        else if (calls->load(host, "/etc/passwd", &data, &size) >= 0 || data || size)
                failed = "load(/etc/passwd)";
        else if (calls->load(host, "never-saved", &data, &size) != -ENOENT || data || size)
                failed = "load(never-saved)";
        else if (calls->drop(host, "..") >= 0)
                failed = "drop(..)";
        else if (calls->act(host, no_verb, 0, acted, NULL, NULL) >= 0)
                failed = "act(frobnicate)";
        else if (calls->act(host, nothing, 0, acted, NULL, NULL) >= 0)
                failed = "act() without words";
        else if (calls->run(host, &run, NULL, NULL, NULL) >= 0)
                failed = "run() without a path";
        else if (calls->watch(host, -1, 1, NULL, NULL, NULL) >= 0)
                failed = "watch() without a descriptor";
        free(big);
        return failed;
}

static int bad_apply(void *state, const PomoDesired *desired) {
        static char huge[100000];
        const PomoHostCalls *calls = frame.calls;
        PomoHost *host = frame.host;
        char sentence[128];
        const char *failed;
        int r = frame_apply(state, desired);

        if (r < 0 || desired->n_claims == 0)
                return r;
        memset(huge, 'x', sizeof(huge) - 1);
        calls->log(host, 3, "two\nlines \x1b[31m \xff");
        calls->log(host, -1000, huge);
        calls->log(host, 6, NULL);
        calls->explain_claim(host, 4000000000u, UINT64_MAX, "of nobody");
        calls->explain_claim(host, desired->claims[0]->uid, desired->claims[0]->id, "\x1b]0;title\a\xc3(\n");
        calls->forget(host, NULL);
        calls->done(host, UINT64_MAX, -EIO);
        failed = taken();
        snprintf(sentence, sizeof(sentence), "%s was taken\x1b[0m\n\xff", failed ? failed : "nothing");
        calls->explain(host, failed ? sentence : huge);
        if (!failed)
                calls->explain(host, sentence);
        return r;
}

#define BAD_APPLY bad_apply
#include "tests/plugins/bad/table.h"
