/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* The floor for `pomoctl status`: one GetAll of Timer, every value read, nothing said. */

#include "tests/bench/common.h"

int main(int argc, char *argv[]) {
        if (argc != 3) {
                fprintf(stderr, "usage: %s ADDRESS NAME\n", argv[0]);
                return 2;
        }
        cleanup_(sd_bus_flush_close_unrefp) sd_bus *bus = bus_connect(argv[1]);
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        get_all(bus, argv[2], &reply);
        int r = read_all_values(reply);
        if (r < 0)
                die(r, "the answer cannot be read");
        return r > 0 ? 0 : 1;
}
