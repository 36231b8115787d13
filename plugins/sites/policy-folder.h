/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* The folder of a browser's policies, as the browsers of everybody read it. */

#include "plugins/sites/policy.h"

/*
 * All files of the folder, merged. A file that a browser cannot read is a problem of the policy. 0, also
 * where there is no folder; a negative errno where it cannot be read.
 */
int policy_folder_read(const char *folder, Policy **ret_policy);
