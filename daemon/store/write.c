/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include "daemon/store/write.h"

#include <assert.h>

#include "daemon/store/sql.h"

int store_write_begin(Store *store, StoreWrite *ret_write) {
        int r = store_begin(store);

        if (r < 0)
                return r;
        *ret_write = (StoreWrite){ .store = store };
        return 0;
}

void store_write_step(StoreWrite *write, const char *sentence, uint64_t at_real_usec) {
        assert(write->store && sentence && !write->sentence);
        write->sentence = sentence;
        write->at_real_usec = at_real_usec;
}

int store_write_end(StoreWrite *write, int result, uint64_t seq) {
        Store *store = steal(write->store);
        int r;

        assert(store);
        r = store_end(store, result, seq);
        if (write->large)
                store_drop_statements(store);
        *write = (StoreWrite){};
        return r;
}
