/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/method.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "daemon/bus/errors.h"

static const Method *find(const Method *methods, size_t n, const char *member) {
        for (size_t i = 0; i < n; i++)
                if (strcmp(strchr(methods[i].name, '.') + 1, member) == 0)
                        return &methods[i];
        return NULL;
}

int method_call(const Method *methods, size_t n, sd_bus_message *message, UserCall *call,
                sd_bus_error *error) {
        const Method *method = find(methods, n, sd_bus_message_get_member(message));
        Refusal refusal;
        int r, left;

        assert(!call->user);
        if (!method)
                return -ENXIO;
        r = engine_enter(call->bus->engine, call->uid, method->name, &call->user, &refusal);
        if (r != 0)
                return error_set(error, r, &refusal);
        r = method->handler(message, call, error);
        left = engine_leave(call->user, error_is_raw(error, r) ? r : 0, &refusal);
        call->user = NULL;
        if (left <= 0)
                return r;
        sd_bus_error_free(error);
        return error_set(error, left, &refusal);
}
