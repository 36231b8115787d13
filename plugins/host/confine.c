/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/confine.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "common/caps.h"
#include "plugins/host/sentence.h"

#define NOBODY 65534u

static struct {
        __rlimit_resource_t resource;
        rlim_t most;
        struct rlimit before;
} limits[] = {
        { .resource = RLIMIT_DATA, .most = CONFINE_DATA_BYTES },
        { .resource = RLIMIT_NOFILE, .most = HOST_DESCRIPTORS },
        { .resource = RLIMIT_CORE, .most = 0 },
};
#define N_LIMITS (sizeof(limits) / sizeof(limits[0]))

static bool taken; /* what was before is known */

/* The soft one alone: the hard one stays, so that the old one can come back. */
static int lower(__rlimit_resource_t resource, rlim_t most, struct rlimit *ret_before) {
        struct rlimit limit;

        if (getrlimit(resource, &limit) < 0)
                return -errno;
        *ret_before = limit;
        if (limit.rlim_cur <= most)
                return 0;
        limit.rlim_cur = most;
        return setrlimit(resource, &limit) < 0 ? -errno : 0;
}

static int open_standard_descriptors(void) {
        int fd;

        do
                fd = open("/dev/null", O_RDWR);
        while (fd >= 0 && fd <= STDERR_FILENO);
        if (fd < 0)
                return -errno;
        close(fd);
        return 0;
}

int confine_take(void) {
        int r;

        assert(!taken);
        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
                return -errno;
        if (close_range(STDERR_FILENO + 1, ~0u, 0) < 0)
                return -errno;
        r = open_standard_descriptors();
        for (size_t i = 0; r >= 0 && i < N_LIMITS; i++)
                r = lower(limits[i].resource, limits[i].most, &limits[i].before);
        taken = r >= 0;
        return r;
}

int confine_restore_child(void) {
        for (size_t i = 0; taken && i < N_LIMITS; i++)
                if (setrlimit(limits[i].resource, &limits[i].before) < 0)
                        return -errno;
        return 0;
}

int confine_drop_root(char **ret_sentence) {
        if (geteuid() != 0 && getuid() != 0)
                return 0;

        if (setgroups(0, NULL) < 0 || setresgid(NOBODY, NOBODY, NOBODY) < 0 ||
                        setresuid(NOBODY, NOBODY, NOBODY) < 0) {
                int error = errno;

                return sentence_set(ret_sentence, -error,
                                "the code of a plugin is not run as root to look at it, and this process cannot become nobody (%s); run it as another user",
                                strerror(error));
        }
        if (geteuid() == 0 || setuid(0) == 0)
                return sentence_set(ret_sentence, -EPERM,
                                "the code of a plugin is not run as root to look at it, and this process is still root after it became nobody; run it as another user");
        /* Who changes users loses its own folder in /proc, by which a file is opened that was found before.
         */
        return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) < 0 ? -errno : 0;
}
