/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
/* Does to its process what a plugin should not (BAD_DEED), with something held. */
#include "tests/plugins/bad/frame.h"

#include <sys/wait.h>

#define FORKS   1
#define WAITS   2
#define MASKS   3
#define IGNORES 4
#define CLOSES  5
#define EXITS   6
#define LEAKS   7

static void ran(int wait_status, void *data) {
        char sentence[64];

        (void) data;
        snprintf(sentence, sizeof(sentence), "run() ended with %d", wait_status);
        frame.calls->log(frame.host, 6, sentence);
}

/* Takes the child away from under the host. */
static int wait_for_all(void) {
        static const char *const argv[] = { "/bin/true", NULL };
        int r = frame.calls->run(frame.host,
                        &(PomoRun){ .size = sizeof(PomoRun), .argv = argv, .input_fd = -1, .output_fd = -1 },
                        ran, NULL, NULL);

        while (r >= 0 && waitpid(-1, NULL, 0) > 0)
                ;
        return r < 0 ? r : POMO_DONE;
}

static void bad_deed(int deed) {
        sigset_t all;

        switch (deed) {
        case FORKS: /* the child keeps every descriptor and the lock of the state, as far as it gets them */
                frame_fork();
                break;
        case MASKS:
                sigfillset(&all);
                sigprocmask(SIG_SETMASK, &all, NULL);
                break;
        case IGNORES:
                signal(SIGTERM, SIG_IGN);
                signal(SIGCHLD, SIG_IGN);
                sigemptyset(&all);
                sigprocmask(SIG_SETMASK, &all, NULL);
                break;
        case CLOSES:
                for (int fd = 3; fd < 256; fd++)
                        close(fd);
                break;
        case EXITS:
                exit(0);
        case LEAKS:
                while (open("/dev/null", O_RDONLY) >= 0)
                        ;
                break;
        }
}

static int bad_apply(void *state, const PomoDesired *desired) {
        int r = frame_apply(state, desired);

        if (r < 0 || desired->n_claims == 0)
                return r;
        if (BAD_DEED == WAITS)
                return wait_for_all();
        bad_deed(BAD_DEED);
        return r;
}

#define BAD_APPLY bad_apply
#include "tests/plugins/bad/table.h"
