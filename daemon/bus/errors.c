/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/errors.h"

#include <errno.h>
#include <string.h>

#include "common/names.h"

static const char *const error_names[_REFUSAL_MAX] = {
        [REFUSAL_ACCESS_DENIED] = SD_BUS_ERROR_ACCESS_DENIED,
        [REFUSAL_BUSY] = POMOD_ERROR_PREFIX "Busy",
        [REFUSAL_NOT_RUNNING] = POMOD_ERROR_PREFIX "NotRunning",
        [REFUSAL_NOT_POSSIBLE] = POMOD_ERROR_PREFIX "NotPossible",
        [REFUSAL_STATE_CHANGED] = POMOD_ERROR_PREFIX "StateChanged",
        [REFUSAL_OFF_HOURS] = POMOD_ERROR_PREFIX "OffHours",
        [REFUSAL_INVALID_ARGUMENT] = POMOD_ERROR_PREFIX "InvalidArgument",
        [REFUSAL_INVALID_TIME] = POMOD_ERROR_PREFIX "InvalidTime",
        [REFUSAL_OVERLAP] = POMOD_ERROR_PREFIX "Overlap",
        [REFUSAL_NO_SUCH_INTERVAL] = POMOD_ERROR_PREFIX "NoSuchInterval",
        [REFUSAL_NO_SUCH_TASK] = POMOD_ERROR_PREFIX "NoSuchTask",
        [REFUSAL_NO_SUCH_SETTING] = POMOD_ERROR_PREFIX "NoSuchSetting",
        [REFUSAL_NO_SUCH_BACKUP] = POMOD_ERROR_PREFIX "NoSuchBackup",
        [REFUSAL_NO_SUCH_RULE] = POMOD_ERROR_PREFIX "NoSuchRule",
        [REFUSAL_NO_SUCH_PROFILE] = POMOD_ERROR_PREFIX "NoSuchProfile",
        [REFUSAL_NO_SUCH_CLAIM] = POMOD_ERROR_PREFIX "NoSuchClaim",
        [REFUSAL_NO_SUCH_PLUGIN] = POMOD_ERROR_PREFIX "NoSuchPlugin",
        [REFUSAL_NO_SUCH_LIST] = POMOD_ERROR_PREFIX "NoSuchList",
        [REFUSAL_LOCKED] = POMOD_ERROR_PREFIX "Locked",
        [REFUSAL_AMBIGUOUS_TASK] = POMOD_ERROR_PREFIX "AmbiguousTask",
        [REFUSAL_NOTHING_TO_UNDO] = POMOD_ERROR_PREFIX "NothingToUndo",
        [REFUSAL_NOTHING_TO_REDO] = POMOD_ERROR_PREFIX "NothingToRedo",
        [REFUSAL_LIMITS_EXCEEDED] = POMOD_ERROR_PREFIX "LimitsExceeded",
        [REFUSAL_NO_USER] = POMOD_ERROR_PREFIX "NoUser",
        [REFUSAL_LOOKUP_FAILED] = POMOD_ERROR_PREFIX "LookupFailed",
        [REFUSAL_STORE_FAILED] = POMOD_ERROR_PREFIX "StoreFailed",
        [REFUSAL_STORE_NEWER] = POMOD_ERROR_PREFIX "StoreNewer",
};

const char *error_name(RefusalCode code) {
        return (unsigned) code < _REFUSAL_MAX ? error_names[code] : NULL;
}

int error_set(sd_bus_error *error, int r, const Refusal *refusal) {
        const char *name = r > 0 ? error_name((RefusalCode) r) : NULL;

        if (name) {
                sd_bus_error_set(error, name, refusal->message);
                return -EACCES; /* any errno: the error that is set speaks */
        }
        sd_bus_error_setf(error, SD_BUS_ERROR_FAILED, "pomod could not do this: %s",
                        strerror(r < 0 ? -r : EPROTO));
        return r < 0 ? r : -EPROTO;
}
