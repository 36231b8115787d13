/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Clocks that stand still until they are told to move. A move runs through every deadline that is armed on
 * its way, in order, as time would. With a socket they take commands, one a line, each answered with a line
 * once the engine has settled:
 *
 *   set boot=USEC mono=USEC real=USEC sync=0|1 boot-id=HEX32   any of them
 *   advance USEC    awake: all three clocks go on
 *   sleep USEC      boot and real go on, mono does not; then the computer wakes up
 *   step USEC       real is set forward or, with a minus sign, back
 *   get, next       nothing moves
 *   gate close      whoever looks at the clocks next is held there, and with them everything, until
 *   gate open       or until the connection ends
 *
 * Answers: "ok boot=… mono=… real=… sync=… boot-id=… armed=… looks=…", armed being a moment of boot or
 * "never", looks how often anybody looked; "error …". At the gate "held" is said unasked, once; whoever is
 * held there sees no clock move.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/engine/clocks.h"

typedef struct TestClocks TestClocks;

/* They begin where now says. The clocks are owned by whoever owns the Clocks inside. */
int test_clocks_new(const Now *now, TestClocks **ret_clocks);
Clocks *test_clocks_base(TestClocks *clocks);
/* Commands come from connections to this path, one after the other. */
int test_clocks_listen(TestClocks *clocks, sd_event *event, const char *path);

void test_clocks_set(TestClocks *clocks, const Now *now);
const Now *test_clocks_get(const TestClocks *clocks);
uint64_t test_clocks_armed(const TestClocks *clocks); /* UINT64_MAX: not armed */
uint64_t test_clocks_looks(const TestClocks *clocks);
void test_clocks_close_gate(TestClocks *clocks, bool closed);
bool test_clocks_held(const TestClocks *clocks);
void test_clocks_advance(TestClocks *clocks, uint64_t usec);
void test_clocks_sleep(TestClocks *clocks, uint64_t usec);
void test_clocks_step(TestClocks *clocks, int64_t usec);
/* From here on every reading is that much later than the one before, and no deadline wakes anybody. 0: they
 * stand still again. */
void test_clocks_flow(TestClocks *clocks, uint64_t usec_a_reading);

/* protocol.c: words like "boot=1 real=2" into now. -EINVAL. */
int test_clocks_parse(const char *words, Now *now);
/* One command; the answer with its newline goes into answer. */
void test_clocks_command(TestClocks *clocks, const char *line, char *answer, size_t size);
