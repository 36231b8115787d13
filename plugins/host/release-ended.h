/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * pomod-plugin-host --release-ended: what no host looks after is put back at its end, and not before. It
 * sleeps until the next end that any state folder has, and notices what hosts write meanwhile. The plugins
 * themselves run in processes of their own, pomod-plugin-host --release NAME --ended. It ends when no folder
 * holds anything. A manager that is to be told (NOTIFY_SOCKET) is told so before the last look, so that no
 * host leaves something between that look and the end.
 */

#include "plugins/host/places.h"

#define RELEASE_ENDED_AGAIN \
        75 /* EX_TEMPFAIL: the last look found something, so that it is to be started again */

/* What to exit with. */
int release_ended_run(PlacesFunc places);
