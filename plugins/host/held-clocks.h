/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* When what is held ends: the half of held.h that reckons with clocks. */

#include "plugins/host/held.h"

/* It ended, was released or is gone, and no answer has to be waited for any more. */
bool held_claim_is_over(const HeldClaim *claim, const HeldNow *now);
