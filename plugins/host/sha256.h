/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* SHA-256 (FIPS 180-4), for what is kept on disk and for lists of names, whose digest is their name. */

#include <stddef.h>

#define SHA256_HEX_MAX 65 /* with the NUL */

/* The digest of so many bytes in lower case. Returns buf. */
const char *sha256_hex(const void *data, size_t size, char buf[SHA256_HEX_MAX]);
