/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/access.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/names.h"

const char *user_path(uid_t uid, char buf[USER_PATH_MAX]) {
        snprintf(buf, USER_PATH_MAX, POMOD_USER_PATH "/_%" PRIu32, (uint32_t) uid);
        return buf;
}

bool user_path_parse(const char *path, uid_t *ret_uid) {
        const size_t prefix = sizeof(POMOD_USER_PATH "/_") - 1;
        uint64_t uid = 0;
        const char *p;

        if (strncmp(path, POMOD_USER_PATH "/_", prefix) != 0)
                return false;
        p = path + prefix;
        if (*p == '\0' || (*p == '0' && p[1] != '\0'))
                return false;
        for (; *p; p++) {
                if (*p < '0' || *p > '9')
                        return false;
                uid = uid * 10 + (uint64_t) (*p - '0');
                if (uid >= UINT32_MAX) /* which is no uid, but the kernel's word for none */
                        return false;
        }
        *ret_uid = (uid_t) uid;
        return true;
}

int access_check(Bus *bus, uid_t caller, uid_t uid, Refusal *ret_refusal) {
        if (caller != 0 && caller != uid)
                return refuse(ret_refusal, REFUSAL_ACCESS_DENIED,
                                "what belongs to the user with the uid %" PRIu32
                                " is for that user and root; you are calling with the uid %" PRIu32,
                                (uint32_t) uid, (uint32_t) caller);
        if (caller != 0 && !bus->many_users && caller != bus->own_uid)
                return refuse(ret_refusal, REFUSAL_ACCESS_DENIED,
                                "this pomod serves the user with the uid %" PRIu32
                                " alone; you are calling with the uid %" PRIu32,
                                (uint32_t) bus->own_uid, (uint32_t) caller);
        return engine_users_check(bus->engine, uid, ret_refusal);
}

int access_check_root(uid_t caller, Refusal *ret_refusal) {
        if (caller != 0)
                return refuse(ret_refusal, REFUSAL_ACCESS_DENIED,
                                "what should hold because of all users is for root; ask the interface Focus of your own object");
        return 0;
}
