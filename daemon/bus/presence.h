/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Register: which connection is the host of a plugin, until it leaves the bus. */

#include "daemon/bus/method.h"
#include "daemon/engine/presence.h"

typedef struct RegisterParams {
        const char *plugin, *version;
        uint64_t pid;
        bool has_pid;
} RegisterParams;
extern const Param register_params[3];

/* Of a bus that has its names. */
void presence_start(Bus *bus);
/* All hosts are gone with the connection; before its names. */
void presence_end(Bus *bus);

/* Registers the caller for what was given: of the user who is entered, or, where none is, of the computer. */
int presence_register(Call *call);
/* Whether the caller is the host of the plugin, of that uid or PRESENCE_OF_COMPUTER. */
bool presence_is_host(const Call *call, uid_t uid, const char *plugin);
/* The same, or REFUSAL_NOT_POSSIBLE. */
int presence_check_host(Call *call, uid_t uid, const char *plugin);
