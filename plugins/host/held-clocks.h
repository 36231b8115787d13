/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* When what is held ends: the half of held.h that reckons with clocks. */

#include "plugins/host/held.h"

/* It ended, was released or is gone, and no answer has to be waited for any more. */
bool held_claim_is_over(const HeldClaim *claim, const HeldNow *now);
/* The world is to have it: it is not over, and does not rest. */
bool held_claim_holds(const HeldClaim *claim, const HeldNow *now);
/* What could not be read has had its time. Only where there is any. */
bool held_unread_is_over(const Held *held, const HeldNow *now);
