/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomobar/shown.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clients/lib/memory.h"
#include "clients/pomobar/clicks.h"
#include "clients/pomobar/format.h"
#include "common/cleanup.h"
#include "common/names.h"
#include "common/write.h"

#define REFUSALS ".refused"

#define SHOWN_BYTES 21 /* a number of 64 bits and a newline, always as long */

/* An address is no file name: FNV-1a of it is. */
static uint64_t bus_hash(const char *bus) {
        uint64_t hash = 0xcbf29ce484222325ULL;

        for (; *bus; bus++)
                hash = (hash ^ (unsigned char) *bus) * 0x100000001b3ULL;
        return hash;
}

static int shown_path(const char *bus, const char *suffix, bool make, char **ret_path) {
        const char *runtime = getenv("XDG_RUNTIME_DIR");
        cleanup_free_ char *folder = NULL;

        if (!runtime || *runtime != '/')
                return -ENOENT;
        if (!bus)
                bus = getenv(POMOD_BUS_ENV);
        /* Where the bus is searched for, all find the same. */
        if (!bus)
                bus = "";
        folder = memory_format("%s/pomobar", runtime);
        if (make && mkdir(folder, 0700) < 0 && errno != EEXIST)
                return -errno;
        *ret_path = memory_format("%s/%016" PRIx64 "%s", folder, bus_hash(bus), suffix);
        return 0;
}

static struct flock whole_file(short type) {
        return (struct flock){ .l_type = type, .l_whence = SEEK_SET };
}

void shown_open(Shown *shown, const char *bus) {
        cleanup_free_ char *path = NULL;
        struct flock lock = whole_file(F_RDLCK);

        *shown = (Shown){ .fd = -1 };
        if (shown_path(bus, "", true, &path) < 0)
                return;
        shown->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (shown->fd >= 0 && fcntl(shown->fd, F_OFD_SETLK, &lock) < 0)
                shown->fd = close_fd(shown->fd);
}

void shown_close(Shown *shown) {
        shown->fd = close_fd(shown->fd);
}

void shown_set(Shown *shown, bool away, uint64_t seq) {
        char text[SHOWN_BYTES + 1];

        if (shown->fd < 0 || (shown->known && shown->away == away && shown->seq == seq))
                return;
        if (away)
                snprintf(text, sizeof(text), "%-20s\n", BAR_CLICK_AWAY);
        else
                snprintf(text, sizeof(text), "%-20" PRIu64 "\n", seq);
        shown->known = pwrite(shown->fd, text, SHOWN_BYTES, 0) == SHOWN_BYTES;
        shown->away = away;
        shown->seq = seq;
}

int shown_get(const char *bus, bool *ret_away, uint64_t *ret_seq) {
        struct flock lock = whole_file(F_WRLCK);
        cleanup_free_ char *path = NULL;
        cleanup_close_ int fd = -1;
        char text[SHOWN_BYTES + 1] = "";
        int r = shown_path(bus, "", false, &path);

        if (r < 0)
                return r;
        fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
        if (fd < 0)
                return -ENOENT;
        /* Only asked, never taken: a stream that starts meanwhile finds the file free. */
        if (fcntl(fd, F_OFD_GETLK, &lock) < 0 || lock.l_type == F_UNLCK)
                return -ENOENT;
        if (pread(fd, text, SHOWN_BYTES, 0) != SHOWN_BYTES)
                return -ENOENT;
        text[strcspn(text, " \n")] = '\0';
        return click_seq_parse(text, ret_away, ret_seq);
}

void shown_refuse(const char *bus, const char *sentence) {
        char text[SHOWN_REFUSAL_BYTES];
        cleanup_free_ char *path = NULL;
        cleanup_close_ int fd = -1;

        if (shown_path(bus, REFUSALS, false, &path) < 0)
                return;
        fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOFOLLOW);
        if (fd < 0)
                return;
        snprintf(text, sizeof(text), "%s", sentence);
        (void) write_all(fd, text);
}

int shown_refusals_path(const char *bus, char **ret_path) {
        cleanup_free_ char *path = NULL;
        cleanup_close_ int fd = -1;
        int r = shown_path(bus, REFUSALS, true, &path);

        if (r < 0)
                return r;
        /* Not for writing: its closing would be a refusal to the streams that wait already. */
        fd = open(path, O_RDONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd < 0)
                return -errno;
        *ret_path = steal(path);
        return 0;
}

int shown_refusal_read(const char *path, char sentence[SHOWN_REFUSAL_BYTES]) {
        cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        ssize_t n;

        if (fd < 0)
                return -errno;
        n = read(fd, sentence, SHOWN_REFUSAL_BYTES - 1);
        if (n <= 0)
                return n < 0 ? -errno : -ENODATA;
        sentence[n] = '\0';
        return 0;
}
