/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/host.h"

#include <stdio.h>
#include <stdlib.h>

#include "plugins/host/check.h"
#include "plugins/host/describe.h"
#include "plugins/host/help.h"
#include "plugins/host/list.h"
#include "plugins/host/options.h"
#include "plugins/host/probe.h"
#include "plugins/host/release-ended.h"
#include "plugins/host/release.h"
#include "plugins/host/run.h"
#include "plugins/host/try.h"

int host_main(int argc, char **argv, PlacesFunc places) {
        Options options;
        int r;

        r = options_parse(argc, argv, &options);
        if (r != 0)
                return r;
        switch (options.verb) {
        case HOST_RUN:
                return run_plugin(&options, places);
        case HOST_CHECK:
                return check_file(options.file);
        case HOST_DESCRIBE:
                return describe_file(options.file);
        case HOST_TRY:
                return try_file(&options);
        case HOST_PROBE:
                return probe_subject(&options, places);
        case HOST_RELEASE:
                return release_run(&options, places);
        case HOST_RELEASE_ENDED:
                return release_ended_run(places);
        case HOST_LIST:
                return list_print(places);
        case HOST_HELP:
                return help_print(&plugin_host_help, stdout) < 0;
        case HOST_VERSION:
                return printf("pomod-plugin-host %s\n", POMOD_VERSION) < 0;
        }
        return EXIT_FAILURE;
}
