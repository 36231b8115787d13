/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Records of the daemon, a{sv}, as JSON objects with the same keys: one way to read them, wherever they came
 * from. A list of them is gone through by a cursor, that asks for the next page by itself.
 */

#include <json-c/json.h>
#include <stdbool.h>

#include "clients/lib/program.h"
#include "common/cleanup.h"

static inline void record_putp(struct json_object **record) {
        json_object_put(*record);
}

/* The one a{sv} of an answer, put by the caller. 0, or what to exit with. */
int record_of_reply(const Program *program, sd_bus_message *reply, struct json_object **ret_record);

#define RECORDS_ARGUMENTS_MAX 2 /* s or t, before the options */
#define RECORDS_OPTIONS_MAX   8

typedef struct Records {
        int status; /* 0, or what to exit with: it has failed and said so */

        /* What follows is the cursor's own. */
        const Program *program;
        const char *interface, *member;
        /* Their texts are the caller's, who keeps them as long. */
        ClientOption options[RECORDS_OPTIONS_MAX + 1];
        const char *types;
        struct {
                char *text;
                uint64_t number;
        } arguments[RECORDS_ARGUMENTS_MAX];
        sd_bus_message *reply;
        struct json_object *record;
        struct json_object *more; /* options to go on with, as the answer before had them */
} Records;

/* Asks a method that answers aa{sv}, and has these arguments before its options. What says that there is
 * more is asked on, page after page. */
Records records_ask(const Program *program, const char *interface, const char *member,
                const ClientOption *options, const char *types, ...);

/* The next record, which is the cursor's up to the one behind it; NULL past the last, and where it has
 * failed. */
struct json_object *records_next(Records *records);
void records_done(Records *records);

/* Of a list with names the one of that name, put by the caller; NULL where there is none. 0, or what to exit
 * with.
 */
int record_find_named(const Program *program, const char *interface, const char *member, const char *name,
                struct json_object **ret_record);

/* An interval of the log by its id, put by the caller; NULL where there is none. 0, or what to exit with. */
int record_find_interval(const Program *program, uint64_t id, struct json_object **ret_record);
/* The same, where there has to be one. */
int record_of_interval(const Program *program, uint64_t id, struct json_object **ret_record);
