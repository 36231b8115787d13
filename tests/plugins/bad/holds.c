/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
/* The plugin that behaves. */
#include "tests/plugins/bad/table.h"
