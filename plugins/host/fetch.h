/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* The lists that an answer names and the state folder lacks, read from pomod one by one before anybody sees
 * the answer: what holds is never a name for something that is not there. */

#include "plugins/host/bus-private.h"

/*
 * Takes the answer over, in the place of one for which lists are still being read. ready, from here or from
 * the loop, has it; lists that pomod did not give are reported by complete = false. The bus must have no call
 * of a fetch under way: fetch_stop().
 */
void fetch_begin(Bus *bus, HeldAnswer *answer, void (*ready)(Bus *bus, HeldAnswer *answer, bool complete));
/* Forgets the answer that waits. */
void fetch_stop(Bus *bus);
