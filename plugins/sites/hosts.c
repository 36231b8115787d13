/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/sites/hosts.h"

#include <errno.h>

int hosts_apply(Backend *backend, const Wanted *wanted) {
        backend_say(backend, "names cannot be blocked in /etc/hosts yet");
        return wanted->names->len > 0 ? -ENOSYS : 0;
}

int hosts_release(Backend *backend) {
        return 0;
}

void hosts_close(Backend *backend) {
}
