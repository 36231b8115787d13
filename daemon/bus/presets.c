/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/presets.h"

#include "daemon/bus/records.h"
#include "daemon/core/presets.h"

static int append_all(Call *call, const Preset *table, size_t n) {
        int r = reply_open_records(&call->reply);

        for (size_t i = 0; r == 0 && i < n; i++) {
                const Field fields[] = {
                        field_text("Name", table[i].name),
                        field_text("Text", table[i].text),
                        field_text("Description", table[i].description),
                };

                r = fields_append(&call->reply, fields, ELEMENTSOF(fields));
        }
        return r != 0 ? r : reply_close(&call->reply);
}

int presets_handle_rules(Call *call) {
        size_t n = 0;
        const Preset *table = presets(&n);

        return append_all(call, table, n);
}

int presets_handle_profiles(Call *call) {
        size_t n = 0;
        const Preset *table = presets_of_profiles(&n);

        return append_all(call, table, n);
}
