/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * While a call is made that an administrator may be asked about: polkit may ask, and the call waits for as
 * long as people do. On a terminal pkttyagent asks there, where no other agent does; without it, or without
 * a terminal, what is not allowed without a password is refused.
 */

#include <sys/types.h>

#include "clients/pomoctl/ctl.h"

typedef struct Agent {
        const Ctl *ctl;
        pid_t pid; /* of pkttyagent; 0: none */
} Agent;

/* Where the bus cannot be reached, nothing; the call then says so. */
Agent agent_begin(const Ctl *ctl);
void agent_end(Agent *agent);
