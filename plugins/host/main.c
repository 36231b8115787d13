/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/host.h"

int main(int argc, char **argv) {
        return host_main(argc, argv, places_of_computer);
}
