/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* The methods of org.pomod.Pomod1.History that are about backups. */

#include "daemon/bus/method.h"

int backups_make(Call *call);
int backups_list(Call *call);
int backups_restore(Call *call);
extern const Param backups_restore_params[2];
