/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
/* Takes memory until it gets none, and says how much it got; with BAD_CHILD a child of run() says what it may
 * take. */
#include "tests/plugins/bad/frame.h"

static int bad_apply(void *state, const PomoDesired *desired) {
        int r = frame_apply(state, desired);

        if (r < 0 || desired->n_claims == 0)
                return r;
#ifdef BAD_CHILD
        {
                static const char *const argv[] = { "/bin/sh", "-c", "ulimit -d; ulimit -n; ulimit -c",
                        NULL };
                char path[PATH_MAX];
                int fd;

                if (frame_path(path, ".limits") < 0)
                        return -ENOENT;
                fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
                if (fd < 0)
                        return -errno;
                r = frame.calls->run(frame.host,
                                &(PomoRun){ .size = sizeof(PomoRun),
                                                .argv = argv,
                                                .input_fd = -1,
                                                .output_fd = fd },
                                NULL, NULL, NULL);
                close(fd);
                return r < 0 ? r : POMO_DONE;
        }
#else
        for (;;) {
                static size_t taken;
                char sentence[64];
                const size_t step = (size_t) 1 << 20;
                char *block = (char *) malloc(step);

                if (block) {
                        memset(block, 1, step);
                        taken += step;
                        continue;
                }
                snprintf(sentence, sizeof(sentence), "there was no memory beyond %zu MiB", taken / step);
                frame.calls->explain(frame.host, sentence);
                return -ENOMEM;
        }
#endif
}

#define BAD_APPLY bad_apply
#include "tests/plugins/bad/table.h"
