/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/lib/fields.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "clients/lib/memory.h"

/* Looked for from *next on, which is then the one behind it; NULL: none. */
static const ClientField *field_find(const ClientField *fields, const char *name, const ClientField **next) {
        for (const ClientField *f = *next; f->name; f++)
                if (strcmp(f->name, name) == 0) {
                        *next = f + 1;
                        return f;
                }
        for (const ClientField *f = fields; f != *next; f++)
                if (strcmp(f->name, name) == 0) {
                        *next = f + 1;
                        return f;
                }
        return NULL;
}

typedef union FieldValue {
        uint64_t t;
        uint32_t u;
        int b; /* sd-bus gives a boolean as an int */
        const char *s;
} FieldValue;

static void field_store(const ClientField *f, FieldValue value, void *into) {
        void *to = (char *) into + f->offset;
        int word;

        switch (f->type) {
        case 't':
                *(uint64_t *) to = value.t;
                return;
        case 'u':
                *(uint32_t *) to = value.u;
                return;
        case 'b':
                *(bool *) to = value.b;
                return;
        case 'p':
                *(const char **) to = value.s;
                return;
        case 'w': /* one of a newer daemon is no reason to show nothing at all */
                word = f->from_word(value.s);
                *(int *) to = word < 0 ? 0 : word;
                return;
        default:
                assert(f->type == 's');
                free(*(char **) to);
                *(char **) to = memory_copy(value.s);
        }
}

static int field_read(sd_bus_message *m, const ClientField *fields, const ClientField **next, void *into) {
        char type[2] = "";
        FieldValue value;
        const ClientField *f;
        const char *name;
        int r = sd_bus_message_read_basic(m, 's', &name);

        if (r < 0)
                return r;
        f = field_find(fields, name, next);
        if (!f)
                return sd_bus_message_skip(m, "v");

        type[0] = f->type == 'w' || f->type == 'p' ? 's' : f->type;
        r = sd_bus_message_enter_container(m, 'v', type);
        if (r < 0)
                return r == -ENXIO ? -EBADMSG : r;
        r = sd_bus_message_read_basic(m, type[0], &value);
        if (r < 0)
                return r;
        field_store(f, value, into);
        return sd_bus_message_exit_container(m);
}

int fields_read(sd_bus_message *message, const ClientField *fields, void *into) {
        const ClientField *next = fields;
        int r = sd_bus_message_enter_container(message, 'a', "{sv}");

        if (r < 0)
                return r;
        while ((r = sd_bus_message_enter_container(message, 'e', "sv")) > 0)
                if ((r = field_read(message, fields, &next, into)) < 0 ||
                                (r = sd_bus_message_exit_container(message)) < 0)
                        return r;
        return r < 0 ? r : sd_bus_message_exit_container(message);
}
