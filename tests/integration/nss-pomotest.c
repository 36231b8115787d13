/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/*
 * A name service for tests: the file $POMOD_TEST_ACCOUNTS has lines "UID WORD", where the word is a name, or
 * one of these: "hangs" (there is never an answer), "busy" (try again), "away" (it cannot be reached).
 */

#include <errno.h>
#include <nss.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum nss_status _nss_pomotest_getpwuid_r(
                uid_t uid, struct passwd *ret_account, char *buf, size_t size, int *ret_errno);

/* The word of a uid, in buf; NULL none. */
static const char *find_word(uid_t uid, char *buf, size_t size) {
        const char *path = getenv("POMOD_TEST_ACCOUNTS");
        FILE *file = path ? fopen(path, "re") : NULL;
        char *word = NULL;

        while (file && !word && fgets(buf, (int) size, file)) {
                buf[strcspn(buf, "\n")] = '\0';
                if (strtoul(buf, &word, 10) != uid || *word++ != ' ')
                        word = NULL;
        }
        if (file)
                fclose(file);
        return word;
}

enum nss_status _nss_pomotest_getpwuid_r(
                uid_t uid, struct passwd *ret_account, char *buf, size_t size, int *ret_errno) {
        const char *word = find_word(uid, buf, size);
        char *empty;

        if (!word)
                return NSS_STATUS_NOTFOUND;
        while (strcmp(word, "hangs") == 0)
                pause();
        if (strcmp(word, "busy") == 0) {
                *ret_errno = EAGAIN;
                return NSS_STATUS_TRYAGAIN;
        }
        if (strcmp(word, "away") == 0) {
                *ret_errno = ENOENT;
                return NSS_STATUS_UNAVAIL;
        }
        memmove(buf, word, strlen(word) + 1);
        empty = buf + strlen(buf);
        *ret_account = (struct passwd){
                .pw_name = buf,
                .pw_passwd = empty,
                .pw_gecos = empty,
                .pw_dir = empty,
                .pw_shell = empty,
                .pw_uid = uid,
                .pw_gid = uid,
        };
        return NSS_STATUS_SUCCESS;
}
