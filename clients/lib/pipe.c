/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/lib/pipe.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clients/lib/memory.h"

#define PIECE_BYTES 65536u

static const char broken_off[] = "\nError: ";

static int read_to_end(int fd, char **ret_text) {
        cleanup_free_ char *text = NULL;
        size_t length = 0, n_allocated = 0;

        for (;;) {
                ssize_t n;

                text = memory_reserve(text, length + PIECE_BYTES + 1, &n_allocated, 1);
                n = read(fd, text + length, PIECE_BYTES);
                if (n < 0 && errno == EINTR)
                        continue;
                if (n < 0)
                        return -errno;
                if (n == 0)
                        break;
                length += (size_t) n;
        }
        text[length] = '\0';
        *ret_text = steal(text);
        return 0;
}

/* "Error: NAME: SENTENCE" */
static int say_broken(const Program *program, const char *line) {
        const char *sentence = strstr(line, ": ");
        cleanup_free_ char *name = memory_copy_n(line, sentence ? (size_t) (sentence - line) : strlen(line));
        cleanup_free_ char *message = memory_copy(sentence ? sentence + 2 : "the text was broken off");

        message[strcspn(message, "\n")] = '\0';
        program_error(program, name, message);
        return CLIENT_EXIT_REFUSED;
}

int pipe_read_text(const Program *program, sd_bus_message *reply, char **ret_text) {
        cleanup_free_ char *text = NULL;
        const char *broken = NULL;
        int fd, r;

        r = program_read(program, reply, "h", &fd); /* which is the message's, and closed with it */
        if (r != 0)
                return r;
        r = read_to_end(fd, &text);
        if (r < 0)
                return program_errno(program, r, "cannot read what the daemon sends");
        for (const char *at = text; (at = strstr(at, broken_off));)
                broken = at += strlen(broken_off);
        if (broken)
                return say_broken(program, broken);
        *ret_text = steal(text);
        return 0;
}
