/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Names that no two records of any two stores share. */

/* A version 4 UUID, as its 36 characters. */
int uuid_make(char ret_uuid[37]);
