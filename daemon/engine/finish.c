/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/finish.h"

#include <errno.h>

#include "daemon/engine/outbox.h"
#include "daemon/engine/recover.h"
#include "daemon/engine/running.h"
#include "daemon/engine/settle.h"

int user_finish(User *user) {
        int r = user_settle(user);

        if (r == -EUCLEAN) {
                (void) user_recover(user, NULL);
                r = user_settle(user);
        }
        (void) user_outbox_flush(user, OUTBOX_END);
        (void) user_running_checkpoint(user);
        return r;
}
